/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_PLOT_DRAW_H
#define KFRAG_CLI_PLOT_DRAW_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/plot_options.h"
#include "kfrag/error.h"
#include "kfrag/plot.h"

/*
 * The style of the picture that plot_draw() will make: that of the options,
 * and on a terminal that of text as large as it is.
 */
struct kfrag_plot_style plot_draw_style(const struct plot_options *options);

/* Writes the script of a picture of data. */
typedef enum kfrag_error
plot_writer(FILE *out, const struct kfrag_plot_page *page, const void *data);

/*
 * Makes the picture and brings it to where the options want it: the script to
 * stdout, or what gnuplot makes of it to a file, which is there whole or not
 * at all, or a picture of text to the terminal. Returns false after a sentence
 * on stderr.
 */
bool plot_draw(const struct plot_options *options, const char *title,
	       plot_writer *write, const void *data);

#endif
