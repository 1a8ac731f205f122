// SPDX-License-Identifier: MIT
/* Words and drawings of lessons: what they say, and that they are 80 wide. */
#include "kfrag/lesson_draw.h"

#include "capture.h"
#include "expect.h"
#include "kfrag/random.h"

Suite *lesson_draw_suite(void);

#define SCRIPT_SIZE 2048

struct lesson_fixture {
	struct kfrag_lesson lesson;
	struct kfrag_lesson_run run;
};

/* Does the first nr_steps steps of a script that has no mistake. */
static void begin(struct lesson_fixture *fixture, const char *text,
		  size_t nr_steps)
{
	struct kfrag_lesson_fault fault;

	ck_assert_int_eq(kfrag_lesson_parse(&fixture->lesson, text,
					    strlen(text), &fault),
			 KFRAG_OK);
	ck_assert_int_eq(kfrag_lesson_run_init(&fixture->run, &fixture->lesson),
			 KFRAG_OK);
	for (size_t i = 0; i < nr_steps; i++)
		ck_assert_int_eq(kfrag_lesson_run_step(&fixture->run, &fault),
				 KFRAG_OK);
}

static void end(struct lesson_fixture *fixture)
{
	kfrag_lesson_run_release(&fixture->run);
	kfrag_lesson_release(&fixture->lesson);
}

static const struct {
	const char *script;
	size_t nr_steps;
	const char *words;
} words[] = {
	{ "memory 12K", 1,
	  "An empty memory of 12 KiB: 3 pages of 4 KiB. It is no power of two, "
	  "so it begins as 2 free blocks: 8 KiB + 4 KiB." },
	{ "memory 16K; alloc A 3K", 2,
	  "4 KiB is the smallest block that holds 3 KiB. The free lists are "
	  "searched upwards: order 0 (4 KiB) none, order 1 (8 KiB) none, order "
	  "2 (16 KiB) 1 block. Split 16K -> 8K + 8K, 8K -> 4K + 4K. A gets the "
	  "first, at 0. 1 KiB of it are lost by rounding up: internal "
	  "fragmentation." },
	{ "memory 16K; alloc A 4K; alloc B 4K; alloc C 4K; alloc D 4K; free A;"
	  "free C; alloc E 4K",
	  8,
	  "4 KiB is the smallest block that holds 4 KiB. The free lists are "
	  "searched upwards: order 0 (4 KiB) 2 blocks. E gets the lowest, at "
	  "0." },
	{ "memory 16K; alloc A 4K; alloc B 4K; alloc C 4K; alloc D 4K; free A;"
	  "free C; alloc E 8K",
	  8,
	  "8 KiB is the smallest block that holds 8 KiB. The free lists are "
	  "searched upwards: order 1 (8 KiB) none, order 2 (16 KiB) none. None "
	  "is large enough: E gets nothing, although 8 KiB are free: 2 x 4K. "
	  "Enough is free, but not in one piece: that is external "
	  "fragmentation." },
	{ "memory 16K; alloc A 16K; alloc B 1", 3,
	  "4 KiB is the smallest block that holds 1 B. The free lists are "
	  "searched upwards: order 0 (4 KiB) none, order 1 (8 KiB) none, order "
	  "2 (16 KiB) none. None is large enough: B gets nothing. Nothing is "
	  "free at all." },
	{ "memory 16K; alloc A 9K; alloc B 17K", 3,
	  "32 KiB is the smallest block that holds 17 KiB. No block is that "
	  "large. B gets nothing." },
	{ "memory 16K; alloc A 5K; alloc B 16K", 3,
	  "16 KiB is the smallest block that holds 16 KiB. The free lists are "
	  "searched upwards: order 2 (16 KiB) none. None is large enough: B "
	  "gets nothing; only 8 KiB are free: 8K." },
	{ "memory 16K; alloc A 9K; alloc B 1K; free B", 4,
	  "B has no block, as its request was refused: nothing to free." },
	{ "memory 16K; alloc A 4K; alloc B 4K; free B", 4,
	  "B gives back 4 KiB at 4 KiB. Order 0: block 1 is odd, so its buddy "
	  "is 1 xor 1 = 0, at 0: in use. Merging ends." },
	{ "memory 12K; cache c 2K; new c 7", 3,
	  "No slot is free: a new slab of 4 KiB. The free lists are searched "
	  "upwards: order 0 (4 KiB) 1 block. It gets the block, at 8 KiB. No "
	  "slot is free: a new slab of 4 KiB. The free lists are searched "
	  "upwards: order 0 (4 KiB) none, order 1 (8 KiB) 1 block. Split 8K -> "
	  "4K + 4K. It gets the first, at 0. And so on for 2 more slabs, the "
	  "last of which finds no block. 6 objects come: the first gets slot 0 "
	  "of the slab at 8 KiB, the last slot 1 of the slab at 4 KiB. Now c "
	  "has 6 objects in 3 slabs, and 0 slots free." },
	{ "memory 4K; alloc A 1; cache c 4K; new c", 4,
	  "No slot is left, and a slab needs 4 KiB. The free lists are "
	  "searched upwards: order 0 (4 KiB) none. None is large enough: c "
	  "gets nothing. Nothing is free at all. No object is made. Now c has "
	  "0 objects in 0 slabs, and 0 slots free." },
	{ "memory 16K; cache c 4K", 2,
	  "The cache c has slabs of 1 page (4 KiB), each cut into 1 slot of 4 "
	  "KiB; nothing is left behind them, the tail. It has no slab yet. In "
	  "a block of its own an object would take 4 KiB." },
	{ "say nothing", 2, "" },
};

