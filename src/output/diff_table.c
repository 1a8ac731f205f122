// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "output/diff_sections.h"
#include "output/figures.h"
#include "output/fit.h"
#include "output/paragraph.h"
#include "output/scratch.h"
#include "output/stream.h"
#include "output/table_sections.h"

/* Two figures of a line: one where they agree. */
#define BOTH_SIZE (2 * KFRAG_UNITS_SIZE + 8)

static const char *both_bytes(uint64_t old_bytes, uint64_t new_bytes,
			      char buf[BOTH_SIZE])
{
	char old_text[KFRAG_UNITS_SIZE], new_text[KFRAG_UNITS_SIZE];

	kfrag_figure_round_bytes(old_bytes, old_text);
	kfrag_figure_round_bytes(new_bytes, new_text);
	if (old_bytes == new_bytes)
		snprintf(buf, BOTH_SIZE, "%s", old_text);
	else
		snprintf(buf, BOTH_SIZE, "%s and %s", old_text, new_text);
	return kfrag_paragraph_join(buf);
}

/* ", sample 2 of 5, time 1700000000": only what there is to say. */
static void describe_sample(const struct kfrag_diff_side *side, char *buf,
			    size_t size)
{
	char sample[64] = "", time[64] = "";

	if (side->nr_samples > 1)
		snprintf(sample, sizeof(sample),
			 ", sample %" PRIu64 " of %" PRIu64, side->sample,
			 side->nr_samples);
	if (side->snapshot->has_time)
		snprintf(time, sizeof(time), ", time %" PRIu64,
			 side->snapshot->time);
	snprintf(buf, size, "%s%s", sample, time);
}

static enum kfrag_error write_side(const struct kfrag_diff_page *page,
				   const char *name, const char *what,
				   const struct kfrag_diff_side *side)
{
	struct kfrag_scratch scratch = { 0 };
	char *source = kfrag_scratch_escape(&scratch, what, strlen(what));
	char caches[KFRAG_UNITS_SIZE], objs[KFRAG_UNITS_SIZE];
	char active[KFRAG_UNITS_SIZE], sample[128];
	enum kfrag_error error;

	if (!source)
		return KFRAG_ENOMEM;
	/* A word, with the colon or comma behind it, must fit one line. */
	if (what == side->source)
		kfrag_fit_shorten(source, page->style.width - 6);
	describe_sample(side, sample, sizeof(sample));
	kfrag_figure_noun(side->report->nr_caches, "cache", caches);
	kfrag_figure_noun(side->report->num_objs, "object", objs);
	kfrag_units_count(side->report->active_objs, active);
	error = kfrag_paragraph_write(page->out, page->style.width,
				      "%s:\t%s%s: %s, %s of which %s active",
				      name, source, sample,
				      kfrag_paragraph_join(caches),
				      kfrag_paragraph_join(objs), active);
	kfrag_scratch_release(&scratch);
	return error;
}

static enum kfrag_error warn_of_kernels(const struct kfrag_diff_page *page)
{
	const char *old_kernel = page->diff->old_side.kernel;
	const char *new_kernel = page->diff->new_side.kernel;
	struct kfrag_scratch scratch[2] = { 0 };
	const char *names[2];
	enum kfrag_error error = KFRAG_ENOMEM;

	if (!old_kernel || !new_kernel || strcmp(old_kernel, new_kernel) == 0)
		return KFRAG_OK;
	names[0] = kfrag_scratch_escape(&scratch[0], old_kernel,
					strlen(old_kernel));
	names[1] = kfrag_scratch_escape(&scratch[1], new_kernel,
					strlen(new_kernel));
	if (names[0] && names[1])
		error = kfrag_paragraph_write(page->out, page->style.width,
					      "Different kernels: OLD is of "
					      "%s, NEW of %s.",
					      names[0], names[1]);
	for (int i = 0; i < 2; i++)
		kfrag_scratch_release(&scratch[i]);
	return error;
}

static bool anything_failed(const struct kfrag_report *report)
{
	for (size_t i = 0; i < report->nr_totals; i++)
		if (report->totals[i].failed_objs.value > 0)
			return true;
	return false;
}

static enum kfrag_error warn_of_replays(const struct kfrag_diff_page *page)
{
	const struct kfrag_report *old_report = page->diff->old_side.report;
	const struct kfrag_report *new_report = page->diff->new_side.report;
	enum kfrag_error error = KFRAG_OK;

	if (anything_failed(old_report) || anything_failed(new_report))
		error = kfrag_paragraph_write(
			page->out, page->style.width,
			"Not all objects found their place in the replay: what "
			"buddy + slab and buddy only hold is short of them.");
	if (!error && (!old_report->replayed || !new_report->replayed))
		error = kfrag_page_not_replayed(page->out, page->style.width);
	return error;
}

