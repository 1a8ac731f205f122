// SPDX-License-Identifier: MIT
/*
 * The binary buddy allocator (K. Knowlton, CACM 8, 1965; D. Knuth, The Art
 * of Computer Programming 1, 2.5).
 *
 * 1. Blocks. Memory is pages 0..n-1. A block of order k is 2^k pages and
 *    starts at a multiple of 2^k, so block number i of order k is pages
 *    i << k .. ((i + 1) << k) - 1. A request takes a whole block.
 *
 * 2. Splitting. Where no block of the wanted order is free, the next larger
 *    free one is cut into halves: the lower half is cut on, the upper half
 *    becomes a free block, until the order fits.
 *
 * 3. Buddies. The two halves of block i of order k + 1 are blocks 2i and
 *    2i + 1 of order k: each other's buddy. A block's buddy is therefore
 *    found without searching, its number with the lowest bit inverted
 *    (i ^ 1), and their parent is i >> 1. When a block is freed and its
 *    buddy is free, they merge, and the parent is treated likewise. So the
 *    free blocks are always the largest that can be made of the free pages:
 *    they depend on which pages are free, never on the order of the frees.
 *
 * 4. The bitmap. Per order, one bit per block number: set means that this
 *    block is free as a block of this order. Nothing is stored inside the
 *    pages and nothing about allocated blocks: whoever holds one knows its
 *    order. The same bits answer both of the allocator's questions. "Is the
 *    buddy free?" is one bit test. "Where is a free block?" is a search, made
 *    quick by summary words above the bits (bitmap.h): one step per factor of
 *    64, so the bitmap is the free list too. It is a list in address order:
 *    always the lowest block is taken, which keeps the top of memory whole.
 *
 * 5. What it costs. n/1 + n/2 + n/4 + ... bits are less than 2n, and the
 *    summaries add one 63rd: about 2.03 bits a page, 0.0062 % of memory with
 *    4 KiB pages. Linux up to 2.6.9 had half of the bits (one per pair of
 *    buddies, saying whether just one of both is free), but needed list
 *    links in every free page besides; since then it keeps an order in each
 *    struct page.
 *
 * 6. Telling wrong frees. The bits know every free page: freeing a page that
 *    is free, wholly or in part, shows as a set bit of the block, of one that
 *    contains it, or of one inside it. That an allocated block is freed with
 *    another order than it was taken with leaves no trace in them. One bit a
 *    page that marks where allocated blocks start (kfrag_buddy_create_checked)
 *    closes the gap: a block ends where the next start or free block is.
 *    Looking at all of them takes longer than freeing, so a plain allocator
 *    asserts only what it has in hand anyway.
 */
#include "kfrag/buddy.h"

#include <assert.h>
#include <stdlib.h>

#include "alloc/buddy_impl.h"
#include "kfrag/arith.h"
#include "kfrag/bitmap.h"

static struct kfrag_bitmap_shape shape_of(uint64_t nr_pages, unsigned order)
{
	struct kfrag_bitmap_shape shape;

	kfrag_bitmap_shape_init(&shape, nr_pages >> order);
	return shape;
}

uint64_t kfrag_buddy_bitmap_bits_for(uint64_t nr_pages, unsigned order)
{
	return shape_of(nr_pages, order).nr_words * 64;
}

uint64_t kfrag_buddy_bitmap_bytes_for(uint64_t nr_pages, unsigned max_order)
{
	uint64_t bits = 0;

	for (unsigned order = 0; order <= max_order; order++)
		bits += kfrag_buddy_bitmap_bits_for(nr_pages, order);
	return bits / 8;
}

static void add_free(struct kfrag_buddy *buddy, unsigned order, uint64_t index)
{
	struct kfrag_buddy_area *area = &buddy->areas[order];

	kfrag_bitmap_set(&area->shape, area->words, index);
	area->nr_free++;
	buddy->nonempty |= UINT64_C(1) << order;
}

static void remove_free(struct kfrag_buddy *buddy, unsigned order,
			uint64_t index)
{
	struct kfrag_buddy_area *area = &buddy->areas[order];

	kfrag_bitmap_clear(&area->shape, area->words, index);
	if (--area->nr_free == 0)
		buddy->nonempty &= ~(UINT64_C(1) << order);
}

