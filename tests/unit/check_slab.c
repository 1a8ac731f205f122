// SPDX-License-Identifier: MIT
#include "kfrag/slab.h"

#include <limits.h>
#include <signal.h>

#include "alloc/slab_impl.h"
#include "expect.h"
#include "kfrag/buddy.h"
#include "kfrag/random.h"
#include "model.h"

Suite *slab_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define PAGE_BYTES 4096
#define NR_POLICIES 3

/* More for a longer look. */
#define NR_STEPS 1200

static void check_itself(const struct kfrag_slab *slab)
{
	char message[300] = "";

	if (!kfrag_slab_check(slab, message, sizeof(message)))
		ck_abort_msg("%s", message);
}

static struct kfrag_buddy *make_buddy(uint64_t nr_pages)
{
	struct kfrag_buddy *buddy = NULL;

	EXPECT_EQ(kfrag_buddy_create_checked(&buddy, nr_pages, 10), KFRAG_OK);
	return buddy;
}

static struct kfrag_slab *make_slab(struct kfrag_page_source source,
				    uint64_t nr_pages, uint64_t page_bytes)
{
	struct kfrag_slab *slab = NULL;

	EXPECT_EQ(kfrag_slab_create(&slab, source, nr_pages, page_bytes),
		  KFRAG_OK);
	return slab;
}

static struct kfrag_slab_cache *
make_cache(struct kfrag_slab *slab, const struct kfrag_slab_cache_params *params)
{
	struct kfrag_slab_cache *cache = NULL;

	EXPECT_EQ(kfrag_slab_cache_create(&cache, slab, params), KFRAG_OK);
	return cache;
}

/* ----------------------------------------------------------------- create */

static const struct {
	uint64_t nr_pages;
	uint64_t page_bytes;
	bool valid;
} memories[] = {
	{ 1, 1, true },
	{ 1, 4096, true },
	{ 1000, 65536, true },
	{ 1, UINT64_C(1) << 63, true },
	{ 0, 4096, false },
	{ 1, 0, false },
	{ 1, 4095, false },
	{ 1, 12288, false },
	{ 2, UINT64_C(1) << 63, false }, /* 2^64 bytes: one too many */
	{ KFRAG_MAX_PAGES + 1, 1, false },
	{ KFRAG_MAX_PAGES, UINT64_C(1) << 24, false },
	{ UINT64_MAX, 4096, false },
};

START_TEST(create)
{
	struct kfrag_slab *slab = (struct kfrag_slab *)&memories;
	enum kfrag_error error =
		kfrag_slab_create(&slab, (struct kfrag_page_source){ 0 },
				  memories[_i].nr_pages,
				  memories[_i].page_bytes);

	ck_assert_int_eq(error, memories[_i].valid ? KFRAG_OK : KFRAG_EINVAL);
	ck_assert_int_eq(slab != NULL, memories[_i].valid);
	kfrag_slab_destroy(slab);
}
END_TEST

static const struct {
	uint64_t size_bytes;
	uint32_t objs_per_slab;
	unsigned order;
	bool valid;
} shapes[] = {
	{ 1, 1, 0, true },
	{ 4096, 1, 0, true },
	{ 1, 4096, 0, true },
	{ 192, 21, 0, true },
	{ 1, KFRAG_MAX_OBJS_PER_SLAB, 8, true },
	{ 4096, 1, KFRAG_MAX_ORDER, true },
	{ UINT64_C(4096) << KFRAG_MAX_ORDER, 1, KFRAG_MAX_ORDER, true },
	{ 0, 1, 0, false },
	{ 1, 0, 0, false },
	{ 4097, 1, 0, false },
	{ 1, 4097, 0, false },
	{ 192, 22, 0, false },
	{ 4096, 3, 1, false },
	{ 1, KFRAG_MAX_OBJS_PER_SLAB + 1, 9, false },
	{ 1, UINT32_MAX, KFRAG_MAX_ORDER, false },
	{ 1, 1, KFRAG_MAX_ORDER + 1, false },
	{ 1, 1, UINT_MAX, false },
	{ (UINT64_C(4096) << KFRAG_MAX_ORDER) + 1, 1, KFRAG_MAX_ORDER, false },
	{ UINT64_MAX, 2, 0, false },
	{ UINT64_C(1) << 63, 2, 0, false }, /* 2^64 is not 0 */
};

START_TEST(create_cache)
{
	struct kfrag_slab *slab =
		make_slab((struct kfrag_page_source){ 0 }, 8, PAGE_BYTES);
	struct kfrag_slab_cache_params params = {
		.size_bytes = shapes[_i].size_bytes,
		.objs_per_slab = shapes[_i].objs_per_slab,
		.order = shapes[_i].order,
		.policy = kfrag_slab_policies()[0],
	};
	struct kfrag_slab_cache *cache = (struct kfrag_slab_cache *)&params;

	ck_assert_int_eq(kfrag_slab_cache_create(&cache, slab, &params),
			 shapes[_i].valid ? KFRAG_OK : KFRAG_EINVAL);
	ck_assert_int_eq(cache != NULL, shapes[_i].valid);
	check_itself(slab);
	kfrag_slab_destroy(slab);
}
END_TEST

START_TEST(create_cache_without_policy)
{
	struct kfrag_slab *slab =
		make_slab((struct kfrag_page_source){ 0 }, 8, PAGE_BYTES);
	struct kfrag_slab_cache_params params = { .size_bytes = 8,
						  .objs_per_slab = 8 };
	struct kfrag_slab_cache *cache = (struct kfrag_slab_cache *)&params;

	ck_assert_int_eq(kfrag_slab_cache_create(&cache, slab, &params),
			 KFRAG_EINVAL);
	ck_assert_ptr_null(cache);
	kfrag_slab_destroy(slab);
}
END_TEST

