// SPDX-License-Identifier: MIT
/* From what kernel and machine the rows of a bill are. */
#include <inttypes.h>
#include <stdio.h>

#include "output/bill_sections.h"
#include "output/figures.h"
#include "output/fit.h"
#include "output/paragraph.h"
#include "output/scratch.h"

/* So many rows of a kind that do not fit are named. */
#define MAX_NAMED 4
#define NAME_WIDTH 30
/* A character is four bytes at most. */
#define NAMES_SIZE (MAX_NAMED * (4 * NAME_WIDTH + 2) + 1)

/* "", ", 1 CPU", ", 2 to 3 CPUs", ", 64 CPUs or more". */
static void describe_cpus(const struct kfrag_geometry_fit *fit, char *buf,
			  size_t size)
{
	char least[KFRAG_UNITS_SIZE], most[KFRAG_UNITS_SIZE];

	*buf = '\0';
	if (fit->max_cpus == 0 && fit->min_cpus <= 1)
		return;
	kfrag_units_count(fit->min_cpus, least);
	kfrag_units_count(fit->max_cpus, most);
	if (fit->max_cpus == 0)
		snprintf(buf, size, ", %s CPUs or more", least);
	else if (fit->min_cpus == fit->max_cpus)
		snprintf(buf, size, ", %s CPU%s", least,
			 fit->max_cpus == 1 ? "" : "s");
	else
		snprintf(buf, size, ", %s to %s CPUs", least, most);
}

/* Those without which rows would not fit: ", slub_max_order=0". */
static void describe_boot(const struct kfrag_world *world, char *buf,
			  size_t size)
{
	const struct {
		const char *name;
		struct kfrag_opt value;
	} parameters[] = {
		{ "slub_min_order", world->slub_min_order },
		{ "slub_max_order", world->slub_max_order },
		{ "slub_min_objects", world->slub_min_objects },
		{ "slab_max_order", world->slab_max_order },
	};
	size_t length = 0;

	*buf = '\0';
	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
		if (parameters[i].value.known)
			length += (size_t)snprintf(buf + length, size - length,
						   ", %s=%" PRIu64,
						   parameters[i].name,
						   parameters[i].value.value);
}

static enum kfrag_error write_world(const struct kfrag_bill_page *page)
{
	const struct kfrag_bill *bill = page->run->bill;
	const struct kfrag_geometry_fit *fit = bill->fit;
	char page_size[KFRAG_UNITS_SIZE], cpus[3 * KFRAG_UNITS_SIZE];
	char boot[4 * KFRAG_UNITS_SIZE], others[KFRAG_UNITS_SIZE] = "";
	char explained[KFRAG_UNITS_SIZE], all[KFRAG_UNITS_SIZE];

	kfrag_figure_round_bytes(bill->page_size_bytes, page_size);
	describe_cpus(fit, cpus, sizeof(cpus));
	describe_boot(&fit->world, boot, sizeof(boot));
	if (fit->first_era != fit->last_era)
		snprintf(others, sizeof(others), " (%s to %s fit alike)",
			 kfrag_era_range(fit->first_era)->name,
			 kfrag_era_range(fit->last_era)->name);
	kfrag_units_count(kfrag_bill_explained(bill), explained);
	kfrag_figure_noun(fit->nr_rows, "row", all);
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"%s as in %s%s, pages of %s%s%s: explains %s of %s "
		"(--show\tgeometry).",
		bill->is_slub ? "SLUB" : "SLAB",
		kfrag_era_range(fit->world.era)->kernels, others,
		kfrag_paragraph_join(page_size), cpus, boot, explained,
		kfrag_paragraph_join(all));
}

static enum kfrag_error add_name(const struct kfrag_record *record,
				 const char *separator, char names[NAMES_SIZE],
				 size_t *length)
{
	struct kfrag_scratch scratch = { 0 };
	char *name = kfrag_scratch_escape(&scratch, record->name,
					  record->name_bytes);

	if (!name)
		return KFRAG_ENOMEM;
	kfrag_fit_shorten(name, NAME_WIDTH);
	*length += (size_t)snprintf(names + *length, NAMES_SIZE - *length,
				    "%s%s", separator,
				    kfrag_paragraph_join(name));
	kfrag_scratch_release(&scratch);
	return KFRAG_OK;
}

/* "20 rows: nothing explains it (a, b, c, d and 16 more)." */
static enum kfrag_error write_misfits(const struct kfrag_bill_page *page,
				      enum kfrag_row_fit kind)
{
	const struct kfrag_geometry_fit *fit = page->run->bill->fit;
	char names[NAMES_SIZE] = "", rows[KFRAG_UNITS_SIZE], more[32] = "";
	enum kfrag_error error = KFRAG_OK;
	size_t nr_named = 0, length = 0;

	for (size_t i = 0; i < fit->nr_rows && nr_named < MAX_NAMED && !error;
	     i++)
		if (fit->rows[i].fit == kind)
			error = add_name(fit->rows[i].record,
					 nr_named++ > 0 ? ", " : "", names,
					 &length);
	if (error)
		return error;
	if (fit->nr_of[kind] > nr_named)
		snprintf(more, sizeof(more), " and %zu\tmore",
			 fit->nr_of[kind] - nr_named);
	kfrag_figure_noun(fit->nr_of[kind], "row", rows);
	return kfrag_paragraph_write(page->out, page->style.width,
				     "%s: %s (%s%s).",
				     kfrag_paragraph_join(rows),
				     kfrag_row_fit_help(kind), names, more);
}

enum kfrag_error kfrag_bill_section_world(const struct kfrag_bill_page *page)
{
	const struct kfrag_geometry_fit *fit = page->run->bill->fit;
	enum kfrag_error error = write_world(page);

	for (int i = 0; i < KFRAG_NR_ROW_FITS && !error; i++)
		if (!kfrag_row_is_explained((enum kfrag_row_fit)i) &&
		    fit->nr_of[i] > 0)
			error = write_misfits(page, (enum kfrag_row_fit)i);
	return error;
}
