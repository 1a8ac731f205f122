// SPDX-License-Identifier: MIT
#include "output/trend_parameters.h"

static struct kfrag_value time_of(const struct kfrag_moment *moment)
{
	return moment->has_time ? kfrag_value_unsigned(moment->time) :
				  kfrag_value_unknown();
}

void kfrag_trend_parameters(
	const struct kfrag_trend_run *run,
	struct kfrag_named_value list[KFRAG_NR_TREND_PARAMETERS])
{
	const struct kfrag_history *history = run->trends->history;
	const struct kfrag_moment *first = history->moments;
	const struct kfrag_moment *last = first + history->nr_moments - 1;

	list[0] = (struct kfrag_named_value){
		"nr_samples", kfrag_value_unsigned(history->nr_moments)
	};
	list[1] = (struct kfrag_named_value){ "first_time", time_of(first) };
	list[2] = (struct kfrag_named_value){ "last_time", time_of(last) };
	list[3] = (struct kfrag_named_value){
		"interval_seconds",
		run->interval_seconds ?
			kfrag_value_unsigned(run->interval_seconds) :
			kfrag_value_unknown()
	};
}

void kfrag_trend_slopes(const struct kfrag_trends *trends,
			struct kfrag_named_value list[KFRAG_NR_FLOWS])
{
	static const char *const names[KFRAG_NR_FLOWS] = {
		[KFRAG_FLOW_ACTIVE] = "active_bytes_per_hour",
		[KFRAG_FLOW_TOTAL] = "total_bytes_per_hour",
		[KFRAG_FLOW_HELD] = "held_bytes_per_hour",
	};

	for (int flow = 0; flow < KFRAG_NR_FLOWS; flow++) {
		const struct kfrag_slope *slope = &trends->slopes[flow];

		list[flow].name = names[flow];
		list[flow].value = kfrag_value_signed_opt(
			slope->known, slope->bytes_per_hour);
	}
}

uint64_t kfrag_trend_page_sizes(const struct kfrag_history *history)
{
	uint64_t sizes = 0;

	for (size_t i = 0; i < history->nr_moments; i++)
		sizes |= history->moments[i].page_size_bytes;
	return sizes;
}
