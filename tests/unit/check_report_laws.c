// SPDX-License-Identifier: MIT
/* The laws that the tests of reports rely on are tested themselves. */
#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "fixture_snapshot.h"
#include "kfrag/replay.h"
#include "kfrag/report.h"
#include "report_laws.h"

Suite *report_laws_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof((array)[0]))

/* The name of a member and its place, as a struct member has them. */
#define MEMBER(row, member) #member, offsetof(struct row, member)

struct member {
	const char *name;
	size_t offset;
};

static const struct member cache_members[] = {
	{ MEMBER(kfrag_cache_row, name_bytes) },
	{ MEMBER(kfrag_cache_row, line) },
	{ MEMBER(kfrag_cache_row, active_slabs) },
	{ MEMBER(kfrag_cache_row, size_bytes) },
	{ MEMBER(kfrag_cache_row, active_objs) },
	{ MEMBER(kfrag_cache_row, num_objs) },
	{ MEMBER(kfrag_cache_row, objs_per_slab) },
	{ MEMBER(kfrag_cache_row, num_slabs) },
	{ MEMBER(kfrag_cache_row, kernel_held_bytes) },
	{ MEMBER(kfrag_cache_row, kernel_idle_bytes) },
	{ MEMBER(kfrag_cache_row, kernel_tail_bytes) },
	{ MEMBER(kfrag_cache_row, buddy_peak_held_bytes) },
	{ MEMBER(kfrag_cache_row, buddy_peak_internal_bytes) },
	{ MEMBER(kfrag_cache_row, buddy_held_bytes) },
	{ MEMBER(kfrag_cache_row, buddy_internal_bytes) },
	{ MEMBER(kfrag_cache_row, buddy_failed_objs) },
	{ MEMBER(kfrag_cache_row, slab_slabs) },
	{ MEMBER(kfrag_cache_row, slab_held_bytes) },
	{ MEMBER(kfrag_cache_row, slab_idle_bytes) },
	{ MEMBER(kfrag_cache_row, slab_tail_bytes) },
	{ MEMBER(kfrag_cache_row, slab_failed_objs) },
};

static const struct member total_members[] = {
	{ MEMBER(kfrag_total_row, live_objs) },
	{ MEMBER(kfrag_total_row, live_bytes) },
	{ MEMBER(kfrag_total_row, held_bytes) },
	{ MEMBER(kfrag_total_row, internal_bytes.value) },
	{ MEMBER(kfrag_total_row, idle_bytes.value) },
	{ MEMBER(kfrag_total_row, tail_bytes) },
	{ MEMBER(kfrag_total_row, free_bytes.value) },
	{ MEMBER(kfrag_total_row, free_blocks.value) },
	{ MEMBER(kfrag_total_row, largest_free_bytes.value) },
	{ MEMBER(kfrag_total_row, external_permille.value) },
	{ MEMBER(kfrag_total_row, memory_bytes.value) },
	{ MEMBER(kfrag_total_row, failed_objs.value) },
	{ MEMBER(kfrag_total_row, failed_fragmented_objs.value) },
};

static const struct member order_members[] = {
	{ MEMBER(kfrag_order_row, block_bytes) },
	{ MEMBER(kfrag_order_row, free_blocks.value) },
	{ MEMBER(kfrag_order_row, unusable_permille.value) },
};

/* Adds one to a figure, looks for a complaint, and takes it back. */
static void break_member(const struct kfrag_report *report,
			 const struct fixture_snapshot *fixture,
			 const struct kfrag_replay_params *params, void *row,
			 const struct member *member)
{
	unsigned char *place = (unsigned char *)row + member->offset;
	uint64_t before, after;

	memcpy(&before, place, sizeof(before));
	after = before + 1;
	memcpy(place, &after, sizeof(after));
	if (!report_laws_broken(report, &fixture->snapshot, params))
		ck_abort_msg("%s may be wrong unnoticed", member->name);
	memcpy(place, &before, sizeof(before));
}

START_TEST(laws_notice_each_wrong_figure)
{
	struct fixture_row rows[] = { { 400, 1000, 192, 21, 1 },
				      { 30, 50, 9000, 3, 8 },
				      { 10, 10, 20000, 1, 8 } };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report report;
	size_t offender;

	fixture_snapshot_init(&fixture);
	for (size_t i = 0; i < NR_OF(rows); i++)
		fixture_snapshot_add(&fixture, &rows[i]);
	kfrag_replay_params_init(&params);
	ck_assert(!kfrag_report_create(&report, &fixture.snapshot, &params,
				       &offender));
	ck_assert_ptr_null(
		report_laws_broken(&report, &fixture.snapshot, &params));
	for (size_t i = 0; i < report.nr_caches; i++)
		for (size_t j = 0; j < NR_OF(cache_members); j++)
			break_member(&report, &fixture, &params,
				     &report.caches[i], &cache_members[j]);
	/* The kernel's row does not have them all. */
	for (size_t i = 0; i + 1 < report.nr_totals; i++) {
		for (size_t j = 0; j < NR_OF(total_members); j++) {
			const char *name = total_members[j].name;
			bool buddy = report.totals[i].allocator == KFRAG_BUDDY;

			if (buddy ? strncmp(name, "idle", 4) == 0 ||
					    strncmp(name, "tail", 4) == 0 :
				    strncmp(name, "internal", 8) == 0)
				continue;
			break_member(&report, &fixture, &params,
				     &report.totals[i], &total_members[j]);
		}
	}
	for (size_t i = 0; i < report.nr_orders; i++)
		for (size_t j = 0; j < NR_OF(order_members); j++)
			break_member(&report, &fixture, &params,
				     &report.orders[i], &order_members[j]);
	ck_assert_ptr_null(
		report_laws_broken(&report, &fixture.snapshot, &params));
	kfrag_report_release(&report);
}
END_TEST

/* Two reports of the same snapshot and their differences, both ways. */
START_TEST(difference_is_found)
{
	struct fixture_row row = { 400, 1000, 192, 21, 1 };
	struct fixture_snapshot fixture;
	struct kfrag_replay_params params;
	struct kfrag_report a, b;
	size_t offender;

	fixture_snapshot_of(&fixture, &row);
	kfrag_replay_params_init(&params);
	ck_assert(!kfrag_report_create(&a, &fixture.snapshot, &params,
				       &offender));
	ck_assert(!kfrag_report_create(&b, &fixture.snapshot, &params,
				       &offender));
	ck_assert_ptr_null(report_difference(&a, &b));
	b.caches[0].slab_tail_bytes++;
	ck_assert_str_eq(report_difference(&a, &b), "slab_tail_bytes");
	b.caches[0].slab_tail_bytes--;
	b.totals[3].external_permille.value++;
	ck_assert_str_eq(report_difference(&a, &b), "external_permille.value");
	b.totals[3].external_permille.value--;
	b.orders[40].free_blocks.known = false;
	ck_assert_str_eq(report_difference(&a, &b), "free_blocks.known");
	b.orders[40].free_blocks.known = true;
	b.activity[1].nr_merges++;
	ck_assert_str_eq(report_difference(&b, &a), "activity[i].nr_merges");
	kfrag_report_release(&a);
	kfrag_report_release(&b);
}
END_TEST

Suite *report_laws_suite(void)
{
	Suite *suite = suite_create("report_laws");
	TCase *checker = tcase_create("checker");

	tcase_add_test(checker, laws_notice_each_wrong_figure);
	tcase_add_test(checker, difference_is_found);
	suite_add_tcase(suite, checker);
	return suite;
}
