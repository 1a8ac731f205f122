// SPDX-License-Identifier: MIT
/* Several runs, or several caches, as one. */
#include "kfrag/arith.h"
#include "kfrag/simulation.h"

static uint64_t square_root(uint64_t value)
{
	uint64_t root = 0;

	for (uint64_t bit = UINT64_C(1) << 31; bit; bit >>= 1)
		if ((root + bit) * (root + bit) <= value)
			root += bit;
	return root;
}

/* Of the mean, from how far the runs lie apart: integers, so always the same. */
static uint64_t standard_error(const struct kfrag_sim_result *results,
			       uint64_t nr_results,
			       enum kfrag_sim_measure measure,
			       const struct kfrag_sim_summary *summary)
{
	uint64_t mean = summary->mean_micro.value, squares = 0;
	uint64_t spread = summary->max_micro.value - summary->min_micro.value;
	unsigned shift = 0;

	/* Squares of all runs together stay within 64 bits. */
	while (spread >> shift >> 24)
		shift++;
	for (uint64_t i = 0; i < nr_results; i++) {
		uint64_t value = results[i].micro[measure].value;
		uint64_t off = value > mean ? value - mean : mean - value;

		squares += (off >> shift) * (off >> shift);
	}
	/* sqrt(q / (r (r - 1))), with as many digits as there is room for. */
	squares = kfrag_mul_div(squares, 256 * 256,
				nr_results * (nr_results - 1));
	return (square_root(squares) << shift) / 256;
}

struct kfrag_sim_summary
kfrag_sim_summarize(const struct kfrag_sim_result *results, size_t nr_results,
		    enum kfrag_sim_measure measure)
{
	struct kfrag_sim_summary summary = { 0 };
	uint64_t min = UINT64_MAX, max = 0, mean = 0, rest = 0;

	for (size_t i = 0; i < nr_results; i++) {
		struct kfrag_opt value = results[i].micro[measure];

		if (!value.known)
			return summary;
		mean += value.value / nr_results;
		rest += value.value % nr_results;
		min = value.value < min ? value.value : min;
		max = value.value > max ? value.value : max;
	}
	if (nr_results == 0)
		return summary;
	summary.mean_micro = kfrag_known(mean + rest / nr_results);
	summary.min_micro = kfrag_known(min);
	summary.max_micro = kfrag_known(max);
	if (nr_results > 1)
		summary.error_micro = kfrag_known(
			standard_error(results, nr_results, measure, &summary));
	return summary;
}

/* ------------------------------------------------------------ many caches */

/* So many per 1,000 births, of both together. */
static struct kfrag_opt join_rates(const struct kfrag_sim_result *a,
				   const struct kfrag_sim_result *b,
				   enum kfrag_sim_measure measure)
{
	uint64_t births_a = a->micro[KFRAG_SIM_BIRTHS].value / KFRAG_SIM_MICRO;
	uint64_t births_b = b->micro[KFRAG_SIM_BIRTHS].value / KFRAG_SIM_MICRO;
	uint64_t births = births_a + births_b;

	if (births == 0)
		return kfrag_unknown();
	return kfrag_known(
		kfrag_mul_div(a->micro[measure].value, births_a, births) +
		kfrag_mul_div(b->micro[measure].value, births_b, births));
}

static void add(struct kfrag_sim_result *sum,
		const struct kfrag_sim_result *result,
		enum kfrag_sim_measure measure)
{
	sum->micro[measure].known = true;
	sum->micro[measure].value += result->micro[measure].value;
}

static void divide(struct kfrag_sim_result *sum, enum kfrag_sim_measure ratio,
		   enum kfrag_sim_measure part, enum kfrag_sim_measure whole)
{
	sum->micro[ratio] = kfrag_unknown();
	if (sum->micro[whole].value > 0)
		sum->micro[ratio] = kfrag_known(
			kfrag_mul_div(sum->micro[part].value, KFRAG_SIM_MICRO,
				      sum->micro[whole].value));
}

void kfrag_sim_add_result(struct kfrag_sim_result *sum,
			  const struct kfrag_sim_result *result)
{
	static const enum kfrag_sim_measure sums[] = {
		KFRAG_SIM_LIVE_OBJS,	  KFRAG_SIM_PEAK_SLABS,
		KFRAG_SIM_PEAK_FEWEST,	  KFRAG_SIM_TROUGH_SLABS,
		KFRAG_SIM_TROUGH_FEWEST,  KFRAG_SIM_AVERAGE_SLABS,
		KFRAG_SIM_AVERAGE_FEWEST, KFRAG_SIM_DEATHS,
		KFRAG_SIM_FAILED,	  KFRAG_SIM_BIRTHS,
	};

	sum->seed = result->seed;
	sum->micro[KFRAG_SIM_MADE] = join_rates(sum, result, KFRAG_SIM_MADE);
	sum->micro[KFRAG_SIM_RETURNED] =
		join_rates(sum, result, KFRAG_SIM_RETURNED);
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		add(sum, result, sums[i]);
	divide(sum, KFRAG_SIM_PEAK_RATIO, KFRAG_SIM_PEAK_SLABS,
	       KFRAG_SIM_PEAK_FEWEST);
	divide(sum, KFRAG_SIM_TROUGH_RATIO, KFRAG_SIM_TROUGH_SLABS,
	       KFRAG_SIM_TROUGH_FEWEST);
	divide(sum, KFRAG_SIM_AVERAGE_RATIO, KFRAG_SIM_AVERAGE_SLABS,
	       KFRAG_SIM_AVERAGE_FEWEST);
}
