// SPDX-License-Identifier: MIT
#include "report_laws.h"

#include <stdbool.h>
#include <string.h>

#include "kfrag/slab.h"

#define LAW(condition)                                                         \
	do {                                                                   \
		if (!(condition))                                              \
			return #condition;                                     \
	} while (0)

/* What a record means with a page size; in plain words of design and header. */
struct meaning {
	uint64_t num_objs, active_objs, size_bytes;
	uint64_t block_bytes; /* buddy only */
	uint64_t slab_bytes, objs_per_slab;
	bool has_block, has_slab; /* orders within max_order */
};

static uint64_t power_of_two_for(uint64_t bytes, uint64_t page_size_bytes)
{
	uint64_t block_bytes = page_size_bytes;

	while (block_bytes < bytes)
		block_bytes *= 2;
	return block_bytes;
}

static struct meaning meaning_of(const struct kfrag_record *record,
				 const struct kfrag_replay_params *params)
{
	uint64_t page = params->page_size_bytes;
	struct meaning meaning = {
		.num_objs = record->num_objs,
		.active_objs = record->active_objs,
		.size_bytes = record->size_bytes,
		.objs_per_slab = record->objs_per_slab,
	};
	uint64_t fitting;

	if (meaning.active_objs > meaning.num_objs)
		meaning.active_objs = meaning.num_objs;
	meaning.block_bytes = power_of_two_for(record->size_bytes, page);
	meaning.slab_bytes =
		power_of_two_for(record->pages_per_slab * page, page);
	if (meaning.slab_bytes < meaning.block_bytes)
		meaning.slab_bytes = meaning.block_bytes;
	fitting = meaning.slab_bytes / record->size_bytes;
	if (meaning.objs_per_slab == 0 || meaning.objs_per_slab > fitting)
		meaning.objs_per_slab = fitting;
	meaning.has_block = meaning.block_bytes / page <=
			    UINT64_C(1) << params->max_order;
	meaning.has_slab = meaning.slab_bytes / page <=
				   UINT64_C(1) << params->max_order &&
			   meaning.objs_per_slab <= KFRAG_MAX_OBJS_PER_SLAB;
	return meaning;
}

static uint64_t slabs_of(const struct meaning *meaning)
{
	return meaning->num_objs / meaning->objs_per_slab +
	       (meaning->num_objs % meaning->objs_per_slab != 0);
}

uint64_t report_laws_peak_slabs(const struct kfrag_snapshot *snapshot,
				const struct kfrag_replay_params *params)
{
	uint64_t nr_slabs = 0;

	for (size_t i = 0; i < snapshot->nr_records; i++) {
		struct meaning meaning =
			meaning_of(&snapshot->records[i], params);

		if (meaning.has_slab)
			nr_slabs += slabs_of(&meaning);
	}
	return nr_slabs;
}

/* --------------------------------------------------------- rows of caches */

static const char *copied_columns(const struct kfrag_cache_row *row,
				  const struct kfrag_record *record,
				  const struct meaning *meaning, uint64_t page)
{
	LAW(row->name == record->name);
	LAW(row->name_bytes == record->name_bytes);
	LAW(row->line == record->line);
	LAW(row->active_slabs == record->active_slabs);
	LAW(row->active_slabs_unknown == record->active_slabs_unknown);
	LAW(row->size_bytes == record->size_bytes);
	LAW(row->num_objs == record->num_objs);
	LAW(row->active_objs == meaning->active_objs);
	LAW(row->num_slabs == record->num_slabs);
	LAW(row->objs_per_slab == (record->objs_per_slab ?
					   record->objs_per_slab :
					   meaning->objs_per_slab));
	LAW(page << row->slab_order ==
	    power_of_two_for(record->pages_per_slab * page, page));
	LAW(page << row->buddy_order == meaning->block_bytes);
	return NULL;
}

