// SPDX-License-Identifier: MIT
#include "kfrag/buddy.h"

#include <limits.h>
#include <signal.h>

#include "alloc/buddy_impl.h"
#include "expect.h"
#include "kfrag/random.h"
#include "model.h"

Suite *buddy_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* More of both for a longer look. */
#define NR_SEEDS 30
#define NR_STEPS 2000

static struct kfrag_buddy *make_buddy(uint64_t nr_pages, unsigned max_order,
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

static void check_itself(const struct kfrag_buddy *buddy)
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

static void check_against(const struct kfrag_buddy *buddy,
			  const struct model_buddy *model)
{
	uint64_t counts[KFRAG_MAX_ORDER + 1], largest = 0;

	check_itself(buddy);
	check_stats(buddy, model);
	EXPECT_EQ(kfrag_buddy_free_pages(buddy), model_buddy_free_pages(model));
	model_buddy_count_free(model, counts);
	for (unsigned order = 0; order <= KFRAG_MAX_ORDER; order++) {
		EXPECT_EQ(kfrag_buddy_nr_free(buddy, order), counts[order]);
		if (counts[order])
			largest = UINT64_C(1) << order;
	}
	EXPECT_EQ(kfrag_buddy_largest_free_pages(buddy), largest);
}

/* The blocks themselves, found from every page on. */
static void check_iteration(const struct kfrag_buddy *buddy,
			    const struct model_buddy *model)
{
	for (unsigned order = 0; order <= model->max_order + 1; order++) {
		uint64_t nr_found = 0, pfn = 0, expected = 0;

		for (uint64_t from = 0; from < model->nr_pages + 2; from++) {
			bool found = kfrag_buddy_next_free(buddy, order, from,
							   &pfn);

			if (expected < from)
				expected = from;
			while (expected < model->nr_pages &&
			       (expected % (UINT64_C(1) << order) != 0 ||
				model_buddy_free_order(model, expected) !=
					(int)order))
				expected++;
			EXPECT_EQ(found, expected < model->nr_pages);
			EXPECT_EQ(pfn, found ? expected : 0);
			nr_found += found && pfn == from;
		}
		EXPECT_EQ(nr_found, kfrag_buddy_nr_free(buddy, order));
		EXPECT(!kfrag_buddy_next_free(buddy, order, UINT64_MAX, &pfn));
		EXPECT_EQ(pfn, 0);
	}
}

/* ----------------------------------------------------------------- create */

static const struct {
	uint64_t nr_pages;
	unsigned max_order;
} refused[] = {
	{ 0, 0 },
	{ 0, 10 },
	{ KFRAG_MAX_PAGES + 1, 10 },
	{ UINT64_MAX, 10 },
	{ 1, KFRAG_MAX_ORDER + 1 },
	{ 1024, UINT_MAX },
};

START_TEST(create_refuses)
{
	struct kfrag_buddy *const none = NULL;
	struct kfrag_buddy *buddy = (struct kfrag_buddy *)&refused;

	ck_assert_int_eq(kfrag_buddy_create(&buddy, refused[_i].nr_pages,
					    refused[_i].max_order),
			 KFRAG_EINVAL);
	ck_assert_ptr_eq(buddy, none);
	buddy = (struct kfrag_buddy *)&refused;
	ck_assert_int_eq(kfrag_buddy_create_checked(&buddy,
						    refused[_i].nr_pages,
						    refused[_i].max_order),
			 KFRAG_EINVAL);
	ck_assert_ptr_eq(buddy, none);
}
END_TEST

#if SIZE_MAX == UINT32_MAX
START_TEST(create_without_address_space)
{
	struct kfrag_buddy *buddy = NULL;

	ck_assert_int_eq(kfrag_buddy_create(&buddy, KFRAG_MAX_PAGES, 10),
			 KFRAG_ENOMEM);
	ck_assert_ptr_null(buddy);
}
END_TEST
#endif

START_TEST(destroy_of_null)
{
	kfrag_buddy_destroy(NULL);
}
END_TEST

static const uint64_t fresh_sizes[] = { 1,   2,	  3,   4,   5,	 63,  64, 65,
					127, 128, 129, 255, 256, 257, 300,
					511, 512, 513, 1000, 1023, 1024 };

START_TEST(fresh)
{
	uint64_t nr_pages = fresh_sizes[_i];

	for (unsigned max_order = 0; max_order <= 12; max_order++) {
		struct model_buddy model;

		model_buddy_init(&model, nr_pages, max_order);
		for (int checked = 0; checked < 2; checked++) {
			struct kfrag_buddy *buddy =
				make_buddy(nr_pages, max_order, checked);

			EXPECT_EQ(kfrag_buddy_nr_pages(buddy), nr_pages);
			EXPECT_EQ(kfrag_buddy_max_order(buddy), max_order);
			EXPECT_EQ(kfrag_buddy_free_pages(buddy), nr_pages);
			check_against(buddy, &model);
			check_iteration(buddy, &model);
			kfrag_buddy_destroy(buddy);
		}
		model_buddy_release(&model);
	}
}
END_TEST

/* Nothing fits an order that the memory has no whole block of. */
START_TEST(order_larger_than_memory)
{
	struct kfrag_buddy *buddy = make_buddy(1000, KFRAG_MAX_ORDER, true);
	uint64_t pfn = 7;

	ck_assert(!kfrag_buddy_alloc(buddy, 10, &pfn));
	ck_assert_uint_eq(pfn, 0);
	ck_assert(!kfrag_buddy_alloc(buddy, KFRAG_MAX_ORDER, &pfn));
	ck_assert(!kfrag_buddy_alloc(buddy, KFRAG_MAX_ORDER + 1, &pfn));
	ck_assert(!kfrag_buddy_alloc(buddy, UINT_MAX, &pfn));
	ck_assert(kfrag_buddy_alloc(buddy, 9, &pfn));
	ck_assert_uint_eq(pfn, 0);
	ck_assert_uint_eq(kfrag_buddy_stats(buddy).nr_refusals, 4);
	check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(run_of_none)
{
	struct kfrag_buddy *buddy = make_buddy(16, 4, true);
	uint64_t pfn = 7;

	ck_assert_uint_eq(kfrag_buddy_alloc_run(buddy, 0, 0, &pfn), 0);
	ck_assert_uint_eq(pfn, 0);
	ck_assert_uint_eq(kfrag_buddy_stats(buddy).nr_refusals, 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 16);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* ------------------------------------------------------------ bits a page */

static const struct {
	uint64_t nr_pages;
	unsigned max_order;
	uint64_t bytes; /* worked out apart */
	uint64_t order_0_bits;
} costs[] = {
	{ 1, 0, 8, 64 },
	{ 1, 30, 248, 64 },
	{ 64, 0, 8, 64 },
	{ 65, 0, 24, 192 },
	{ 4096, 11, 1104, 4160 },
	{ 1000000, 10, 254000, 1016000 },
	{ UINT64_C(1) << 20, 10, 266232, 1065280 }, /* 2.0312 bits a page */
	{ UINT64_C(1) << 20, 20, 266424, 1065280 },
	{ KFRAG_MAX_PAGES, 10, UINT64_C(279104700216),
	  UINT64_C(1116964193344) },
};

START_TEST(bitmap_bytes)
{
	uint64_t nr_pages = costs[_i].nr_pages, bits = 0;
	unsigned max_order = costs[_i].max_order;
	struct kfrag_buddy *buddy;

	ck_assert_uint_eq(kfrag_buddy_bitmap_bytes_for(nr_pages, max_order),
			  costs[_i].bytes);
	ck_assert_uint_eq(kfrag_buddy_bitmap_bits_for(nr_pages, 0),
			  costs[_i].order_0_bits);
	for (unsigned order = 0; order <= max_order; order++)
		bits += kfrag_buddy_bitmap_bits_for(nr_pages, order);
	ck_assert_uint_eq(bits, costs[_i].bytes * 8);
	if (nr_pages > UINT64_C(1) << 20)
		return;

	buddy = make_buddy(nr_pages, max_order, false);
	ck_assert_uint_eq(kfrag_buddy_bitmap_bytes(buddy), costs[_i].bytes);
	for (unsigned order = 0; order <= max_order; order++)
		ck_assert_uint_eq(kfrag_buddy_bitmap_bits(buddy, order),
				  kfrag_buddy_bitmap_bits_for(nr_pages, order));
	ck_assert_uint_eq(kfrag_buddy_bitmap_bits(buddy, max_order + 1), 0);
	ck_assert_uint_eq(kfrag_buddy_bookkeeping_bytes(buddy),
			  sizeof(*buddy) + (max_order + 1) *
						   sizeof(buddy->areas[0]));
	kfrag_buddy_destroy(buddy);

	buddy = make_buddy(nr_pages, max_order, true);
	ck_assert_uint_eq(kfrag_buddy_bitmap_bytes(buddy),
			  costs[_i].bytes + (nr_pages + 63) / 64 * 8);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* --------------------------------------------------- steps of both, alike */

/* How often a step was of an unusual kind; none may be 0 at the end. */
struct hard_cases {
	unsigned nr_refusals;
	unsigned nr_refusals_with_enough_free;
	unsigned nr_short_runs; /* fewer blocks than asked for */
	unsigned nr_long_runs; /* more than one block */
	unsigned nr_split_runs; /* ... cut from a larger block */
	unsigned nr_masks; /* several blocks freed at once */
	unsigned nr_masks_over_words;
	unsigned nr_high_merges; /* over three orders or more */
};

struct twin {
	struct kfrag_buddy *buddy;
	struct model_buddy model;
	bool checked;
	struct kfrag_random random;
	struct hard_cases met;
};

static void twin_init(struct twin *twin, uint64_t seed, uint64_t nr_pages,
		      unsigned max_order)
{
	*twin = (struct twin){ .checked = seed & 1 };
	kfrag_random_init(&twin->random, seed);
	twin->buddy = make_buddy(nr_pages, max_order, twin->checked);
	model_buddy_init(&twin->model, nr_pages, max_order);
}

static void twin_release(struct twin *twin)
{
	kfrag_buddy_destroy(twin->buddy);
	model_buddy_release(&twin->model);
}

static uint64_t draw(struct twin *twin, uint64_t bound)
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

static void step_alloc(struct twin *twin, unsigned order)
{
	uint64_t pfn = 7, expected;
	bool found = kfrag_buddy_alloc(twin->buddy, order, &pfn);

	EXPECT_EQ(found, model_buddy_alloc(&twin->model, order, &expected));
	EXPECT_EQ(pfn, expected);
	if (!found)
		note_refusal(twin, order);
}

/* A run is what as many single allocations are. */
static void step_alloc_run(struct twin *twin, unsigned order)
{
	uint64_t max_blocks = 1 + draw(twin, 1 + draw(twin, 100)), pfn = 7;
	uint64_t splits = twin->model.stats.nr_splits;
	uint64_t nr = kfrag_buddy_alloc_run(twin->buddy, order, max_blocks,
					    &pfn);

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

/* An allocated block, the first one from a random page on. */
static bool choose_live(struct twin *twin, uint64_t *pfn, unsigned *order)
{
	uint64_t nr_pages = twin->model.nr_pages;
	/* Half of them in the first word of the bitmap of order 0. */
	uint64_t from = draw(twin, draw(twin, 2) ? nr_pages : 64) % nr_pages;

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
		step_alloc(twin, order);
}

static void free_in_model(struct twin *twin, unsigned order, uint64_t pfn)
{
	uint64_t merges = twin->model.stats.nr_merges;

	model_buddy_free(&twin->model, order, pfn);
	twin->met.nr_high_merges += twin->model.stats.nr_merges - merges >= 3;
}

static void step_free(struct twin *twin)
{
	unsigned order;
	uint64_t pfn;

	if (!choose_live(twin, &pfn, &order))
		return;
	free_in_model(twin, order, pfn);
	if (draw(twin, 2))
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

	if (!choose_live(twin, &first, &order))
		return;
	for (unsigned i = 0; i < 64; i++) {
		uint64_t pfn = first + ((uint64_t)i << order);

		if (pfn >= twin->model.nr_pages)
			break;
		if (twin->model.pages[pfn] != order || draw(twin, 8) == 0)
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

static void step(struct twin *twin, bool growing)
{
	/* Small orders more often; now and then one above the highest. */
	unsigned max_order = twin->model.max_order;
	uint64_t bound = draw(twin, 4) ? draw(twin, max_order + 2) : max_order;
	unsigned order = (unsigned)draw(twin, bound + 1);

	switch (draw(twin, growing ? 6 : 3)) {
	case 0:
		step_free(twin);
		if (draw(twin, 2))
			step_alloc_fragmented(twin);
		break;
	case 1:
		if (growing)
			step_alloc(twin, order);
		else
			step_free_mask(twin);
		break;
	case 2:
		step_alloc(twin, order);
		break;
	default:
		step_alloc_run(twin, order);
		break;
	}
}

/* Equal bytes, as those of an allocator that was never used. */
static void check_like_fresh(const struct kfrag_buddy *buddy, bool checked)
{
	struct kfrag_buddy *other =
		make_buddy(buddy->nr_pages, buddy->max_order, checked);

	EXPECT_EQ(buddy->nr_words, other->nr_words);
	EXPECT(memcmp(buddy->words, other->words,
		      (size_t)buddy->nr_words * sizeof(*buddy->words)) == 0);
	EXPECT_EQ(buddy->nonempty, other->nonempty);
	EXPECT_EQ(buddy->free_pages, other->free_pages);
	for (unsigned order = 0; order <= buddy->max_order; order++)
		EXPECT_EQ(buddy->areas[order].nr_free,
			  other->areas[order].nr_free);
	kfrag_buddy_destroy(other);
}

static void free_everything(struct twin *twin)
{
	unsigned order;
	uint64_t pfn;

	while (choose_live(twin, &pfn, &order)) {
		model_buddy_free(&twin->model, order, pfn);
		kfrag_buddy_free(twin->buddy, order, pfn);
	}
}

static void run_twin(struct twin *twin, int nr_steps)
{
	bool growing = true;

	for (int i = 0; i < nr_steps; i++) {
		if (draw(twin, 20) == 0)
			growing = !growing;
		step(twin, growing);
		check_against(twin->buddy, &twin->model);
	}
	check_iteration(twin->buddy, &twin->model);
	free_everything(twin);
	check_against(twin->buddy, &twin->model);
	check_like_fresh(twin->buddy, twin->checked);
}

static void check_met(const struct hard_cases *met)
{
	ck_assert_uint_gt(met->nr_refusals, 0);
	ck_assert_uint_gt(met->nr_refusals_with_enough_free, 0);
	ck_assert_uint_gt(met->nr_short_runs, 0);
	ck_assert_uint_gt(met->nr_long_runs, 0);
	ck_assert_uint_gt(met->nr_split_runs, 0);
	ck_assert_uint_gt(met->nr_masks, 0);
	ck_assert_uint_gt(met->nr_masks_over_words, 0);
	ck_assert_uint_gt(met->nr_high_merges, 0);
}

/* Memories with room for every kind of step, so that each seed meets all. */
START_TEST(steps_like_model)
{
	uint64_t seed = (uint64_t)_i;
	struct twin twin;
	struct kfrag_random random;
	uint64_t nr_pages;

	kfrag_random_init(&random, ~seed);
	nr_pages = 250 + kfrag_random_below(&random, 300);
	if (seed % 4 == 0)
		nr_pages = UINT64_C(256) << kfrag_random_below(&random, 2);
	twin_init(&twin, seed, nr_pages,
		  4 + (unsigned)kfrag_random_below(&random, 8));
	run_twin(&twin, NR_STEPS);
	ck_assert_uint_gt(twin.model.stats.nr_splits, 0);
	ck_assert_uint_gt(twin.model.stats.nr_merges, 0);
	check_met(&twin.met);
	twin_release(&twin);
}
END_TEST

/* Every max_order from 0 on, in memories of any size. */
START_TEST(any_shape_like_model)
{
	unsigned max_order = (unsigned)_i;
	uint64_t nr_splits = 0, nr_merges = 0, nr_refusals = 0;

	for (uint64_t k = 0; k < 12; k++) {
		struct twin twin;
		struct kfrag_random random;
		uint64_t nr_pages;

		kfrag_random_init(&random, k * 100 + max_order);
		nr_pages = 1 + kfrag_random_below(&random, 1 + k * 20);
		if (k % 4 == 3)
			nr_pages = UINT64_C(1) << kfrag_random_below(&random, 9);
		twin_init(&twin, k / 2 + k, nr_pages, max_order);
		run_twin(&twin, NR_STEPS / 10);
		nr_splits += twin.model.stats.nr_splits;
		nr_merges += twin.model.stats.nr_merges;
		nr_refusals += twin.model.stats.nr_refusals;
		twin_release(&twin);
	}
	ck_assert_uint_gt(nr_refusals, 0);
	ck_assert_uint_eq(nr_splits > 0, max_order > 0);
	ck_assert_uint_eq(nr_merges > 0, max_order > 0);
}
END_TEST

/* Free blocks depend on which pages are free, not on the way there. */
START_TEST(order_of_frees_does_not_matter)
{
	enum { NR_PAGES = 200 };
	struct kfrag_buddy *buddies[2];
	uint64_t pfns[NR_PAGES], pfn;
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (unsigned b = 0; b < 2; b++) {
		buddies[b] = make_buddy(NR_PAGES, 6, b);
		for (uint64_t i = 0; i < NR_PAGES; i++)
			EXPECT(kfrag_buddy_alloc(buddies[b], 0, &pfn));
	}
	for (uint64_t i = 0; i < NR_PAGES; i++) {
		uint64_t other = kfrag_random_below(&random, i + 1);

		pfns[i] = pfns[other];
		pfns[other] = i;
	}
	/* 150 of them, in this order and the other. */
	for (uint64_t i = 0; i < 150; i++) {
		kfrag_buddy_free(buddies[0], 0, pfns[i]);
		kfrag_buddy_free(buddies[1], 0, pfns[149 - i]);
	}
	for (unsigned order = 0; order <= 6; order++)
		ck_assert_uint_eq(kfrag_buddy_nr_free(buddies[0], order),
				  kfrag_buddy_nr_free(buddies[1], order));
	ck_assert_mem_eq(buddies[0]->words, buddies[1]->words,
			 (size_t)buddies[0]->nr_words * sizeof(uint64_t));
	ck_assert_uint_eq(kfrag_buddy_stats(buddies[0]).nr_merges,
			  kfrag_buddy_stats(buddies[1]).nr_merges);
	ck_assert_uint_gt(kfrag_buddy_stats(buddies[0]).nr_merges, 0);
	kfrag_buddy_destroy(buddies[0]);
	kfrag_buddy_destroy(buddies[1]);
}
END_TEST

/* ------------------------------------------------------------ wrong frees */

/* All that an error must leave as it was. */
struct image {
	size_t head_bytes;
	size_t words_bytes;
	unsigned char *bytes;
};

static struct image take_image(const struct kfrag_buddy *buddy)
{
	struct image image = {
		.head_bytes = sizeof(*buddy) +
			      (buddy->max_order + 1) * sizeof(buddy->areas[0]),
		.words_bytes = (size_t)buddy->nr_words * sizeof(uint64_t),
	};

	image.bytes = model_zeros(image.head_bytes + image.words_bytes, 1);
	memcpy(image.bytes, buddy, image.head_bytes);
	memcpy(image.bytes + image.head_bytes, buddy->words, image.words_bytes);
	return image;
}

static void check_image(const struct image *image,
			const struct kfrag_buddy *buddy)
{
	EXPECT(memcmp(image->bytes, buddy, image->head_bytes) == 0);
	EXPECT(memcmp(image->bytes + image->head_bytes, buddy->words,
		      image->words_bytes) == 0);
}

static const struct {
	uint64_t nr_pages;
	unsigned max_order;
} small_memories[] = {
	{ 1, 0 },  { 1, 3 },  { 2, 1 },	 { 3, 5 },  { 16, 0 }, { 16, 2 },
	{ 23, 3 }, { 32, 5 }, { 40, 4 }, { 47, 6 }, { 64, 6 }, { 77, 3 },
};

/* Every pair of order and page, and some beyond; counts codes given. */
static void try_every_free(struct twin *twin, unsigned counts[KFRAG_NR_ERRORS])
{
	static const uint64_t far[] = { UINT64_C(1) << 32, KFRAG_MAX_PAGES,
					UINT64_C(1) << 63, UINT64_MAX - 63,
					UINT64_MAX };
	uint64_t nr_near = twin->model.nr_pages + 70;
	struct image image = take_image(twin->buddy);

	for (unsigned k = 0; k <= twin->model.max_order + 3; k++) {
		unsigned order = k == twin->model.max_order + 3 ? UINT_MAX : k;

		for (uint64_t i = 0; i < nr_near + NR_OF(far); i++) {
			uint64_t pfn = i < nr_near ? i : far[i - nr_near];
			enum kfrag_error expected =
				twin->checked ?
					model_buddy_judge_checked(&twin->model,
								  order, pfn) :
					model_buddy_judge_plain(&twin->model,
								order, pfn);

			EXPECT_EQ(kfrag_buddy_judge_free(twin->buddy, order,
							 pfn),
				  expected);
			counts[expected]++;
			if (!expected)
				continue;
			EXPECT_EQ(kfrag_buddy_free_checked(twin->buddy, order,
							   pfn),
				  expected);
			check_image(&image, twin->buddy);
		}
	}
	free(image.bytes);
}

START_TEST(every_wrong_free_is_refused)
{
	unsigned max_order = small_memories[_i / 2].max_order;
	uint64_t nr_pages = small_memories[_i / 2].nr_pages;
	unsigned counts[KFRAG_NR_ERRORS] = { 0 }, nr_live = 0, order;
	struct twin twin;
	uint64_t pfn;

	twin_init(&twin, (uint64_t)_i, nr_pages, max_order);
	try_every_free(&twin, counts);
	ck_assert_uint_eq(counts[KFRAG_OK], 0);
	for (int i = 0; i < 60; i++) {
		step(&twin, i % 20 < 14);
		if (i % 5 == 0)
			try_every_free(&twin, counts);
	}
	ck_assert_uint_gt(counts[KFRAG_OK], 0);
	ck_assert_uint_gt(counts[KFRAG_ERANGE], 0);
	ck_assert_uint_gt(counts[KFRAG_EFREE], 0);
	ck_assert_uint_gt(counts[KFRAG_EORDER], 0);
	ck_assert_uint_eq(counts[KFRAG_EALIGN] > 0,
			  max_order > 0 && nr_pages > 2);
	/* And every right one is taken. */
	while (choose_live(&twin, &pfn, &order)) {
		model_buddy_free(&twin.model, order, pfn);
		ck_assert_int_eq(kfrag_buddy_free_checked(twin.buddy, order,
							  pfn),
				 KFRAG_OK);
		ck_assert_int_eq(kfrag_buddy_free_checked(twin.buddy, order,
							  pfn),
				 KFRAG_EFREE);
		nr_live++;
	}
	check_like_fresh(twin.buddy, twin.checked);
	(void)nr_live;
	twin_release(&twin);
}
END_TEST

/* What only the start bits can tell. */
START_TEST(wrong_orders_are_told)
{
	struct kfrag_buddy *buddy = make_buddy(64, 6, true);
	uint64_t pfn;

	/* 0..3 of order 2, 4..7 of order 2, 8..15 of order 3; 16.. free. */
	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	ck_assert_uint_eq(pfn, 4);
	ck_assert(kfrag_buddy_alloc(buddy, 3, &pfn));
	ck_assert_uint_eq(pfn, 8);
	/* Smaller, larger, both halves of one, one of the pages behind. */
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 0, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 1, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 3, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 4, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 5, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 1, 2), KFRAG_EFREE);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 3, 4), KFRAG_EALIGN);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 2, 8), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 2, 12), KFRAG_EFREE);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 2, 16), KFRAG_EFREE);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 7, 0), KFRAG_EORDER);
	ck_assert_int_eq(kfrag_buddy_free_checked(buddy, 2, 64), KFRAG_ERANGE);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 48);
	check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/*
 * The fast entry asserts. Each row is a free on 32 pages of which 0..3 are
 * allocated; a plain allocator looks no further than the block's own bit.
 */
