// SPDX-License-Identifier: MIT
#include "kfrag/random.h"

#include "expect.h"

Suite *random_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/*
 * Worked out by another implementation, in a language whose integers have
 * any length, from the authors' description of both generators.
 */
static const struct {
	uint64_t seed;
	uint64_t state[4];
	uint64_t outputs[5];
	uint64_t thousandth;
} known[] = {
	{ 0,
	  { UINT64_C(0xe220a8397b1dcdaf), UINT64_C(0x6e789e6aa1b965f4),
	    UINT64_C(0x06c45d188009454f), UINT64_C(0xf88bb8a8724c81ec) },
	  { UINT64_C(0x99ec5f36cb75f2b4), UINT64_C(0xbf6e1f784956452a),
	    UINT64_C(0x1a5f849d4933e6e0), UINT64_C(0x6aa594f1262d2d2c),
	    UINT64_C(0xbba5ad4a1f842e59) },
	  UINT64_C(0x7aac8c483a2edd2f) },
	{ 1,
	  { UINT64_C(0x910a2dec89025cc1), UINT64_C(0xbeeb8da1658eec67),
	    UINT64_C(0xf893a2eefb32555e), UINT64_C(0x71c18690ee42c90b) },
	  { UINT64_C(0xb3f2af6d0fc710c5), UINT64_C(0x853b559647364cea),
	    UINT64_C(0x92f89756082a4514), UINT64_C(0x642e1c7bc266a3a7),
	    UINT64_C(0xb27a48e29a233673) },
	  UINT64_C(0xb8517c33c344d153) },
	{ 42,
	  { UINT64_C(0xbdd732262feb6e95), UINT64_C(0x28efe333b266f103),
	    UINT64_C(0x47526757130f9f52), UINT64_C(0x581ce1ff0e4ae394) },
	  { UINT64_C(0x15780b2e0c2ec716), UINT64_C(0x6104d9866d113a7e),
	    UINT64_C(0xae17533239e499a1), UINT64_C(0xecb8ad4703b360a1),
	    UINT64_C(0xfde6dc7fe2ec5e64) },
	  UINT64_C(0x8de5848c61ab8968) },
	{ 12345,
	  { UINT64_C(0x22118258a9d111a0), UINT64_C(0x346edce5f713f8ed),
	    UINT64_C(0x1e9a57bc80e6721d), UINT64_C(0x2d160e7e5c3f42ca) },
	  { UINT64_C(0xbe6a36374160d49b), UINT64_C(0x214aaa0637a688c6),
	    UINT64_C(0xf69d16de9954d388), UINT64_C(0x0c60048c4e96e033),
	    UINT64_C(0x8e2076aeed51c648) },
	  UINT64_C(0x3cbb8486529694b8) },
	{ UINT64_MAX,
	  { UINT64_C(0xe4d971771b652c20), UINT64_C(0xe99ff867dbf682c9),
	    UINT64_C(0x382ff84cb27281e9), UINT64_C(0x6d1db36ccba982d2) },
	  { UINT64_C(0x8f5520d52a7ead08), UINT64_C(0xc476a018caa1802d),
	    UINT64_C(0x81de31c0d260469e), UINT64_C(0xbf658d7e065f3c2f),
	    UINT64_C(0x913593fda1bca32a) },
	  UINT64_C(0xc3c93ea5cde434cc) },
};

START_TEST(known_outputs)
{
	struct kfrag_random random;

	kfrag_random_init(&random, known[_i].seed);
	for (size_t k = 0; k < NR_OF(known[_i].state); k++)
		ck_assert_uint_eq(random.state[k], known[_i].state[k]);
	for (size_t k = 0; k < NR_OF(known[_i].outputs); k++)
		ck_assert_uint_eq(kfrag_random_next(&random),
				  known[_i].outputs[k]);
	for (size_t k = NR_OF(known[_i].outputs); k < 999; k++)
		kfrag_random_next(&random);
	ck_assert_uint_eq(kfrag_random_next(&random), known[_i].thousandth);
}
END_TEST

/* The vector that the generator's other implementations are tested with. */
START_TEST(published_vector)
{
	static const uint64_t expected[] = {
		11520,
		0,
		1509978240,
		UINT64_C(1215971899390074240),
		UINT64_C(1216172134540287360),
		UINT64_C(607988272756665600),
	};
	struct kfrag_random random = { .state = { 1, 2, 3, 4 } };

	for (size_t k = 0; k < NR_OF(expected); k++)
		ck_assert_uint_eq(kfrag_random_next(&random), expected[k]);
}
END_TEST

