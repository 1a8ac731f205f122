// SPDX-License-Identifier: MIT
/*
 * The picture of samples over time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/plot_kinds.h"
#include "cli/trend_input.h"
#include "cli/view.h"
#include "kfrag/trend.h"
#include "kfrag/trend_output.h"

struct trend {
	const struct kfrag_history *history;
	struct kfrag_selection caches;
	size_t nr_shown;
};

static enum kfrag_error
write_trend(FILE *out, const struct kfrag_plot_page *page, const void *data)
{
	const struct trend *trend = data;

	return kfrag_plot_write_trend(out, page, trend->history, &trend->caches,
				      trend->nr_shown);
}

/* "FILE and 2 more (Linux 6.1.0)"; the caller's to free. NULL: no memory. */
static char *make_title(const struct plot_options *options,
			const struct trend_input *input)
{
	const struct cli_texts *kernels = &input->kernels;
	const char *kernel = kernels->nr_texts == 1 ? kernels->list[0] : NULL;
	const char *first = options->files[0];
	size_t bytes = strlen(first) + (kernel ? strlen(kernel) : 0) + 64;
	char more[32] = "";
	char *title = malloc(bytes);

	if (!title)
		return NULL;
	if (options->nr_files > 1)
		(void)snprintf(more, sizeof(more), " and %d more",
			       options->nr_files - 1);
	(void)snprintf(title, bytes, "%s%s%s%s%s", first, more,
		       kernel ? " (Linux " : "", kernel ? kernel : "",
		       kernel ? ")" : "");
	return title;
}

static enum kfrag_error select_caches(struct kfrag_selection *caches,
				      const struct kfrag_trend_rows *rows,
				      const struct plot_options *options)
{
	enum kfrag_error error =
		kfrag_trend_selection_init(caches, rows, KFRAG_TREND_CACHES);

	return error ? error : cli_view_match(caches, &options->shared);
}

static bool draw_rows(const struct plot_options *options,
		      const struct trend_input *input,
		      const struct kfrag_trend_rows *rows)
{
	struct trend trend = {
		.history = &input->history,
		.nr_shown = options->shared.has_lines ?
				    plot_nr_caches(options) :
				    KFRAG_PLOT_MAX_SERIES,
	};
	char *title = make_title(options, input);
	enum kfrag_error error = KFRAG_ENOMEM;
	bool ok = false;

	if (title)
		error = select_caches(&trend.caches, rows, options);
	if (error)
		cli_message("%s", kfrag_error_text(error));
	else
		ok = plot_draw(options, title, write_trend, &trend);
	kfrag_selection_release(&trend.caches);
	free(title);
	return ok;
}

static bool draw_input(const struct plot_options *options,
		       const struct trend_input *input,
		       struct cli_phases *phases)
{
	struct kfrag_trends trends;
	struct kfrag_trend_rows rows;
	enum kfrag_error error = kfrag_trends_init(&trends, &input->history);
	bool ok = false;

	cli_phases_end(phases, "finding trends");
	if (!error) {
		error = kfrag_trend_rows_init(
			&rows, &trends, (const char *const *)options->files);
		if (!error) {
			ok = draw_rows(options, input, &rows);
			kfrag_trend_rows_release(&rows);
		}
		kfrag_trends_release(&trends);
	}
	if (error)
		cli_message("%s", kfrag_error_text(error));
	cli_phases_end(phases, "output");
	return ok;
}

bool plot_trend_run(const struct plot_options *options,
		    struct cli_phases *phases)
{
	const struct trend_options files = {
		.shared = options->shared,
		.paths = (const char *const *)options->files,
		.nr_paths = (size_t)options->nr_files,
		.interval_seconds = options->interval_s,
	};
	struct trend_input input;
	bool ok;

	ok = trend_input_read(&input, &files, phases) &&
	     draw_input(options, &input, phases);
	trend_input_release(&input);
	return ok;
}
