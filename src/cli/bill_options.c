// SPDX-License-Identifier: MIT
#include "cli/bill_options.h"

#include <stdio.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "kfrag/bill_output.h"

static const struct cli_option own_options[] = {
	{ CLI_OPTION_SHOW, "show", "TABLE",
	  "one table alone: caches (a row per cache), totals\n"
	  "(the column that adds up) or geometry (how each\n"
	  "row fits); csv shows caches by default" },
	{ CLI_OPTION_SAMPLE, "sample", "K",
	  "the K-th sample of FILE, from 1 (default: the last)" },
	CLI_COMPANION_OPTIONS,
	{ CLI_OPTION_MEMORY, "memory", "SIZE",
	  "memory of the machine, where nothing states it, for\n"
	  "--fail-if with a percentage of it" },
};

static const struct cli_option_part own = {
	own_options, sizeof(own_options) / sizeof(own_options[0]), NULL
};

static const struct kfrag_column_set *set_of(size_t table)
{
	return kfrag_bill_columns((enum kfrag_bill_table)table);
}

static enum kfrag_error select_rows(struct kfrag_selection *selection,
				    const void *data, size_t table)
{
	return kfrag_bill_selection_init(selection, data,
					 (enum kfrag_bill_table)table);
}

static const struct cli_tables tables = {
	.set = set_of,
	.nr_sets = KFRAG_NR_BILL_TABLES,
	.select = select_rows,
	.find_key = kfrag_bill_sort_key_find,
	.default_key = "cache-size",
};

static bool take_option(void *context, int key, const char *argument)
{
	struct bill_options *options = context;

	if (cli_companion_paths_take(&options->paths, key, argument))
		return true;
	if (key == CLI_OPTION_SAMPLE)
		return cli_parse_number("sample", argument, 1, UINT64_MAX,
					&options->sample);
	return shared_options_take(&options->shared, key, argument);
}

bool bill_options_parse(struct bill_options *options, int argc, char **argv)
{
	int first;

	*options = (struct bill_options){ .path = CLI_LIVE_PATH };
	if (!shared_options_init(&options->shared, &tables, argc) ||
	    !shared_options_parse_unreplayed(&own, argc, argv, &first,
					     take_option, options))
		return false;
	if (options->shared.wants_help || options->shared.wants_version)
		return true;
	if (!cli_options_take_file(argc - first, argv + first, &options->path))
		return false;
	return shared_options_are_consistent(&options->shared);
}

void bill_options_release(struct bill_options *options)
{
	shared_options_release(&options->shared);
	*options = (struct bill_options){ 0 };
}

void bill_options_help(void)
{
	const struct kfrag_sort_key *keys;
	size_t nr_keys;

	puts("Usage: kfrag bill [options] [FILE]\n"
	     "\n"
	     "What slab memory consists of, as a column that adds up to the "
	     "kernel's own Slab:\n"
	     "of /proc/meminfo, in total and cache by cache: live objects, "
	     "idle slots, tails,\n"
	     "smaller slabs that were taken in need; how sure each count is; "
	     "and from what\n"
	     "kernel and machine the rows are. FILE is what kfrag reads "
	     "anywhere; default is\n"
	     "/proc/slabinfo. - is standard input.\n"
	     "\n"
	     "Options:");
	shared_options_print_unreplayed(&own);
	keys = kfrag_bill_sort_keys(&nr_keys);
	shared_options_print_sort_keys(
		"Sort keys (largest first, names from A to Z)", keys, nr_keys);
	puts("     any column of --show caches");
	for (size_t table = 0; table < KFRAG_NR_BILL_TABLES; table++)
		shared_options_print_columns(set_of(table), 25);
	puts("\nExit status: 0 fine, 1 a row meets a --fail-if, 2 wrong usage, "
	     "unusable input or\n"
	     "failed output.\n"
	     "\n"
	     "For more details see kfrag(1).");
}
