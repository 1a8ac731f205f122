// SPDX-License-Identifier: MIT
#include "cli/report_options.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/options.h"
#include "kfrag/arith.h"
#include "kfrag/buddy.h"
#include "kfrag/units.h"

enum {
	OPTION_PAGE_SIZE = CLI_LONG_ONLY + 1,
	OPTION_MEMORY,
	OPTION_MAX_ORDER,
	OPTION_SEED,
	OPTION_ROUNDS,
	OPTION_MIN_PARTIAL,
	OPTION_BUDDY_ORDER,
	OPTION_POLICY,
	OPTION_SAMPLE,
	OPTION_FORMAT,
	OPTION_CSV,
	OPTION_JSON,
	OPTION_SHOW,
	OPTION_COLUMNS,
	OPTION_CACHE,
	OPTION_ALL,
	OPTION_STRICT
};

static const struct cli_option table[] = {
	{ OPTION_FORMAT, "format", "FORMAT",
	  "table (for people, the default), csv, json or\n"
	  "gnuplot (for programs)" },
	{ OPTION_CSV, "csv", NULL, "the same as --format csv" },
	{ OPTION_JSON, "json", NULL, "the same as --format json" },
	{ OPTION_SHOW, "show", "TABLE",
	  "one table alone: caches (a row per cache), totals\n"
	  "(per allocator and state), orders (per allocator,\n"
	  "state and order); csv shows caches by default" },
	{ OPTION_COLUMNS, "columns", "LIST",
	  "only these columns of the table, in this order" },
	{ 's', "sort", "KEY", "order of the caches; see SORT KEYS" },
	{ 'r', "reverse", NULL, "the other way round" },
	{ OPTION_CACHE, "cache", "PATTERN",
	  "only caches whose name the glob pattern matches;\n"
	  "may be given more than once" },
	{ 'n', "lines", "N",
	  "only the first N rows (the table for people: 20)" },
	{ OPTION_ALL, "all", NULL, "all rows" },
	{ OPTION_SAMPLE, "sample", "K",
	  "the K-th sample of FILE, from 1 (default: the last)" },
	{ OPTION_PAGE_SIZE, "page-size", "SIZE",
	  "page size of the machine (default: what FILE states,\n"
	  "this machine's for the live file, else what the\n"
	  "rows allow)" },
	{ OPTION_MEMORY, "memory", "SIZE",
	  "memory that each allocator manages (default: the\n"
	  "smallest power of two that holds the objects)" },
	{ OPTION_MAX_ORDER, "max-order", "N",
	  "largest block: 2^N pages (default 10)" },
	{ OPTION_SEED, "seed", "N", "seed of all that is random (default 1)" },
	{ OPTION_ROUNDS, "rounds", "N",
	  "how often the populations fill and settle\n"
	  "(default 1)" },
	{ OPTION_MIN_PARTIAL, "min-partial", "N",
	  "keep an empty slab while its cache has fewer than N\n"
	  "slabs with free slots (default 0; Linux: 5 to 10)" },
	{ OPTION_BUDDY_ORDER, "buddy-order", "ORDER",
	  "which of several free blocks is taken: address (the\n"
	  "lowest, the default), lifo (the youngest, as Linux)\n"
	  "or fifo (the oldest)" },
	{ OPTION_POLICY, "policy", "NAME",
	  "which partial slab serves next; see POLICIES" },
	{ OPTION_STRICT, "strict", NULL,
	  "exit 2 where a part of FILE could not be read" },
	{ 'o', "once", NULL, "accepted for the habit; always so" },
	{ 'v', "verbose", NULL,
	  "say on stderr how the input was read, and where the\n"
	  "processor time went" },
	{ 'h', "help", NULL, "display this help" },
	{ 'V', "version", NULL, "display the version" },
};

#define NR_OPTIONS (sizeof(table) / sizeof(table[0]))

static bool take_format(struct report_options *options, const char *text)
{
	static const char *const formats[] = {
		[REPORT_TABLE] = "table",
		[REPORT_CSV] = "csv",
		[REPORT_JSON] = "json",
		[REPORT_GNUPLOT] = "gnuplot",
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(text, formats[i]) == 0) {
			options->format = (enum report_format)i;
			return true;
		}
	}
	cli_usage_error("unknown format '%s'; there are table, csv, json and "
			"gnuplot",
			text);
	return false;
}

