// SPDX-License-Identifier: MIT
/* Scripts of lessons: what is read, and where the mistakes of wrong ones are. */
#include "kfrag/lesson.h"

#include "expect.h"

Suite *lesson_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

static enum kfrag_error parse(struct kfrag_lesson *lesson, const char *text,
			      struct kfrag_lesson_fault *fault)
{
	return kfrag_lesson_parse(lesson, text, strlen(text), fault);
}

static const struct {
	const char *text;
	uint64_t line;
	uint32_t column;
	const char *message;
} faults[] = {
	{ "", 1, 1, "expected a command, such as alloc A 14K" },
	{ "# nothing\n ;;\n", 3, 1, "expected a command, such as alloc A 14K" },
	{ "\n\n  memry 4K", 3, 3,
	  "expected a command: memory, page, alloc, free, cache, new, delete, "
	  "show, say or ask" },
	{ "memory", 1, 7, "expected a size above 0, such as 14K" },
	{ "memory 0", 1, 8, "expected a size above 0, such as 14K" },
	{ "memory 10234567890123456789012345678901", 1, 8,
	  "expected a size above 0, such as 14K" },
	{ "memory 10K", 1, 8,
	  "expected a memory of whole pages: one is 4,096 bytes" },
	{ "memory 8G", 1, 8,
	  "expected a memory of at most 1,048,576 pages: one is 4,096 bytes" },
	{ "page 32", 1, 6, "expected a power of two from 64 to 1M" },
	{ "page 96", 1, 6, "expected a power of two from 64 to 1M" },
	{ "page 2M", 1, 6, "expected a power of two from 64 to 1M" },
	{ "memory 12K; page 8K", 1, 18,
	  "expected a memory of whole pages: one is 8,192 bytes" },
	{ "alloc", 1, 6,
	  "expected a name of letters, digits, _ - . and :, at most 24 of "
	  "them" },
	{ "alloc a/b 4K", 1, 7,
	  "expected a name of letters, digits, _ - . and :, at most 24 of "
	  "them" },
	{ "alloc abcdefghijklmnopqrstuvwxy 4K", 1, 7,
	  "expected a name of letters, digits, _ - . and :, at most 24 of "
	  "them" },
	{ "alloc A", 1, 8, "expected a size above 0, such as 14K" },
	{ "alloc A 4Q", 1, 9, "expected a size above 0, such as 14K" },
	{ "alloc A 257T", 1, 9, "expected a size of at most 256T" },
	{ "alloc A 4K 4K", 1, 12,
	  "expected the end of the line, or ; and a command" },
	{ "alloc A 4K; free B", 1, 18,
	  "expected the name of an alloc before: no 'B' is" },
	{ "alloc A 4K; memory 64K; free A", 1, 30,
	  "expected the name of an alloc before: no 'A' is" },
	{ "cache A 64; free A", 1, 18,
	  "expected the name of an alloc before: no 'A' is" },
	{ "cache", 1, 6,
	  "expected a name of letters, digits, _ - . and :, at most 24 of "
	  "them" },
	{ "cache c 8; cache c 8", 1, 18,
	  "expected a new name: there is a cache 'c'" },
	{ "cache c 257K", 1, 9,
	  "expected a size that fits into the largest block, 2^6 pages" },
	{ "cache c 8 7", 1, 11, "expected an order from 0 to 6" },
	{ "cache c 8 -1", 1, 11, "expected an order from 0 to 6" },
	{ "cache c 5K 0", 1, 12,
	  "expected a larger order: no object fits into a slab of 2^0 "
	  "pages" },
	{ "new c", 1, 5, "expected the name of a cache before: no 'c' is" },
	{ "cache c 8; new c 0", 1, 18, "expected a count from 1 to 100000" },
	{ "cache c 8; new c 100001", 1, 18,
	  "expected a count from 1 to 100000" },
	{ "cache c 8; new c 1x", 1, 18, "expected a count from 1 to 100000" },
	{ "cache c 8; delete c x", 1, 21,
	  "expected a count or #slot, a count being from 1 to 100000" },
	{ "cache c 8; delete c #4294967296", 1, 22,
	  "expected a slot from 0 to 4294967295" },
	{ "delete", 1, 7,
	  "expected a name of letters, digits, _ - . and :, at most 24 of "
	  "them" },
	{ "show tree leaf", 1, 11,
	  "expected tree, freelist, bitmap, slabs, memory or all" },
	{ "say \t\nshow", 1, 6, "expected a text" },
	{ "ask why", 1, 8, "expected = and the answer" },
	{ "ask why = ", 1, 10, "expected the answer" },
	{ "ask = so", 1, 5, "expected a question before the =" },
};

