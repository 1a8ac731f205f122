// SPDX-License-Identifier: MIT
#include "fixture_report.h"

#include <stdlib.h>
#include <string.h>

/* A name with its length, NULs inside included. */
#define NAME(literal) .name = (literal), .name_bytes = sizeof(literal) - 1

static const struct kfrag_cache_row cache_rows[FIXTURE_NR_CACHES] = {
	[FIXTURE_DENTRY] = { NAME("dentry"),
			     .line = 3,
			     .active_slabs = 20,
			     .size_bytes = 192,
			     .active_objs = 210,
			     .num_objs = 420,
			     .objs_per_slab = 21,
			     .slab_order = 0,
			     .num_slabs = 20,
			     .kernel_held_bytes = 81920,
			     .kernel_idle_bytes = 40320,
			     .kernel_tail_bytes = 1280,
			     .buddy_order = 0,
			     .buddy_peak_held_bytes = 1720320,
			     .buddy_peak_internal_bytes = 1639680,
			     .buddy_held_bytes = 860160,
			     .buddy_internal_bytes = 819840,
			     .buddy_failed_objs = 0,
			     .slab_slabs = 18,
			     .slab_held_bytes = 73728,
			     .slab_idle_bytes = 32256,
			     .slab_tail_bytes = 1152,
			     .slab_failed_objs = 0 },
	[FIXTURE_INODE] = { NAME("inode_cache"),
			    .line = 4,
			    .active_slabs = 2,
			    .size_bytes = 600,
			    .active_objs = 13,
			    .num_objs = 26,
			    .objs_per_slab = 13,
			    .slab_order = 1,
			    .num_slabs = 2,
			    .kernel_held_bytes = 16384,
			    .kernel_idle_bytes = 7800,
			    .kernel_tail_bytes = 784,
			    .buddy_order = 0,
			    .buddy_peak_held_bytes = 106496,
			    .buddy_peak_internal_bytes = 90896,
			    .buddy_held_bytes = 53248,
			    .buddy_internal_bytes = 45448,
			    .buddy_failed_objs = 0,
			    .slab_slabs = 2,
			    .slab_held_bytes = 16384,
			    .slab_idle_bytes = 7800,
			    .slab_tail_bytes = 784,
			    .slab_failed_objs = 0 },
	[FIXTURE_SHELL] = { NAME("x\";system(\"touch pwned\");\""), .line = 5,
			    .active_slabs = 1, .size_bytes = 8,
			    .active_objs = 1, .num_objs = 512,
			    .objs_per_slab = 512, .num_slabs = 1,
			    .kernel_held_bytes = 4096,
			    .kernel_idle_bytes = 4088,
			    .buddy_peak_held_bytes = 2097152,
			    .buddy_peak_internal_bytes = 2093056,
			    .buddy_held_bytes = 4096,
			    .buddy_internal_bytes = 4088, .slab_slabs = 1,
			    .slab_held_bytes = 4096, .slab_idle_bytes = 4088 },
	[FIXTURE_BYTES] = { NAME("a,b\nc\0\x01\xff\x7f '#`"),
			    .line = 6,
			    .size_bytes = 1,
			    .active_objs = 2,
			    .num_objs = 3,
			    .objs_per_slab = 4,
			    .slab_order = 5,
			    .num_slabs = 6,
			    .kernel_held_bytes = 7,
			    .kernel_idle_bytes = 8,
			    .kernel_tail_bytes = 9,
			    .buddy_order = 10,
			    .buddy_peak_held_bytes = 11,
			    .buddy_peak_internal_bytes = 12,
			    .buddy_held_bytes = 13,
			    .buddy_internal_bytes = 14,
			    .buddy_failed_objs = 15,
			    .slab_slabs = 16,
			    .slab_held_bytes = 17,
			    .slab_idle_bytes = 18,
			    .slab_tail_bytes = 19,
			    .slab_failed_objs = 20,
			    .active_slabs = 21 },
	[FIXTURE_UTF8] = { NAME("gr\xc3\xb6\xc3\x9f"
				"e\xe2\x82\xac\xf0\x9f\x90\xa7"
				"\xc2\x85"),
			   .line = 7, .active_slabs = 1, .size_bytes = 4096,
			   .active_objs = 1, .num_objs = 1, .objs_per_slab = 1,
			   .num_slabs = 1, .kernel_held_bytes = 4096,
			   .buddy_peak_held_bytes = 4096,
			   .buddy_held_bytes = 4096, .slab_slabs = 1,
			   .slab_held_bytes = 4096 },
	[FIXTURE_BACKSLASH] = { NAME("\\x41\\"), .line = 8, .active_slabs = 1,
				.size_bytes = 4096, .active_objs = 1,
				.num_objs = 1, .objs_per_slab = 1,
				.num_slabs = 1, .kernel_held_bytes = 4096,
				.buddy_peak_held_bytes = 4096,
				.buddy_held_bytes = 4096, .slab_slabs = 1,
				.slab_held_bytes = 4096 },
	[FIXTURE_EMPTY] = { NAME(""), .line = 9, .size_bytes = 64,
			    .objs_per_slab = 64 },
	[FIXTURE_NEGATIVE] = { NAME("kmalloc-8k"), .line = 10,
			       .active_slabs = 1, .size_bytes = 8192,
			       .active_objs = 4, .num_objs = 4,
			       .objs_per_slab = 4, .slab_order = 3,
			       .num_slabs = 1, .kernel_held_bytes = 28672,
			       .kernel_tail_bytes = -4096, .buddy_order = 1,
			       .buddy_peak_held_bytes = 32768,
			       .buddy_held_bytes = 32768, .slab_slabs = 1,
			       .slab_held_bytes = 32768 },
	[FIXTURE_MAX] = { NAME("max"),
			  .line = UINT64_MAX,
			  .active_slabs = UINT64_MAX,
			  .size_bytes = UINT64_MAX,
			  .active_objs = UINT64_MAX,
			  .num_objs = UINT64_MAX,
			  .objs_per_slab = UINT64_MAX,
			  .slab_order = 63,
			  .num_slabs = UINT64_MAX,
			  .kernel_held_bytes = UINT64_MAX,
			  .kernel_idle_bytes = UINT64_MAX,
			  .kernel_tail_bytes = INT64_MIN,
			  .buddy_order = 63,
			  .buddy_peak_held_bytes = UINT64_MAX,
			  .buddy_peak_internal_bytes = UINT64_MAX,
			  .buddy_held_bytes = UINT64_MAX,
			  .buddy_internal_bytes = UINT64_MAX,
			  .buddy_failed_objs = UINT64_MAX,
			  .slab_slabs = UINT64_MAX,
			  .slab_held_bytes = UINT64_MAX,
			  .slab_idle_bytes = UINT64_MAX,
			  .slab_tail_bytes = UINT64_MAX,
			  .slab_failed_objs = UINT64_MAX },
};

