// SPDX-License-Identifier: MIT
/* Scripts of requests: what they do, beside Knuth's case, and what is refused. */
#include <stdio.h>
#include <string.h>

#include "expect.h"
#include "kfrag/sim_script.h"
#include "kfrag/simulation.h"

Suite *sim_script_suite(void);

#define NR_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))

static struct kfrag_sim_outcome run_placed(const char *text,
					   enum kfrag_buddy_placement placement)
{
	struct kfrag_lesson_fault fault;
	struct kfrag_sim_outcome outcome;
	struct kfrag_sim_script script;

	EXPECT_EQ(kfrag_sim_script_parse(&script, text, strlen(text), &fault),
		  KFRAG_OK);
	EXPECT_EQ(kfrag_sim_script_run(&outcome, &script, placement, 1),
		  KFRAG_OK);
	kfrag_sim_script_release(&script);
	return outcome;
}

/* ----------------------------------------------------------------- figures */

static const struct {
	const char *text;
	uint64_t of[KFRAG_SIM_NR_FIGURES]; /* requests, failed, live, ... */
} cases[] = {
	/* The lecture's, in KiB: 112 are free, and 90 do not fit. */
	{ "max-order 8; alloc A 14; alloc B 70; alloc C 90; free A",
	  { 3, 1, 128, 144, 256, 256 } },
	{ "alloc A 1; alloc B 1; free A; free B; alloc A 2",
	  { 3, 0, 2, 2, 2, 1024 } },
	{ "max-order 2; memory 8; take 1 5; drop oldest 2",
	  { 5, 0, 3, 5, 5, 8 } },
	{ "max-order 2; memory 8; take 1 8; drop newest 3; take 2 2",
	  { 10, 1, 7, 8, 8, 8 } },
	{ "max-order 2; memory 8; take 3; take 1 4; drop all",
	  { 5, 0, 0, 8, 8, 8 } },
	{ "max-order 2; memory 8; take 1 8; drop random 3",
	  { 8, 0, 5, 8, 8, 8 } },
	{ "max-order 2; memory 8; take 1 3; drop random 300",
	  { 3, 0, 0, 3, 3, 4 } },
	{ "max-order 2; memory 8; fill 1; drop unaligned 4; take 2 5",
	  { 13, 3, 6, 8, 8, 8 } },
	{ "max-order 2; memory 8; limit 5; fill 2; fill 1",
	  { 3, 0, 5, 5, 5, 8 } },
	/* More may live than there is memory for: it fails, once. */
	{ "max-order 2; memory 8; limit 50; fill 1", { 9, 1, 8, 8, 8, 8 } },
	{ "max-order 0; memory 3; take 1 2", { 2, 0, 2, 2, 2, 2 } },
	{ "# nothing\nmax-order 3; repeat 3; repeat 4 # so often\n"
	  "take 1; drop all\nend; alloc A 2; free A; end",
	  { 15, 0, 0, 2, 2, 8 } },
};

START_TEST(figures)
{
	struct kfrag_sim_outcome outcome =
		run_placed(cases[_i].text, KFRAG_BUDDY_ADDRESS);

	for (int i = 0; i < KFRAG_SIM_NR_FIGURES; i++)
		ck_assert_msg(outcome.of[i] == cases[_i].of[i],
			      "%s: %s %llu, not %llu", cases[_i].text,
			      kfrag_sim_figure_word((enum kfrag_sim_figure)i),
			      (unsigned long long)outcome.of[i],
			      (unsigned long long)cases[_i].of[i]);
	EXPECT_EQ(outcome.nr_expected, 0);
}
END_TEST

