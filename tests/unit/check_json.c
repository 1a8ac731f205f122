// SPDX-License-Identifier: MIT
#include "kfrag/json.h"

#include "capture.h"
#include "expect.h"
#include "fixture_report.h"
#include "kfrag/version.h"

Suite *json_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

static const char expected[] =
	"{\n"
	"\"kfrag\": \"" KFRAG_VERSION "\",\n"
	"\"parameters\": {\"source\": \"dir/a "
	"\\\"b\\\\c\\\"\\\\x0a\\\\xff.slabinfo\", \"page_size_bytes\": 4096, "
	"\"memory_bytes\": 67108864, \"max_order\": 3, \"seed\": "
	"18446744073709551615, \"rounds\": 3, \"min_partial_slabs\": 5, "
	"\"placement\": \"lifo\", \"policy\": \"head\", "
	"\"replayed\": true},\n"
	"\"activity\": {\"buddy\": {\"nr_splits\": 1234, \"nr_merges\": 56, "
	"\"nr_slabs_made\": 0, \"nr_slabs_returned\": 0}, \"slab\": "
	"{\"nr_splits\": 19, \"nr_merges\": 2, \"nr_slabs_made\": 22, "
	"\"nr_slabs_returned\": 2}},\n"
	"\"caches\": [\n"
	"{\"name\": \"dentry\", \"num_objs\": 420, \"kernel_tail_bytes\": "
	"1280},\n"
	"{\"name\": \"inode_cache\", \"num_objs\": 26, \"kernel_tail_bytes\": "
	"784},\n"
	"{\"name\": \"x\\\";system(\\\"touch pwned\\\");\\\"\", \"num_objs\": "
	"512, \"kernel_tail_bytes\": 0},\n"
	"{\"name\": \"a,b\\\\x0ac\\\\x00\\\\x01\\\\xff\\\\x7f '#`\", "
	"\"num_objs\": 3, \"kernel_tail_bytes\": 9},\n"
	"{\"name\": \"gr\303\266\303\237e\342\202\254\360\237\220\247\\\\xc2\\"
	"\\x85\", \"num_objs\": 1, \"kernel_tail_bytes\": 0},\n"
	"{\"name\": \"\\\\x41\\\\\", \"num_objs\": 1, \"kernel_tail_bytes\": "
	"0},\n"
	"{\"name\": \"\", \"num_objs\": 0, \"kernel_tail_bytes\": 0},\n"
	"{\"name\": \"kmalloc-8k\", \"num_objs\": 4, \"kernel_tail_bytes\": "
	"-4096},\n"
	"{\"name\": \"max\", \"num_objs\": 18446744073709551615, "
	"\"kernel_tail_bytes\": -9223372036854775808}\n"
	"],\n"
	"\"totals\": [\n"
	"{\"allocator\": \"buddy\", \"state\": \"peak\", \"live_objs\": 446, "
	"\"live_bytes\": 96240, \"held_bytes\": 1826816, \"internal_bytes\": "
	"1730576, \"idle_bytes\": null, \"tail_bytes\": null, \"free_bytes\": "
	"65282048, \"free_blocks\": 1993, \"largest_free_bytes\": 32768, "
	"\"external_permille\": 999, \"bitmap_bytes\": 4168, "
	"\"bookkeeping_bytes\": 520, \"memory_bytes\": 67108864, "
	"\"failed_objs\": 0, \"failed_fragmented_objs\": 0},\n"
	"{\"allocator\": \"buddy\", \"state\": \"settled\", \"live_objs\": 223,"
	" \"live_bytes\": 48120, \"held_bytes\": 913408, \"internal_bytes\": "
	"865288, \"idle_bytes\": null, \"tail_bytes\": null, \"free_bytes\": "
	"66195456, \"free_blocks\": 2157, \"largest_free_bytes\": 32768, "
	"\"external_permille\": 999, \"bitmap_bytes\": 4168, "
	"\"bookkeeping_bytes\": 520, \"memory_bytes\": 67108864, "
	"\"failed_objs\": 0, \"failed_fragmented_objs\": 0},\n"
	"{\"allocator\": \"slab\", \"state\": \"peak\", \"live_objs\": 446, "
	"\"live_bytes\": 96240, \"held_bytes\": 98304, \"internal_bytes\": "
	"null, \"idle_bytes\": 0, \"tail_bytes\": 2064, \"free_bytes\": "
	"67010560, \"free_blocks\": 2045, \"largest_free_bytes\": 32768, "
	"\"external_permille\": 999, \"bitmap_bytes\": 4344, "
	"\"bookkeeping_bytes\": 3456, \"memory_bytes\": 67108864, "
	"\"failed_objs\": 0, \"failed_fragmented_objs\": 0},\n"
	"{\"allocator\": \"slab\", \"state\": \"settled\", \"live_objs\": 223, "
	"\"live_bytes\": 48120, \"held_bytes\": 90112, \"internal_bytes\": "
	"null, \"idle_bytes\": 40056, \"tail_bytes\": 1936, \"free_bytes\": "
	"67018752, \"free_blocks\": 2047, \"largest_free_bytes\": 32768, "
	"\"external_permille\": 999, \"bitmap_bytes\": 4344, "
	"\"bookkeeping_bytes\": 3456, \"memory_bytes\": 67108864, "
	"\"failed_objs\": 0, \"failed_fragmented_objs\": 0},\n"
	"{\"allocator\": \"kernel\", \"state\": \"settled\", \"live_objs\": "
	"223, \"live_bytes\": 48120, \"held_bytes\": 98304, "
	"\"internal_bytes\": null, \"idle_bytes\": 48120, \"tail_bytes\": 2064,"
	" \"free_bytes\": null, \"free_blocks\": null, \"largest_free_bytes\": "
	"null, \"external_permille\": null, \"bitmap_bytes\": null, "
	"\"bookkeeping_bytes\": null, \"memory_bytes\": null, \"failed_objs\": "
	"null, \"failed_fragmented_objs\": null}\n"
	"],\n"
	"\"orders\": [\n"
	"{\"allocator\": \"buddy\", \"state\": \"peak\", \"order\": 0, "
	"\"block_bytes\": 4096, \"free_blocks\": 0, \"unusable_permille\": 0, "
	"\"fragmentation_permille\": null, \"bitmap_bits\": 16384},\n"
	"{\"allocator\": \"buddy\", \"state\": \"peak\", \"order\": 1, "
	"\"block_bytes\": 8192, \"free_blocks\": 1, \"unusable_permille\": 0, "
	"\"fragmentation_permille\": null, \"bitmap_bits\": 8192},\n"
	"{\"allocator\": \"buddy\", \"state\": \"peak\", \"order\": 2, "
	"\"block_bytes\": 16384, \"free_blocks\": 0, \"unusable_permille\": 0, "
	"\"fragmentation_permille\": -500, \"bitmap_bits\": 4096},\n"
	"{\"allocator\": \"buddy\", \"state\": \"peak\", \"order\": 3, "
	"\"block_bytes\": 32768, \"free_blocks\": 1992, \"unusable_permille\": "
	"0, \"fragmentation_permille\": null, \"bitmap_bits\": 2048}\n"
	"]\n"
	"}\n";

