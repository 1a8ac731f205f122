// SPDX-License-Identifier: MIT
/*
 * What a comparison under a premise says in words: the world that it starts
 * from, and what had to be assumed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "output/diff_sections.h"
#include "output/figures.h"
#include "output/fit.h"
#include "output/paragraph.h"
#include "output/scratch.h"

/* Names that are told of a remark, and how long one may be. */
#define MAX_NAMED 4
#define NAME_WIDTH 24

/* "2 to 3 CPUs"; empty where their number does not matter. */
static void describe_cpus(const struct kfrag_geometry_fit *fit, char *buf,
			  size_t size)
{
	uint64_t first = fit->min_cpus, last = fit->max_cpus;

	if (!kfrag_era_range(fit->world.era)->is_slub ||
	    fit->world.era == KFRAG_ERA_SLUB_2_6_22 ||
	    fit->world.slub_min_objects.value > 0)
		snprintf(buf, size, "%s", "");
	else if (first == last && first > 0)
		snprintf(buf, size, ", %" PRIu64 " CPU%s", first,
			 first == 1 ? "" : "s");
	else if (last > first)
		snprintf(buf, size, ", %" PRIu64 " to %" PRIu64 " CPUs", first,
			 last);
	else
		snprintf(buf, size, ", %" PRIu64 " or more CPUs",
			 first > 0 ? first : fit->world.nr_cpus);
}

/* "2.6.30 to 6.6 or 6.7 and later" */
static void describe_eras(const struct kfrag_geometry_fit *fit, char *buf,
			  size_t size)
{
	size_t nr = (size_t)(fit->last_era - fit->first_era) + 1, length = 0;

	for (size_t i = 0; i < nr && length < size; i++) {
		enum kfrag_era era =
			(enum kfrag_era)((size_t)fit->first_era + i);

		length += (size_t)snprintf(buf + length, size - length, "%s%s",
					   i == 0      ? "" :
					   i + 1 == nr ? " or " :
							 ", ",
					   kfrag_era_range(era)->kernels);
	}
}

/* ", slub_max_order 0": what was needed to explain the rows. */
static void add_parameter(char *buf, size_t size, const char *name,
			  struct kfrag_opt value)
{
	size_t length = strlen(buf);

	if (value.known)
		snprintf(buf + length, size - length, ", %s %" PRIu64, name,
			 value.value);
}

enum kfrag_error kfrag_whatif_section_world(const struct kfrag_diff_page *page)
{
	const struct kfrag_geometry_fit *fit = page->diff->premise->fit;
	const struct kfrag_world *world = &fit->world;
	char rest[4 * KFRAG_UNITS_SIZE], size[KFRAG_UNITS_SIZE];
	char eras[KFRAG_NR_ERAS * KFRAG_UNITS_SIZE];

	describe_eras(fit, eras, sizeof(eras));
	describe_cpus(fit, rest, sizeof(rest));
	add_parameter(rest, sizeof(rest), "slub_min_order",
		      world->slub_min_order);
	add_parameter(rest, sizeof(rest), "slub_max_order",
		      world->slub_max_order);
	add_parameter(rest, sizeof(rest), "slub_min_objects",
		      world->slub_min_objects);
	kfrag_figure_round_bytes(world->page_size_bytes, size);
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"The kernel of before: %s as in %s, pages of %s%s; that "
		"explains the slabs of %zu of %zu caches.",
		kfrag_era_range(world->era)->is_slub ? "SLUB" : "SLAB", eras,
		kfrag_paragraph_join(size), rest,
		page->diff->premise->result->nr_explained, fit->nr_rows);
}

/* --------------------------------------------------------------- remarks */

/* " dentry, filp and 12 more" */
struct names {
	char text[MAX_NAMED * (NAME_WIDTH + 4) + KFRAG_UNITS_SIZE];
};

static enum kfrag_error list_names(const struct kfrag_whatif_note *notes,
				   size_t nr_notes, struct names *names)
{
	size_t nr_items = nr_notes > MAX_NAMED ? MAX_NAMED : nr_notes;
	size_t length = 0, nr_more = nr_notes - nr_items;
	size_t nr_all = nr_items + (nr_more > 0);

	names->text[0] = '\0';
	for (size_t i = 0; i < nr_items; i++) {
		const struct kfrag_record *record = notes[i].record;
		struct kfrag_scratch scratch = { 0 };
		char *name = kfrag_scratch_escape(&scratch, record->name,
						  record->name_bytes);

		if (!name)
			return KFRAG_ENOMEM;
		kfrag_fit_shorten(name, NAME_WIDTH);
		length += (size_t)snprintf(names->text + length,
					   sizeof(names->text) - length, "%s%s",
					   kfrag_figure_separator(i, nr_all),
					   kfrag_paragraph_join(name));
		kfrag_scratch_release(&scratch);
	}
	if (nr_more > 0)
		snprintf(names->text + length, sizeof(names->text) - length,
			 " and %zu more", nr_more);
	return KFRAG_OK;
}

static enum kfrag_error write_remark(const struct kfrag_diff_page *page,
				     const struct kfrag_whatif_note *notes,
				     size_t nr_notes)
{
	const char *help = kfrag_whatif_code_help(notes[0].code);
	char caches[KFRAG_UNITS_SIZE];
	struct names names;
	enum kfrag_error error;

	if (!notes[0].record)
		return kfrag_paragraph_write(page->out, page->style.width,
					     "Assumed of all caches: %s.",
					     help);
	error = list_names(notes, nr_notes, &names);
	if (error)
		return error;
	kfrag_figure_noun(nr_notes, "cache", caches);
	return kfrag_paragraph_write(page->out, page->style.width,
				     "Assumed of %s (%s): %s.",
				     kfrag_paragraph_join(caches), names.text,
				     help);
}

/* That debugging keeps who allocated and who freed, in so many bytes. */
static enum kfrag_error write_tracks(const struct kfrag_diff_page *page)
{
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"Assumed of all caches: each of the two tracks of an object "
		"takes %" PRIu64 " bytes.",
		page->diff->premise->result->track_bytes);
}

enum kfrag_error
kfrag_whatif_section_remarks(const struct kfrag_diff_page *page)
{
	const struct kfrag_whatif_result *result = page->diff->premise->result;
	enum kfrag_error error = KFRAG_OK;
	size_t nr;

	if (result->nr_notes > 0 || result->has_tracks)
		fputc('\n', page->out);
	if (result->has_tracks)
		error = write_tracks(page);
	for (size_t i = 0; i < result->nr_notes && !error; i += nr) {
		const struct kfrag_whatif_note *notes = &result->notes[i];

		for (nr = 1; i + nr < result->nr_notes &&
			     notes[nr].code == notes[0].code;)
			nr++;
		error = write_remark(page, notes, nr);
	}
	return error;
}
