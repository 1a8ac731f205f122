// SPDX-License-Identifier: MIT
#include "kfrag/bill.h"

#include <string.h>

#include "bill_laws.h"
#include "expect.h"
#include "fixture_bill.h"
#include "kfrag/arith.h"
#include "kfrag/workload.h"

Suite *bill_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))
#define PAGE UINT64_C(4096)

/* ----------------------------------------------------------- figures by hand */

/*
 * Of public captures of 6.19 and others, worked out with pencil: 36 objects of
 * 448 bytes in four pages, 9 in the one that is taken in need.
 */
static const struct {
	uint64_t num_objs, num_slabs, size_bytes, objs_per_slab, pages;
	bool known;
	uint64_t nr_fallbacks;
	int64_t bytes;
} fallbacks[] = {
	{ 558, 17, 448, 36, 4, true, 2, -2 * 3 * 4096 },
	{ 612, 17, 448, 36, 4, true, 0, 0 },
	{ 9 * 17, 17, 448, 36, 4, true, 17, -17 * 3 * 4096 },
	/* Not of 27 each: one too few. */
	{ 557, 17, 448, 36, 4, false, 0, 0 },
	/* More of them than slabs. */
	{ 8 * 17, 17, 448, 36, 4, false, 0, 0 },
	/* More objects than slots. */
	{ 613, 17, 448, 36, 4, false, 0, 0 },
	/* There is no lower order. */
	{ 20, 1, 192, 21, 1, false, 0, 0 },
	/* Three pages an object: 16 KiB at least, then two in 32 KiB. */
	{ 7, 5, 12000, 2, 8, true, 3, -3 * 4 * 4096 },
	/* Nothing there at all. */
	{ 0, 0, 448, 36, 4, true, 0, 0 },
};

static struct kfrag_record *
add(struct fixture_bill *fixture, uint64_t active_objs, uint64_t num_objs,
    uint64_t size_bytes, uint64_t objs_per_slab, uint64_t pages_per_slab)
{
	struct fixture_row row = { active_objs, num_objs, size_bytes,
				   objs_per_slab, pages_per_slab };

	return fixture_snapshot_add(&fixture->of, &row);
}

START_TEST(test_fallback)
{
	enum kfrag_era eras[] = { KFRAG_ERA_SLUB_2_6_30, KFRAG_ERA_SLAB_4_6 };
	bool is_slub = _i == 0;
	struct fixture_bill fixture;

	fixture_bill_init(&fixture, eras[_i], PAGE);
	for (size_t i = 0; i < NR_OF(fallbacks); i++)
		add(&fixture, 0, fallbacks[i].num_objs, fallbacks[i].size_bytes,
		    fallbacks[i].objs_per_slab, fallbacks[i].pages)
			->num_slabs = fallbacks[i].num_slabs;
	fixture_bill_make(&fixture, NULL, NULL);
	for (size_t i = 0; i < NR_OF(fallbacks); i++) {
		const struct kfrag_bill_row *row = &fixture.bill.rows[i];

		EXPECT(row->fallback_slabs.known ==
		       (fallbacks[i].known || !is_slub));
		EXPECT_EQ(row->fallback_slabs.value,
			  is_slub ? fallbacks[i].nr_fallbacks : 0);
		EXPECT(row->fallback_bytes ==
		       (is_slub ? fallbacks[i].bytes : 0));
	}
	EXPECT_EQ(fixture.bill.fallback_slabs, is_slub ? 22 : 0);
	EXPECT_EQ(fixture.bill.nr_unknown_fallbacks, is_slub ? 4 : 0);
	bill_laws_check(&fixture.bill);
	fixture_bill_release(&fixture);
}
END_TEST

START_TEST(test_bill_by_hand)
{
	struct kfrag_slab_meminfo meminfo = {
		.slab_bytes = kfrag_known(100 * PAGE),
		.reclaimable_bytes = kfrag_known(40 * PAGE),
		.unreclaimable_bytes = kfrag_known(60 * PAGE),
	};
	struct fixture_bill fixture;
	const struct kfrag_bill_total *totals = fixture.bill.totals;

	fixture_bill_init(&fixture, KFRAG_ERA_SLUB_6_7, PAGE);
	add(&fixture, 40, 63, 192, 21, 1);
	add(&fixture, 30, 558, 448, 36, 4)->num_slabs = 17;
	fixture_bill_make(&fixture, NULL, &meminfo);
	bill_laws_check(&fixture.bill);
	EXPECT(totals[KFRAG_BILL_LIVE].bytes == 40 * 192 + 30 * 448);
	EXPECT(totals[KFRAG_BILL_IDLE].bytes == 23 * 192 + 528 * 448);
	EXPECT(totals[KFRAG_BILL_TAIL].bytes ==
	       3 * 4096 - 63 * 192 + 17 * 4 * 4096 - 558 * 448);
	EXPECT(totals[KFRAG_BILL_FALLBACK].bytes == -6 * 4096);
	EXPECT(totals[KFRAG_BILL_HELD].bytes == 65 * 4096);
	EXPECT(totals[KFRAG_BILL_REST].bytes == 35 * 4096);
	EXPECT(totals[KFRAG_BILL_HELD].sure == KFRAG_SURE_EXACT);
	EXPECT(totals[KFRAG_BILL_LIVE].sure == KFRAG_SURE_UPPER_BOUND);
	EXPECT(totals[KFRAG_BILL_IDLE].sure == KFRAG_SURE_LOWER_BOUND);
	EXPECT(totals[KFRAG_BILL_SLAB].has_split);
	EXPECT(!totals[KFRAG_BILL_HELD].has_split);
	EXPECT(!totals[KFRAG_BILL_PAYLOAD].known);
	fixture_bill_release(&fixture);

	/* Without meminfo there is no rest. */
	fixture_bill_make(&fixture, NULL, NULL);
	bill_laws_check(&fixture.bill);
	EXPECT(!totals[KFRAG_BILL_SLAB].known &&
	       !totals[KFRAG_BILL_REST].known);
	fixture_bill_release(&fixture);
}
END_TEST