START_TEST(test_faults)
{
	struct kfrag_lesson_fault fault;
	struct kfrag_lesson lesson;

	ck_assert_int_eq(parse(&lesson, faults[_i].text, &fault), KFRAG_EINVAL);
	ck_assert_str_eq(fault.message, faults[_i].message);
	ck_assert_uint_eq(fault.line, faults[_i].line);
	ck_assert_uint_eq(fault.column, faults[_i].column);
	ck_assert_ptr_null(lesson.steps);
	ck_assert_ptr_null(lesson.names);
	ck_assert_ptr_null(lesson.text);
}
END_TEST

static void expect_text(struct kfrag_lesson_text text, const char *wanted)
{
	ck_assert_uint_eq(text.nr_bytes, strlen(wanted));
	ck_assert(memcmp(text.text, wanted, text.nr_bytes) == 0);
}

START_TEST(test_steps)
{
	static const char text[] = "page 1K # small\n"
				   "  memory 64K ;alloc A 1500\t\r\n"
				   "cache c 100 1; new c 3;new c\n"
				   "delete c #2;delete c 2\n"
				   "free A; show tree bitmap;show\n"
				   "say a ; b # c\n"
				   "ask is 1 = 1? =  Yes \n";
	struct kfrag_lesson_fault fault;
	struct kfrag_lesson lesson;
	const struct kfrag_lesson_step *step;

	ck_assert_int_eq(parse(&lesson, text, &fault), KFRAG_OK);
	ck_assert_uint_eq(lesson.nr_steps, 13);
	ck_assert_uint_eq(lesson.nr_names, 2);
	step = lesson.steps;
	ck_assert_int_eq(step->verb, KFRAG_LESSON_PAGE);
	ck_assert_uint_eq(step->memory_bytes, 64 * 1024);
	expect_text(step->source, "page 1K");
	step++;
	ck_assert_uint_eq(step->line, 2);
	ck_assert_uint_eq(step->column, 3);
	ck_assert_uint_eq(step->memory_bytes, 64 * 1024);
	ck_assert_uint_eq(step->page_bytes, 1024);
	step++;
	ck_assert_uint_eq(step->column, 15);
	ck_assert_uint_eq(step->bytes, 1500);
	ck_assert_uint_eq(step->order, 1);
	expect_text(step->source, "alloc A 1500");
	step++;
	ck_assert_int_eq(step->verb, KFRAG_LESSON_CACHE);
	ck_assert_uint_eq(step->objs_per_slab, 20);
	ck_assert(lesson.names[step->name].is_cache);
	ck_assert_uint_eq(step[1].nr_objs, 3);
	ck_assert_uint_eq(step[2].nr_objs, 1);
	expect_text(step[2].source, "new c");
	ck_assert(step[3].has_slot);
	ck_assert_uint_eq(step[3].slot, 2);
	ck_assert_uint_eq(step[4].nr_objs, 2);
	ck_assert_str_eq(lesson.names[step[5].name].text, "A");
	ck_assert_uint_eq(step[6].show,
			  KFRAG_LESSON_SHOW_TREE | KFRAG_LESSON_SHOW_BITMAP);
	ck_assert_uint_eq(step[7].show, KFRAG_LESSON_SHOW_ALL);
	expect_text(step[8].text, "a ; b # c");
	expect_text(step[9].text, "is 1 = 1?");
	expect_text(step[9].answer, "Yes");
	kfrag_lesson_release(&lesson);
}
END_TEST

