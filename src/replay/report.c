// SPDX-License-Identifier: MIT
/*
 * From a snapshot to the rows of a report: plan, replay both sides, add up.
 */
#include "kfrag/report.h"

#include <assert.h>
#include <stdlib.h>

#include "kfrag/arith.h"
#include "kfrag/replay.h"
#include "replay/kernel_view.h"
#include "replay/side.h"

const char *kfrag_allocator_text(enum kfrag_allocator allocator)
{
	static const char *const texts[KFRAG_NR_ALLOCATORS] = {
		[KFRAG_BUDDY] = "buddy",
		[KFRAG_SLAB] = "slab",
		[KFRAG_KERNEL] = "kernel",
	};

	return texts[allocator];
}

const char *kfrag_state_text(enum kfrag_state state)
{
	static const char *const texts[KFRAG_NR_STATES] = {
		[KFRAG_PEAK] = "peak",
		[KFRAG_SETTLED] = "settled",
	};

	return texts[state];
}

void kfrag_report_release(struct kfrag_report *report)
{
	free(report->caches);
	free(report->totals);
	free(report->orders);
	*report = (struct kfrag_report){ 0 };
}

const struct kfrag_total_row *
kfrag_report_total(const struct kfrag_report *report,
		   enum kfrag_allocator allocator, enum kfrag_state state)
{
	for (size_t i = 0; i < report->nr_totals; i++)
		if (report->totals[i].allocator == allocator &&
		    report->totals[i].state == state)
			return &report->totals[i];
	return NULL;
}

void kfrag_replay_params_init(struct kfrag_replay_params *params)
{
	*params = (struct kfrag_replay_params){
		.page_size_bytes = 4096,
		.max_order = 10,
		.seed = 1,
		.rounds = 1,
		.placement = KFRAG_BUDDY_ADDRESS,
		.policy = kfrag_slab_policies()[0],
	};
}

/* Both sides of a run, and what they are about. */
struct run {
	const struct kfrag_replay_params *params;
	struct kfrag_workload workload;
	struct kfrag_side sides[KFRAG_KERNEL];
	uint64_t nr_pages;
};

static bool params_are_valid(const struct kfrag_replay_params *params)
{
	return kfrag_is_power_of_two(params->page_size_bytes) &&
	       params->page_size_bytes >= KFRAG_MIN_PAGE_BYTES &&
	       params->page_size_bytes <= KFRAG_MAX_PAGE_BYTES &&
	       params->memory_bytes % params->page_size_bytes == 0 &&
	       params->memory_bytes / params->page_size_bytes <=
		       KFRAG_MAX_PAGES &&
	       params->max_order <= KFRAG_MAX_ORDER && params->rounds >= 1 &&
	       params->placement < KFRAG_NR_BUDDY_PLACEMENTS &&
	       params->policy &&
	       (params->maps.max_bins == 0 || params->maps.on_map);
}

static uint64_t peak_pages(const struct kfrag_workload *workload)
{
	return workload->peak_buddy_pages > workload->peak_slab_pages ?
		       workload->peak_buddy_pages :
		       workload->peak_slab_pages;
}

static uint64_t managed_pages(const struct run *run)
{
	if (run->params->memory_bytes)
		return run->params->memory_bytes / run->params->page_size_bytes;
	return kfrag_workload_memory_pages(&run->workload);
}

/* Slots of all slabs that can exist at once, as far as the memory goes. */
static uint64_t possible_slots(const struct run *run)
{
	uint64_t slots = 0;

	for (size_t i = 0; i < run->workload.nr_caches; i++) {
		const struct kfrag_workload_cache *cache =
			&run->workload.caches[i];
		uint64_t nr_slabs =
			kfrag_div_up(cache->nr_peak_objs, cache->objs_per_slab);

		if (!kfrag_workload_has_slabs(&run->workload, cache))
			continue;
		if (nr_slabs > run->nr_pages >> cache->slab_order)
			nr_slabs = run->nr_pages >> cache->slab_order;
		slots += nr_slabs * cache->objs_per_slab;
	}
	return slots;
}

