/* SPDX-License-Identifier: MIT */
#ifndef TABLE_PAGE_H
#define TABLE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "capture.h"
#include "kfrag/report.h"
#include "kfrag/table.h"

/* A report, what is asked of it, and how it comes out. */
struct table_page {
	struct kfrag_report report;
	const char *source;
	const char *key; /* NULL: the file's order */
	bool reversed;
	size_t nr_matching; /* the first so many rows match; 0: all */
	size_t nr_lines; /* 0: all */
	struct kfrag_table_style style;
	struct capture capture;
};

void table_page_init(struct table_page *page,
		     void (*make_report)(struct kfrag_report *report),
		     unsigned width);
void table_page_release(struct table_page *page);

/* Writes it anew; the text lives until the next time. */
const char *table_page_text(struct table_page *page);

/* The text written last, which the caller frees. */
char *table_page_take(struct table_page *page);

#endif