/* The draw behind the last one shows how many were rejected on the way. */
static const struct {
	uint64_t seed;
	uint64_t bound;
	uint64_t values[8];
	uint64_t next;
} below[] = {
	{ 1, 1, { 0 }, UINT64_C(0xddfdb48ab9ed4a21) },
	{ 1, 6, { 4, 3, 3, 2, 4, 0, 0, 2 }, UINT64_C(0xddfdb48ab9ed4a21) },
	{ 1, 10, { 7, 5, 5, 3, 6, 1, 0, 3 }, UINT64_C(0xddfdb48ab9ed4a21) },
	{ 7,
	  1000,
	  { 700, 278, 839, 981, 990, 872, 60, 104 },
	  UINT64_C(0x67594f96cac88520) },
	{ 7,
	  (UINT64_C(1) << 63) + 1,
	  { UINT64_C(6461677535414237997), UINT64_C(7744196453246319819),
	    UINT64_C(9049029322324588832), UINT64_C(9139072988219048332),
	    UINT64_C(1400256439129669809), UINT64_C(6750200521807187948),
	    UINT64_C(2367621049898315487), UINT64_C(1443456880271936157) },
	  UINT64_C(0x223a45c5da8c03ad) },
	{ 7,
	  UINT64_C(3) << 62,
	  { UINT64_C(9692516303121356995), UINT64_C(3856539442751087005),
	    UINT64_C(11616294679869479728), UINT64_C(12074878111676180790),
	    UINT64_C(2100384658694504714), UINT64_C(7489852155027228977),
	    UINT64_C(12990643570143143772), UINT64_C(12186621427395943313) },
	  UINT64_C(0x73903d0540d9c6ba) },
	{ 7,
	  UINT64_MAX,
	  { UINT64_C(12923355070828475993), UINT64_C(5142052590334782673),
	    UINT64_C(15488392906492639637), UINT64_C(18098058644649177663),
	    UINT64_C(18278145976438096663), UINT64_C(16099837482234907720),
	    UINT64_C(1120678062349637715), UINT64_C(1926500276298015195) },
	  UINT64_C(0x67594f96cac88520) },
	{ 9,
	  UINT64_C(1) << 63,
	  { UINT64_C(23828025356111920), UINT64_C(2319580045106576892),
	    UINT64_C(1221748613630143883), UINT64_C(6757913274525099558),
	    UINT64_C(8490898114641003698), UINT64_C(6865958487491340624),
	    UINT64_C(6298413963726080681), UINT64_C(4648518501450814263) },
	  UINT64_C(0x2641ca9cab0f2405) },
};

START_TEST(known_values_below)
{
	struct kfrag_random random;

	kfrag_random_init(&random, below[_i].seed);
	for (size_t k = 0; k < NR_OF(below[_i].values); k++)
		ck_assert_uint_eq(kfrag_random_below(&random, below[_i].bound),
				  below[_i].values[k]);
	ck_assert_uint_eq(kfrag_random_next(&random), below[_i].next);
}
END_TEST

/*
 * Pearson's sum, in integers: e = nr_draws / nr_cells is whole in each row, and
 * sum((count - e)^2) / e exceeds limit once in 10^6 seeds.
 */
#define MAX_CELLS 1024

static const struct {
	uint64_t bound;
	uint64_t nr_cells; /* value % nr_cells is the cell */
	uint64_t nr_draws;
	uint64_t limit;
} uniform[] = {
	{ 2, 2, 100000, 24 },
	{ 3, 3, 99999, 28 },
	{ 10, 10, 100000, 45 },
	{ 1000, 1000, 100000, 1224 },
	{ 1024, 1024, 102400, 1251 },
	/*
	 * Four draws fall on three values: without the rejection one residue
	 * would be met twice as often.
	 */
	{ UINT64_C(3) << 62, 3, 99999, 28 },
	{ (UINT64_C(1) << 63) + 1, 10, 100000, 45 },
	{ UINT64_MAX, 10, 100000, 45 },
};

START_TEST(below_is_uniform)
{
	static const uint64_t seeds[] = { 0, 1, UINT64_MAX };
	uint64_t nr_cells = uniform[_i].nr_cells;
	uint64_t expected = uniform[_i].nr_draws / nr_cells;

	for (size_t s = 0; s < NR_OF(seeds); s++) {
		uint64_t counts[MAX_CELLS] = { 0 }, sum = 0;
		struct kfrag_random random;

		kfrag_random_init(&random, seeds[s]);
		for (uint64_t k = 0; k < uniform[_i].nr_draws; k++) {
			uint64_t value =
				kfrag_random_below(&random, uniform[_i].bound);

			EXPECT(value < uniform[_i].bound);
			counts[value % nr_cells]++;
		}
		for (uint64_t cell = 0; cell < nr_cells; cell++) {
			uint64_t count = counts[cell];
			uint64_t off = count > expected ? count - expected :
							  expected - count;

			/* The whole range is met, both ends included. */
			EXPECT(count > 0);
			sum += off * off;
		}
		/* Too even would be no chance either. */
		EXPECT(sum > 0);
		EXPECT(sum <= uniform[_i].limit * expected);
	}
}
END_TEST

START_TEST(same_seed_same_numbers)
{
	struct kfrag_random a, b, other;
	unsigned nr_equal = 0;

	kfrag_random_init(&a, (uint64_t)_i);
	kfrag_random_init(&b, (uint64_t)_i);
	kfrag_random_init(&other, (uint64_t)_i + 1);
	for (int k = 0; k < 1000; k++) {
		uint64_t value = kfrag_random_next(&a);

		EXPECT_EQ(value, kfrag_random_next(&b));
		nr_equal += value == kfrag_random_next(&other);
	}
	ck_assert_uint_eq(nr_equal, 0);
}
END_TEST

Suite *random_suite(void)
{
	Suite *suite = suite_create("random");
	TCase *core = tcase_create("core");
	TCase *properties = tcase_create("properties");

	tcase_add_loop_test(core, known_outputs, 0, (int)NR_OF(known));
	tcase_add_test(core, published_vector);
	tcase_add_loop_test(core, known_values_below, 0, (int)NR_OF(below));
	suite_add_tcase(suite, core);
	tcase_set_timeout(properties, 60);
	tcase_add_loop_test(properties, below_is_uniform, 0,
			    (int)NR_OF(uniform));
	tcase_add_loop_test(properties, same_seed_same_numbers, 0, 4);
	suite_add_tcase(suite, properties);
	return suite;
}