/* The rule must not look at the host: its answer is part of the output. */
static bool is_replayable(const struct run *run)
{
	uint64_t nr_slabs = run->workload.peak_slabs;

	if (nr_slabs > run->nr_pages)
		nr_slabs = run->nr_pages;
	return run->nr_pages <= KFRAG_REPLAY_MAX_PAGES &&
	       nr_slabs <= KFRAG_REPLAY_MAX_SLABS &&
	       possible_slots(run) <= KFRAG_REPLAY_MAX_SLOTS;
}

static enum kfrag_error play(struct run *run)
{
	size_t nr_caches = run->workload.nr_caches;
	enum kfrag_error error;

	run->nr_pages = managed_pages(run);
	error = kfrag_side_init(&run->sides[KFRAG_BUDDY], nr_caches);
	if (!error)
		error = kfrag_side_init(&run->sides[KFRAG_SLAB], nr_caches);
	if (error)
		return error;
	if (is_replayable(run)) {
		error = kfrag_replay_buddy(&run->sides[KFRAG_BUDDY],
					   &run->workload, run->params,
					   run->nr_pages);
		if (!error)
			error = kfrag_replay_slab(&run->sides[KFRAG_SLAB],
						  &run->workload, run->params,
						  run->nr_pages);
		return error;
	}
	if (run->nr_pages < peak_pages(&run->workload))
		return KFRAG_ERANGE;
	kfrag_count_buddy(&run->sides[KFRAG_BUDDY], &run->workload);
	kfrag_count_slab(&run->sides[KFRAG_SLAB], &run->workload,
			 run->params->min_partial_slabs);
	return KFRAG_OK;
}

static void set_buddy_columns(struct kfrag_cache_row *row,
			      const struct kfrag_side *side, size_t cache,
			      uint64_t page_size_bytes)
{
	const struct kfrag_side_cache *peak =
		&side->states[KFRAG_PEAK].caches[cache];
	const struct kfrag_side_cache *settled =
		&side->states[KFRAG_SETTLED].caches[cache];
	uint64_t block_bytes = page_size_bytes << row->buddy_order;

	row->buddy_peak_held_bytes = peak->held_blocks * block_bytes;
	row->buddy_peak_internal_bytes =
		row->buddy_peak_held_bytes - peak->live_objs * row->size_bytes;
	row->buddy_held_bytes = settled->held_blocks * block_bytes;
	row->buddy_internal_bytes =
		row->buddy_held_bytes - settled->live_objs * row->size_bytes;
	row->buddy_failed_objs = settled->failed_objs;
}

static void set_slab_columns(struct kfrag_cache_row *row,
			     const struct kfrag_side *side, size_t index,
			     const struct kfrag_workload_cache *cache,
			     uint64_t page_size_bytes)
{
	const struct kfrag_side_cache *settled =
		&side->states[KFRAG_SETTLED].caches[index];
	uint64_t slots_bytes =
		settled->held_blocks * cache->objs_per_slab * row->size_bytes;

	row->slab_slabs = settled->held_blocks;
	row->slab_held_bytes =
		settled->held_blocks * (page_size_bytes << cache->slab_order);
	row->slab_idle_bytes =
		slots_bytes - settled->live_objs * row->size_bytes;
	row->slab_tail_bytes = row->slab_held_bytes - slots_bytes;
	row->slab_failed_objs = settled->failed_objs;
}

static void set_cache_row(struct kfrag_cache_row *row, const struct run *run,
			  size_t index)
{
	const struct kfrag_workload_cache *cache = &run->workload.caches[index];
	const struct kfrag_record *record = cache->record;
	uint64_t page = run->workload.page_size_bytes;
	const struct kfrag_kernel_view kernel =
		kfrag_kernel_view_of(cache, page);

	*row = (struct kfrag_cache_row){
		.name = record->name,
		.name_bytes = record->name_bytes,
		.line = record->line,
		.active_slabs = record->active_slabs,
		.active_slabs_unknown = record->active_slabs_unknown,
		.size_bytes = record->size_bytes,
		.active_objs = cache->nr_settled_objs,
		.num_objs = cache->nr_peak_objs,
		.objs_per_slab = kernel.objs_per_slab,
		.slab_order = kernel.slab_order,
		.num_slabs = record->num_slabs,
		.kernel_held_bytes = kernel.held_bytes,
		.kernel_idle_bytes = kernel.idle_bytes,
		.kernel_tail_bytes = kernel.tail_bytes,
		.buddy_order = cache->buddy_order,
	};
	set_buddy_columns(row, &run->sides[KFRAG_BUDDY], index, page);
	set_slab_columns(row, &run->sides[KFRAG_SLAB], index, cache, page);
}

