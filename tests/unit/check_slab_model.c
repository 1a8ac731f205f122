// SPDX-License-Identifier: MIT
/* The slab allocator over a buddy, step by step beside the models of both. */
#include "alloc/slab_impl.h"
#include "expect.h"
#include "fixture_slab.h"
#include "kfrag/buddy.h"
#include "kfrag/random.h"
#include "model.h"

Suite *slab_model_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define PAGE_BYTES 4096

/* More for a longer look. */
#define NR_STEPS 1200

/* How often a step was of an unusual kind; none may be 0 at the end. */
struct hard_cases {
	unsigned nr_refused;
	unsigned nr_short_bulks; /* some objects, but not all */
	unsigned nr_bulks_over_slabs; /* more than one new slab */
	unsigned nr_runs; /* that took several blocks in one call */
	unsigned nr_returned;
	unsigned nr_kept_empty;
	unsigned nr_empty_used_again;
	unsigned nr_masks; /* several objects freed at once */
	unsigned nr_choices; /* of a policy among several partial slabs */
};

/* The allocator over a real buddy, and the models of both. */
struct twin {
	struct kfrag_buddy *buddy;
	struct model_source source;
	struct kfrag_slab *slab;
	struct kfrag_slab_cache *cache;
	struct model_buddy model_buddy;
	struct model_source model_source;
	struct model_slab model;
	struct kfrag_random random;
	uint64_t *addresses;
	uint64_t nr_addresses;
	struct hard_cases met;
};

/* Memory for 12 slabs and a bit, of which `max_held` may be had. */
static void twin_init(struct twin *twin,
		      const struct kfrag_slab_cache_params *params,
		      uint64_t max_held, uint64_t max_run)
{
	uint64_t nr_pages = (UINT64_C(12) << params->order) + 3;

	*twin = (struct twin){ .buddy = make_buddy(nr_pages) };
	twin->source = (struct model_source){
		.below = kfrag_buddy_page_source(twin->buddy),
		.max_held_blocks = max_held,
		.max_run = max_run,
	};
	twin->slab = make_slab(model_source_pages(&twin->source), nr_pages,
			       PAGE_BYTES);
	twin->cache = make_cache(twin->slab, params);
	model_buddy_init(&twin->model_buddy, nr_pages, 10);
	twin->model_source = (struct model_source){
		.below = model_buddy_page_source(&twin->model_buddy),
		.max_held_blocks = max_held,
	};
	model_slab_init(&twin->model, model_source_pages(&twin->model_source),
			PAGE_BYTES, params);
	twin->nr_addresses = 6 * UINT64_C(4097) + 10;
	twin->addresses =
		model_zeros(twin->nr_addresses, sizeof(*twin->addresses));
	kfrag_random_init(&twin->random, params->objs_per_slab * 1000 +
						 params->min_partial_slabs);
}

static uint64_t draw(struct twin *twin, uint64_t bound)
{
	return kfrag_random_below(&twin->random, bound);
}

static void check_blocks(const struct twin *twin)
{
	const struct kfrag_slab_cache_params *params = &twin->model.params;
	struct kfrag_slab_view view;
	uint64_t nr_seen = 0;

	for (uint64_t pfn = 0; kfrag_slab_next(twin->slab, pfn, &view);
	     pfn = view.pfn + 1) {
		const struct model_slab_block *block =
			model_slab_at(&twin->model, view.pfn);
		uint32_t nr_words = (params->objs_per_slab + 63) / 64;

		nr_seen++;
		EXPECT(block);
		EXPECT(view.pfn >= pfn);
		EXPECT(view.cache == twin->cache);
		EXPECT_EQ(view.nr_inuse, block->nr_inuse);
		for (uint32_t word = 0; word < nr_words; word++) {
			uint64_t mask = kfrag_slab_live_mask(twin->slab,
							     view.pfn, word);
			uint64_t expected = 0;

			for (uint32_t i = 0; i < 64; i++)
				if (word * 64 + i < params->objs_per_slab &&
				    block->used[word * 64 + i])
					expected |= UINT64_C(1) << i;
			EXPECT_EQ(mask, expected);
		}
	}
	EXPECT_EQ(nr_seen, twin->model.nr_blocks);
	EXPECT(view.pfn == 0 && view.cache == NULL && view.nr_inuse == 0);
}

