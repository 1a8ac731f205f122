// SPDX-License-Identifier: MIT
/*
 * Bounds of live objects: small kernels are made up, with objects free in all
 * places that the kernel does not look at, and counted as it counts them.
 */
#include <string.h>

#include "bill_laws.h"
#include "expect.h"
#include "fixture_bill.h"
#include "kfrag/arith.h"

Suite *bill_sure_suite(void);

#define PAGE UINT64_C(4096)
#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

static void set_kernel(struct fixture_bill *fixture, const char *release)
{
	fixture->of.snapshot.origin.kernel = release;
	fixture->of.snapshot.origin.kernel_bytes = release ? strlen(release) :
							     0;
}

/* ------------------------------------------------------------------- SLUB */

/* A cache's slots, and where those lie that hold nothing. */
struct slots {
	uint64_t nr_slabs;
	uint64_t nr_all;
	uint64_t nr_parked; /* free, with the CPUs */
	uint64_t nr_listed; /* free, in slabs of the nodes' lists */
	uint64_t nr_listed_slabs;
	uint64_t nr_listed_first; /* free, in those that are counted */
};

/* What is known of kernels and their limits of CPUs' lists. */
static const struct {
	const char *release; /* NULL: unknown */
	enum kfrag_era era;
	uint64_t size_bytes, objs_per_slab, pages;
	uint64_t nr_partial_slabs; /* of each CPU, at most */
} kernels[] = {
	/* 120 objects in slabs taken for half full: 12; and so on. */
	{ "6.1.0-18-amd64", KFRAG_ERA_SLUB_2_6_30, 192, 21, 1, 12 },
	{ "6.8.0", KFRAG_ERA_SLUB_6_7, 192, 21, 1, 12 },
	{ "6.8.0", KFRAG_ERA_SLUB_6_7, 640, 12, 2, 9 },
	{ "6.8.0", KFRAG_ERA_SLUB_6_7, 2048, 16, 8, 3 },
	{ "6.8.0", KFRAG_ERA_SLUB_6_7, 8192, 4, 8, 3 },
	{ "5.16", KFRAG_ERA_SLUB_2_6_30, 64, 64, 1, 4 },
	/* 30, 13, 6, 2 objects, one in each slab as it came. */
	{ "5.15.0-91", KFRAG_ERA_SLUB_2_6_30, 192, 21, 1, 31 },
	{ "4.9", KFRAG_ERA_SLUB_2_6_30, 640, 12, 2, 14 },
	{ "4.9", KFRAG_ERA_SLUB_2_6_30, 2048, 16, 8, 7 },
	{ "4.9", KFRAG_ERA_SLUB_2_6_30, 8192, 4, 8, 3 },
	/* The larger of both; 6.7 has the newer limits only. */
	{ NULL, KFRAG_ERA_SLUB_2_6_30, 192, 21, 1, 31 },
	{ NULL, KFRAG_ERA_SLUB_2_6_30, 8192, 1, 2, 12 },
	{ NULL, KFRAG_ERA_SLUB_6_7, 192, 21, 1, 12 },
};

static uint64_t random_free(struct kfrag_random *random, uint64_t objs_per_slab,
			    bool is_empty)
{
	return is_empty ? objs_per_slab :
			  1 + kfrag_random_below(random, objs_per_slab);
}

static void make_slots(struct slots *slots, struct kfrag_random *random,
		       uint64_t objs_per_slab, uint64_t nr_cpu_slabs,
		       uint64_t nr_listed_slabs)
{
	uint64_t nr_full = kfrag_random_below(random, 100);
	bool is_empty = kfrag_random_below(random, 4) == 0;

	*slots = (struct slots){ .nr_listed_slabs = nr_listed_slabs };
	for (uint64_t i = 0; i < nr_cpu_slabs; i++)
		slots->nr_parked +=
			random_free(random, objs_per_slab, is_empty);
	for (uint64_t i = 0; i < nr_listed_slabs; i++) {
		slots->nr_listed += random_free(random, objs_per_slab, false);
		if (i < 10000)
			slots->nr_listed_first = slots->nr_listed;
	}
	slots->nr_slabs = nr_full + nr_cpu_slabs + nr_listed_slabs;
	slots->nr_all = slots->nr_slabs * objs_per_slab;
}

