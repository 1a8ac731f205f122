// SPDX-License-Identifier: MIT
#include "cli/diff_options.h"

#include <stdio.h>
#include <string.h>

#include "kfrag/diff.h"

static const struct cli_option own_options[] = {
	{ CLI_OPTION_SHOW, "show", "TABLE",
	  "one table alone: caches (a row per cache, the same\n"
	  "ones too) or totals (per allocator and state); csv\n"
	  "shows caches by default" },
	{ CLI_OPTION_SAMPLE, "sample", "A,B",
	  "sample A, from 1, against sample B of FILE (default:\n"
	  "the first and the last), or A of OLD against B of NEW\n"
	  "(default: the last of each)" },
};

static const struct cli_option_part own = {
	own_options, sizeof(own_options) / sizeof(own_options[0]), NULL
};

static const struct kfrag_column_set *set_of(size_t table)
{
	return kfrag_diff_columns((enum kfrag_diff_kind)table);
}

static enum kfrag_error select_rows(struct kfrag_selection *selection,
				    const void *data, size_t table)
{
	return kfrag_diff_selection_init(selection, data,
					 (enum kfrag_diff_kind)table);
}

static const struct cli_tables tables = {
	.set = set_of,
	.nr_sets = KFRAG_NR_DIFFS,
	.select = select_rows,
	.find_key = kfrag_diff_sort_key_find,
	.default_key = "change",
	.sorts_for_programs = true,
};

static bool take_option(void *context, int key, const char *argument)
{
	struct diff_options *options = context;

	if (key == CLI_OPTION_SAMPLE)
		return cli_pair_take_samples(&options->files, argument);
	return shared_options_take(&options->shared, key, argument);
}

bool diff_options_parse(struct diff_options *options, int argc, char **argv)
{
	int first;

	*options = (struct diff_options){ 0 };
	if (!shared_options_init(&options->shared, &tables, argc) ||
	    !shared_options_parse(&own, argc, argv, &first, take_option,
				  options))
		return false;
	if (options->shared.wants_help || options->shared.wants_version)
		return true;
	return cli_pair_take_files(&options->files, argc - first,
				   argv + first) &&
	       shared_options_are_consistent(&options->shared);
}

void diff_options_release(struct diff_options *options)
{
	shared_options_release(&options->shared);
	*options = (struct diff_options){ 0 };
}

/* A measure's three columns take one line, with the help of the report's. */
static void print_columns(enum kfrag_diff_kind kind)
{
	const struct kfrag_column_set *set = kfrag_diff_columns(kind);
	enum kfrag_table_kind table = kind == KFRAG_DIFF_CACHES ?
					      KFRAG_TABLE_CACHES :
					      KFRAG_TABLE_TOTALS;
	bool are_measures = false;

	printf("\nColumns of --show %s:\n", set->name);
	for (size_t i = 0; i < set->nr_columns; i++) {
		const char *name = set->columns[i].name;
		const char *help = set->columns[i].help;
		const struct kfrag_column *column;

		if (strncmp(name, "old_", 4) == 0) {
			if (!are_measures)
				puts("and old_X, new_X, delta_X (new - old) for "
				     "each X of");
			are_measures = true;
			name += 4;
			column = kfrag_column_find(table, name);
			help = column ? column->help : "as in the file";
		} else if (are_measures) {
			continue;
		}
		printf("  %-25s %s\n", name, help);
	}
}

void diff_options_help(void)
{
	const struct kfrag_sort_key *keys;
	size_t nr_keys;

	puts("Usage: kfrag diff [options] OLD NEW\n"
	     "       kfrag diff [options] FILE\n"
	     "\n"
	     "Compare two copies of /proc/slabinfo, or two samples of one "
	     "FILE, and what their\n"
	     "replays make of them: what grew, what shrank, what is new or "
	     "gone.\n"
	     "- is standard input.\n"
	     "\n"
	     "Options:");
	shared_options_print(&own);
	keys = kfrag_diff_sort_keys(&nr_keys);
	shared_options_print_sort_keys(
		"Sort keys (largest change first, up or down; names from A to "
		"Z)",
		keys, nr_keys);
	puts("     any column of --show caches, as it is; X for the change of X");
	shared_options_print_policies();
	for (int kind = 0; kind < KFRAG_NR_DIFFS; kind++)
		print_columns((enum kfrag_diff_kind)kind);
	puts("\nExit status: 0 the files say the same, 1 they differ, 2 wrong "
	     "usage, unusable\n"
	     "input or failed output. With --fail-if, 1 a row meets one, 0 "
	     "none does, whether\n"
	     "the files differ or not.\n"
	     "\n"
	     "For more details see kfrag(1).");
}
