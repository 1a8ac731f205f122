// SPDX-License-Identifier: MIT
#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

/* Where the help begins in a line of --help. */
#define HELP_COLUMN 26

/* Both forms that getopt_long() wants of a table. */
struct getopt_tables {
	struct option *longs;
	size_t nr_longs;
	char *shorts;
	size_t nr_shorts;
};

static void add_option(struct getopt_tables *tables,
		       const struct cli_option *option)
{
	tables->longs[tables->nr_longs++] = (struct option){
		.name = option->name,
		.has_arg = option->argument ? required_argument : no_argument,
		.val = option->key,
	};
	if (option->key > CLI_LONG_ONLY)
		return;
	tables->shorts[tables->nr_shorts++] = (char)option->key;
	if (option->argument)
		tables->shorts[tables->nr_shorts++] = ':';
}

static bool make_tables(struct getopt_tables *tables,
			const struct cli_option_part *const *parts,
			size_t nr_parts)
{
	const struct cli_option_part *part;
	size_t nr_options = 0;

	for (size_t i = 0; i < nr_parts; i++)
		for (part = parts[i]; part; part = part->next)
			nr_options += part->nr_options;
	tables->longs = calloc(nr_options + 1, sizeof(*tables->longs));
	tables->shorts = calloc(2 * nr_options + 2, 1);
	if (!tables->longs || !tables->shorts) {
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return false;
	}
	/* A missing argument is then told from an unknown option. */
	tables->shorts[tables->nr_shorts++] = ':';
	for (size_t i = 0; i < nr_parts; i++)
		for (part = parts[i]; part; part = part->next)
			for (size_t k = 0; k < part->nr_options; k++)
				add_option(tables, &part->options[k]);
	return true;
}

static bool refuse(int result, char **argv)
{
	const char *word = argv[optind - 1];

	if (result == ':')
		cli_usage_error("option '%s' needs an argument", word);
	else if (optopt == 0)
		cli_usage_error("unknown or ambiguous option '%s'", word);
	else if (optopt > CLI_LONG_ONLY || strncmp(word, "--", 2) == 0)
		cli_usage_error("option '%s' takes no argument", word);
	else
		cli_usage_error("unknown option '-%c'", optopt);
	return false;
}

bool cli_options_parse(const struct cli_option *options, size_t nr_options,
		       int argc, char **argv, int *first,
		       bool (*take)(void *context, int key,
				    const char *argument),
		       void *context)
{
	const struct cli_option_part part = { options, nr_options, NULL };
	const struct cli_option_part *const parts[] = { &part };

	return cli_options_parse_parts(parts, 1, argc, argv, first, take,
				       context);
}

bool cli_options_parse_parts(const struct cli_option_part *const *parts,
			     size_t nr_parts, int argc, char **argv, int *first,
			     bool (*take)(void *context, int key,
					  const char *argument),
			     void *context)
{
	struct getopt_tables tables = { 0 };
	bool ok = make_tables(&tables, parts, nr_parts);

	opterr = 0;
	while (ok) {
		int result = getopt_long(argc, argv, tables.shorts,
					 tables.longs, NULL);

		if (result == -1)
			break;
		if (result == '?' || result == ':')
			ok = refuse(result, argv);
		else
			ok = take(context, result, optarg);
	}
	*first = optind;
	free(tables.longs);
	free(tables.shorts);
	return ok;
}

void cli_options_print(const struct cli_option *options, size_t nr_options)
{
	for (size_t i = 0; i < nr_options; i++) {
		const struct cli_option *option = &options[i];
		const char *help = option->help;
		int width;

		if (option->key > CLI_LONG_ONLY)
			width = printf("      --%s", option->name);
		else
			width = printf("  -%c, --%s", option->key,
				       option->name);
		if (option->argument)
			width += printf(" %s", option->argument);
		if (width >= HELP_COLUMN) {
			putchar('\n');
			width = 0;
		}
		while (*help) {
			size_t length = strcspn(help, "\n");

			printf("%*s%.*s\n", HELP_COLUMN - width, "",
			       (int)length, help);
			width = 0;
			help += length + (help[length] == '\n');
		}
	}
}

bool cli_parse_number(const char *option, const char *text, uint64_t min,
		      uint64_t max, uint64_t *number)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || value < min ||
	    value > max) {
		cli_usage_error("--%s wants a number from %" PRIu64
				" to %" PRIu64 ", not '%s'",
				option, min, max, text);
		return false;
	}
	*number = value;
	return true;
}

bool cli_options_take_file(int nr_words, char **words, const char **path)
{
	if (nr_words > 1) {
		cli_usage_error("one FILE at a time: '%s' is one too many",
				words[1]);
		return false;
	}
	if (nr_words == 1)
		*path = words[0];
	return true;
}
