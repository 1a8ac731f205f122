// SPDX-License-Identifier: MIT
#include "model.h"

#include <stdlib.h>
#include <string.h>

#include "expect.h"

void *model_zeros(uint64_t count, size_t size)
{
	void *memory = calloc(count ? (size_t)count : 1, size);

	EXPECT(memory);
	return memory;
}

/* ------------------------------------------------------------------ buddy */

void model_buddy_init_placed(struct model_buddy *model, uint64_t nr_pages,
			     unsigned max_order,
			     enum kfrag_buddy_placement placement)
{
	*model = (struct model_buddy){
		.nr_pages = nr_pages,
		.max_order = max_order,
		.placement = placement,
		.pages = model_zeros(nr_pages, 1),
		.since = model_zeros(nr_pages, sizeof(*model->since)),
		.now = nr_pages,
	};
	memset(model->pages, MODEL_FREE, (size_t)nr_pages);
	/* At first the lower is taken first, as the youngest or the oldest. */
	for (uint64_t pfn = 0; pfn < nr_pages; pfn++)
		model->since[pfn] =
			placement == KFRAG_BUDDY_LIFO ? nr_pages - pfn : pfn;
}

void model_buddy_init(struct model_buddy *model, uint64_t nr_pages,
		      unsigned max_order)
{
	model_buddy_init_placed(model, nr_pages, max_order,
				KFRAG_BUDDY_ADDRESS);
}

void model_buddy_release(struct model_buddy *model)
{
	free(model->pages);
	free(model->since);
	*model = (struct model_buddy){ 0 };
}

static bool all_free(const struct model_buddy *model, uint64_t first,
		     uint64_t count)
{
	if (first >= model->nr_pages || count > model->nr_pages - first)
		return false;
	for (uint64_t i = 0; i < count; i++)
		if (model->pages[first + i] != MODEL_FREE)
			return false;
	return true;
}

int model_buddy_free_order(const struct model_buddy *model, uint64_t pfn)
{
	int order = -1;

	for (unsigned k = 0; k <= model->max_order; k++) {
		uint64_t size = UINT64_C(1) << k;

		if (!all_free(model, pfn / size * size, size))
			break;
		order = (int)k;
	}
	return order;
}

bool model_buddy_goes_first(const struct model_buddy *model, uint64_t pfn,
			    uint64_t other)
{
	switch (model->placement) {
	case KFRAG_BUDDY_LIFO:
		return model->since[pfn] > model->since[other];
	case KFRAG_BUDDY_FIFO:
		return model->since[pfn] < model->since[other];
	default:
		return pfn < other;
	}
}

/* Of the smallest order that is big enough, the one that goes first. */
static int find_block(const struct model_buddy *model, unsigned order,
		      uint64_t *pfn)
{
	int best = -1;

	for (uint64_t at = 0; at < model->nr_pages;) {
		int here = model_buddy_free_order(model, at);

		if (here >= (int)order &&
		    (best < 0 || here < best ||
		     (here == best &&
		      model_buddy_goes_first(model, at, *pfn)))) {
			best = here;
			*pfn = at;
		}
		at += here < 0 ? 1 : UINT64_C(1) << here;
	}
	return best;
}

bool model_buddy_alloc(struct model_buddy *model, unsigned order, uint64_t *pfn)
{
	int from;

	*pfn = 0;
	from = find_block(model, order, pfn);
	if (from < 0) {
		model->stats.nr_refusals++;
		return false;
	}
	/* Halved once for every order that it is too big. */
	model->stats.nr_splits += (uint64_t)from - order;
	model->stats.nr_allocs++;
	memset(model->pages + *pfn, MODEL_INSIDE, (size_t)1 << order);
	model->pages[*pfn] = (uint8_t)order;
	while (from-- > (int)order)
		model->since[*pfn + (UINT64_C(1) << from)] = ++model->now;
	return true;
}

void model_buddy_free(struct model_buddy *model, unsigned order, uint64_t pfn)
{
	unsigned merged;

	EXPECT_EQ(model->pages[pfn], order);
	memset(model->pages + pfn, MODEL_FREE, (size_t)1 << order);
	model->stats.nr_frees++;
	/* Joined once for every order that it is now part of a bigger one. */
	merged = (unsigned)model_buddy_free_order(model, pfn);
	model->stats.nr_merges += merged - order;
	model->since[pfn >> merged << merged] = ++model->now;
}

