// SPDX-License-Identifier: MIT
#include "output/scratch.h"

#include <stdint.h>
#include <stdlib.h>

#include "kfrag/text.h"

char *kfrag_scratch_reserve(struct kfrag_scratch *scratch, size_t size)
{
	if (size <= scratch->size)
		return scratch->text;
	free(scratch->text);
	scratch->text = malloc(size);
	scratch->size = scratch->text ? size : 0;
	return scratch->text;
}

char *kfrag_scratch_escape(struct kfrag_scratch *scratch, const char *text,
			   size_t bytes)
{
	if (bytes > (SIZE_MAX - 1) / 4 ||
	    !kfrag_scratch_reserve(scratch, KFRAG_TEXT_ESCAPED_SIZE(bytes)))
		return NULL;
	kfrag_text_escape(scratch->text, text, bytes);
	return scratch->text;
}

void kfrag_scratch_release(struct kfrag_scratch *scratch)
{
	free(scratch->text);
	*scratch = (struct kfrag_scratch){ 0 };
}
