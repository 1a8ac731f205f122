// SPDX-License-Identifier: MIT
#include "cli/view.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"

#define DEFAULT_WIDTH 80

static bool select_columns(struct kfrag_selection *selection, const char *list)
{
	size_t offset;

	switch (kfrag_selection_set_columns(selection, list, &offset)) {
	case KFRAG_OK:
		return true;
	case KFRAG_EINVAL:
		cli_usage_error("--columns: no column '%.*s' in table %s",
				(int)strcspn(list + offset, ","), list + offset,
				selection->set->name);
		return false;
	default:
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return false;
	}
}

bool cli_view_order(const struct shared_options *options,
		    struct kfrag_sort_key *key)
{
	const struct cli_tables *tables = options->tables;
	bool by_default = options->format == CLI_TABLE || options->reverse ||
			  tables->sorts_for_programs;

	if (options->has_sort) {
		*key = options->sort;
		return true;
	}
	return by_default && tables->find_key(tables->default_key, key);
}

static enum kfrag_error order_caches(struct kfrag_selection *selection,
				     const struct shared_options *options)
{
	struct kfrag_sort_key key;

	if (!cli_view_order(options, &key))
		return KFRAG_OK;
	if (options->reverse)
		return kfrag_selection_sort_reverse(selection, &key);
	return kfrag_selection_sort(selection, &key);
}

void cli_view_prepare_patterns(void)
{
	/* Nothing else depends on the locale, and to load one takes files. */
	setlocale(LC_CTYPE, "C.UTF-8");
}

enum kfrag_error cli_view_match(struct kfrag_selection *selection,
				const struct shared_options *options)
{
	if (options->nr_patterns == 0)
		return KFRAG_OK;
	cli_view_prepare_patterns();
	return kfrag_selection_match(selection, options->patterns,
				     options->nr_patterns);
}

/* One table with the rows and columns that the options ask for. */
static bool make_selection(struct kfrag_selection *selection, const void *data,
			   size_t table, const struct shared_options *options)
{
	enum kfrag_error error;

	error = options->tables->select(selection, data, table);
	if (!error && cli_tables_has_names(options->tables, table))
		error = cli_view_match(selection, options);
	if (!error && table == 0)
		error = order_caches(selection, options);
	if (error) {
		cli_message("%s", kfrag_error_text(error));
		return false;
	}
	return !options->columns || select_columns(selection, options->columns);
}

bool cli_view_open(struct cli_view *view, const struct shared_options *options,
		   const void *data)
{
	bool holds_all = options->format == CLI_JSON ||
			 options->format == CLI_GNUPLOT;
	size_t nr_sets = options->tables->nr_together;
	bool ok = true;

	*view = (struct cli_view){ 0 };
	if (nr_sets == 0)
		nr_sets = options->tables->nr_sets;
	if (!holds_all || options->has_show || options->columns)
		return make_selection(&view->selections[view->nr_selections++],
				      data,
				      options->has_show ? options->show : 0,
				      options);
	while (ok && view->nr_selections < nr_sets) {
		size_t table = view->nr_selections++;

		ok = make_selection(&view->selections[table], data, table,
				    options);
	}
	return ok;
}

void cli_view_close(struct cli_view *view)
{
	for (size_t i = 0; i < view->nr_selections; i++)
		kfrag_selection_release(&view->selections[i]);
	*view = (struct cli_view){ 0 };
}

struct kfrag_table_style cli_view_style(void)
{
	struct kfrag_table_style style = { .width = DEFAULT_WIDTH };
	const char *no_color = getenv("NO_COLOR");
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return style;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		style.width = size.ws_col;
	style.colour = !no_color || !*no_color;
	return style;
}

bool cli_view_is_written(enum kfrag_error error)
{
	int reason = errno;

	if (!error)
		return true;
	/* A reader may leave when it likes. */
	if (error == KFRAG_EIO && cli_reader_left())
		return true;
	if (error == KFRAG_EIO)
		cli_message("cannot write the output: %s",
			    reason ? strerror(reason) :
				     kfrag_error_text(error));
	else
		cli_message("%s", kfrag_error_text(error));
	return false;
}