/* One cache in one region: dense maps, and a bit for each page of memory. */
static uint64_t expected_map_bytes(const struct twin *twin)
{
	uint64_t nr_slots = twin->model.params.objs_per_slab;
	uint64_t nr_blocks = twin->model.nr_blocks, bits = 1;
	uint64_t bytes = 0;

	if (twin->cache->nr_slabs + twin->cache->stats.nr_slabs_made > 0)
		bytes += (twin->slab->nr_pages + 63) / 64 * 8;
	while (bits < nr_slots && nr_slots <= 64)
		bits *= 2;
	if (nr_slots > 64)
		bytes += nr_blocks * twin->cache->shape.nr_words * 8;
	return bytes + (nr_blocks * bits + 7) / 8;
}

static void check_counts(const struct twin *twin)
{
	const struct kfrag_slab_cache *cache = twin->cache;
	const struct model_slab *model = &twin->model;
	struct kfrag_slab_stats stats = kfrag_slab_cache_stats(cache);
	struct kfrag_slab_stats sums = kfrag_slab_stats(twin->slab);

	EXPECT_EQ(kfrag_slab_cache_nr_objs(cache), model_slab_nr_objs(model));
	EXPECT_EQ(kfrag_slab_cache_nr_slabs(cache), model->nr_blocks);
	EXPECT_EQ(kfrag_slab_cache_nr_partial(cache),
		  model_slab_nr_partial(model));
	EXPECT_EQ(kfrag_slab_cache_nr_empty(cache), model_slab_nr_empty(model));
	EXPECT_EQ(stats.nr_slabs_made, model->stats.nr_slabs_made);
	EXPECT_EQ(stats.nr_slabs_returned, model->stats.nr_slabs_returned);
	EXPECT_EQ(stats.nr_refusals, model->stats.nr_refusals);
	EXPECT(memcmp(&stats, &sums, sizeof(stats)) == 0);
	EXPECT_EQ(kfrag_slab_bitmap_bytes(twin->slab),
		  expected_map_bytes(twin));
	EXPECT_EQ(kfrag_slab_host_error(twin->slab), KFRAG_OK);
}

static void check_pages(const struct twin *twin)
{
	struct kfrag_buddy_stats stats = kfrag_buddy_stats(twin->buddy);
	const struct kfrag_buddy_stats *model = &twin->model_buddy.stats;
	char message[300] = "";

	EXPECT_EQ(twin->source.nr_taken_blocks,
		  twin->model_source.nr_taken_blocks);
	EXPECT_EQ(twin->source.nr_given_blocks,
		  twin->model_source.nr_given_blocks);
	EXPECT_EQ(stats.nr_splits, model->nr_splits);
	EXPECT_EQ(stats.nr_merges, model->nr_merges);
	EXPECT_EQ(kfrag_buddy_free_pages(twin->buddy),
		  model_buddy_free_pages(&twin->model_buddy));
	if (!kfrag_buddy_check(twin->buddy, message, sizeof(message)))
		ck_abort_msg("%s", message);
}

static void check_twin(const struct twin *twin)
{
	check_slab(twin->slab);
	check_blocks(twin);
	check_counts(twin);
	check_pages(twin);
}

static void twin_release(struct twin *twin)
{
	kfrag_slab_destroy(twin->slab);
	model_slab_release(&twin->model);
	check_pages(twin);
	EXPECT_EQ(twin->source.nr_taken_blocks, twin->source.nr_given_blocks);
	EXPECT_EQ(kfrag_buddy_free_pages(twin->buddy),
		  kfrag_buddy_nr_pages(twin->buddy));
	kfrag_buddy_destroy(twin->buddy);
	model_buddy_release(&twin->model_buddy);
	free(twin->addresses);
}

static bool alloc_in_model(struct twin *twin, uint64_t *address)
{
	uint64_t nr_partial = model_slab_nr_partial(&twin->model);
	uint64_t nr_empty = model_slab_nr_empty(&twin->model);
	bool found = model_slab_alloc(&twin->model, address);

	twin->met.nr_choices += nr_partial > 1;
	twin->met.nr_refused += !found;
	twin->met.nr_empty_used_again += nr_partial == 0 && nr_empty > 0;
	return found;
}