/*
 * Makes the pages first..end-1 free, none of which is: the largest blocks
 * that their alignment allows, in address order. Both ends of the range must
 * be such that no block at its edges has a free buddy outside.
 */
static void add_free_range(struct kfrag_buddy *buddy, uint64_t first,
			   uint64_t end)
{
	while (first < end) {
		unsigned order = kfrag_log2_floor(end - first);

		if (first && order > (unsigned)__builtin_ctzll(first))
			order = (unsigned)__builtin_ctzll(first);
		if (order > buddy->max_order)
			order = buddy->max_order;
		add_free(buddy, order, first >> order);
		first += UINT64_C(1) << order;
	}
}

/* All pages of a new allocator: whole words of top blocks, then the rest. */
static void free_everything(struct kfrag_buddy *buddy)
{
	struct kfrag_buddy_area *top = &buddy->areas[buddy->max_order];
	uint64_t nr_top = buddy->nr_pages >> buddy->max_order;

	kfrag_bitmap_set_range(&top->shape, top->words, 0, nr_top);
	top->nr_free = nr_top;
	if (nr_top)
		buddy->nonempty |= UINT64_C(1) << buddy->max_order;
	add_free_range(buddy, nr_top << buddy->max_order, buddy->nr_pages);
	buddy->free_pages = buddy->nr_pages;
}

static enum kfrag_error create(struct kfrag_buddy **out, uint64_t nr_pages,
			       unsigned max_order, uint64_t nr_start_words)
{
	uint64_t nr_words = nr_start_words;
	struct kfrag_buddy *buddy;
	uint64_t *words;

	*out = NULL;
	if (nr_pages == 0 || nr_pages > KFRAG_MAX_PAGES ||
	    max_order > KFRAG_MAX_ORDER)
		return KFRAG_EINVAL;
	nr_words += kfrag_buddy_bitmap_bytes_for(nr_pages, max_order) / 8;
	if (nr_words > SIZE_MAX / sizeof(*words))
		return KFRAG_ENOMEM;
	buddy = calloc(1, sizeof(*buddy) +
				  (max_order + 1) * sizeof(buddy->areas[0]));
	/* Zero pages that calloc() maps are real only once written to. */
	words = calloc((size_t)nr_words, sizeof(*words));
	if (!buddy || !words) {
		free(words);
		free(buddy);
		return KFRAG_ENOMEM;
	}
	buddy->nr_pages = nr_pages;
	buddy->max_order = max_order;
	buddy->words = words;
	buddy->nr_words = nr_words;
	for (unsigned order = 0; order <= max_order; order++) {
		buddy->areas[order].shape = shape_of(nr_pages, order);
		buddy->areas[order].words = words;
		words += buddy->areas[order].shape.nr_words;
	}
	if (nr_start_words)
		buddy->starts = words;
	free_everything(buddy);
	*out = buddy;
	return KFRAG_OK;
}

enum kfrag_error kfrag_buddy_create(struct kfrag_buddy **buddy,
				    uint64_t nr_pages, unsigned max_order)
{
	return create(buddy, nr_pages, max_order, 0);
}

enum kfrag_error kfrag_buddy_create_checked(struct kfrag_buddy **buddy,
					    uint64_t nr_pages,
					    unsigned max_order)
{
	return create(buddy, nr_pages, max_order, kfrag_div_up(nr_pages, 64));
}

void kfrag_buddy_destroy(struct kfrag_buddy *buddy)
{
	if (!buddy)
		return;
	free(buddy->words);
	free(buddy);
}

static void mark_starts(struct kfrag_buddy *buddy, unsigned order, uint64_t pfn,
			uint64_t nr_blocks)
{
	if (!buddy->starts)
		return;
	for (; nr_blocks > 0; nr_blocks--, pfn += UINT64_C(1) << order)
		buddy->starts[pfn / 64] |= UINT64_C(1) << (pfn % 64);
}