static const struct {
	unsigned order;
	uint64_t pfn;
	bool plain_too;
} aborting[] = {
	{ 2, 4, true }, /* never allocated */
	{ 0, 4, false },
	{ 3, 0, false }, /* in part */
	{ 0, 32, true }, /* outside */
	{ 2, 32, true },
	{ 2, UINT64_MAX - 3, true },
	{ 1, 1, true }, /* misaligned */
	{ 6, 0, true }, /* above max_order */
	{ UINT_MAX, 0, true },
	{ 1, 0, false }, /* smaller */
	{ 0, 3, false }, /* inside */
};

static struct kfrag_buddy *four_pages_taken(bool checked)
{
	struct kfrag_buddy *buddy = make_buddy(32, 5, checked);
	uint64_t pfn;

	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	ck_assert_uint_eq(pfn, 0);
	return buddy;
}

START_TEST(wrong_free_aborts)
{
	kfrag_buddy_free(four_pages_taken(true), aborting[_i].order,
			 aborting[_i].pfn);
}
END_TEST

START_TEST(wrong_free_aborts_plain)
{
	if (!aborting[_i].plain_too)
		abort();
	kfrag_buddy_free(four_pages_taken(false), aborting[_i].order,
			 aborting[_i].pfn);
}
END_TEST

