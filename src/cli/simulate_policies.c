// SPDX-License-Identifier: MIT
/*
 * kfrag simulate policies: the same objects under each policy. Of a capture,
 * each cache breathes on its own between num_objs and active_objs, both scaled
 * down where they are large: what a policy makes of them hangs on their ratio.
 */
#include "cli/simulate_policies.h"

#include <stdlib.h>

#include "kfrag/arith.h"

#define MAX_CACHE_OBJS 1000
/* Caches of fewer objects say nothing. */
#define MIN_CACHE_OBJS 2
#define CAPTURE_CYCLES 6
/* Births while a population grows, in a unit of time and of N. */
#define GROW_NANO (KFRAG_SIM_NANO * 3 / 2)

/* Between so many objects and so many. */
static struct kfrag_sim_schedule breathe(uint64_t nr_most, uint64_t nr_least)
{
	uint64_t fraction;

	if (nr_most > MAX_CACHE_OBJS) {
		nr_least = kfrag_mul_div(nr_least, MAX_CACHE_OBJS, nr_most);
		nr_most = MAX_CACHE_OBJS;
	}
	if (nr_least < 1)
		nr_least = 1;
	fraction = kfrag_mul_div(nr_least, KFRAG_SIM_NANO, nr_most);
	return (struct kfrag_sim_schedule){
		.arrivals = KFRAG_SIM_PHASES,
		.nr_objs = nr_most,
		.nr_phases = 2,
		.phases = {
			{ .kind = KFRAG_SIM_GROW, .nr_objs = nr_most,
			  .rate_nano = GROW_NANO, .has_rate = true },
			{ .kind = KFRAG_SIM_SHRINK, .fraction_nano = fraction,
			  .rate_nano = fraction / 10 * 9, .has_rate = true },
		},
	};
}

static enum kfrag_error
run_cache(struct kfrag_sim_result *sum, const struct kfrag_sim_params *params,
	  const struct kfrag_record *record, uint64_t seed)
{
	uint64_t nr_least = record->active_objs < record->num_objs ?
				    record->active_objs :
				    record->num_objs;
	struct kfrag_sim_schedule schedule;
	struct kfrag_distribution_item item = { .value = record->size_bytes,
						.weight = 1 };
	struct kfrag_sim_params of = *params;
	struct kfrag_distribution sizes;
	struct kfrag_sim_class class_of;
	struct kfrag_sim_result result;
	enum kfrag_error error;

	if (record->num_objs < MIN_CACHE_OBJS ||
	    !simulate_class_of(&class_of, record, params->page_units,
			       params->max_order))
		return KFRAG_OK;
	schedule = breathe(record->num_objs, nr_least);
	error = kfrag_distribution_init_list(&sizes, &item, 1);
	if (error)
		return error;
	of.sizes = &sizes;
	of.schedule = &schedule;
	of.classes = &class_of;
	of.nr_classes = 1;
	of.nr_pages = UINT64_C(1) << kfrag_log2_ceil(
			      (schedule.nr_objs * 2 + 256) << class_of.order);
	if (of.nr_pages < UINT64_C(1) << of.max_order)
		of.nr_pages = UINT64_C(1) << of.max_order;
	error = kfrag_sim_run(&result, &of, seed);
	if (!error)
		kfrag_sim_add_result(sum, &result);
	kfrag_distribution_release(&sizes);
	return error;
}

static enum kfrag_error
run_once(struct kfrag_sim_result *result, const struct kfrag_sim_params *params,
	 const struct kfrag_snapshot *snapshot, uint64_t seed)
{
	struct kfrag_sim_params of = *params;
	enum kfrag_error error = KFRAG_OK;

	if (!snapshot)
		return kfrag_sim_run(result, params, seed);
	*result = (struct kfrag_sim_result){ 0 };
	if (of.nr_cycles == 1) {
		of.nr_cycles = CAPTURE_CYCLES;
		of.warmup_cycles = CAPTURE_CYCLES / 3;
	}
	for (size_t i = 0; i < snapshot->nr_records && !error; i++)
		error = run_cache(result, &of, &snapshot->records[i],
				  seed + i * UINT64_C(1000003));
	return error;
}

static enum kfrag_error run_policy(struct kfrag_sim_policy_row *row,
				   struct kfrag_sim_result *results,
				   const struct simulate_options *options,
				   const struct kfrag_sim_params *params,
				   const struct kfrag_snapshot *snapshot)
{
	size_t nr_runs = (size_t)options->nr_runs;

	*row = (struct kfrag_sim_policy_row){
		.name = params->policy ? params->policy->name : "oracle",
		.is_bound = !params->policy,
		.nr_runs = nr_runs,
	};
	for (size_t i = 0; i < nr_runs; i++) {
		enum kfrag_error error =
			run_once(&results[i], params, snapshot,
				 options->shared.params.seed + i);

		if (error)
			return error;
	}
	for (int i = 0; i < KFRAG_SIM_NR_MEASURES; i++)
		row->of[i] = kfrag_sim_summarize(results, nr_runs,
						 (enum kfrag_sim_measure)i);
	if (!snapshot)
		row->expected_micro =
			kfrag_sim_expected(params, KFRAG_SIM_TROUGH_RATIO);
	return KFRAG_OK;
}

static size_t count_policies(void)
{
	size_t nr = 0;

	while (kfrag_slab_policies()[nr])
		nr++;
	return nr;
}

bool simulate_policies_find(struct simulate_rows *rows,
			    const struct simulate_options *options,
			    const struct simulate_setup *setup,
			    const struct kfrag_snapshot *snapshot)
{
	struct kfrag_sim_params params = setup->params;
	struct kfrag_sim_result *results =
		calloc((size_t)options->nr_runs, sizeof(*results));
	enum kfrag_error error = KFRAG_OK;

	/* And the oracle, which the table ends with: NULL. */
	*rows = (struct simulate_rows){ .nr_policies = count_policies() + 1 };
	rows->policies = calloc(rows->nr_policies, sizeof(*rows->policies));
	if (!results || !rows->policies)
		error = KFRAG_ENOMEM;
	for (size_t i = 0; i < rows->nr_policies && !error; i++) {
		params.policy = kfrag_slab_policies()[i];
		error = run_policy(&rows->policies[i], results, options,
				   &params, snapshot);
	}
	free(results);
	if (!error)
		return true;
	cli_message("%s", kfrag_error_text(error));
	free(rows->policies);
	rows->policies = NULL;
	return false;
}

enum cli_exit simulate_policies(const struct simulate_options *options,
				const struct simulate_setup *setup,
				const struct kfrag_snapshot *snapshot,
				struct cli_phases *phases)
{
	struct simulate_rows rows;
	enum cli_exit status;

	if (!simulate_policies_find(&rows, options, setup, snapshot))
		return CLI_TROUBLE;
	cli_phases_end(phases, "simulation");
	status = simulate_write(&options->shared, &setup->page, &rows, true);
	cli_phases_end(phases, "output");
	free(rows.policies);
	return status;
}