static const char *kernel_columns(const struct kfrag_cache_row *row,
				  const struct kfrag_record *record,
				  uint64_t page)
{
	LAW(row->kernel_held_bytes ==
	    record->num_slabs * record->pages_per_slab * page);
	LAW(row->kernel_idle_bytes ==
	    (row->num_objs - row->active_objs) * row->size_bytes);
	LAW((int64_t)row->kernel_held_bytes ==
	    (int64_t)(row->active_objs * row->size_bytes) +
		    (int64_t)row->kernel_idle_bytes + row->kernel_tail_bytes);
	return NULL;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static const char *buddy_columns(const struct kfrag_cache_row *row,
				 const struct meaning *meaning, uint64_t rounds)
{
	uint64_t peak_objs = row->buddy_peak_held_bytes / meaning->block_bytes;
	uint64_t live_objs = row->buddy_held_bytes / meaning->block_bytes;

	LAW(row->buddy_peak_held_bytes == peak_objs * meaning->block_bytes);
	LAW(row->buddy_held_bytes == live_objs * meaning->block_bytes);
	LAW(peak_objs <= meaning->num_objs);
	LAW(meaning->has_block || peak_objs == 0);
	LAW(live_objs == least(peak_objs, meaning->active_objs));
	LAW(row->buddy_peak_held_bytes ==
	    peak_objs * row->size_bytes + row->buddy_peak_internal_bytes);
	LAW(row->buddy_held_bytes ==
	    live_objs * row->size_bytes + row->buddy_internal_bytes);
	LAW(row->buddy_failed_objs >= meaning->num_objs - peak_objs);
	LAW(rounds > 1 ||
	    row->buddy_failed_objs == meaning->num_objs - peak_objs);
	return NULL;
}

static const char *slab_columns(const struct kfrag_cache_row *row,
				const struct meaning *meaning,
				const struct kfrag_replay_params *params)
{
	uint64_t nr_slots = row->slab_slabs * meaning->objs_per_slab;
	uint64_t nr_idle = row->slab_idle_bytes / row->size_bytes;
	uint64_t live_objs = nr_slots - nr_idle;

	LAW(row->slab_held_bytes == row->slab_slabs * meaning->slab_bytes);
	LAW(row->slab_tail_bytes ==
	    row->slab_held_bytes - nr_slots * row->size_bytes);
	LAW(row->slab_idle_bytes == nr_idle * row->size_bytes);
	LAW(nr_idle <= nr_slots);
	LAW(row->slab_held_bytes == live_objs * row->size_bytes +
					    row->slab_idle_bytes +
					    row->slab_tail_bytes);
	LAW(live_objs <= meaning->active_objs);
	LAW(row->slab_slabs <= slabs_of(meaning));
	LAW(meaning->has_slab || row->slab_slabs == 0);
	LAW(row->slab_failed_objs > 0 || live_objs == meaning->active_objs);
	/* Without min_partial no slab is held for nothing. */
	LAW(params->min_partial_slabs > 0 || row->slab_slabs <= live_objs);
	LAW(params->rounds > 1 || row->slab_failed_objs <= meaning->num_objs);
	return NULL;
}

/* ----------------------------------------------------------------- totals */

/* Sums over the rows of caches, to lay beside the totals. */
struct sums {
	uint64_t num_objs, active_objs, active_bytes;
	uint64_t kernel_held_bytes, kernel_idle_bytes;
	int64_t kernel_tail_bytes;
	uint64_t buddy_peak_held_bytes, buddy_peak_internal_bytes;
	uint64_t buddy_held_bytes, buddy_internal_bytes, buddy_failed_objs;
	uint64_t buddy_objs; /* live after settling */
	uint64_t slabs, slab_held_bytes, slab_idle_bytes, slab_tail_bytes;
	uint64_t slab_failed_objs;
	uint64_t need_buddy_bytes, need_slab_bytes; /* at the peak */
	uint64_t hopeless_buddy_objs, hopeless_slab_objs; /* above max_order */
};

static void add_needs(struct sums *sums, const struct meaning *meaning)
{
	if (meaning->has_block)
		sums->need_buddy_bytes +=
			meaning->num_objs * meaning->block_bytes;
	else
		sums->hopeless_buddy_objs += meaning->num_objs;
	if (meaning->has_slab)
		sums->need_slab_bytes +=
			slabs_of(meaning) * meaning->slab_bytes;
	else
		sums->hopeless_slab_objs += meaning->num_objs;
}

static void add_row(struct sums *sums, const struct kfrag_cache_row *row,
		    const struct meaning *meaning)
{
	sums->num_objs += row->num_objs;
	sums->active_objs += row->active_objs;
	sums->active_bytes += row->active_objs * row->size_bytes;
	sums->kernel_held_bytes += row->kernel_held_bytes;
	sums->kernel_idle_bytes += row->kernel_idle_bytes;
	sums->kernel_tail_bytes += row->kernel_tail_bytes;
	sums->buddy_peak_held_bytes += row->buddy_peak_held_bytes;
	sums->buddy_peak_internal_bytes += row->buddy_peak_internal_bytes;
	sums->buddy_held_bytes += row->buddy_held_bytes;
	sums->buddy_internal_bytes += row->buddy_internal_bytes;
	sums->buddy_failed_objs += row->buddy_failed_objs;
	sums->buddy_objs += row->buddy_held_bytes / meaning->block_bytes;
	sums->slabs += row->slab_slabs;
	sums->slab_held_bytes += row->slab_held_bytes;
	sums->slab_idle_bytes += row->slab_idle_bytes;
	sums->slab_tail_bytes += row->slab_tail_bytes;
	sums->slab_failed_objs += row->slab_failed_objs;
	add_needs(sums, meaning);
}

/* What holds in each row of an allocator of ours. */
static const char *total_row(const struct kfrag_total_row *row,
			     const struct kfrag_report *report,
			     const struct sums *sums)
{
	LAW(row->memory_bytes.known && row->free_bytes.known);
	LAW(row->memory_bytes.value == report->memory_bytes);
	LAW(row->free_bytes.value + row->held_bytes == report->memory_bytes);
	if (row->allocator == KFRAG_BUDDY) {
		LAW(row->internal_bytes.known && !row->idle_bytes.known &&
		    !row->tail_known);
		LAW(row->held_bytes ==
		    row->live_bytes + row->internal_bytes.value);
	} else {
		LAW(!row->internal_bytes.known && row->idle_bytes.known &&
		    row->tail_known && row->tail_bytes >= 0);
		LAW(row->held_bytes == row->live_bytes + row->idle_bytes.value +
					       (uint64_t)row->tail_bytes);
	}
	LAW(row->failed_objs.known && row->failed_fragmented_objs.known);
	LAW(row->failed_fragmented_objs.value <= row->failed_objs.value);
	LAW(report->rounds > 1 || row->state != KFRAG_PEAK ||
	    row->live_objs + row->failed_objs.value == sums->num_objs);
	LAW(row->state != KFRAG_SETTLED || row->failed_objs.value > 0 ||
	    (row->live_objs == sums->active_objs &&
	     row->live_bytes == sums->active_bytes));
	LAW(row->free_blocks.known == report->replayed);
	LAW(row->largest_free_bytes.known == report->replayed);
	LAW(row->external_permille.known == report->replayed);
	LAW(row->bitmap_bytes.known == report->replayed);
	LAW(row->bookkeeping_bytes.known == report->replayed);
	return NULL;
}

static const char *buddy_totals(const struct kfrag_total_row *peak,
				const struct kfrag_total_row *settled,
				const struct sums *sums)
{
	LAW(peak->held_bytes == sums->buddy_peak_held_bytes);
	LAW(peak->internal_bytes.value == sums->buddy_peak_internal_bytes);
	LAW(settled->held_bytes == sums->buddy_held_bytes);
	LAW(settled->internal_bytes.value == sums->buddy_internal_bytes);
	LAW(settled->live_objs == sums->buddy_objs);
	LAW(settled->failed_objs.value == sums->buddy_failed_objs);
	LAW(peak->failed_objs.value == sums->buddy_failed_objs);
	return NULL;
}

static const char *slab_totals(const struct kfrag_total_row *peak,
			       const struct kfrag_total_row *settled,
			       const struct sums *sums)
{
	LAW(peak->held_bytes >= settled->held_bytes);
	LAW(peak->live_objs >= settled->live_objs);
	LAW(settled->held_bytes == sums->slab_held_bytes);
	LAW(settled->idle_bytes.value == sums->slab_idle_bytes);
	LAW(settled->tail_bytes == (int64_t)sums->slab_tail_bytes);
	LAW(settled->failed_objs.value == sums->slab_failed_objs);
	LAW(peak->failed_objs.value == sums->slab_failed_objs);
	return NULL;
}

static const char *kernel_total(const struct kfrag_total_row *row,
				const struct sums *sums)
{
	LAW(row->live_objs == sums->active_objs);
	LAW(row->live_bytes == sums->active_bytes);
	LAW(row->held_bytes == sums->kernel_held_bytes);
	LAW(row->idle_bytes.known);
	LAW(row->idle_bytes.value == sums->kernel_idle_bytes);
	LAW(row->tail_known && row->tail_bytes == sums->kernel_tail_bytes);
	LAW((int64_t)row->held_bytes == (int64_t)row->live_bytes +
						(int64_t)row->idle_bytes.value +
						row->tail_bytes);
	LAW(!row->internal_bytes.known && !row->free_bytes.known &&
	    !row->free_blocks.known && !row->largest_free_bytes.known &&
	    !row->external_permille.known && !row->bitmap_bytes.known &&
	    !row->bookkeeping_bytes.known && !row->memory_bytes.known &&
	    !row->failed_objs.known && !row->failed_fragmented_objs.known);
	return NULL;
}

/* ----------------------------------------------------------------- orders */

static bool index_is_right(const struct kfrag_order_row *row,
			   const uint64_t *nr_free, unsigned nr_orders)
{
	int permille;
	bool known = kfrag_measure_fragmentation_permille(
		nr_free, nr_orders, row->order, &permille);

	return row->fragmentation_known == known &&
	       row->fragmentation_permille == permille;
}

static uint64_t pages_of(const struct kfrag_report *report)
{
	return report->memory_bytes / report->page_size_bytes;
}

static const char *order_row(const struct kfrag_order_row *row,
			     const struct kfrag_report *report,
			     const uint64_t *nr_free)
{
	unsigned nr_orders = report->max_order + 1;
	uint64_t bits = pages_of(report) >> row->order / 6 * 6;

	if (row->order % 6)
		bits /= 64;
	LAW(row->block_bytes == report->page_size_bytes << row->order);
	LAW(row->free_blocks.known == report->replayed);
	LAW(row->unusable_permille.known == report->replayed);
	LAW(!report->replayed ||
	    row->unusable_permille.value ==
		    kfrag_measure_unusable_permille(nr_free, nr_orders,
						    row->order));
	LAW(report->replayed ? index_is_right(row, nr_free, nr_orders) :
			       !row->fragmentation_known);
	/* A bit a part or a word of parts; 5 % and a few words at most more. */
	if (strcmp(report->placement, "address") == 0) {
		LAW(row->bitmap_bits >= bits);
		LAW(row->bitmap_bits <= bits / 20 * 21 + 128 * 8);
	} else {
		LAW(row->bitmap_bits == 0);
	}
	return NULL;
}

/* The rows of one allocator and state; rows is the first of them. */
static const char *order_rows(const struct kfrag_order_row *rows,
			      const struct kfrag_report *report,
			      const struct kfrag_total_row *total)
{
	uint64_t nr_free[32] = { 0 }, free_bytes = 0, nr_blocks = 0;
	uint64_t largest_bytes = 0, bitmap_bits = 0;

	for (unsigned i = 0; i <= report->max_order; i++) {
		LAW(rows[i].allocator == total->allocator);
		LAW(rows[i].state == total->state);
		LAW(rows[i].order == i);
		nr_free[i] = rows[i].free_blocks.value;
		free_bytes += nr_free[i] * rows[i].block_bytes;
		nr_blocks += nr_free[i];
		if (nr_free[i] > 0)
			largest_bytes = rows[i].block_bytes;
		bitmap_bits += rows[i].bitmap_bits;
	}
	for (unsigned i = 0; i <= report->max_order; i++) {
		const char *broken = order_row(&rows[i], report, nr_free);

		if (broken)
			return broken;
	}
	if (!report->replayed)
		return NULL;
	LAW(free_bytes == total->free_bytes.value);
	LAW(nr_blocks == total->free_blocks.value);
	LAW(largest_bytes == total->largest_free_bytes.value);
	LAW(total->external_permille.value ==
	    kfrag_measure_external_permille(free_bytes, largest_bytes));
	LAW(total->allocator == KFRAG_BUDDY ?
		    total->bitmap_bytes.value * 8 == bitmap_bits :
		    total->bitmap_bytes.value * 8 >= bitmap_bits);
	LAW(total->bookkeeping_bytes.value >=
	    (bitmap_bits > 0 ? 1 : 9 * pages_of(report)));
	return NULL;
}

/* --------------------------------------------------------- the whole thing */

/* Blocks that the memory consists of before anything is allocated. */
static uint64_t initial_blocks(const struct kfrag_report *report)
{
	uint64_t nr_pages = report->memory_bytes / report->page_size_bytes;
	uint64_t nr_blocks = nr_pages >> report->max_order;

	for (unsigned order = 0; order < report->max_order; order++)
		nr_blocks += nr_pages >> order & 1;
	return nr_blocks;
}

/* A split makes one block more, a merge one less. */
static const char *activity(const struct kfrag_report *report,
			    const struct sums *sums)
{
	const struct kfrag_activity *buddy = &report->activity[KFRAG_BUDDY];
	const struct kfrag_activity *slab = &report->activity[KFRAG_SLAB];
	const struct kfrag_total_row *settled;

	if (!report->replayed)
		return NULL;
	settled = kfrag_report_total(report, KFRAG_BUDDY, KFRAG_SETTLED);
	LAW(settled->free_blocks.value + sums->buddy_objs ==
	    initial_blocks(report) + buddy->nr_splits - buddy->nr_merges);
	LAW(buddy->nr_slabs_made == 0 && buddy->nr_slabs_returned == 0);
	settled = kfrag_report_total(report, KFRAG_SLAB, KFRAG_SETTLED);
	LAW(settled->free_blocks.value + sums->slabs ==
	    initial_blocks(report) + slab->nr_splits - slab->nr_merges);
	LAW(slab->nr_slabs_made - slab->nr_slabs_returned == sums->slabs);
	return NULL;
}

static const char *memory(const struct kfrag_report *report,
			  const struct kfrag_replay_params *params,
			  const struct sums *sums)
{
	uint64_t need = sums->need_buddy_bytes > sums->need_slab_bytes ?
				sums->need_buddy_bytes :
				sums->need_slab_bytes;
	uint64_t bytes = report->memory_bytes;
	const struct kfrag_total_row *peak;

	LAW(params->memory_bytes == 0 || bytes == params->memory_bytes);
	if (bytes < need)
		return NULL;
	LAW(params->memory_bytes > 0 ||
	    bytes == power_of_two_for(need, params->page_size_bytes));
	/*
	 * Nothing is refused, in any round: small blocks are cut from a larger
	 * free one only where none of their own size is left, so they never
	 * spread over more large blocks than at the first peak.
	 */
	LAW(sums->buddy_failed_objs ==
	    sums->hopeless_buddy_objs * params->rounds);
	LAW(sums->slab_failed_objs ==
	    sums->hopeless_slab_objs * params->rounds);
	peak = kfrag_report_total(report, KFRAG_BUDDY, KFRAG_PEAK);
	LAW(peak->held_bytes == sums->need_buddy_bytes);
	LAW(peak->failed_fragmented_objs.value == 0);
	peak = kfrag_report_total(report, KFRAG_SLAB, KFRAG_PEAK);
	LAW(peak->held_bytes == sums->need_slab_bytes);
	LAW(peak->failed_fragmented_objs.value == 0);
	return NULL;
}

static const char *parameters(const struct kfrag_report *report,
			      const struct kfrag_replay_params *params)
{
	struct kfrag_measure_designs designs = kfrag_measure_designs(
		report->memory_bytes / report->page_size_bytes,
		params->max_order);

	LAW(report->page_size_bytes == params->page_size_bytes);
	LAW(report->max_order == params->max_order);
	LAW(report->seed == params->seed);
	LAW(report->rounds == params->rounds);
	LAW(report->min_partial_slabs == params->min_partial_slabs);
	LAW(strcmp(report->placement,
		   kfrag_buddy_placement_text(params->placement)) == 0);
	LAW(strcmp(report->policy, params->policy->name) == 0);
	LAW(report->designs.textbook_bits == designs.textbook_bits);
	LAW(report->designs.pair_bits == designs.pair_bits);
	LAW(report->designs.order_byte_bits == designs.order_byte_bits);
	LAW(report->designs.struct_page_bits == designs.struct_page_bits);
	return NULL;
}

static const char *totals_and_orders(const struct kfrag_report *report,
				     const struct sums *sums)
{
	const struct kfrag_total_row *peak, *settled;
	const char *broken = NULL;

	LAW(report->nr_totals == 5);
	LAW(report->nr_orders == 4 * (report->max_order + 1));
	LAW(!kfrag_report_total(report, KFRAG_KERNEL, KFRAG_PEAK));
	for (unsigned i = 0; i < 4 && !broken; i++) {
		const struct kfrag_total_row *row = &report->totals[i];

		LAW(row->allocator == (enum kfrag_allocator)(i / 2));
		LAW(row->state == (enum kfrag_state)(i % 2));
		broken = total_row(row, report, sums);
		if (!broken)
			broken = order_rows(
				&report->orders[i * (report->max_order + 1)],
				report, row);
	}
	peak = kfrag_report_total(report, KFRAG_BUDDY, KFRAG_PEAK);
	settled = kfrag_report_total(report, KFRAG_BUDDY, KFRAG_SETTLED);
	if (!broken)
		broken = buddy_totals(peak, settled, sums);
	peak = kfrag_report_total(report, KFRAG_SLAB, KFRAG_PEAK);
	settled = kfrag_report_total(report, KFRAG_SLAB, KFRAG_SETTLED);
	if (!broken)
		broken = slab_totals(peak, settled, sums);
	LAW(report->totals[4].allocator == KFRAG_KERNEL);
	LAW(report->totals[4].state == KFRAG_SETTLED);
	return broken ? broken : kernel_total(&report->totals[4], sums);
}

const char *report_laws_broken(const struct kfrag_report *report,
			       const struct kfrag_snapshot *snapshot,
			       const struct kfrag_replay_params *params)
{
	uint64_t page = params->page_size_bytes;
	const char *broken = parameters(report, params);
	struct sums sums = { 0 };

	LAW(report->nr_caches == snapshot->nr_records);
	for (size_t i = 0; i < snapshot->nr_records && !broken; i++) {
		const struct kfrag_cache_row *row = &report->caches[i];
		const struct kfrag_record *record = &snapshot->records[i];
		struct meaning meaning = meaning_of(record, params);

		broken = copied_columns(row, record, &meaning, page);
		if (!broken)
			broken = kernel_columns(row, record, page);
		if (!broken)
			broken = buddy_columns(row, &meaning, params->rounds);
		if (!broken)
			broken = slab_columns(row, &meaning, params);
		add_row(&sums, row, &meaning);
	}
	LAW(broken || report->num_objs == sums.num_objs);
	LAW(broken || report->active_objs == sums.active_objs);
	if (!broken)
		broken = totals_and_orders(report, &sums);
	if (!broken)
		broken = activity(report, &sums);
	return broken ? broken : memory(report, params, &sums);
}
