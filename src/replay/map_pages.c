// SPDX-License-Identifier: MIT
/*
 * From the allocators to a map of their pages, by runs: free memory goes by
 * blocks, up to a word of them at once, held memory by slabs. Full slabs and
 * slabs of one page are done without a look at their slots.
 */
#include "replay/map_pages.h"

#include "kfrag/arith.h"

void kfrag_map_free_blocks(struct kfrag_memory_map *map,
			   const struct kfrag_buddy *buddy)
{
	for (unsigned order = 0; order <= kfrag_buddy_max_order(buddy);
	     order++) {
		uint64_t size = UINT64_C(1) << order;
		uint64_t from = 0, pfn, mask;

		while (kfrag_buddy_next_free_mask(buddy, order, from, &pfn,
						  &mask)) {
			kfrag_memory_map_add_blocks(map, KFRAG_PAGE_FREE, pfn,
						    order, mask, 0, size);
			from = pfn + ((kfrag_log2_floor(mask) + UINT64_C(1))
				      << order);
		}
	}
}

/* A slab to be drawn. */
struct drawing {
	struct kfrag_memory_map *map;
	const struct kfrag_slab *slab;
	const struct kfrag_map_slots *slots;
	uint64_t page_size_bytes;
	uint64_t pfn; /* of the slab */
};

/* The first live slot from `from` on; objs_per_slab where there is none. */
static uint64_t next_live(const struct drawing *drawing, uint64_t from)
{
	uint32_t nr_slots = drawing->slots->objs_per_slab;
	uint64_t above = UINT64_MAX << (from % 64);

	for (uint32_t word = (uint32_t)(from / 64); word * 64 < nr_slots;
	     word++) {
		uint64_t live =
			above &
			kfrag_slab_live_mask(drawing->slab, drawing->pfn, word);

		if (live)
			return word * 64 + (unsigned)__builtin_ctzll(live);
		above = UINT64_MAX;
	}
	return nr_slots;
}

/* Of the first nr_pages pages of the slab, those without a live object. */
static void draw_idle(const struct drawing *drawing, uint64_t nr_pages)
{
	uint64_t size = drawing->slots->size_bytes;
	uint64_t page = 0;

	while (page < nr_pages) {
		/* A slot that reaches into the page is the first that may. */
		uint64_t slot = next_live(
			drawing, page * drawing->page_size_bytes / size);
		uint64_t live = nr_pages, behind = nr_pages;

		if (slot < drawing->slots->objs_per_slab) {
			live = slot * size / drawing->page_size_bytes;
			behind = kfrag_div_up((slot + 1) * size,
					      drawing->page_size_bytes);
		}
		if (live > page)
			kfrag_memory_map_add(drawing->map, KFRAG_PAGE_IDLE,
					     drawing->pfn + page, live - page);
		page = behind;
	}
}

static void draw_slab(const struct drawing *drawing, uint32_t nr_inuse)
{
	const struct kfrag_map_slots *slots = drawing->slots;
	uint64_t size = UINT64_C(1) << slots->order;
	uint64_t nr_slot_pages =
		kfrag_div_up(slots->objs_per_slab * slots->size_bytes,
			     drawing->page_size_bytes);

	if (nr_inuse == 0)
		kfrag_memory_map_add(drawing->map, KFRAG_PAGE_IDLE,
				     drawing->pfn, nr_slot_pages);
	else if (nr_inuse < slots->objs_per_slab && nr_slot_pages > 1)
		draw_idle(drawing, nr_slot_pages);
	if (nr_slot_pages < size)
		kfrag_memory_map_add(drawing->map, KFRAG_PAGE_TAIL,
				     drawing->pfn + nr_slot_pages,
				     size - nr_slot_pages);
}

void kfrag_map_slabs(struct kfrag_memory_map *map,
		     const struct kfrag_slab *slab,
		     const struct kfrag_map_slots *slots,
		     uint64_t page_size_bytes)
{
	struct drawing drawing = {
		.map = map,
		.slab = slab,
		.page_size_bytes = page_size_bytes,
	};
	struct kfrag_slab_view view;

	while (kfrag_slab_next(slab, drawing.pfn, &view)) {
		drawing.pfn = view.pfn;
		drawing.slots = &slots[kfrag_slab_cache_index(view.cache)];
		draw_slab(&drawing, view.nr_inuse);
		drawing.pfn += UINT64_C(1) << drawing.slots->order;
	}
}