static bool take_show(struct report_options *options, const char *text)
{
	for (int kind = 0; kind < KFRAG_NR_TABLES; kind++) {
		if (strcmp(text, kfrag_table_text((enum kfrag_table_kind)kind)))
			continue;
		options->has_show = true;
		options->show = (enum kfrag_table_kind)kind;
		return true;
	}
	cli_usage_error("unknown table '%s'; there are caches, totals and "
			"orders",
			text);
	return false;
}

static bool take_page_size(struct report_options *options, const char *text)
{
	uint64_t bytes;

	if (kfrag_units_parse_bytes(text, &bytes) &&
	    kfrag_is_power_of_two(bytes) && bytes >= KFRAG_MIN_PAGE_BYTES &&
	    bytes <= KFRAG_MAX_PAGE_BYTES) {
		options->page_size_bytes = bytes;
		return true;
	}
	cli_usage_error("--page-size wants a power of two from 1K to 16M, "
			"not '%s'",
			text);
	return false;
}

static bool take_memory(struct report_options *options, const char *text)
{
	if (kfrag_units_parse_bytes(text, &options->params.memory_bytes) &&
	    options->params.memory_bytes > 0)
		return true;
	cli_usage_error("--memory wants a size such as 64M or 2G, not '%s'",
			text);
	return false;
}

static bool take_buddy_order(struct report_options *options, const char *text)
{
	if (kfrag_buddy_placement_find(text, &options->params.placement))
		return true;
	cli_usage_error("unknown buddy order '%s'; there are address, lifo and "
			"fifo",
			text);
	return false;
}

static bool take_policy(struct report_options *options, const char *text)
{
	options->params.policy = kfrag_slab_policy_find(text);
	if (options->params.policy)
		return true;
	cli_usage_error("unknown policy '%s'", text);
	return false;
}

static bool take_sort(struct report_options *options, const char *text)
{
	options->has_sort = kfrag_sort_key_find(text, &options->sort);
	if (!options->has_sort)
		cli_usage_error("unknown sort key '%s'", text);
	return options->has_sort;
}

static bool take_number(struct report_options *options, int key,
			const char *text)
{
	uint64_t number;

	switch (key) {
	case OPTION_MAX_ORDER:
		if (!cli_parse_number("max-order", text, 0, KFRAG_MAX_ORDER,
				      &number))
			return false;
		options->params.max_order = (unsigned)number;
		return true;
	case OPTION_SEED:
		return cli_parse_number("seed", text, 0, UINT64_MAX,
					&options->params.seed);
	case OPTION_ROUNDS:
		return cli_parse_number("rounds", text, 1, UINT64_MAX,
					&options->params.rounds);
	case OPTION_MIN_PARTIAL:
		return cli_parse_number("min-partial", text, 0, UINT64_MAX,
					&options->params.min_partial_slabs);
	case OPTION_SAMPLE:
		return cli_parse_number("sample", text, 1, UINT64_MAX,
					&options->sample);
	default:
		options->has_lines = true;
		return cli_parse_number("lines", text, 0, UINT64_MAX,
					&options->lines);
	}
}

static bool take_flag(struct report_options *options, int key)
{
	switch (key) {
	case OPTION_CSV:
		options->format = REPORT_CSV;
		break;
	case OPTION_JSON:
		options->format = REPORT_JSON;
		break;
	case OPTION_ALL:
		options->has_lines = true;
		options->lines = UINT64_MAX;
		break;
	case OPTION_STRICT:
		options->strict = true;
		break;
	case 'r':
		options->reverse = true;
		break;
	case 'v':
		options->verbose = true;
		break;
	case 'h':
		options->wants_help = true;
		break;
	case 'V':
		options->wants_version = true;
		break;
	default:
		break;
	}
	return true;
}