/* Takes the run of free blocks at the lowest one, as far as its word goes. */
static uint64_t take_run(struct kfrag_buddy *buddy, unsigned order,
			 uint64_t max_blocks, uint64_t *index)
{
	struct kfrag_buddy_area *area = &buddy->areas[order];
	uint64_t word, run, nr_blocks;

	kfrag_bitmap_first(&area->shape, area->words, index);
	word = area->words[*index / 64] >> (*index % 64);
	run = ~word ? (unsigned)__builtin_ctzll(~word) : 64;
	nr_blocks = run < max_blocks ? run : max_blocks;
	kfrag_bitmap_clear_mask(&area->shape, area->words, *index / 64,
				(UINT64_MAX >> (64 - nr_blocks))
					<< (*index % 64));
	area->nr_free -= nr_blocks;
	if (area->nr_free == 0)
		buddy->nonempty &= ~(UINT64_C(1) << order);
	return nr_blocks;
}

/*
 * Cuts the lowest free block of order `from` and takes its first blocks of
 * order `to`, as many as are wanted.
 */
static uint64_t split_run(struct kfrag_buddy *buddy, unsigned from, unsigned to,
			  uint64_t max_blocks, uint64_t *index)
{
	struct kfrag_buddy_area *area = &buddy->areas[from];
	unsigned depth = from - to;
	uint64_t nr_blocks = UINT64_C(1) << depth;
	uint64_t parent, end;

	kfrag_bitmap_first(&area->shape, area->words, &parent);
	remove_free(buddy, from, parent);
	*index = parent << depth;
	end = *index + nr_blocks;
	if (nr_blocks > max_blocks)
		nr_blocks = max_blocks;
	add_free_range(buddy, (*index + nr_blocks) << to, end << to);
	/* One by one, each level of the tree is cut as far as it is reached. */
	for (unsigned level = 1; level <= depth; level++)
		buddy->stats.nr_splits += ((nr_blocks - 1) >> level) + 1;
	return nr_blocks;
}

uint64_t kfrag_buddy_alloc_run(struct kfrag_buddy *buddy, unsigned order,
			       uint64_t max_blocks, uint64_t *pfn)
{
	uint64_t candidates, nr_blocks, index;
	unsigned from;

	*pfn = 0;
	candidates = order <= buddy->max_order ? buddy->nonempty >> order : 0;
	if (max_blocks == 0)
		return 0;
	if (!candidates) {
		buddy->stats.nr_refusals++;
		return 0;
	}
	from = order + (unsigned)__builtin_ctzll(candidates);
	if (from == order)
		nr_blocks = take_run(buddy, order, max_blocks, &index);
	else
		nr_blocks = split_run(buddy, from, order, max_blocks, &index);
	buddy->stats.nr_allocs += nr_blocks;
	buddy->free_pages -= nr_blocks << order;
	*pfn = index << order;
	mark_starts(buddy, order, *pfn, nr_blocks);
	return nr_blocks;
}

bool kfrag_buddy_alloc(struct kfrag_buddy *buddy, unsigned order, uint64_t *pfn)
{
	return kfrag_buddy_alloc_run(buddy, order, 1, pfn) == 1;
}

/* An allocated block leaves the caller's hands: the bugs that show here. */
static void take_back(struct kfrag_buddy *buddy, unsigned order, uint64_t pfn)
{
	assert(order <= buddy->max_order && pfn < buddy->nr_pages &&
	       buddy->nr_pages - pfn >= UINT64_C(1) << order &&
	       (pfn & ((UINT64_C(1) << order) - 1)) == 0 &&
	       !kfrag_buddy_is_free_block(buddy, order, pfn >> order));
	if (!buddy->starts)
		return;
	assert(kfrag_buddy_judge_free(buddy, order, pfn) == KFRAG_OK);
	buddy->starts[pfn / 64] &= ~(UINT64_C(1) << (pfn % 64));
}

void kfrag_buddy_free(struct kfrag_buddy *buddy, unsigned order, uint64_t pfn)
{
	uint64_t index;

	take_back(buddy, order, pfn);
	index = pfn >> order;
	buddy->free_pages += UINT64_C(1) << order;
	buddy->stats.nr_frees++;
	while (order < buddy->max_order &&
	       kfrag_buddy_is_free_block(buddy, order, index ^ 1)) {
		remove_free(buddy, order, index ^ 1);
		buddy->stats.nr_merges++;
		index >>= 1;
		order++;
	}
	add_free(buddy, order, index);
}

