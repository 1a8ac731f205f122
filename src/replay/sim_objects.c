// SPDX-License-Identifier: MIT
/* Objects of a simulation: where they live, and when they die. */
#include <stdlib.h>

#include "kfrag/arith.h"
#include "replay/sim_impl.h"

static enum kfrag_error make_allocators(struct kfrag_sim *sim)
{
	const struct kfrag_sim_params *params = sim->params;
	enum kfrag_error error =
		kfrag_buddy_create_placed(&sim->buddy, params->nr_pages,
					  params->max_order, params->placement);

	if (error || !params->uses_slab)
		return error;
	sim->caches =
		calloc(params->nr_classes, sizeof(struct kfrag_slab_cache *));
	if (!sim->caches)
		return KFRAG_ENOMEM;
	return kfrag_slab_create(&sim->slab,
				 kfrag_buddy_page_source(sim->buddy),
				 params->nr_pages, params->page_units);
}

enum kfrag_error kfrag_sim_init(struct kfrag_sim *sim,
				const struct kfrag_sim_params *params,
				uint64_t seed)
{
	struct kfrag_random seeds;

	*sim = (struct kfrag_sim){ .params = params, .seed = seed };
	kfrag_random_init(&seeds, seed);
	for (int i = 0; i < KFRAG_SIM_NR_STREAMS; i++)
		kfrag_random_init(&sim->random[i], kfrag_random_next(&seeds));
	return make_allocators(sim);
}

void kfrag_sim_release(struct kfrag_sim *sim)
{
	kfrag_slab_discard(sim->slab);
	kfrag_buddy_destroy(sim->buddy);
	free(sim->caches);
	free(sim->objects);
	free(sim->free_objects);
	free(sim->living);
	free(sim->heap.deaths);
	*sim = (struct kfrag_sim){ 0 };
}

static bool grow(void **array, size_t nr, size_t size)
{
	void *larger = realloc(*array, nr * size);

	if (larger)
		*array = larger;
	return larger != NULL;
}

static bool reserve_object(struct kfrag_sim *sim)
{
	size_t capacity = sim->capacity * 2 + 1024;

	if (sim->nr_free_objects > 0)
		return true;
	if (sim->capacity >= 2 * KFRAG_SIM_MAX_OBJS) {
		sim->error = KFRAG_ERANGE;
		return false;
	}
	if (!grow((void **)&sim->objects, capacity, sizeof(*sim->objects)) ||
	    !grow((void **)&sim->free_objects, capacity,
		  sizeof(*sim->free_objects)) ||
	    !grow((void **)&sim->living, capacity, sizeof(*sim->living))) {
		sim->error = KFRAG_ENOMEM;
		return false;
	}
	/* The lowest is used first. */
	for (size_t i = capacity; i-- > sim->capacity;)
		sim->free_objects[sim->nr_free_objects++] = (uint32_t)i;
	sim->capacity = capacity;
	return true;
}

static struct kfrag_slab_cache *cache_of(struct kfrag_sim *sim,
					 uint32_t class_index)
{
	const struct kfrag_sim_params *params = sim->params;
	const struct kfrag_sim_class *of = &params->classes[class_index];
	struct kfrag_slab_cache_params cache = {
		.size_bytes = of->size,
		.objs_per_slab = of->objs_per_slab,
		.order = of->order,
		.min_partial_slabs = params->min_partial_slabs,
		.policy = params->policy ? params->policy : &kfrag_sim_oracle,
	};

	if (!sim->caches[class_index]) {
		sim->error = kfrag_slab_cache_create(&sim->caches[class_index],
						     sim->slab, &cache);
		if (!sim->error)
			kfrag_slab_cache_seed(sim->caches[class_index],
					      sim->seed + class_index);
	}
	return sim->caches[class_index];
}

/* Fewest slabs that would do for the objects of a cache. */
static uint64_t fewest(const struct kfrag_sim *sim, uint32_t class_index)
{
	return kfrag_div_up(kfrag_slab_cache_nr_objs(sim->caches[class_index]),
			    sim->params->classes[class_index].objs_per_slab);
}

static bool take_slot(struct kfrag_sim *sim, struct kfrag_sim_object *object,
		      uint64_t death)
{
	struct kfrag_slab_cache *cache = cache_of(sim, object->class_index);
	uint64_t slab_units, before, nr_slabs;

	if (!cache)
		return false;
	slab_units = sim->params->page_units
		     << sim->params->classes[object->class_index].order;
	before = fewest(sim, object->class_index);
	nr_slabs = kfrag_slab_cache_nr_slabs(cache);
	if (!sim->params->policy)
		kfrag_slab_cache_seed(cache, death);
	if (!kfrag_slab_alloc(cache, &object->address)) {
		sim->error = kfrag_slab_host_error(sim->slab);
		return false;
	}
	nr_slabs = kfrag_slab_cache_nr_slabs(cache) - nr_slabs;
	sim->levels[KFRAG_LEVEL_SLABS] += nr_slabs;
	sim->levels[KFRAG_LEVEL_HELD_UNITS] += nr_slabs * slab_units;
	sim->levels[KFRAG_LEVEL_FEWEST] +=
		fewest(sim, object->class_index) - before;
	return true;
}

