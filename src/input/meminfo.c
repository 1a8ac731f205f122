// SPDX-License-Identifier: MIT
#include "kfrag/meminfo.h"

#include <stdbool.h>
#include <string.h>

static size_t skip_blanks(const char *text, size_t bytes, size_t at)
{
	while (at < bytes && (text[at] == ' ' || text[at] == '\t'))
		at++;
	return at;
}

static bool is_word(const char *text, size_t bytes, size_t at, const char *word)
{
	size_t word_bytes = strlen(word);

	return bytes - at >= word_bytes &&
	       memcmp(text + at, word, word_bytes) == 0;
}

/* "  981476 kB", up to the line's end. */
static struct kfrag_opt read_kib(const char *text, size_t bytes)
{
	const uint64_t most = UINT64_MAX / KFRAG_KIB / 10 - 1;
	size_t at = skip_blanks(text, bytes, 0);
	size_t first = at;
	uint64_t kib = 0;

	for (; at < bytes && text[at] >= '0' && text[at] <= '9'; at++) {
		if (kib > most)
			return kfrag_unknown();
		kib = kib * 10 + (uint64_t)(text[at] - '0');
	}
	if (at == first ||
	    !is_word(text, bytes, skip_blanks(text, bytes, at), "kB"))
		return kfrag_unknown();
	return kfrag_known(kib * KFRAG_KIB);
}

struct kfrag_opt kfrag_meminfo_total(const char *text, size_t text_bytes)
{
	static const char key[] = "MemTotal:";
	const size_t key_bytes = sizeof(key) - 1;

	while (text_bytes > 0) {
		const char *newline = memchr(text, '\n', text_bytes);
		size_t line = newline ? (size_t)(newline - text) : text_bytes;

		if (is_word(text, line, 0, key))
			return read_kib(text + key_bytes, line - key_bytes);
		line += newline != NULL;
		text += line;
		text_bytes -= line;
	}
	return kfrag_unknown();
}