START_TEST(wrong_mask_aborts)
{
	kfrag_buddy_free_mask(four_pages_taken(true), aborting[_i].order,
			      aborting[_i].pfn, 1);
}
END_TEST

START_TEST(wrong_mask_aborts_plain)
{
	if (!aborting[_i].plain_too)
		abort();
	kfrag_buddy_free_mask(four_pages_taken(false), aborting[_i].order,
			      aborting[_i].pfn, 1);
}
END_TEST

/* _i: without start bits, with them. */
START_TEST(mask_with_a_free_block_aborts)
{
	kfrag_buddy_free_mask(four_pages_taken(_i), 2, 0, 3);
}
END_TEST

START_TEST(mask_behind_the_memory_aborts)
{
	struct kfrag_buddy *buddy = make_buddy(33, 5, _i);
	uint64_t pfn;

	ck_assert(kfrag_buddy_alloc(buddy, 0, &pfn));
	ck_assert_uint_eq(pfn, 32);
	kfrag_buddy_free_mask(buddy, 0, 32, 3);
}
END_TEST

START_TEST(double_free_aborts)
{
	struct kfrag_buddy *buddy = four_pages_taken(_i);
	uint64_t pfn;

	/* The next block keeps it from merging. */
	ck_assert(kfrag_buddy_alloc(buddy, 2, &pfn));
	kfrag_buddy_free(buddy, 2, 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 28);
	kfrag_buddy_free(buddy, 2, 0);
}
END_TEST

