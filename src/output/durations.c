// SPDX-License-Identifier: MIT
#include "output/durations.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kfrag/arith.h"
#include "kfrag/units.h"

void kfrag_durations_add(struct kfrag_durations *durations, const char *name,
			 uint64_t ns)
{
	struct kfrag_duration *duration = durations->list;
	struct kfrag_duration *end = duration + durations->nr_durations;

	while (duration < end && strcmp(duration->name, name) != 0)
		duration++;
	if (duration == end) {
		assert(durations->nr_durations < KFRAG_MAX_DURATIONS);
		*duration = (struct kfrag_duration){ .name = name };
		durations->nr_durations++;
	}
	duration->ns += ns;
}

static uint64_t sum_ns(const struct kfrag_durations *durations)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < durations->nr_durations; i++)
		sum += durations->list[i].ns;
	return sum;
}

const char *kfrag_durations_line(const struct kfrag_durations *durations,
				 size_t index, const char *total,
				 char buf[KFRAG_DURATION_LINE_SIZE])
{
	uint64_t all_ns = sum_ns(durations), ns = all_ns, us;
	char percent[KFRAG_UNITS_SIZE];

	assert(index <= durations->nr_durations);
	if (index < durations->nr_durations) {
		total = durations->list[index].name;
		ns = durations->list[index].ns;
	}
	us = ns / 1000 + (ns % 1000 >= 500);
	snprintf(buf, KFRAG_DURATION_LINE_SIZE,
		 "%-20.64s %6" PRIu64 ".%03" PRIu64 " ms %8.32s", total,
		 us / 1000, us % 1000,
		 kfrag_units_percent(ns, all_ns, percent));
	return buf;
}