/* The script of Knuth's worst case does what the program's own does. */
START_TEST(worst_case)
{
	enum kfrag_buddy_placement placement =
		(enum kfrag_buddy_placement)(_i % KFRAG_NR_BUDDY_PLACEMENTS);
	unsigned r = 1 + (unsigned)(_i / KFRAG_NR_BUDDY_PLACEMENTS);
	unsigned n = 2U << r;
	struct kfrag_sim_outcome outcome;
	struct kfrag_sim_knuth knuth;
	char text[1024];
	int length;

	length = snprintf(text, sizeof(text),
			  "max-order %u; memory %u; limit %u; fill 1\n", r,
			  (r + 1) * n, n);
	for (unsigned k = 1; k <= r; k++)
		length += snprintf(text + length, sizeof(text) - (size_t)length,
				   "drop unaligned %u; fill %u\n", 1U << k,
				   1U << k);
	snprintf(text + length, sizeof(text) - (size_t)length,
		 "expect failed 0; expect touched %u\n"
		 "expect high-water %u address\n",
		 n + r * n / 2, n + r * n / 2);
	outcome = run_placed(text, placement);
	EXPECT_EQ(kfrag_sim_knuth_worst(&knuth, r, placement), KFRAG_OK);
	EXPECT_EQ(outcome.nr_expected, 2U + (placement == KFRAG_BUDDY_ADDRESS));
	EXPECT_EQ(outcome.nr_wrong, 0);
	EXPECT_EQ(outcome.of[KFRAG_SIM_FIGURE_REQUESTS], knuth.nr_requests);
	EXPECT_EQ(outcome.of[KFRAG_SIM_FIGURE_HIGH_WATER],
		  knuth.high_water_units);
	EXPECT_EQ(outcome.of[KFRAG_SIM_FIGURE_TOUCHED], knuth.nr_roots << r);
}
END_TEST

START_TEST(expectations)
{
	struct kfrag_sim_outcome outcome =
		run_placed("take 1\nexpect live 1\nexpect live 2\n"
			   "expect peak 7\nexpect touched 3 lifo\n",
			   KFRAG_BUDDY_ADDRESS);

	EXPECT_EQ(outcome.nr_expected, 3);
	EXPECT_EQ(outcome.nr_wrong, 2);
	EXPECT_EQ(outcome.wrong_line, 3);
	EXPECT_EQ(outcome.wrong_figure, KFRAG_SIM_FIGURE_LIVE);
	EXPECT_EQ(outcome.wanted, 2);
	EXPECT_EQ(outcome.seen, 1);
}
END_TEST

/* Many names, freed in another order: places stay right over sweeps. */
START_TEST(names)
{
	static char text[64 * 1024];
	int length = 0;
	struct kfrag_sim_outcome outcome;

	for (int i = 0; i < 700; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length,
				   "alloc n%d 1\n", i);
	for (int i = 0; i < 699; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length,
				   "free n%d\n", i * 11 % 700);
	snprintf(text + length, sizeof(text) - (size_t)length,
		 "expect live 1; free n%d; expect live 0", 699 * 11 % 700);
	outcome = run_placed(text, KFRAG_BUDDY_ADDRESS);
	EXPECT_EQ(outcome.nr_expected, 2);
	EXPECT_EQ(outcome.nr_wrong, 0);
	EXPECT_EQ(outcome.of[KFRAG_SIM_FIGURE_HIGH_WATER], 700);
}
END_TEST

/* ---------------------------------------------------------------- refusals */

static const struct {
	const char *text;
	uint64_t line;
	uint32_t column;
} wrong[] = {
	{ "", 1, 1 },
	{ "# nothing\nmemory 4\n", 3, 1 },
	{ "give A", 1, 1 },
	{ "take 1\nmemory 4", 2, 1 },
	{ "memory 128M", 1, 8 },
	{ "memory 0", 1, 8 },
	{ "max-order 21", 1, 11 },
	{ "max-order 3; take 9", 1, 19 },
	{ "take", 1, 5 },
	{ "take 1 0", 1, 8 },
	{ "take 1 2 3", 1, 10 },
	{ "alloc A", 1, 8 },
	{ "alloc A/B 1", 1, 7 },
	{ "free A", 1, 6 },
	{ "take 1; drop", 1, 13 },
	{ "take 1; drop some 3", 1, 14 },
	{ "take 1; drop random", 1, 20 },
	{ "take 1; drop unaligned 0", 1, 24 },
	{ "repeat; take 1; end", 1, 7 },
	{ "repeat 0; end", 1, 8 },
	{ "repeat 2\ntake 1\n", 3, 1 },
	{ "take 1\n end", 2, 2 },
	{ "take 1; expect less 1", 1, 16 },
	{ "take 1; expect live", 1, 20 },
	{ "take 1; expect live 1 best", 1, 23 },
	{ "repeat 1;repeat 1;repeat 1;repeat 1;repeat 1;repeat 1;repeat 1;"
	  "repeat 1;repeat 1;repeat 1;repeat 1;repeat 1;repeat 1;repeat 1;"
	  "repeat 1;repeat 1;repeat 1",
	  1, 152 },
};