/* Slab may be less than what caches hold, by any much. */
START_TEST(test_negative_rest)
{
	struct kfrag_slab_meminfo meminfo = { .slab_bytes = kfrag_known(0) };
	struct fixture_bill fixture;

	fixture_bill_init(&fixture, KFRAG_ERA_SLUB_2_6_30, PAGE);
	add(&fixture, 63, 63, 192, 21, 1);
	fixture_bill_make(&fixture, NULL, &meminfo);
	bill_laws_check(&fixture.bill);
	EXPECT(fixture.bill.totals[KFRAG_BILL_REST].bytes == -3 * 4096);
	fixture_bill_release(&fixture);

	/* No sum of bytes is so large. */
	meminfo.slab_bytes = kfrag_known(UINT64_MAX);
	fixture_bill_make(&fixture, NULL, &meminfo);
	EXPECT(!fixture.bill.totals[KFRAG_BILL_SLAB].known);
	fixture_bill_release(&fixture);
}
END_TEST

START_TEST(test_empty)
{
	struct fixture_bill fixture;

	fixture_bill_init(&fixture, KFRAG_ERA_SLUB_6_7, PAGE);
	fixture_bill_make(&fixture, NULL, NULL);
	bill_laws_check(&fixture.bill);
	EXPECT_EQ(fixture.bill.nr_rows, 0);
	EXPECT(fixture.bill.totals[KFRAG_BILL_HELD].known);
	EXPECT(fixture.bill.totals[KFRAG_BILL_HELD].bytes == 0);
	fixture_bill_release(&fixture);
}
END_TEST

/* ------------------------------------------------------------------- sysfs */

static const char sysslab_text[] =
	":a-0000192 184 192 21 0 8 cpu_slabs=0 reclaim_account=1\n"
	"cache-0 184 192 21 0 8 id=:a-0000192 cpu_slabs=1\n"
	"other 184 192 21 0 8 id=:a-0000192\n"
	"cache-1 440 448 36 2 8 id=:A-0000448\n"
	/* Another cache of that name. */
	"cache-2 64 64 64 0 8 id=:0000064\n"
	"cache-3 1000 1024 32 3 8 reclaim_account=0\n";

START_TEST(test_sysslab)
{
	struct fixture_bill fixture;
	struct kfrag_sysslab sysslab;
	const struct kfrag_bill_row *rows;
	const struct kfrag_bill_total *totals = fixture.bill.totals;

	EXPECT(!kfrag_sysslab_parse(&sysslab, sysslab_text,
				    strlen(sysslab_text)));
	fixture_bill_init(&fixture, KFRAG_ERA_SLUB_6_7, PAGE);
	add(&fixture, 40, 63, 192, 21, 1);
	add(&fixture, 10, 36, 448, 36, 4);
	fixture_bill_make(&fixture, &sysslab, NULL);
	bill_laws_check(&fixture.bill);
	rows = fixture.bill.rows;
	EXPECT_EQ(rows[0].payload_bytes.value, 40 * 184);
	EXPECT_EQ(rows[0].loss_bytes.value, 40 * 8);
	EXPECT(rows[0].nr_aliases.known);
	EXPECT_EQ(rows[0].nr_aliases.value, 1);
	EXPECT(rows[0].is_reclaimable.known && rows[0].is_reclaimable.value);
	EXPECT(rows[1].is_reclaimable.known && !rows[1].is_reclaimable.value);
	EXPECT_EQ(rows[0].live_min_objs, 40 - 21);
	EXPECT(totals[KFRAG_BILL_PAYLOAD].known);
	EXPECT(totals[KFRAG_BILL_HELD].has_split);
	EXPECT(totals[KFRAG_BILL_HELD].reclaimable_bytes == 3 * 4096);
	EXPECT(totals[KFRAG_BILL_HELD].unreclaimable_bytes == 4 * 4096);
	fixture_bill_release(&fixture);

	add(&fixture, 1, 32, 128, 32, 1);
	fixture_bill_make(&fixture, &sysslab, NULL);
	bill_laws_check(&fixture.bill);
	EXPECT(!fixture.bill.rows[2].entry);
	EXPECT(!totals[KFRAG_BILL_PAYLOAD].known);
	EXPECT(!totals[KFRAG_BILL_HELD].has_split);
	fixture_bill_release(&fixture);
	kfrag_sysslab_release(&sysslab);
}
END_TEST

