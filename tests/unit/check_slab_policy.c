// SPDX-License-Identifier: MIT
#include "kfrag/slab_policy.h"

#include <ctype.h>

#include "expect.h"
#include "kfrag/random.h"
#include "model.h"

Suite *slab_policy_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define NR_POLICIES 12
#define NR_FIXED 8 /* those that leave nothing to chance, the first */
#define NR_SLABS 40
#define OBJS_PER_SLAB 100
#define NR_STEPS 8000

/* Slabs that exist only as far as a policy looks at them. */
struct fake {
	struct kfrag_slab_links links[NR_SLABS];
	uint64_t index[NR_SLABS]; /* by id; no two the same */
	uint32_t nr_inuse[NR_SLABS];
	bool member[NR_SLABS];
	uint64_t time_entered[NR_SLABS];
	uint64_t time_changed[NR_SLABS];
	uint64_t time_born[NR_SLABS];
	uint64_t time_freed[NR_SLABS];
	bool is_new[NR_SLABS]; /* its first object is on the way */
	uint64_t now;
};

#define NO_SLAB UINT32_MAX

/* The slab that starts at the page, NO_SLAB for KFRAG_SLAB_NONE. */
static uint32_t id_at(const struct fake *fake, uint64_t pfn)
{
	if (pfn == KFRAG_SLAB_NONE)
		return NO_SLAB;
	for (uint32_t id = 0; id < NR_SLABS; id++)
		if (fake->index[id] == pfn)
			return id;
	ck_abort_msg("there is no slab at %" PRIu64, pfn);
	return NO_SLAB;
}

static struct kfrag_slab_links *fake_links(void *context, uint64_t pfn)
{
	struct fake *fake = context;

	return &fake->links[id_at(fake, pfn)];
}

static uint64_t fake_nr_slabs(void *context)
{
	(void)context;
	return NR_SLABS;
}

static uint32_t fake_nr_inuse(void *context, uint64_t pfn)
{
	struct fake *fake = context;
	uint32_t id = id_at(fake, pfn);

	return fake->is_new[id] ? 0 : fake->nr_inuse[id];
}

static const struct kfrag_slab_host_calls fake_calls = {
	.links = fake_links,
	.nr_slabs = fake_nr_slabs,
	.nr_inuse = fake_nr_inuse,
};

static struct kfrag_slab_ref ref_of(const struct fake *fake, uint32_t id)
{
	return (struct kfrag_slab_ref){
		.pfn = fake->index[id],
		.nr_inuse = fake->nr_inuse[id],
	};
}

static void *make_set(const struct kfrag_slab_policy *policy, struct fake *fake,
		      uint32_t objs_per_slab)
{
	struct kfrag_slab_host host = {
		.objs_per_slab = objs_per_slab,
		.calls = &fake_calls,
		.context = fake,
	};
	void *set = NULL;

	EXPECT_EQ(policy->create(&set, host), KFRAG_OK);
	EXPECT(set);
	return set;
}

static void reserve(const struct kfrag_slab_policy *policy, void *set,
		    const struct fake *fake, uint32_t id)
{
	if (policy->reserve)
		EXPECT_EQ(policy->reserve(set, fake->index[id], 1), KFRAG_OK);
}

static uint32_t pick(const struct kfrag_slab_policy *policy, const void *set,
		     const struct fake *fake)
{
	return id_at(fake, policy->pick(set));
}

static void enter(const struct kfrag_slab_policy *policy, void *set,
		  struct fake *fake, uint32_t id, uint32_t nr_inuse)
{
	struct kfrag_slab_ref ref;

	fake->nr_inuse[id] = nr_inuse;
	fake->member[id] = true;
	fake->time_entered[id] = fake->time_changed[id] = ++fake->now;
	fake->time_freed[id] = fake->now;
	/* Some come back after having been full. */
	fake->is_new[id] = fake->time_born[id] == 0 || fake->now % 3 > 0;
	if (fake->is_new[id])
		fake->time_born[id] = fake->now;
	ref = ref_of(fake, id);
	EXPECT_EQ(policy->insert(set, &ref), policy->pick(set));
	fake->is_new[id] = false;
}