/* Pages so large that a slab's bytes need more than 64 bits. */
START_TEST(create_cache_of_huge_pages)
{
	struct kfrag_slab *slab = make_slab((struct kfrag_page_source){ 0 }, 1,
					    UINT64_C(1) << 63);
	struct kfrag_slab_cache_params params = {
		.size_bytes = UINT64_MAX / 3,
		.objs_per_slab = 3,
		.order = 1,
		.policy = kfrag_slab_policies()[0],
	};
	struct kfrag_slab_cache *cache = NULL;

	for (unsigned order = 1; order <= KFRAG_MAX_ORDER; order++) {
		params.order = order;
		ck_assert_int_eq(kfrag_slab_cache_create(&cache, slab, &params),
				 KFRAG_OK);
	}
	params.order = 0;
	ck_assert_int_eq(kfrag_slab_cache_create(&cache, slab, &params),
			 KFRAG_EINVAL);
	kfrag_slab_destroy(slab);
}
END_TEST

START_TEST(many_caches)
{
	struct kfrag_buddy *buddy = make_buddy(1024);
	struct kfrag_slab *slab =
		make_slab(kfrag_buddy_page_source(buddy), 1024, PAGE_BYTES);
	struct kfrag_slab_cache_params params = {
		.size_bytes = 64,
		.objs_per_slab = 64,
		.policy = kfrag_slab_policies()[0],
	};
	uint64_t address;

	for (uint32_t i = 0; i < 100; i++) {
		struct kfrag_slab_cache *cache = make_cache(slab, &params);

		ck_assert_uint_eq(kfrag_slab_cache_index(cache), i);
		ck_assert(kfrag_slab_alloc(cache, &address));
		ck_assert_uint_eq(address, i * PAGE_BYTES);
		ck_assert_uint_eq(kfrag_slab_cache_nr_objs(cache), 1);
	}
	ck_assert_uint_eq(kfrag_slab_stats(slab).nr_slabs_made, 100);
	check_itself(slab);
	kfrag_slab_destroy(slab);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 1024);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(destroy_of_null)
{
	kfrag_slab_destroy(NULL);
}
END_TEST

/* --------------------------------------------------- steps of both, alike */

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
	twin->nr_addresses = 3 * UINT64_C(4097) + 10;
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

	for (uint32_t id = 0; kfrag_slab_next(twin->slab, id, &view);
	     id = view.id + 1) {
		const struct model_slab_block *block =
			model_slab_at(&twin->model, view.pfn);
		uint32_t nr_words = (params->objs_per_slab + 63) / 64;

		nr_seen++;
		EXPECT(block);
		EXPECT(view.id >= id);
		EXPECT(view.cache == twin->cache);
		EXPECT_EQ(view.nr_inuse, block->nr_inuse);
		for (uint32_t word = 0; word < nr_words; word++) {
			uint64_t mask = kfrag_slab_live_mask(twin->slab,
							     view.id, word);
			uint64_t expected = 0;

			for (uint32_t i = 0; i < 64; i++)
				if (word * 64 + i < params->objs_per_slab &&
				    block->used[word * 64 + i])
					expected |= UINT64_C(1) << i;
			EXPECT_EQ(mask, expected);
		}
	}
	EXPECT_EQ(nr_seen, twin->model.nr_blocks);
	EXPECT(view.id == 0 && view.cache == NULL && view.pfn == 0);
}

static void check_counts(const struct twin *twin)
{
	const struct kfrag_slab_cache *cache = twin->cache;
	const struct model_slab *model = &twin->model;
	struct kfrag_slab_stats stats = kfrag_slab_cache_stats(cache);
	struct kfrag_slab_stats sums = kfrag_slab_stats(twin->slab);
	uint64_t nr_words = cache->shape.nr_words;

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
		  model->nr_blocks * nr_words * 8);
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
	check_itself(twin->slab);
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
	twin->met.nr_bulks_over_slabs +=
		twin->model.stats.nr_slabs_made > nr_made + 1;
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
	twin->met.nr_returned +=
		twin->model.stats.nr_slabs_returned > nr_returned;
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

static uint32_t id_of(const struct twin *twin, uint64_t pfn)
{
	struct kfrag_slab_view view;
	uint32_t id = 0;

	while (kfrag_slab_next(twin->slab, id, &view) && view.pfn != pfn)
		id = view.id + 1;
	EXPECT(view.cache);
	return view.id;
}

