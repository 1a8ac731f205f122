// SPDX-License-Identifier: MIT
#include "cli/report_options.h"

#include <stdio.h>

#include "cli/cli.h"
#include "cli/input.h"

enum { OPTION_BILL = CLI_OPTION_OWN + 101 };

static const struct cli_option own_options[] = {
	{ CLI_OPTION_SHOW, "show", "TABLE",
	  "one table alone: caches (a row per cache), totals\n"
	  "(per allocator and state), orders (per allocator,\n"
	  "state and order); csv shows caches by default" },
	{ CLI_OPTION_SAMPLE, "sample", "K",
	  "the K-th sample of FILE, from 1 (default: the last)" },
	{ OPTION_BILL, "bill", NULL,
	  "behind the table, the bill that kfrag bill makes" },
	CLI_COMPANION_OPTIONS,
	{ 'o', "once", NULL, "accepted for the habit; always so" },
};

static const struct cli_option_part own = {
	own_options, sizeof(own_options) / sizeof(own_options[0]), NULL
};

static const struct kfrag_column_set *set_of(size_t table)
{
	return kfrag_table_columns((enum kfrag_table_kind)table);
}

static enum kfrag_error select_rows(struct kfrag_selection *selection,
				    const void *data, size_t table)
{
	return kfrag_selection_init(selection, data,
				    (enum kfrag_table_kind)table);
}

static const struct cli_tables tables = {
	.set = set_of,
	.nr_sets = KFRAG_NR_TABLES,
	.select = select_rows,
	.find_key = kfrag_sort_key_find,
	.default_key = "waste",
};

static bool take_option(void *context, int key, const char *argument)
{
	struct report_options *options = context;

	if (cli_companion_paths_take(&options->paths, key, argument))
		return true;
	switch (key) {
	case OPTION_BILL:
		options->has_bill = true;
		return true;
	case CLI_OPTION_SAMPLE:
		return cli_parse_number("sample", argument, 1, UINT64_MAX,
					&options->sample);
	case 'o':
		return true;
	default:
		return shared_options_take(&options->shared, key, argument);
	}
}

/* The bill is a block of the page; --meminfo and --sysslab are for it. */
static bool check_bill(const struct report_options *options)
{
	const struct shared_options *shared = &options->shared;
	bool is_page = shared->format == CLI_TABLE && !shared->has_show &&
		       !shared->columns;

	if (options->has_bill && !is_page)
		cli_usage_error("--bill goes with the whole table; kfrag bill "
				"has the other formats");
	else if (!options->has_bill &&
		 (options->paths.meminfo || options->paths.sysslab))
		cli_usage_error("--meminfo and --sysslab go with --bill");
	else
		return true;
	return false;
}

bool report_options_parse(struct report_options *options, int argc, char **argv)
{
	int first;

	*options = (struct report_options){ .path = CLI_LIVE_PATH };
	if (!shared_options_init(&options->shared, &tables, argc) ||
	    !shared_options_parse(&own, argc, argv, &first, take_option,
				  options))
		return false;
	if (options->shared.wants_help || options->shared.wants_version)
		return true;
	if (!cli_options_take_file(argc - first, argv + first, &options->path))
		return false;
	return check_bill(options) &&
	       shared_options_are_consistent(&options->shared);
}

void report_options_release(struct report_options *options)
{
	shared_options_release(&options->shared);
	*options = (struct report_options){ 0 };
}

void report_options_help(void)
{
	const struct kfrag_sort_key *keys;
	size_t nr_keys;

	puts("Usage: kfrag [report] [options] [FILE]\n"
	     "       kfrag diff [options] OLD NEW\n"
	     "       kfrag trend [options] FILE...\n"
	     "       kfrag explain [options] SCRIPT | LESSON\n"
	     "       kfrag record [options] [FILE]\n"
	     "       kfrag bill [options] [FILE]\n"
	     "       kfrag whatif [options] FILE CHANGE...\n"
	     "       kfrag simulate [policies [CAPTURE]] [options]\n"
	     "       kfrag plot KIND [options] [FILE...]\n"
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
	shared_options_print(&own);
	keys = kfrag_sort_keys(&nr_keys);
	shared_options_print_sort_keys(
		"Sort keys (largest first, names from A to Z)", keys, nr_keys);
	puts("     any column of --show caches");
	shared_options_print_policies();
	for (size_t table = 0; table < tables.nr_sets; table++)
		shared_options_print_columns(set_of(table), 25);
	puts("\nExit status: 0 fine, 1 a row meets a --fail-if, 2 wrong usage, "
	     "unusable input or\n"
	     "failed output.\n"
	     "\n"
	     "For more details see kfrag(1).");
}