/* As the kernel counts; the row, and what is really live. */
static void add_cache(struct fixture_bill *fixture, const struct slots *slots,
		      size_t kernel, uint64_t nr_free)
{
	struct fixture_row row = {
		.active_objs = slots->nr_all - nr_free,
		.num_objs = slots->nr_all,
		.size_bytes = kernels[kernel].size_bytes,
		.objs_per_slab = kernels[kernel].objs_per_slab,
		.pages_per_slab = kernels[kernel].pages,
	};

	fixture_snapshot_add(&fixture->of, &row);
}

static void check_bounds(const struct kfrag_bill_row *row, uint64_t nr_live)
{
	EXPECT(row->live_min_objs <= nr_live);
	EXPECT(nr_live <= row->live_max_objs);
}

START_TEST(test_slub)
{
	size_t kernel = (size_t)_i;
	uint64_t objs_per_slab = kernels[kernel].objs_per_slab;
	uint64_t per_cpu = 1 + kernels[kernel].nr_partial_slabs;
	unsigned nr_reached = 0, nr_above = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, kernel);
	for (unsigned run = 0; run < 400; run++) {
		uint64_t nr_cpus = 1 + kfrag_random_below(&random, 3);
		uint64_t nr_slabs =
			kfrag_random_below(&random, nr_cpus * per_cpu + 1);
		struct fixture_bill fixture;
		const struct kfrag_bill_row *row;
		struct slots slots;
		uint64_t nr_live;

		if (run % 8 == 0)
			nr_slabs = 3 * per_cpu;
		make_slots(&slots, &random, objs_per_slab, nr_slabs, run % 40);
		nr_live = slots.nr_all - slots.nr_parked - slots.nr_listed;
		fixture_bill_init(&fixture, kernels[kernel].era, PAGE);
		set_kernel(&fixture, kernels[kernel].release);
		add_cache(&fixture, &slots, kernel, slots.nr_listed);
		fixture_bill_make(&fixture, NULL, NULL);
		bill_laws_check(&fixture.bill);
		row = &fixture.bill.rows[0];
		check_bounds(row, nr_live);
		nr_reached += row->live_min_objs == nr_live && nr_live > 0;
		nr_above += row->live_min_objs > 0;
		EXPECT(row->sure != KFRAG_SURE_ESTIMATE);
		fixture_bill_release(&fixture);
	}
	/* The bounds are not too wide, either. */
	EXPECT(nr_reached > 2);
	EXPECT(nr_above > 10);
}
END_TEST

/* count_partial_free_approx() of a node that is alone. */
static uint64_t approximate(const struct slots *slots)
{
	if (slots->nr_listed_slabs <= 10000)
		return slots->nr_listed;
	return kfrag_mul_div(slots->nr_listed_first, slots->nr_listed_slabs,
			     10000);
}

START_TEST(test_estimates)
{
	static const struct {
		const char *release;
		enum kfrag_era era;
		bool may_estimate;
	} cases[] = {
		{ "6.10.1", KFRAG_ERA_SLUB_6_7, true },
		{ "6.18.44-fc", KFRAG_ERA_SLUB_6_7, true },
		{ NULL, KFRAG_ERA_SLUB_6_7, true },
		{ "6.9.0", KFRAG_ERA_SLUB_6_7, false },
		{ NULL, KFRAG_ERA_SLUB_2_6_30, false },
		{ "strange", KFRAG_ERA_SLUB_6_7, true },
	};
	struct kfrag_random random;

	kfrag_random_init(&random, (uint64_t)_i);
	for (uint64_t nr_listed = 9000; nr_listed < 14000; nr_listed += 500) {
		struct fixture_bill fixture;
		const struct kfrag_bill_row *row;
		struct slots slots;
		bool is_long = nr_listed > 10000;
		bool estimates = cases[_i].may_estimate;

		make_slots(&slots, &random, 21, 3, nr_listed);
		fixture_bill_init(&fixture, cases[_i].era, PAGE);
		set_kernel(&fixture, cases[_i].release);
		add_cache(&fixture, &slots, 0,
			  estimates ? approximate(&slots) : slots.nr_listed);
		fixture_bill_make(&fixture, NULL, NULL);
		bill_laws_check(&fixture.bill);
		EXPECT(fixture.bill.may_estimate == estimates);
		row = &fixture.bill.rows[0];
		check_bounds(row,
			     slots.nr_all - slots.nr_parked - slots.nr_listed);
		/* It cannot be told from one with more free objects. */
		if (is_long)
			EXPECT((row->sure == KFRAG_SURE_ESTIMATE) == estimates);
		fixture_bill_release(&fixture);
	}
}
END_TEST