/* Frees the objects of a word that mask names, of those that are there. */
static void free_word(struct twin *twin, uint64_t pfn, uint32_t word,
		      uint64_t mask)
{
	uint32_t id = id_of(twin, pfn);
	uint64_t first = pfn * PAGE_BYTES;

	mask &= kfrag_slab_live_mask(twin->slab, id, word);
	if (!mask)
		return;
	kfrag_slab_free_mask(twin->slab, id, word, mask);
	twin->met.nr_masks += __builtin_popcountll(mask) > 1;
	for (; mask; mask &= mask - 1) {
		uint64_t slot = word * UINT64_C(64) +
				(unsigned)__builtin_ctzll(mask);

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
		uint32_t id = id_of(twin, pfn);
		uint64_t live = kfrag_slab_live_mask(twin->slab, id, word);

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
			step_bulk(twin, draw(twin, 3 * objs_per_slab));
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
	{ 4096, 1, 0 },
	{ 5000, 1, 1 },
	{ 2000, 2, 0 },
	{ 192, 21, 0 },
	{ 1170, 7, 1 },
	{ 64, 64, 0 },
	{ 63, 65, 0 },
	{ 64, 512, 3 },
	{ 16, 512, 1 },
	{ 4, 4097, 3 },
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

/* ----------------------------------------------------- when pages run out */

static struct kfrag_slab_cache_params pages_of_16(size_t policy)
{
	return (struct kfrag_slab_cache_params){
		.size_bytes = 256,
		.objs_per_slab = 16,
		.policy = kfrag_slab_policies()[policy],
	};
}

/* The k-th call of the page source fails, and the next one does not. */
START_TEST(one_call_is_refused)
{
	struct kfrag_slab_cache_params params = pages_of_16(0);
	struct kfrag_buddy *buddy = make_buddy(64);
	struct model_source source = {
		.below = kfrag_buddy_page_source(buddy),
		.max_held_blocks = 64,
		.refused_call = (uint64_t)_i + 1,
	};
	struct kfrag_slab *slab =
		make_slab(model_source_pages(&source), 64, PAGE_BYTES);
	struct kfrag_slab_cache *cache = make_cache(slab, &params);
	uint64_t nr_objs = 0, address;

	for (uint64_t i = 1; i <= 100; i++) {
		bool found = kfrag_slab_alloc(cache, &address);

		nr_objs += found;
		check_itself(slab);
		EXPECT_EQ(kfrag_slab_cache_nr_objs(cache), nr_objs);
		/* The call for the slab after 16 x _i objects. */
		EXPECT_EQ(found, i != (uint64_t)_i * 16 + 1);
	}
	ck_assert_uint_eq(source.nr_refused, 1);
	ck_assert_uint_eq(kfrag_slab_cache_stats(cache).nr_refusals, 1);
	ck_assert_uint_eq(nr_objs, 99);
	ck_assert_uint_eq(kfrag_slab_cache_nr_slabs(cache), 7);
	ck_assert_int_eq(kfrag_slab_host_error(slab), KFRAG_OK);
	kfrag_slab_destroy(slab);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 64);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(no_page_at_all)
{
	struct kfrag_slab_cache_params params = pages_of_16((size_t)_i);
	struct model_source source = { 0 };
	struct kfrag_slab *slab =
		make_slab(model_source_pages(&source), 64, PAGE_BYTES);
	struct kfrag_slab_cache *cache = make_cache(slab, &params);
	uint64_t addresses[4] = { 7, 7, 7, 7 };

	ck_assert(!kfrag_slab_alloc(cache, addresses));
	ck_assert_uint_eq(addresses[0], 0);
	ck_assert_uint_eq(kfrag_slab_alloc_bulk(cache, 4, addresses), 0);
	ck_assert_uint_eq(kfrag_slab_alloc_bulk(cache, UINT64_MAX, NULL), 0);
	ck_assert_uint_eq(kfrag_slab_alloc_bulk(cache, 0, addresses), 0);
	ck_assert_uint_eq(kfrag_slab_cache_stats(cache).nr_refusals, 3);
	ck_assert_uint_eq(source.nr_refused, 3);
	ck_assert_uint_eq(kfrag_slab_bitmap_bytes(slab), 0);
	check_itself(slab);
	kfrag_slab_destroy(slab);
}
END_TEST

/* More objects than can ever be: what fits, then a refusal. */
START_TEST(bulk_beyond_memory)
{
	struct kfrag_slab_cache_params params = pages_of_16((size_t)_i);
	struct kfrag_buddy *buddy = make_buddy(37);
	struct kfrag_slab *slab =
		make_slab(kfrag_buddy_page_source(buddy), 37, PAGE_BYTES);
	struct kfrag_slab_cache *cache = make_cache(slab, &params);

	ck_assert_uint_eq(kfrag_slab_alloc_bulk(cache, UINT64_MAX, NULL),
			  37 * 16);
	ck_assert_uint_eq(kfrag_slab_cache_nr_slabs(cache), 37);
	ck_assert_uint_eq(kfrag_slab_cache_nr_partial(cache), 0);
	ck_assert_uint_eq(kfrag_slab_cache_stats(cache).nr_refusals, 1);
	check_itself(slab);
	kfrag_slab_destroy(slab);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 37);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* ------------------------------------------------ when the host's run out */

/* Has memory for no slab whose place is a multiple of 4, but 0. */
static enum kfrag_error picky_reserve(void *set,
				      const struct kfrag_slab_ref *ref)
{
	if (ref->index > 0 && ref->index % 4 == 0)
		return KFRAG_ENOMEM;
	return kfrag_slab_policies()[0]->reserve(set, ref);
}

static enum kfrag_error failing_create(void **set, struct kfrag_slab_host host,
				       uint32_t objs_per_slab)
{
	(void)host;
	(void)objs_per_slab;
	*set = NULL;
	return KFRAG_ENOMEM;
}

/* _i: objects one by one, or in bulk. */
START_TEST(host_out_of_memory)
{
	struct kfrag_slab_policy picky = *kfrag_slab_policies()[0];
	struct kfrag_slab_cache_params params = pages_of_16(0);
	struct kfrag_buddy *buddy = make_buddy(64);
	struct kfrag_slab *slab =
		make_slab(kfrag_buddy_page_source(buddy), 64, PAGE_BYTES);
	struct kfrag_slab_cache *cache;
	uint64_t address, nr_objs = 0;

	picky.reserve = picky_reserve;
	params.policy = &picky;
	cache = make_cache(slab, &params);
	/* Room for more than the six slabs asked for is all given back. */
	if (_i)
		nr_objs = kfrag_slab_alloc_bulk(cache, 96, NULL);
	else
		while (kfrag_slab_alloc(cache, &address))
			nr_objs++;
	ck_assert_uint_eq(nr_objs, 64);
	ck_assert_int_eq(kfrag_slab_host_error(slab), KFRAG_ENOMEM);
	ck_assert_uint_eq(kfrag_slab_cache_nr_slabs(cache), 4);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 60);
	ck_assert_uint_eq(kfrag_slab_cache_stats(cache).nr_refusals, 1);
	check_itself(slab);
	/* What there is goes on working. */
	kfrag_slab_free(slab, 256);
	ck_assert(kfrag_slab_alloc(cache, &address));
	ck_assert_uint_eq(address, 256);
	ck_assert(!kfrag_slab_alloc(cache, &address));
	ck_assert_uint_eq(address, 0);
	check_itself(slab);
	kfrag_slab_destroy(slab);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), 64);
	kfrag_buddy_destroy(buddy);
}
END_TEST

