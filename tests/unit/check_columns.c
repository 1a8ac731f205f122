// SPDX-License-Identifier: MIT
#include "kfrag/columns.h"

#include <stdio.h>

#include "expect.h"

Suite *columns_suite(void);

/* The output contract: these names, in this order, forever. */
static const char contract_of_caches[] =
	"name,size_bytes,active_objs,num_objs,objs_per_slab,slab_order,"
	"num_slabs,kernel_held_bytes,kernel_idle_bytes,kernel_tail_bytes,"
	"buddy_order,buddy_peak_held_bytes,buddy_peak_internal_bytes,"
	"buddy_held_bytes,buddy_internal_bytes,buddy_failed_objs,slab_slabs,"
	"slab_held_bytes,slab_idle_bytes,slab_tail_bytes,slab_failed_objs";
static const char contract_of_totals[] =
	"allocator,state,live_objs,live_bytes,held_bytes,internal_bytes,"
	"idle_bytes,tail_bytes,free_bytes,free_blocks,largest_free_bytes,"
	"external_permille,bitmap_bytes,bookkeeping_bytes,memory_bytes,"
	"failed_objs,failed_fragmented_objs";
static const char contract_of_orders[] =
	"allocator,state,order,block_bytes,free_blocks,unusable_permille,"
	"fragmentation_permille,bitmap_bits";

static const char *const contract[KFRAG_NR_TABLES] = {
	[KFRAG_TABLE_CACHES] = contract_of_caches,
	[KFRAG_TABLE_TOTALS] = contract_of_totals,
	[KFRAG_TABLE_ORDERS] = contract_of_orders,
};

START_TEST(names_of_the_contract)
{
	enum kfrag_table_kind kind = (enum kfrag_table_kind)_i;
	size_t nr_columns, offset = 0;
	const struct kfrag_column *columns = kfrag_columns(kind, &nr_columns);

	for (size_t i = 0; i < nr_columns; i++) {
		size_t length = strlen(columns[i].name);

		ck_assert_int_eq(strncmp(contract[_i] + offset, columns[i].name,
					 length),
				 0);
		offset += length;
		ck_assert_int_eq(contract[_i][offset],
				 i + 1 < nr_columns ? ',' : '\0');
		offset++;
		ck_assert_ptr_eq(kfrag_column_find(kind, columns[i].name),
				 &columns[i]);
	}
	ck_assert_ptr_null(kfrag_column_find(kind, "size"));
	ck_assert_ptr_null(kfrag_column_find(kind, ""));
}
END_TEST

START_TEST(help_fits_a_line)
{
	size_t nr_columns;
	const struct kfrag_column *columns =
		kfrag_columns((enum kfrag_table_kind)_i, &nr_columns);

	for (size_t i = 0; i < nr_columns; i++) {
		size_t length = strlen(columns[i].help);

		ck_assert_uint_gt(length, 0);
		ck_assert_uint_le(strlen(columns[i].name), 25);
		ck_assert_uint_le(length, 52);
		ck_assert_int_ne(columns[i].help[length - 1], '.');
	}
}
END_TEST

START_TEST(names_of_tables)
{
	ck_assert_str_eq(kfrag_table_text(KFRAG_TABLE_CACHES), "caches");
	ck_assert_str_eq(kfrag_table_text(KFRAG_TABLE_TOTALS), "totals");
	ck_assert_str_eq(kfrag_table_text(KFRAG_TABLE_ORDERS), "orders");
}
END_TEST

/* A value in one line, whatever its kind. */
static void spell(const struct kfrag_value *value, char *out, size_t size)
{
	switch (value->kind) {
	case KFRAG_VALUE_UNSIGNED:
		snprintf(out, size, "%" PRIu64, value->number);
		break;
	case KFRAG_VALUE_SIGNED:
		snprintf(out, size, "%" PRId64, value->signed_number);
		break;
	case KFRAG_VALUE_UNKNOWN:
		snprintf(out, size, "?");
		break;
	case KFRAG_VALUE_BYTES_TEXT:
	case KFRAG_VALUE_WORD:
		snprintf(out, size, "%.*s", (int)value->text_bytes,
			 value->text);
		break;
	}
}

static void spell_row(enum kfrag_table_kind kind, const void *row, char *out,
		      size_t size)
{
	size_t nr_columns, length = 0;
	const struct kfrag_column *columns = kfrag_columns(kind, &nr_columns);

	for (size_t i = 0; i < nr_columns; i++) {
		struct kfrag_value value = columns[i].value(row);
		bool is_text = value.kind == KFRAG_VALUE_BYTES_TEXT ||
			       value.kind == KFRAG_VALUE_WORD;

		ck_assert_int_eq(columns[i].is_text, is_text);
		if (i > 0)
			out[length++] = ' ';
		spell(&value, out + length, size - length);
		length += strlen(out + length);
	}
}

