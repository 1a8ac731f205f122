// SPDX-License-Identifier: MIT
#include "cli/diff_view.h"

#include <stdio.h>
#include <string.h>

#include "kfrag/diff.h"

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

const struct cli_tables cli_diff_tables = {
	.set = set_of,
	.nr_sets = KFRAG_NR_DIFFS,
	.select = select_rows,
	.find_key = kfrag_diff_sort_key_find,
	.default_key = "change",
	.sorts_for_programs = true,
};

static void trim(struct kfrag_selection *selection, const void *diff)
{
	(void)diff;
	kfrag_diff_selection_drop_same(selection);
}

static enum kfrag_error write_page(FILE *out, const void *diff,
				   const struct kfrag_table_caches *caches,
				   const struct kfrag_table_style *style)
{
	return kfrag_diff_write_table(out, diff, caches, style);
}

static enum kfrag_error write_json(FILE *out, const void *diff,
				   const struct kfrag_selection *selections,
				   size_t nr_selections)
{
	return kfrag_diff_write_json(out, diff, selections, nr_selections);
}

static enum kfrag_error write_gnuplot(FILE *out, const void *diff,
				      const struct kfrag_selection *selections,
				      size_t nr_selections)
{
	return kfrag_diff_write_gnuplot(out, diff, selections, nr_selections);
}

const struct cli_writers cli_diff_writers = {
	.page = write_page,
	.trim = trim,
	.page_rows = CLI_SCREEN_ROWS,
	.json = write_json,
	.gnuplot = write_gnuplot,
};

bool cli_diff_differs(const struct shared_options *options,
		      const struct kfrag_comparison *comparison,
		      const struct cli_view *view)
{
	const struct kfrag_selection *caches = &view->selections[0];

	if (options->nr_patterns == 0)
		return kfrag_comparison_differs(comparison);
	for (size_t i = 0; i < caches->nr_rows; i++) {
		const struct kfrag_cache_pair *pair = caches->rows[i];

		if (pair->status != KFRAG_SAME)
			return true;
	}
	return false;
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

void cli_diff_print_tables(void)
{
	const struct kfrag_sort_key *keys;
	size_t nr_keys;

	keys = kfrag_diff_sort_keys(&nr_keys);
	shared_options_print_sort_keys(
		"Sort keys (largest change first, up or down; names from A to "
		"Z)",
		keys, nr_keys);
	puts("     any column of --show caches, as it is; X for the change of X");
	shared_options_print_policies();
	for (int kind = 0; kind < KFRAG_NR_DIFFS; kind++)
		print_columns((enum kfrag_diff_kind)kind);
}
