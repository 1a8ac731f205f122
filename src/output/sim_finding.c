// SPDX-License-Identifier: MIT
/*
 * The finding on policies: which to allocate from, or that it does not matter,
 * every word of it by the figures.
 */
#include <stdio.h>

#include "kfrag/arith.h"
#include "output/figures.h"
#include "output/paragraph.h"
#include "output/sim_sections.h"

/* Ratios that differ by less than this are taken for the same. */
#define SAME_PERMILLE 20
#define NR_ERRORS 2

/* What policies are judged by, and when that is. */
struct criterion {
	enum kfrag_sim_measure measure;
	const char *when;
};

struct finding {
	const struct criterion *by;
	const struct kfrag_sim_policy_row *best;
	const struct kfrag_sim_policy_row *worst;
	const struct kfrag_sim_policy_row *bound; /* NULL: there is none */
	bool is_for_order; /* a fixed order of slabs is among the best */
	char alike[256]; /* "lowest, head and fullest" */
};

static uint64_t judged(const struct kfrag_sim_policy_row *row,
		       const struct criterion *by)
{
	return row->of[by->measure].mean_micro.value;
}

/* Also those no further apart than chance may have put them. */
static bool is_same(const struct kfrag_sim_policy_row *row,
		    const struct kfrag_sim_policy_row *best,
		    const struct criterion *by)
{
	uint64_t more = judged(row, by) - judged(best, by);
	uint64_t errors = row->of[by->measure].error_micro.value +
			  best->of[by->measure].error_micro.value;

	return judged(row, by) <= judged(best, by) ||
	       more <= NR_ERRORS * errors ||
	       kfrag_mul_div(more, 1000, judged(best, by)) < SAME_PERMILLE;
}

static bool is_alike(const struct kfrag_sim_policy_row *row,
		     const struct finding *finding)
{
	return !row->is_bound && is_same(row, finding->best, finding->by);
}

/* Names those about as good as the best. */
static void list_alike(struct finding *finding,
		       const struct kfrag_sim_policy_row *all, size_t nr_all)
{
	size_t nr_alike = 0, nr_listed = 0, length = 0;
	size_t size = sizeof(finding->alike);

	for (size_t i = 0; i < nr_all; i++)
		nr_alike += is_alike(&all[i], finding);
	for (size_t i = 0; i < nr_all && length < size; i++)
		if (is_alike(&all[i], finding))
			length += (size_t)snprintf(
				finding->alike + length, size - length, "%s%s",
				kfrag_figure_separator(nr_listed++, nr_alike),
				all[i].name);
	/* The first is the lowest address. */
	finding->is_for_order = is_alike(&all[0], finding);
}

/* Returns false where nothing lives, so that nothing can be said. */
static bool find(struct finding *finding,
		 const struct kfrag_sim_policy_row *all, size_t nr_all)
{
	const struct criterion *by = finding->by;

	for (size_t i = 0; i < nr_all; i++) {
		const struct kfrag_sim_policy_row *row = &all[i];

		if (judged(row, by) == 0)
			return false;
		if (row->is_bound) {
			finding->bound = row;
			continue;
		}
		if (!finding->best ||
		    judged(row, by) < judged(finding->best, by))
			finding->best = row;
		if (!finding->worst ||
		    judged(row, by) > judged(finding->worst, by))
			finding->worst = row;
	}
	if (!finding->best)
		return false;
	list_alike(finding, all, nr_all);
	return true;
}

