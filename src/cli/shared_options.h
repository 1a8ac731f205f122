/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_SHARED_OPTIONS_H
#define KFRAG_CLI_SHARED_OPTIONS_H

/*
 * Options of all subcommands that read captures and write tables: one place
 * says what they are called, take and mean.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/conditions.h"
#include "cli/options.h"
#include "kfrag/columns.h"
#include "kfrag/replay.h"

enum cli_format { CLI_TABLE, CLI_CSV, CLI_JSON, CLI_GNUPLOT };

/* Keys of options that a subcommand has in a part of its own. */
enum {
	CLI_OPTION_SHOW = CLI_LONG_ONLY + 1, /* --show: may be handed on */
	CLI_OPTION_SAMPLE,
	CLI_OPTION_MEMORY, /* --memory: may be handed on */
	CLI_OPTION_CACHE, /* --cache: may be handed on */
	CLI_OPTION_MEMINFO, /* of cli/companions.h */
	CLI_OPTION_SYSSLAB,
	CLI_OPTION_OWN /* others lie above this and 100 more */
};

/* What a subcommand's tables are; the first one is that of the caches. */
struct cli_tables {
	const struct kfrag_column_set *(*set)(size_t table);
	size_t nr_sets; /* at most KFRAG_NR_TABLES */
	/* So many of the first go out where a format holds several; 0: all. */
	size_t nr_together;
	/* All rows of a table of what the subcommand has made, `data`. */
	enum kfrag_error (*select)(struct kfrag_selection *selection,
				   const void *data, size_t table);
	bool (*find_key)(const char *text, struct kfrag_sort_key *key);
	const char *default_key; /* of find_key() */
	bool sorts_for_programs; /* by it, where no --sort is given */
};

/* Whether rows of a table are of caches, for --cache to choose among. */
bool cli_tables_has_names(const struct cli_tables *tables, size_t table);

struct shared_options {
	const struct cli_tables *tables;
	bool wants_help;
	bool wants_version;
	struct kfrag_replay_params params;
	bool has_rounds; /* else params.rounds is the default's */
	uint64_t page_size_bytes; /* 0: infer */
	enum cli_format format;
	bool has_show;
	size_t show; /* of the tables */
	const char *columns; /* NULL: all */
	bool has_sort;
	struct kfrag_sort_key sort;
	bool reverse;
	const char **patterns; /* owned array of borrowed words */
	size_t nr_patterns;
	struct cli_conditions fail_if;
	bool has_lines;
	uint64_t lines; /* UINT64_MAX: all */
	bool strict;
	bool verbose;
};

/* Returns false after a sentence on stderr. Release in both cases. */
bool shared_options_init(struct shared_options *options,
			 const struct cli_tables *tables, int argc);
void shared_options_release(struct shared_options *options);

/*
 * cli_options_parse() of the shared options and of those that a subcommand has
 * of its own; take() hands on to shared_options_take() what it does not know.
 */
bool shared_options_parse(const struct cli_option_part *own, int argc,
			  char **argv, int *first,
			  bool (*take)(void *context, int key,
				       const char *argument),
			  void *context);

/* The same without those of tables: how captures are replayed, and own ones. */
bool shared_options_parse_replay(const struct cli_option_part *own, int argc,
				 char **argv, int *first,
				 bool (*take)(void *context, int key,
					      const char *argument),
				 void *context);

/* The same without those that say how captures are replayed. */
bool shared_options_parse_unreplayed(const struct cli_option_part *own,
				     int argc, char **argv, int *first,
				     bool (*take)(void *context, int key,
						  const char *argument),
				     void *context);

/* The same without --page-size, which is the subcommand's own. */
bool shared_options_parse_unsized(const struct cli_option_part *own, int argc,
				  char **argv, int *first,
				  bool (*take)(void *context, int key,
					       const char *argument),
				  void *context);

/* Reads what --page-size takes. Returns false after a sentence on stderr. */
bool shared_options_parse_page_size(const char *option, const char *text,
				    uint64_t *bytes);

/*
 * Takes a shared option, or CLI_OPTION_SHOW. Returns false after a
 * sentence on stderr.
 */
bool shared_options_take(struct shared_options *options, int key,
			 const char *argument);

/* Returns false, after a sentence, where options contradict each other. */
bool shared_options_are_consistent(const struct shared_options *options);

/* What is shown, what is the subcommand's own, how it is replayed. On stdout. */
void shared_options_print(const struct cli_option_part *own);
void shared_options_print_unreplayed(const struct cli_option_part *own);
void shared_options_print_unsized(const struct cli_option_part *own);

/* The subcommand's own, how it is replayed. On stdout. */
void shared_options_print_replay(const struct cli_option_part *own);

/*
 * Whether --help or --version asks for no more than an answer; then it is on
 * stdout.
 */
bool shared_options_answer(const struct shared_options *options,
			   void (*help)(void));

/* Parts of a --help text, on stdout, each with a blank line before it. */
void shared_options_print_sort_keys(const char *heading,
				    const struct kfrag_sort_key *keys,
				    size_t nr_keys);
void shared_options_print_policies(void);

/* The columns of a table; names take at least name_width characters. */
void shared_options_print_columns(const struct kfrag_column_set *set,
				  int name_width);

#endif
