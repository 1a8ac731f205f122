// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "kfrag/arith.h"
#include "output/calendar.h"
#include "output/figures.h"
#include "output/fit.h"
#include "output/paragraph.h"
#include "output/scratch.h"
#include "output/stream.h"
#include "output/table_sections.h"
#include "output/trend_parameters.h"
#include "output/trend_sections.h"

/* So many texts of a list are named; the others are counted. */
#define MAX_NAMED 3

/* So many characters of each, and room for them all. */
#define MAX_TEXT_WIDTH 120
#define LIST_SIZE (MAX_NAMED * (4 * MAX_TEXT_WIDTH + 8) + KFRAG_UNITS_SIZE)

/* "a", "a, b and c", "a, b, c and 4 more"; each a word that fits a line. */
static enum kfrag_error list_texts(const struct kfrag_text_list *list,
				   size_t width, char buf[LIST_SIZE])
{
	size_t nr_more =
		list->nr_texts > MAX_NAMED ? list->nr_texts - MAX_NAMED : 0;
	size_t nr_named = list->nr_texts - nr_more;
	size_t nr_items = nr_named + (nr_more > 0);
	struct kfrag_scratch scratch = { 0 };
	enum kfrag_error error = KFRAG_OK;
	size_t length = 0;

	*buf = '\0';
	for (size_t i = 0; i < nr_named; i++) {
		const char *text = list->texts[i];
		char *escaped =
			kfrag_scratch_escape(&scratch, text, strlen(text));

		if (!escaped) {
			error = KFRAG_ENOMEM;
			break;
		}
		/* A comma or colon may stand behind it. */
		kfrag_fit_shorten(escaped, width <= MAX_TEXT_WIDTH ?
						   width - 1 :
						   MAX_TEXT_WIDTH);
		length += (size_t)snprintf(buf + length, LIST_SIZE - length,
					   "%s%s",
					   kfrag_figure_separator(i, nr_items),
					   kfrag_paragraph_join(escaped));
	}
	if (nr_more > 0)
		snprintf(buf + length, LIST_SIZE - length, " and %zu\tmore",
			 nr_more);
	kfrag_scratch_release(&scratch);
	return error;
}

static enum kfrag_error write_sources(const struct kfrag_trend_page *page)
{
	const struct kfrag_history *history = page->run->trends->history;
	char sources[LIST_SIZE], samples[KFRAG_UNITS_SIZE];
	char caches[KFRAG_UNITS_SIZE];
	enum kfrag_error error =
		list_texts(&page->run->sources, page->style.width, sources);

	if (error)
		return error;
	kfrag_figure_noun(history->nr_moments, "sample", samples);
	kfrag_figure_noun(history->nr_series, "cache", caches);
	return kfrag_paragraph_write(page->out, page->style.width,
				     "%s: %s of %s", sources,
				     kfrag_paragraph_join(samples),
				     kfrag_paragraph_join(caches));
}

/* --------------------------------------------------------- pages, machines */

#define PAGES_SIZE 128

/* "4 KiB", "4 KiB and 64 KiB"; the first few of many. */
static const char *list_page_sizes(uint64_t sizes, char buf[PAGES_SIZE])
{
	size_t nr_sizes = 0, nr_listed = 0, length = 0;

	for (uint64_t rest = sizes; rest; rest &= rest - 1)
		nr_sizes++;
	*buf = '\0';
	for (; sizes && length < PAGES_SIZE - KFRAG_UNITS_SIZE;
	     sizes &= sizes - 1) {
		char size[KFRAG_UNITS_SIZE];

		kfrag_figure_round_bytes(sizes & (0 - sizes), size);
		length += (size_t)snprintf(
			buf + length, PAGES_SIZE - length, "%s%.20s",
			kfrag_figure_separator(nr_listed++, nr_sizes),
			kfrag_paragraph_join(size));
	}
	return buf;
}

/* ", host vm, Linux 6.1.0", where there is one of each, or "". */
static enum kfrag_error list_machine(const struct kfrag_trend_page *page,
				     char *buf, size_t size)
{
	const struct kfrag_trend_run *run = page->run;
	char host[LIST_SIZE] = "", kernel[LIST_SIZE] = "";
	/* "Linux " and a comma stand before them. */
	size_t width = page->style.width - 8;
	enum kfrag_error error = KFRAG_OK;

	if (run->hosts.nr_texts == 1)
		error = list_texts(&run->hosts, width, host);
	if (!error && run->kernels.nr_texts == 1)
		error = list_texts(&run->kernels, width, kernel);
	snprintf(buf, size, "%s%s%s%s", *host ? ", host\t" : "", host,
		 *kernel ? ", Linux\t" : "", kernel);
	return error;
}