START_TEST(test_words)
{
	char text[KFRAG_LESSON_WORDS_SIZE];
	struct lesson_fixture fixture;

	begin(&fixture, words[_i].script, words[_i].nr_steps);
	ck_assert_str_eq(kfrag_lesson_words(&fixture.run, text),
			 words[_i].words);
	end(&fixture);
}
END_TEST

/* No line exceeds 80 characters, of which ASCII has one byte each. */
static void expect_narrow(const char *text, bool is_ascii)
{
	size_t width = 0;

	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		EXPECT(!is_ascii || byte < 0x80);
		width = byte == '\n' ? 0 : width + ((byte & 0xc0) != 0x80);
		EXPECT(width <= 80);
	}
}

/* Any memory, with blocks and slabs in it. */
static void make_script(char *script, uint64_t seed)
{
	static const unsigned pages[] = { 1,  2,  3,   11,   16,    63,
					  64, 65, 100, 1000, 16384, 1048576 };
	struct kfrag_random random;
	size_t length;

	kfrag_random_init(&random, seed);
	snprintf(script, SCRIPT_SIZE, "memory %uK\n",
		 4 * pages[seed % (sizeof(pages) / sizeof(*pages))]);
	for (int i = 0; i < 12; i++) {
		length = strlen(script);
		snprintf(script + length, SCRIPT_SIZE - length,
			 "alloc quite_a_long_name%d %uK\n%s", i,
			 (unsigned)(1 + kfrag_random_below(&random, 90)),
			 i % 3 == 2 ? "free quite_a_long_name1\n"
				      "alloc quite_a_long_name1 1K\n" :
				      "");
	}
	length = strlen(script);
	snprintf(script + length, SCRIPT_SIZE - length,
		 "cache c %u 0\nnew c 200\ndelete c\nsay %s\nask ? = !\nshow\n",
		 (unsigned)(8 + kfrag_random_below(&random, 4000)), "so");
}

