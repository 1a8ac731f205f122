// SPDX-License-Identifier: MIT
/* One cache of a report as text, data and picture, whatever its name. */
#include "capture.h"
#include "expect.h"
#include "fixture_report.h"
#include "kfrag/lesson_draw.h"

Suite *lesson_capture_suite(void);

enum form { FORM_TEXT, FORM_JSON, FORM_SVG, NR_FORMS };

static enum kfrag_error write_form(FILE *out, enum form form,
				   const struct kfrag_report *report,
				   const struct kfrag_cache_row *row)
{
	const struct kfrag_lesson_style style = { .is_ascii = true };

	switch (form) {
	case FORM_TEXT:
		return kfrag_lesson_write_cache(out, FIXTURE_SOURCE, report,
						row, style);
	case FORM_JSON:
		return kfrag_lesson_write_cache_json(out, FIXTURE_SOURCE,
						     report, row);
	default:
		return kfrag_lesson_write_cache_svg(out, FIXTURE_SOURCE, report,
						    row);
	}
}

/* Lines of printable text; of a picture, each begins and ends a tag. */
static void expect_clean(const char *text, enum form form)
{
	for (const char *at = text; *at; at++) {
		unsigned char byte = (unsigned char)*at;

		EXPECT(byte >= ' ' || byte == '\n');
		EXPECT(byte != 0x7f);
		if (form == FORM_SVG && byte == '\n') {
			EXPECT(at[-1] == '>');
			EXPECT(at[1] == '<' || at[1] == '\0');
		}
	}
}

static void expect_narrow(const char *text)
{
	size_t width = 0;

	for (; *text; text++) {
		width = *text == '\n' ?
				0 :
				width + (((unsigned char)*text & 0xc0) != 0x80);
		EXPECT(width <= 80);
	}
}

/* _i: a cache of the report, and a form. */
START_TEST(test_hostile)
{
	enum form form = (enum form)(_i % NR_FORMS);
	struct kfrag_report report;
	struct capture capture;
	const char *text;

	fixture_report_init(&report);
	capture_begin(&capture);
	ck_assert_int_eq(write_form(capture.out, form, &report,
				    &report.caches[_i / NR_FORMS]),
			 KFRAG_OK);
	text = capture_end(&capture);
	expect_clean(text, form);
	/* Figures of 20 digits have no room in a line, nor in any file. */
	if (form == FORM_TEXT && _i / NR_FORMS != FIXTURE_MAX)
		expect_narrow(text);
	capture_release(&capture);
	kfrag_report_release(&report);
}
END_TEST

/* SLAB has fewer slots in a slab than fit: so has the example of one. */
START_TEST(test_fewer_slots)
{
	struct kfrag_report report;
	struct capture capture;
	const char *text;

	fixture_report_sane(&report);
	report.caches[0].objs_per_slab = 3;
	capture_begin(&capture);
	ck_assert_int_eq(write_form(capture.out, FORM_TEXT, &report,
				    &report.caches[0]),
			 KFRAG_OK);
	text = capture_end(&capture);
	ck_assert_ptr_nonnull(strstr(text, ": #0 to #2, 1 in use"));
	ck_assert_ptr_nonnull(strstr(text, "and has 3 slots."));
	capture_release(&capture);
	kfrag_report_release(&report);
}
END_TEST

/* A cache without a name has an example all the same. */
START_TEST(test_no_name)
{
	struct kfrag_report report;
	struct capture capture;

	fixture_report_sane(&report);
	report.caches[0].name_bytes = 0;
	capture_begin(&capture);
	ck_assert_int_eq(write_form(capture.out, FORM_SVG, &report,
				    &report.caches[0]),
			 KFRAG_OK);
	ck_assert_ptr_nonnull(strstr(capture_end(&capture),
				     "Slabs of object: 1 object in 1 slab"));
	capture_release(&capture);
	kfrag_report_release(&report);
}
END_TEST

/* What a full disk takes no more is said. */
START_TEST(test_full_disk)
{
	struct kfrag_report report;
	struct full_stream stream;

	fixture_report_sane(&report);
	for (int form = FORM_JSON; form < NR_FORMS; form++) {
		full_stream_open(&stream);
		ck_assert_int_eq(write_form(stream.out, (enum form)form,
					    &report, &report.caches[0]),
				 KFRAG_EIO);
		fclose(stream.out);
	}
	kfrag_report_release(&report);
}
END_TEST

Suite *lesson_capture_suite(void)
{
	Suite *suite = suite_create("lesson_capture");
	TCase *tcase = tcase_create("cache");

	tcase_add_loop_test(tcase, test_hostile, 0,
			    NR_FORMS * FIXTURE_NR_CACHES);
	tcase_add_test(tcase, test_fewer_slots);
	tcase_add_test(tcase, test_no_name);
	tcase_add_test(tcase, test_full_disk);
	suite_add_tcase(suite, tcase);
	return suite;
}
