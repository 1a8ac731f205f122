/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_LESSON_CAPTURE_H
#define KFRAG_LESSON_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "kfrag/workload.h"

/* What blocks of their own waste for the objects of a cache. */
struct kfrag_lesson_waste {
	uint64_t nr_objs; /* num_objs, in use or idle */
	uint64_t block_bytes; /* of an object's own block */
	uint64_t lost_bytes; /* nr_objs x what is lost of a block */
	/*
	 * The same as the script of the lecture counts it: nothing is lost
	 * where the size is a multiple of the page.
	 */
	uint64_t script_bytes;
};

struct kfrag_lesson_waste
kfrag_lesson_waste_of(const struct kfrag_workload *workload,
		      const struct kfrag_workload_cache *cache);

/* The sum over all caches; block_bytes is 0. */
struct kfrag_lesson_waste
kfrag_lesson_waste_sum(const struct kfrag_workload *workload);

#endif
