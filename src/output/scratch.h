/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_SCRATCH_H
#define KFRAG_OUTPUT_SCRATCH_H

#include <stddef.h>

/* Room for the escaped text of one name after the other. {0} is empty. */
struct kfrag_scratch {
	char *text;
	size_t size;
};

/*
 * Makes room for at least `size` bytes; what was there is lost. Returns the
 * room, NULL where the host has no memory.
 */
char *kfrag_scratch_reserve(struct kfrag_scratch *scratch, size_t size);

/*
 * kfrag_text_escape() into the scratch. Returns the text, which lives until
 * the next call, or NULL where the host has no memory.
 */
char *kfrag_scratch_escape(struct kfrag_scratch *scratch, const char *text,
			   size_t bytes);

void kfrag_scratch_release(struct kfrag_scratch *scratch);

#endif
