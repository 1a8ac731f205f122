// SPDX-License-Identifier: MIT
/*
 * Every world that could have made the rows is tried, the most likely first;
 * one is taken over another only where it costs less. Most are given up after
 * a few rows, so that there are many more worlds than work.
 *
 * Boot parameters explain a lot, and some of anything: a parameter is believed
 * only where it explains at least MIN_GAIN_ROWS rows more than the kernel's
 * defaults do, and at least half of what they leave unexplained.
 */
#include "replay/fit_worlds.h"

#include "kfrag/arith.h"

#define MIN_GAIN_ROWS 3
#define NR_CPU_CLASSES 14 /* up to 16383: x86 allows 8192 */
#define MAX_MIN_ORDER 6
#define MAX_MIN_OBJECTS 256
#define MAX_ROUNDS 3 /* parameters at the same time */

/* A search: what it works on, and the best so far. */
struct search {
	const struct kfrag_fit_rows *rows;
	const struct kfrag_fit_bounds *bounds;
	struct kfrag_world world; /* being tried; its parameters are fixed */
	struct kfrag_world best;
	uint64_t best_cost;
};

static const uint64_t page_sizes[] = {
	4 * KFRAG_KIB,	8 * KFRAG_KIB,	 16 * KFRAG_KIB,
	64 * KFRAG_KIB, 256 * KFRAG_KIB,
};
#define NR_PAGE_SIZES (sizeof(page_sizes) / sizeof(page_sizes[0]))

static void try_world(struct search *search)
{
	uint64_t cost =
		kfrag_fit_cost(&search->world, search->rows, search->best_cost);

	if (cost < search->best_cost) {
		search->best = search->world;
		search->best_cost = cost;
	}
}

/* As many CPUs as the least of a class. */
static uint64_t cpus_of_class(unsigned class)
{
	return UINT64_C(1) << (class - 1);
}

static void try_slub(struct search *search)
{
	search->world.word_bytes = search->rows->has_odd_words ? 4 : 8;
	for (unsigned class = 1; class <= NR_CPU_CLASSES; class ++) {
		search->world.nr_cpus = cpus_of_class(class);
		try_world(search);
		if (search->world.era == KFRAG_ERA_SLUB_2_6_22 ||
		    search->world.slub_min_objects.known)
			break;
	}
}

/* What an era of SLAB does not look at is as it usually is. */
static void try_slab_lists(struct search *search)
{
	struct kfrag_world *world = &search->world;
	bool has_lines = world->era <= KFRAG_ERA_SLAB_2_6_0;
	bool has_indices = world->era == KFRAG_ERA_SLAB_2_6_0 ||
			   world->era == KFRAG_ERA_SLAB_2_6_9;

	for (unsigned line = 32; line <= 128; line *= 2) {
		world->cache_line_bytes = has_lines ? line : 64;
		world->slab_index_bytes = 0;
		try_world(search);
		for (unsigned i = 2; has_indices && i <= 4; i += 2) {
			world->slab_index_bytes = i;
			try_world(search);
		}
		if (!has_lines)
			break;
	}
	world->slab_index_bytes = 0;
	world->cache_line_bytes = 64;
}

/*
 * SLAB's largest order is one less on a machine of 32 MiB, which is no
 * parameter.
 */
static void try_slab_orders(struct search *search)
{
	struct kfrag_opt *order = &search->world.slab_max_order;

	try_slab_lists(search);
	if (order->known)
		return;
	*order = kfrag_known(search->world.era == KFRAG_ERA_SLAB_2_4);
	try_slab_lists(search);
	*order = kfrag_unknown();
}

static void try_slab(struct search *search)
{
	search->world.nr_cpus = 1;
	if (!search->rows->has_odd_words) {
		search->world.word_bytes = 8;
		try_slab_orders(search);
	}
	search->world.word_bytes = 4;
	try_slab_orders(search);
}

static void try_era(struct search *search, enum kfrag_era era)
{
	struct kfrag_opt page = search->bounds->page_size_bytes;

	search->world.era = era;
	for (size_t i = 0; i < NR_PAGE_SIZES; i++) {
		search->world.page_size_bytes = page.known ? page.value :
							     page_sizes[i];
		if (kfrag_era_range(era)->is_slub)
			try_slub(search);
		else
			try_slab(search);
		if (page.known)
			break;
	}
}

static void try_allocator(struct search *search, bool is_slub)
{
	const char *release = search->bounds->release;
	enum kfrag_era era;

	if (release != NULL && kfrag_era_of_release(release, is_slub, &era))
		try_era(search, era);
	for (int i = KFRAG_NR_ERAS - 1; i >= 0; i--)
		if (kfrag_era_range((enum kfrag_era)i)->is_slub == is_slub)
			try_era(search, (enum kfrag_era)i);
}

static void try_parameter(struct search *search, struct kfrag_opt *parameter,
			  uint64_t value)
{
	*parameter = kfrag_known(value);
	try_allocator(search, parameter != &search->world.slab_max_order);
	*parameter = kfrag_unknown();
}