static void step_alloc(struct twin *twin)
{
	uint64_t address = 7;
	bool found = kfrag_slab_alloc(twin->cache, &address);
	uint64_t expected_address;
	bool expected = alloc_in_model(twin, &expected_address);

	EXPECT_EQ(address, expected_address);
	EXPECT_EQ(found, expected);
}

/* Many at once are what as many single calls are. */
static void step_bulk(struct twin *twin, uint64_t nr_objs)
{
	bool blind = draw(twin, 4) == 0;
	uint64_t nr_made = twin->model.stats.nr_slabs_made;
	uint64_t nr = kfrag_slab_alloc_bulk(twin->cache, nr_objs,
					    blind ? NULL : twin->addresses);

	EXPECT(nr <= nr_objs);
	for (uint64_t i = 0; i < nr; i++) {
		uint64_t expected;

		EXPECT(model_slab_alloc(&twin->model, &expected));
		EXPECT(blind || twin->addresses[i] == expected);
	}
	if (nr < nr_objs) {
		uint64_t expected;

		EXPECT(!model_slab_alloc(&twin->model, &expected));
		twin->met.nr_refused++;
		twin->met.nr_short_bulks += nr > 0;
	}
	twin->met.nr_bulks_over_slabs += twin->model.stats.nr_slabs_made >
					 nr_made + 1;
}

/* The address of an object, any; false where there is none. */
static bool choose_object(struct twin *twin, struct model_slab_block **block,
			  uint64_t *slot)
{
	uint64_t objs_per_slab = twin->model.params.objs_per_slab;
	uint64_t nr_blocks = twin->model.nr_blocks;
	uint64_t from, at = draw(twin, objs_per_slab);

	if (nr_blocks == 0)
		return false;
	from = draw(twin, nr_blocks);
	for (uint64_t i = 0; i < nr_blocks; i++) {
		*block = &twin->model.blocks[(from + i) % nr_blocks];
		if ((*block)->nr_inuse == 0)
			continue;
		for (*slot = at; !(*block)->used[*slot];)
			*slot = (*slot + 1) % objs_per_slab;
		return true;
	}
	return false;
}

static void free_in_model(struct twin *twin, uint64_t address)
{
	uint64_t nr_returned = twin->model.stats.nr_slabs_returned;
	uint64_t nr_empty = model_slab_nr_empty(&twin->model);

	model_slab_free(&twin->model, address);
	twin->met.nr_returned += twin->model.stats.nr_slabs_returned >
				 nr_returned;
	twin->met.nr_kept_empty += model_slab_nr_empty(&twin->model) > nr_empty;
}

static void step_free(struct twin *twin)
{
	struct model_slab_block *block;
	uint64_t slot, address;

	if (!choose_object(twin, &block, &slot))
		return;
	address = model_slab_address(&twin->model, block, slot);
	if (draw(twin, 2))
		kfrag_slab_free(twin->slab, address);
	else
		EXPECT_EQ(kfrag_slab_free_checked(twin->slab, address),
			  KFRAG_OK);
	free_in_model(twin, address);
}

/* Frees the objects of a word that mask names, of those that are there. */
static void free_word(struct twin *twin, uint64_t pfn, uint32_t word,
		      uint64_t mask)
{
	uint64_t first = pfn * PAGE_BYTES;

	mask &= kfrag_slab_live_mask(twin->slab, pfn, word);
	if (!mask)
		return;
	kfrag_slab_free_mask(twin->slab, pfn, word, mask);
	twin->met.nr_masks += __builtin_popcountll(mask) > 1;
	for (; mask; mask &= mask - 1) {
		uint64_t slot =
			word * UINT64_C(64) + (unsigned)__builtin_ctzll(mask);

		free_in_model(twin,
			      first + slot * twin->model.params.size_bytes);
	}
}

static void step_free_mask(struct twin *twin)
{
	struct model_slab_block *block;
	uint64_t slot;

	if (choose_object(twin, &block, &slot))
		free_word(twin, block->pfn, (uint32_t)(slot / 64),
			  kfrag_random_next(&twin->random));
}