#define KNOWN(number)                                                          \
	{                                                                      \
		.value = (number), .known = true                               \
	}

/* Of both ordinary caches; 16,384 pages of memory. */
static const struct kfrag_total_row total_rows[] = {
	{ .allocator = KFRAG_BUDDY,
	  .state = KFRAG_PEAK,
	  .live_objs = 446,
	  .live_bytes = 96240,
	  .held_bytes = 1826816,
	  .internal_bytes = KNOWN(1730576),
	  .free_bytes = KNOWN(65282048),
	  .free_blocks = KNOWN(1993),
	  .largest_free_bytes = KNOWN(32768),
	  .external_permille = KNOWN(999),
	  .bitmap_bytes = KNOWN(4168),
	  .bookkeeping_bytes = KNOWN(520),
	  .memory_bytes = KNOWN(67108864),
	  .failed_objs = KNOWN(0),
	  .failed_fragmented_objs = KNOWN(0) },
	{ .allocator = KFRAG_BUDDY,
	  .state = KFRAG_SETTLED,
	  .live_objs = 223,
	  .live_bytes = 48120,
	  .held_bytes = 913408,
	  .internal_bytes = KNOWN(865288),
	  .free_bytes = KNOWN(66195456),
	  .free_blocks = KNOWN(2157),
	  .largest_free_bytes = KNOWN(32768),
	  .external_permille = KNOWN(999),
	  .bitmap_bytes = KNOWN(4168),
	  .bookkeeping_bytes = KNOWN(520),
	  .memory_bytes = KNOWN(67108864),
	  .failed_objs = KNOWN(0),
	  .failed_fragmented_objs = KNOWN(0) },
	{ .allocator = KFRAG_SLAB,
	  .state = KFRAG_PEAK,
	  .live_objs = 446,
	  .live_bytes = 96240,
	  .held_bytes = 98304,
	  .idle_bytes = KNOWN(0),
	  .tail_known = true,
	  .tail_bytes = 2064,
	  .free_bytes = KNOWN(67010560),
	  .free_blocks = KNOWN(2045),
	  .largest_free_bytes = KNOWN(32768),
	  .external_permille = KNOWN(999),
	  .bitmap_bytes = KNOWN(4344),
	  .bookkeeping_bytes = KNOWN(3456),
	  .memory_bytes = KNOWN(67108864),
	  .failed_objs = KNOWN(0),
	  .failed_fragmented_objs = KNOWN(0) },
	{ .allocator = KFRAG_SLAB,
	  .state = KFRAG_SETTLED,
	  .live_objs = 223,
	  .live_bytes = 48120,
	  .held_bytes = 90112,
	  .idle_bytes = KNOWN(40056),
	  .tail_known = true,
	  .tail_bytes = 1936,
	  .free_bytes = KNOWN(67018752),
	  .free_blocks = KNOWN(2047),
	  .largest_free_bytes = KNOWN(32768),
	  .external_permille = KNOWN(999),
	  .bitmap_bytes = KNOWN(4344),
	  .bookkeeping_bytes = KNOWN(3456),
	  .memory_bytes = KNOWN(67108864),
	  .failed_objs = KNOWN(0),
	  .failed_fragmented_objs = KNOWN(0) },
	{ .allocator = KFRAG_KERNEL,
	  .state = KFRAG_SETTLED,
	  .live_objs = 223,
	  .live_bytes = 48120,
	  .held_bytes = 98304,
	  .idle_bytes = KNOWN(48120),
	  .tail_known = true,
	  .tail_bytes = 2064 },
};