START_TEST(known_report)
{
	struct kfrag_report report;
	struct kfrag_selection selections[KFRAG_NR_TABLES];
	struct capture capture;

	fixture_report_mixed(&report, selections);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_json_write(capture.out, &report, FIXTURE_SOURCE,
					  selections, KFRAG_NR_TABLES),
			 KFRAG_OK);
	ck_assert_str_eq(capture_end(&capture), expected);
	capture_release(&capture);
	fixture_report_unmix(&report, selections);
}
END_TEST

START_TEST(one_table_alone)
{
	struct kfrag_report report;
	struct kfrag_selection selections[KFRAG_NR_TABLES];
	struct capture capture;
	const char *text;

	fixture_report_mixed(&report, selections);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_json_write(capture.out, &report, FIXTURE_SOURCE,
					  &selections[KFRAG_TABLE_ORDERS], 1),
			 KFRAG_OK);
	text = capture_end(&capture);
	ck_assert_ptr_nonnull(strstr(text, "\"orders\": [\n{"));
	ck_assert_ptr_null(strstr(text, "\"caches\""));
	capture_release(&capture);
	fixture_report_unmix(&report, selections);
}
END_TEST

START_TEST(nothing_was_replayed)
{
	struct kfrag_report report;
	struct capture capture;
	const char *text;

	fixture_report_counted(&report);
	capture_begin(&capture);
	ck_assert_int_eq(kfrag_json_write(capture.out, &report, "", NULL, 0),
			 KFRAG_OK);
	text = capture_end(&capture);
	ck_assert_ptr_nonnull(strstr(text, "\"source\": \"\""));
	ck_assert_ptr_nonnull(strstr(text, "\"replayed\": false}"));
	ck_assert_ptr_nonnull(strstr(
		text, "\"slab\": {\"nr_splits\": null, \"nr_merges\": null, "
		      "\"nr_slabs_made\": null, "
		      "\"nr_slabs_returned\": null}"));
	capture_release(&capture);
	kfrag_report_release(&report);
}
END_TEST

START_TEST(full_disk)
{
	struct kfrag_report report;
	struct kfrag_selection selections[KFRAG_NR_TABLES];
	struct full_stream stream;

	fixture_report_mixed(&report, selections);
	full_stream_open(&stream);
	ck_assert_int_eq(kfrag_json_write(stream.out, &report, FIXTURE_SOURCE,
					  selections, KFRAG_NR_TABLES),
			 KFRAG_EIO);
	fclose(stream.out);
	fixture_report_unmix(&report, selections);
}
END_TEST

