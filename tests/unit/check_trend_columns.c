// SPDX-License-Identifier: MIT
/* The columns and sort keys of trends. */
#include "kfrag/trend_output.h"

#include "capture.h"
#include "expect.h"
#include "fixture_report.h"
#include "fixture_trend.h"
#include "kfrag/csv.h"

Suite *trend_columns_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

/* -------------------------------------------------------------- columns */

/* The output contract: these names, in this order, forever. */
static const char *const contract[KFRAG_NR_TREND_TABLES] = {
	[KFRAG_TREND_CACHES] =
		"name,size_bytes,verdict,nr_samples,first_time,last_time,"
		"since_time,active_bytes_per_hour,total_bytes_per_hour,"
		"held_bytes_per_hour,doubling_seconds,first_active_objs,"
		"last_active_objs,first_num_objs,last_num_objs,"
		"first_num_slabs,last_num_slabs,first_kernel_held_bytes,"
		"last_kernel_held_bytes,first_kernel_idle_bytes,"
		"last_kernel_idle_bytes,min_active_objs,max_active_objs,"
		"needed_slabs,trapped_bytes,nr_turns,period_seconds,evidence",
	[KFRAG_TREND_TOTALS] =
		"time,time_ms,source,sample,nr_caches,active_objs,num_objs,"
		"num_slabs,live_bytes,kernel_held_bytes,kernel_idle_bytes,"
		"kernel_tail_bytes,page_size_bytes,moment",
	[KFRAG_TREND_SAMPLES] =
		"time,time_ms,name,size_bytes,active_objs,num_objs,"
		"objs_per_slab,slab_order,num_slabs,kernel_held_bytes,"
		"kernel_idle_bytes,kernel_tail_bytes,moment",
};

START_TEST(names_of_the_contract)
{
	const struct kfrag_column_set *set =
		kfrag_trend_columns((enum kfrag_trend_table)_i);
	char names[1024] = "";

	for (size_t i = 0; i < set->nr_columns; i++) {
		size_t length = strlen(names);

		snprintf(names + length, sizeof(names) - length, "%s%s",
			 i ? "," : "", set->columns[i].name);
		ck_assert_uint_gt(strlen(set->columns[i].help), 0);
		ck_assert_uint_le(strlen(set->columns[i].help), 52);
	}
	ck_assert_str_eq(names, contract[_i]);
}
END_TEST

/* The CSV of some columns of a table, for the caller to release. */
static const char *
write_csv(struct capture *capture, const struct fixture_trend *fixture,
	  enum kfrag_trend_table table, const char *columns, size_t nr_rows)
{
	struct kfrag_selection selection;
	size_t offset;

	ck_assert(
		!kfrag_trend_selection_init(&selection, &fixture->rows, table));
	ck_assert(!kfrag_selection_set_columns(&selection, columns, &offset));
	if (nr_rows < selection.nr_rows)
		selection.nr_rows = nr_rows;
	capture_begin(capture);
	ck_assert(!kfrag_csv_write(capture->out, &selection));
	kfrag_selection_release(&selection);
	return capture_end(capture);
}

static void expect_csv(const struct fixture_trend *fixture,
		       enum kfrag_trend_table table, const char *columns,
		       size_t nr_rows, const char *expected)
{
	struct capture capture;

	ck_assert_str_eq(write_csv(&capture, fixture, table, columns, nr_rows),
			 expected);
	capture_release(&capture);
}

START_TEST(values_of_caches)
{
	struct fixture_trend fixture;

	fixture_trend_init(&fixture, FIXTURE_TREND_SAMPLES, FIXTURE_HOURLY, 0);
	expect_csv(&fixture, KFRAG_TREND_CACHES,
		   "name,verdict,nr_samples,first_time,last_time,"
		   "first_active_objs,last_active_objs",
		   SIZE_MAX,
		   "name,verdict,nr_samples,first_time,last_time,"
		   "first_active_objs,last_active_objs\n"
		   "\"flat\",\"steady\",10,1700000000,1700032400,100,100\n"
		   "\"grown\",\"steady\",10,1700000000,1700032400,100,1000\n"
		   "\"fallen\",\"steady\",10,1700000000,1700032400,2000,400\n"
		   "\"wandering\",\"steady\",10,1700000000,1700032400,500,505\n"
		   "\"unused\",\"steady\",10,1700000000,1700032400,0,0\n"
		   "\"cyclic\",\"cyclic\",10,1700000000,1700032400,100,2100\n"
		   "\"trapped\",\"trapped\",10,1700000000,1700032400,2000,500\n"
		   "\"bloated\",\"bloat\",10,1700000000,1700032400,900,900\n"
		   "\"leaking\",\"leak\",10,1700000000,1700032400,1000,4600\n"
		   "\"late, \"\"\\x0a\\xff\",\"too-few\",2,1700028800,"
		   "1700032400,10,20\n");
	fixture_trend_release(&fixture);
}
END_TEST