#define NR_ORDERS 4
#define NR_TOTALS (sizeof(total_rows) / sizeof(total_rows[0]))

/* Free blocks of both allocators and states, order by order. */
static const uint64_t free_blocks[KFRAG_KERNEL][KFRAG_NR_STATES][NR_ORDERS] = {
	[KFRAG_BUDDY] = { { 0, 1, 0, 1992 }, { 105, 60, 0, 1992 } },
	[KFRAG_SLAB] = { { 0, 0, 0, 2045 }, { 2, 0, 0, 2045 } },
};

/* What is unusable for a request of each order. */
static const uint64_t unusable[KFRAG_KERNEL][KFRAG_NR_STATES][NR_ORDERS] = {
	[KFRAG_BUDDY] = { { 0, 0, 0, 0 }, { 0, 6, 13, 13 } },
	[KFRAG_SLAB] = { { 0, 0, 0, 0 }, { 0, 0, 0, 0 } },
};

static void *duplicate(const void *from, size_t bytes)
{
	void *copy = malloc(bytes ? bytes : 1);

	if (!copy)
		abort();
	if (bytes)
		memcpy(copy, from, bytes);
	return copy;
}

static void add_orders(struct kfrag_report *report)
{
	report->orders = calloc(KFRAG_KERNEL * KFRAG_NR_STATES * NR_ORDERS,
				sizeof(*report->orders));
	if (!report->orders)
		abort();
	for (int a = 0; a < KFRAG_KERNEL; a++)
		for (int s = 0; s < KFRAG_NR_STATES; s++)
			for (unsigned o = 0; o < NR_ORDERS; o++)
				report->orders[report->nr_orders++] =
					(struct kfrag_order_row){
						.allocator =
							(enum kfrag_allocator)a,
						.state = (enum kfrag_state)s,
						.order = o,
						.block_bytes = UINT64_C(4096)
							       << o,
						.free_blocks = kfrag_known(
							free_blocks[a][s][o]),
						.unusable_permille = kfrag_known(
							unusable[a][s][o]),
						.fragmentation_known = o == 2,
						.fragmentation_permille = -500,
						.bitmap_bits = 16384u >> o,
					};
}