/* Bytes and objects of one side and state, over all caches. */
struct held {
	uint64_t live_objs;
	uint64_t live_bytes;
	uint64_t held_bytes;
	uint64_t slots_bytes; /* live and idle */
	uint64_t failed_objs;
};

static struct held add_up(const struct run *run, enum kfrag_allocator allocator,
			  enum kfrag_state state)
{
	struct held held = { 0 };

	for (size_t i = 0; i < run->workload.nr_caches; i++) {
		const struct kfrag_workload_cache *cache =
			&run->workload.caches[i];
		const struct kfrag_side_cache *side =
			&run->sides[allocator].states[state].caches[i];
		unsigned order = allocator == KFRAG_BUDDY ? cache->buddy_order :
							    cache->slab_order;

		held.live_objs += side->live_objs;
		held.live_bytes += side->live_objs * cache->size_bytes;
		held.held_bytes += side->held_blocks *
				   (run->workload.page_size_bytes << order);
		held.slots_bytes += side->held_blocks * cache->objs_per_slab *
				    cache->size_bytes;
		held.failed_objs += side->failed_objs;
	}
	return held;
}

static void set_free_columns(struct kfrag_total_row *row, const struct run *run,
			     const struct kfrag_side_state *state)
{
	unsigned nr_orders = run->params->max_order + 1;
	uint64_t page = run->workload.page_size_bytes;
	uint64_t largest =
		kfrag_measure_largest_pages(state->nr_free, nr_orders) * page;

	row->free_blocks = kfrag_known(
		kfrag_measure_free_blocks(state->nr_free, nr_orders));
	row->largest_free_bytes = kfrag_known(largest);
	row->external_permille = kfrag_known(kfrag_measure_external_permille(
		row->free_bytes.value, largest));
	row->bookkeeping_bytes = kfrag_known(state->bookkeeping_bytes);
	row->bitmap_bytes = kfrag_known(state->bitmap_bytes);
	assert(kfrag_measure_free_pages(state->nr_free, nr_orders) * page ==
	       row->free_bytes.value);
}

static void set_total_row(struct kfrag_total_row *row, const struct run *run,
			  enum kfrag_allocator allocator,
			  enum kfrag_state state)
{
	const struct kfrag_side *side = &run->sides[allocator];
	struct held held = add_up(run, allocator, state);
	uint64_t memory = run->nr_pages * run->workload.page_size_bytes;

	*row = (struct kfrag_total_row){
		.allocator = allocator,
		.state = state,
		.live_objs = held.live_objs,
		.live_bytes = held.live_bytes,
		.held_bytes = held.held_bytes,
		.memory_bytes = kfrag_known(memory),
		.free_bytes = kfrag_known(memory - held.held_bytes),
		.failed_objs = kfrag_known(held.failed_objs),
		.failed_fragmented_objs =
			kfrag_known(side->states[state].failed_fragmented_objs),
	};
	if (allocator == KFRAG_BUDDY) {
		row->internal_bytes =
			kfrag_known(held.held_bytes - held.live_bytes);
	} else {
		row->idle_bytes =
			kfrag_known(held.slots_bytes - held.live_bytes);
		row->tail_known = true;
		row->tail_bytes = (int64_t)(held.held_bytes - held.slots_bytes);
	}
	if (side->replayed)
		set_free_columns(row, run, &side->states[state]);
}

static void set_kernel_total(struct kfrag_total_row *row,
			     const struct kfrag_report *report)
{
	*row = (struct kfrag_total_row){
		.allocator = KFRAG_KERNEL,
		.state = KFRAG_SETTLED,
		.idle_bytes = kfrag_known(0),
		.tail_known = true,
	};
	for (uint64_t i = 0; i < report->nr_caches; i++) {
		const struct kfrag_cache_row *cache = &report->caches[i];

		row->live_objs += cache->active_objs;
		row->live_bytes += cache->active_objs * cache->size_bytes;
		row->held_bytes += cache->kernel_held_bytes;
		row->idle_bytes.value += cache->kernel_idle_bytes;
		row->tail_bytes += cache->kernel_tail_bytes;
	}
}

