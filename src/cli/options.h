/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_OPTIONS_H
#define KFRAG_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One table per subcommand says what its options are; parsing and --help both
 * read it. Values of key above CLI_LONG_ONLY have no short form.
 */
#define CLI_LONG_ONLY 256

struct cli_option {
	int key; /* the short form's letter, or above CLI_LONG_ONLY */
	const char *name; /* the long form, without dashes */
	const char *argument; /* as --help shows it; NULL: none */
	const char *help; /* lower case; each line break starts a new line */
};

/*
 * Hands each option and its argument (NULL where it takes none) to take(),
 * in order; a false from it ends the parsing, after a sentence of its own.
 * Returns false then, or after a sentence on an unknown option or a missing
 * argument. *first is the index of the first operand: argv is reordered.
 */
bool cli_options_parse(const struct cli_option *options, size_t nr_options,
		       int argc, char **argv, int *first,
		       bool (*take)(void *context, int key,
				    const char *argument),
		       void *context);

/* A table in parts: subcommands share some of their options. */
struct cli_option_part {
	const struct cli_option *options;
	size_t nr_options;
	const struct cli_option_part *next; /* that comes with it; or NULL */
};

/* cli_options_parse() of all parts together. */
bool cli_options_parse_parts(const struct cli_option_part *const *parts,
			     size_t nr_parts, int argc, char **argv, int *first,
			     bool (*take)(void *context, int key,
					  const char *argument),
			     void *context);

/* The options' part of a --help text, on stdout. */
void cli_options_print(const struct cli_option *options, size_t nr_options);

/*
 * A decimal number from min to max, nothing else. Returns false after a
 * sentence that names the option.
 */
bool cli_parse_number(const char *option, const char *text, uint64_t min,
		      uint64_t max, uint64_t *number);

/*
 * Takes the one FILE that may stand behind the options; *path stays where
 * there is none. Returns false after a sentence on stderr.
 */
bool cli_options_take_file(int nr_words, char **words, const char **path);

#endif
