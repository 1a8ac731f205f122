// SPDX-License-Identifier: MIT
#include "expect_slabinfo.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "kfrag/slabinfo.h"

void expect_figures(const struct kfrag_record *record,
		    const struct kfrag_record *expected)
{
	ck_assert_uint_eq(record->line, expected->line);
	ck_assert_uint_eq(record->active_objs, expected->active_objs);
	ck_assert_uint_eq(record->num_objs, expected->num_objs);
	ck_assert_uint_eq(record->size_bytes, expected->size_bytes);
	ck_assert_uint_eq(record->objs_per_slab, expected->objs_per_slab);
	ck_assert_uint_eq(record->pages_per_slab, expected->pages_per_slab);
	ck_assert_uint_eq(record->active_slabs, expected->active_slabs);
	ck_assert_int_eq(record->active_slabs_unknown,
			 expected->active_slabs_unknown);
	ck_assert_uint_eq(record->num_slabs, expected->num_slabs);
}

void expect_record_of(const struct kfrag_snapshot *whole,
		      const struct kfrag_record *record)
{
	for (size_t i = 0; i < whole->nr_records; i++) {
		const struct kfrag_record *expected = &whole->records[i];

		if (expected->line != record->line)
			continue;
		expect_figures(record, expected);
		ck_assert_uint_eq(record->name_bytes, expected->name_bytes);
		ck_assert_mem_eq(record->name, expected->name,
				 record->name_bytes + 1);
		return;
	}
	ck_abort_msg("line %u is no row of the whole text",
		     (unsigned)record->line);
}

void expect_diag(const struct kfrag_diag *diag,
		 const struct kfrag_diag *expected)
{
	ck_assert_int_eq(diag->code, expected->code);
	ck_assert_uint_eq(diag->line, expected->line);
	ck_assert_uint_eq(diag->column, expected->column);
	ck_assert_uint_eq(diag->a, expected->a);
	ck_assert_uint_eq(diag->b, expected->b);
}

void expect_parse(struct kfrag_recording *recording, const char *text,
		  size_t bytes)
{
	char *copy = malloc(bytes ? bytes : 1);
	enum kfrag_error error;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, bytes);
	error = kfrag_slabinfo_parse(recording, copy, bytes);
	free(copy);
	ck_assert_int_eq(error,
			 recording->nr_snapshots ? KFRAG_OK : KFRAG_EFORMAT);
}