static void init_with(struct kfrag_report *report, size_t nr_caches)
{
	*report = (struct kfrag_report){
		.page_size_bytes = 4096,
		.memory_bytes = 67108864,
		.max_order = NR_ORDERS - 1,
		.seed = 1,
		.rounds = 1,
		.placement = "address",
		.policy = "lowest",
		.replayed = true,
		.nr_caches = nr_caches,
		.num_objs = 446,
		.active_objs = 223,
		.caches = duplicate(cache_rows,
				    nr_caches * sizeof(cache_rows[0])),
		.totals = duplicate(total_rows, sizeof(total_rows)),
		.nr_totals = NR_TOTALS,
		.activity = {
			[KFRAG_BUDDY] = { .nr_splits = 1234, .nr_merges = 56 },
			[KFRAG_SLAB] = { .nr_splits = 19, .nr_merges = 2,
					 .nr_slabs_made = 22,
					 .nr_slabs_returned = 2 },
		},
		.designs = { .textbook_bits = 30720, .pair_bits = 15360,
			     .order_byte_bits = 131072,
			     .struct_page_bits = 8388608 },
	};
	add_orders(report);
}

void fixture_report_init(struct kfrag_report *report)
{
	init_with(report, FIXTURE_NR_CACHES);
}

void fixture_report_mixed(struct kfrag_report *report,
			  struct kfrag_selection *selections)
{
	enum kfrag_error error = KFRAG_OK;
	size_t offset;

	fixture_report_init(report);
	report->seed = UINT64_MAX;
	report->rounds = 3;
	report->min_partial_slabs = 5;
	report->placement = "lifo";
	report->policy = "head";
	for (int kind = 0; kind < KFRAG_NR_TABLES && !error; kind++)
		error = kfrag_selection_init(&selections[kind], report,
					     (enum kfrag_table_kind)kind);
	if (!error)
		error = kfrag_selection_set_columns(
			&selections[KFRAG_TABLE_CACHES],
			"name,num_objs,kernel_tail_bytes", &offset);
	if (error)
		abort();
	selections[KFRAG_TABLE_ORDERS].nr_rows = 4;
}

void fixture_report_unmix(struct kfrag_report *report,
			  struct kfrag_selection *selections)
{
	for (int kind = 0; kind < KFRAG_NR_TABLES; kind++)
		kfrag_selection_release(&selections[kind]);
	kfrag_report_release(report);
}

void fixture_report_sane(struct kfrag_report *report)
{
	init_with(report, FIXTURE_INODE + 1);
}

void fixture_report_empty(struct kfrag_report *report)
{
	init_with(report, 0);
	report->num_objs = 0;
	report->active_objs = 0;
	report->memory_bytes = 4096;
	for (size_t i = 0; i < NR_TOTALS; i++) {
		struct kfrag_total_row *row = &report->totals[i];

		*row = (struct kfrag_total_row){
			.allocator = row->allocator,
			.state = row->state,
			.free_bytes = kfrag_known(4096),
			.largest_free_bytes = kfrag_known(4096),
			.memory_bytes = kfrag_known(4096),
		};
	}
}

void fixture_report_counted(struct kfrag_report *report)
{
	init_with(report, FIXTURE_INODE + 1);
	report->replayed = false;
	for (int a = 0; a < KFRAG_KERNEL; a++)
		report->activity[a] = (struct kfrag_activity){ 0 };
	for (size_t i = 0; i < NR_TOTALS; i++) {
		struct kfrag_total_row *row = &report->totals[i];

		row->free_blocks = kfrag_unknown();
		row->largest_free_bytes = kfrag_unknown();
		row->external_permille = kfrag_unknown();
		row->bitmap_bytes = kfrag_unknown();
		row->bookkeeping_bytes = kfrag_unknown();
	}
	for (size_t i = 0; i < report->nr_orders; i++) {
		report->orders[i].free_blocks = kfrag_unknown();
		report->orders[i].unusable_permille = kfrag_unknown();
		report->orders[i].fragmentation_known = false;
	}
}

/* ------------------------------------------------------------- random */

/* Longest name, and so many of them one behind the other. */
#define NAME_BYTES 60

