// SPDX-License-Identifier: MIT
#include "output/lesson_example.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SCRIPT_SIZE 512

/* The name as one that a script can have. */
static void make_name(const struct kfrag_cache_row *row,
		      char name[KFRAG_LESSON_NAME_BYTES + 1])
{
	size_t length = row->name_bytes;

	if (length > KFRAG_LESSON_NAME_BYTES)
		length = KFRAG_LESSON_NAME_BYTES;
	for (size_t i = 0; i < length; i++) {
		char byte = row->name[i];

		if ((byte >= '0' && byte <= '9') ||
		    (byte >= 'A' && byte <= 'Z') ||
		    (byte >= 'a' && byte <= 'z') || byte == '-')
			name[i] = byte;
		else
			name[i] = '_';
	}
	name[length] = '\0';
	if (length == 0)
		snprintf(name, KFRAG_LESSON_NAME_BYTES + 1, "object");
}

/* Does all steps; false where a lesson is too small for this cache. */
static bool run_all(struct kfrag_lesson_run *run)
{
	struct kfrag_lesson_fault fault;
	bool ok = true;

	while (ok && kfrag_lesson_run_has_more(run))
		ok = kfrag_lesson_run_step(run, &fault) == KFRAG_OK;
	return ok;
}

static bool do_steps(struct kfrag_lesson_example *example,
		     const struct kfrag_cache_row *row)
{
	struct kfrag_lesson_step *steps = example->lesson.steps;

	/* SLAB has fewer slots in a slab than fit, for its own data. */
	for (size_t i = 0; i < example->lesson.nr_steps; i++)
		if (steps[i].verb == KFRAG_LESSON_CACHE &&
		    steps[i].objs_per_slab > row->objs_per_slab)
			steps[i].objs_per_slab = row->objs_per_slab;
	if (kfrag_lesson_run_init(&example->run, &example->lesson))
		return false;
	if (run_all(&example->run))
		return true;
	kfrag_lesson_run_release(&example->run);
	return false;
}

bool kfrag_lesson_example_init(struct kfrag_lesson_example *example,
			       const struct kfrag_report *report,
			       const struct kfrag_cache_row *row)
{
	unsigned larger = row->slab_order > row->buddy_order ? row->slab_order :
							       row->buddy_order;
	char name[KFRAG_LESSON_NAME_BYTES + 1], script[SCRIPT_SIZE];
	struct kfrag_lesson_fault fault;

	if (larger + 2 > KFRAG_LESSON_MAX_ORDER || row->objs_per_slab == 0)
		return false;
	make_name(row, name);
	snprintf(script, sizeof(script),
		 "page %" PRIu64 "\nmemory %" PRIu64 "\nalloc object %" PRIu64
		 "\ncache %s %" PRIu64 " %u\nnew %s\n",
		 report->page_size_bytes,
		 report->page_size_bytes << (larger + 2), row->size_bytes, name,
		 row->size_bytes, row->slab_order, name);
	if (kfrag_lesson_parse(&example->lesson, script, strlen(script),
			       &fault))
		return false;
	if (do_steps(example, row))
		return true;
	kfrag_lesson_release(&example->lesson);
	return false;
}

void kfrag_lesson_example_release(struct kfrag_lesson_example *example)
{
	kfrag_lesson_run_release(&example->run);
	kfrag_lesson_release(&example->lesson);
}