/* ---------------------------------------------------- a strict reader */

/*
 * RFC 8259, its grammar and nothing more. Each takes what it reads off *at
 * and says whether it was there.
 */
static bool read_value(const char **at, unsigned depth);

static bool read_char(const char **at, char wanted)
{
	if (**at != wanted)
		return false;
	++*at;
	return true;
}

static void skip_blanks(const char **at)
{
	*at += strspn(*at, " \t\r\n");
}

static bool read_word(const char **at, const char *word)
{
	if (strncmp(*at, word, strlen(word)) != 0)
		return false;
	*at += strlen(word);
	return true;
}

static bool read_string(const char **at)
{
	if (!read_char(at, '"'))
		return false;
	while (**at != '"') {
		if ((unsigned char)**at < 0x20)
			return false;
		if (read_char(at, '\\') && !strchr("\"\\/bfnrt", **at))
			return false;
		++*at;
	}
	return read_char(at, '"');
}

static bool read_number(const char **at)
{
	size_t nr_digits;

	read_char(at, '-');
	nr_digits = strspn(*at, "0123456789");
	if (nr_digits == 0 || (nr_digits > 1 && **at == '0'))
		return false;
	*at += nr_digits;
	return true;
}

static bool read_members(const char **at, char last, unsigned depth)
{
	skip_blanks(at);
	if (read_char(at, last))
		return true;
	do {
		skip_blanks(at);
		if (last == '}') {
			if (!read_string(at))
				return false;
			skip_blanks(at);
			if (!read_char(at, ':'))
				return false;
		}
		if (!read_value(at, depth))
			return false;
		skip_blanks(at);
	} while (read_char(at, ','));
	return read_char(at, last);
}

static bool read_value(const char **at, unsigned depth)
{
	if (depth == 0)
		return false;
	skip_blanks(at);
	if (read_char(at, '{'))
		return read_members(at, '}', depth - 1);
	if (read_char(at, '['))
		return read_members(at, ']', depth - 1);
	if (**at == '"')
		return read_string(at);
	return read_word(at, "null") || read_word(at, "true") ||
	       read_word(at, "false") || read_number(at);
}

static bool is_json(const char *text)
{
	if (!read_value(&text, 8))
		return false;
	skip_blanks(&text);
	return *text == '\0';
}

START_TEST(reader_is_strict)
{
	static const char *const bad[] = {
		"",	  "{",	 "{\"a\": 1,}", "[1,]",	  "[1 2]", "{\"a\" 1}",
		"{a: 1}", "\"a", "\"\\x41\"",	"\"\n\"", "01",	   "-",
		"+1",	  "NaN", "1 1",		"nul",	  "[1]]",
	};
	static const char *const good[] = {
		"0",
		"-12",
		"\"\\\\x41 \\\" \xc3\xa9\"",
		" { \"a\" : [ ] , \"b\": {}, \"c\": [null, true, false] } ",
	};

	for (size_t i = 0; i < NR_OF(bad); i++)
		ck_assert_msg(!is_json(bad[i]), "%s", bad[i]);
	for (size_t i = 0; i < NR_OF(good); i++)
		ck_assert_msg(is_json(good[i]), "%s", good[i]);
}
END_TEST

/* Whatever the names and numbers: JSON, and a row is one line. */
START_TEST(always_json)
{
	struct kfrag_random random;
	unsigned nr_escapes = 0;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int round = 0; round < 40; round++) {
		struct kfrag_report report;
		struct kfrag_selection selection;
		struct capture capture;
		const char *text;
		size_t nr_lines = 0;

		fixture_report_random(&report, &random, 40, 10);
		EXPECT(!kfrag_selection_init(
			&selection, &report,
			(enum kfrag_table_kind)(round % KFRAG_NR_TABLES)));
		capture_begin(&capture);
		EXPECT(!kfrag_json_write(capture.out, &report, FIXTURE_SOURCE,
					 &selection, 1));
		text = capture_end(&capture);
		EXPECT_EQ(strlen(text), capture.bytes);
		EXPECT(is_json(text));
		for (const char *at = text; *at; at++)
			nr_lines += *at == '\n';
		/* Four lines before the rows, two behind them. */
		EXPECT_EQ(nr_lines, selection.nr_rows + 7);
		nr_escapes += strstr(text, "\\\\x") != NULL;
		capture_release(&capture);
		kfrag_selection_release(&selection);
		kfrag_report_release(&report);
	}
	ck_assert_uint_gt(nr_escapes, 0);
}
END_TEST

Suite *json_suite(void)
{
	Suite *suite = suite_create("json");
	TCase *tc = tcase_create("json");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, known_report);
	tcase_add_test(tc, one_table_alone);
	tcase_add_test(tc, nothing_was_replayed);
	tcase_add_test(tc, full_disk);
	tcase_add_test(tc, reader_is_strict);
	tcase_add_loop_test(tc, always_json, 1, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