/* All objects of a slab but, one time in two, one word of them. */
static void step_free_slab(struct twin *twin)
{
	uint32_t nr_words = (twin->model.params.objs_per_slab + 63) / 64;
	struct model_slab_block *block;
	uint64_t slot, pfn, nr_left;

	if (!choose_object(twin, &block, &slot))
		return;
	pfn = block->pfn;
	nr_left = block->nr_inuse;
	for (uint32_t word = draw(twin, 2) && nr_words > 1; word < nr_words;
	     word++) {
		uint64_t live = kfrag_slab_live_mask(twin->slab, pfn, word);

		free_word(twin, pfn, word, UINT64_MAX);
		nr_left -= (unsigned)__builtin_popcountll(live);
		if (nr_left == 0)
			return;
	}
}

static void step(struct twin *twin, bool growing)
{
	uint64_t objs_per_slab = twin->model.params.objs_per_slab;

	switch (draw(twin, growing ? 6 : 5)) {
	case 0:
		step_free(twin);
		break;
	case 1:
		step_alloc(twin);
		break;
	case 2:
		step_free_mask(twin);
		break;
	case 3:
		if (!growing)
			step_free_slab(twin);
		else
			step_bulk(twin, draw(twin, 6 * objs_per_slab));
		break;
	case 4:
		if (!growing)
			step_free_slab(twin);
		else
			step_bulk(twin, 2 + draw(twin, objs_per_slab));
		break;
	default:
		step_alloc(twin);
		break;
	}
}

static const struct {
	uint64_t size_bytes;
	uint32_t objs_per_slab;
	unsigned order;
} like_model[] = {
	{ 40, 100, 0 }, { 4096, 1, 0 }, { 5000, 1, 1 }, { 2000, 2, 0 },
	{ 192, 21, 0 }, { 1170, 7, 1 }, { 64, 64, 0 },	{ 63, 65, 0 },
	{ 64, 512, 3 }, { 16, 512, 1 }, { 4, 4097, 3 },
};

/* _i: shape, then policy; every min_partial. */
START_TEST(steps_like_model)
{
	size_t shape = (size_t)_i / NR_POLICIES;
	struct hard_cases sum = { 0 };
	bool one_each = like_model[shape].objs_per_slab == 1;

	for (uint64_t min_partial = 0; min_partial <= 3; min_partial++) {
		struct kfrag_slab_cache_params params = {
			.size_bytes = like_model[shape].size_bytes,
			.objs_per_slab = like_model[shape].objs_per_slab,
			.order = like_model[shape].order,
			.min_partial_slabs = min_partial,
			.policy = kfrag_slab_policies()[_i % NR_POLICIES],
		};
		bool growing = true;
		struct twin twin;

		twin_init(&twin, &params, 9 + min_partial, min_partial);
		for (int i = 0; i < NR_STEPS; i++) {
			if (draw(&twin, 40) == 0)
				growing = !growing;
			step(&twin, growing);
			check_twin(&twin);
		}
		ck_assert_uint_gt(twin.met.nr_returned, 0);
		ck_assert_uint_gt(twin.met.nr_refused, 0);
		ck_assert(min_partial == 0 || twin.met.nr_kept_empty > 0);
		ck_assert(min_partial == 0 || one_each ||
			  twin.met.nr_empty_used_again > 0);
		ck_assert(one_each || twin.met.nr_choices > 0);
		ck_assert(one_each || twin.met.nr_masks > 0);
		ck_assert(min_partial == 1 || twin.source.nr_runs > 0);
		sum.nr_short_bulks += twin.met.nr_short_bulks;
		sum.nr_bulks_over_slabs += twin.met.nr_bulks_over_slabs;
		twin_release(&twin);
	}
	ck_assert_uint_gt(sum.nr_short_bulks, 0);
	ck_assert_uint_gt(sum.nr_bulks_over_slabs, 0);
}
END_TEST

Suite *slab_model_suite(void)
{
	Suite *suite = suite_create("slab_model");
	TCase *properties = tcase_create("properties");

	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, steps_like_model, 0,
			    NR_POLICIES * (int)NR_OF(like_model));
	suite_add_tcase(suite, properties);
	return suite;
}