static void leave(const struct kfrag_slab_policy *policy, void *set,
		  struct fake *fake, uint32_t id)
{
	struct kfrag_slab_ref ref = ref_of(fake, id);

	fake->member[id] = false;
	EXPECT_EQ(policy->remove(set, &ref), policy->pick(set));
}

static void change(const struct kfrag_slab_policy *policy, void *set,
		   struct fake *fake, uint32_t id, uint32_t nr_inuse)
{
	uint32_t old_inuse = fake->nr_inuse[id];
	struct kfrag_slab_ref ref;

	fake->nr_inuse[id] = nr_inuse;
	fake->time_changed[id] = ++fake->now;
	if (nr_inuse < old_inuse)
		fake->time_freed[id] = fake->now;
	ref = ref_of(fake, id);
	if (policy->update)
		EXPECT_EQ(policy->update(set, &ref, old_inuse),
			  policy->pick(set));
}

/* ------------------------------------------------------------------ table */

START_TEST(table)
{
	static const char *const names[] = {
		"lowest",   "head",	 "fullest",   "tail",
		"emptiest", "oldest",	 "youngest",  "recent",
		"random",   "best-of-2", "best-of-4", "best-of-8",
	};
	const struct kfrag_slab_policy *policy = kfrag_slab_policies()[_i];

	ck_assert_ptr_nonnull(policy);
	ck_assert_str_eq(policy->name, names[_i]);
	ck_assert_ptr_eq(kfrag_slab_policy_find(names[_i]), policy);
	ck_assert_ptr_null(kfrag_slab_policies()[NR_POLICIES]);
	/* Half a line of help. */
	ck_assert_uint_gt(strlen(policy->help), 5);
	ck_assert_uint_lt(strlen(policy->help), 60);
	ck_assert(!isupper((unsigned char)policy->help[0]));
	ck_assert_int_ne(policy->help[strlen(policy->help) - 1], '.');
}
END_TEST

static const char *const no_names[] = { "",	   "Lowest", "lowest ",	 "low",
					"lowest2", "fifo",   "fullest\n" };

START_TEST(no_policy_of_that_name)
{
	ck_assert_ptr_null(kfrag_slab_policy_find(no_names[_i]));
}
END_TEST

/* ------------------------------------------------------- one after another */

START_TEST(empty_set)
{
	const struct kfrag_slab_policy *policy = kfrag_slab_policies()[_i];
	struct fake fake = { 0 };
	void *set = make_set(policy, &fake, 1);

	ck_assert_uint_eq(policy->pick(set), KFRAG_SLAB_NONE);
	ck_assert_uint_eq(policy->count(set), 0);
	ck_assert_uint_gt(policy->bytes(set), 0);
	policy->destroy(set);
}
END_TEST

/*
 * Four slabs enter one after another, with 5, 9, 9 and 3 of 10 slots in use,
 * at places 7, 2, 5 and 1 << 40; then each that is picked leaves.
 */
static const uint32_t picks[NR_FIXED][4] = {
	{ 1, 2, 0, 3 }, /* places 2, 5, 7, 1 << 40 */
	{ 3, 2, 1, 0 }, /* last come, first picked */
	{ 2, 1, 0, 3 }, /* 9, the later of the two; 9; 5; 3 */
	{ 0, 1, 2, 3 }, /* first come, first picked */
	{ 3, 0, 2, 1 }, /* 3; 5; 9, the later of the two; 9 */
	{ 0, 1, 2, 3 }, /* they were made in this order */
	{ 3, 2, 1, 0 }, { 3, 2, 1, 0 }, /* none was freed into since */
};

START_TEST(order_of_picks)
{
	static const uint32_t nr_inuse[] = { 5, 9, 9, 3 };
	const struct kfrag_slab_policy *policy = kfrag_slab_policies()[_i];
	struct fake fake = { .index = { 7, 2, 5, UINT64_C(1) << 40 } };
	void *set = make_set(policy, &fake, 10);

	for (uint32_t id = 0; id < 4; id++) {
		reserve(policy, set, &fake, id);
		ck_assert_uint_eq(policy->count(set), id);
		enter(policy, set, &fake, id, nr_inuse[id]);
	}
	for (uint32_t i = 0; i < 4; i++) {
		ck_assert_uint_eq(policy->count(set), 4 - i);
		ck_assert_uint_eq(pick(policy, set, &fake), picks[_i][i]);
		/* Looking changes nothing. */
		ck_assert_uint_eq(pick(policy, set, &fake), picks[_i][i]);
		leave(policy, set, &fake, picks[_i][i]);
	}
	ck_assert_uint_eq(pick(policy, set, &fake), NO_SLAB);
	ck_assert_uint_eq(policy->count(set), 0);
	policy->destroy(set);
}
END_TEST

