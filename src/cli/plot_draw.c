// SPDX-License-Identifier: MIT
#include "cli/plot_draw.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/gnuplot_run.h"
#include "cli/interrupts.h"
#include "cli/plot_file.h"
#include "cli/view.h"

/* On a terminal a picture of text as large as that, less a line for the prompt. */
static void fit_to_terminal(struct kfrag_plot_style *style)
{
	struct winsize size;

	style->terminal = KFRAG_PLOT_TEXT;
	if (style->width || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return;
	if (size.ws_col >= 10)
		style->width = size.ws_col;
	if (size.ws_row >= 11)
		style->height = size.ws_row - 1U;
}

/*
 * What is drawn goes to a file without a name first, so that there is nothing
 * to take away when gnuplot fails.
 */
static bool draw_script(const struct plot_options *options, const char *script,
			size_t script_bytes,
			const struct kfrag_plot_style *style)
{
	bool is_text = style->terminal == KFRAG_PLOT_TEXT;
	struct interrupts interrupts;
	FILE *picture = tmpfile();
	bool ok;

	if (!picture) {
		cli_message("cannot make a temporary file: %s",
			    strerror(errno));
		return false;
	}
	interrupts_hold(&interrupts);
	ok = gnuplot_run(script, script_bytes, picture, options->timeout_s,
			 &interrupts) &&
	     plot_file_put(options->output, picture, is_text);
	fclose(picture);
	interrupts_let_in(&interrupts);
	return ok;
}

static bool make_picture(const struct plot_options *options,
			 const struct kfrag_plot_page *page, plot_writer *write,
			 const void *data)
{
	char *script = NULL;
	size_t script_bytes = 0;
	FILE *stream = open_memstream(&script, &script_bytes);
	enum kfrag_error error = KFRAG_ENOMEM;
	bool ok = false;

	if (stream) {
		error = write(stream, page, data);
		if (fclose(stream) != 0 && !error)
			error = KFRAG_ENOMEM;
	}
	if (error)
		/* There is nothing but memory to write to. */
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
	else if (page->style.terminal == KFRAG_PLOT_SCRIPT)
		ok = plot_file_put_bytes(options->output, script, script_bytes);
	else
		ok = draw_script(options, script, script_bytes, &page->style);
	free(script);
	return ok;
}

struct kfrag_plot_style plot_draw_style(const struct plot_options *options)
{
	struct kfrag_plot_style style = options->style;

	if (!options->output && !options->wants_script && isatty(STDOUT_FILENO))
		fit_to_terminal(&style);
	return style;
}

bool plot_draw(const struct plot_options *options, const char *title,
	       plot_writer *write, const void *data)
{
	struct kfrag_plot_page page = {
		.style = plot_draw_style(options),
		.title = title,
		.command = options->command,
	};

	if (options->output || page.style.terminal != KFRAG_PLOT_SCRIPT)
		return make_picture(options, &page, write, data);
	errno = 0;
	return cli_view_is_written(write(stdout, &page, data));
}