static void give_slot(struct kfrag_sim *sim,
		      const struct kfrag_sim_object *object)
{
	struct kfrag_slab_cache *cache = sim->caches[object->class_index];
	uint64_t before = fewest(sim, object->class_index);
	uint64_t nr_slabs = kfrag_slab_cache_nr_slabs(cache);

	kfrag_slab_free(sim->slab, object->address);
	nr_slabs -= kfrag_slab_cache_nr_slabs(cache);
	sim->levels[KFRAG_LEVEL_SLABS] -= nr_slabs;
	sim->levels[KFRAG_LEVEL_HELD_UNITS] -=
		nr_slabs * (sim->params->page_units
			    << sim->params->classes[object->class_index].order);
	sim->levels[KFRAG_LEVEL_FEWEST] -=
		before - fewest(sim, object->class_index);
}

static bool take_block(struct kfrag_sim *sim, struct kfrag_sim_object *object)
{
	uint64_t end, page_units = sim->params->page_units;

	object->class_index =
		kfrag_log2_ceil(kfrag_div_up(object->size, page_units));
	if (!kfrag_buddy_alloc(sim->buddy, object->class_index,
			       &object->address))
		return false;
	sim->levels[KFRAG_LEVEL_HELD_UNITS] += page_units
					       << object->class_index;
	end = (object->address + (UINT64_C(1) << object->class_index)) *
	      page_units;
	if (end > sim->high_water_units)
		sim->high_water_units = end;
	return true;
}

static void give_block(struct kfrag_sim *sim,
		       const struct kfrag_sim_object *object)
{
	kfrag_buddy_free(sim->buddy, object->class_index, object->address);
	sim->levels[KFRAG_LEVEL_HELD_UNITS] -= sim->params->page_units
					       << object->class_index;
}

/* When an object that is born now will die. */
static uint64_t draw_death(struct kfrag_sim *sim)
{
	size_t item;
	uint64_t time = kfrag_distribution_draw(
		sim->params->lifetimes, &sim->random[KFRAG_SIM_LIFETIMES],
		&item);

	return kfrag_add_u64(time, sim->now, &time) ? time : KFRAG_TICKS_NEVER;
}

static void set_death(struct kfrag_sim *sim, uint32_t id, uint64_t time)
{
	struct kfrag_sim_death death = {
		.object = id,
		.number = sim->nr_numbers++,
		.time = time,
	};

	sim->objects[id].has_death = time < KFRAG_TICKS_NEVER;
	if (sim->objects[id].has_death &&
	    !kfrag_sim_heap_push(&sim->heap, death))
		sim->error = KFRAG_ENOMEM;
}

static void draw_object(struct kfrag_sim *sim, struct kfrag_sim_object *object)
{
	const struct kfrag_distribution *sizes = sim->params->sizes;
	size_t item;

	object->size = kfrag_distribution_draw(
		sizes, &sim->random[KFRAG_SIM_SIZES], &item);
	if (sizes->kind == KFRAG_EXPONENTIAL)
		object->size += object->size < UINT64_MAX;
	object->class_index = sizes->kind == KFRAG_LIST ?
				      (uint32_t)item :
				      kfrag_log2_ceil(object->size);
}

void kfrag_sim_birth(struct kfrag_sim *sim)
{
	struct kfrag_sim_object *object;
	uint64_t death;
	uint32_t id;

	if (!reserve_object(sim))
		return;
	death = draw_death(sim);
	id = sim->free_objects[sim->nr_free_objects - 1];
	object = &sim->objects[id];
	draw_object(sim, object);
	sim->nr_births++;
	if (sim->params->uses_slab ? !take_slot(sim, object, death) :
				     !take_block(sim, object)) {
		sim->nr_failed++;
		return;
	}
	sim->nr_free_objects--;
	object->place = sim->nr_living;
	sim->living[sim->nr_living++] = id;
	sim->levels[KFRAG_LEVEL_LIVE_OBJS]++;
	sim->levels[KFRAG_LEVEL_LIVE_UNITS] += object->size;
	kfrag_sim_note(sim);
	set_death(sim, id, death);
}

void kfrag_sim_death(struct kfrag_sim *sim, uint32_t id)
{
	struct kfrag_sim_object *object = &sim->objects[id];
	uint32_t last = sim->living[--sim->nr_living];

	if (sim->params->uses_slab)
		give_slot(sim, object);
	else
		give_block(sim, object);
	sim->living[object->place] = last;
	sim->objects[last].place = object->place;
	object->place = SIZE_MAX;
	sim->nr_deaths++;
	sim->levels[KFRAG_LEVEL_LIVE_OBJS]--;
	sim->levels[KFRAG_LEVEL_LIVE_UNITS] -= object->size;
	kfrag_sim_note(sim);
}

void kfrag_sim_forget(struct kfrag_sim *sim, uint32_t object)
{
	sim->free_objects[sim->nr_free_objects++] = object;
}

bool kfrag_sim_next_death(struct kfrag_sim *sim, uint64_t until,
			  struct kfrag_sim_death *death)
{
	while (sim->heap.nr_deaths > 0 && sim->heap.deaths[0].time <= until) {
		*death = kfrag_sim_heap_pop(&sim->heap);
		if (sim->objects[death->object].place != SIZE_MAX)
			return true;
		/* It was reclaimed before its time. */
		kfrag_sim_forget(sim, death->object);
	}
	return false;
}
