// SPDX-License-Identifier: MIT
#include "kfrag/text.h"

#include "expect.h"
#include "fixture_report.h"
#include "kfrag/random.h"

Suite *text_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* A literal with its length, NULs inside included. */
#define BYTES(literal) (literal), sizeof(literal) - 1

static const struct {
	const char *text;
	size_t bytes;
	const char *escaped;
} cases[] = {
	{ BYTES(""), "" },
	{ BYTES("dentry"), "dentry" },
	{ BYTES(" a b "), " a b " },
	{ BYTES("~}|{ \"'`$\\x41,;#"), "~}|{ \"'`$\\x41,;#" },
	{ BYTES("a\tb\nc\rd"), "a\\x09b\\x0ac\\x0dd" },
	{ BYTES("a\0b"), "a\\x00b" },
	{ BYTES("\x1b[31m\x7f"), "\\x1b[31m\\x7f" },
	{ BYTES("\x80"), "\\x80" },
	{ BYTES("\xff\xfe"), "\\xff\\xfe" },
	/* C1 controls and the first character behind them. */
	{ BYTES("\xc2\x80"), "\\xc2\\x80" },
	{ BYTES("\xc2\x9f"), "\\xc2\\x9f" },
	{ BYTES("\xc2\xa0"), "\xc2\xa0" },
	/* Two, three and four bytes: first and last of each. */
	{ BYTES("\xdf\xbf"), "\xdf\xbf" },
	{ BYTES("\xe0\xa0\x80"), "\xe0\xa0\x80" },
	{ BYTES("\xef\xbf\xbf"), "\xef\xbf\xbf" },
	{ BYTES("\xf0\x90\x80\x80"), "\xf0\x90\x80\x80" },
	{ BYTES("\xf4\x8f\xbf\xbf"), "\xf4\x8f\xbf\xbf" },
	/* Overlong forms. */
	{ BYTES("\xc0\x80"), "\\xc0\\x80" },
	{ BYTES("\xc1\xbf"), "\\xc1\\xbf" },
	{ BYTES("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf" },
	{ BYTES("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf" },
	/* Surrogates, and their neighbours. */
	{ BYTES("\xed\x9f\xbf"), "\xed\x9f\xbf" },
	{ BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80" },
	{ BYTES("\xed\xbf\xbf"), "\\xed\\xbf\\xbf" },
	{ BYTES("\xee\x80\x80"), "\xee\x80\x80" },
	/* Above U+10FFFF. */
	{ BYTES("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" },
	{ BYTES("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80" },
	/* Cut at the end, or by another character. */
	{ BYTES("\xc3"), "\\xc3" },
	{ BYTES("\xe2\x82"), "\\xe2\\x82" },
	{ BYTES("\xf0\x9f\x90"), "\\xf0\\x9f\\x90" },
	{ BYTES("\xe2\x82z\xe2\x82\xac"), "\\xe2\\x82z\xe2\x82\xac" },
	{ BYTES("\xe2\xc3\xa9"), "\\xe2\xc3\xa9" },
	{ BYTES("\xf0\x9f\x90\xc3"), "\\xf0\\x9f\\x90\\xc3" },
};

START_TEST(known_text)
{
	char out[KFRAG_TEXT_ESCAPED_SIZE(32)];
	size_t length = kfrag_text_escape(out, cases[_i].text, cases[_i].bytes);

	ck_assert_str_eq(out, cases[_i].escaped);
	ck_assert_uint_eq(length, strlen(cases[_i].escaped));
}
END_TEST

/* The slow way: decode, and see whether the value encodes to the same. */
static size_t encode(uint32_t value, unsigned char *out)
{
	if (value < 0x80) {
		out[0] = (unsigned char)value;
		return 1;
	}
	if (value < 0x800) {
		out[0] = (unsigned char)(0xc0 | value >> 6);
		out[1] = (unsigned char)(0x80 | (value & 0x3f));
		return 2;
	}
	if (value < 0x10000) {
		out[0] = (unsigned char)(0xe0 | value >> 12);
		out[1] = (unsigned char)(0x80 | (value >> 6 & 0x3f));
		out[2] = (unsigned char)(0x80 | (value & 0x3f));
		return 3;
	}
	out[0] = (unsigned char)(0xf0 | value >> 18);
	out[1] = (unsigned char)(0x80 | (value >> 12 & 0x3f));
	out[2] = (unsigned char)(0x80 | (value >> 6 & 0x3f));
	out[3] = (unsigned char)(0x80 | (value & 0x3f));
	return 4;
}

/* Marks every sequence of up to 3 bytes that a character encodes to. */
static void mark_valid(unsigned char *valid)
{
	for (uint32_t value = 0; value < 0x10000; value++) {
		unsigned char bytes[4] = { 0 };
		bool is_control = value < 0x20 ||
				  (value >= 0x7f && value < 0xa0);

		if (is_control || (value >= 0xd800 && value < 0xe000))
			continue;
		size_t length = encode(value, bytes);
		size_t place = (size_t)bytes[0] << 16 | (size_t)bytes[1] << 8 |
			       bytes[2];

		valid[place] = (unsigned char)length;
	}
}

/*
 * Every sequence of one, two and three bytes: a lead that needs more than
 * there is never counts.
 */
START_TEST(all_short_sequences)
{
	unsigned char *valid = calloc(1, 1 << 24);
	unsigned nr_whole = 0, nr_broken = 0;

	ck_assert_ptr_nonnull(valid);
	mark_valid(valid);
	for (size_t place = 0; place < 1 << 24; place++) {
		char bytes[3] = { (char)(place >> 16),
				  (char)(place >> 8 & 0xff),
				  (char)(place & 0xff) };
		char out[KFRAG_TEXT_ESCAPED_SIZE(3)];
		size_t length = kfrag_text_escape(out, bytes, 3);

		/* Only sequences of exactly three are told apart here. */
		if (valid[place] == 3) {
			EXPECT(length == 3 && memcmp(out, bytes, 3) == 0);
			nr_whole++;
		} else if (place >> 20 == 0xe) {
			EXPECT(length > 3 && out[0] == '\\');
			nr_broken++;
		}
	}
	free(valid);
	/* 2^16 less those of one and two bytes and the surrogates. */
	ck_assert_uint_eq(nr_whole, 0x10000 - 0x800 - 0x800);
	ck_assert_uint_gt(nr_broken, 0);
}
END_TEST

START_TEST(all_characters)
{
	unsigned nr_escaped = 0;

	for (uint32_t value = 0; value < 0x110000; value++) {
		unsigned char bytes[4];
		char out[KFRAG_TEXT_ESCAPED_SIZE(4)];
		size_t size = encode(value, bytes);
		size_t length = kfrag_text_escape(out, (char *)bytes, size);
		bool stays = (value >= 0x20 && value < 0x7f) ||
			     (value >= 0xa0 && value < 0xd800) ||
			     value >= 0xe000;

		if (stays) {
			EXPECT(length == size && memcmp(out, bytes, size) == 0);
		} else {
			EXPECT_EQ(length, 4 * size);
			nr_escaped++;
		}
	}
	ck_assert_uint_eq(nr_escaped, 0x20 + 0x21 + 0x800);
}
END_TEST

/* Texts that are not what kfrag_text_escape() makes of the bytes they name. */
static const struct {
	const char *text;
	const char *bytes;
	size_t nr_bytes;
} unescapes[] = {
	{ "", BYTES("") },
	{ "dentry", BYTES("dentry") },
	{ "a\\x00b\\x7f", BYTES("a\0b\x7f") },
	{ "\\xff\\xfe", BYTES("\xff\xfe") },
	{ "\\xc2\\x85", BYTES("\xc2\x85") },
	/* No byte needs these; they are text, beside one that does. */
	{ "\\x41", BYTES("\\x41") },
	{ "\\x5c\\x0a", BYTES("\\x5c\n") },
	{ "\\xFF\\x0A", BYTES("\\xFF\\x0A") },
	{ "\\", BYTES("\\") },
	{ "\\x", BYTES("\\x") },
	{ "\\x0", BYTES("\\x0") },
	{ "\\x0g", BYTES("\\x0g") },
	{ "\\\\x00", BYTES("\\\0") },
	/* Together they would be a character that is shown: not from here. */
	{ "\\xc3\\xb6", BYTES("\\xc3\\xb6") },
	{ "\\xc3\xb6", BYTES("\\xc3\xb6") },
	{ "\\x00\\xc3\\xb6", BYTES("\\x00\\xc3\\xb6") },
	/* Text that is not safe to show comes from elsewhere too. */
	{ "a\nb", BYTES("a\nb") },
	{ "\xff\\x00", BYTES("\xff\\x00") },
};

START_TEST(known_unescape)
{
	const char *text = unescapes[_i].text;
	char out[32], again[KFRAG_TEXT_ESCAPED_SIZE(32)];
	size_t length;

	memset(out, '#', sizeof(out));
	length = kfrag_text_unescape(out, text, strlen(text));
	ck_assert_uint_eq(length, unescapes[_i].nr_bytes);
	ck_assert_mem_eq(out, unescapes[_i].bytes, length);
	ck_assert_int_eq(out[length], '\0');
	ck_assert_int_eq(out[strlen(text) + 1], '#');
	if (strpbrk(text, "\n\xff\xb6"))
		return;
	kfrag_text_escape(again, out, length);
	ck_assert_str_eq(again, text);
}
END_TEST

/*
 * Random bytes: what comes out is escaped for good, it can be read back, and
 * nothing is written behind the end.
 */
static size_t unescape(char *out, const char *text)
{
	char *start = out;

	for (; *text; text++) {
		if (text[0] == '\\' && text[1] == 'x') {
			const char digits[] = { text[2], text[3], '\0' };

			*out++ = (char)strtoul(digits, NULL, 16);
			text += 3;
		} else {
			*out++ = *text;
		}
	}
	return (size_t)(out - start);
}

START_TEST(random_bytes)
{
	struct kfrag_random random;
	unsigned nr_mixed = 0;

	kfrag_random_init(&random, (uint64_t)_i);
	for (int round = 0; round < 5000; round++) {
		/* Bytes of which characters are made, so that some are. */
		static const unsigned char likely[] = { 'a',  0xc2, 0xe2, 0xf0,
							0x82, 0xac, 0x9f, 0x90,
							0xa7, 0 };
		char bytes[24], once[KFRAG_TEXT_ESCAPED_SIZE(24) + 1];
		char twice[4 * sizeof(once)], back[24], undone[sizeof(once)];
		size_t size = fixture_random_size(&random, sizeof(bytes) + 1);
		size_t length;

		for (size_t i = 0; i < size; i++)
			bytes[i] = (char)likely[kfrag_random_below(
				&random, sizeof(likely))];
		once[KFRAG_TEXT_ESCAPED_SIZE(size)] = '#';
		length = kfrag_text_escape(once, bytes, size);
		EXPECT_EQ(once[KFRAG_TEXT_ESCAPED_SIZE(size)], '#');
		EXPECT_EQ(length, strlen(once));
		kfrag_text_escape(twice, once, length);
		EXPECT(strcmp(once, twice) == 0);
		EXPECT_EQ(unescape(back, once), size);
		EXPECT(memcmp(back, bytes, size) == 0);
		EXPECT_EQ(kfrag_text_unescape(undone, once, length), size);
		EXPECT(memcmp(undone, bytes, size) == 0);
		nr_mixed += length > size && length < 4 * size;
	}
	ck_assert_uint_gt(nr_mixed, 0);
}
END_TEST

Suite *text_suite(void)
{
	Suite *suite = suite_create("text");
	TCase *tc = tcase_create("text");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, known_text, 0, NR_OF(cases));
	tcase_add_loop_test(tc, known_unescape, 0, NR_OF(unescapes));
	tcase_add_test(tc, all_short_sequences);
	tcase_add_test(tc, all_characters);
	tcase_add_loop_test(tc, random_bytes, 1, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
