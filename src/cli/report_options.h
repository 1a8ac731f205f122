/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_REPORT_OPTIONS_H
#define KFRAG_CLI_REPORT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/columns.h"
#include "kfrag/replay.h"

enum report_format { REPORT_TABLE, REPORT_CSV, REPORT_JSON, REPORT_GNUPLOT };

struct report_options {
	bool wants_help;
	bool wants_version;
	const char *path; /* the live file unless one is named */
	struct kfrag_replay_params params;
	uint64_t page_size_bytes; /* 0: infer */
	uint64_t sample; /* from 1; 0: the last */
	enum report_format format;
	bool has_show;
	enum kfrag_table_kind show;
	const char *columns; /* NULL: all */
	bool has_sort;
	struct kfrag_sort_key sort;
	bool reverse;
	const char **patterns; /* owned array of borrowed words */
	size_t nr_patterns;
	bool has_lines;
	uint64_t lines; /* UINT64_MAX: all */
	bool strict;
	bool verbose;
};

/*
 * Returns false after a sentence on stderr. Release in both cases.
 */
bool report_options_parse(struct report_options *options, int argc,
			  char **argv);
void report_options_release(struct report_options *options);

/* The whole --help text, on stdout. */
void report_options_help(void);

#endif
