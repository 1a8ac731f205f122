// SPDX-License-Identifier: MIT
#include "kfrag/comparison.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *kfrag_status_text(enum kfrag_status status)
{
	static const char *const texts[KFRAG_NR_STATUSES] = {
		[KFRAG_SAME] = "same",
		[KFRAG_CHANGED] = "changed",
		[KFRAG_NEW] = "new",
		[KFRAG_GONE] = "gone",
	};

	return texts[status];
}

void kfrag_comparison_release(struct kfrag_comparison *comparison)
{
	free(comparison->caches);
	free(comparison->totals);
	*comparison = (struct kfrag_comparison){ 0 };
}

bool kfrag_comparison_differs(const struct kfrag_comparison *comparison)
{
	return comparison->nr_of[KFRAG_SAME] < comparison->nr_caches;
}

/* ------------------------------------------------------------ matching */

/* A cache of one report, and which it is in the other one. */
struct candidate {
	const struct kfrag_cache_row *row;
	const struct kfrag_cache_row *partner; /* NULL: none */
};

static int compare_names(const struct kfrag_cache_row *a,
			 const struct kfrag_cache_row *b)
{
	size_t common = a->name_bytes < b->name_bytes ? a->name_bytes :
							b->name_bytes;
	int order = common ? memcmp(a->name, b->name, common) : 0;

	if (order)
		return order;
	return (a->name_bytes > b->name_bytes) -
	       (a->name_bytes < b->name_bytes);
}

static int compare_names_and_sizes(const struct kfrag_cache_row *a,
				   const struct kfrag_cache_row *b)
{
	int order = compare_names(a, b);

	if (order)
		return order;
	return (a->size_bytes > b->size_bytes) -
	       (a->size_bytes < b->size_bytes);
}

/* Rows of one report lie in one array, in its order. */
static int compare_places(const struct candidate *a, const struct candidate *b)
{
	return (a->row > b->row) - (a->row < b->row);
}

static int by_name_and_size(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = compare_names_and_sizes(x->row, y->row);

	return order ? order : compare_places(x, y);
}

static int by_name(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = compare_names(x->row, y->row);

	return order ? order : compare_places(x, y);
}

static int by_place(const void *a, const void *b)
{
	return compare_places(a, b);
}

/* How caches are to be equal: sorted that way they can be merged. */
struct likeness {
	int (*compare)(const struct kfrag_cache_row *a,
		       const struct kfrag_cache_row *b);
	int (*sort)(const void *a, const void *b);
};

static size_t next_free(const struct candidate *list, size_t nr, size_t i)
{
	while (i < nr && list[i].partner)
		i++;
	return i;
}

/* Gives partners to those that have none yet and are alike. */
static void match(struct candidate *olds, size_t nr_olds,
		  struct candidate *news, size_t nr_news,
		  const struct likeness *likeness)
{
	size_t i, k;

	qsort(olds, nr_olds, sizeof(*olds), likeness->sort);
	qsort(news, nr_news, sizeof(*news), likeness->sort);
	i = next_free(olds, nr_olds, 0);
	k = next_free(news, nr_news, 0);
	while (i < nr_olds && k < nr_news) {
		int order = likeness->compare(olds[i].row, news[k].row);

		if (order == 0) {
			olds[i].partner = news[k].row;
			news[k].partner = olds[i].row;
		}
		if (order <= 0)
			i = next_free(olds, nr_olds, i + 1);
		if (order >= 0)
			k = next_free(news, nr_news, k + 1);
	}
}

/* The caller frees it; NULL: no memory. */
static struct candidate *make_candidates(const struct kfrag_report *report)
{
	size_t nr = (size_t)report->nr_caches;
	struct candidate *list = calloc(nr ? nr : 1, sizeof(*list));

	for (size_t i = 0; list && i < nr; i++)
		list[i].row = &report->caches[i];
	return list;
}

/* ---------------------------------------------------------------- rows */

/* One that a file does not state cannot be said to differ. */
static bool active_slabs_agree(const struct kfrag_cache_row *a,
			       const struct kfrag_cache_row *b)
{
	return a->active_slabs_unknown || b->active_slabs_unknown ||
	       a->active_slabs == b->active_slabs;
}

static bool files_agree(const struct kfrag_cache_row *a,
			const struct kfrag_cache_row *b)
{
	return a->size_bytes == b->size_bytes &&
	       a->active_objs == b->active_objs && a->num_objs == b->num_objs &&
	       a->objs_per_slab == b->objs_per_slab &&
	       a->slab_order == b->slab_order && a->num_slabs == b->num_slabs &&
	       active_slabs_agree(a, b) &&
	       a->kernel_held_bytes == b->kernel_held_bytes &&
	       a->kernel_idle_bytes == b->kernel_idle_bytes &&
	       a->kernel_tail_bytes == b->kernel_tail_bytes;
}

