// SPDX-License-Identifier: MIT
#include "cli/output.h"

#include <errno.h>

#include "cli/fail_if.h"
#include "kfrag/csv.h"

/* Leaves as many rows as --lines, else as `limit` says. */
static void limit_rows(struct kfrag_selection *selection,
		       const struct shared_options *options, uint64_t limit)
{
	if (options->has_lines)
		limit = options->lines;
	if (limit < selection->nr_rows)
		selection->nr_rows = (size_t)limit;
}

static enum kfrag_error write_page(const struct shared_options *options,
				   const struct cli_writers *writers,
				   const void *run,
				   struct kfrag_selection *selection,
				   const struct kfrag_table_style *style)
{
	struct kfrag_sort_key key;
	struct kfrag_table_caches caches = {
		.selection = selection,
		.key = cli_view_order(options, &key) ? &key : NULL,
		.reversed = options->reverse,
	};

	if (writers->trim)
		writers->trim(selection, run);
	caches.nr_matching = selection->nr_rows;
	limit_rows(selection, options, writers->page_rows);
	return writers->page(stdout, run, &caches, style);
}

static enum kfrag_error write_table(const struct shared_options *options,
				    const struct cli_writers *writers,
				    const void *run,
				    struct kfrag_selection *selection)
{
	struct kfrag_table_style style = cli_view_style();

	if (!options->has_show && !options->columns)
		return write_page(options, writers, run, selection, &style);
	limit_rows(selection, options, UINT64_MAX);
	if (options->columns)
		return kfrag_table_write_whole(stdout, selection, &style);
	return kfrag_table_write(stdout, selection, &style);
}

static enum kfrag_error
write_view(struct cli_view *view, const struct shared_options *options,
	   const struct cli_writers *writers, const void *run)
{
	struct kfrag_selection *first = &view->selections[0];

	if (options->format == CLI_TABLE)
		return write_table(options, writers, run, first);
	limit_rows(first, options, UINT64_MAX);
	if (options->format == CLI_CSV)
		return kfrag_csv_write(stdout, first);
	if (options->format == CLI_JSON)
		return writers->json(stdout, run, view->selections,
				     view->nr_selections);
	return writers->gnuplot(stdout, run, view->selections,
				view->nr_selections);
}

bool cli_output_write(struct cli_view *view,
		      const struct shared_options *options,
		      const struct cli_writers *writers, const void *run)
{
	errno = 0;
	return cli_view_is_written(write_view(view, options, writers, run));
}

enum cli_exit cli_output(const struct shared_options *options, const void *data,
			 const struct cli_writers *writers, const void *run,
			 const struct kfrag_condition_memory *memory)
{
	enum cli_exit status = CLI_TROUBLE;
	struct cli_view view;

	if (cli_view_open(&view, options, data) &&
	    cli_output_write(&view, options, writers, run))
		status = cli_fail_if_check(options, data, memory);
	cli_view_close(&view);
	return status;
}
