// SPDX-License-Identifier: MIT
#include "twin_slab.h"

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/*
 * The rules of SLAB once more, by another way: the eras as a table, what a
 * slab holds by bisection, and the order as the least of the good ones.
 */
static const struct rules {
	unsigned head_32, head_64; /* struct slab */
	unsigned index; /* bytes; 0: a byte on pages of 4 KiB, else two */
	enum { LINE, ALIGN, TIGHT } list; /* what its end is rounded up to */
	unsigned off_slab_shift; /* of the page size; 0: by trial */
	enum { NEVER, TO_PAGE, ALWAYS } reclaim;
	unsigned usual_order;
	unsigned last_order;
} all_rules[] = {
	[KFRAG_ERA_SLAB_2_4] = { 24, 40, 4, LINE, 3, NEVER, 2, 5 },
	[KFRAG_ERA_SLAB_2_6_0] = { 24, 40, 4, LINE, 3, NEVER, 1, 5 },
	[KFRAG_ERA_SLAB_2_6_9] = { 24, 40, 2, ALIGN, 3, TO_PAGE, 1, 5 },
	[KFRAG_ERA_SLAB_2_6_16] = { 28, 48, 4, ALIGN, 3, ALWAYS, 1, 10 },
	[KFRAG_ERA_SLAB_3_13] = { 0, 0, 4, ALIGN, 3, ALWAYS, 1, 10 },
	[KFRAG_ERA_SLAB_3_15] = { 0, 0, 0, ALIGN, 5, ALWAYS, 1, 10 },
	[KFRAG_ERA_SLAB_4_6] = { 0, 0, 0, TIGHT, 0, ALWAYS, 1, 10 },
};

/* One question. */
struct asked {
	const struct kfrag_world *world;
	const struct kfrag_object *object;
	const struct rules *rules;
	uint64_t index_bytes;
	struct twin_slab_hard *hard;
};

static uint64_t round_up(uint64_t bytes, uint64_t to)
{
	return (bytes + to - 1) / to * to;
}

static uint64_t plain_list_bytes(const struct asked *asked, uint64_t nr)
{
	return (asked->world->word_bytes == 4 ? asked->rules->head_32 :
						asked->rules->head_64) +
	       nr * asked->index_bytes;
}

static uint64_t list_bytes(const struct asked *asked, uint64_t nr)
{
	const struct kfrag_world *world = asked->world;
	uint64_t bytes = plain_list_bytes(asked, nr);

	switch (asked->rules->list) {
	case LINE:
		return round_up(bytes, world->cache_line_bytes);
	case ALIGN:
		return round_up(bytes, asked->object->align_bytes != 0 ?
					       asked->object->align_bytes :
					       world->word_bytes);
	default:
		return bytes;
	}
}

/* The most objects with their list that fit, by bisection. */
static uint64_t most_inside(const struct asked *asked, uint64_t slab_bytes)
{
	uint64_t size = asked->object->size_bytes;
	uint64_t fits = 0, too_many = slab_bytes / size + 1;

	while (too_many - fits > 1) {
		uint64_t nr = (fits + too_many) / 2;

		if (nr * size + list_bytes(asked, nr) <= slab_bytes)
			fits = nr;
		else
			too_many = nr;
	}
	return fits;
}

static struct twin_slab_answer answer_of(const struct asked *asked,
					 unsigned order,
					 enum kfrag_management where)
{
	uint64_t slab_bytes = asked->world->page_size_bytes << order;
	uint64_t size = asked->object->size_bytes;
	struct twin_slab_answer answer = { true, order, slab_bytes / size,
					   0,	 0,	where };

	if (where == KFRAG_MANAGED_ON_SLAB) {
		answer.nr_objs = most_inside(asked, slab_bytes);
		answer.list_bytes = list_bytes(asked, answer.nr_objs);
		asked->hard->nr_rounded +=
			(answer.nr_objs + 1) * size +
				plain_list_bytes(asked, answer.nr_objs + 1) <=
			slab_bytes;
	}
	answer.rest_bytes =
		slab_bytes - answer.nr_objs * size - answer.list_bytes;
	return answer;
}

/* Of a list elsewhere since 4.6: the kmalloc cache is half an object at most.*/
static bool is_list_small(const struct asked *asked, uint64_t bytes,
			  uint64_t asked_bytes)
{
	static const uint64_t classes[] = { 32,	  64,	 96,	128,  192,
					    256,  512,	 1024,	2048, 4096,
					    8192, 16384, 32768, 65536 };
	uint64_t line = asked->world->cache_line_bytes;

	for (size_t i = 0; i < NR_OF(classes); i++) {
		uint64_t size = classes[i], align = line;

		while (size <= align / 2)
			align /= 2;
		size = round_up(size, align);
		if (classes[i] >= bytes)
			return size <= asked_bytes / 2;
	}
	return false;
}