START_TEST(cache_without_host_memory)
{
	struct kfrag_slab_policy failing = *kfrag_slab_policies()[0];
	struct kfrag_slab_cache_params params = pages_of_16(0);
	struct kfrag_slab *slab =
		make_slab((struct kfrag_page_source){ 0 }, 64, PAGE_BYTES);
	struct kfrag_slab_cache *cache = (struct kfrag_slab_cache *)&params;

	failing.create = failing_create;
	params.policy = &failing;
	ck_assert_int_eq(kfrag_slab_cache_create(&cache, slab, &params),
			 KFRAG_ENOMEM);
	ck_assert_ptr_null(cache);
	check_itself(slab);
	params.policy = kfrag_slab_policies()[0];
	ck_assert_uint_eq(kfrag_slab_cache_index(make_cache(slab, &params)), 0);
	kfrag_slab_destroy(slab);
}
END_TEST

/* ------------------------------------------------------------ wrong frees */

/*
 * Three caches in 32 pages: slots of 192 bytes with a tail, slots of 5000 in
 * slabs of two pages, slots of 8 with a bitmap of several words.
 */
struct trio {
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	struct kfrag_slab_cache *caches[3];
	uint64_t addresses[2000];
	size_t nr_addresses;
};

static const struct kfrag_slab_cache_params trio_params[] = {
	{ .size_bytes = 192, .objs_per_slab = 21, .min_partial_slabs = 3 },
	{ .size_bytes = 5000, .objs_per_slab = 1, .order = 1 },
	{ .size_bytes = 8, .objs_per_slab = 500, .min_partial_slabs = 3 },
};

/* Caches with full, partial and empty slabs, and some given back. */
static void trio_init(struct trio *trio, size_t policy)
{
	static const uint64_t nr_objs[] = { 21 * 6, 3, 500 * 2 + 70 };

	*trio = (struct trio){ .buddy = make_buddy(32) };
	trio->slab =
		make_slab(kfrag_buddy_page_source(trio->buddy), 32, PAGE_BYTES);
	for (size_t i = 0; i < 3; i++) {
		struct kfrag_slab_cache_params params = trio_params[i];

		params.policy = kfrag_slab_policies()[policy];
		trio->caches[i] = make_cache(trio->slab, &params);
		EXPECT_EQ(kfrag_slab_alloc_bulk(
				  trio->caches[i], nr_objs[i],
				  trio->addresses + trio->nr_addresses),
			  nr_objs[i]);
		trio->nr_addresses += nr_objs[i];
	}
	/* Of the first cache: four slabs empty, one with holes. */
	for (size_t i = 0; i < 4 * 21; i++)
		kfrag_slab_free(trio->slab, trio->addresses[i]);
	for (size_t i = 4 * 21; i < 5 * 21; i += 2)
		kfrag_slab_free(trio->slab, trio->addresses[i]);
	/* Of the second one slab, of the third all of one slab. */
	kfrag_slab_free(trio->slab, trio->addresses[6 * 21]);
	for (size_t i = 6 * 21 + 3; i < 6 * 21 + 3 + 500; i++)
		kfrag_slab_free(trio->slab, trio->addresses[i]);
	EXPECT_EQ(kfrag_slab_cache_nr_empty(trio->caches[0]), 3);
	EXPECT_EQ(kfrag_slab_cache_nr_partial(trio->caches[0]), 1);
	EXPECT_EQ(kfrag_slab_cache_nr_empty(trio->caches[1]), 0);
	EXPECT_EQ(kfrag_slab_cache_nr_slabs(trio->caches[1]), 2);
	EXPECT_EQ(kfrag_slab_cache_nr_empty(trio->caches[2]), 1);
	check_itself(trio->slab);
}

static void trio_release(struct trio *trio)
{
	kfrag_slab_destroy(trio->slab);
	EXPECT_EQ(kfrag_buddy_free_pages(trio->buddy), 32);
	kfrag_buddy_destroy(trio->buddy);
}

/* From the definitions alone: what the bytes at an address are. */
static enum kfrag_error judge(const struct trio *trio, uint64_t address)
{
	struct kfrag_slab_view view;

	for (uint32_t id = 0; kfrag_slab_next(trio->slab, id, &view);
	     id = view.id + 1) {
		const struct kfrag_slab_cache_params *params =
			&trio_params[kfrag_slab_cache_index(view.cache)];
		uint64_t first = view.pfn * PAGE_BYTES;
		uint64_t slot = (address - first) / params->size_bytes;

		if (address < first ||
		    address >= first + ((uint64_t)PAGE_BYTES << params->order))
			continue;
		if ((address - first) % params->size_bytes ||
		    slot >= params->objs_per_slab)
			return KFRAG_EALIGN;
		if (kfrag_slab_live_mask(trio->slab, view.id,
					 (uint32_t)slot / 64) >>
			    slot % 64 &
		    1)
			return KFRAG_OK;
		return KFRAG_EFREE;
	}
	return KFRAG_ERANGE;
}

