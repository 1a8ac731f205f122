// SPDX-License-Identifier: MIT
#include "output/lesson_parts.h"

#include <inttypes.h>

#include "kfrag/arith.h"

static uint64_t in_largest_unit(uint64_t bytes, const char **unit)
{
	static const char *const units[] = { "", "K", "M", "G", "T" };
	size_t i = 0;

	while (bytes > 0 && bytes % 1024 == 0 && i < 4) {
		bytes /= 1024;
		i++;
	}
	*unit = units[i];
	return bytes;
}

const char *kfrag_lesson_size(uint64_t bytes, char buf[KFRAG_LESSON_SIZE_TEXT])
{
	const char *unit;
	uint64_t number = in_largest_unit(bytes, &unit);

	snprintf(buf, KFRAG_LESSON_SIZE_TEXT, "%" PRIu64 " %s%s", number, unit,
		 *unit ? "iB" : "B");
	return buf;
}

const char *kfrag_lesson_short_size(uint64_t bytes,
				    char buf[KFRAG_LESSON_SIZE_TEXT])
{
	const char *unit;
	uint64_t number = in_largest_unit(bytes, &unit);

	snprintf(buf, KFRAG_LESSON_SIZE_TEXT, "%" PRIu64 "%s", number, unit);
	return buf;
}

unsigned kfrag_lesson_column(const struct kfrag_lesson_run *run, uint64_t pfn)
{
	unsigned order = kfrag_log2_ceil(run->nr_pages);

	return (unsigned)(pfn * KFRAG_LESSON_COLUMNS >> order);
}

bool kfrag_lesson_last_pair(const struct kfrag_lesson_run *run,
			    struct kfrag_lesson_pair *pair)
{
	const struct kfrag_lesson_event *event = &run->event;
	const struct kfrag_lesson_page_event *last;

	*pair = (struct kfrag_lesson_pair){ 0 };
	if (event->nr_pages == 0)
		return false;
	last = &event->pages[event->nr_pages - 1];
	if (last->is_refused)
		return false;
	pair->order = last->is_free ? last->merged_order : last->order;
	/* The last pair of a block that has become the largest is below. */
	if (pair->order == run->max_order && last->is_free &&
	    last->merged_order > last->order)
		pair->order--;
	pair->block = last->pfn >> pair->order;
	pair->index = pair->block / 2;
	return pair->index < kfrag_lesson_nr_pairs(run, pair->order);
}