/* Every member has another value, so that no two can be mixed up. */
START_TEST(values_of_a_cache)
{
	struct kfrag_cache_row row = {
		.name = "cache!",
		.name_bytes = 5,
		.line = 90,
		.active_slabs = 91,
		.size_bytes = 1,
		.active_objs = 2,
		.num_objs = 3,
		.objs_per_slab = 4,
		.slab_order = 5,
		.num_slabs = 6,
		.kernel_held_bytes = 7,
		.kernel_idle_bytes = 8,
		.kernel_tail_bytes = -9,
		.buddy_order = 10,
		.buddy_peak_held_bytes = 11,
		.buddy_peak_internal_bytes = 12,
		.buddy_held_bytes = 13,
		.buddy_internal_bytes = 14,
		.buddy_failed_objs = 15,
		.slab_slabs = 16,
		.slab_held_bytes = 17,
		.slab_idle_bytes = 18,
		.slab_tail_bytes = UINT64_MAX,
		.slab_failed_objs = 20,
	};
	char text[512];

	spell_row(KFRAG_TABLE_CACHES, &row, text, sizeof(text));
	ck_assert_str_eq(text, "cache 1 2 3 4 5 6 7 8 -9 10 11 12 13 14 15 16 "
			       "17 18 18446744073709551615 20");
}
END_TEST

START_TEST(values_of_a_total)
{
	struct kfrag_total_row row = {
		.allocator = KFRAG_SLAB,
		.state = KFRAG_PEAK,
		.live_objs = 1,
		.live_bytes = 2,
		.held_bytes = 3,
		.internal_bytes = kfrag_known(4),
		.idle_bytes = kfrag_known(5),
		.tail_known = true,
		.tail_bytes = -6,
		.free_bytes = kfrag_known(7),
		.free_blocks = kfrag_known(8),
		.largest_free_bytes = kfrag_known(9),
		.external_permille = kfrag_known(10),
		.bitmap_bytes = kfrag_known(11),
		.bookkeeping_bytes = kfrag_known(12),
		.memory_bytes = kfrag_known(13),
		.failed_objs = kfrag_known(14),
		.failed_fragmented_objs = kfrag_known(15),
	};
	char text[512];

	spell_row(KFRAG_TABLE_TOTALS, &row, text, sizeof(text));
	ck_assert_str_eq(text, "slab peak 1 2 3 4 5 -6 7 8 9 10 11 12 13 14 "
			       "15");
	row = (struct kfrag_total_row){ .allocator = KFRAG_KERNEL,
					.state = KFRAG_SETTLED,
					.tail_bytes = 77 };
	spell_row(KFRAG_TABLE_TOTALS, &row, text, sizeof(text));
	ck_assert_str_eq(text, "kernel settled 0 0 0 ? ? ? ? ? ? ? ? ? ? ? ?");
}
END_TEST

START_TEST(values_of_an_order)
{
	struct kfrag_order_row row = {
		.allocator = KFRAG_BUDDY,
		.state = KFRAG_SETTLED,
		.order = 1,
		.block_bytes = 2,
		.free_blocks = kfrag_known(3),
		.unusable_permille = kfrag_known(4),
		.fragmentation_known = true,
		.fragmentation_permille = -500,
		.bitmap_bits = 6,
	};
	char text[128];

	spell_row(KFRAG_TABLE_ORDERS, &row, text, sizeof(text));
	ck_assert_str_eq(text, "buddy settled 1 2 3 4 -500 6");
	row = (struct kfrag_order_row){ .fragmentation_permille = 77 };
	spell_row(KFRAG_TABLE_ORDERS, &row, text, sizeof(text));
	ck_assert_str_eq(text, "buddy peak 0 0 ? ? ? 0");
}
END_TEST

Suite *columns_suite(void)
{
	Suite *suite = suite_create("columns");
	TCase *tc = tcase_create("columns");

	tcase_add_loop_test(tc, names_of_the_contract, 0, KFRAG_NR_TABLES);
	tcase_add_loop_test(tc, help_fits_a_line, 0, KFRAG_NR_TABLES);
	tcase_add_test(tc, names_of_tables);
	tcase_add_test(tc, values_of_a_cache);
	tcase_add_test(tc, values_of_a_total);
	tcase_add_test(tc, values_of_an_order);
	suite_add_tcase(suite, tc);
	return suite;
}
