// SPDX-License-Identifier: MIT
/*
 * Reads any bytes as a condition on a report's tables and on a comparison's.
 * A good one is held against rows that are made of the same bytes, and so is
 * its opposite: each known row meets one of the two. A wrong one has a place
 * and a message.
 */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/condition.h"
#include "kfrag/diff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NR_ROWS 3

struct rows {
	struct kfrag_cache_row caches[NR_ROWS];
	struct kfrag_cache_pair pairs[NR_ROWS];
	struct kfrag_total_row totals[NR_ROWS];
	struct kfrag_total_pair total_pairs[NR_ROWS];
	struct kfrag_order_row orders[NR_ROWS];
};

/* Any figure, and now and then an end of 64 bits. */
static uint64_t figure(const uint8_t *data, size_t size, size_t index)
{
	static const uint64_t ends[] = { 0, 1, INT64_MAX,
					 (uint64_t)INT64_MAX + 1, UINT64_MAX };
	uint64_t value = size > 0 ? data[index % size] : 0;

	return value % 8 < 5 ? ends[value % 8] : value * 4096;
}

static void fill_caches(struct rows *rows, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < NR_ROWS; i++) {
		struct kfrag_cache_row *row = &rows->caches[i];

		row->name = (const char *)data;
		row->name_bytes = size < 4 * i ? size : 4 * i;
		row->active_objs = figure(data, size, i);
		row->num_objs = figure(data, size, i + 1);
		row->kernel_held_bytes = figure(data, size, i + 2);
		row->kernel_idle_bytes = figure(data, size, i + 3);
		row->kernel_tail_bytes =
			(int64_t)(figure(data, size, i + 4) - INT64_MAX);
		row->slab_held_bytes = figure(data, size, i + 5);
		rows->pairs[i].old_row = i == 1 ? NULL : row;
		rows->pairs[i].new_row = i == 2 ? NULL : &rows->caches[0];
		rows->pairs[i].status = (enum kfrag_status)i;
	}
}

static void fill(struct rows *rows, const uint8_t *data, size_t size)
{
	*rows = (struct rows){ 0 };
	fill_caches(rows, data, size);
	for (size_t i = 0; i < NR_ROWS; i++) {
		rows->totals[i].allocator = (enum kfrag_allocator)i;
		rows->totals[i].held_bytes = figure(data, size, i);
		rows->totals[i].free_bytes =
			kfrag_known(figure(data, size, i + 1));
		rows->totals[i].memory_bytes =
			kfrag_known(figure(data, size, i + 2));
		rows->total_pairs[i].old_row = &rows->totals[i];
		rows->total_pairs[i].new_row = &rows->totals[0];
		rows->orders[i].order = (unsigned)i;
		rows->orders[i].free_blocks =
			kfrag_known(figure(data, size, i + 3));
	}
}

struct counter {
	const struct kfrag_condition *condition;
	size_t nr_taken;
};

static void count(void *context, const struct kfrag_condition_hit *hit)
{
	struct counter *counter = context;

	assert((hit->row == NULL) == counter->condition->is_total);
	assert(!hit->part.is_negative || hit->part.magnitude > 0);
	counter->nr_taken++;
}

static enum kfrag_error evaluate(const struct kfrag_condition *condition,
				 const void *rows, size_t row_bytes,
				 struct kfrag_condition_counts *counts)
{
	const struct kfrag_condition_memory memory = { 1 << 30, 1 << 20 };
	struct counter counter = { .condition = condition };
	const void *places[NR_ROWS];
	enum kfrag_error error;

	for (size_t i = 0; i < NR_ROWS; i++)
		places[i] = (const char *)rows + i * row_bytes;
	error = kfrag_condition_evaluate(condition, places, NR_ROWS, &memory,
					 count, &counter, counts);
	assert(error == KFRAG_OK || error == KFRAG_EOVERFLOW);
	assert(error || counts->nr_hits == counter.nr_taken);
	assert(counts->nr_hits <= counts->nr_known);
	assert(counts->nr_known <= counts->nr_rows);
	assert(counts->nr_rows <= NR_ROWS);
	return error;
}

static enum kfrag_condition_op opposite(enum kfrag_condition_op op)
{
	static const enum kfrag_condition_op opposites[] = {
		[KFRAG_ABOVE] = KFRAG_AT_MOST,	[KFRAG_AT_MOST] = KFRAG_ABOVE,
		[KFRAG_BELOW] = KFRAG_AT_LEAST, [KFRAG_AT_LEAST] = KFRAG_BELOW,
		[KFRAG_EQUAL] = KFRAG_UNEQUAL,	[KFRAG_UNEQUAL] = KFRAG_EQUAL,
	};

	return opposites[op];
}

static void check_good(struct kfrag_condition *condition, const void *rows,
		       size_t row_bytes)
{
	struct kfrag_condition_counts counts, others;
	enum kfrag_error error = evaluate(condition, rows, row_bytes, &counts);

	assert(condition->scale >= 1 || condition->word);
	condition->op = opposite(condition->op);
	assert(evaluate(condition, rows, row_bytes, &others) == error);
	assert(error || counts.nr_rows == others.nr_rows);
	assert(error || counts.nr_known == others.nr_known);
	assert(error || counts.nr_hits + others.nr_hits == counts.nr_known);
}

static void check_fault(const struct kfrag_condition *condition,
			const struct kfrag_condition_fault *fault,
			const char *text)
{
	assert(fault->offset <= strlen(text));
	assert(fault->message[0] != '\0');
	for (const char *at = fault->message; *at; at++)
		assert(*at >= ' ' && *at <= '~');
	assert(!condition->text && !condition->storage);
}

/* Parsed for the sets, and held against the rows of the table that it names. */
static void
check_text(const char *text, const struct kfrag_column_set *const *sets,
	   size_t nr_sets, const void *const *tables, const size_t *row_bytes)
{
	struct kfrag_condition condition;
	struct kfrag_condition_fault fault;

	if (kfrag_condition_parse(&condition, text, sets, nr_sets, &fault))
		check_fault(&condition, &fault, text);
	else
		check_good(&condition, tables[condition.table],
			   row_bytes[condition.table]);
	kfrag_condition_release(&condition);
}

static void check_report(const struct rows *rows, const char *text)
{
	const void *const tables[] = { rows->caches, rows->totals,
				       rows->orders };
	static const size_t sizes[] = { sizeof(rows->caches[0]),
					sizeof(rows->totals[0]),
					sizeof(rows->orders[0]) };
	const struct kfrag_column_set *sets[KFRAG_NR_TABLES];

	for (int i = 0; i < KFRAG_NR_TABLES; i++)
		sets[i] = kfrag_table_columns((enum kfrag_table_kind)i);
	check_text(text, sets, KFRAG_NR_TABLES, tables, sizes);
}

static void check_diff(const struct rows *rows, const char *text)
{
	const void *const tables[] = { rows->pairs, rows->total_pairs };
	static const size_t sizes[] = { sizeof(rows->pairs[0]),
					sizeof(rows->total_pairs[0]) };
	const struct kfrag_column_set *sets[KFRAG_NR_DIFFS];

	for (int i = 0; i < KFRAG_NR_DIFFS; i++)
		sets[i] = kfrag_diff_columns((enum kfrag_diff_kind)i);
	check_text(text, sets, KFRAG_NR_DIFFS, tables, sizes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct rows rows;

	assert(text);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	fill(&rows, data, size);
	check_report(&rows, text);
	check_diff(&rows, text);
	free(text);
	return 0;
}