static enum kfrag_error judge_place(const struct model_buddy *model,
				    unsigned order, uint64_t pfn)
{
	uint64_t size;

	if (order > model->max_order)
		return KFRAG_EORDER;
	size = UINT64_C(1) << order;
	if (pfn >= model->nr_pages || size > model->nr_pages - pfn)
		return KFRAG_ERANGE;
	return pfn % size ? KFRAG_EALIGN : KFRAG_OK;
}

enum kfrag_error model_buddy_judge_checked(const struct model_buddy *model,
					   unsigned order, uint64_t pfn)
{
	enum kfrag_error error = judge_place(model, order, pfn);

	if (error)
		return error;
	if (model->pages[pfn] == MODEL_FREE ||
	    model->pages[pfn] == MODEL_INSIDE)
		return KFRAG_EFREE;
	return model->pages[pfn] == order ? KFRAG_OK : KFRAG_EORDER;
}

enum kfrag_error model_buddy_judge_plain(const struct model_buddy *model,
					 unsigned order, uint64_t pfn)
{
	enum kfrag_error error = judge_place(model, order, pfn);

	for (uint64_t i = 0; !error && i < UINT64_C(1) << order; i++)
		if (model->pages[pfn + i] == MODEL_FREE)
			error = KFRAG_EFREE;
	/* Only orders of one six are mistaken for each other. */
	for (uint64_t i = 0; !error && i < UINT64_C(1) << order; i++) {
		uint64_t start = pfn + i;

		while (model->pages[start] == MODEL_INSIDE)
			start--;
		if (model->pages[start] / 6 != order / 6)
			error = KFRAG_EORDER;
	}
	return error;
}

uint64_t model_buddy_free_pages(const struct model_buddy *model)
{
	uint64_t count = 0;

	for (uint64_t pfn = 0; pfn < model->nr_pages; pfn++)
		count += model->pages[pfn] == MODEL_FREE;
	return count;
}

void model_buddy_count_free(const struct model_buddy *model,
			    uint64_t counts[KFRAG_MAX_ORDER + 1])
{
	memset(counts, 0, (KFRAG_MAX_ORDER + 1) * sizeof(*counts));
	for (uint64_t pfn = 0; pfn < model->nr_pages;) {
		int order = model_buddy_free_order(model, pfn);

		if (order >= 0)
			counts[order]++;
		pfn += order < 0 ? 1 : UINT64_C(1) << order;
	}
}

static uint64_t buddy_take(void *context, unsigned order, uint64_t max_blocks,
			   uint64_t *pfn)
{
	EXPECT(max_blocks > 0);
	return model_buddy_alloc(context, order, pfn);
}

static void buddy_give(void *context, unsigned order, uint64_t pfn)
{
	model_buddy_free(context, order, pfn);
}

struct kfrag_page_source model_buddy_page_source(struct model_buddy *model)
{
	return (struct kfrag_page_source){
		.take = buddy_take,
		.give = buddy_give,
		.context = model,
	};
}

/* ------------------------------------------------------------ page source */

static uint64_t source_take(void *context, unsigned order, uint64_t max_blocks,
			    uint64_t *pfn)
{
	struct model_source *source = context;
	uint64_t nr_held = source->nr_taken_blocks - source->nr_given_blocks;
	uint64_t nr_taken = 0;

	EXPECT(max_blocks > 0);
	*pfn = 0;
	source->nr_calls++;
	if (max_blocks > source->max_held_blocks - nr_held)
		max_blocks = source->max_held_blocks - nr_held;
	if (source->max_run && max_blocks > source->max_run)
		max_blocks = source->max_run;
	if (max_blocks && source->nr_calls != source->refused_call)
		nr_taken = source->below.take(source->below.context, order,
					      max_blocks, pfn);
	source->nr_refused += nr_taken == 0;
	source->nr_runs += nr_taken > 1;
	source->nr_taken_blocks += nr_taken;
	return nr_taken;
}

static void source_give(void *context, unsigned order, uint64_t pfn)
{
	struct model_source *source = context;

	source->nr_given_blocks++;
	source->below.give(source->below.context, order, pfn);
}

struct kfrag_page_source model_source_pages(struct model_source *source)
{
	return (struct kfrag_page_source){
		.take = source_take,
		.give = source_give,
		.context = source,
	};
}

/* ------------------------------------------------------- random policies */

static void draws_renew(struct model_slab_draws *draws)
{
	for (size_t i = 0; i < draws->nr_numbers; i++)
		draws->numbers[i] = kfrag_random_next(&draws->source);
}

static void draws_init(struct model_slab_draws *draws, const char *policy)
{
	if (strcmp(policy, "random") == 0)
		draws->nr_numbers = 1;
	else if (strncmp(policy, "best-of-", 8) == 0)
		draws->nr_numbers = (size_t)(policy[8] - '0');
	EXPECT(draws->nr_numbers <= 8);
	kfrag_random_init(&draws->source, 0);
	draws_renew(draws);
}

