// SPDX-License-Identifier: MIT
#include "cli/simulate_setup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "kfrag/arith.h"
#include "kfrag/slab.h"
#include "output/figures.h"

#define DEFAULT_MAX_ORDER 10
#define DEFAULT_OBJS_PER_SLAB 16
#define DEFAULT_PAGE_BYTES 4096
/* A slab grows until so little of it is its tail, as under SLUB. */
#define TAIL_SHARE 16
#define MAX_SLAB_ORDER 3
/* Exponential sizes are as good as never beyond so many means. */
#define MAX_MEANS 64
#define WARMUP_LIFETIMES 20
/* Pages of lists take 9 bytes each, others about two bits. */
#define MAX_LISTED_PAGES (UINT64_C(1) << 26)
#define MAX_PAGES (UINT64_C(1) << 30)

bool simulate_class_of(struct kfrag_sim_class *of,
		       const struct kfrag_record *record, uint64_t page_bytes,
		       unsigned max_order)
{
	uint64_t slab_bytes;

	of->size = record->size_bytes;
	of->order = kfrag_log2_ceil(record->pages_per_slab);
	if (of->order > max_order || of->order > 20)
		return false;
	slab_bytes = page_bytes << of->order;
	of->objs_per_slab = (uint32_t)record->objs_per_slab;
	if (record->objs_per_slab == 0 ||
	    record->objs_per_slab > slab_bytes / of->size)
		of->objs_per_slab = (uint32_t)(slab_bytes / of->size);
	return of->objs_per_slab > 0 &&
	       of->objs_per_slab <= KFRAG_MAX_OBJS_PER_SLAB;
}

/* Whether a slab of so many units is large enough for slots of a size. */
static bool suits(uint64_t units, uint64_t size, uint64_t nr_wanted,
		  unsigned order)
{
	if (nr_wanted > 0)
		return units / size >= nr_wanted;
	return units >= size &&
	       (order >= MAX_SLAB_ORDER || units % size <= units / TAIL_SHARE);
}

/* Slots of a size (>= 1): as many as asked for, or with little tail. */
static struct kfrag_sim_class plan_class(const struct simulate_options *options,
					 uint64_t size, uint64_t page_units)
{
	uint64_t wanted = options->objs_per_slab, nr;
	struct kfrag_sim_class of = { .size = size };

	if (size == 0)
		return of;
	while (of.order < KFRAG_MAX_ORDER &&
	       !suits(page_units << of.order, size, wanted, of.order))
		of.order++;
	nr = wanted > 0 ? wanted : (page_units << of.order) / size;
	of.objs_per_slab = (uint32_t)(nr < KFRAG_MAX_OBJS_PER_SLAB ?
					      nr :
					      KFRAG_MAX_OBJS_PER_SLAB);
	return of;
}

static bool explain_no_memory(void)
{
	cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
	return false;
}

static bool plan_classes(struct simulate_setup *setup,
			 const struct simulate_options *options)
{
	const struct kfrag_distribution *sizes = setup->params.sizes;
	bool is_list = sizes->kind == KFRAG_LIST;
	size_t nr = is_list ? sizes->nr_items : KFRAG_SIM_SIZE_CLASSES;
	uint64_t max = kfrag_distribution_max(sizes);

	setup->classes = calloc(nr ? nr : 1, sizeof(*setup->classes));
	if (!setup->classes)
		return explain_no_memory();
	setup->params.classes = setup->classes;
	setup->params.nr_classes = nr;
	for (size_t i = 0; i < nr; i++) {
		uint64_t size = is_list ? sizes->items[i].value :
					  UINT64_C(1) << i;

		/* A cache for one size has slots of that size. */
		if (sizes->kind == KFRAG_FIXED && size >= max)
			size = max;
		if (i < 50 || is_list)
			setup->classes[i] = plan_class(
				options, size, setup->params.page_units);
	}
	return true;
}

/* Sizes of a capture, each as often as it has objects. */
static bool take_capture(struct simulate_setup *setup,
			 const struct kfrag_snapshot *snapshot)
{
	struct kfrag_distribution_item *items;
	size_t nr_items = 0;
	enum kfrag_error error;

	items = calloc(snapshot->nr_records + 1, sizeof(*items));
	setup->classes =
		calloc(snapshot->nr_records + 1, sizeof(*setup->classes));
	if (!items || !setup->classes) {
		free(items);
		return explain_no_memory();
	}
	for (size_t i = 0; i < snapshot->nr_records; i++) {
		const struct kfrag_record *record = &snapshot->records[i];

		if (record->num_objs == 0 || record->num_objs >> 40 ||
		    !simulate_class_of(&setup->classes[nr_items], record,
				       setup->params.page_units,
				       DEFAULT_MAX_ORDER))
			continue;
		items[nr_items].value = record->size_bytes;
		items[nr_items++].weight = record->num_objs;
	}
	error = kfrag_distribution_init_list(&setup->sizes, items, nr_items);
	free(items);
	if (error)
		return explain_no_memory();
	setup->params.classes = setup->classes;
	setup->params.nr_classes = nr_items;
	setup->params.sizes = &setup->sizes;
	if (nr_items == 0)
		cli_message("no cache of the capture has objects");
	return nr_items > 0;
}

