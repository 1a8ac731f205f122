// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "kfrag/arith.h"
#include "output/bill_sections.h"
#include "output/figures.h"
#include "output/paragraph.h"

/* ------------------------------------------------------------------ notes */

static const char *reason_for_less(const struct kfrag_bill_run *run)
{
	if (run->meminfo_is_apart)
		return "it is of another moment";
	if (run->bill->nr_unknown_fallbacks > 0)
		return "some slabs are smaller than they count here, or it was "
		       "taken at another moment";
	return "it was taken at another moment, or counters of CPUs were not "
	       "yet added";
}

static const char *reason_for_more(const struct kfrag_bill_run *run)
{
	if (run->bill->may_count_large)
		return run->meminfo_is_apart ?
			       "large kmallocs, which count there since 5.4, "
			       "and what has changed, as it is of another "
			       "moment" :
			       "large kmallocs, which count there since 5.4, "
			       "and what changed between reading both";
	return run->meminfo_is_apart ?
		       "it is of another moment" :
		       "no cache holds it, so the two were taken at different "
		       "moments";
}

static enum kfrag_error write_rest(const struct kfrag_bill_page *page)
{
	const struct kfrag_bill_run *run = page->run;
	const struct kfrag_bill_total *rest =
		&run->bill->totals[KFRAG_BILL_REST];
	char bytes[KFRAG_UNITS_SIZE];

	if (!rest->known)
		return kfrag_paragraph_write(
			page->out, page->style.width,
			"Nothing says what Slab: of meminfo was then: "
			"--meminfo\tFILE.");
	kfrag_units_bytes(kfrag_magnitude(rest->bytes), bytes);
	kfrag_paragraph_join(bytes);
	if (rest->bytes == 0)
		return kfrag_paragraph_write(
			page->out, page->style.width,
			"Caches hold what Slab: of meminfo says, to the "
			"byte.");
	if (rest->bytes < 0)
		return kfrag_paragraph_write(
			page->out, page->style.width,
			"Slab: of meminfo is %s less than caches hold: %s.",
			bytes, reason_for_less(run));
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"Slab: of meminfo is %s more than caches hold: %s.", bytes,
		reason_for_more(run));
}

static enum kfrag_error write_fallback(const struct kfrag_bill_page *page)
{
	const struct kfrag_bill *bill = page->run->bill;
	char slabs[KFRAG_UNITS_SIZE], rows[KFRAG_UNITS_SIZE];
	enum kfrag_error error = KFRAG_OK;

	if (bill->fallback_slabs > 0)
		error = kfrag_paragraph_write(
			page->out, page->style.width,
			"%s %s of a lower order than the others of their cache, "
			"as no larger block was free then: slabs x pages per "
			"slab counts too much for them.",
			kfrag_paragraph_join((char *)kfrag_figure_noun(
				bill->fallback_slabs, "slab", slabs)),
			bill->fallback_slabs == 1 ? "is" : "are");
	if (error || bill->nr_unknown_fallbacks == 0)
		return error;
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"In %s num_objs is not what any number of such slabs explains "
		"(FALLBACK\t?): they are counted as if there were none.",
		kfrag_paragraph_join((char *)kfrag_figure_noun(
			bill->nr_unknown_fallbacks, "cache", rows)));
}

enum kfrag_error kfrag_bill_section_notes(const struct kfrag_bill_page *page)
{
	const struct kfrag_bill *bill = page->run->bill;
	bool has_slab = bill->totals[KFRAG_BILL_SLAB].known;
	enum kfrag_error error = write_rest(page);

	if (!error)
		error = write_fallback(page);
	if (error)
		return error;
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"SHARE is of %s, USE of a cache's slots; percentages of "
		"slabtop leave tails out.",
		has_slab ? "Slab:" : "what caches hold");
}

/* ------------------------------------------------------------------- sure */

static const char *cpus_words(const struct kfrag_bill *bill, char *buf,
			      size_t size)
{
	char count[KFRAG_UNITS_SIZE];

	if (!bill->max_cpus.known)
		return "as many as there may be, as nothing says how many CPUs "
		       "there are";
	snprintf(buf, size, "at most %s CPU%s",
		 kfrag_units_count(bill->max_cpus.value, count),
		 bill->max_cpus.value == 1 ? "" : "s");
	return buf;
}

static enum kfrag_error write_bounds(const struct kfrag_bill_page *page)
{
	const struct kfrag_bill *bill = page->run->bill;
	char rows[KFRAG_UNITS_SIZE], cpus[2 * KFRAG_UNITS_SIZE];

	if (bill->nr_of[KFRAG_SURE_UPPER_BOUND] == 0)
		return KFRAG_OK;
	kfrag_units_count(bill->nr_of[KFRAG_SURE_UPPER_BOUND], rows);
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"Live counts of %s of the caches are upper bounds: %s counts "
		"free objects as live that %s (%s). Lower ends allow for all "
		"of them.",
		rows, bill->is_slub ? "SLUB" : "SLAB",
		bill->is_slub ? "lie in the slabs of CPUs" :
				"lie in arrays of CPUs",
		cpus_words(bill, cpus, sizeof(cpus)));
}

static enum kfrag_error write_estimates(const struct kfrag_bill_page *page)
{
	const struct kfrag_bill *bill = page->run->bill;
	char rows[KFRAG_UNITS_SIZE];

	if (bill->nr_of[KFRAG_SURE_ESTIMATE] == 0)
		return KFRAG_OK;
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"Of %s (USE\t~) the kernel may only estimate the live count: "
		"since 6.10 it looks at 10,000 slabs of a list, and lists may "
		"be longer.",
		kfrag_paragraph_join((char *)kfrag_figure_noun(
			bill->nr_of[KFRAG_SURE_ESTIMATE], "cache", rows)));
}

enum kfrag_error kfrag_bill_section_sure(const struct kfrag_bill_page *page)
{
	const struct kfrag_bill *bill = page->run->bill;
	char rows[KFRAG_UNITS_SIZE];
	enum kfrag_error error;

	fputc('\n', page->out);
	if (bill->nr_of[KFRAG_SURE_EXACT] == bill->nr_rows)
		error = kfrag_paragraph_write(page->out, page->style.width,
					      "All counts are exact.");
	else
		error = write_bounds(page);
	if (!error)
		error = write_estimates(page);
	if (error || bill->nr_contradictions == 0)
		return error;
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"In %s more objects are live than there are: all of them count "
		"as live.",
		kfrag_paragraph_join((char *)kfrag_figure_noun(
			bill->nr_contradictions, "cache", rows)));
}
