// SPDX-License-Identifier: MIT
#include <string.h>

#include "expect.h"
#include "fixture_whatif.h"
#include "kfrag/arith.h"
#include "kfrag/boundary.h"

Suite *boundary_suite(void);

static uint64_t held(const struct kfrag_geometry_fit *fit,
		     const struct kfrag_geometry *geometry, uint64_t nr_objs)
{
	return kfrag_div_up(nr_objs, geometry->objs_per_slab) *
	       (fit->world.page_size_bytes << geometry->order);
}

/* 302 slabs: 22 dentries of 184 bytes in a page, 21 of 192. */
START_TEST(dentry)
{
	struct fixture_whatif fixture;
	struct kfrag_boundaries boundaries;
	const struct kfrag_boundary *first;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 192, 6644, 6644);
	ck_assert_int_eq(kfrag_boundaries_init(&boundaries, &fixture.fit, NULL),
			 KFRAG_OK);
	ck_assert_uint_eq(boundaries.nr_sizes, KFRAG_BOUNDARIES_PER_CACHE);
	first = &boundaries.sizes[0];
	ck_assert_uint_eq(first->size_bytes, 184);
	ck_assert_uint_eq(first->shaved_bytes, 8);
	ck_assert_uint_eq(first->now.objs_per_slab, 21);
	ck_assert_uint_eq(first->then.objs_per_slab, 22);
	ck_assert_uint_eq(first->now.num_slabs - first->then.num_slabs, 302);
	ck_assert_int_eq(first->won_bytes, 302 * 4096);
	ck_assert_int_eq(kfrag_boundary_yield(first), 302 * 4096 / 8);
	ck_assert_uint_eq(boundaries.sizes[1].size_bytes, 176);
	ck_assert_uint_eq(boundaries.sizes[2].size_bytes, 168);
	kfrag_boundaries_release(&boundaries);
	fixture_whatif_release(&fixture);
}
END_TEST

/* Payload, alignment and the pointer behind it are those of sysfs. */
static const struct {
	const char *sysslab;
	uint64_t size_bytes;
	uint64_t new_size_bytes;
	uint64_t shaved_bytes;
} payloads[] = {
	/* 2 of its bytes are alignment already. */
	{ "cache-0 190 192 21 0 8\n", 192, 184, 6 },
	/* A pointer behind it: 184 bytes hold 176. */
	{ "cache-0 184 192 21 0 8\n", 192, 184, 8 },
	{ "cache-0 180 192 21 0 8\n", 192, 184, 4 },
	/* Steps of a cache line. */
	{ "cache-0 190 192 21 0 64\n", 192, 128, 62 },
	/* That of another kernel says nothing. */
	{ "cache-0 100 104 39 0 8\n", 192, 184, 8 },
};

START_TEST(payload)
{
	struct fixture_whatif fixture;
	struct kfrag_boundaries boundaries;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, payloads[_i].size_bytes, 100, 50);
	fixture_whatif_sysslab(&fixture, payloads[_i].sysslab);
	ck_assert_int_eq(kfrag_boundaries_init(&boundaries, &fixture.fit,
					       &fixture.sysslab),
			 KFRAG_OK);
	ck_assert_uint_ge(boundaries.nr_sizes, 1);
	ck_assert_uint_eq(boundaries.sizes[0].size_bytes,
			  payloads[_i].new_size_bytes);
	ck_assert_uint_eq(boundaries.sizes[0].shaved_bytes,
			  payloads[_i].shaved_bytes);
	kfrag_boundaries_release(&boundaries);
	fixture_whatif_release(&fixture);
}
END_TEST

/* Every step down, one by one, with nothing left out. */
static void expect_sizes(const struct kfrag_geometry_fit *fit,
			 const struct kfrag_geometry_row *row,
			 const struct kfrag_boundary *sizes, size_t nr_sizes,
			 size_t *nr_losing)
{
	struct kfrag_object object = row->object;
	struct kfrag_geometry last = row->predicted, now;
	size_t nr_met = 0;

	for (; nr_met < nr_sizes;
	     nr_met += !(now.order == last.order &&
			 now.objs_per_slab == last.objs_per_slab),
	     last = now) {
		const struct kfrag_boundary *next = &sizes[nr_met];

		object.size_bytes -= 8;
		ck_assert_uint_gt(object.size_bytes, 0);
		ck_assert(kfrag_geometry_of(&fit->world, &object, &now));
		if (now.order == last.order &&
		    now.objs_per_slab == last.objs_per_slab)
			continue;
		ck_assert_uint_eq(next->size_bytes, object.size_bytes);
		ck_assert_uint_eq(next->shaved_bytes,
				  row->object.size_bytes - object.size_bytes);
		ck_assert_uint_eq(next->then.held_bytes,
				  held(fit, &now, row->record->num_objs));
		ck_assert_int_eq(next->won_bytes,
				 (int64_t)(next->now.held_bytes -
					   next->then.held_bytes));
		*nr_losing += next->won_bytes < 0;
	}
}