START_TEST(every_wrong_free_is_refused)
{
	static const uint64_t far[] = { 32 * PAGE_BYTES, 33 * PAGE_BYTES,
					UINT64_C(1) << 32, UINT64_C(1) << 63,
					UINT64_MAX };
	unsigned counts[KFRAG_NR_ERRORS] = { 0 };
	struct kfrag_slab_stats before;
	uint64_t nr_free_pages, nr_objs = 0;
	struct trio trio;

	trio_init(&trio, (size_t)_i);
	before = kfrag_slab_stats(trio.slab);
	nr_free_pages = kfrag_buddy_free_pages(trio.buddy);
	for (uint64_t i = 0; i < 32 * PAGE_BYTES + NR_OF(far); i++) {
		uint64_t address = i < 32 * PAGE_BYTES ?
					   i :
					   far[i - 32 * PAGE_BYTES];
		enum kfrag_error expected = judge(&trio, address);

		counts[expected]++;
		if (expected)
			EXPECT_EQ(kfrag_slab_free_checked(trio.slab, address),
				  expected);
	}
	check_itself(trio.slab);
	for (size_t i = 0; i < 3; i++)
		nr_objs += kfrag_slab_cache_nr_objs(trio.caches[i]);
	ck_assert_uint_eq(counts[KFRAG_OK], nr_objs);
	ck_assert_uint_gt(counts[KFRAG_ERANGE], 0);
	ck_assert_uint_gt(counts[KFRAG_EALIGN], 0);
	ck_assert_uint_gt(counts[KFRAG_EFREE], 0);
	ck_assert_uint_eq(kfrag_buddy_free_pages(trio.buddy), nr_free_pages);
	ck_assert_uint_eq(kfrag_slab_stats(trio.slab).nr_slabs_returned,
			  before.nr_slabs_returned);
	/* Every right one is taken, once. */
	for (uint64_t address = 0; address < 32 * PAGE_BYTES; address++) {
		if (judge(&trio, address) != KFRAG_OK)
			continue;
		EXPECT_EQ(kfrag_slab_free_checked(trio.slab, address),
			  KFRAG_OK);
		EXPECT(kfrag_slab_free_checked(trio.slab, address) !=
		       KFRAG_OK);
		nr_objs--;
	}
	ck_assert_uint_eq(nr_objs, 0);
	check_itself(trio.slab);
	trio_release(&trio);
}
END_TEST

START_TEST(double_free_aborts)
{
	struct trio trio;

	trio_init(&trio, 0);
	/* The last object of the first cache, its slab full until now. */
	kfrag_slab_free(trio.slab, trio.addresses[6 * 21 - 1]);
	kfrag_slab_free(trio.slab, trio.addresses[6 * 21 - 1]);
}
END_TEST

static const uint64_t no_objects[] = { 1, 32 * PAGE_BYTES,
				       31 * PAGE_BYTES, UINT64_MAX };

START_TEST(wrong_free_aborts)
{
	struct trio trio;

	trio_init(&trio, 0);
	kfrag_slab_free(trio.slab, no_objects[_i]);
}
END_TEST

START_TEST(wrong_mask_aborts)
{
	struct kfrag_slab_view view;
	struct trio trio;
	uint64_t live;

	trio_init(&trio, 0);
	/* The first slab with a free slot and an object. */
	for (uint32_t id = 0; kfrag_slab_next(trio.slab, id, &view);
	     id = view.id + 1)
		if (view.cache == trio.caches[0] && view.nr_inuse > 0 &&
		    view.nr_inuse < 21)
			break;
	live = kfrag_slab_live_mask(trio.slab, view.id, 0);
	ck_assert_uint_ne(live, 0);
	kfrag_slab_free_mask(trio.slab, view.id, 0,
			     _i ? live | UINT64_C(1) << 21 : (live << 1 | live));
}
END_TEST

/* ---------------------------------------------------------------- checker */

/* The first slab of a cache with so many objects. */
static struct kfrag_slab_desc *find_desc(const struct trio *trio, uint32_t cache,
					 uint32_t nr_inuse)
{
	for (uint32_t id = 0; id < trio->slab->nr_descs; id++) {
		struct kfrag_slab_desc *desc = &trio->slab->descs[id];

		if (desc->cache == cache && desc->nr_inuse == nr_inuse)
			return desc;
	}
	ck_abort_msg("no slab of cache %" PRIu32 " with %" PRIu32 " objects",
		     cache, nr_inuse);
	return NULL;
}

static void expect_complaint(const struct kfrag_slab *slab)
{
	char message[300] = "";

	EXPECT(!kfrag_slab_check(slab, message, sizeof(message)));
	EXPECT(message[0] != '\0');
}

/* Changes a number by some, and back. */
#define BREAK(trio, field, change)                                             \
	do {                                                                   \
		(field) += (change);                                           \
		expect_complaint((trio)->slab);                                \
		(field) -= (change);                                           \
	} while (0)

/* Puts another value there for a moment. */
#define BREAK_TO(trio, type, field, value)                                     \
	do {                                                                   \
		type broken_saved = (field);                                   \
		(field) = (value);                                             \
		expect_complaint((trio)->slab);                                \
		(field) = broken_saved;                                        \
	} while (0)

START_TEST(checker_sees_slabs)
{
	struct trio trio;
	struct kfrag_slab_desc *partial, *wide, *empty, *full;

	trio_init(&trio, (size_t)_i);
	empty = find_desc(&trio, 0, 0);
	full = find_desc(&trio, 0, 21);
	partial = find_desc(&trio, 0, 10);
	wide = find_desc(&trio, 2, 70);
	BREAK(&trio, partial->pfn, 1);
	BREAK(&trio, partial->nr_inuse, 1);
	BREAK(&trio, partial->nr_inuse, UINT32_MAX);
	BREAK(&trio, wide->nr_inuse, 1);
	for (unsigned bit = 0; bit < 64; bit++) {
		partial->slots.word ^= UINT64_C(1) << bit;
		expect_complaint(trio.slab);
		partial->slots.word ^= UINT64_C(1) << bit;
		for (uint64_t i = 0; i < 9; i++) {
			wide->slots.words[i] ^= UINT64_C(1) << bit;
			expect_complaint(trio.slab);
			wide->slots.words[i] ^= UINT64_C(1) << bit;
		}
	}
	BREAK_TO(&trio, uint32_t, empty->cache, KFRAG_SLAB_NONE);
	BREAK_TO(&trio, uint32_t, full->cache, 1);
	check_itself(trio.slab);
	trio_release(&trio);
}
END_TEST

