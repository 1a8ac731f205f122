// SPDX-License-Identifier: MIT
/* The lecture's sum over a capture. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/units.h"
#include "output/fit.h"
#include "output/lesson_capture_parts.h"
#include "output/lesson_parts.h"
#include "output/paragraph.h"
#include "output/scratch.h"

#define NAME_WIDTH 24

static int compare_rows(const void *left, const void *right)
{
	const struct kfrag_lesson_waste_row *a = left, *b = right;

	if (a->waste.lost_bytes != b->waste.lost_bytes)
		return a->waste.lost_bytes < b->waste.lost_bytes ? 1 : -1;
	return a->cache < b->cache ? -1 : a->cache > b->cache;
}

static enum kfrag_error write_row(FILE *out,
				  const struct kfrag_lesson_waste_row *row)
{
	const struct kfrag_record *record = row->cache->record;
	char size[KFRAG_UNITS_SIZE], objs[KFRAG_UNITS_SIZE];
	char block[KFRAG_LESSON_SIZE_TEXT], lost[KFRAG_UNITS_SIZE];
	struct kfrag_scratch scratch = { 0 };
	char *name = kfrag_scratch_escape(&scratch, record->name,
					  record->name_bytes);

	if (!name)
		return KFRAG_ENOMEM;
	kfrag_fit_shorten(name, NAME_WIDTH);
	fprintf(out, "%s%*s", name, NAME_WIDTH - (int)kfrag_fit_width(name),
		"");
	fprintf(out, "%10s%12s%10s%13s%s\n",
		kfrag_units_count(row->cache->size_bytes, size),
		kfrag_units_count(row->waste.nr_objs, objs),
		kfrag_lesson_size(row->waste.block_bytes, block),
		kfrag_units_bytes(row->waste.lost_bytes, lost),
		kfrag_lesson_is_misjudged(row) ? "  (!)" : "");
	kfrag_scratch_release(&scratch);
	return KFRAG_OK;
}

/* All rows that the script gets wrong are behind the first ones. */
static enum kfrag_error
write_rows(FILE *out, const struct kfrag_lesson_waste_row *rows, size_t nr_rows)
{
	enum kfrag_error error = KFRAG_OK;
	size_t nr_left = 0;

	fprintf(out, "%-*s%10s%12s%10s%13s\n", NAME_WIDTH, "CACHE", "SIZE",
		"OBJECTS", "BLOCK", "LOST");
	for (size_t i = 0; i < nr_rows && !error; i++) {
		if (i < KFRAG_LESSON_WASTE_ROWS ||
		    kfrag_lesson_is_misjudged(&rows[i]))
			error = write_row(out, &rows[i]);
		else
			nr_left++;
	}
	if (nr_left)
		fprintf(out, "(and %zu more, which lose less)\n", nr_left);
	fputc('\n', out);
	return error;
}

static void write_sums(FILE *out, const struct kfrag_lesson_waste *sum)
{
	char bytes[KFRAG_UNITS_SIZE], size[KFRAG_UNITS_SIZE];

	fprintf(out, "The lecture's script finds %20s bytes, %s\n",
		kfrag_units_count(sum->script_bytes, bytes),
		kfrag_units_bytes(sum->script_bytes, size));
	fprintf(out, "Really lost are            %20s bytes, %s\n",
		kfrag_units_count(sum->lost_bytes, bytes),
		kfrag_units_bytes(sum->lost_bytes, size));
	fprintf(out, "The script misses          %20s bytes, %s\n\n",
		kfrag_units_count(sum->lost_bytes - sum->script_bytes, bytes),
		kfrag_units_bytes(sum->lost_bytes - sum->script_bytes, size));
}

/* The row that the script misses most of; NULL: it is right. */
static const struct kfrag_lesson_waste_row *
find_worst(const struct kfrag_lesson_waste_row *rows, size_t nr_rows)
{
	for (size_t i = 0; i < nr_rows; i++)
		if (kfrag_lesson_is_misjudged(&rows[i]))
			return &rows[i];
	return NULL;
}

