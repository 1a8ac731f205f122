// SPDX-License-Identifier: MIT
#include "twin_buddy.h"

#include "expect.h"

struct kfrag_buddy *twin_make_buddy(uint64_t nr_pages, unsigned max_order,
				    bool checked)
{
	struct kfrag_buddy *buddy = NULL;
	enum kfrag_error error =
		checked ? kfrag_buddy_create_checked(&buddy, nr_pages,
						     max_order) :
			  kfrag_buddy_create(&buddy, nr_pages, max_order);

	EXPECT_EQ(error, KFRAG_OK);
	EXPECT(buddy);
	return buddy;
}

struct kfrag_buddy *twin_make_placed(uint64_t nr_pages, unsigned max_order,
				     enum kfrag_buddy_placement placement)
{
	struct kfrag_buddy *buddy = NULL;

	EXPECT_EQ(kfrag_buddy_create_placed(&buddy, nr_pages, max_order,
					    placement),
		  KFRAG_OK);
	EXPECT(buddy);
	return buddy;
}

struct kfrag_buddy *twin_make_kind(int kind, uint64_t nr_pages,
				   unsigned max_order)
{
	if (kind < 2)
		return twin_make_buddy(nr_pages, max_order, kind);
	return twin_make_placed(nr_pages, max_order,
				kind == 2 ? KFRAG_BUDDY_LIFO :
					    KFRAG_BUDDY_FIFO);
}

void twin_check_itself(const struct kfrag_buddy *buddy)
{
	char message[300] = "";

	if (!kfrag_buddy_check(buddy, message, sizeof(message)))
		ck_abort_msg("%s", message);
}

static void check_stats(const struct kfrag_buddy *buddy,
			const struct model_buddy *model)
{
	struct kfrag_buddy_stats stats = kfrag_buddy_stats(buddy);

	EXPECT_EQ(stats.nr_splits, model->stats.nr_splits);
	EXPECT_EQ(stats.nr_merges, model->stats.nr_merges);
	EXPECT_EQ(stats.nr_allocs, model->stats.nr_allocs);
	EXPECT_EQ(stats.nr_frees, model->stats.nr_frees);
	EXPECT_EQ(stats.nr_refusals, model->stats.nr_refusals);
}

/* The block is the next to be taken after *last, where that is one. */
static void check_turn(const struct model_buddy *model, unsigned order,
		       uint64_t pfn, uint64_t *last)
{
	EXPECT_EQ(model_buddy_free_order(model, pfn), (int)order);
	EXPECT(*last == KFRAG_BUDDY_NONE ||
	       model_buddy_goes_first(model, *last, pfn));
	*last = pfn;
}

/* From the block to be taken first on; counts are checked apart. */
static void check_turns(const struct kfrag_buddy *buddy,
			const struct model_buddy *model, unsigned order)
{
	const struct kfrag_buddy_lists *lists = &buddy->lists;
	unsigned side = model->placement == KFRAG_BUDDY_LIFO ?
				KFRAG_BUDDY_OLDER :
				KFRAG_BUDDY_YOUNGER;
	uint64_t head = buddy->nr_pages + order, last = KFRAG_BUDDY_NONE;
	uint64_t pfn = lists->links[head].sides[side];

	for (; pfn != head; pfn = lists->links[pfn].sides[side]) {
		check_turn(model, order, pfn, &last);
		if (pfn != lists->fresh)
			continue;
		for (uint64_t fresh = pfn + (UINT64_C(1) << order);
		     fresh < lists->fresh_end; fresh += UINT64_C(1) << order)
			check_turn(model, order, fresh, &last);
	}
}

void twin_check_against(const struct kfrag_buddy *buddy,
			const struct model_buddy *model)
{
	uint64_t counts[KFRAG_MAX_ORDER + 1], largest = 0;
	bool has_lists = model->placement != KFRAG_BUDDY_ADDRESS;

	twin_check_itself(buddy);
	check_stats(buddy, model);
	EXPECT_EQ(kfrag_buddy_free_pages(buddy), model_buddy_free_pages(model));
	model_buddy_count_free(model, counts);
	for (unsigned order = 0; order <= KFRAG_MAX_ORDER; order++) {
		EXPECT_EQ(kfrag_buddy_nr_free(buddy, order), counts[order]);
		if (counts[order])
			largest = UINT64_C(1) << order;
		if (has_lists && order <= buddy->max_order)
			check_turns(buddy, model, order);
	}
	EXPECT_EQ(kfrag_buddy_largest_free_pages(buddy), largest);
}