/* ------------------------------------------------------------------ memory */

static unsigned needed_order(const struct simulate_setup *setup)
{
	const struct kfrag_sim_params *params = &setup->params;
	uint64_t max = kfrag_distribution_max(params->sizes);
	unsigned order = 0;

	if (max == UINT64_MAX)
		max = params->sizes->first * MAX_MEANS;
	if (!params->uses_slab)
		return kfrag_log2_ceil(kfrag_div_up(max, params->page_units));
	for (size_t i = 0; i < params->nr_classes; i++) {
		const struct kfrag_sim_class *of = &params->classes[i];

		if (of->size > 0 &&
		    (params->sizes->kind == KFRAG_LIST ||
		     i <= kfrag_log2_ceil(max)) &&
		    of->order > order)
			order = of->order;
	}
	return order;
}

static bool plan_order(struct simulate_setup *setup,
		       const struct simulate_options *options)
{
	unsigned needed = needed_order(setup);
	unsigned max_order = options->shared.params.max_order;

	if (max_order == SIMULATE_ANY_ORDER)
		max_order = needed > DEFAULT_MAX_ORDER ? needed :
							 DEFAULT_MAX_ORDER;
	setup->params.max_order = max_order;
	if (needed > KFRAG_MAX_ORDER) {
		cli_usage_error("the largest size takes a block of order %u, "
				"and %d is the largest order there is",
				needed, KFRAG_MAX_ORDER);
		return false;
	}
	if (needed <= max_order)
		return true;
	cli_usage_error("the largest size takes a block of order %u, which is "
			"above --max-order %u",
			needed, max_order);
	return false;
}

/* The peak and its chance excess, each in a block of its own, and as much. */
static uint64_t default_pages(const struct simulate_setup *setup,
			      const struct simulate_options *options)
{
	const struct kfrag_sim_params *params = &setup->params;
	uint64_t peak =
		kfrag_sim_schedule_peak(params->schedule, params->lifetimes);
	uint64_t max = params->placement == KFRAG_BUDDY_ADDRESS ?
			       MAX_PAGES :
			       MAX_LISTED_PAGES;
	uint64_t nr_pages;

	(void)options;
	peak += peak / 2 + 256;
	nr_pages = (peak * 2) << needed_order(setup);
	if (nr_pages >> needed_order(setup) != peak * 2 || nr_pages > max)
		nr_pages = max;
	if (nr_pages < UINT64_C(1) << params->max_order)
		nr_pages = UINT64_C(1) << params->max_order;
	return UINT64_C(1) << kfrag_log2_ceil(nr_pages);
}

static bool plan_memory(struct simulate_setup *setup,
			const struct simulate_options *options)
{
	uint64_t units = options->shared.params.memory_bytes;

	setup->params.nr_pages = default_pages(setup, options);
	if (units == 0)
		return true;
	setup->params.nr_pages = units / setup->params.page_units;
	if (units % setup->params.page_units == 0 &&
	    setup->params.nr_pages >= 1 && setup->params.nr_pages <= MAX_PAGES)
		return true;
	cli_usage_error("--memory is no multiple of %" PRIu64 ", the page, "
			"or has more than 2^30 pages",
			setup->params.page_units);
	return false;
}

/* -------------------------------------------------------------------- time */

static void plan_time(struct simulate_setup *setup,
		      const struct simulate_options *options)
{
	struct kfrag_sim_params *params = &setup->params;
	double mean = kfrag_distribution_mean(params->lifetimes);

	params->nr_cycles = options->shared.params.rounds;
	params->nr_events = options->nr_events;
	params->warmup_cycles = params->nr_cycles / 3;
	params->warmup_ticks = mean < (double)(UINT64_C(1) << 56) ?
				       (uint64_t)mean * WARMUP_LIFETIMES :
				       0;
	params->finds_warmup = options->finds_warmup;
	if (!options->has_warmup)
		return;
	params->warmup_ticks = kfrag_mul_div(
		options->warmup_nano, KFRAG_TICKS_PER_UNIT, KFRAG_SIM_NANO);
	params->warmup_cycles = options->warmup_nano / KFRAG_SIM_NANO;
	if (params->warmup_cycles >= params->nr_cycles)
		params->warmup_cycles = params->nr_cycles - 1;
}

