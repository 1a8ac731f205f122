/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_WHATIF_CHANGES_H
#define KFRAG_CLI_WHATIF_CHANGES_H

#include <stdbool.h>

#include "cli/options.h"
#include "cli/shared_options.h"
#include "kfrag/whatif.h"

/* What `kfrag whatif` is asked to change, and how that is called. */
struct whatif_changes {
	struct kfrag_whatif whatif;
	bool is_any;
	bool is_of_caches; /* not of the world alone */
	char text[512]; /* "slub-max-order 0, shrink": as typed */
};

/* Their options, for --help and parsing. */
extern const struct cli_option whatif_change_options[];
extern const size_t whatif_nr_change_options;

enum whatif_taken { WHATIF_NOT_MINE, WHATIF_TAKEN, WHATIF_REFUSED };

/* WHATIF_REFUSED comes after a sentence on stderr. */
enum whatif_taken whatif_changes_take(struct whatif_changes *changes, int key,
				      const char *argument);

/* Reads the name of an era. Returns false after a sentence on stderr. */
bool whatif_parse_era(const char *option, const char *text,
		      struct kfrag_opt *era);

/* All eras, for --help, on stdout. */
void whatif_print_eras(void);

#endif
