/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_EXPLAIN_SVG_H
#define KFRAG_CLI_EXPLAIN_SVG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "kfrag/lesson_run.h"

/* Makes the folder where there is none. False after a sentence on stderr. */
bool explain_svg_open(const char *folder);

typedef enum kfrag_error (*explain_svg_draw)(FILE *out, const void *context);

/*
 * Draws FOLDER/NAME: the file is whole, or it is as it was before. False after
 * a sentence on stderr.
 */
bool explain_svg_file(const char *folder, const char *name,
		      explain_svg_draw draw, const void *context);

/* The last step as FOLDER/step-NNN.svg, in the same way. */
bool explain_svg_write(const char *folder, size_t number,
		       const struct kfrag_lesson_run *run);

#endif
