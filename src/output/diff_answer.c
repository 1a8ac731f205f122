// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "kfrag/arith.h"
#include "output/diff_sections.h"
#include "output/figures.h"
#include "output/fit.h"
#include "output/paragraph.h"
#include "output/scratch.h"

/* How long a name may be in a sentence. */
#define NAME_WIDTH 38

int64_t kfrag_diff_held_change(const struct kfrag_cache_pair *pair)
{
	return kfrag_difference_u64(
		pair->new_row ? pair->new_row->kernel_held_bytes : 0,
		pair->old_row ? pair->old_row->kernel_held_bytes : 0);
}

/* What became of the caches, and whose bytes changed most. */
struct outcome {
	uint64_t nr_grown;
	uint64_t nr_shrunk;
	uint64_t nr_others; /* in both files, hold as much, differ otherwise */
	const struct kfrag_cache_pair *held; /* NULL: none changed */
	const struct kfrag_cache_pair *idle;
};

static int64_t idle_change(const struct kfrag_cache_pair *pair)
{
	return kfrag_difference_u64(
		pair->new_row ? pair->new_row->kernel_idle_bytes : 0,
		pair->old_row ? pair->old_row->kernel_idle_bytes : 0);
}

static void count(struct outcome *outcome, const struct kfrag_cache_pair *pair)
{
	int64_t change = kfrag_diff_held_change(pair);

	if (pair->status == KFRAG_CHANGED) {
		outcome->nr_grown += change > 0;
		outcome->nr_shrunk += change < 0;
		outcome->nr_others += change == 0;
	}
}

static enum kfrag_error sort_by(struct kfrag_selection *selection,
				const char *word)
{
	struct kfrag_sort_key key;

	if (!kfrag_diff_sort_key_find(word, &key))
		return KFRAG_OK;
	return kfrag_selection_sort(selection, &key);
}

/* The first of the list of caches, in its usual order and by idle slots. */
static enum kfrag_error find_largest(struct outcome *outcome,
				     const struct kfrag_comparison *comparison)
{
	struct kfrag_selection sorted;
	enum kfrag_error error;

	error = kfrag_diff_selection_init(&sorted, comparison,
					  KFRAG_DIFF_CACHES);
	if (error)
		return error;
	error = sort_by(&sorted, "kernel_idle_bytes");
	if (!error && sorted.nr_rows > 0 && idle_change(sorted.rows[0]) != 0)
		outcome->idle = sorted.rows[0];
	if (!error)
		error = sort_by(&sorted, "name");
	if (!error)
		error = sort_by(&sorted, "change");
	if (!error && sorted.nr_rows > 0 &&
	    kfrag_diff_held_change(sorted.rows[0]) != 0)
		outcome->held = sorted.rows[0];
	kfrag_selection_release(&sorted);
	return error;
}

/* "12 grew, 3 shrank, 1 is new"; leaves out what is not. */
static void list_outcome(const struct kfrag_diff_page *page,
			 const struct outcome *outcome, char *buf, size_t size)
{
	const struct kfrag_comparison *comparison = page->diff->comparison;
	const struct kfrag_diff_words *words = page->words;
	const struct {
		uint64_t nr;
		const char *one;
		const char *many;
	} items[] = {
		{ outcome->nr_grown, words->grew, words->grew },
		{ outcome->nr_shrunk, words->shrank, words->shrank },
		{ comparison->nr_of[KFRAG_NEW], "is new", "are new" },
		{ comparison->nr_of[KFRAG_GONE], "is gone", "are gone" },
		{ outcome->nr_others, "holds as much and differs otherwise",
		  "hold as much and differ otherwise" },
		{ comparison->nr_of[KFRAG_SAME], "is the same",
		  "are the same" },
	};
	size_t nr_items = 0, nr_listed = 0, length = 0;
	char digits[KFRAG_UNITS_SIZE];

	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		nr_items += items[i].nr > 0;
	*buf = '\0';
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		if (items[i].nr == 0)
			continue;
		length += (size_t)snprintf(
			buf + length, size - length, "%s%s %s",
			kfrag_figure_separator(nr_listed++, nr_items),
			kfrag_units_count(items[i].nr, digits),
			items[i].nr == 1 ? items[i].one : items[i].many);
	}
}

