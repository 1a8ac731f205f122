// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/arith.h"
#include "output/figures.h"
#include "output/fit.h"
#include "output/paragraph.h"
#include "output/scratch.h"
#include "output/table_sections.h"

/* Caches named in the last sentence, and how long a name may be there. */
#define NR_NAMED 3
#define NAME_WIDTH 30

/* ------------------------------------------------ buddy against slabs */

/* "8.8 times less", "1.3 times as much", ... */
static void compare(uint64_t buddy, uint64_t slab, char *buf, size_t size)
{
	char ratio[KFRAG_UNITS_SIZE];
	bool less = slab < buddy;

	if (less)
		kfrag_figure_ratio(buddy, slab, 1, ratio);
	else
		kfrag_figure_ratio(slab, buddy, 1, ratio);
	if (slab == buddy)
		snprintf(buf, size, "as much");
	else if (slab == 0 || buddy == 0)
		snprintf(buf, size, less ? "nothing" : "more than nothing");
	else if (strcmp(ratio, "1.0") == 0)
		snprintf(buf, size, "about as much");
	else
		snprintf(buf, size, "%s times %s", ratio,
			 less ? "less" : "as much");
}

static enum kfrag_error write_comparison(const struct kfrag_page *page,
					 uint64_t buddy_bytes,
					 uint64_t slab_bytes)
{
	char in_buddy[KFRAG_UNITS_SIZE], in_slabs[KFRAG_UNITS_SIZE];
	char words[2 * KFRAG_UNITS_SIZE];

	if (buddy_bytes == 0 && slab_bytes == 0)
		return kfrag_paragraph_write(
			page->out, page->style.width,
			"No object is live, so they take nothing either way.");
	compare(buddy_bytes, slab_bytes, words, sizeof(words));
	kfrag_units_bytes(buddy_bytes, in_buddy);
	kfrag_units_bytes(slab_bytes, in_slabs);
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"In buddy blocks these objects would take %s; in slabs they "
		"take %s, %s.",
		kfrag_paragraph_join(in_buddy), kfrag_paragraph_join(in_slabs),
		words);
}

/* Where not all objects fit, bytes held would compare different things. */
static enum kfrag_error write_places(const struct kfrag_page *page)
{
	const struct kfrag_report *report = page->report;
	const struct kfrag_total_row *buddy =
		kfrag_report_total(report, KFRAG_BUDDY, KFRAG_PEAK);
	const struct kfrag_total_row *slab =
		kfrag_report_total(report, KFRAG_SLAB, KFRAG_PEAK);
	char all[KFRAG_UNITS_SIZE], in_buddy[KFRAG_UNITS_SIZE];
	char in_slabs[KFRAG_UNITS_SIZE], memory[KFRAG_UNITS_SIZE];

	if (!buddy || !slab)
		return KFRAG_OK;
	kfrag_figure_noun(report->num_objs, "object", all);
	kfrag_figure_round_bytes(report->memory_bytes, memory);
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"Of %s, %s fit into %s in buddy blocks and %s in slabs.",
		kfrag_paragraph_join(all),
		kfrag_units_count(buddy->live_objs, in_buddy),
		kfrag_paragraph_join(memory),
		kfrag_units_count(slab->live_objs, in_slabs));
}

static enum kfrag_error write_first(const struct kfrag_page *page)
{
	const struct kfrag_total_row *buddy =
		kfrag_report_total(page->report, KFRAG_BUDDY, KFRAG_SETTLED);
	const struct kfrag_total_row *slab =
		kfrag_report_total(page->report, KFRAG_SLAB, KFRAG_SETTLED);

	if (!buddy || !slab)
		return KFRAG_OK;
	if (buddy->failed_objs.value || slab->failed_objs.value)
		return write_places(page);
	return write_comparison(page, buddy->held_bytes, slab->held_bytes);
}

/* ------------------------------------------------- where the rest lies */

/* The caches that hold four fifths of what the kernel's slabs waste. */
struct culprits {
	uint64_t waste_bytes; /* of all caches */
	size_t nr_caches; /* at the head of the sorted selection */
};

