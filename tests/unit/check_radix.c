// SPDX-License-Identifier: MIT
#include "kfrag/radix.h"

#include <signal.h>

#include "expect.h"
#include "kfrag/random.h"

Suite *radix_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define NR_CANDIDATES 300
#define NR_STEPS 3000

/* Both sides of each power of 64, where a word, leaf or level ends. */
static const uint64_t borders[] = {
	0,
	1,
	63,
	64,
	65,
	4095,
	4096,
	4097,
	(UINT64_C(1) << 18) - 1,
	UINT64_C(1) << 18,
	(UINT64_C(1) << 24) - 1,
	UINT64_C(1) << 24,
	(UINT64_C(1) << 30) - 1,
	UINT64_C(1) << 30,
	(UINT64_C(1) << 36) - 1,
	UINT64_C(1) << 36,
	(UINT64_C(1) << 42) - 1,
	UINT64_C(1) << 42,
	(UINT64_C(1) << 48) - 1,
	UINT64_C(1) << 48,
	(UINT64_C(1) << 54) - 1,
	UINT64_C(1) << 54,
	(UINT64_C(1) << 60) - 1,
	UINT64_C(1) << 60,
	(UINT64_C(1) << 63) - 1,
	UINT64_C(1) << 63,
	UINT64_MAX - 64,
	UINT64_MAX - 63,
	UINT64_MAX - 1,
	UINT64_MAX,
};

static void check_empty(const struct kfrag_radix *radix)
{
	uint64_t index = 7;

	EXPECT(!kfrag_radix_first(radix, &index));
	EXPECT_EQ(index, 0);
	EXPECT_EQ(kfrag_radix_count(radix), 0);
	for (size_t i = 0; i < NR_OF(borders); i++)
		EXPECT(!kfrag_radix_contains(radix, borders[i]));
}

START_TEST(empty)
{
	struct kfrag_radix radix;

	kfrag_radix_init(&radix);
	check_empty(&radix);
	ck_assert_uint_eq(kfrag_radix_bytes(&radix), 0);
	kfrag_radix_release(&radix);
	check_empty(&radix);
}
END_TEST

START_TEST(single)
{
	struct kfrag_radix radix = { 0 };
	uint64_t index = borders[_i], found, bytes;

	ck_assert_int_eq(kfrag_radix_reserve(&radix, index), KFRAG_OK);
	check_empty(&radix);
	bytes = kfrag_radix_bytes(&radix);
	ck_assert_uint_gt(bytes, 0);
	kfrag_radix_insert(&radix, index);
	ck_assert(kfrag_radix_first(&radix, &found));
	ck_assert_uint_eq(found, index);
	ck_assert_uint_eq(kfrag_radix_count(&radix), 1);
	for (size_t i = 0; i < NR_OF(borders); i++)
		ck_assert_int_eq(kfrag_radix_contains(&radix, borders[i]),
				 borders[i] == index);
	kfrag_radix_remove(&radix, index);
	check_empty(&radix);
	/* Nodes stay, and a second reserve takes none. */
	ck_assert_int_eq(kfrag_radix_reserve(&radix, index), KFRAG_OK);
	ck_assert_uint_eq(kfrag_radix_bytes(&radix), bytes);
	kfrag_radix_release(&radix);
	check_empty(&radix);
	ck_assert_uint_eq(kfrag_radix_bytes(&radix), 0);
}
END_TEST

/* A tree of one path takes a node for each factor of 64 behind the leaf. */
START_TEST(height_of_tree)
{
	struct kfrag_radix radix = { 0 };
	uint64_t index = borders[_i], reach = 4096;
	unsigned height = 1;

	for (; index >= reach && height < 10; height++)
		reach = height < 9 ? reach * 64 : 0;
	ck_assert_int_eq(kfrag_radix_reserve(&radix, index), KFRAG_OK);
	ck_assert_uint_eq(radix.height, height);
	kfrag_radix_release(&radix);
}
END_TEST

