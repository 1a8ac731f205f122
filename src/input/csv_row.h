/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CSV_ROW_H
#define KFRAG_CSV_ROW_H

/* One line of CSV, read without a look at any other but the header. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <csv.h>

#include "input/slabinfo_line.h"
#include "kfrag/snapshot.h"

enum kfrag_csv_field {
	KFRAG_CSV_NAME,
	KFRAG_CSV_SIZE,
	KFRAG_CSV_ACTIVE,
	KFRAG_CSV_NUM,
	KFRAG_CSV_PER_SLAB,
	KFRAG_CSV_ORDER,
	KFRAG_CSV_SLABS,
	KFRAG_CSV_NR_NEEDED,
	KFRAG_CSV_HELD = KFRAG_CSV_NR_NEEDED,
	KFRAG_CSV_TIME,
	KFRAG_CSV_TIME_MS,
	KFRAG_CSV_MOMENT,
	KFRAG_CSV_NR_FIELDS,
	KFRAG_CSV_NONE /* a column that is passed over */
};

struct kfrag_csv_row {
	bool is_blank; /* a line without a field; nothing else is then set */
	bool has_time;
	bool has_held;
	uint64_t time;
	uint64_t time_ms; /* below 1000 */
	uint64_t moment; /* 0: not said */
	uint64_t held_bytes;
	uint64_t slab_order;
	/* Unless lost by a diag. The name lies in the reader. */
	struct kfrag_record record;
	unsigned nr_diags;
	struct kfrag_diag diags[2]; /* ascending columns; lost by the last */
};

struct kfrag_csv_reader {
	struct csv_parser csv;
	/* What each column is; those behind are passed over. */
	unsigned char fields[256];
	size_t nr_columns;
	char *name; /* the row's, bytes as they were */
	size_t name_room;
	/* Of the line at hand. */
	struct kfrag_csv_row *row;
	size_t nr_fields;
	size_t bad_field; /* index of the first that cannot be read */
	enum kfrag_diag_code bad_code; /* KFRAG_DIAG_LOST: there is none */
	bool is_over; /* its row has ended */
	bool is_short_of_memory;
};

/*
 * Reads the header. Returns false where memory is short. *found tells which
 * fields there are, a bit for each.
 */
bool kfrag_csv_reader_init(struct kfrag_csv_reader *reader,
			   const struct kfrag_text_line *header,
			   unsigned *found);
void kfrag_csv_reader_release(struct kfrag_csv_reader *reader);

/* "name", "size_bytes", ... */
const char *kfrag_csv_field_text(enum kfrag_csv_field field);

/* Fills row, whatever the text holds. Returns false where memory is short. */
bool kfrag_csv_row_read(struct kfrag_csv_row *row,
			struct kfrag_csv_reader *reader,
			const struct kfrag_text_line *text);

/* Whether a diag of the row loses it. */
bool kfrag_csv_row_is_lost(const struct kfrag_csv_row *row);

#endif