static void set_order_row(struct kfrag_order_row *row, const struct run *run,
			  enum kfrag_allocator allocator,
			  enum kfrag_state state, unsigned order)
{
	const struct kfrag_side *side = &run->sides[allocator];
	const uint64_t *nr_free = side->states[state].nr_free;
	unsigned nr_orders = run->params->max_order + 1;

	*row = (struct kfrag_order_row){
		.allocator = allocator,
		.state = state,
		.order = order,
		.block_bytes = run->workload.page_size_bytes << order,
	};
	/* Lists have none. */
	if (run->params->placement == KFRAG_BUDDY_ADDRESS)
		row->bitmap_bits =
			kfrag_buddy_bitmap_bits_for(run->nr_pages, order);
	if (!side->replayed)
		return;
	row->free_blocks = kfrag_known(nr_free[order]);
	row->unusable_permille = kfrag_known(
		kfrag_measure_unusable_permille(nr_free, nr_orders, order));
	row->fragmentation_known = kfrag_measure_fragmentation_permille(
		nr_free, nr_orders, order, &row->fragmentation_permille);
}

static enum kfrag_error make_rows(struct kfrag_report *report,
				  const struct run *run)
{
	size_t nr_caches = run->workload.nr_caches;
	unsigned nr_orders = run->params->max_order + 1;

	report->caches =
		calloc(nr_caches ? nr_caches : 1, sizeof(*report->caches));
	report->totals = calloc(KFRAG_KERNEL * KFRAG_NR_STATES + 1,
				sizeof(*report->totals));
	report->orders =
		calloc(KFRAG_KERNEL * KFRAG_NR_STATES * (size_t)nr_orders,
		       sizeof(*report->orders));
	if (!report->caches || !report->totals || !report->orders)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < nr_caches; i++)
		set_cache_row(&report->caches[i], run, i);
	report->nr_caches = nr_caches;
	for (int a = 0; a < KFRAG_KERNEL; a++) {
		for (int s = 0; s < KFRAG_NR_STATES; s++) {
			set_total_row(&report->totals[report->nr_totals++], run,
				      (enum kfrag_allocator)a,
				      (enum kfrag_state)s);
			for (unsigned o = 0; o < nr_orders; o++)
				set_order_row(
					&report->orders[report->nr_orders++],
					run, (enum kfrag_allocator)a,
					(enum kfrag_state)s, o);
		}
	}
	set_kernel_total(&report->totals[report->nr_totals++], report);
	return KFRAG_OK;
}

static void set_parameters(struct kfrag_report *report, const struct run *run)
{
	const struct kfrag_replay_params *params = run->params;

	report->page_size_bytes = params->page_size_bytes;
	report->memory_bytes = run->nr_pages * params->page_size_bytes;
	report->max_order = params->max_order;
	report->seed = params->seed;
	report->rounds = params->rounds;
	report->min_partial_slabs = params->min_partial_slabs;
	report->placement = kfrag_buddy_placement_text(params->placement);
	report->policy = params->policy->name;
	report->replayed = run->sides[KFRAG_BUDDY].replayed;
	report->designs =
		kfrag_measure_designs(run->nr_pages, params->max_order);
	for (int a = 0; a < KFRAG_KERNEL; a++)
		report->activity[a] = run->sides[a].activity;
	for (size_t i = 0; i < run->workload.nr_caches; i++) {
		report->num_objs += run->workload.caches[i].nr_peak_objs;
		report->active_objs += run->workload.caches[i].nr_settled_objs;
	}
}

enum kfrag_error kfrag_report_create(struct kfrag_report *report,
				     const struct kfrag_snapshot *snapshot,
				     const struct kfrag_replay_params *params,
				     size_t *offender)
{
	struct run run = { .params = params };
	enum kfrag_error error;

	*report = (struct kfrag_report){ 0 };
	*offender = 0;
	if (!params_are_valid(params))
		return KFRAG_EINVAL;
	error = kfrag_workload_init(&run.workload, snapshot,
				    params->page_size_bytes, params->max_order,
				    offender);
	if (error)
		return error;
	error = play(&run);
	if (!error) {
		set_parameters(report, &run);
		error = make_rows(report, &run);
	}
	if (error)
		kfrag_report_release(report);
	for (int a = 0; a < KFRAG_KERNEL; a++)
		kfrag_side_release(&run.sides[a]);
	kfrag_workload_release(&run.workload);
	return error;
}
