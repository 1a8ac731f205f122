// SPDX-License-Identifier: MIT
/* Tables of simulations: what there is, and writing it. */
#include "cli/simulate_rows.h"

#include <errno.h>
#include <stdio.h>

#include "cli/fail_if.h"
#include "cli/view.h"
#include "kfrag/csv.h"

static const struct kfrag_column_set *set_of(size_t table)
{
	return kfrag_sim_columns((enum kfrag_sim_table)table);
}

static enum kfrag_error select_rows(struct kfrag_selection *selection,
				    const void *data, size_t table)
{
	const struct simulate_rows *rows = data;

	if (table == KFRAG_SIM_TABLE_MEASURES)
		return kfrag_selection_init_rows(selection, set_of(table),
						 rows->measures,
						 KFRAG_SIM_NR_MEASURES,
						 sizeof(rows->measures[0]));
	return kfrag_selection_init_rows(selection, set_of(table), rows->runs,
					 rows->nr_runs, sizeof(rows->runs[0]));
}

const struct cli_tables simulate_tables = {
	.set = set_of,
	.nr_sets = KFRAG_NR_SIM_TABLES,
	.select = select_rows,
	.find_key = kfrag_sim_sort_key_find,
	.default_key = "",
};

static const struct kfrag_column_set *policy_set_of(size_t table)
{
	(void)table;
	return kfrag_sim_policy_columns();
}

static enum kfrag_error select_policies(struct kfrag_selection *selection,
					const void *data, size_t table)
{
	const struct simulate_rows *rows = data;

	return kfrag_selection_init_rows(selection, policy_set_of(table),
					 rows->policies, rows->nr_policies,
					 sizeof(rows->policies[0]));
}

const struct cli_tables simulate_policy_tables = {
	.set = policy_set_of,
	.nr_sets = 1,
	.select = select_policies,
	.find_key = kfrag_sim_policy_sort_key_find,
	.default_key = "",
};

static enum kfrag_error
write_table(const struct shared_options *options,
	    const struct kfrag_sim_page *page, const struct simulate_rows *rows,
	    struct kfrag_selection *selection, bool is_policies)
{
	struct kfrag_table_style style = cli_view_style();

	if (options->columns)
		return kfrag_table_write_whole(stdout, selection, &style);
	if (options->has_show)
		return kfrag_table_write(stdout, selection, &style);
	if (is_policies)
		return kfrag_sim_write_policies(stdout, page, selection,
						rows->policies,
						rows->nr_policies, &style);
	return kfrag_sim_write_table(stdout, page, selection, &style);
}

enum cli_exit simulate_write(const struct shared_options *options,
			     const struct kfrag_sim_page *page,
			     const struct simulate_rows *rows, bool is_policies)
{
	struct kfrag_condition_memory memory = { 0 };
	enum cli_exit status = CLI_TROUBLE;
	enum kfrag_error error;
	struct cli_view view;

	if (!cli_view_open(&view, options, rows)) {
		cli_view_close(&view);
		return CLI_TROUBLE;
	}
	cli_view_limit(&view.selections[0], options, false);
	errno = 0;
	switch (options->format) {
	case CLI_CSV:
		error = kfrag_csv_write(stdout, &view.selections[0]);
		break;
	case CLI_JSON:
		error = kfrag_sim_write_json(stdout, page, view.selections,
					     view.nr_selections);
		break;
	case CLI_GNUPLOT:
		error = kfrag_sim_write_gnuplot(stdout, page, view.selections,
						view.nr_selections);
		break;
	default:
		error = write_table(options, page, rows, &view.selections[0],
				    is_policies);
		break;
	}
	if (cli_view_is_written(error))
		status = cli_fail_if_check(options, rows, &memory);
	cli_view_close(&view);
	return status;
}