START_TEST(checker_sees_counts)
{
	struct trio trio;

	trio_init(&trio, (size_t)_i);
	for (size_t i = 0; i < 3; i++) {
		struct kfrag_slab_cache *cache = trio.caches[i];

		BREAK(&trio, cache->nr_objs, 1);
		BREAK(&trio, cache->nr_slabs, 1);
		BREAK(&trio, cache->nr_partial, 1);
		BREAK(&trio, cache->nr_empty, 1);
		BREAK(&trio, cache->nr_empty, UINT64_MAX);
		BREAK(&trio, cache->stats.nr_slabs_made, 1);
		BREAK(&trio, cache->stats.nr_slabs_returned, 1);
		BREAK(&trio, cache->params.order, 1);
		BREAK(&trio, cache->params.objs_per_slab, UINT32_MAX);
		BREAK(&trio, cache->index, 1);
		BREAK_TO(&trio, struct kfrag_slab *, cache->slab, NULL);
	}
	/* A slot less than the bitmaps have, one more. */
	BREAK(&trio, trio.caches[0]->shape.nr_bits, UINT64_MAX);
	BREAK(&trio, trio.caches[2]->shape.nr_bits, UINT64_MAX);
	BREAK(&trio, trio.slab->nr_map_chunks_made, 1);
	check_itself(trio.slab);
	trio_release(&trio);
}
END_TEST

/* The list of empty slabs and that of unused descriptors. */
START_TEST(checker_sees_lists)
{
	struct kfrag_slab_desc *unused;
	struct kfrag_slab *slab;
	struct trio trio;
	uint32_t empty, full;

	trio_init(&trio, (size_t)_i);
	slab = trio.slab;
	empty = trio.caches[0]->first_empty;
	full = (uint32_t)(find_desc(&trio, 0, 21) - slab->descs);
	/* Cut short, of another cache, no empty slab, in a circle. */
	BREAK_TO(&trio, uint32_t, trio.caches[0]->first_empty,
		 KFRAG_SLAB_NONE);
	BREAK_TO(&trio, uint32_t, trio.caches[0]->first_empty,
		 trio.caches[2]->first_empty);
	BREAK_TO(&trio, uint32_t, trio.caches[0]->first_empty, full);
	BREAK_TO(&trio, uint32_t, slab->descs[empty].links.next,
		 KFRAG_SLAB_NONE);
	BREAK_TO(&trio, uint32_t, slab->descs[empty].links.next, full);
	BREAK_TO(&trio, uint32_t, slab->descs[empty].links.next, empty);
	/* Two slabs went back: two descriptors wait. */
	unused = &slab->descs[slab->first_unused];
	ck_assert_uint_ne(unused->links.next, KFRAG_SLAB_NONE);
	BREAK_TO(&trio, uint32_t, slab->first_unused, KFRAG_SLAB_NONE);
	BREAK_TO(&trio, uint32_t, slab->first_unused, unused->links.next);
	BREAK_TO(&trio, uint32_t, slab->first_unused, full);
	BREAK_TO(&trio, uint32_t, unused->links.next, KFRAG_SLAB_NONE);
	BREAK_TO(&trio, uint32_t, unused->links.next, slab->first_unused);
	BREAK_TO(&trio, uint32_t, unused->links.next, slab->nr_descs);
	check_itself(slab);
	trio_release(&trio);
}
END_TEST

START_TEST(checker_sees_map)
{
	struct trio trio;

	trio_init(&trio, (size_t)_i);
	for (size_t pfn = 0; pfn < 32; pfn++) {
		BREAK(&trio, trio.slab->map[0][pfn], 1);
		if (trio.slab->map[0][pfn])
			BREAK_TO(&trio, uint32_t, trio.slab->map[0][pfn], 0);
	}
	check_itself(trio.slab);
	trio_release(&trio);
}
END_TEST

/* A partial slab that its policy has lost, or one that is none. */
START_TEST(checker_sees_policy_sets)
{
	const struct kfrag_slab_policy *policy =
		kfrag_slab_policies()[_i];
	struct kfrag_slab_ref partial, full;
	struct kfrag_slab_desc *desc;
	struct trio trio;
	void *set;

	trio_init(&trio, (size_t)_i);
	set = trio.caches[0]->partial;
	desc = find_desc(&trio, 0, 10);
	partial = (struct kfrag_slab_ref){
		.id = (uint32_t)(desc - trio.slab->descs),
		.nr_inuse = 10,
		.index = desc->pfn,
	};
	desc = find_desc(&trio, 0, 21);
	full = (struct kfrag_slab_ref){
		.id = (uint32_t)(desc - trio.slab->descs),
		.nr_inuse = 20,
		.index = desc->pfn,
	};
	policy->remove(set, &partial);
	expect_complaint(trio.slab);
	policy->insert(set, &full);
	expect_complaint(trio.slab);
	policy->insert(set, &partial);
	expect_complaint(trio.slab);
	policy->remove(set, &full);
	check_itself(trio.slab);
	trio_release(&trio);
}
END_TEST

/* --------------------------------------------------------------- overhead */