/*
 * Only for some does it matter how many slots are in use. _i: policy.
 */
static const struct {
	uint32_t first; /* of slabs with 4, 5 and 6 of 10 in use, at 30, 20, 10 */
	uint32_t after_free; /* 6 became 1 */
	uint32_t after_alloc; /* and 4 became 9 */
} moves[NR_FIXED] = {
	{ 2, 2, 2 }, { 2, 2, 2 }, { 2, 1, 0 }, { 0, 0, 0 },
	{ 0, 2, 2 }, { 0, 0, 0 }, { 2, 2, 2 }, { 2, 2, 2 },
};

START_TEST(update_moves)
{
	const struct kfrag_slab_policy *policy = kfrag_slab_policies()[_i];
	struct fake fake = { .index = { 30, 20, 10 } };
	void *set = make_set(policy, &fake, 10);

	for (uint32_t id = 0; id < 3; id++) {
		reserve(policy, set, &fake, id);
		enter(policy, set, &fake, id, 4 + id);
	}
	ck_assert_uint_eq(pick(policy, set, &fake), moves[_i].first);
	change(policy, set, &fake, 2, 1);
	ck_assert_uint_eq(pick(policy, set, &fake), moves[_i].after_free);
	change(policy, set, &fake, 0, 9);
	ck_assert_uint_eq(pick(policy, set, &fake), moves[_i].after_alloc);
	ck_assert_uint_eq(policy->count(set), 3);
	policy->destroy(set);
}
END_TEST

/* -------------------------------------------------------------- many steps */

/* Whether, of two slabs, the policy of that name takes a first. */
static bool goes_before(const struct fake *fake, const char *name, uint32_t a,
			uint32_t b)
{
	if (strcmp(name, "lowest") == 0)
		return fake->index[a] < fake->index[b];
	if (strcmp(name, "head") == 0)
		return fake->time_entered[a] > fake->time_entered[b];
	if (strcmp(name, "tail") == 0)
		return fake->time_entered[a] < fake->time_entered[b];
	if (strcmp(name, "oldest") == 0)
		return fake->time_born[a] < fake->time_born[b];
	if (strcmp(name, "youngest") == 0)
		return fake->time_born[a] > fake->time_born[b];
	if (strcmp(name, "recent") == 0)
		return fake->time_freed[a] > fake->time_freed[b];
	if (fake->nr_inuse[a] == fake->nr_inuse[b])
		return fake->time_changed[a] > fake->time_changed[b];
	return (fake->nr_inuse[a] > fake->nr_inuse[b]) ==
	       (strcmp(name, "fullest") == 0);
}

/*
 * What a policy must pick, found by comparing all with all; of one that leaves
 * it to chance, any member will do.
 */
static uint32_t slow_pick(const struct fake *fake,
			  const struct kfrag_slab_policy *policy,
			  const void *set)
{
	uint32_t best = NO_SLAB;

	if (policy->seed && policy->pick(set) != KFRAG_SLAB_NONE) {
		best = pick(policy, set, fake);
		EXPECT(fake->member[best]);
		return best;
	}
	for (uint32_t id = 0; id < NR_SLABS; id++)
		if (fake->member[id] &&
		    (best == NO_SLAB ||
		     goes_before(fake, policy->name, id, best)))
			best = id;
	return best;
}

static void choose_places(struct fake *fake, struct kfrag_random *random)
{
	for (uint32_t id = 0; id < NR_SLABS; id++) {
		bool is_new;

		do {
			fake->index[id] = kfrag_random_next(random) >>
					  kfrag_random_below(random, 64);
			is_new = true;
			for (uint32_t other = 0; other < id; other++)
				is_new &= fake->index[other] != fake->index[id];
		} while (!is_new);
	}
}

