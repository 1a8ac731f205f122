// SPDX-License-Identifier: MIT
#include "output/lesson_words_parts.h"

#include <stdarg.h>
#include <string.h>

void kfrag_lesson_add(char *words, const char *format, ...)
{
	size_t length = strlen(words);
	va_list args;

	va_start(args, format);
	vsnprintf(words + length, KFRAG_LESSON_WORDS_SIZE - length, format,
		  args);
	va_end(args);
}

void kfrag_lesson_add_size(char *words, uint64_t bytes)
{
	char buf[KFRAG_LESSON_SIZE_TEXT];

	kfrag_lesson_add(words, "%s", kfrag_lesson_size(bytes, buf));
}

void kfrag_lesson_add_block_size(char *words,
				 const struct kfrag_lesson_run *run,
				 unsigned order)
{
	kfrag_lesson_add_size(words, kfrag_lesson_block_bytes(run, order));
}

void kfrag_lesson_add_place(char *words, const struct kfrag_lesson_run *run,
			    uint64_t pfn)
{
	if (pfn == 0)
		kfrag_lesson_add(words, "0");
	else
		kfrag_lesson_add_size(words, pfn * run->page_bytes);
}

const char *kfrag_lesson_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}
