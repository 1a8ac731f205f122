// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output/figures.h"
#include "output/fit.h"
#include "output/paragraph.h"
#include "output/scratch.h"
#include "output/table_sections.h"

const char *kfrag_page_label(enum kfrag_allocator allocator)
{
	static const char *const labels[KFRAG_NR_ALLOCATORS] = {
		[KFRAG_BUDDY] = "buddy only",
		[KFRAG_SLAB] = "buddy + slab",
		[KFRAG_KERNEL] = "kernel's own",
	};

	return labels[allocator];
}

static enum kfrag_error write_population(const struct kfrag_page *page,
					 const char *source)
{
	char caches[KFRAG_UNITS_SIZE], objs[KFRAG_UNITS_SIZE];
	char active[KFRAG_UNITS_SIZE];

	kfrag_figure_noun(page->report->nr_caches, "cache", caches);
	kfrag_figure_noun(page->report->num_objs, "object", objs);
	kfrag_units_count(page->report->active_objs, active);
	return kfrag_paragraph_write(page->out, page->style.width,
				     "%s: %s, %s of which %s active", source,
				     kfrag_paragraph_join(caches),
				     kfrag_paragraph_join(objs), active);
}

/*
 * Placement, rounds and kept slabs only where they are not the ordinary ones.
 */
enum kfrag_error kfrag_page_parameters(FILE *out, size_t width,
				       const struct kfrag_report *report,
				       const char *page_size,
				       const char *memory)
{
	char count[KFRAG_UNITS_SIZE];
	char placement[32] = "";
	char rounds[KFRAG_UNITS_SIZE + 16] = "";
	char kept[KFRAG_UNITS_SIZE + 32] = "";

	if (strcmp(report->placement, "address") != 0)
		snprintf(placement, sizeof(placement), ", --buddy-order %s",
			 report->placement);
	if (report->rounds != 1)
		snprintf(rounds, sizeof(rounds), ", %s rounds",
			 kfrag_units_count(report->rounds, count));
	if (report->min_partial_slabs != 0)
		snprintf(kept, sizeof(kept), ", --min-partial %s",
			 kfrag_units_count(report->min_partial_slabs, count));
	return kfrag_paragraph_write(
		out, width,
		"pages of %s, %s managed, blocks up to order %u%s, "
		"policy %s%s%s, seed %" PRIu64,
		page_size, memory, report->max_order, placement, report->policy,
		rounds, kept, report->seed);
}

static enum kfrag_error write_parameters(const struct kfrag_page *page)
{
	char page_size[KFRAG_UNITS_SIZE], memory[KFRAG_UNITS_SIZE];

	kfrag_figure_round_bytes(page->report->page_size_bytes, page_size);
	kfrag_figure_round_bytes(page->report->memory_bytes, memory);
	return kfrag_page_parameters(page->out, page->style.width, page->report,
				     kfrag_paragraph_join(page_size),
				     kfrag_paragraph_join(memory));
}

enum kfrag_error kfrag_page_not_replayed(FILE *out, size_t width)
{
	return kfrag_paragraph_write(
		out, width,
		"Too many objects to replay one by one: blocks and slabs are "
		"computed (of slabs after settling, the expected number), and "
		"what depends on places is unknown (-).");
}

enum kfrag_error kfrag_section_head(const struct kfrag_page *page)
{
	struct kfrag_scratch scratch = { 0 };
	char *source = kfrag_scratch_escape(&scratch, page->source,
					    strlen(page->source));
	enum kfrag_error error;

	if (!source)
		return KFRAG_ENOMEM;
	/* A word, with the colon behind it, must fit one line. */
	kfrag_fit_shorten(source, page->style.width - 1);
	error = write_population(page, source);
	kfrag_scratch_release(&scratch);
	if (!error)
		error = write_parameters(page);
	if (!error && !page->report->replayed)
		error = kfrag_page_not_replayed(page->out, page->style.width);
	return error;
}