/* Bits 0, 2, 4, ... of a word, moved together into its lower half. */
static uint64_t even_bits(uint64_t word)
{
	word &= UINT64_C(0x5555555555555555);
	word = (word | word >> 1) & UINT64_C(0x3333333333333333);
	word = (word | word >> 2) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	word = (word | word >> 4) & UINT64_C(0x00ff00ff00ff00ff);
	word = (word | word >> 8) & UINT64_C(0x0000ffff0000ffff);
	return (word | word >> 16) & UINT64_C(0x00000000ffffffff);
}

/*
 * Frees blocks of one word of an order at once. A pair of buddies is two
 * neighbouring bits, the first one even: where both are set now, both leave,
 * and their parent is freed with the others of the word above.
 */
static void free_word(struct kfrag_buddy *buddy, unsigned order, uint64_t word,
		      uint64_t mask)
{
	while (mask) {
		struct kfrag_buddy_area *area = &buddy->areas[order];
		uint64_t before = area->words[word];
		uint64_t pairs = 0, leave, stay;

		assert((before & mask) == 0);
		if (order < buddy->max_order)
			pairs = (before | mask) & (before | mask) >> 1 &
				UINT64_C(0x5555555555555555);
		leave = before & (pairs | pairs << 1);
		stay = mask & ~(pairs | pairs << 1);
		if (leave)
			kfrag_bitmap_clear_mask(&area->shape, area->words, word,
						leave);
		if (stay)
			kfrag_bitmap_set_mask(&area->shape, area->words, word,
					      stay);
		area->nr_free += (unsigned)__builtin_popcountll(stay);
		area->nr_free -= (unsigned)__builtin_popcountll(leave);
		if (area->nr_free)
			buddy->nonempty |= UINT64_C(1) << order;
		else
			buddy->nonempty &= ~(UINT64_C(1) << order);
		buddy->stats.nr_merges += (unsigned)__builtin_popcountll(pairs);
		mask = even_bits(pairs) << (word % 2 * 32);
		word /= 2;
		order++;
	}
}

void kfrag_buddy_free_mask(struct kfrag_buddy *buddy, unsigned order,
			   uint64_t pfn, uint64_t mask)
{
	uint64_t nr_blocks = (unsigned)__builtin_popcountll(mask);
	uint64_t block;
	unsigned shift;

	assert(order <= buddy->max_order && pfn < buddy->nr_pages &&
	       (pfn & ((UINT64_C(1) << order) - 1)) == 0 &&
	       (mask == 0 || (pfn >> order) + kfrag_log2_floor(mask) <
				     buddy->nr_pages >> order));
	block = pfn >> order;
	shift = block % 64;
	for (uint64_t m = buddy->starts ? mask : 0; m; m &= m - 1)
		take_back(buddy, order,
			  (block + (unsigned)__builtin_ctzll(m)) << order);
	buddy->free_pages += nr_blocks << order;
	buddy->stats.nr_frees += nr_blocks;
	free_word(buddy, order, block / 64, mask << shift);
	if (shift)
		free_word(buddy, order, block / 64 + 1, mask >> (64 - shift));
}

enum kfrag_error kfrag_buddy_free_checked(struct kfrag_buddy *buddy,
					  unsigned order, uint64_t pfn)
{
	enum kfrag_error error = kfrag_buddy_judge_free(buddy, order, pfn);

	if (!error)
		kfrag_buddy_free(buddy, order, pfn);
	return error;
}

static uint64_t source_take(void *context, unsigned order, uint64_t max_blocks,
			    uint64_t *pfn)
{
	return kfrag_buddy_alloc_run(context, order, max_blocks, pfn);
}

static void source_give(void *context, unsigned order, uint64_t pfn)
{
	kfrag_buddy_free(context, order, pfn);
}

struct kfrag_page_source kfrag_buddy_page_source(struct kfrag_buddy *buddy)
{
	return (struct kfrag_page_source){
		.take = source_take,
		.give = source_give,
		.context = buddy,
	};
}
