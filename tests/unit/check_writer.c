// SPDX-License-Identifier: MIT
#include "output/writer.h"

#include "capture.h"
#include "expect.h"

Suite *writer_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

static const struct {
	struct kfrag_value value;
	const char *digits;
} numbers[] = {
	{ { .kind = KFRAG_VALUE_UNSIGNED, .number = 0 }, "0" },
	{ { .kind = KFRAG_VALUE_UNSIGNED, .number = 9 }, "9" },
	{ { .kind = KFRAG_VALUE_UNSIGNED, .number = 10 }, "10" },
	{ { .kind = KFRAG_VALUE_UNSIGNED, .number = 1002003 }, "1002003" },
	{ { .kind = KFRAG_VALUE_UNSIGNED, .number = UINT64_MAX },
	  "18446744073709551615" },
	{ { .kind = KFRAG_VALUE_SIGNED, .signed_number = 0 }, "0" },
	{ { .kind = KFRAG_VALUE_SIGNED, .signed_number = -1 }, "-1" },
	{ { .kind = KFRAG_VALUE_SIGNED, .signed_number = -500 }, "-500" },
	{ { .kind = KFRAG_VALUE_SIGNED, .signed_number = INT64_MAX },
	  "9223372036854775807" },
	{ { .kind = KFRAG_VALUE_SIGNED, .signed_number = INT64_MIN },
	  "-9223372036854775808" },
	{ { .kind = KFRAG_VALUE_UNKNOWN }, "null" },
};

START_TEST(numbers_as_digits)
{
	char buf[KFRAG_NUMBER_SIZE];
	struct kfrag_digits digits =
		kfrag_value_digits(&numbers[_i].value, "null", buf);

	ck_assert_str_eq(digits.text, numbers[_i].digits);
	ck_assert_uint_eq(digits.bytes, strlen(numbers[_i].digits));
}
END_TEST

START_TEST(pieces_in_their_order)
{
	struct kfrag_value value = { .kind = KFRAG_VALUE_UNSIGNED,
				     .number = 4096 };
	struct kfrag_writer writer;
	struct capture capture;

	capture_begin(&capture);
	kfrag_writer_init(&writer, capture.out);
	kfrag_writer_text(&writer, "a");
	kfrag_writer_format(&writer, "%d,", 1);
	kfrag_writer_digits(&writer, &value, "");
	kfrag_writer_char(&writer, '\n');
	kfrag_writer_bytes(&writer, "\0b", 2);
	kfrag_writer_text(&writer, "");
	kfrag_writer_format(&writer, "%s", "c");
	ck_assert_int_eq(kfrag_writer_end(&writer, KFRAG_OK), KFRAG_OK);
	capture_end(&capture);
	ck_assert_uint_eq(capture.bytes, 11);
	ck_assert_mem_eq(capture.text, "a1,4096\n\0bc", 11);
	capture_release(&capture);
}
END_TEST

/* What is written around the place where the writer is full. */
static void check_edge(size_t before, size_t piece)
{
	static char text[2 * KFRAG_WRITER_SIZE + 3];
	struct kfrag_writer writer;
	struct capture capture;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('!' + i % 89);
	capture_begin(&capture);
	kfrag_writer_init(&writer, capture.out);
	for (size_t i = 0; i < before; i++)
		kfrag_writer_char(&writer, text[i]);
	kfrag_writer_bytes(&writer, text + before, piece);
	kfrag_writer_char(&writer, text[before + piece]);
	ck_assert_int_eq(kfrag_writer_end(&writer, KFRAG_OK), KFRAG_OK);
	capture_end(&capture);
	ck_assert_uint_eq(capture.bytes, before + piece + 1);
	ck_assert_mem_eq(capture.text, text, before + piece + 1);
	capture_release(&capture);
}

START_TEST(pieces_longer_than_the_room)
{
	static const size_t sizes[] = { 0,
					1,
					2,
					KFRAG_WRITER_SIZE - 1,
					KFRAG_WRITER_SIZE,
					KFRAG_WRITER_SIZE + 1 };

	for (size_t i = 0; i < NR_OF(sizes); i++)
		for (size_t j = 0; j < NR_OF(sizes); j++)
			check_edge(sizes[i], sizes[j]);
}
END_TEST

START_TEST(the_first_error_counts)
{
	struct kfrag_writer writer;
	struct full_stream stream;

	full_stream_open(&stream);
	kfrag_writer_init(&writer, stream.out);
	for (int i = 0; i < 1000; i++)
		kfrag_writer_char(&writer, 'x');
	ck_assert_int_eq(kfrag_writer_end(&writer, KFRAG_OK), KFRAG_EIO);
	kfrag_writer_init(&writer, stream.out);
	ck_assert_int_eq(kfrag_writer_end(&writer, KFRAG_ENOMEM), KFRAG_ENOMEM);
	fclose(stream.out);
}
END_TEST

Suite *writer_suite(void)
{
	Suite *suite = suite_create("writer");
	TCase *core = tcase_create("core");

	tcase_add_loop_test(core, numbers_as_digits, 0, (int)NR_OF(numbers));
	tcase_add_test(core, pieces_in_their_order);
	tcase_add_test(core, pieces_longer_than_the_room);
	tcase_add_test(core, the_first_error_counts);
	suite_add_tcase(suite, core);
	return suite;
}
