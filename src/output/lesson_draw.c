// SPDX-License-Identifier: MIT
#include "kfrag/lesson_draw.h"

#include <string.h>

#include "output/lesson_parts.h"
#include "output/paragraph.h"
#include "output/scratch.h"

unsigned kfrag_lesson_usual_drawings(enum kfrag_lesson_verb verb)
{
	switch (verb) {
	case KFRAG_LESSON_MEMORY:
	case KFRAG_LESSON_PAGE:
	case KFRAG_LESSON_ALLOC:
	case KFRAG_LESSON_FREE:
		return KFRAG_LESSON_SHOW_MEMORY | KFRAG_LESSON_SHOW_FREELIST;
	case KFRAG_LESSON_NEW:
	case KFRAG_LESSON_DELETE:
		return KFRAG_LESSON_SHOW_MEMORY | KFRAG_LESSON_SHOW_SLABS;
	default:
		return 0;
	}
}

void kfrag_lesson_draw(FILE *out, const struct kfrag_lesson_run *run,
		       unsigned show, struct kfrag_lesson_style style)
{
	if (show & KFRAG_LESSON_SHOW_MEMORY)
		kfrag_lesson_draw_memory(out, run, style);
	if (show & KFRAG_LESSON_SHOW_TREE)
		kfrag_lesson_draw_tree(out, run, style);
	if (show & KFRAG_LESSON_SHOW_FREELIST)
		kfrag_lesson_draw_freelist(out, run);
	if (show & KFRAG_LESSON_SHOW_BITMAP)
		kfrag_lesson_draw_bitmap(out, run);
	if (show & KFRAG_LESSON_SHOW_SLABS)
		kfrag_lesson_draw_slabs(out, run, style);
}

/* Parts words that are wider than a line; false: no memory. */
static bool break_words(struct kfrag_scratch *broken, const char *text)
{
	/* A blank for each line of 79 bytes or more, at most. */
	char *out = kfrag_scratch_reserve(
		broken,
		strlen(text) * 2 / KFRAG_LESSON_WIDTH + strlen(text) + 2);
	size_t width = 0;

	if (!out)
		return false;
	for (; *text; text++) {
		bool is_start = ((unsigned char)*text & 0xc0) != 0x80;

		if (is_start && width == KFRAG_LESSON_WIDTH - 1) {
			*out++ = ' ';
			width = 0;
		}
		width = *text == ' ' ? 0 : width + is_start;
		*out++ = *text;
	}
	*out = '\0';
	return true;
}

enum kfrag_error kfrag_lesson_write_text(FILE *out, const char *before,
					 struct kfrag_lesson_text text)
{
	struct kfrag_scratch scratch = { 0 }, broken = { 0 };
	const char *shown =
		kfrag_scratch_escape(&scratch, text.text, text.nr_bytes);
	enum kfrag_error error = KFRAG_ENOMEM;

	if (shown && break_words(&broken, shown))
		error = kfrag_paragraph_write(out, KFRAG_LESSON_WIDTH - 1,
					      "%s%s", before, broken.text);
	kfrag_scratch_release(&scratch);
	kfrag_scratch_release(&broken);
	return error;
}

unsigned kfrag_lesson_drawings(const struct kfrag_lesson_run *run)
{
	const struct kfrag_lesson_step *step = kfrag_lesson_run_last(run);

	if (step->verb == KFRAG_LESSON_SHOW)
		return step->show;
	if (kfrag_lesson_run_has_more(run) && step[1].verb == KFRAG_LESSON_SHOW)
		return 0;
	return kfrag_lesson_usual_drawings(step->verb);
}

enum kfrag_error kfrag_lesson_write_step(FILE *out,
					 const struct kfrag_lesson_run *run,
					 struct kfrag_lesson_style style)
{
	const struct kfrag_lesson_step *step = kfrag_lesson_run_last(run);
	char words[KFRAG_LESSON_WORDS_SIZE];
	enum kfrag_error error = KFRAG_OK;

	if (step->verb == KFRAG_LESSON_SAY)
		return kfrag_lesson_write_text(out, "", step->text);
	if (step->line > 0 && step->verb != KFRAG_LESSON_SHOW)
		error = kfrag_lesson_write_text(out, "> ", step->source);
	if (!error && *kfrag_lesson_words(run, words))
		error = kfrag_paragraph_write(out, KFRAG_LESSON_WIDTH - 1, "%s",
					      words);
	kfrag_lesson_draw(out, run, kfrag_lesson_drawings(run), style);
	return error;
}