static void add_cache(struct kfrag_comparison *comparison,
		      const struct kfrag_cache_row *old_row,
		      const struct kfrag_cache_row *new_row)
{
	struct kfrag_cache_pair *pair =
		&comparison->caches[comparison->nr_caches++];

	*pair = (struct kfrag_cache_pair){ .old_row = old_row,
					   .new_row = new_row };
	if (!old_row)
		pair->status = KFRAG_NEW;
	else if (!new_row)
		pair->status = KFRAG_GONE;
	else if (!files_agree(old_row, new_row))
		pair->status = KFRAG_CHANGED;
	comparison->nr_of[pair->status]++;
}

static enum kfrag_error match_caches(struct kfrag_comparison *comparison,
				     struct candidate *olds, size_t nr_olds,
				     struct candidate *news, size_t nr_news)
{
	static const struct likeness likenesses[] = {
		{ compare_names_and_sizes, by_name_and_size },
		{ compare_names, by_name },
	};
	size_t nr = nr_olds + nr_news;

	comparison->caches = calloc(nr ? nr : 1, sizeof(*comparison->caches));
	if (!comparison->caches)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < sizeof(likenesses) / sizeof(*likenesses); i++)
		match(olds, nr_olds, news, nr_news, &likenesses[i]);
	qsort(olds, nr_olds, sizeof(*olds), by_place);
	qsort(news, nr_news, sizeof(*news), by_place);
	for (size_t i = 0; i < nr_olds; i++)
		add_cache(comparison, olds[i].row, olds[i].partner);
	for (size_t i = 0; i < nr_news; i++)
		if (!news[i].partner)
			add_cache(comparison, NULL, news[i].row);
	return KFRAG_OK;
}

static bool opts_agree(struct kfrag_opt a, struct kfrag_opt b)
{
	return a.known == b.known && a.value == b.value;
}

static bool totals_agree(const struct kfrag_total_row *a,
			 const struct kfrag_total_row *b)
{
	return a->live_objs == b->live_objs && a->live_bytes == b->live_bytes &&
	       a->held_bytes == b->held_bytes &&
	       opts_agree(a->internal_bytes, b->internal_bytes) &&
	       opts_agree(a->idle_bytes, b->idle_bytes) &&
	       a->tail_known == b->tail_known &&
	       a->tail_bytes == b->tail_bytes &&
	       opts_agree(a->free_bytes, b->free_bytes) &&
	       opts_agree(a->free_blocks, b->free_blocks) &&
	       opts_agree(a->largest_free_bytes, b->largest_free_bytes) &&
	       opts_agree(a->external_permille, b->external_permille) &&
	       opts_agree(a->bitmap_bytes, b->bitmap_bytes) &&
	       opts_agree(a->bookkeeping_bytes, b->bookkeeping_bytes) &&
	       opts_agree(a->memory_bytes, b->memory_bytes) &&
	       opts_agree(a->failed_objs, b->failed_objs) &&
	       opts_agree(a->failed_fragmented_objs, b->failed_fragmented_objs);
}

/* Every report has the same rows here. */
static enum kfrag_error match_totals(struct kfrag_comparison *comparison,
				     const struct kfrag_report *old_report,
				     const struct kfrag_report *new_report)
{
	size_t nr = old_report->nr_totals;

	comparison->totals = calloc(nr ? nr : 1, sizeof(*comparison->totals));
	if (!comparison->totals)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < nr; i++) {
		const struct kfrag_total_row *old_row = &old_report->totals[i];
		const struct kfrag_total_row *new_row = kfrag_report_total(
			new_report, old_row->allocator, old_row->state);

		assert(new_row);
		comparison->totals[i] = (struct kfrag_total_pair){
			.old_row = old_row,
			.new_row = new_row,
			.status = totals_agree(old_row, new_row) ?
					  KFRAG_SAME :
					  KFRAG_CHANGED,
		};
	}
	comparison->nr_totals = nr;
	return KFRAG_OK;
}

enum kfrag_error kfrag_comparison_init(struct kfrag_comparison *comparison,
				       const struct kfrag_report *old_report,
				       const struct kfrag_report *new_report)
{
	struct candidate *olds = make_candidates(old_report);
	struct candidate *news = make_candidates(new_report);
	enum kfrag_error error = KFRAG_ENOMEM;

	*comparison = (struct kfrag_comparison){ 0 };
	if (olds && news)
		error = match_caches(comparison, olds,
				     (size_t)old_report->nr_caches, news,
				     (size_t)new_report->nr_caches);
	if (!error)
		error = match_totals(comparison, old_report, new_report);
	if (error)
		kfrag_comparison_release(comparison);
	free(olds);
	free(news);
	return error;
}