START_TEST(bookkeeping)
{
	struct trio trio;
	uint64_t bytes, words = 0;

	trio_init(&trio, (size_t)_i);
	bytes = kfrag_slab_bookkeeping_bytes(trio.slab);
	for (size_t i = 0; i < 3; i++) {
		const struct kfrag_slab_cache *cache = trio.caches[i];

		words += cache->nr_slabs * cache->shape.nr_words;
		bytes -= sizeof(*cache) +
			 cache->params.policy->bytes(cache->partial);
	}
	/* 21 and 1 slots in one word; 500 in eight and one above. */
	ck_assert_uint_eq(words, 5 * 1 + 2 * 1 + 3 * 9);
	ck_assert_uint_eq(kfrag_slab_bitmap_bytes(trio.slab), words * 8);
	/* One-word bitmaps lie in the descriptors: counted once. */
	ck_assert_uint_eq(bytes + 7 * 8,
			  sizeof(*trio.slab) +
				  trio.slab->capacity *
					  sizeof(struct kfrag_slab_desc) +
				  sizeof(uint32_t *) +
				  KFRAG_SLAB_MAP_PAGES * sizeof(uint32_t) +
				  trio.slab->caches_capacity *
					  sizeof(struct kfrag_slab_cache *));
	trio_release(&trio);
}
END_TEST

/* Over many chunks of the map, high addresses and all. */
START_TEST(far_pages)
{
	struct kfrag_slab_cache_params params = {
		.size_bytes = 3 * PAGE_BYTES,
		.objs_per_slab = 1,
		.order = 2,
		.policy = kfrag_slab_policies()[_i],
	};
	uint64_t nr_pages = 5 * KFRAG_SLAB_MAP_PAGES + 7;
	struct kfrag_buddy *buddy = make_buddy(nr_pages);
	struct kfrag_slab *slab = make_slab(kfrag_buddy_page_source(buddy),
					    nr_pages, UINT64_C(1) << 50);
	struct kfrag_slab_cache *cache;
	uint64_t nr_objs, address, last = 0;

	params.size_bytes = UINT64_C(3) << 50;
	cache = make_cache(slab, &params);
	for (nr_objs = 0; kfrag_slab_alloc(cache, &address); nr_objs++)
		last = address > last ? address : last;
	ck_assert_uint_eq(nr_objs, nr_pages / 4);
	ck_assert_uint_eq(last, (nr_pages / 4 - 1) * 4 << 50);
	check_itself(slab);
	ck_assert_int_eq(kfrag_slab_free_checked(slab, last + 1), KFRAG_EALIGN);
	ck_assert_int_eq(kfrag_slab_free_checked(slab, last), KFRAG_OK);
	ck_assert_int_eq(kfrag_slab_free_checked(slab, last), KFRAG_ERANGE);
	check_itself(slab);
	kfrag_slab_destroy(slab);
	ck_assert_uint_eq(kfrag_buddy_free_pages(buddy), nr_pages);
	kfrag_buddy_destroy(buddy);
}
END_TEST

/* ------------------------------------------------------------ real memory */

#define ARENA_PAGES 256
#define ARENA_BYTES ((size_t)ARENA_PAGES * PAGE_BYTES)
#define MAX_THINGS 20000

static const struct kfrag_slab_cache_params arena_params[] = {
	{ .size_bytes = 8, .objs_per_slab = 512 },
	{ .size_bytes = 192, .objs_per_slab = 21, .min_partial_slabs = 2 },
	{ .size_bytes = 700, .objs_per_slab = 11, .order = 1 },
	{ .size_bytes = 4096, .objs_per_slab = 2, .order = 1 },
	{ .size_bytes = 13, .objs_per_slab = 315 },
	{ .size_bytes = 10922, .objs_per_slab = 3, .order = 3 },
};

/* An object of a slab, or a block of the buddy by itself. */
struct thing {
	uint64_t address;
	uint64_t size_bytes;
	unsigned order; /* of a block */
	bool is_block;
	uint8_t seed;
};

struct arena {
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	struct kfrag_slab_cache *caches[NR_OF(arena_params)];
	uint8_t *bytes; /* the memory itself */
	uint8_t *owned; /* a byte per byte: someone has it */
	struct thing things[MAX_THINGS];
	size_t nr_things;
	unsigned nr_blocks_taken;
	unsigned nr_objs_taken;
	unsigned nr_refused;
};

static uint8_t pattern(const struct thing *thing, uint64_t i)
{
	return (uint8_t)(thing->seed + 31 * i + (i >> 8));
}

static void arena_add(struct arena *arena, struct thing thing)
{
	EXPECT(arena->nr_things < MAX_THINGS);
	EXPECT(thing.address + thing.size_bytes <= ARENA_BYTES);
	for (uint64_t i = 0; i < thing.size_bytes; i++) {
		EXPECT_EQ(arena->owned[thing.address + i]++, 0);
		arena->bytes[thing.address + i] = pattern(&thing, i);
	}
	arena->things[arena->nr_things++] = thing;
}

static void take_object(struct arena *arena, size_t which, uint8_t seed)
{
	const struct kfrag_slab_cache_params *params = &arena_params[which];
	uint64_t slab_bytes = (uint64_t)PAGE_BYTES << params->order;
	struct thing thing = { .size_bytes = params->size_bytes, .seed = seed };
	uint64_t offset;

	if (!kfrag_slab_alloc(arena->caches[which], &thing.address)) {
		arena->nr_refused++;
		return;
	}
	/* A slot of its slab, and in real memory as aligned as its size. */
	offset = thing.address % slab_bytes;
	EXPECT_EQ(offset % params->size_bytes, 0);
	EXPECT(offset / params->size_bytes < params->objs_per_slab);
	EXPECT(offset + params->size_bytes <= slab_bytes);
	EXPECT((uintptr_t)(arena->bytes + thing.address) %
		       (params->size_bytes & -params->size_bytes) ==
	       0);
	arena->nr_objs_taken++;
	arena_add(arena, thing);
}

static void take_block(struct arena *arena, unsigned order, uint8_t seed)
{
	struct thing thing = {
		.size_bytes = (uint64_t)PAGE_BYTES << order,
		.order = order,
		.is_block = true,
		.seed = seed,
	};
	uint64_t pfn;

	if (!kfrag_buddy_alloc(arena->buddy, order, &pfn)) {
		arena->nr_refused++;
		return;
	}
	thing.address = pfn * PAGE_BYTES;
	EXPECT((uintptr_t)(arena->bytes + thing.address) % thing.size_bytes ==
	       0);
	arena->nr_blocks_taken++;
	arena_add(arena, thing);
}