void twin_check_like_fresh(const struct kfrag_buddy *buddy, bool checked)
{
	struct kfrag_buddy *other;

	if (kfrag_buddy_has_lists(buddy))
		other = twin_make_placed(
			buddy->nr_pages, buddy->max_order,
			(enum kfrag_buddy_placement)buddy->placement);
	else
		other = twin_make_buddy(buddy->nr_pages, buddy->max_order,
					checked);
	EXPECT_EQ(buddy->nr_words, other->nr_words);
	EXPECT(buddy->nr_words == 0 ||
	       memcmp(buddy->words, other->words,
		      (size_t)buddy->nr_words * sizeof(*buddy->words)) == 0);
	EXPECT_EQ(buddy->nonempty, other->nonempty);
	EXPECT_EQ(kfrag_buddy_free_pages(buddy), kfrag_buddy_free_pages(other));
	for (unsigned order = 0; order <= buddy->max_order; order++)
		EXPECT_EQ(kfrag_buddy_nr_free(buddy, order),
			  kfrag_buddy_nr_free(other, order));
	kfrag_buddy_destroy(other);
}

void twin_init(struct twin *twin, uint64_t seed, uint64_t nr_pages,
	       unsigned max_order, enum kfrag_buddy_placement placement)
{
	bool has_lists = placement != KFRAG_BUDDY_ADDRESS;

	*twin = (struct twin){ .checked = has_lists || (seed & 1) };
	kfrag_random_init(&twin->random, seed);
	if (has_lists)
		twin->buddy = twin_make_placed(nr_pages, max_order, placement);
	else
		twin->buddy =
			twin_make_buddy(nr_pages, max_order, twin->checked);
	model_buddy_init_placed(&twin->model, nr_pages, max_order, placement);
}

void twin_release(struct twin *twin)
{
	kfrag_buddy_destroy(twin->buddy);
	model_buddy_release(&twin->model);
}

uint64_t twin_draw(struct twin *twin, uint64_t bound)
{
	return kfrag_random_below(&twin->random, bound);
}

static void note_refusal(struct twin *twin, unsigned order)
{
	twin->met.nr_refusals++;
	if (order <= twin->model.max_order)
		twin->met.nr_refusals_with_enough_free +=
			model_buddy_free_pages(&twin->model) >> order > 0;
}

void twin_step_alloc(struct twin *twin, unsigned order)
{
	uint64_t pfn = 7, expected, lowest;
	unsigned from = order;
	bool found;

	while (from < twin->model.max_order &&
	       kfrag_buddy_nr_free(twin->buddy, from) == 0)
		from++;
	kfrag_buddy_next_free(twin->buddy, from, 0, &lowest);
	found = kfrag_buddy_alloc(twin->buddy, order, &pfn);
	twin->met.nr_not_lowest += found && pfn != lowest;
	EXPECT_EQ(found, model_buddy_alloc(&twin->model, order, &expected));
	EXPECT_EQ(pfn, expected);
	if (!found)
		note_refusal(twin, order);
}

/* A run is what as many single allocations are. */
static void step_alloc_run(struct twin *twin, unsigned order)
{
	uint64_t max_blocks = 1 + twin_draw(twin, 1 + twin_draw(twin, 100)),
		 pfn = 7;
	uint64_t splits = twin->model.stats.nr_splits;
	uint64_t nr =
		kfrag_buddy_alloc_run(twin->buddy, order, max_blocks, &pfn);

	EXPECT(nr <= max_blocks);
	for (uint64_t i = 0; i < nr + (nr == 0); i++) {
		uint64_t expected;

		EXPECT_EQ(model_buddy_alloc(&twin->model, order, &expected),
			  nr > 0);
		EXPECT_EQ(pfn + (i << order), expected);
	}
	if (nr == 0)
		note_refusal(twin, order);
	twin->met.nr_short_runs += nr > 0 && nr < max_blocks;
	twin->met.nr_long_runs += nr > 1;
	twin->met.nr_split_runs += nr > 1 &&
				   twin->model.stats.nr_splits != splits;
}

/* So is a mask, bit by bit. */
static void step_alloc_mask(struct twin *twin, unsigned order)
{
	uint64_t max_blocks = 1 + twin_draw(twin, 80);
	uint64_t splits = twin->model.stats.nr_splits;
	uint64_t pfn = 7, mask = 7, nr, left;

	nr = kfrag_buddy_alloc_mask(twin->buddy, order, max_blocks, &pfn,
				    &mask);
	EXPECT(nr <= max_blocks);
	EXPECT(mask == 0 || (unsigned)__builtin_popcountll(mask) == nr);
	twin->met.nr_gapped_masks += (mask & (mask + (mask & (0 - mask)))) != 0;
	left = mask ? mask : UINT64_MAX;
	for (uint64_t i = 0; i < nr + (nr == 0); i++) {
		uint64_t bit = mask ? (unsigned)__builtin_ctzll(left) : i;
		uint64_t expected;

		EXPECT_EQ(model_buddy_alloc(&twin->model, order, &expected),
			  nr > 0);
		EXPECT_EQ(pfn + (bit << order), expected);
		left &= left - 1;
	}
	if (nr == 0)
		note_refusal(twin, order);
	twin->met.nr_split_masks += mask != 0 &&
				    twin->model.stats.nr_splits != splits;
}

