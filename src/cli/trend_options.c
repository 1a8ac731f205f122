// SPDX-License-Identifier: MIT
#include "cli/trend_options.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "kfrag/trend.h"
#include "kfrag/trend_output.h"

/* Some thirty years: what lies between samples is less. */
#define MAX_INTERVAL_SECONDS 1000000000

enum { OPTION_INTERVAL = CLI_OPTION_OWN + 101 };

static const struct cli_option own_options[] = {
	{ CLI_OPTION_SHOW, "show", "TABLE",
	  "one table alone: caches (a row per cache, the steady\n"
	  "ones too), totals (per sample) or samples (per cache\n"
	  "and sample); csv shows caches by default" },
	{ OPTION_INTERVAL, "interval", "SECONDS",
	  "how far apart samples lie that have no time; they are\n"
	  "in the order of FILEs then" },
	{ CLI_OPTION_MEMORY, "memory", "SIZE",
	  "memory of the machine, where no sample states it, for\n"
	  "--fail-if with a percentage of it" },
};

static const struct cli_option_part own = {
	own_options, sizeof(own_options) / sizeof(own_options[0])
};

static const struct kfrag_column_set *set_of(size_t table)
{
	return kfrag_trend_columns((enum kfrag_trend_table)table);
}

static enum kfrag_error select_rows(struct kfrag_selection *selection,
				    const void *data, size_t table)
{
	return kfrag_trend_selection_init(selection, data,
					  (enum kfrag_trend_table)table);
}

static const struct cli_tables tables = {
	.set = set_of,
	.nr_sets = KFRAG_NR_TREND_TABLES,
	.nr_together = KFRAG_TREND_SAMPLES,
	.select = select_rows,
	.find_key = kfrag_trend_sort_key_find,
	.default_key = "verdict",
};

static bool take_option(void *context, int key, const char *argument)
{
	struct trend_options *options = context;

	if (key == OPTION_INTERVAL)
		return cli_parse_number("interval", argument, 1,
					MAX_INTERVAL_SECONDS,
					&options->interval_seconds);
	return shared_options_take(&options->shared, key, argument);
}

static bool check_files(const struct trend_options *options)
{
	size_t nr_dashes = 0;

	if (options->nr_paths == 0) {
		cli_usage_error("which files? samples of a recording, or of "
				"several, make a trend");
		return false;
	}
	for (size_t i = 0; i < options->nr_paths; i++)
		nr_dashes += strcmp(options->paths[i], "-") == 0;
	if (nr_dashes > 1)
		cli_usage_error("standard input can be read once: - is given "
				"%zu times",
				nr_dashes);
	return nr_dashes <= 1;
}

bool trend_options_parse(struct trend_options *options, int argc, char **argv)
{
	int first;

	*options = (struct trend_options){ 0 };
	if (!shared_options_init(&options->shared, &tables, argc) ||
	    !shared_options_parse_unreplayed(&own, argc, argv, &first,
					     take_option, options))
		return false;
	if (options->shared.wants_help || options->shared.wants_version)
		return true;
	options->paths = (const char *const *)(argv + first);
	options->nr_paths = (size_t)(argc - first);
	return check_files(options) &&
	       shared_options_are_consistent(&options->shared);
}

void trend_options_release(struct trend_options *options)
{
	shared_options_release(&options->shared);
	*options = (struct trend_options){ 0 };
}

static void print_thresholds(void)
{
	size_t nr_thresholds;
	const struct kfrag_threshold *list =
		kfrag_trend_thresholds(&nr_thresholds);

	puts("\nThresholds of the verdicts:");
	for (size_t i = 0; i < nr_thresholds; i++)
		printf("  %-21s %" PRIu64 " %s\n        %s\n", list[i].name,
		       list[i].value, list[i].unit, list[i].help);
}

void trend_options_help(void)
{
	const struct kfrag_sort_key *keys;
	size_t nr_keys;

	puts("Usage: kfrag trend [options] FILE...\n"
	     "\n"
	     "Follow slab caches through the samples of one or many FILEs, in "
	     "the order of\n"
	     "their times: how fast each cache grows, and whether it leaks, is "
	     "bloated, has\n"
	     "slabs trapped, is cyclic or steady. FILEs are what kfrag reads "
	     "anywhere; CSV of\n"
	     "--show samples is one, too. - is standard input.\n"
	     "\n"
	     "Options:");
	shared_options_print_unreplayed(&own);
	keys = kfrag_trend_sort_keys(&nr_keys);
	shared_options_print_sort_keys(
		"Sort keys (largest first, names from A to Z)", keys, nr_keys);
	puts("     any column of --show caches");
	print_thresholds();
	for (size_t table = 0; table < tables.nr_sets; table++)
		shared_options_print_columns(set_of(table), 25);
	puts("\nExit status: 0 fine, whatever the verdicts; 1 a row meets a "
	     "--fail-if; 2 wrong\n"
	     "usage, unusable input or failed output.\n"
	     "\n"
	     "For more details see kfrag(1).");
}