START_TEST(values_of_one_cache)
{
	struct fixture_trend fixture;

	fixture_trend_init_some(&fixture, FIXTURE_TRAPPED, 1);
	expect_csv(&fixture, KFRAG_TREND_CACHES,
		   "first_num_objs,last_num_objs,first_num_slabs,"
		   "last_num_slabs,first_kernel_held_bytes,"
		   "last_kernel_held_bytes,first_kernel_idle_bytes,"
		   "last_kernel_idle_bytes,min_active_objs,max_active_objs,"
		   "needed_slabs,trapped_bytes,nr_turns,period_seconds",
		   1,
		   "first_num_objs,last_num_objs,first_num_slabs,"
		   "last_num_slabs,first_kernel_held_bytes,"
		   "last_kernel_held_bytes,first_kernel_idle_bytes,"
		   "last_kernel_idle_bytes,min_active_objs,max_active_objs,"
		   "needed_slabs,trapped_bytes,nr_turns,period_seconds\n"
		   "2000,1960,500,490,2048000,2007040,0,1495040,500,2000,125,"
		   "1495040,0,\n");
	fixture_trend_release(&fixture);
}
END_TEST

START_TEST(slopes_are_of_time)
{
	static const char columns[] =
		"active_bytes_per_hour,total_bytes_per_hour,"
		"held_bytes_per_hour,doubling_seconds,first_time";
	struct fixture_trend fixture;

	fixture_trend_init_some(&fixture, FIXTURE_LEAKING, 1);
	expect_csv(&fixture, KFRAG_TREND_CACHES, columns, 1,
		   "active_bytes_per_hour,total_bytes_per_hour,"
		   "held_bytes_per_hour,doubling_seconds,first_time\n"
		   "409588,409588,409588,41401,1700000000\n");
	fixture_trend_release(&fixture);
	fixture_trend_init(&fixture, FIXTURE_TREND_SAMPLES, FIXTURE_NO_TIMES,
			   0);
	expect_csv(&fixture, KFRAG_TREND_CACHES, columns, 1,
		   "active_bytes_per_hour,total_bytes_per_hour,"
		   "held_bytes_per_hour,doubling_seconds,first_time\n"
		   ",,,,\n");
	fixture_trend_release(&fixture);
}
END_TEST

START_TEST(values_of_totals)
{
	struct fixture_trend fixture;

	fixture_trend_init(&fixture, FIXTURE_TREND_SAMPLES, FIXTURE_HOURLY, 0);
	expect_csv(&fixture, KFRAG_TREND_TOTALS, contract[KFRAG_TREND_TOTALS],
		   2,
		   "time,time_ms,source,sample,nr_caches,active_objs,num_objs,"
		   "num_slabs,live_bytes,kernel_held_bytes,kernel_idle_bytes,"
		   "kernel_tail_bytes,page_size_bytes,moment\n"
		   "1700000000,0,\"first\",1,9,6700,6800,1700,6860800,6963200,"
		   "102400,0,4096,1\n"
		   "1700003600,100,\"first\",2,9,9200,9700,2425,9420800,"
		   "9932800,512000,0,4096,2\n");
	fixture_trend_release(&fixture);
}
END_TEST