static bool take_option(void *context, int key, const char *argument)
{
	struct report_options *options = context;

	switch (key) {
	case OPTION_FORMAT:
		return take_format(options, argument);
	case OPTION_SHOW:
		return take_show(options, argument);
	case OPTION_COLUMNS:
		options->columns = argument;
		return true;
	case OPTION_PAGE_SIZE:
		return take_page_size(options, argument);
	case OPTION_MEMORY:
		return take_memory(options, argument);
	case OPTION_BUDDY_ORDER:
		return take_buddy_order(options, argument);
	case OPTION_POLICY:
		return take_policy(options, argument);
	case OPTION_CACHE:
		options->patterns[options->nr_patterns++] = argument;
		return true;
	case 's':
		return take_sort(options, argument);
	default:
		return argument ? take_number(options, key, argument) :
				  take_flag(options, key);
	}
}

/* What does not go together although each word is right. */
static bool is_consistent(const struct report_options *options)
{
	bool chooses_caches = options->has_sort || options->reverse ||
			      options->nr_patterns > 0;

	if (options->has_show && options->show != KFRAG_TABLE_CACHES &&
	    chooses_caches) {
		cli_usage_error("--sort, --reverse and --cache go with the "
				"caches table, not with --show %s",
				kfrag_table_text(options->show));
		return false;
	}
	return true;
}

bool report_options_parse(struct report_options *options, int argc, char **argv)
{
	int first;

	*options = (struct report_options){ .path = CLI_LIVE_PATH };
	kfrag_replay_params_init(&options->params);
	/* Every pattern is a word of argv, so there is room for all. */
	options->patterns = calloc((size_t)argc + 1, sizeof(char *));
	if (!options->patterns) {
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return false;
	}
	if (!cli_options_parse(table, NR_OPTIONS, argc, argv, &first,
			       take_option, options))
		return false;
	if (options->wants_help || options->wants_version)
		return true;
	if (argc - first > 1) {
		cli_usage_error("one FILE at a time: '%s' is one too many",
				argv[first + 1]);
		return false;
	}
	if (first < argc)
		options->path = argv[first];
	return is_consistent(options);
}

void report_options_release(struct report_options *options)
{
	free(options->patterns);
	*options = (struct report_options){ 0 };
}

static void print_columns(enum kfrag_table_kind kind)
{
	size_t nr_columns;
	const struct kfrag_column *columns = kfrag_columns(kind, &nr_columns);

	printf("\nColumns of --show %s:\n", kfrag_table_text(kind));
	for (size_t i = 0; i < nr_columns; i++)
		printf("  %-25s %s\n", columns[i].name, columns[i].help);
}

static void print_sort_keys(void)
{
	size_t nr_keys;
	const struct kfrag_sort_key *keys = kfrag_sort_keys(&nr_keys);

	puts("\nSort keys (largest first, names from A to Z):");
	for (size_t i = 0; i < nr_keys; i++) {
		if (keys[i].letter)
			printf("  %c, ", keys[i].letter);
		else
			printf("     ");
		printf("%-20s %s\n", keys[i].word, keys[i].help);
	}
	puts("     any column of --show caches");
}

static void print_policies(void)
{
	const struct kfrag_slab_policy *const *policies = kfrag_slab_policies();

	puts("\nPolicies (the first is the default):");
	for (size_t i = 0; policies[i]; i++)
		printf("  %-23s %s\n", policies[i]->name, policies[i]->help);
}

void report_options_help(void)
{
	puts("Usage: kfrag [report] [options] [FILE]\n"
	     "\n"
	     "Replay the slab caches of a machine through a buddy and a slab "
	     "allocator, and\n"
	     "report what is lost: FILE is a copy of /proc/slabinfo or CSV of "
	     "kfrag's own, as\n"
	     "it is or packed by gzip or xz, or a folder with proc/slabinfo; "
	     "- is standard\n"
	     "input; default is /proc/slabinfo itself, which root may read.\n"
	     "\n"
	     "Options:");
	cli_options_print(table, NR_OPTIONS);
	print_sort_keys();
	print_policies();
	for (int kind = 0; kind < KFRAG_NR_TABLES; kind++)
		print_columns((enum kfrag_table_kind)kind);
	puts("\nExit status: 0 fine, 2 wrong usage, unusable input or failed "
	     "output.\n"
	     "\n"
	     "For more details see kfrag(1).");
}