/* An object that the script misjudges, or would. */
static int put_reason(const struct kfrag_lesson_waste_row *worst,
		      uint64_t page_bytes,
		      char words[KFRAG_LESSON_CAPTURE_WORDS])
{
	uint64_t size_bytes = 3 * page_bytes, block_bytes = 4 * page_bytes;
	char size[KFRAG_UNITS_SIZE], block[KFRAG_UNITS_SIZE];
	char each[KFRAG_UNITS_SIZE], page[KFRAG_LESSON_SIZE_TEXT];

	if (worst) {
		size_bytes = worst->cache->size_bytes;
		block_bytes = worst->waste.block_bytes;
	}
	kfrag_units_count(size_bytes, size);
	kfrag_units_count(block_bytes, block);
	kfrag_units_count(block_bytes - size_bytes, each);
	return snprintf(
		words, KFRAG_LESSON_CAPTURE_WORDS,
		"The script takes the loss of a size that is a multiple of the "
		"page, %s, as 0. That holds for 1, 2, 4, 8, ... pages. But "
		"%s bytes are %" PRIu64
		" pages, and no block has as many: the object takes one of "
		"%" PRIu64 ", %s bytes, and %s of them are lost. ",
		kfrag_lesson_size(page_bytes, page), size,
		size_bytes / page_bytes, block_bytes / page_bytes, block, each);
}

const char *kfrag_lesson_waste_reason(const struct kfrag_lesson_waste_row *rows,
				      size_t nr_rows, uint64_t page_bytes,
				      char words[KFRAG_LESSON_CAPTURE_WORDS])
{
	const struct kfrag_lesson_waste_row *worst = find_worst(rows, nr_rows);
	char objs[KFRAG_UNITS_SIZE], all[KFRAG_UNITS_SIZE];
	size_t length = (size_t)put_reason(worst, page_bytes, words);

	if (worst)
		snprintf(words + length, KFRAG_LESSON_CAPTURE_WORDS - length,
			 "There are %s such objects in one cache alone: %s "
			 "bytes that the script does not see. Rows like it "
			 "have a (!) above.",
			 kfrag_units_count(worst->waste.nr_objs, objs),
			 kfrag_units_count(worst->waste.lost_bytes, all));
	else
		snprintf(words + length, KFRAG_LESSON_CAPTURE_WORDS - length,
			 "This capture has no objects of such a size, so the "
			 "script is right here.");
	return words;
}

struct kfrag_lesson_waste_row *
kfrag_lesson_waste_rows(const struct kfrag_workload *workload)
{
	struct kfrag_lesson_waste_row *rows =
		calloc(workload->nr_caches + 1, sizeof(*rows));

	for (size_t i = 0; rows && i < workload->nr_caches; i++) {
		rows[i].cache = &workload->caches[i];
		rows[i].waste = kfrag_lesson_waste_of(workload, rows[i].cache);
	}
	if (rows)
		qsort(rows, workload->nr_caches, sizeof(*rows), compare_rows);
	return rows;
}

enum kfrag_error kfrag_lesson_write_waste(FILE *out, const char *source,
					  const struct kfrag_workload *workload)
{
	struct kfrag_lesson_waste sum = kfrag_lesson_waste_sum(workload);
	struct kfrag_lesson_waste_row *rows = kfrag_lesson_waste_rows(workload);
	char objs[KFRAG_UNITS_SIZE], page[KFRAG_LESSON_SIZE_TEXT];
	char words[KFRAG_LESSON_CAPTURE_WORDS];
	enum kfrag_error error = KFRAG_ENOMEM;

	if (rows)
		error = kfrag_lesson_write_text(
			out, "",
			(struct kfrag_lesson_text){ source, strlen(source) });
	if (!error)
		error = kfrag_paragraph_write(
			out, KFRAG_LESSON_WIDTH - 1,
			"%zu caches, %s objects, in use or idle; pages of %s. "
			"If each object had a block of its own, a power of "
			"two of pages, what would be lost?\n",
			workload->nr_caches,
			kfrag_units_count(sum.nr_objs, objs),
			kfrag_lesson_size(workload->page_size_bytes, page));
	if (!error)
		error = write_rows(out, rows, workload->nr_caches);
	if (!error) {
		write_sums(out, &sum);
		error = kfrag_paragraph_write(
			out, KFRAG_LESSON_WIDTH - 1, "%s",
			kfrag_lesson_waste_reason(rows, workload->nr_caches,
						  workload->page_size_bytes,
						  words));
	}
	free(rows);
	return error;
}
