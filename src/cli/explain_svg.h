/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_EXPLAIN_SVG_H
#define KFRAG_CLI_EXPLAIN_SVG_H

#include <stdbool.h>
#include <stddef.h>

#include "kfrag/lesson_run.h"

/* Makes the folder where there is none. False after a sentence on stderr. */
bool explain_svg_open(const char *folder);

/*
 * Draws the last step as FOLDER/step-NNN.svg: the file is whole, or it is as
 * it was before. False after a sentence on stderr.
 */
bool explain_svg_write(const char *folder, size_t number,
		       const struct kfrag_lesson_run *run);

#endif