/* Every order is looked at; the least good one is taken, or the last. */
static struct twin_slab_answer
best_of(const struct asked *asked, enum kfrag_management where,
	uint64_t enough_order, uint64_t asked_bytes)
{
	struct twin_slab_answer best = { 0 };
	bool is_good = false;
	uint64_t most = asked->index_bytes == 1 ? 255 : 65535;
	bool is_counted = asked->world->era >= KFRAG_ERA_SLAB_3_15;

	for (unsigned o = 0; o <= asked->rules->last_order && !is_good; o++) {
		struct twin_slab_answer answer = answer_of(asked, o, where);
		bool is_trial = asked->rules->off_slab_shift == 0;

		if (is_counted && answer.nr_objs > most) {
			asked->hard->nr_beyond_index++;
			break;
		}
		if (answer.nr_objs == 0 ||
		    (is_trial && where == KFRAG_MANAGED_OFF_SLAB &&
		     !is_list_small(asked, answer.nr_objs * asked->index_bytes,
				    asked_bytes)))
			continue;
		best = answer;
		is_good = o >= enough_order ||
			  answer.rest_bytes <=
				  (asked->world->page_size_bytes << o) / 8;
		asked->hard->nr_stopped +=
			o >= enough_order &&
			answer.rest_bytes >
				(asked->world->page_size_bytes << o) / 8;
	}
	return best;
}

static struct twin_slab_answer by_size(const struct asked *asked,
				       uint64_t enough, uint64_t asked_bytes)
{
	uint64_t least = asked->world->page_size_bytes >>
			 asked->rules->off_slab_shift;
	struct twin_slab_answer answer;

	if (asked_bytes < least ||
	    (asked->object->traits & KFRAG_TRAIT_ON_SLAB) != 0)
		return best_of(asked, KFRAG_MANAGED_ON_SLAB, enough,
			       asked_bytes);
	answer = best_of(asked, KFRAG_MANAGED_OFF_SLAB, enough, asked_bytes);
	asked->hard->nr_elsewhere++;
	if (answer.any &&
	    answer.rest_bytes >= list_bytes(asked, answer.nr_objs)) {
		asked->hard->nr_moved_in++;
		answer.where = KFRAG_MANAGED_ON_SLAB;
		answer.list_bytes = list_bytes(asked, answer.nr_objs);
		answer.rest_bytes -= answer.list_bytes;
	}
	return answer;
}

static struct twin_slab_answer by_trial(const struct asked *asked,
					uint64_t enough, uint64_t asked_bytes)
{
	struct twin_slab_answer inside =
		best_of(asked, KFRAG_MANAGED_IN_OBJECT, enough, asked_bytes);
	struct twin_slab_answer off =
		best_of(asked, KFRAG_MANAGED_OFF_SLAB, enough, asked_bytes);
	struct twin_slab_answer on =
		best_of(asked, KFRAG_MANAGED_ON_SLAB, enough, asked_bytes);
	unsigned traits = asked->object->traits;

	if (inside.any && (traits & KFRAG_TRAIT_CONSTRUCTED) == 0 &&
	    inside.nr_objs * asked->index_bytes <= asked_bytes) {
		asked->hard->nr_in_object++;
		return inside;
	}
	if (off.any && (traits & KFRAG_TRAIT_ON_SLAB) == 0 &&
	    off.nr_objs * asked->index_bytes > off.rest_bytes) {
		asked->hard->nr_elsewhere++;
		return off;
	}
	return on;
}

struct twin_slab_answer twin_slab(const struct kfrag_world *world,
				  const struct kfrag_object *object,
				  struct twin_slab_hard *hard)
{
	const struct rules *rules = &all_rules[world->era];
	struct asked asked = { world, object, rules, rules->index, hard };
	uint64_t asked_bytes = object->unaligned_bytes != 0 ?
				       object->unaligned_bytes :
				       object->size_bytes;
	uint64_t enough = world->slab_max_order.known ?
				  world->slab_max_order.value :
				  rules->usual_order;

	if (rules->index == 0)
		asked.index_bytes = world->page_size_bytes == 4096 ? 1 : 2;
	if (world->era < KFRAG_ERA_SLAB_2_6_16 && world->slab_index_bytes != 0)
		asked.index_bytes = world->slab_index_bytes;
	if ((object->traits & KFRAG_TRAIT_RECLAIM) != 0 &&
	    (rules->reclaim == ALWAYS ||
	     (rules->reclaim == TO_PAGE &&
	      object->size_bytes <= world->page_size_bytes))) {
		hard->nr_reclaim++;
		enough = 0;
	}
	return rules->off_slab_shift == 0 ?
		       by_trial(&asked, enough, asked_bytes) :
		       by_size(&asked, enough, asked_bytes);
}

unsigned twin_slab_last_order(enum kfrag_era era)
{
	return all_rules[era].last_order;
}