static void expect_order(const struct kfrag_geometry_fit *fit,
			 const struct kfrag_geometry_row *row,
			 const struct kfrag_best_order *found,
			 size_t *nr_winning)
{
	struct kfrag_geometry geometry;

	ck_assert_uint_eq(found->now.held_bytes,
			  held(fit, &row->predicted, row->record->num_objs));
	ck_assert_uint_eq(found->won_bytes,
			  found->now.held_bytes - found->best.held_bytes);
	for (unsigned order = 0; order <= KFRAG_GEOMETRY_MAX_ORDER; order++)
		if (kfrag_geometry_of_order(&fit->world, &row->object, order,
					    &geometry))
			ck_assert_uint_ge(held(fit, &geometry,
					       row->record->num_objs),
					  found->best.held_bytes);
	*nr_winning += found->won_bytes > 0;
}

START_TEST(any_world)
{
	size_t nr_sizes = 0, nr_losing = 0, nr_winning = 0;
	struct kfrag_random random;

	kfrag_random_init(&random, 7);
	for (int round = 0; round < 60; round++) {
		struct fixture_whatif fixture;
		struct kfrag_boundaries boundaries;
		const struct kfrag_boundary *size;

		fixture_whatif_random(&fixture, &random);
		ck_assert_int_eq(kfrag_boundaries_init(&boundaries,
						       &fixture.fit, NULL),
				 KFRAG_OK);
		ck_assert_uint_eq(boundaries.nr_orders, fixture.fit.nr_rows);
		size = boundaries.sizes;
		for (size_t i = 0; i < fixture.fit.nr_rows; i++) {
			const struct kfrag_geometry_row *row =
				&fixture.fit.rows[i];
			size_t nr = 0;

			while (size + nr <
				       boundaries.sizes + boundaries.nr_sizes &&
			       size[nr].record == row->record)
				nr++;
			if (row->object.size_bytes % 8 == 0 &&
			    fixture.fit.world.word_bytes == 8)
				expect_sizes(&fixture.fit, row, size, nr,
					     &nr_losing);
			expect_order(&fixture.fit, row, &boundaries.orders[i],
				     &nr_winning);
			nr_sizes += nr;
			size += nr;
		}
		ck_assert_ptr_eq(size, boundaries.sizes + boundaries.nr_sizes);
		kfrag_boundaries_release(&boundaries);
		fixture_whatif_release(&fixture);
	}
	ck_assert_uint_gt(nr_sizes, 1000);
	ck_assert_uint_gt(nr_losing, 10);
	ck_assert_uint_gt(nr_winning, 100);
}
END_TEST

START_TEST(rows_without_a_rule)
{
	struct fixture_whatif fixture;
	struct kfrag_boundaries boundaries;

	fixture_whatif_init(&fixture);
	fixture_whatif_add(&fixture, 192, 10, 10);
	fixture_whatif_add(&fixture, 192, 10, 10);
	fixture.rows[0].fit = KFRAG_ROW_STRANGE;
	ck_assert_int_eq(kfrag_boundaries_init(&boundaries, &fixture.fit, NULL),
			 KFRAG_OK);
	ck_assert_uint_eq(boundaries.nr_unexplained, 1);
	ck_assert_uint_eq(boundaries.nr_orders, 1);
	ck_assert_ptr_eq(boundaries.orders[0].record, fixture.rows[1].record);
	kfrag_boundaries_release(&boundaries);
	fixture_whatif_release(&fixture);
}
END_TEST

Suite *boundary_suite(void)
{
	Suite *suite = suite_create("boundary");
	TCase *core = tcase_create("core");

	suite_add_tcase(suite, core);
	tcase_add_test(core, dentry);
	tcase_add_loop_test(core, payload, 0,
			    sizeof(payloads) / sizeof(payloads[0]));
	tcase_add_test(core, any_world);
	tcase_add_test(core, rows_without_a_rule);
	return suite;
}