START_TEST(test_narrow)
{
	const struct kfrag_lesson_style style = { .is_ascii = _i % 2 };
	struct kfrag_lesson_fault fault;
	struct lesson_fixture fixture;
	char script[SCRIPT_SIZE];
	struct capture capture;

	make_script(script, (uint64_t)_i / 2);
	begin(&fixture, script, 0);
	while (kfrag_lesson_run_has_more(&fixture.run)) {
		/* The smallest memories have no object to delete. */
		if (kfrag_lesson_run_step(&fixture.run, &fault) != KFRAG_OK)
			continue;
		capture_begin(&capture);
		ck_assert_int_eq(kfrag_lesson_write_step(capture.out,
							 &fixture.run, style),
				 KFRAG_OK);
		kfrag_lesson_draw(capture.out, &fixture.run,
				  KFRAG_LESSON_SHOW_ALL, style);
		expect_narrow(capture_end(&capture), style.is_ascii);
		capture_release(&capture);
	}
	end(&fixture);
}
END_TEST

static const char *const pictures[] = {
	"MEMORY  4 KiB in use, 12 KiB free\n"
	"        +---------------+---------------+-------------------------------+\n"
	"        |A###########...|      4K       |              8K               |\n"
	"        +---------------+---------------+-------------------------------+\n"
	"        0               4K              8K                              16K\n"
	"        (blank: free; # asked for; . lost in a block)\n",
	"TREE OF SPLITS\n"
	"16K     |---------------------------- split ----------------------------|\n"
	"8K      |------------ split ------------|             free              |\n"
	"4K      |###### A ######|     free      |\n",
	"FREE LISTS\n"
	"   ORDER   BLOCK  BLOCKS  AT\n"
	"       2     16K       0  -\n"
	"       1      8K       1  8K\n"
	"       0      4K       1  4K\n",
	"BITMAP  a bit a pair of buddies: 1, just one of both is a free block\n"
	"order 1 1\n"
	"order 0 1                               0\n"
	"        ^\n"
	"^ last pair: block 0 = page 0 / 1 is even;\n"
	"  its buddy is 0 xor 1 = 1, at 4K;\n"
	"  bit 0 = 0 / 2 of order 0 is theirs: 1\n"
	"COST    3 bits for 4 pages; a bit a block of every order: 7\n"
	"        (this program: a bit a page, sets of words with free "
	"blocks: 256)\n",
	"SLABS   none: there is no cache\n",
};

START_TEST(test_pictures)
{
	const struct kfrag_lesson_style style = { .is_ascii = true };
	struct lesson_fixture fixture;
	struct capture capture;

	begin(&fixture, "memory 16K; alloc A 3K", 2);
	capture_begin(&capture);
	kfrag_lesson_draw(capture.out, &fixture.run, 1u << _i, style);
	ck_assert_str_eq(capture_end(&capture), pictures[_i]);
	capture_release(&capture);
	end(&fixture);
}
END_TEST

START_TEST(test_full_disk)
{
	struct lesson_fixture fixture;
	struct full_stream stream;

	begin(&fixture, "memory 16K; alloc A 3K", 2);
	full_stream_open(&stream);
	ck_assert_int_eq(kfrag_lesson_json_begin(stream.out, "x"), KFRAG_EIO);
	ck_assert_int_eq(kfrag_lesson_json_step(stream.out, &fixture.run),
			 KFRAG_EIO);
	ck_assert_int_eq(kfrag_lesson_json_end(stream.out), KFRAG_EIO);
	ck_assert_int_eq(kfrag_lesson_write_svg(stream.out, &fixture.run),
			 KFRAG_EIO);
	fclose(stream.out);
	end(&fixture);
}
END_TEST

Suite *lesson_draw_suite(void)
{
	Suite *suite = suite_create("lesson_draw");
	TCase *tcase = tcase_create("drawings");

	tcase_add_loop_test(tcase, test_words, 0,
			    sizeof(words) / sizeof(*words));
	tcase_add_loop_test(tcase, test_narrow, 0, 48);
	tcase_add_loop_test(tcase, test_pictures, 0,
			    sizeof(pictures) / sizeof(*pictures));
	tcase_add_test(tcase, test_full_disk);
	suite_add_tcase(suite, tcase);
	return suite;
}
