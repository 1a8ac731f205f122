// SPDX-License-Identifier: MIT
#include "kfrag/meminfo.h"

#include <stdbool.h>
#include <string.h>

#include "input/slabinfo_line.h"

static bool is_word(const struct kfrag_text_line *line,
		    struct kfrag_token token, const char *word)
{
	size_t bytes = token.end - token.start;

	return strlen(word) == bytes &&
	       memcmp(line->text + token.start, word, bytes) == 0;
}

/* "  981476 kB", behind a key; only what follows that is looked at. */
static struct kfrag_opt read_kib(const struct kfrag_text_line *line, size_t at)
{
	struct kfrag_token token;
	enum kfrag_diag_code code;
	uint64_t kib;

	if (!kfrag_token_next(line, at, &token) ||
	    !kfrag_token_number(line, token, &kib, &code) ||
	    kib > UINT64_MAX / KFRAG_KIB ||
	    !kfrag_token_next(line, token.end, &token) ||
	    !is_word(line, token, "kB"))
		return kfrag_unknown();
	return kfrag_known(kib * KFRAG_KIB);
}

struct kfrag_slab_meminfo kfrag_meminfo_slab(const char *text,
					     size_t text_bytes)
{
	struct kfrag_slab_meminfo meminfo = { 0 };
	const struct {
		const char *key;
		struct kfrag_opt *value;
	} fields[] = {
		{ "MemTotal:", &meminfo.memtotal_bytes },
		{ "Slab:", &meminfo.slab_bytes },
		{ "SReclaimable:", &meminfo.reclaimable_bytes },
		{ "SUnreclaim:", &meminfo.unreclaimable_bytes },
		{ "KReclaimable:", &meminfo.kreclaimable_bytes },
	};
	struct kfrag_text_line rest = { .text = text, .bytes = text_bytes };
	struct kfrag_text_line line;

	while (kfrag_text_line_take(&rest, &line)) {
		struct kfrag_token key;

		if (!kfrag_token_next(&line, 0, &key) || key.start > 0)
			continue;
		for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
			if (is_word(&line, key, fields[i].key) &&
			    !fields[i].value->known)
				*fields[i].value = read_kib(&line, key.end);
		}
	}
	return meminfo;
}

struct kfrag_opt kfrag_meminfo_total(const char *text, size_t text_bytes)
{
	return kfrag_meminfo_slab(text, text_bytes).memtotal_bytes;
}
