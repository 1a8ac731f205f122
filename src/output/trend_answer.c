// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>

#include "kfrag/arith.h"
#include "output/figures.h"
#include "output/fit.h"
#include "output/paragraph.h"
#include "output/scratch.h"
#include "output/trend_evidence.h"
#include "output/trend_sections.h"

/* How long a name may be in a sentence. */
#define NAME_WIDTH 38

static enum kfrag_error write_held(const struct kfrag_trend_page *page)
{
	const struct kfrag_trends *trends = page->run->trends;
	const struct kfrag_history *history = trends->history;
	uint64_t first = history->moments[0].kernel_held_bytes;
	uint64_t last =
		history->moments[history->nr_moments - 1].kernel_held_bytes;
	const struct kfrag_slope *slope = &trends->slopes[KFRAG_FLOW_HELD];
	int64_t held = kfrag_difference_u64(last, first);
	char before[KFRAG_UNITS_SIZE], now[KFRAG_UNITS_SIZE];
	char change[KFRAG_UNITS_SIZE], percent[KFRAG_UNITS_SIZE];
	char per_hour[KFRAG_UNITS_SIZE];

	kfrag_units_bytes(first, before);
	kfrag_units_bytes(last, now);
	kfrag_paragraph_join(now);
	if (history->nr_moments == 1)
		return kfrag_paragraph_write(page->out, page->style.width,
					     "All slabs together hold %s.",
					     now);
	if (held == 0)
		return kfrag_paragraph_write(
			page->out, page->style.width,
			"All slabs together hold %s at the end, as at first.",
			now);
	kfrag_figure_change_bytes(held, change);
	kfrag_figure_change_percent(held, first, percent);
	kfrag_figure_change_bytes(slope->bytes_per_hour, per_hour);
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"All slabs together held %s at first and hold %s at the end: "
		"%s (%s)%s%s%s.",
		kfrag_paragraph_join(before), now, kfrag_paragraph_join(change),
		kfrag_paragraph_join(percent),
		slope->known ? "; their slope is " : "",
		slope->known ? kfrag_paragraph_join(per_hour) : "",
		slope->known ? " an hour" : "");
}

/* "1 leak, 2 trapped and 142 steady" */
static void list_verdicts(const struct kfrag_trends *trends, char *buf,
			  size_t size)
{
	size_t nr_items = 0, nr_listed = 0, length = 0;

	for (int i = 0; i < KFRAG_NR_VERDICTS; i++)
		nr_items += trends->nr_of[i] > 0;
	*buf = '\0';
	for (int i = 0; i < KFRAG_NR_VERDICTS; i++) {
		char digits[KFRAG_UNITS_SIZE];

		if (trends->nr_of[i] == 0)
			continue;
		kfrag_units_count(trends->nr_of[i], digits);
		length += (size_t)snprintf(
			buf + length, size - length, "%s%s\t%s",
			kfrag_figure_separator(nr_listed++, nr_items), digits,
			kfrag_verdict_text((enum kfrag_verdict)i));
	}
}

static enum kfrag_error write_verdicts(const struct kfrag_trend_page *page)
{
	const struct kfrag_trends *trends = page->run->trends;
	char all[KFRAG_UNITS_SIZE], list[512];

	kfrag_figure_noun(trends->nr_rows, "cache", all);
	kfrag_paragraph_join(all);
	if (trends->nr_of[KFRAG_TOO_FEW] == trends->nr_rows)
		return kfrag_paragraph_write(
			page->out, page->style.width,
			"Too few samples to tell what becomes of %s: at least "
			"%" PRIu64 " are needed, for trapped %" PRIu64 ".",
			all, kfrag_trend_threshold("min-samples"),
			kfrag_trend_threshold("min-samples-trapped"));
	if (trends->nr_of[KFRAG_STEADY] == trends->nr_rows)
		return kfrag_paragraph_write(page->out, page->style.width,
					     "%s, all of them steady: none "
					     "keeps growing, and no slabs are "
					     "trapped.",
					     all);
	list_verdicts(trends, list, sizeof(list));
	return kfrag_paragraph_write(page->out, page->style.width, "Of %s, %s.",
				     all, list);
}

/* ------------------------------------------------------ the worst of each */

/* NULL where none has the verdict. */
static const struct kfrag_trend *worst_of(const struct kfrag_trends *trends,
					  enum kfrag_verdict verdict)
{
	const struct kfrag_trend *worst = NULL;

	for (size_t i = 0; i < trends->nr_rows; i++) {
		const struct kfrag_trend *trend = &trends->rows[i];

		if (trend->verdict == verdict &&
		    (!worst || kfrag_trend_bytes_at_stake(trend) >
				       kfrag_trend_bytes_at_stake(worst)))
			worst = trend;
	}
	return worst;
}

static enum kfrag_error write_worst(const struct kfrag_trend_page *page,
				    const char *what,
				    const struct kfrag_trend *trend)
{
	const struct kfrag_series *series = trend->series;
	const struct kfrag_slope *slope = &trend->slopes[KFRAG_FLOW_HELD];
	bool is_trapped = trend->verdict == KFRAG_TRAPPED;
	struct kfrag_scratch scratch = { 0 };
	char *name = kfrag_scratch_escape(&scratch, series->name,
					  series->name_bytes);
	char bytes[KFRAG_UNITS_SIZE];
	enum kfrag_error error;

	if (!name)
		return KFRAG_ENOMEM;
	kfrag_fit_shorten(name, NAME_WIDTH);
	if (is_trapped)
		kfrag_units_bytes(trend->trapped_bytes, bytes);
	else
		kfrag_figure_change_bytes(
			slope->known ? slope->bytes_per_hour :
				       trend->climbs_bytes[KFRAG_FLOW_HELD],
			bytes);
	error = kfrag_paragraph_write(
		page->out, page->style.width, "%s %s: %s%s.", what,
		kfrag_paragraph_join(name), kfrag_paragraph_join(bytes),
		slope->known && !is_trapped ? " an hour" : "");
	kfrag_scratch_release(&scratch);
	return error;
}

enum kfrag_error kfrag_trend_section_answer(const struct kfrag_trend_page *page)
{
	static const struct {
		enum kfrag_verdict verdict;
		const char *what;
	} worst[] = {
		{ KFRAG_LEAK, "The worst leak is" },
		{ KFRAG_BLOAT, "The worst bloat is" },
		{ KFRAG_TRAPPED, "Most is trapped in" },
	};
	enum kfrag_error error;

	fputc('\n', page->out);
	error = write_held(page);
	if (!error)
		error = write_verdicts(page);
	for (size_t i = 0; i < sizeof(worst) / sizeof(worst[0]) && !error;
	     i++) {
		const struct kfrag_trend *trend =
			worst_of(page->run->trends, worst[i].verdict);

		if (trend)
			error = write_worst(page, worst[i].what, trend);
	}
	return error;
}