struct candidates {
	uint64_t index[NR_CANDIDATES]; /* ascending, no two the same */
	bool reserved[NR_CANDIDATES];
	bool member[NR_CANDIDATES];
	size_t nr;
};

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Near the borders, near each other, and anywhere, of every length. */
static void choose_candidates(struct candidates *candidates,
			      struct kfrag_random *random, unsigned max_bits)
{
	uint64_t drawn[NR_CANDIDATES];

	*candidates = (struct candidates){ 0 };
	for (size_t i = 0; i < NR_CANDIDATES; i++) {
		uint64_t border =
			borders[kfrag_random_below(random, NR_OF(borders))];
		uint64_t index = kfrag_random_next(random) >>
				 kfrag_random_below(random, 64);

		if (i % 3 == 1)
			index = border + kfrag_random_below(random, 5) - 2;
		else if (i % 3 == 2 && i > 2)
			index = drawn[i - 1] ^ kfrag_random_below(random, 256);
		drawn[i] = max_bits < 64 ?
				   index & ((UINT64_C(1) << max_bits) - 1) :
				   index;
	}
	qsort(drawn, NR_CANDIDATES, sizeof(*drawn), compare);
	for (size_t i = 0; i < NR_CANDIDATES; i++)
		if (i == 0 || drawn[i] != drawn[i - 1])
			candidates->index[candidates->nr++] = drawn[i];
}

static void check_against(const struct candidates *candidates,
			  const struct kfrag_radix *radix)
{
	uint64_t count = 0, first = 0, found = 7;

	for (size_t i = candidates->nr; i-- > 0;) {
		if (!candidates->member[i])
			continue;
		count++;
		first = candidates->index[i];
	}
	EXPECT_EQ(kfrag_radix_first(radix, &found), count > 0);
	EXPECT_EQ(found, count > 0 ? first : 0);
	EXPECT_EQ(kfrag_radix_count(radix), count);
}

START_TEST(random_steps)
{
	static const unsigned lengths[] = { 6, 12, 18, 30, 64 };
	struct kfrag_radix radix = { 0 };
	struct candidates set;
	struct kfrag_random random;
	unsigned nr_emptied = 0, nr_grown = 0, nr_removed = 0;
	uint64_t taken;

	kfrag_random_init(&random, (uint64_t)_i);
	choose_candidates(&set, &random, lengths[(size_t)_i % NR_OF(lengths)]);
	for (int step = 0; step < NR_STEPS; step++) {
		/* Few at first, then many, then few, ... */
		bool growing = step / 300 % 2 == 0;
		uint64_t i = kfrag_random_below(&random, set.nr);
		uint64_t bytes = kfrag_radix_bytes(&radix);

		if (!set.reserved[i]) {
			EXPECT_EQ(kfrag_radix_reserve(&radix, set.index[i]),
				  KFRAG_OK);
			set.reserved[i] = true;
			nr_grown += kfrag_radix_bytes(&radix) > bytes;
		} else if (!set.member[i] && growing) {
			kfrag_radix_insert(&radix, set.index[i]);
			set.member[i] = true;
		} else if (set.member[i] && !growing) {
			kfrag_radix_remove(&radix, set.index[i]);
			set.member[i] = false;
			nr_removed++;
		}
		EXPECT(kfrag_radix_bytes(&radix) >= bytes);
		i = kfrag_random_below(&random, set.nr);
		EXPECT_EQ(kfrag_radix_contains(&radix, set.index[i]),
			  set.member[i]);
		if (step % 7 == 0)
			check_against(&set, &radix);
	}
	/* Out in ascending order, as a policy takes them. */
	for (size_t i = 0; i < set.nr; i++) {
		check_against(&set, &radix);
		if (!set.member[i])
			continue;
		EXPECT(kfrag_radix_take_first(&radix, &taken));
		EXPECT_EQ(taken, set.index[i]);
		set.member[i] = false;
		nr_removed++;
	}
	EXPECT(!kfrag_radix_take_first(&radix, &taken));
	EXPECT_EQ(taken, 0);
	check_empty(&radix);
	nr_emptied++;
	kfrag_radix_release(&radix);
	ck_assert_uint_gt(nr_emptied, 0);
	ck_assert_uint_gt(nr_grown, 0);
	ck_assert_uint_gt(nr_removed, set.nr);
}
END_TEST