START_TEST(test_default_memory)
{
	struct kfrag_lesson_fault fault;
	struct kfrag_lesson lesson;

	ck_assert_int_eq(parse(&lesson, "alloc A 4K", &fault), KFRAG_OK);
	ck_assert_uint_eq(lesson.nr_steps, 2);
	ck_assert_uint_eq(lesson.steps[0].line, 0);
	ck_assert_uint_eq(lesson.steps[0].memory_bytes, 256 * 1024);
	kfrag_lesson_release(&lesson);
	/* Text behind its end is no part of it. */
	ck_assert_int_eq(kfrag_lesson_parse(&lesson, "show all", 4, &fault),
			 KFRAG_OK);
	ck_assert_uint_eq(lesson.steps[1].show, KFRAG_LESSON_SHOW_ALL);
	kfrag_lesson_release(&lesson);
}
END_TEST

static const struct {
	uint64_t size_bytes;
	unsigned max_order;
	unsigned order;
} slabs[] = {
	{ 8, 6, 0 },	 { 600, 6, 0 },	  { 700, 6, 1 },  { 1500, 6, 1 },
	{ 1500, 0, 0 },	 { 4096, 6, 0 },  { 5000, 6, 2 }, { 12288, 6, 2 },
	{ 65536, 6, 4 }, { 65537, 6, 5 }, { 3000, 1, 0 },
};

START_TEST(test_slab_order)
{
	ck_assert_uint_eq(kfrag_lesson_slab_order(slabs[_i].size_bytes, 4096,
						  slabs[_i].max_order),
			  slabs[_i].order);
}
END_TEST

#define LONG                                                                   \
	"1234567890123456789012345678901234567890123456789012345678901234567"  \
	"8901234567890123456789012345678901234567890123456789012345678901234"

static const struct {
	const char *given;
	const char *answer;
	bool is_right;
} answers[] = {
	{ "16K", "16K", true },
	{ "16 KiB", "16K", true },
	{ "16384", "16K", true },
	{ "16,384 bytes", "16K", true },
	{ "16384 Bytes.", "16K", true },
	{ "1 byte", "1", true },
	{ "16", "16K", false },
	{ "16M", "16K", false },
	{ "YES", "yes", true },
	{ " y e s ", "yes", true },
	{ "no", "yes", false },
	{ "", "yes", false },
	{ "yes\r", "yes", true },
	{ "1024K", "1M", true },
	{ "a, b", "a,b", true },
	{ "1,0", "10", true },
	{ LONG, LONG, true },
	{ "x", LONG, false },
	{ LONG, "x", false },
};

START_TEST(test_answers)
{
	const struct kfrag_lesson_text answer = { answers[_i].answer,
						  strlen(answers[_i].answer) };
	const char *given = answers[_i].given;

	ck_assert_int_eq(kfrag_lesson_answer_is_right(given, strlen(given),
						      answer),
			 answers[_i].is_right);
}
END_TEST

Suite *lesson_suite(void)
{
	Suite *suite = suite_create("lesson");
	TCase *tcase = tcase_create("scripts");

	tcase_add_loop_test(tcase, test_faults, 0, NR_OF(faults));
	tcase_add_test(tcase, test_steps);
	tcase_add_test(tcase, test_default_memory);
	tcase_add_loop_test(tcase, test_slab_order, 0, NR_OF(slabs));
	tcase_add_loop_test(tcase, test_answers, 0, NR_OF(answers));
	suite_add_tcase(suite, tcase);
	return suite;
}
