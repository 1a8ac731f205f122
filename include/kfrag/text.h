/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TEXT_H
#define KFRAG_TEXT_H

#include <stddef.h>

/*
 * Names as text that is safe to show: control characters (C0, DEL, C1) and
 * bytes that are not valid UTF-8 (RFC 3629: no overlong forms, surrogates or
 * values above U+10FFFF) become \xNN, lower-case hex; all else stays.
 */

/* Bytes that kfrag_text_escape() can need at most, NUL included. */
#define KFRAG_TEXT_ESCAPED_SIZE(bytes) (4 * (bytes) + 1)

/*
 * Writes the escaped, NUL-terminated text of `bytes` bytes into out, which
 * has room for KFRAG_TEXT_ESCAPED_SIZE(bytes). Returns its length.
 */
size_t kfrag_text_escape(char *out, const char *text, size_t bytes);

/*
 * Undoes that: writes bytes of which kfrag_text_escape() makes this text, and
 * a NUL, into out, which has room for bytes + 1. Returns how many they are.
 * A backslash is not escaped, so a name that holds a literal \xNN has the same
 * text as one with that byte and comes back as that; \x41 and the like, which
 * no byte needs, stay as they are.
 */
size_t kfrag_text_unescape(char *out, const char *text, size_t bytes);

#endif