static uint64_t waste_of(const struct kfrag_sort_key *key, const void *row)
{
	struct kfrag_value value = key->value(row);

	/* Below zero the file contradicts itself: nothing to blame there. */
	return value.kind == KFRAG_VALUE_UNSIGNED ? value.number : 0;
}

static uint64_t add_capped(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return kfrag_add_u64(a, b, &sum) ? sum : UINT64_MAX;
}

static struct culprits find_culprits(const struct kfrag_selection *sorted,
				     const struct kfrag_sort_key *key)
{
	struct culprits culprits = { 0 };
	uint64_t wanted, found = 0;

	for (size_t i = 0; i < sorted->nr_rows; i++)
		culprits.waste_bytes = add_capped(
			culprits.waste_bytes, waste_of(key, sorted->rows[i]));
	wanted = culprits.waste_bytes - culprits.waste_bytes / 5;
	while (found < wanted) {
		const void *row = sorted->rows[culprits.nr_caches++];

		found = add_capped(found, waste_of(key, row));
	}
	return culprits;
}

/* "a, b, c and 4 more"; the caller frees it. NULL: no memory. */
static char *name_culprits(const struct kfrag_selection *sorted,
			   size_t nr_caches)
{
	/* A character takes four bytes at most. */
	size_t size = NR_NAMED * (4 * NAME_WIDTH + 8) + KFRAG_UNITS_SIZE;
	struct kfrag_scratch scratch = { 0 };
	char *text = calloc(1, size);
	char more[KFRAG_UNITS_SIZE];
	size_t length = 0;

	for (size_t i = 0; text && i < nr_caches && i < NR_NAMED; i++) {
		const struct kfrag_cache_row *row = sorted->rows[i];
		char *name = kfrag_scratch_escape(&scratch, row->name,
						  row->name_bytes);

		if (!name) {
			free(text);
			return NULL;
		}
		kfrag_fit_shorten(name, NAME_WIDTH);
		length += (size_t)snprintf(text + length, size - length, "%s%s",
					   kfrag_figure_separator(i, nr_caches),
					   kfrag_paragraph_join(name));
	}
	if (text && nr_caches > NR_NAMED)
		snprintf(text + length, size - length, " and %s more",
			 kfrag_units_count(nr_caches - NR_NAMED, more));
	kfrag_scratch_release(&scratch);
	return text;
}

static enum kfrag_error write_culprits(const struct kfrag_page *page,
				       const struct kfrag_selection *sorted,
				       const struct kfrag_sort_key *key)
{
	struct culprits culprits = find_culprits(sorted, key);
	char waste[KFRAG_UNITS_SIZE], count[KFRAG_UNITS_SIZE];
	enum kfrag_error error;
	char *names;

	if (culprits.waste_bytes == 0)
		return kfrag_paragraph_write(
			page->out, page->style.width,
			"The kernel's own slabs have no idle slots and no "
			"tails.");
	names = name_culprits(sorted, culprits.nr_caches);
	if (!names)
		return KFRAG_ENOMEM;
	kfrag_units_bytes(culprits.waste_bytes, waste);
	error = kfrag_paragraph_write(
		page->out, page->style.width,
		"Of the %s that the kernel's own slabs waste in idle slots and "
		"tails, four fifths are in %s: %s.",
		kfrag_paragraph_join(waste),
		kfrag_figure_noun(culprits.nr_caches, "cache", count), names);
	free(names);
	return error;
}

enum kfrag_error kfrag_section_finding(const struct kfrag_page *page)
{
	struct kfrag_selection sorted;
	struct kfrag_sort_key key;
	enum kfrag_error error;

	fputc('\n', page->out);
	error = write_first(page);
	if (error)
		return error;
	error = kfrag_selection_init(&sorted, page->report, KFRAG_TABLE_CACHES);
	if (!error && kfrag_sort_key_find("waste", &key)) {
		error = kfrag_selection_sort(&sorted, &key);
		if (!error)
			error = write_culprits(page, &sorted, &key);
	}
	kfrag_selection_release(&sorted);
	return error;
}