START_TEST(values_of_samples)
{
	struct fixture_trend fixture;

	fixture_trend_init_some(&fixture, FIXTURE_TRAPPED, 2);
	expect_csv(&fixture, KFRAG_TREND_SAMPLES, contract[KFRAG_TREND_SAMPLES],
		   3,
		   "time,time_ms,name,size_bytes,active_objs,num_objs,"
		   "objs_per_slab,slab_order,num_slabs,kernel_held_bytes,"
		   "kernel_idle_bytes,kernel_tail_bytes,moment\n"
		   "1700000000,0,\"trapped\",1024,2000,2000,4,0,500,2048000,0,"
		   "0,1\n"
		   "1700000000,0,\"bloated\",1024,900,1000,4,0,250,1024000,"
		   "102400,0,1\n"
		   "1700003600,100,\"trapped\",1024,2000,2000,4,0,500,2048000,"
		   "0,0,2\n");
	fixture_trend_release(&fixture);
	fixture_trend_init(&fixture, 1, FIXTURE_NO_TIMES, 0);
	expect_csv(&fixture, KFRAG_TREND_SAMPLES, "time,time_ms,name,moment", 1,
		   "time,time_ms,name,moment\n,,\"flat\",1\n");
	fixture_trend_release(&fixture);
}
END_TEST

/* ------------------------------------------------------------ sort keys */

static const struct {
	const char *key;
	const char *names; /* the first three */
} sorts[] = {
	{ "verdict", "leaking bloated trapped" },
	{ "growth", "bloated leaking grown" },
	{ "a", "leaking cyclic grown" },
	{ "active", "leaking cyclic grown" },
	{ "c", "bloated leaking cyclic" },
	{ "o", "bloated leaking cyclic" },
	{ "l", "bloated leaking cyclic" },
	{ "b", "flat grown fallen" },
	{ "p", "flat grown fallen" },
	{ "s", "flat grown fallen" },
	{ "n", "bloated cyclic fallen" },
	{ "u", "flat grown fallen" },
	{ "trapped_bytes", "bloated trapped flat" },
	{ "held_bytes_per_hour", "bloated leaking grown" },
};

START_TEST(sorting)
{
	struct kfrag_selection selection;
	struct fixture_trend fixture;
	struct kfrag_sort_key key;
	char names[128] = "";

	fixture_trend_init(&fixture, FIXTURE_TREND_SAMPLES, FIXTURE_HOURLY, 0);
	ck_assert(!kfrag_trend_selection_init(&selection, &fixture.rows,
					      KFRAG_TREND_CACHES));
	ck_assert(kfrag_trend_sort_key_find(sorts[_i].key, &key));
	ck_assert(!kfrag_selection_sort(&selection, &key));
	for (int i = 0; i < 3; i++) {
		const struct kfrag_trend_row *row = selection.rows[i];
		const char *name = row->trend->series->name;
		size_t length = strlen(names);

		snprintf(names + length, sizeof(names) - length, "%s%.*s",
			 i ? " " : "", (int)strcspn(name, " "), name);
	}
	ck_assert_str_eq(names, sorts[_i].names);
	kfrag_selection_release(&selection);
	fixture_trend_release(&fixture);
}
END_TEST

START_TEST(sort_keys)
{
	struct kfrag_sort_key key;
	size_t nr_keys;
	const struct kfrag_sort_key *keys = kfrag_trend_sort_keys(&nr_keys);

	for (size_t i = 0; i < nr_keys; i++) {
		ck_assert(kfrag_trend_sort_key_find(keys[i].word, &key));
		ck_assert_str_eq(key.word, keys[i].word);
	}
	ck_assert(!kfrag_trend_sort_key_find("waste", &key));
	ck_assert(!kfrag_trend_sort_key_find("", &key));
}
END_TEST

Suite *trend_columns_suite(void)
{
	Suite *suite = suite_create("trend_columns");
	TCase *tc = tcase_create("trend_columns");

	tcase_add_loop_test(tc, names_of_the_contract, 0,
			    KFRAG_NR_TREND_TABLES);
	tcase_add_test(tc, values_of_caches);
	tcase_add_test(tc, values_of_one_cache);
	tcase_add_test(tc, slopes_are_of_time);
	tcase_add_test(tc, values_of_totals);
	tcase_add_test(tc, values_of_samples);
	tcase_add_loop_test(tc, sorting, 0, NR_OF(sorts));
	tcase_add_test(tc, sort_keys);
	suite_add_tcase(suite, tc);
	return suite;
}