/* CSV and captures without their first line do not say theirs. */
static bool have_other_versions(const struct kfrag_diff *diff)
{
	enum kfrag_slabinfo_version before = diff->old_side.snapshot->version;
	enum kfrag_slabinfo_version now = diff->new_side.snapshot->version;

	return before != now && before != KFRAG_SLABINFO_UNKNOWN &&
	       now != KFRAG_SLABINFO_UNKNOWN;
}

/* What makes bytes or caches differ without anything having grown. */
static enum kfrag_error warn(const struct kfrag_diff_page *page)
{
	const struct kfrag_diff_side *old_side = &page->diff->old_side;
	const struct kfrag_diff_side *new_side = &page->diff->new_side;
	uint64_t old_bytes = old_side->report->page_size_bytes;
	uint64_t new_bytes = new_side->report->page_size_bytes;
	char old_page[KFRAG_UNITS_SIZE], new_page[KFRAG_UNITS_SIZE];
	enum kfrag_error error = KFRAG_OK;

	kfrag_figure_round_bytes(old_bytes, old_page);
	kfrag_figure_round_bytes(new_bytes, new_page);
	if (old_bytes != new_bytes)
		error = kfrag_paragraph_write(
			page->out, page->style.width,
			"Different page sizes: pages of OLD have %s, pages of "
			"NEW %s.",
			kfrag_paragraph_join(old_page),
			kfrag_paragraph_join(new_page));
	if (!error)
		error = warn_of_kernels(page);
	if (!error && have_other_versions(page->diff))
		error = kfrag_paragraph_write(
			page->out, page->style.width,
			"Different versions of slabinfo: OLD is %s, NEW %s.",
			kfrag_slabinfo_version_text(
				old_side->snapshot->version),
			kfrag_slabinfo_version_text(
				new_side->snapshot->version));
	return error ? error : warn_of_replays(page);
}

enum kfrag_error kfrag_diff_section_head(const struct kfrag_diff_page *page)
{
	const struct kfrag_diff_premise *premise = page->diff->premise;
	const struct kfrag_diff_side *old_side = &page->diff->old_side;
	const struct kfrag_diff_side *new_side = &page->diff->new_side;
	const struct kfrag_report *old_report = old_side->report;
	const struct kfrag_report *new_report = new_side->report;
	char page_size[BOTH_SIZE], memory[BOTH_SIZE];
	enum kfrag_error error;

	both_bytes(old_report->page_size_bytes, new_report->page_size_bytes,
		   page_size);
	both_bytes(old_report->memory_bytes, new_report->memory_bytes, memory);
	error = write_side(page, page->words->old_label, old_side->source,
			   old_side);
	if (!error)
		error = write_side(page, page->words->new_label,
				   premise ? premise->changes :
					     new_side->source,
				   new_side);
	if (!error)
		error = kfrag_page_parameters(page->out, page->style.width,
					      new_report, page_size, memory);
	if (error)
		return error;
	return premise ? warn_of_replays(page) : warn(page);
}

static const struct kfrag_diff_words words_of_captures = {
	.old_label = "OLD",
	.new_label = "NEW",
	.held = "held",
	.holds_now = "now hold",
	.grew = "grew",
	.shrank = "shrank",
};

static const struct kfrag_diff_words words_of_premise = {
	.old_label = "BEFORE",
	.new_label = "AFTER",
	.held = "hold",
	.holds_now = "would hold",
	.grew = "would grow",
	.shrank = "would shrink",
};

typedef enum kfrag_error (*section)(const struct kfrag_diff_page *page);

static enum kfrag_error write_page(FILE *out, const struct kfrag_diff *diff,
				   const struct kfrag_table_caches *caches,
				   const struct kfrag_table_style *style,
				   const struct kfrag_diff_words *words,
				   const section *sections)
{
	struct kfrag_diff_page page = {
		.out = out,
		.words = words,
		.diff = diff,
		.caches = caches,
		.style = kfrag_page_style(style),
	};

	for (size_t i = 0; sections[i]; i++) {
		enum kfrag_error error = sections[i](&page);

		if (error)
			return error;
	}
	return kfrag_stream_end(out);
}

enum kfrag_error kfrag_diff_write_table(FILE *out,
					const struct kfrag_diff *diff,
					const struct kfrag_table_caches *caches,
					const struct kfrag_table_style *style)
{
	static const section of_captures[] = {
		kfrag_diff_section_head,
		kfrag_diff_section_answer,
		kfrag_diff_section_totals,
		kfrag_diff_section_caches,
		NULL,
	};
	static const section of_premise[] = {
		kfrag_diff_section_head,
		kfrag_whatif_section_world,
		kfrag_diff_section_answer,
		kfrag_diff_section_totals,
		kfrag_whatif_section_caches,
		kfrag_whatif_section_remarks,
		NULL,
	};

	if (diff->premise)
		return write_page(out, diff, caches, style, &words_of_premise,
				  of_premise);
	return write_page(out, diff, caches, style, &words_of_captures,
			  of_captures);
}