static enum kfrag_error write_held(const struct kfrag_diff_page *page,
				   const struct kfrag_total_row *old_row,
				   const struct kfrag_total_row *new_row)
{
	int64_t held =
		kfrag_difference_u64(new_row->held_bytes, old_row->held_bytes);
	char before[KFRAG_UNITS_SIZE], now[KFRAG_UNITS_SIZE];
	char change[KFRAG_UNITS_SIZE], percent[KFRAG_UNITS_SIZE];
	char live[KFRAG_UNITS_SIZE], idle[KFRAG_UNITS_SIZE];
	char tail[KFRAG_UNITS_SIZE];

	kfrag_units_bytes(old_row->held_bytes, before);
	if (held == 0)
		return kfrag_paragraph_write(
			page->out, page->style.width,
			"The kernel's own slabs hold %s, as much as before.",
			kfrag_paragraph_join(before));
	kfrag_units_bytes(new_row->held_bytes, now);
	kfrag_figure_change_bytes(held, change);
	kfrag_figure_change_percent(held, old_row->held_bytes, percent);
	kfrag_figure_change_bytes(kfrag_difference_u64(new_row->live_bytes,
						       old_row->live_bytes),
				  live);
	kfrag_figure_change_bytes(
		kfrag_difference_u64(new_row->idle_bytes.value,
				     old_row->idle_bytes.value),
		idle);
	kfrag_figure_change_bytes(kfrag_difference_i64(new_row->tail_bytes,
						       old_row->tail_bytes),
				  tail);
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"The kernel's own slabs %s %s and %s %s: %s (%s), of which "
		"objects in use %s, idle slots %s, tails %s.",
		page->words->held, kfrag_paragraph_join(before),
		page->words->holds_now, kfrag_paragraph_join(now),
		kfrag_paragraph_join(change), kfrag_paragraph_join(percent),
		kfrag_paragraph_join(live), kfrag_paragraph_join(idle),
		kfrag_paragraph_join(tail));
}

static enum kfrag_error write_counts(const struct kfrag_diff_page *page,
				     const struct outcome *outcome)
{
	const struct kfrag_comparison *comparison = page->diff->comparison;
	char list[512], all[KFRAG_UNITS_SIZE];

	list_outcome(page, outcome, list, sizeof(list));
	kfrag_figure_noun(comparison->nr_caches, "cache", all);
	return kfrag_paragraph_write(page->out, page->style.width, "Of %s, %s.",
				     kfrag_paragraph_join(all), list);
}

static enum kfrag_error write_largest(const struct kfrag_diff_page *page,
				      const char *what, int64_t bytes,
				      const struct kfrag_cache_pair *pair)
{
	static const char *const presence[KFRAG_NR_STATUSES] = {
		[KFRAG_SAME] = "",
		[KFRAG_CHANGED] = "",
		[KFRAG_NEW] = " (new)",
		[KFRAG_GONE] = " (gone)",
	};
	const struct kfrag_cache_row *row = pair->new_row ? pair->new_row :
							    pair->old_row;
	struct kfrag_scratch scratch = { 0 };
	char *name = kfrag_scratch_escape(&scratch, row->name, row->name_bytes);
	char change[KFRAG_UNITS_SIZE];
	enum kfrag_error error;

	if (!name)
		return KFRAG_ENOMEM;
	kfrag_fit_shorten(name, NAME_WIDTH);
	kfrag_figure_change_bytes(bytes, change);
	error = kfrag_paragraph_write(page->out, page->style.width,
				      "%s is %s%s: %s.", what,
				      kfrag_paragraph_join(name),
				      presence[pair->status],
				      kfrag_paragraph_join(change));
	kfrag_scratch_release(&scratch);
	return error;
}

/*
 * Slots may empty, or fill, without a slab that comes or goes: that is said
 * where it outweighs what did.
 */
static enum kfrag_error write_changes(const struct kfrag_diff_page *page,
				      const struct outcome *outcome)
{
	int64_t held = outcome->held ? kfrag_diff_held_change(outcome->held) :
				       0;
	int64_t idle = outcome->idle ? idle_change(outcome->idle) : 0;
	enum kfrag_error error = write_counts(page, outcome);

	if (!error && outcome->held)
		error = write_largest(page, "The largest change", held,
				      outcome->held);
	if (!error && kfrag_magnitude(idle) > kfrag_magnitude(held))
		error = write_largest(
			page,
			"The largest change of idle slots (--sort "
			"waste)",
			idle, outcome->idle);
	return error;
}

static enum kfrag_error write_no_difference(const struct kfrag_diff_page *page)
{
	char all[KFRAG_UNITS_SIZE];

	kfrag_figure_noun(page->diff->comparison->nr_caches, "cache", all);
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"No difference: sizes, objects and slabs of %s are the same.",
		kfrag_paragraph_join(all));
}

enum kfrag_error kfrag_diff_section_answer(const struct kfrag_diff_page *page)
{
	const struct kfrag_comparison *comparison = page->diff->comparison;
	const struct kfrag_total_row *old_row = kfrag_report_total(
		page->diff->old_side.report, KFRAG_KERNEL, KFRAG_SETTLED);
	const struct kfrag_total_row *new_row = kfrag_report_total(
		page->diff->new_side.report, KFRAG_KERNEL, KFRAG_SETTLED);
	struct outcome outcome = { 0 };
	enum kfrag_error error;

	fputc('\n', page->out);
	if (!kfrag_comparison_differs(comparison))
		return write_no_difference(page);
	for (size_t i = 0; i < comparison->nr_caches; i++)
		count(&outcome, &comparison->caches[i]);
	error = find_largest(&outcome, comparison);
	if (!error && old_row && new_row)
		error = write_held(page, old_row, new_row);
	return error ? error : write_changes(page, &outcome);
}