START_TEST(double_free_of_merged_aborts)
{
	struct kfrag_buddy *buddy = four_pages_taken(true);

	kfrag_buddy_free(buddy, 2, 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 32);
	kfrag_buddy_free(buddy, 2, 0);
}
END_TEST

/* ---------------------------------------------------------------- checker */

static struct kfrag_buddy *used_buddy(bool checked)
{
	struct twin twin;

	twin_init(&twin, checked, 200, 5);
	for (int i = 0; i < 30; i++)
		step_alloc(&twin, (unsigned)draw(&twin, 4));
	for (int i = 0; i < 12; i++)
		step_free(&twin);
	check_against(twin.buddy, &twin.model);
	model_buddy_release(&twin.model);
	return twin.buddy;
}

static void expect_complaint(const struct kfrag_buddy *buddy)
{
	char message[300] = "";

	EXPECT(!kfrag_buddy_check(buddy, message, sizeof(message)));
	EXPECT(message[0] != '\0');
}

/* _i: without start bits, with them. */
START_TEST(checker_sees_every_bit)
{
	struct kfrag_buddy *buddy = used_buddy(_i);

	for (uint64_t i = 0; i < buddy->nr_words; i++) {
		for (unsigned bit = 0; bit < 64; bit++) {
			buddy->words[i] ^= UINT64_C(1) << bit;
			expect_complaint(buddy);
			buddy->words[i] ^= UINT64_C(1) << bit;
		}
	}
	check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(checker_sees_every_count)
{
	struct kfrag_buddy *buddy = used_buddy(_i);

	for (unsigned order = 0; order <= buddy->max_order; order++) {
		buddy->areas[order].nr_free++;
		expect_complaint(buddy);
		buddy->areas[order].nr_free -= 2;
		expect_complaint(buddy);
		buddy->areas[order].nr_free++;
	}
	for (unsigned bit = 0; bit < 64; bit++) {
		buddy->nonempty ^= UINT64_C(1) << bit;
		expect_complaint(buddy);
		buddy->nonempty ^= UINT64_C(1) << bit;
		buddy->free_pages ^= UINT64_C(1) << bit;
		expect_complaint(buddy);
		buddy->free_pages ^= UINT64_C(1) << bit;
	}
	check_itself(buddy);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* Adds a free block with all counts, as if that were right. */
static void forge_free(struct kfrag_buddy *buddy, unsigned order,
		       uint64_t index, bool is_free)
{
	struct kfrag_buddy_area *area = &buddy->areas[order];
	uint64_t pages = UINT64_C(1) << order;

	if (is_free)
		kfrag_bitmap_set(&area->shape, area->words, index);
	else
		kfrag_bitmap_clear(&area->shape, area->words, index);
	area->nr_free += is_free ? 1 : UINT64_MAX;
	buddy->free_pages += is_free ? pages : 0 - pages;
	buddy->nonempty &= ~(UINT64_C(1) << order);
	buddy->nonempty |= (uint64_t)(area->nr_free > 0) << order;
}

static void expect_words(const struct kfrag_buddy *buddy, const char *words)
{
	char message[300] = "";

	ck_assert(!kfrag_buddy_check(buddy, message, sizeof(message)));
	ck_assert_msg(strstr(message, words) != NULL, "'%s' says not '%s'",
		      message, words);
}

START_TEST(checker_sees_unmerged_buddies)
{
	struct kfrag_buddy *buddy = make_buddy(32, 5, _i);

	forge_free(buddy, 5, 0, false);
	forge_free(buddy, 4, 0, true);
	forge_free(buddy, 4, 1, true);
	expect_words(buddy, "buddy");
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(checker_sees_nested_blocks)
{
	struct kfrag_buddy *buddy = make_buddy(32, 5, _i);

	forge_free(buddy, 2, 3, true);
	expect_words(buddy, "inside");
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* Allocated and free at once, then neither; all counts agree. */
START_TEST(checker_sees_false_starts)
{
	struct kfrag_buddy *buddy = four_pages_taken(true);

	forge_free(buddy, 2, 0, true);
	forge_free(buddy, 2, 1, false);
	expect_words(buddy, "pages of it are free");
	forge_free(buddy, 2, 0, false);
	buddy->starts[0] = 2;
	expect_words(buddy, "no allocated block holds it");
	buddy->starts[0] = 3;
	expect_words(buddy, "allocated blocks start, but 1 are out");
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* -------------------------------------------------------- real memory etc. */

START_TEST(page_source)
{
	struct kfrag_buddy *buddy = make_buddy(64, 6, true);
	struct kfrag_page_source source = kfrag_buddy_page_source(buddy);
	uint64_t pfn = 7;

	ck_assert_uint_eq(source.take(source.context, 3, 5, &pfn), 5);
	ck_assert_uint_eq(pfn, 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 24);
	ck_assert_uint_eq(source.take(source.context, 5, 1, &pfn), 0);
	ck_assert_uint_eq(pfn, 0);
	for (uint64_t i = 0; i < 5; i++)
		source.give(source.context, 3, i * 8);
	check_like_fresh(buddy, true);
	kfrag_buddy_destroy(buddy);
}
END_TEST

#define ARENA_PAGES 256
#define PAGE_BYTES 4096

struct real_block {
	unsigned order;
	uint64_t pfn;
	uint64_t pattern;
};

struct arena {
	unsigned char *bytes; /* aligned to its own size */
	uint8_t *owned; /* a byte per page: someone has it */
	struct real_block blocks[ARENA_PAGES];
	unsigned nr_blocks;
};

static uint64_t *words_of(const struct arena *arena,
			  const struct real_block *block)
{
	return (uint64_t *)(void *)(arena->bytes + block->pfn * PAGE_BYTES);
}

static size_t nr_words_of(const struct real_block *block)
{
	return ((size_t)PAGE_BYTES << block->order) / sizeof(uint64_t);
}

static void arena_take(struct arena *arena, unsigned order, uint64_t pfn,
		       uint64_t pattern)
{
	struct real_block *block = &arena->blocks[arena->nr_blocks++];
	uintptr_t size = (uintptr_t)PAGE_BYTES << order;

	*block = (struct real_block){ order, pfn, pattern };
	EXPECT(pfn + (UINT64_C(1) << order) <= ARENA_PAGES);
	EXPECT_EQ((uintptr_t)words_of(arena, block) % size, 0);
	for (uint64_t i = 0; i < UINT64_C(1) << order; i++)
		EXPECT_EQ(arena->owned[pfn + i]++, 0);
	for (size_t i = 0; i < nr_words_of(block); i++)
		words_of(arena, block)[i] = pattern + i;
}

/* Every word is as it was written. */
static void arena_give(struct arena *arena, unsigned which)
{
	struct real_block block = arena->blocks[which];

	for (size_t i = 0; i < nr_words_of(&block); i++)
		EXPECT_EQ(words_of(arena, &block)[i], block.pattern + i);
	for (uint64_t i = 0; i < UINT64_C(1) << block.order; i++)
		EXPECT_EQ(arena->owned[block.pfn + i]--, 1);
	arena->blocks[which] = arena->blocks[--arena->nr_blocks];
}

START_TEST(real_memory)
{
	struct kfrag_buddy *buddy = make_buddy(ARENA_PAGES, 8, _i % 2);
	size_t arena_bytes = (size_t)ARENA_PAGES * PAGE_BYTES;
	struct arena *arena = model_zeros(1, sizeof(*arena));
	unsigned nr_frees = 0, nr_refused = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	arena->bytes = aligned_alloc(arena_bytes, arena_bytes);
	arena->owned = model_zeros(ARENA_PAGES, 1);
	ck_assert_ptr_nonnull(arena->bytes);
	for (int i = 0; i < 1500; i++) {
		unsigned order = (unsigned)kfrag_random_below(
			&random, 1 + kfrag_random_below(&random, 7));
		unsigned which;
		uint64_t pfn;

		if (i % 100 < 70) {
			if (kfrag_buddy_alloc(buddy, order, &pfn))
				arena_take(arena, order, pfn,
					   kfrag_random_next(&random));
			else
				nr_refused++;
		} else if (arena->nr_blocks > 0) {
			which = (unsigned)kfrag_random_below(&random,
							     arena->nr_blocks);
			kfrag_buddy_free(buddy, arena->blocks[which].order,
					 arena->blocks[which].pfn);
			arena_give(arena, which);
			nr_frees++;
		}
	}
	ck_assert_uint_gt(arena->nr_blocks, 0);
	while (arena->nr_blocks > 0) {
		kfrag_buddy_free(buddy, arena->blocks[0].order,
				 arena->blocks[0].pfn);
		arena_give(arena, 0);
	}
	check_like_fresh(buddy, _i % 2);
	ck_assert_uint_gt(nr_frees, 0);
	ck_assert_uint_gt(nr_refused, 0);
	kfrag_buddy_destroy(buddy);
	free(arena->bytes);
	free(arena->owned);
	free(arena);
}
END_TEST

static void add_checker_tests(TCase *core)
{
	tcase_add_loop_test(core, checker_sees_every_bit, 0, 2);
	tcase_add_loop_test(core, checker_sees_every_count, 0, 2);
	tcase_add_loop_test(core, checker_sees_unmerged_buddies, 0, 2);
	tcase_add_loop_test(core, checker_sees_nested_blocks, 0, 2);
	tcase_add_test(core, checker_sees_false_starts);
}

static void add_abort_tests(TCase *core)
{
	int nr_rows = (int)NR_OF(aborting);

	if (!expect_can_abort())
		return;
	tcase_add_loop_test_raise_signal(core, wrong_free_aborts, SIGABRT, 0,
					 nr_rows);
	tcase_add_loop_test_raise_signal(core, wrong_free_aborts_plain,
					 SIGABRT, 0, nr_rows);
	tcase_add_loop_test_raise_signal(core, wrong_mask_aborts, SIGABRT, 0,
					 nr_rows);
	tcase_add_loop_test_raise_signal(core, wrong_mask_aborts_plain,
					 SIGABRT, 0, nr_rows);
	tcase_add_loop_test_raise_signal(core, mask_with_a_free_block_aborts,
					 SIGABRT, 0, 2);
	tcase_add_loop_test_raise_signal(core, mask_behind_the_memory_aborts,
					 SIGABRT, 0, 2);
	tcase_add_loop_test_raise_signal(core, double_free_aborts, SIGABRT, 0,
					 2);
	tcase_add_test_raise_signal(core, double_free_of_merged_aborts,
				    SIGABRT);
}

Suite *buddy_suite(void)
{
	Suite *suite = suite_create("buddy");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");

	tcase_add_loop_test(core, create_refuses, 0, (int)NR_OF(refused));
#if SIZE_MAX == UINT32_MAX
	tcase_add_test(core, create_without_address_space);
#endif
	tcase_add_test(core, destroy_of_null);
	tcase_add_test(core, order_larger_than_memory);
	tcase_add_test(core, run_of_none);
	tcase_add_loop_test(core, bitmap_bytes, 0, (int)NR_OF(costs));
	tcase_add_test(core, wrong_orders_are_told);
	tcase_add_test(core, page_source);
	add_checker_tests(core);
	add_abort_tests(core);
	suite_add_tcase(suite, core);

	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, fresh, 0, (int)NR_OF(fresh_sizes));
	tcase_add_loop_test(properties, steps_like_model, 0, NR_SEEDS);
	tcase_add_loop_test(properties, any_shape_like_model, 0, 13);
	tcase_add_loop_test(properties, order_of_frees_does_not_matter, 0, 4);
	tcase_add_loop_test(properties, every_wrong_free_is_refused, 0,
			    2 * (int)NR_OF(small_memories));
	tcase_add_loop_test(properties, real_memory, 0, 4);
	suite_add_tcase(suite, properties);
	return suite;
}
