/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_FIT_H
#define KFRAG_OUTPUT_FIT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How wide escaped text (text.h) is and how it is made less wide. A character
 * counts as one column whatever the locale, so that the same report has the
 * same lines everywhere.
 */
size_t kfrag_fit_width(const char *text);

/*
 * Shortens text in place to `width` (>= 1) characters where it is longer: the
 * middle gives way to one "~", as names differ at both ends.
 */
void kfrag_fit_shorten(char *text, size_t width);

#endif