/* _i: policy, then seed. */
START_TEST(steps_like_model)
{
	const struct kfrag_slab_policy *policy =
		kfrag_slab_policies()[_i % NR_POLICIES];
	struct fake *fake = model_zeros(1, sizeof(*fake));
	unsigned nr_ties = 0, nr_emptied = 0, nr_crowds = 0;
	struct kfrag_random random;
	void *set;

	kfrag_random_init(&random, (uint64_t)_i);
	choose_places(fake, &random);
	set = make_set(policy, fake, OBJS_PER_SLAB);
	for (uint32_t id = 0; id < NR_SLABS; id++)
		reserve(policy, set, fake, id);
	for (int step = 0; step < NR_STEPS; step++) {
		/* Filling and emptying by turns. */
		bool growing = step / 400 % 2 == 0;
		uint32_t id = (uint32_t)kfrag_random_below(&random, NR_SLABS);
		/* Few different numbers, so that ties are met. */
		uint32_t nr_inuse =
			1 + (uint32_t)kfrag_random_below(&random, 6) * 19;
		uint64_t count = 0;

		if (!fake->member[id] && growing)
			enter(policy, set, fake, id, nr_inuse);
		else if (fake->member[id] &&
			 kfrag_random_below(&random, 4) > 0 && !growing)
			leave(policy, set, fake, id);
		else if (fake->member[id] && nr_inuse != fake->nr_inuse[id])
			change(policy, set, fake, id, nr_inuse);

		id = slow_pick(fake, policy, set);
		EXPECT_EQ(pick(policy, set, fake), id);
		for (uint32_t i = 0; i < NR_SLABS; i++)
			count += fake->member[i];
		EXPECT_EQ(policy->count(set), count);
		for (uint32_t i = 0; i < NR_SLABS && count > 0; i++)
			nr_ties += fake->member[i] && i != id &&
				   fake->nr_inuse[i] == fake->nr_inuse[id];
		nr_emptied += count == 0;
		nr_crowds += count > NR_SLABS * 3 / 4;
	}
	/* Destroyed with members in it. */
	policy->destroy(set);
	free(fake);
	ck_assert_uint_gt(nr_ties, 0);
	ck_assert_uint_gt(nr_emptied, 0);
	ck_assert_uint_gt(nr_crowds, 0);
}
END_TEST

/* The set of slabs with the most slots, at both ends of their use. */
START_TEST(many_slots)
{
	enum { MANY = KFRAG_MAX_OBJS_PER_SLAB };
	const struct kfrag_slab_policy *policy = kfrag_slab_policies()[_i];
	struct fake fake = { .index = { 3, 9, 6 } };
	void *set = make_set(policy, &fake, MANY);
	uint32_t first;

	for (uint32_t id = 0; id < 3; id++)
		reserve(policy, set, &fake, id);
	enter(policy, set, &fake, 0, 1);
	enter(policy, set, &fake, 1, MANY - 1);
	enter(policy, set, &fake, 2, MANY / 2);
	first = pick(policy, set, &fake);
	ck_assert_uint_eq(first, slow_pick(&fake, policy, set));
	leave(policy, set, &fake, first);
	ck_assert_uint_eq(pick(policy, set, &fake),
			  slow_pick(&fake, policy, set));
	ck_assert_uint_eq(policy->count(set), 2);
	policy->destroy(set);
}
END_TEST

Suite *slab_policy_suite(void)
{
	Suite *suite = suite_create("slab_policy");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");

	tcase_add_loop_test(core, table, 0, NR_POLICIES);
	tcase_add_loop_test(core, no_policy_of_that_name, 0,
			    (int)NR_OF(no_names));
	tcase_add_loop_test(core, empty_set, 0, NR_POLICIES);
	tcase_add_loop_test(core, order_of_picks, 0, NR_FIXED);
	tcase_add_loop_test(core, update_moves, 0, NR_FIXED);
	tcase_add_loop_test(core, many_slots, 0, NR_POLICIES);
	suite_add_tcase(suite, core);
	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, steps_like_model, 0, 4 * NR_POLICIES);
	suite_add_tcase(suite, properties);
	return suite;
}
