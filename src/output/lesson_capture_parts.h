/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_LESSON_CAPTURE_PARTS_H
#define KFRAG_OUTPUT_LESSON_CAPTURE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/lesson_capture.h"
#include "kfrag/report.h"

/* What `waste` and `cache` say of a capture, for text, json and pictures. */
#define KFRAG_LESSON_CAPTURE_WORDS 1024

/* ------------------------------------------------------------------ waste */

struct kfrag_lesson_waste_row {
	const struct kfrag_workload_cache *cache;
	struct kfrag_lesson_waste waste;
};

/* A row for each cache, most lost first; NULL: no memory. Free it. */
struct kfrag_lesson_waste_row *
kfrag_lesson_waste_rows(const struct kfrag_workload *workload);

/* Whether the script of the lecture is wrong about it. */
static inline bool
kfrag_lesson_is_misjudged(const struct kfrag_lesson_waste_row *row)
{
	return row->waste.lost_bytes != row->waste.script_bytes;
}

/* So many rows are shown in any case, and all that are misjudged. */
#define KFRAG_LESSON_WASTE_ROWS 10

/* Why the script is wrong, and by how much. Returns words. */
const char *kfrag_lesson_waste_reason(const struct kfrag_lesson_waste_row *rows,
				      size_t nr_rows, uint64_t page_bytes,
				      char words[KFRAG_LESSON_CAPTURE_WORDS]);

/* ------------------------------------------------------------------ cache */

/* A way to keep objects, and what it takes. */
#define KFRAG_LESSON_WAYS 4
struct kfrag_lesson_way {
	const char *key; /* for programs */
	const char *label; /* for people */
	uint64_t nr_objs;
	uint64_t held_bytes;
	uint64_t lost_bytes; /* of them */
};

void kfrag_lesson_ways_of(const struct kfrag_cache_row *row,
			  struct kfrag_lesson_way ways[KFRAG_LESSON_WAYS]);

/* A paragraph each: what the cache is, its slabs, which way is better. */
const char *kfrag_lesson_cache_head(const struct kfrag_report *report,
				    const struct kfrag_cache_row *row,
				    char words[KFRAG_LESSON_CAPTURE_WORDS]);
const char *kfrag_lesson_cache_slabs(const struct kfrag_cache_row *row,
				     char words[KFRAG_LESSON_CAPTURE_WORDS]);
const char *kfrag_lesson_cache_answer(const struct kfrag_cache_row *row,
				      char words[KFRAG_LESSON_CAPTURE_WORDS]);

#endif