/* -------------------------------------------------------------------- head */

static void describe(struct simulate_setup *setup, const char *name,
		     const char *text)
{
	setup->parameters[setup->page.nr_parameters++] =
		(struct kfrag_sim_parameter){ name, text };
}

static void describe_all(struct simulate_setup *setup,
			 const struct simulate_options *options)
{
	const struct kfrag_sim_params *params = &setup->params;

	setup->page.parameters = setup->parameters;
	snprintf(setup->memory_text, sizeof(setup->memory_text),
		 "%" PRIu64 " pages of %" PRIu64 " unit%s", params->nr_pages,
		 params->page_units, params->page_units == 1 ? "" : "s");
	snprintf(setup->runs_text, sizeof(setup->runs_text), "%" PRIu64,
		 options->nr_runs);
	snprintf(setup->seed_text, sizeof(setup->seed_text), "%" PRIu64,
		 options->shared.params.seed);
	snprintf(setup->order_text, sizeof(setup->order_text), "%u",
		 params->max_order);
	snprintf(setup->slots_text, sizeof(setup->slots_text), "%" PRIu64,
		 options->objs_per_slab);
	describe(setup, "allocator", params->uses_slab ? "slab" : "buddy");
	if (options->task == SIMULATE_POLICIES && options->capture) {
		describe(setup, "capture", options->capture);
		describe(setup, "arrivals",
			 "each cache alone, between active_objs and num_objs, "
			 "or 1,000 where those are more");
	} else {
		describe(setup, "size", options->size_text);
		describe(setup, "arrivals", options->arrivals_text);
	}
	describe(setup, "lifetime", options->lifetime_text);
	if (params->uses_slab && options->objs_per_slab > 0)
		describe(setup, "objs_per_slab", setup->slots_text);
	if (params->uses_slab && options->task != SIMULATE_POLICIES)
		describe(setup, "policy", params->policy->name);
	/* Each cache of a capture has a memory of its own. */
	if (options->task != SIMULATE_POLICIES || !options->capture)
		describe(setup, "memory", setup->memory_text);
	describe(setup, "max_order", setup->order_text);
	describe(setup, "placement",
		 kfrag_buddy_placement_text(params->placement));
	describe(setup, "runs", setup->runs_text);
	describe(setup, "seed", setup->seed_text);
}

/* ------------------------------------------------------------ all together */

/* Without bytes a slab is a page with room for its objects. */
static uint64_t plan_page(const struct simulate_options *options,
			  uint64_t objs_per_slab, uint64_t page_size_bytes)
{
	uint64_t max = kfrag_distribution_max(&options->sizes);

	if (page_size_bytes > 0)
		return page_size_bytes;
	if (options->sizes.is_bytes)
		return options->shared.page_size_bytes ?
			       options->shared.page_size_bytes :
			       DEFAULT_PAGE_BYTES;
	if (!options->uses_slab)
		return 1;
	if (max >= UINT64_C(1) << 32)
		max = 1;
	return UINT64_C(1) << kfrag_log2_ceil(objs_per_slab * max);
}

bool simulate_setup_init(struct simulate_setup *setup,
			 const struct simulate_options *options,
			 const struct kfrag_snapshot *snapshot,
			 uint64_t page_size_bytes)
{
	struct simulate_options adjusted = *options;
	const struct kfrag_replay_params *replay = &options->shared.params;

	*setup = (struct simulate_setup){ 0 };
	if (!options->sizes.is_bytes && !snapshot && options->uses_slab &&
	    options->objs_per_slab == 0)
		adjusted.objs_per_slab = DEFAULT_OBJS_PER_SLAB;
	setup->params = (struct kfrag_sim_params){
		.uses_slab = options->uses_slab,
		.sizes = &options->sizes,
		.lifetimes = &options->lifetimes,
		.schedule = &options->schedule,
		.page_units = plan_page(options, adjusted.objs_per_slab,
					page_size_bytes),
		.has_no_sizes = options->uses_slab && !snapshot &&
				!options->sizes.is_bytes,
		.placement = replay->placement,
		.policy = replay->policy,
		.min_partial_slabs = replay->min_partial_slabs,
	};
	if (snapshot ? !take_capture(setup, snapshot) :
		       !plan_classes(setup, &adjusted))
		return false;
	if (!plan_order(setup, &adjusted) || !plan_memory(setup, &adjusted))
		return false;
	plan_time(setup, &adjusted);
	describe_all(setup, &adjusted);
	return true;
}

void simulate_setup_release(struct simulate_setup *setup)
{
	kfrag_distribution_release(&setup->sizes);
	free(setup->classes);
	*setup = (struct simulate_setup){ 0 };
}