/* Few enough slabs, or free objects, that the kernel has counted them all. */
START_TEST(test_no_estimate)
{
	static const struct fixture_row rows[] = {
		{ 100000, 210000, 192, 21, 1 }, /* of 10,000 slabs */
		{ 999000, 1008000, 192, 21, 1 }, /* with 9,000 free objects */
	};
	static const char text[] = "cache-0 192 192 21 0 8 partial=10000\n";
	struct kfrag_sysslab sysslab;
	struct fixture_bill fixture;

	fixture_bill_init(&fixture, KFRAG_ERA_SLUB_6_7, PAGE);
	set_kernel(&fixture, "6.12");
	for (size_t i = 0; i < NR_OF(rows); i++)
		fixture_snapshot_add(&fixture.of, &rows[i]);
	fixture_bill_make(&fixture, NULL, NULL);
	EXPECT_EQ(fixture.bill.nr_of[KFRAG_SURE_UPPER_BOUND], NR_OF(rows));
	fixture_bill_release(&fixture);

	/* Or sysfs says so. */
	fixture.of.snapshot.nr_records = 0;
	fixture_snapshot_add(&fixture.of,
			     &(struct fixture_row){ 100000, 1008000, 192, 21,
						    1 });
	fixture_bill_make(&fixture, NULL, NULL);
	EXPECT(fixture.bill.rows[0].sure == KFRAG_SURE_ESTIMATE);
	fixture_bill_release(&fixture);
	EXPECT(!kfrag_sysslab_parse(&sysslab, text, strlen(text)));
	fixture_bill_make(&fixture, &sysslab, NULL);
	EXPECT(fixture.bill.rows[0].sure == KFRAG_SURE_UPPER_BOUND);
	fixture_bill_release(&fixture);
	kfrag_sysslab_release(&sysslab);
}
END_TEST

/* Least live of 1000 objects of 21 a slab, as one thing or another is known. */
static uint64_t least_live(const char *name, const char *release,
			   uint64_t max_cpus, const char *sysfs)
{
	static const struct fixture_row row = { 1000, 1050, 192, 21, 1 };
	struct kfrag_sysslab sysslab = { .entries = NULL };
	struct fixture_bill fixture;
	uint64_t least;

	fixture_bill_init(&fixture, KFRAG_ERA_SLUB_6_7, PAGE);
	set_kernel(&fixture, release);
	fixture.fit.max_cpus = max_cpus;
	fixture_snapshot_add(&fixture.of, &row);
	fixture.of.records[0].name = name;
	fixture.of.records[0].name_bytes = strlen(name);
	if (sysfs)
		EXPECT(!kfrag_sysslab_parse(&sysslab, sysfs, strlen(sysfs)));
	fixture_bill_make(&fixture, sysfs ? &sysslab : NULL, NULL);
	least = fixture.bill.rows[0].live_min_objs;
	EXPECT(fixture.bill.rows[0].live_max_objs == 1000);
	EXPECT(!sysfs || fixture.bill.rows[0].entry);
	bill_laws_check(&fixture.bill);
	fixture_bill_release(&fixture);
	kfrag_sysslab_release(&sysslab);
	return least;
}