/* A slab is among the partial ones, or not. The last one fills a gap. */
static void draws_note(struct model_slab_draws *draws, uint64_t pfn,
		       bool is_partial)
{
	size_t place = 0;

	if (draws->nr_numbers == 0)
		return;
	while (place < draws->nr_pfns && draws->pfns[place] != pfn)
		place++;
	if (is_partial == (place < draws->nr_pfns))
		return;
	if (!is_partial) {
		draws->pfns[place] = draws->pfns[--draws->nr_pfns];
		return;
	}
	if (draws->nr_pfns == draws->capacity) {
		draws->capacity = draws->capacity * 2 + 16;
		draws->pfns = realloc(draws->pfns,
				      draws->capacity * sizeof(uint64_t));
		EXPECT(draws->pfns);
	}
	draws->pfns[draws->nr_pfns++] = pfn;
}

/* floor(number / 2^64 * nr_pfns), with nr_pfns below 2^32. */
static uint64_t draws_pfn(const struct model_slab_draws *draws, size_t i)
{
	uint64_t high = draws->numbers[i] >> 32;
	uint64_t low = draws->numbers[i] & UINT32_MAX;

	return draws
		->pfns[(high * draws->nr_pfns + (low * draws->nr_pfns >> 32)) >>
		       32];
}

/* ------------------------------------------------------------------- slab */

void model_slab_init(struct model_slab *model, struct kfrag_page_source source,
		     uint64_t page_size_bytes,
		     const struct kfrag_slab_cache_params *params)
{
	*model = (struct model_slab){
		.source = source,
		.page_size_bytes = page_size_bytes,
		.params = *params,
	};
	draws_init(&model->draws, params->policy->name);
}

static void give_block(struct model_slab *model, struct model_slab_block *block)
{
	struct model_slab_block gone = *block;

	*block = model->blocks[--model->nr_blocks];
	free(gone.used);
	model->source.give(model->source.context, model->params.order,
			   gone.pfn);
}

void model_slab_release(struct model_slab *model)
{
	while (model->nr_blocks > 0)
		give_block(model, &model->blocks[model->nr_blocks - 1]);
	free(model->blocks);
	model->blocks = NULL;
	free(model->draws.pfns);
	model->draws.pfns = NULL;
}

static bool is_partial(const struct model_slab *model,
		       const struct model_slab_block *block)
{
	return block->nr_inuse > 0 &&
	       block->nr_inuse < model->params.objs_per_slab;
}

/* Whether the policy takes a before b. */
static bool goes_before(const struct model_slab *model,
			const struct model_slab_block *a,
			const struct model_slab_block *b)
{
	const char *policy = model->params.policy->name;

	if (strcmp(policy, "lowest") == 0)
		return a->pfn < b->pfn;
	if (strcmp(policy, "head") == 0)
		return a->time_entered > b->time_entered;
	if (strcmp(policy, "tail") == 0)
		return a->time_entered < b->time_entered;
	if (strcmp(policy, "oldest") == 0)
		return a->time_born < b->time_born;
	if (strcmp(policy, "youngest") == 0)
		return a->time_born > b->time_born;
	if (strcmp(policy, "recent") == 0)
		return a->time_freed > b->time_freed;
	EXPECT(strcmp(policy, "fullest") == 0 ||
	       strcmp(policy, "emptiest") == 0);
	if (a->nr_inuse != b->nr_inuse)
		return (a->nr_inuse > b->nr_inuse) == (*policy == 'f');
	return a->time_changed > b->time_changed;
}

/* The fullest of those that the numbers name, the first of several. */
static struct model_slab_block *pick_drawn(const struct model_slab *model)
{
	struct model_slab_block *best = NULL;

	for (size_t i = 0; i < model->draws.nr_numbers; i++) {
		struct model_slab_block *block =
			model_slab_at(model, draws_pfn(&model->draws, i));

		if (!best || block->nr_inuse > best->nr_inuse)
			best = block;
	}
	return best;
}

static struct model_slab_block *pick_partial(const struct model_slab *model)
{
	struct model_slab_block *best = NULL;

	if (model->draws.nr_pfns > 0)
		return pick_drawn(model);
	for (size_t i = 0; i < model->nr_blocks; i++) {
		struct model_slab_block *block = &model->blocks[i];

		if (is_partial(model, block) &&
		    (!best || goes_before(model, block, best)))
			best = block;
	}
	return best;
}

/* The one that was kept last. */
static struct model_slab_block *pick_empty(const struct model_slab *model)
{
	struct model_slab_block *best = NULL;