/* Members low in the tree survive that it grows above them. */
START_TEST(grows_above_members)
{
	struct kfrag_radix radix = { 0 };
	uint64_t found;

	for (size_t i = 0; i < NR_OF(borders); i++) {
		ck_assert_int_eq(kfrag_radix_reserve(&radix, borders[i]),
				 KFRAG_OK);
		kfrag_radix_insert(&radix, borders[i]);
		ck_assert_uint_eq(kfrag_radix_count(&radix), i + 1);
	}
	for (size_t i = 0; i < NR_OF(borders); i++) {
		ck_assert(kfrag_radix_contains(&radix, borders[i]));
		ck_assert(kfrag_radix_first(&radix, &found));
		ck_assert_uint_eq(found, borders[i]);
		kfrag_radix_remove(&radix, borders[i]);
	}
	check_empty(&radix);
	kfrag_radix_release(&radix);
}
END_TEST

/* Room made where there was an empty tree leaves no false trace of it. */
START_TEST(grows_above_nothing)
{
	struct kfrag_radix radix = { 0 };
	uint64_t found;

	ck_assert_int_eq(kfrag_radix_reserve(&radix, 5), KFRAG_OK);
	ck_assert_int_eq(kfrag_radix_reserve(&radix, UINT64_MAX), KFRAG_OK);
	check_empty(&radix);
	kfrag_radix_insert(&radix, UINT64_MAX);
	ck_assert(kfrag_radix_first(&radix, &found));
	ck_assert_uint_eq(found, UINT64_MAX);
	kfrag_radix_release(&radix);
}
END_TEST

/* What is in the leaf of a reserved index needs no reserve of its own. */
START_TEST(leaves)
{
	for (size_t i = 0; i < NR_OF(borders); i++) {
		uint64_t a = borders[_i], b = borders[i];
		struct kfrag_radix radix = { 0 };
		uint64_t bytes;

		ck_assert_int_eq(kfrag_radix_same_leaf(a, b),
				 a / 4096 == b / 4096);
		ck_assert_int_eq(kfrag_radix_reserve(&radix, a), KFRAG_OK);
		bytes = kfrag_radix_bytes(&radix);
		if (kfrag_radix_same_leaf(a, b)) {
			kfrag_radix_insert(&radix, b);
			ck_assert(kfrag_radix_contains(&radix, b));
			ck_assert_int_eq(kfrag_radix_reserve(&radix, b),
					 KFRAG_OK);
			ck_assert_uint_eq(kfrag_radix_bytes(&radix), bytes);
		}
		kfrag_radix_release(&radix);
	}
}
END_TEST

START_TEST(insert_without_room_aborts)
{
	struct kfrag_radix radix = { 0 };

	kfrag_radix_insert(&radix, 0);
}
END_TEST

START_TEST(remove_of_no_member_aborts)
{
	struct kfrag_radix radix = { 0 };

	ck_assert_int_eq(kfrag_radix_reserve(&radix, 5), KFRAG_OK);
	kfrag_radix_insert(&radix, 5);
	kfrag_radix_remove(&radix, 6);
}
END_TEST

Suite *radix_suite(void)
{
	Suite *suite = suite_create("radix");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");

	tcase_add_test(core, empty);
	tcase_add_loop_test(core, single, 0, (int)NR_OF(borders));
	tcase_add_loop_test(core, height_of_tree, 0, (int)NR_OF(borders));
	tcase_add_loop_test(core, leaves, 0, (int)NR_OF(borders));
	tcase_add_test(core, grows_above_members);
	tcase_add_test(core, grows_above_nothing);
	if (expect_can_abort()) {
		tcase_add_test_raise_signal(core, insert_without_room_aborts,
					    SIGABRT);
		tcase_add_test_raise_signal(core, remove_of_no_member_aborts,
					    SIGABRT);
	}
	suite_add_tcase(suite, core);
	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, random_steps, 0, 20);
	suite_add_tcase(suite, properties);
	return suite;
}