START_TEST(test_parked)
{
	/* 13 slabs of a CPU, of 21 objects. */
	EXPECT_EQ(least_live("x", "6.8", 1, NULL), 1000 - 273);
	EXPECT_EQ(least_live("x", "6.8", 3, NULL), 1000 - 3 * 273);
	EXPECT_EQ(least_live("x", "6.8", 0, NULL), 0);
	EXPECT_EQ(least_live("x", "6.8", UINT64_MAX, NULL), 0);
	/* Lists that sysfs says are shorter, or none, or how they are now. */
	EXPECT_EQ(least_live("x", "6.8", 1,
			     "x 192 192 21 0 8 cpu_partial=30\n"),
		  1000 - 4 * 21);
	EXPECT_EQ(least_live("x", "6.8", 1, "x 192 192 21 0 8 cpu_partial=0\n"),
		  1000 - 21);
	EXPECT_EQ(least_live("x", "6.8", 1, "x 192 192 21 0 8 cpu_slabs=2\n"),
		  1000 - 42);
	EXPECT_EQ(least_live("x", "6.8", 0, "x 192 192 21 0 8 cpu_slabs=2\n"),
		  1000 - 42);
	EXPECT_EQ(least_live("x", "6.8", 0, "x 192 192 21 0 8 cpu_slabs=0\n"),
		  1000);
	/* Sheaves: 13 of 32 for a CPU and its node. */
	EXPECT_EQ(least_live("maple_node", "6.18", 1, NULL),
		  1000 - 273 - 13 * 32);
	EXPECT_EQ(least_live("maple_nodes", "6.18", 1, NULL), 1000 - 273);
	EXPECT_EQ(least_live("vm_area_struct", NULL, 1, NULL),
		  1000 - 273 - 13 * 32);
	EXPECT_EQ(least_live("vm_area_struct", "6.17", 1, NULL), 1000 - 273);
	EXPECT_EQ(least_live("x", "6.18", 1,
			     "x 192 192 21 0 8 cpu_slabs=0 sheaf_capacity=8\n"),
		  1000 - 13 * 8);
	EXPECT_EQ(least_live("x", "6.18", 0,
			     "x 192 192 21 0 8 cpu_slabs=0 sheaf_capacity=8\n"),
		  0);
	EXPECT_EQ(least_live("maple_node", "6.18", 1,
			     "maple_node 192 192 21 0 8 sheaf_capacity=0\n"),
		  1000 - 273);
	EXPECT_EQ(least_live("x", "7.0.0-rc1", 1, NULL), 0);
}
END_TEST

/* ------------------------------------------------------------------- SLAB */

static const struct {
	enum kfrag_slabinfo_version version;
	bool has_tunables;
	uint64_t limit, sharedfactor, sharedavail; /* of the first row */
	uint64_t other_sharedfactor;
	uint64_t least, most; /* of 1000 */
} arrays[] = {
	/* One CPU: no row shares. */
	{ KFRAG_SLABINFO_2_1, true, 120, 0, 0, 0, 880, 1000 },
	{ KFRAG_SLABINFO_UNKNOWN, true, 120, 0, 0, 0, 880, 1000 },
	{ KFRAG_SLABINFO_2_1, true, 1200, 0, 0, 0, 0, 1000 },
	/* Several, nobody knows how many. */
	{ KFRAG_SLABINFO_2_1, true, 120, 8, 60, 8, 0, 940 },
	{ KFRAG_SLABINFO_2_1, true, 120, 0, 0, 8, 0, 1000 },
	{ KFRAG_SLABINFO_2_1, true, 120, 8, 1200, 8, 0, 0 },
	/* Without arrays all is counted. */
	{ KFRAG_SLABINFO_2_1, true, 0, 0, 0, 8, 1000, 1000 },
	{ KFRAG_SLABINFO_1_1, false, 0, 0, 0, 0, 1000, 1000 },
	{ KFRAG_SLABINFO_1_1, true, 120, 0, 0, 0, 0, 1000 },
	/* 1.2 does not tell whether arrays are shared. */
	{ KFRAG_SLABINFO_1_2, true, 120, 0, 0, 0, 0, 1000 },
	/* Nor does a file without tunables. */
	{ KFRAG_SLABINFO_2_1, false, 0, 0, 0, 0, 0, 1000 },
};