static void step_alloc_bulk(struct twin *twin, unsigned order)
{
	uint64_t pfns[200], nr_blocks = 1 + twin_draw(twin, 200), nr, expected;
	bool blind = twin_draw(twin, 4) == 0;

	nr = kfrag_buddy_alloc_bulk(twin->buddy, order, nr_blocks,
				    blind ? NULL : pfns);
	EXPECT(nr <= nr_blocks);
	for (uint64_t i = 0; i < nr; i++) {
		EXPECT(model_buddy_alloc(&twin->model, order, &expected));
		EXPECT(blind || pfns[i] == expected);
	}
	if (nr == nr_blocks)
		return;
	EXPECT(!model_buddy_alloc(&twin->model, order, &expected));
	note_refusal(twin, order);
	twin->met.nr_short_bulks += nr > 0;
}

bool twin_choose_live(struct twin *twin, uint64_t *pfn, unsigned *order)
{
	uint64_t nr_pages = twin->model.nr_pages;
	/* Half of them in the first word of the bitmap of order 0. */
	uint64_t from =
		twin_draw(twin, twin_draw(twin, 2) ? nr_pages : 64) % nr_pages;

	for (uint64_t i = 0; i < nr_pages; i++) {
		*pfn = (from + i) % nr_pages;
		*order = twin->model.pages[*pfn];
		if (*order <= twin->model.max_order)
			return true;
	}
	return false;
}

/* Asks for more than the largest free block, where that much is free. */
static void step_alloc_fragmented(struct twin *twin)
{
	uint64_t largest = kfrag_buddy_largest_free_pages(twin->buddy);
	unsigned order = 0;

	while (UINT64_C(1) << order <= largest)
		order++;
	if (order <= twin->model.max_order)
		twin_step_alloc(twin, order);
}

static void free_in_model(struct twin *twin, unsigned order, uint64_t pfn)
{
	uint64_t merges = twin->model.stats.nr_merges;

	model_buddy_free(&twin->model, order, pfn);
	twin->met.nr_high_merges += twin->model.stats.nr_merges - merges >= 3;
}

void twin_step_free(struct twin *twin)
{
	unsigned order;
	uint64_t pfn;

	if (!twin_choose_live(twin, &pfn, &order))
		return;
	free_in_model(twin, order, pfn);
	if (twin_draw(twin, 2))
		kfrag_buddy_free(twin->buddy, order, pfn);
	else
		EXPECT_EQ(kfrag_buddy_free_checked(twin->buddy, order, pfn),
			  KFRAG_OK);
}

/* Blocks of one order within 64 places of it, each by the toss of a coin. */
static void step_free_mask(struct twin *twin)
{
	uint64_t first, shift, mask = 0;
	unsigned order;

	if (!twin_choose_live(twin, &first, &order))
		return;
	for (unsigned i = 0; i < 64; i++) {
		uint64_t pfn = first + ((uint64_t)i << order);

		if (pfn >= twin->model.nr_pages)
			break;
		if (twin->model.pages[pfn] != order || twin_draw(twin, 8) == 0)
			continue;
		mask |= UINT64_C(1) << i;
		free_in_model(twin, order, pfn);
	}
	kfrag_buddy_free_mask(twin->buddy, order, first, mask);
	twin->met.nr_masks += __builtin_popcountll(mask) > 1;
	/* Bits that land in the word of the first, and some in the next. */
	shift = (first >> order) % 64;
	twin->met.nr_masks_over_words += shift > 0 && mask << shift != 0 &&
					 mask >> (64 - shift) != 0;
}

void twin_step(struct twin *twin, bool growing)
{
	/* Small orders more often; now and then one above the highest. */
	unsigned max_order = twin->model.max_order;
	uint64_t bound = twin_draw(twin, 4) ? twin_draw(twin, max_order + 2) :
					      max_order;
	unsigned order = (unsigned)twin_draw(twin, bound + 1);

	switch (twin_draw(twin, growing ? 6 : 3)) {
	case 0:
		twin_step_free(twin);
		if (twin_draw(twin, 2))
			step_alloc_fragmented(twin);
		break;
	case 1:
		if (growing)
			twin_step_alloc(twin, order);
		else
			step_free_mask(twin);
		break;
	case 2:
		twin_step_alloc(twin, order);
		break;
	default:
		if (twin_draw(twin, 2))
			step_alloc_run(twin, order);
		else if (twin_draw(twin, 4))
			step_alloc_mask(twin, order);
		else
			step_alloc_bulk(twin, order);
		break;
	}
}