static enum kfrag_error write_several(const struct kfrag_trend_page *page,
				      const char *what,
				      const struct kfrag_text_list *list)
{
	char texts[LIST_SIZE];
	enum kfrag_error error;

	if (list->nr_texts < 2)
		return KFRAG_OK;
	error = list_texts(list, page->style.width, texts);
	if (error)
		return error;
	return kfrag_paragraph_write(page->out, page->style.width,
				     "Different %s: %s.", what, texts);
}

/* ------------------------------------------------------------------ times */

static uint64_t span_seconds(const struct kfrag_history *history)
{
	return history->moments[history->nr_moments - 1].at_ms / 1000;
}

static enum kfrag_error write_times(const struct kfrag_trend_page *page,
				    const char *rest)
{
	const struct kfrag_history *history = page->run->trends->history;
	const struct kfrag_moment *first = history->moments;
	const struct kfrag_moment *last = first + history->nr_moments - 1;
	char from[KFRAG_CALENDAR_SIZE], until[KFRAG_CALENDAR_SIZE];
	char span[KFRAG_UNITS_SIZE];

	kfrag_calendar_text(first->time, from);
	kfrag_calendar_text(last->time, until);
	kfrag_paragraph_join(from);
	kfrag_paragraph_join(until);
	if (history->nr_moments == 1)
		return kfrag_paragraph_write(page->out, page->style.width,
					     "%s\tUTC, %s", from, rest);
	kfrag_figure_seconds(span_seconds(history), span);
	return kfrag_paragraph_write(page->out, page->style.width,
				     "%s to %s\tUTC, %s; %s", from, until,
				     kfrag_paragraph_join(span), rest);
}

static size_t count_untimed(const struct kfrag_history *history)
{
	size_t nr_untimed = 0;

	for (size_t i = 0; i < history->nr_moments; i++)
		nr_untimed += !history->moments[i].has_time;
	return nr_untimed;
}

/* Where not every sample has a time, they come as they were given. */
static enum kfrag_error write_interval(const struct kfrag_trend_page *page,
				       size_t nr_untimed)
{
	const struct kfrag_history *history = page->run->trends->history;
	char untimed[KFRAG_UNITS_SIZE], interval[KFRAG_UNITS_SIZE];
	char span[KFRAG_UNITS_SIZE];

	kfrag_figure_noun(nr_untimed, "sample", untimed);
	kfrag_paragraph_join(untimed);
	if (!history->is_timed)
		return kfrag_paragraph_write(
			page->out, page->style.width,
			"%s without a time: all are in the order given, and "
			"slopes unknown; --interval\tSECONDS",
			untimed);
	kfrag_figure_seconds(page->run->interval_seconds, interval);
	kfrag_figure_seconds(span_seconds(history), span);
	return kfrag_paragraph_write(
		page->out, page->style.width,
		"%s without a time: all are in the order given, %s apart, %s "
		"in all (--interval)",
		untimed, kfrag_paragraph_join(interval),
		kfrag_paragraph_join(span));
}

enum kfrag_error kfrag_trend_section_head(const struct kfrag_trend_page *page)
{
	const struct kfrag_trend_run *run = page->run;
	const struct kfrag_history *history = run->trends->history;
	size_t nr_untimed = count_untimed(history);
	char pages[PAGES_SIZE], machine[2 * LIST_SIZE + 32];
	char rest[sizeof(pages) + sizeof(machine) + 16];
	enum kfrag_error error = write_sources(page);

	if (!error)
		error = list_machine(page, machine, sizeof(machine));
	if (error)
		return error;
	snprintf(rest, sizeof(rest), "pages of %s%s",
		 list_page_sizes(kfrag_trend_page_sizes(history), pages),
		 machine);
	if (nr_untimed == 0)
		error = write_times(page, rest);
	else
		error = kfrag_paragraph_write(page->out, page->style.width,
					      "%s", rest);
	if (!error && nr_untimed > 0 && history->nr_moments > 1)
		error = write_interval(page, nr_untimed);
	if (!error)
		error = write_several(page, "hosts", &run->hosts);
	if (!error)
		error = write_several(page, "kernels", &run->kernels);
	if (!error && run->hosts.nr_texts > 1)
		error = kfrag_paragraph_write(page->out, page->style.width,
					      "Caches of one name and size are "
					      "taken for one, whatever the "
					      "host.");
	return error;
}

enum kfrag_error
kfrag_trend_write_table(FILE *out, const struct kfrag_trend_run *run,
			const struct kfrag_table_caches *caches,
			const struct kfrag_table_style *style)
{
	static enum kfrag_error (*const sections[])(
		const struct kfrag_trend_page *page) = {
		kfrag_trend_section_head,
		kfrag_trend_section_answer,
		kfrag_trend_section_caches,
	};
	struct kfrag_trend_page page = {
		.out = out,
		.run = run,
		.caches = caches,
		.style = kfrag_page_style(style),
	};

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		enum kfrag_error error = sections[i](&page);

		if (error)
			return error;
	}
	return kfrag_stream_end(out);
}