/* ---------------------------------------------------------- any rows at all */

struct counts {
	uint64_t nr_rows, nr_left_out, nr_fallbacks, nr_unknown, nr_negative;
	uint64_t nr_over, nr_empty, nr_huge;
	uint64_t nr_of[KFRAG_NR_SURES];
};

static void count_left_out(void *context, const struct kfrag_record *record)
{
	struct counts *counts = context;

	(void)record;
	counts->nr_left_out++;
}

static void count_rows(struct counts *counts, const struct kfrag_bill *bill)
{
	for (size_t i = 0; i < bill->nr_rows; i++) {
		const struct kfrag_bill_row *row = &bill->rows[i];

		counts->nr_rows++;
		counts->nr_fallbacks += row->fallback_slabs.value > 0;
		counts->nr_unknown += !row->fallback_slabs.known;
		counts->nr_negative += row->tail_bytes < 0;
		counts->nr_over += row->record->active_objs >
				   row->record->num_objs;
		counts->nr_empty += row->record->num_slabs == 0;
		counts->nr_huge += row->record->num_objs > UINT32_MAX;
		counts->nr_of[row->sure]++;
	}
}

/* Slabs that do not go with the objects, and tunables. */
static void disturb(struct fixture_snapshot *of, struct kfrag_random *random)
{
	for (size_t i = 0; i < of->snapshot.nr_records; i++) {
		struct kfrag_record *record = &of->records[i];

		record->has_tunables = kfrag_random_below(random, 4) > 0;
		if (record->has_tunables) {
			record->limit = kfrag_random_below(random, 3) * 60;
			record->sharedavail =
				kfrag_random_below(random, 3) * 40;
		}
		switch (kfrag_random_below(random, 5)) {
		case 0:
			record->num_slabs += kfrag_random_below(random, 9);
			break;
		case 1:
			record->num_slabs = kfrag_random_below(random, 1 << 20);
			break;
		case 2:
			record->num_slabs = kfrag_random_next(random) >> 1;
			break;
		default:
			break;
		}
	}
}

START_TEST(test_laws)
{
	struct kfrag_random random;
	struct counts counts = { 0 };

	kfrag_random_init(&random, 20261125);
	for (unsigned run = 0; run < 4000; run++) {
		uint64_t page = PAGE << 2 * kfrag_random_below(&random, 3);
		enum kfrag_era era = (enum kfrag_era)kfrag_random_below(
			&random, KFRAG_NR_ERAS);
		struct kfrag_slab_meminfo meminfo = {
			.slab_bytes = kfrag_known(kfrag_random_next(&random) >>
						  run % 64),
		};
		uint64_t max_objs = UINT64_C(1) << run % 61;
		struct fixture_bill fixture;

		fixture_bill_init(&fixture, era, page);
		if (run % 3 == 0)
			fixture.fit.max_cpus = run % 500;
		fixture_snapshot_random(&fixture.of, &random, 24, max_objs,
					page);
		disturb(&fixture.of, &random);
		kfrag_workload_trim(&fixture.of.snapshot, page, count_left_out,
				    &counts);
		fixture_bill_make(&fixture, NULL, &meminfo);
		bill_laws_check(&fixture.bill);
		count_rows(&counts, &fixture.bill);
		fixture_bill_release(&fixture);
	}
	EXPECT(counts.nr_rows > 20000);
	EXPECT(counts.nr_left_out > 1000);
	EXPECT(counts.nr_fallbacks > 100);
	EXPECT(counts.nr_unknown > 1000);
	EXPECT(counts.nr_negative > 1000);
	EXPECT(counts.nr_over > 1000);
	EXPECT(counts.nr_empty > 100);
	EXPECT(counts.nr_huge > 1000);
	EXPECT(counts.nr_of[KFRAG_SURE_EXACT] > 1000);
	EXPECT(counts.nr_of[KFRAG_SURE_UPPER_BOUND] > 1000);
	EXPECT(counts.nr_of[KFRAG_SURE_ESTIMATE] > 100);
}
END_TEST

Suite *bill_suite(void)
{
	Suite *suite = suite_create("bill");
	TCase *tcase = tcase_create("bill");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, test_fallback, 0, 2);
	tcase_add_test(tcase, test_bill_by_hand);
	tcase_add_test(tcase, test_negative_rest);
	tcase_add_test(tcase, test_empty);
	tcase_add_test(tcase, test_sysslab);
	tcase_add_test(tcase, test_laws);
	suite_add_tcase(suite, tcase);
	return suite;
}
