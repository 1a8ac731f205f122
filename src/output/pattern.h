/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_PATTERN_H
#define KFRAG_OUTPUT_PATTERN_H

#include <fnmatch.h>
#include <stdbool.h>

/*
 * Whether a glob pattern matches escaped text (text.h), as LC_CTYPE says; a
 * backslash stands for itself.
 */
static inline bool kfrag_pattern_matches(const char *pattern, const char *text)
{
	return fnmatch(pattern, text, FNM_NOESCAPE) == 0;
}

#endif
