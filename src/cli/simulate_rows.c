// SPDX-License-Identifier: MIT
/* Tables of simulations: what there is, and writing it. */
#include "cli/simulate_rows.h"

#include <stdio.h>

#include "cli/output.h"

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

/* ----------------------------------------------------------------- writing */

/* What was simulated, and what came out. */
struct simulated {
	const struct kfrag_sim_page *page;
	const struct simulate_rows *rows;
};

static enum kfrag_error write_page(FILE *out, const void *any,
				   const struct kfrag_table_caches *measures,
				   const struct kfrag_table_style *style)
{
	const struct simulated *run = any;

	return kfrag_sim_write_table(out, run->page, measures->selection,
				     style);
}

static enum kfrag_error
write_policies_page(FILE *out, const void *any,
		    const struct kfrag_table_caches *policies,
		    const struct kfrag_table_style *style)
{
	const struct simulated *run = any;

	return kfrag_sim_write_policies(out, run->page, policies->selection,
					run->rows->policies,
					run->rows->nr_policies, style);
}

static enum kfrag_error write_json(FILE *out, const void *any,
				   const struct kfrag_selection *selections,
				   size_t nr_selections)
{
	const struct simulated *run = any;

	return kfrag_sim_write_json(out, run->page, selections, nr_selections);
}

static enum kfrag_error write_gnuplot(FILE *out, const void *any,
				      const struct kfrag_selection *selections,
				      size_t nr_selections)
{
	const struct simulated *run = any;

	return kfrag_sim_write_gnuplot(out, run->page, selections,
				       nr_selections);
}

static const struct cli_writers run_writers = {
	.page = write_page,
	.page_rows = UINT64_MAX,
	.json = write_json,
	.gnuplot = write_gnuplot,
};

static const struct cli_writers policy_writers = {
	.page = write_policies_page,
	.page_rows = UINT64_MAX,
	.json = write_json,
	.gnuplot = write_gnuplot,
};

enum cli_exit simulate_write(const struct shared_options *options,
			     const struct kfrag_sim_page *page,
			     const struct simulate_rows *rows, bool is_policies)
{
	const struct kfrag_condition_memory memory = { 0 };
	const struct simulated run = { page, rows };

	return cli_output(options, rows,
			  is_policies ? &policy_writers : &run_writers, &run,
			  &memory);
}