START_TEST(refused)
{
	const char *text = wrong[_i].text;
	struct kfrag_lesson_fault fault;
	struct kfrag_sim_script script;

	EXPECT_EQ(kfrag_sim_script_parse(&script, text, strlen(text), &fault),
		  KFRAG_EINVAL);
	ck_assert_msg(fault.line == wrong[_i].line &&
			      fault.column == wrong[_i].column,
		      "%s: %u:%u: %s", text, (unsigned)fault.line, fault.column,
		      fault.message);
	ck_assert_msg(strncmp(fault.message, "expected ", 9) == 0, "%s",
		      fault.message);
	EXPECT_EQ(script.nr_steps, 0);
	EXPECT(!script.steps);
}
END_TEST

START_TEST(too_many_names)
{
	static char text[32 * 1024];
	struct kfrag_lesson_fault fault;
	struct kfrag_sim_script script;
	int length = 0;

	for (int i = 0; i <= KFRAG_SIM_MAX_NAMES; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length,
				   "alloc n%d 1\n", i);
	EXPECT_EQ(kfrag_sim_script_parse(&script, text, strlen(text), &fault),
		  KFRAG_EINVAL);
	EXPECT_EQ(fault.line, KFRAG_SIM_MAX_NAMES + 1);
}
END_TEST

/* Scripts that are right as text, and not as a course of events. */
static const struct {
	const char *text;
	enum kfrag_error error;
	uint64_t line;
} impossible[] = {
	{ "alloc A 1\nalloc A 1", KFRAG_EINVAL, 2 },
	{ "alloc A 1\nfree A\nfree A", KFRAG_EINVAL, 3 },
	{ "alloc A 1\ndrop all\nfree A", KFRAG_EINVAL, 3 },
	/* It found no memory, so that there is nothing to free. */
	{ "max-order 0; memory 1; take 1; alloc A 1\nfree A", KFRAG_EINVAL, 2 },
	{ "repeat 2; take 1; take 1 20000000; end", KFRAG_ERANGE, 0 },
};

START_TEST(cannot_be)
{
	const char *text = impossible[_i].text;
	struct kfrag_lesson_fault fault;
	struct kfrag_sim_outcome outcome;
	struct kfrag_sim_script script;

	EXPECT_EQ(kfrag_sim_script_parse(&script, text, strlen(text), &fault),
		  KFRAG_OK);
	EXPECT_EQ(kfrag_sim_script_run(&outcome, &script, KFRAG_BUDDY_ADDRESS,
				       1),
		  impossible[_i].error);
	EXPECT_EQ(outcome.wrong_line, impossible[_i].line);
	kfrag_sim_script_release(&script);
}
END_TEST

Suite *sim_script_suite(void)
{
	Suite *suite = suite_create("sim_script");
	TCase *core = tcase_create("core");

	tcase_set_timeout(core, 60);
	tcase_add_loop_test(core, figures, 0, NR_OF(cases));
	tcase_add_loop_test(core, worst_case, 0, 8 * KFRAG_NR_BUDDY_PLACEMENTS);
	tcase_add_test(core, expectations);
	tcase_add_test(core, names);
	tcase_add_loop_test(core, refused, 0, NR_OF(wrong));
	tcase_add_test(core, too_many_names);
	tcase_add_loop_test(core, cannot_be, 0, NR_OF(impossible));
	suite_add_tcase(suite, core);
	return suite;
}