static enum kfrag_error write_same(FILE *out, const struct finding *finding,
				   unsigned width)
{
	const struct criterion *by = finding->by;
	char ratio[KFRAG_UNITS_SIZE], more[KFRAG_UNITS_SIZE];
	uint64_t low = judged(finding->best, by);

	kfrag_figure_share(judged(finding->worst, by) - low, low, more);
	return kfrag_paragraph_write(
		out, width,
		"The policy does not matter here: %s each keeps about %s "
		"times the fewest slabs that would do, and the best and the "
		"worst differ by %s%s.",
		by->when,
		kfrag_sim_figure(finding->best->of[by->measure].mean_micro,
				 ratio),
		kfrag_paragraph_join(more),
		kfrag_mul_div(judged(finding->worst, by) - low, 1000, low) <
				SAME_PERMILLE ?
			"" :
			", which may be chance: --replicas says more");
}

static enum kfrag_error write_advice(FILE *out, const struct finding *finding,
				     unsigned width)
{
	const struct criterion *by = finding->by;
	const struct kfrag_sim_policy_row *best = finding->best;
	const struct kfrag_sim_policy_row *worst = finding->worst;
	char low[KFRAG_UNITS_SIZE], high[KFRAG_UNITS_SIZE];
	char less[KFRAG_UNITS_SIZE];

	kfrag_figure_share(judged(worst, by) - judged(best, by),
			   judged(worst, by), less);
	return kfrag_paragraph_write(
		out, width,
		"Allocate from %s: %s, %s keeps %s times the fewest slabs "
		"that would do, %s %s times: the former is %s less.%s",
		finding->alike, by->when, best->name,
		kfrag_sim_figure(best->of[by->measure].mean_micro, low),
		worst->name,
		kfrag_sim_figure(worst->of[by->measure].mean_micro, high),
		kfrag_paragraph_join(less),
		finding->is_for_order ?
			" A fixed order of the slabs gathers objects in some "
			"and lets the others drain; to follow the frees "
			"spreads them." :
			"");
}

/* What concentration costs, or saves. */
static enum kfrag_error write_price(FILE *out, const struct finding *finding,
				    unsigned width)
{
	struct kfrag_opt best =
		finding->best->of[KFRAG_SIM_RETURNED].mean_micro;
	struct kfrag_opt worst =
		finding->worst->of[KFRAG_SIM_RETURNED].mean_micro;
	char few[KFRAG_UNITS_SIZE], many[KFRAG_UNITS_SIZE];

	return kfrag_paragraph_write(
		out, width,
		"%s: per 1,000 births %s gives %s slabs back, %s %s.",
		best.value > worst.value ?
			"The price is that slabs come and go" :
			"Nor do slabs come and go more",
		finding->best->name, kfrag_sim_figure(best, many),
		finding->worst->name, kfrag_sim_figure(worst, few));
}

static enum kfrag_error write_bound(FILE *out, const struct finding *finding,
				    unsigned width)
{
	char ratio[KFRAG_UNITS_SIZE];

	if (!finding->bound)
		return KFRAG_OK;
	return kfrag_paragraph_write(
		out, width,
		"An oracle that knows when each object dies would keep %s "
		"times the fewest.",
		kfrag_sim_figure(
			finding->bound->of[finding->by->measure].mean_micro,
			ratio));
}

enum kfrag_error kfrag_sim_write_finding(FILE *out,
					 const struct kfrag_sim_policy_row *all,
					 size_t nr_all, unsigned width)
{
	static const struct criterion low = { KFRAG_SIM_TROUGH_RATIO,
					      "when the population is low" };
	static const struct criterion average = { KFRAG_SIM_AVERAGE_RATIO,
						  "on average" };
	bool has_trough = all[0].of[KFRAG_SIM_TROUGH_RATIO].mean_micro.known;
	struct finding finding = { .by = has_trough ? &low : &average };
	enum kfrag_error error;

	if (!find(&finding, all, nr_all))
		return KFRAG_OK;
	fputc('\n', out);
	if (is_same(finding.worst, finding.best, finding.by)) {
		error = write_same(out, &finding, width);
	} else {
		error = write_advice(out, &finding, width);
		if (!error)
			error = write_price(out, &finding, width);
	}
	return error ? error : write_bound(out, &finding, width);
}
