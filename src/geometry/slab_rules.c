// SPDX-License-Identifier: MIT
#include "geometry/slab_rules.h"

#include "kfrag/arith.h"

#define OLD_LAST_ORDER 5 /* MAX_GFP_ORDER, until 2.6.15 */
#define LARGEST_SHIFT 25 /* KMALLOC_SHIFT_HIGH is at most that */
#define MIN_KMALLOC_BYTES 32 /* 1 << KMALLOC_SHIFT_LOW of SLAB */
#define MIN_OBJECT_BYTES 16 /* SLAB_OBJ_MIN_SIZE */

/* sizeof(struct slab); a node's number came with 2.6.14. */
static uint64_t head_bytes(const struct kfrag_world *world)
{
	if (world->era >= KFRAG_ERA_SLAB_3_13)
		return 0;
	if (world->era == KFRAG_ERA_SLAB_2_6_16)
		return world->word_bytes == 4 ? 28 : 48;
	return world->word_bytes == 4 ? 24 : 40;
}

/* FREELIST_BYTE_INDEX */
static bool is_index_byte(const struct kfrag_world *world)
{
	return world->era >= KFRAG_ERA_SLAB_3_15 &&
	       world->page_size_bytes / 256 <= MIN_OBJECT_BYTES;
}

static uint64_t index_bytes(const struct kfrag_world *world)
{
	if (world->era >= KFRAG_ERA_SLAB_3_15)
		return is_index_byte(world) ? 1 : 2;
	if (world->era >= KFRAG_ERA_SLAB_2_6_16)
		return 4;
	if (world->slab_index_bytes != 0)
		return world->slab_index_bytes;
	return world->era == KFRAG_ERA_SLAB_2_6_9 ? 2 : 4;
}

static uint64_t list_align_bytes(const struct kfrag_world *world,
				 uint64_t align_bytes)
{
	if (world->era <= KFRAG_ERA_SLAB_2_6_0)
		return world->cache_line_bytes;
	if (world->era == KFRAG_ERA_SLAB_4_6)
		return 1;
	return align_bytes != 0 ? align_bytes : world->word_bytes;
}

static uint64_t reclaim_bytes(const struct kfrag_world *world)
{
	if (world->era <= KFRAG_ERA_SLAB_2_6_0)
		return 0;
	return world->era == KFRAG_ERA_SLAB_2_6_9 ? world->page_size_bytes :
						    UINT64_MAX;
}

static unsigned enough_order(const struct kfrag_world *world)
{
	if (!world->slab_max_order.known)
		return world->era == KFRAG_ERA_SLAB_2_4 ? 2 : 1;
	return world->slab_max_order.value > KFRAG_GEOMETRY_MAX_ORDER ?
		       KFRAG_GEOMETRY_MAX_ORDER :
		       (unsigned)world->slab_max_order.value;
}

static unsigned last_order(const struct kfrag_world *world)
{
	unsigned page_shift = kfrag_log2_floor(world->page_size_bytes);

	if (world->era < KFRAG_ERA_SLAB_2_6_16)
		return OLD_LAST_ORDER;
	if (page_shift + KFRAG_GEOMETRY_MAX_ORDER <= LARGEST_SHIFT)
		return KFRAG_GEOMETRY_MAX_ORDER;
	return page_shift < LARGEST_SHIFT ? LARGEST_SHIFT - page_shift : 0;
}

struct kfrag_slab_rules kfrag_slab_rules(const struct kfrag_world *world,
					 uint64_t align_bytes)
{
	struct kfrag_slab_rules rules = {
		.head_bytes = head_bytes(world),
		.index_bytes = index_bytes(world),
		.list_align_bytes = list_align_bytes(world, align_bytes),
		.most_objs = UINT32_MAX,
		.off_slab_bytes = world->page_size_bytes / 8,
		.reclaim_bytes = reclaim_bytes(world),
		.enough_order = enough_order(world),
		.last_order = last_order(world),
		.tries_in_object = world->era == KFRAG_ERA_SLAB_4_6,
		.cache_line_bytes = world->cache_line_bytes,
	};

	if (world->era >= KFRAG_ERA_SLAB_3_15) {
		rules.most_objs = is_index_byte(world) ? UINT8_MAX : UINT16_MAX;
		rules.off_slab_bytes = world->page_size_bytes / 32;
	}
	return rules;
}

uint64_t kfrag_slab_list_cache_bytes(const struct kfrag_slab_rules *rules,
				     uint64_t bytes)
{
	uint64_t power = UINT64_C(1) << kfrag_log2_ceil(bytes);

	if (power <= MIN_KMALLOC_BYTES)
		return MIN_KMALLOC_BYTES;
	/* kmalloc-96 and -192, which are rounded up to a cache line, too. */
	if ((power == 128 || power == 256) && bytes <= power / 4 * 3 &&
	    power / 4 * 3 % rules->cache_line_bytes == 0)
		return power / 4 * 3;
	return power;
}

uint64_t kfrag_slab_min_object_bytes(const struct kfrag_world *world)
{
	return is_index_byte(world) ? MIN_OBJECT_BYTES : world->word_bytes;
}