static const char *random_name(struct kfrag_random *random, size_t *bytes)
{
	/* Every byte value twice, so that a name may start anywhere. */
	static const char pool[] =
		"dentry \"q\" \\x,;#'`$%\t\n\r\x01\x1b[31m\x7f\x80\xbf\xc2\x80"
		"\xc3\xa9\xe2\x82\xac\xed\xa0\x80\xf0\x9f\x90\xa7\xf4\x90\x80"
		"\x80\xff\xfe_inode_cache_with_a_rather_long_name_of_its_own_"
		"so_that_it_fits_nowhere";

	*bytes = fixture_random_size(random, NAME_BYTES + 1);
	return pool + fixture_random_size(random, sizeof(pool) - NAME_BYTES);
}

/* Often small and equal, sometimes as large as they get. */
static uint64_t random_figure(struct kfrag_random *random)
{
	return kfrag_random_next(random) >>
	       (kfrag_random_below(random, 4) ? 61 :
						kfrag_random_below(random, 64));
}

static void randomise_cache(struct kfrag_cache_row *row,
			    struct kfrag_random *random)
{
	row->name = random_name(random, &row->name_bytes);
	row->active_slabs = random_figure(random);
	row->size_bytes = random_figure(random);
	row->num_objs = random_figure(random);
	row->active_objs = random_figure(random);
	if (row->active_objs > row->num_objs)
		row->active_objs = row->num_objs;
	row->objs_per_slab = random_figure(random);
	row->slab_order = (unsigned)kfrag_random_below(random, 11);
	row->num_slabs = random_figure(random);
	row->kernel_held_bytes = random_figure(random);
	row->kernel_idle_bytes = random_figure(random);
	row->kernel_tail_bytes = (int64_t)(random_figure(random) >> 1);
	if (kfrag_random_below(random, 2))
		row->kernel_tail_bytes = -row->kernel_tail_bytes - 1;
	row->buddy_order = (unsigned)kfrag_random_below(random, 11);
	row->buddy_peak_held_bytes = random_figure(random);
	row->buddy_held_bytes = random_figure(random);
	row->slab_held_bytes = random_figure(random);
}

static void maybe_forget(struct kfrag_opt *value, struct kfrag_random *random)
{
	value->value = random_figure(random);
	value->known = kfrag_random_below(random, 4) > 0;
	if (!value->known)
		value->value = 0;
}

static void randomise_total(struct kfrag_total_row *row,
			    struct kfrag_random *random)
{
	row->live_bytes = random_figure(random);
	row->held_bytes = random_figure(random);
	row->tail_bytes = -(int64_t)(random_figure(random) >> 1);
	maybe_forget(&row->internal_bytes, random);
	maybe_forget(&row->idle_bytes, random);
	maybe_forget(&row->free_bytes, random);
	maybe_forget(&row->largest_free_bytes, random);
	maybe_forget(&row->bitmap_bytes, random);
	maybe_forget(&row->bookkeeping_bytes, random);
	maybe_forget(&row->failed_objs, random);
	maybe_forget(&row->failed_fragmented_objs, random);
}

void fixture_report_random(struct kfrag_report *report,
			   struct kfrag_random *random, size_t nr_caches,
			   unsigned max_order)
{
	size_t nr_orders =
		(size_t)KFRAG_KERNEL * KFRAG_NR_STATES * (max_order + 1);

	init_with(report, 0);
	report->nr_caches = nr_caches;
	report->max_order = max_order;
	report->seed = kfrag_random_next(random);
	report->num_objs = random_figure(random);
	report->active_objs = random_figure(random);
	free(report->caches);
	free(report->orders);
	report->caches =
		calloc(nr_caches ? nr_caches : 1, sizeof(*report->caches));
	report->orders = calloc(nr_orders, sizeof(*report->orders));
	if (!report->caches || !report->orders)
		abort();
	for (size_t i = 0; i < nr_caches; i++)
		randomise_cache(&report->caches[i], random);
	for (size_t i = 0; i < report->nr_totals; i++)
		randomise_total(&report->totals[i], random);
	report->nr_orders = nr_orders;
	for (size_t i = 0; i < nr_orders; i++) {
		struct kfrag_order_row *row = &report->orders[i];

		row->allocator = (enum kfrag_allocator)(i / (max_order + 1) /
							KFRAG_NR_STATES);
		row->state = (enum kfrag_state)(i / (max_order + 1) %
						KFRAG_NR_STATES);
		row->order = (unsigned)(i % (max_order + 1));
		maybe_forget(&row->free_blocks, random);
		row->unusable_permille =
			kfrag_known(kfrag_random_below(random, 1001));
	}
}