static void give(struct arena *arena, size_t which)
{
	struct thing thing = arena->things[which];

	for (uint64_t i = 0; i < thing.size_bytes; i++) {
		EXPECT_EQ(arena->bytes[thing.address + i], pattern(&thing, i));
		EXPECT_EQ(arena->owned[thing.address + i]--, 1);
	}
	if (thing.is_block)
		kfrag_buddy_free(arena->buddy, thing.order,
				 thing.address / PAGE_BYTES);
	else
		kfrag_slab_free(arena->slab, thing.address);
	arena->things[which] = arena->things[--arena->nr_things];
}

static struct arena *make_arena(size_t policy)
{
	struct arena *arena = model_zeros(1, sizeof(*arena));

	arena->buddy = make_buddy(ARENA_PAGES);
	arena->slab = make_slab(kfrag_buddy_page_source(arena->buddy),
				ARENA_PAGES, PAGE_BYTES);
	for (size_t i = 0; i < NR_OF(arena_params); i++) {
		struct kfrag_slab_cache_params params = arena_params[i];

		params.policy = kfrag_slab_policies()[policy];
		arena->caches[i] = make_cache(arena->slab, &params);
	}
	arena->bytes = aligned_alloc(ARENA_BYTES, ARENA_BYTES);
	ck_assert_ptr_nonnull(arena->bytes);
	arena->owned = model_zeros(ARENA_BYTES, 1);
	return arena;
}

START_TEST(real_memory)
{
	struct arena *arena = make_arena((size_t)_i % NR_POLICIES);
	struct kfrag_random random;
	unsigned nr_given = 0;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int i = 0; i < 8000; i++) {
		uint64_t kind = kfrag_random_below(&random,
						   NR_OF(arena_params) + 1);
		uint8_t seed = (uint8_t)kfrag_random_next(&random);

		if (i % 1000 < 700 && kind < NR_OF(arena_params)) {
			take_object(arena, (size_t)kind, seed);
		} else if (i % 1000 < 700) {
			take_block(arena, seed % 4, seed);
		} else if (arena->nr_things > 0) {
			give(arena, (size_t)kfrag_random_below(
					    &random, arena->nr_things));
			nr_given++;
		}
	}
	ck_assert_uint_gt(nr_given, 0);
	ck_assert_uint_gt(arena->nr_refused, 0);
	ck_assert_uint_gt(arena->nr_blocks_taken, 0);
	ck_assert_uint_gt(arena->nr_objs_taken, 0);
	ck_assert_uint_gt(arena->nr_things, 0);
	check_itself(arena->slab);
	while (arena->nr_things > 0)
		give(arena, 0);
	check_itself(arena->slab);
	kfrag_slab_destroy(arena->slab);
	ck_assert_uint_eq(kfrag_buddy_free_pages(arena->buddy), ARENA_PAGES);
	ck_assert_uint_eq(kfrag_buddy_nr_free(arena->buddy, 8), 1);
	kfrag_buddy_destroy(arena->buddy);
	free(arena->bytes);
	free(arena->owned);
	free(arena);
}
END_TEST

static void add_wrong_free_tests(TCase *core)
{
	tcase_add_loop_test(core, every_wrong_free_is_refused, 0, NR_POLICIES);
	if (!expect_can_abort())
		return;
	tcase_add_test_raise_signal(core, double_free_aborts, SIGABRT);
	tcase_add_loop_test_raise_signal(core, wrong_free_aborts, SIGABRT, 0,
					 (int)NR_OF(no_objects));
	tcase_add_loop_test_raise_signal(core, wrong_mask_aborts, SIGABRT, 0,
					 2);
}

static void add_checker_tests(TCase *core)
{
	tcase_add_loop_test(core, checker_sees_slabs, 0, NR_POLICIES);
	tcase_add_loop_test(core, checker_sees_counts, 0, NR_POLICIES);
	tcase_add_loop_test(core, checker_sees_lists, 0, NR_POLICIES);
	tcase_add_loop_test(core, checker_sees_map, 0, NR_POLICIES);
	tcase_add_loop_test(core, checker_sees_policy_sets, 0, NR_POLICIES);
}

Suite *slab_suite(void)
{
	Suite *suite = suite_create("slab");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");

	tcase_add_loop_test(core, create, 0, (int)NR_OF(memories));
	tcase_add_loop_test(core, create_cache, 0, (int)NR_OF(shapes));
	tcase_add_test(core, create_cache_without_policy);
	tcase_add_test(core, create_cache_of_huge_pages);
	tcase_add_test(core, many_caches);
	tcase_add_test(core, destroy_of_null);
	tcase_add_loop_test(core, one_call_is_refused, 0, 6);
	tcase_add_loop_test(core, no_page_at_all, 0, NR_POLICIES);
	tcase_add_loop_test(core, bulk_beyond_memory, 0, NR_POLICIES);
	tcase_add_loop_test(core, host_out_of_memory, 0, 2);
	tcase_add_test(core, cache_without_host_memory);
	tcase_add_loop_test(core, bookkeeping, 0, NR_POLICIES);
	add_wrong_free_tests(core);
	add_checker_tests(core);
	suite_add_tcase(suite, core);

	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, steps_like_model, 0,
			    NR_POLICIES * (int)NR_OF(like_model));
	tcase_add_loop_test(properties, far_pages, 0, NR_POLICIES);
	tcase_add_loop_test(properties, real_memory, 0, 2 * NR_POLICIES);
	suite_add_tcase(suite, properties);
	return suite;
}