static void try_orders(struct search *search, struct kfrag_opt *parameter,
		       uint64_t first, uint64_t last)
{
	if (parameter->known)
		return;
	for (uint64_t order = first; order <= last; order++)
		try_parameter(search, parameter, order);
}

/* Rounder numbers first: 64 is more likely than 63 or 65. */
static void try_min_objects(struct search *search)
{
	struct kfrag_opt *parameter = &search->world.slub_min_objects;

	for (uint64_t step = MAX_MIN_OBJECTS; step > 0; step /= 2)
		for (uint64_t nr = step; nr <= MAX_MIN_OBJECTS; nr += 2 * step)
			try_parameter(search, parameter, nr);
}

/* Each parameter that the world does not have yet, beside those it has. */
static void try_parameters(struct search *search)
{
	struct kfrag_world *world = &search->world;

	if (search->bounds->may_be_slab)
		try_orders(search, &world->slab_max_order, 0,
			   KFRAG_GEOMETRY_MAX_ORDER);
	if (!search->bounds->may_be_slub)
		return;
	try_orders(search, &world->slub_max_order, 0, KFRAG_GEOMETRY_MAX_ORDER);
	try_orders(search, &world->slub_min_order, 1, MAX_MIN_ORDER);
	if (!world->slub_min_objects.known)
		try_min_objects(search);
}

static void take_parameters(struct kfrag_world *to,
			    const struct kfrag_world *from)
{
	to->slub_min_order = from->slub_min_order;
	to->slub_max_order = from->slub_max_order;
	to->slub_min_objects = from->slub_min_objects;
	to->slab_max_order = from->slab_max_order;
}

/* A parameter more, if it is worth believing; false: none is. */
static bool add_parameter(struct search *search)
{
	uint64_t gain = search->best_cost / 2;
	struct search more = *search;

	if (gain < MIN_GAIN_ROWS * KFRAG_FIT_ROW_COST)
		gain = MIN_GAIN_ROWS * KFRAG_FIT_ROW_COST;
	if (search->best_cost < gain)
		return false;
	more.best_cost = search->best_cost - gain + 1;
	take_parameters(&more.world, &search->best);
	try_parameters(&more);
	if (more.best_cost > search->best_cost - gain)
		return false;
	search->best = more.best;
	search->best_cost = more.best_cost;
	return true;
}

static bool fits_as_well(const struct search *search,
			 const struct kfrag_world *world)
{
	return kfrag_fit_cost(world, search->rows, search->best_cost + 1) ==
	       search->best_cost;
}

static void find_cpus(const struct search *search,
		      struct kfrag_fit_choice *choice)
{
	struct kfrag_world world = search->best;
	unsigned class = kfrag_log2_floor(world.nr_cpus) + 1;

	choice->min_cpus = world.nr_cpus;
	choice->max_cpus = 0;
	for (; class <= NR_CPU_CLASSES; class ++) {
		world.nr_cpus = cpus_of_class(class);
		if (!fits_as_well(search, &world)) {
			choice->max_cpus = world.nr_cpus - 1;
			return;
		}
	}
}

/* Whether the era has a world with these parameters that costs no more. */
static bool has_as_good(const struct search *search, enum kfrag_era era)
{
	struct search other = *search;

	other.world.page_size_bytes = search->best.page_size_bytes;
	take_parameters(&other.world, &search->best);
	other.best_cost = search->best_cost + 1;
	try_era(&other, era);
	return other.best_cost == search->best_cost;
}

static bool is_neighbour(enum kfrag_era era, int other)
{
	return other >= 0 && other < KFRAG_NR_ERAS &&
	       kfrag_era_range(era)->is_slub ==
		       kfrag_era_range((enum kfrag_era)other)->is_slub;
}

static void find_eras(const struct search *search,
		      struct kfrag_fit_choice *choice)
{
	enum kfrag_era era = search->best.era;
	int first = (int)era, last = (int)era;

	while (is_neighbour(era, first - 1) &&
	       has_as_good(search, (enum kfrag_era)(first - 1)))
		first--;
	while (is_neighbour(era, last + 1) &&
	       has_as_good(search, (enum kfrag_era)(last + 1)))
		last++;
	choice->first_era = (enum kfrag_era)first;
	choice->last_era = (enum kfrag_era)last;
}

struct kfrag_fit_choice kfrag_fit_choose(const struct kfrag_fit_rows *rows,
					 const struct kfrag_fit_bounds *bounds)
{
	struct search search = {
		.rows = rows,
		.bounds = bounds,
		.world = { .cache_line_bytes = 64 },
		.best_cost = UINT64_MAX,
	};
	struct kfrag_fit_choice choice;

	if (bounds->may_be_slub)
		try_allocator(&search, true);
	if (bounds->may_be_slab)
		try_allocator(&search, false);
	for (int i = 0; i < MAX_ROUNDS && add_parameter(&search); i++)
		;
	choice = (struct kfrag_fit_choice){ .world = search.best,
					    .cost = search.best_cost };
	find_cpus(&search, &choice);
	find_eras(&search, &choice);
	return choice;
}
