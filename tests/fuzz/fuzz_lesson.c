// SPDX-License-Identifier: MIT
/*
 * Reads any bytes as a script. A wrong one has a place inside the text and a
 * message; of a good one, the first steps are done, and what they leave is
 * whole: all blocks lie side by side, and the allocators agree with themselves.
 */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/lesson_draw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Larger memories take too long to be looked at after each step. */
#define MAX_PAGES 512
#define MAX_STEPS 40

static void check_fault(const struct kfrag_lesson_fault *fault,
			const char *text, size_t size)
{
	uint64_t nr_lines = 1;

	for (size_t i = 0; i < size; i++)
		nr_lines += text[i] == '\n';
	assert(fault->line >= 1 && fault->line <= nr_lines);
	assert(fault->column >= 1 && fault->column <= size + 1);
	assert(strncmp(fault->message, "expected ", 9) == 0);
	for (const char *at = fault->message; *at; at++)
		assert(*at >= ' ' && *at <= '~');
}

static void check_state(const struct kfrag_lesson_run *run)
{
	uint64_t next = 0;
	char message[256];

	for (size_t i = 0; i < run->nr_blocks; i++) {
		assert(run->blocks[i].pfn == next);
		next += UINT64_C(1) << run->blocks[i].order;
	}
	assert(next == run->nr_pages);
	assert(kfrag_buddy_check(run->buddy, message, sizeof(message)));
	assert(kfrag_slab_check(run->slab, message, sizeof(message)));
}

static void check_words(const struct kfrag_lesson_run *run)
{
	char words[KFRAG_LESSON_WORDS_SIZE];

	kfrag_lesson_words(run, words);
	assert(strlen(words) < sizeof(words) - 1);
}

/* No line of the text is wider than 80 columns; a picture is one of XML. */
static void check_drawings(const struct kfrag_lesson_run *run)
{
	const struct kfrag_lesson_style style = { .is_ascii = false };
	size_t nr_bytes = 0, width = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &nr_bytes);

	assert(out);
	assert(kfrag_lesson_write_step(out, run, style) == KFRAG_OK);
	assert(fflush(out) == 0);
	for (const char *at = text; *at; at++) {
		width = *at == '\n' ?
				0 :
				width + (((unsigned char)*at & 0xc0) != 0x80);
		assert(width <= 80);
	}
	assert(kfrag_lesson_write_svg(out, run) == KFRAG_OK);
	assert(fclose(out) == 0);
	assert(strcmp(text + nr_bytes - 7, "</svg>\n") == 0);
	free(text);
}

static bool is_small(const struct kfrag_lesson *lesson)
{
	for (size_t i = 0; i < lesson->nr_steps; i++)
		if (lesson->steps[i].page_bytes &&
		    lesson->steps[i].memory_bytes /
				    lesson->steps[i].page_bytes >
			    MAX_PAGES)
			return false;
	return true;
}

static void run_steps(const struct kfrag_lesson *lesson)
{
	struct kfrag_lesson_fault fault;
	struct kfrag_lesson_run run;

	assert(kfrag_lesson_run_init(&run, lesson) == KFRAG_OK);
	for (int i = 0; i < MAX_STEPS && kfrag_lesson_run_has_more(&run); i++) {
		enum kfrag_error error = kfrag_lesson_run_step(&run, &fault);

		assert(error == KFRAG_OK || error == KFRAG_EINVAL);
		check_state(&run);
		if (error)
			break;
		check_words(&run);
		check_drawings(&run);
	}
	kfrag_lesson_run_release(&run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Of just this size, so that a read behind it is seen. */
	char *text = malloc(size ? size : 1);
	struct kfrag_lesson_fault fault;
	struct kfrag_lesson lesson;
	enum kfrag_error error;

	assert(text);
	if (size)
		memcpy(text, data, size);
	error = kfrag_lesson_parse(&lesson, text, size, &fault);
	assert(error == KFRAG_OK || error == KFRAG_EINVAL);
	if (error) {
		check_fault(&fault, text, size);
	} else {
		const struct kfrag_lesson_text answer = { text, size };

		assert(kfrag_lesson_answer_is_right(text, size, answer));
		if (is_small(&lesson))
			run_steps(&lesson);
	}
	kfrag_lesson_release(&lesson);
	free(text);
	return 0;
}
