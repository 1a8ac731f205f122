/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_PARAGRAPH_H
#define KFRAG_OUTPUT_PARAGRAPH_H

#include <stddef.h>
#include <stdio.h>

#include "kfrag/error.h"

/*
 * Writes the formatted text, which must be escaped (text.h), as lines of at
 * most `width` characters, broken at blanks; a longer word stays whole. A tab
 * is a blank at which no line is broken. KFRAG_ENOMEM; write errors are left to kfrag_stream_end().
 */
KFRAG_MUST_CHECK __attribute__((format(printf, 3, 4))) enum kfrag_error
kfrag_paragraph_write(FILE *out, size_t width, const char *format, ...);

/*
 * Makes one word of a text for use in a paragraph: its blanks become tabs.
 * Returns text.
 */
const char *kfrag_paragraph_join(char *text);

#endif