	for (size_t i = 0; i < model->nr_blocks; i++) {
		struct model_slab_block *block = &model->blocks[i];

		if (block->nr_inuse == 0 &&
		    (!best || block->time_emptied > best->time_emptied))
			best = block;
	}
	return best;
}

static struct model_slab_block *take_block(struct model_slab *model)
{
	struct model_slab_block *block;
	uint64_t pfn;

	if (model->source.take(model->source.context, model->params.order, 1,
			       &pfn) == 0)
		return NULL;
	if (model->nr_blocks == model->capacity) {
		model->capacity = model->capacity * 2 + 16;
		model->blocks = realloc(model->blocks,
					model->capacity * sizeof(*block));
		EXPECT(model->blocks);
	}
	block = &model->blocks[model->nr_blocks++];
	*block = (struct model_slab_block){
		.pfn = pfn,
		.used = model_zeros(model->params.objs_per_slab, 1),
	};
	model->stats.nr_slabs_made++;
	return block;
}

uint64_t model_slab_address(const struct model_slab *model,
			    const struct model_slab_block *block, uint64_t slot)
{
	return block->pfn * model->page_size_bytes +
	       slot * model->params.size_bytes;
}

bool model_slab_alloc(struct model_slab *model, uint64_t *address)
{
	struct model_slab_block *block = pick_partial(model);
	uint8_t *free_slot;

	*address = 0;
	if (!block)
		block = pick_empty(model);
	if (!block)
		block = take_block(model);
	if (!block) {
		model->stats.nr_refusals++;
		return false;
	}
	free_slot = memchr(block->used, 0, model->params.objs_per_slab);
	EXPECT(free_slot);
	*free_slot = 1;
	model->now++;
	block->time_changed = model->now;
	if (block->nr_inuse++ == 0) {
		block->time_entered = model->now;
		block->time_born = model->now;
		block->time_freed = model->now;
	}
	if (model->draws.nr_pfns > 1)
		draws_renew(&model->draws);
	draws_note(&model->draws, block->pfn, is_partial(model, block));
	*address = model_slab_address(model, block,
				      (uint64_t)(free_slot - block->used));
	return true;
}

/* Whether an emptied slab is one too many to keep. */
static bool is_surplus(const struct model_slab *model)
{
	uint64_t nr_others = 0;

	for (size_t i = 0; i < model->nr_blocks; i++)
		nr_others += model->blocks[i].nr_inuse <
			     model->params.objs_per_slab;
	/* It counted itself. */
	return nr_others - 1 >= model->params.min_partial_slabs;
}

void model_slab_free(struct model_slab *model, uint64_t address)
{
	uint64_t slab_bytes = model->page_size_bytes << model->params.order;
	uint64_t pfn = address / slab_bytes << model->params.order;
	struct model_slab_block *block = model_slab_at(model, pfn);
	uint64_t offset = address % slab_bytes;

	EXPECT(block);
	EXPECT_EQ(offset % model->params.size_bytes, 0);
	EXPECT_EQ(block->used[offset / model->params.size_bytes], 1);
	block->used[offset / model->params.size_bytes] = 0;
	model->now++;
	block->time_changed = model->now;
	block->time_freed = model->now;
	if (block->nr_inuse-- == model->params.objs_per_slab)
		block->time_entered = model->now;
	draws_note(&model->draws, block->pfn, is_partial(model, block));
	if (block->nr_inuse > 0)
		return;
	block->time_emptied = model->now;
	if (is_surplus(model)) {
		give_block(model, block);
		model->stats.nr_slabs_returned++;
	}
}

struct model_slab_block *model_slab_at(const struct model_slab *model,
				       uint64_t pfn)
{
	for (size_t i = 0; i < model->nr_blocks; i++)
		if (model->blocks[i].pfn == pfn)
			return &model->blocks[i];
	return NULL;
}

uint64_t model_slab_nr_objs(const struct model_slab *model)
{
	uint64_t count = 0;

	for (size_t i = 0; i < model->nr_blocks; i++)
		count += model->blocks[i].nr_inuse;
	return count;
}

uint64_t model_slab_nr_partial(const struct model_slab *model)
{
	uint64_t count = 0;

	for (size_t i = 0; i < model->nr_blocks; i++)
		count += is_partial(model, &model->blocks[i]);
	return count;
}

uint64_t model_slab_nr_empty(const struct model_slab *model)
{
	uint64_t count = 0;

	for (size_t i = 0; i < model->nr_blocks; i++)
		count += model->blocks[i].nr_inuse == 0;
	return count;
}