START_TEST(test_slab)
{
	static const struct fixture_row row = { 1000, 1050, 192, 21, 1 };
	struct fixture_bill fixture;
	const struct kfrag_bill_row *first;

	fixture_bill_init(&fixture, KFRAG_ERA_SLAB_2_6_16, PAGE);
	fixture.of.snapshot.version = arrays[_i].version;
	for (unsigned i = 0; i < 2; i++) {
		struct kfrag_record *record =
			fixture_snapshot_add(&fixture.of, &row);

		record->has_tunables = arrays[_i].has_tunables;
		record->limit = arrays[_i].limit;
		record->sharedfactor = arrays[_i].other_sharedfactor;
	}
	fixture.of.records[0].sharedfactor = arrays[_i].sharedfactor;
	fixture.of.records[0].sharedavail = arrays[_i].sharedavail;
	fixture_bill_make(&fixture, NULL, NULL);
	bill_laws_check(&fixture.bill);
	first = &fixture.bill.rows[0];
	EXPECT_EQ(first->live_min_objs, arrays[_i].least);
	EXPECT_EQ(first->live_max_objs, arrays[_i].most);
	EXPECT((first->sure == KFRAG_SURE_EXACT) == (arrays[_i].least == 1000));
	fixture_bill_release(&fixture);
}
END_TEST

/* Whether Slab may count what is in no cache, by release, era and names. */
START_TEST(test_large_kmallocs)
{
	static const struct {
		const char *release;
		enum kfrag_era era;
		const char *name;
		bool may_count;
	} cases[] = {
		{ "5.4.0", KFRAG_ERA_SLUB_2_6_30, "x", true },
		{ "5.3.18", KFRAG_ERA_SLUB_2_6_30, "x", false },
		{ NULL, KFRAG_ERA_SLUB_2_6_30, "x", true },
		{ NULL, KFRAG_ERA_SLUB_2_6_30, "kmalloc-1k", true },
		{ NULL, KFRAG_ERA_SLUB_2_6_30, "kmalloc-1024", false },
		{ NULL, KFRAG_ERA_SLUB_6_7, "kmalloc-1024", false },
		{ NULL, KFRAG_ERA_SLUB_2_6_26, "x", false },
		{ NULL, KFRAG_ERA_SLAB_4_6, "kmalloc-1k", true },
		{ NULL, KFRAG_ERA_SLAB_3_15, "kmalloc-1k", false },
	};
	static const struct fixture_row row = { 1000, 1050, 1024, 32, 8 };
	struct fixture_bill fixture;

	fixture_bill_init(&fixture, cases[_i].era, PAGE);
	set_kernel(&fixture, cases[_i].release);
	fixture_snapshot_add(&fixture.of, &row);
	fixture.of.records[0].name = cases[_i].name;
	fixture.of.records[0].name_bytes = strlen(cases[_i].name);
	fixture_bill_make(&fixture, NULL, NULL);
	EXPECT(fixture.bill.may_count_large == cases[_i].may_count);
	if (!cases[_i].may_count)
		EXPECT(!fixture.bill.may_estimate);
	fixture_bill_release(&fixture);
}
END_TEST

Suite *bill_sure_suite(void)
{
	Suite *suite = suite_create("bill_sure");
	TCase *tcase = tcase_create("bill_sure");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, test_slub, 0, (int)NR_OF(kernels));
	tcase_add_loop_test(tcase, test_estimates, 0, 6);
	tcase_add_test(tcase, test_no_estimate);
	tcase_add_test(tcase, test_parked);
	tcase_add_loop_test(tcase, test_slab, 0, (int)NR_OF(arrays));
	tcase_add_loop_test(tcase, test_large_kmallocs, 0, 9);
	suite_add_tcase(suite, tcase);
	return suite;
}
