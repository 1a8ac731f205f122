// SPDX-License-Identifier: MIT
/* A step of a lesson as a picture for slides. */
#include <string.h>

#include "output/fit.h"
#include "output/lesson_parts.h"
#include "output/lesson_svg_parts.h"
#include "output/scratch.h"

/* Characters of a title, which is in larger letters. */
#define TITLE_CHARS 66

struct picture {
	const struct kfrag_lesson_run *run;
	unsigned show;
	const char *title; /* "": none */
	const char *words;
};

void kfrag_lesson_svg_draw(struct kfrag_canvas *canvas,
			   const struct kfrag_lesson_run *run, unsigned show)
{
	if (show & KFRAG_LESSON_SHOW_MEMORY)
		kfrag_lesson_svg_memory(canvas, run);
	if (show & KFRAG_LESSON_SHOW_TREE)
		kfrag_lesson_svg_tree(canvas, run);
	if (show & KFRAG_LESSON_SHOW_FREELIST)
		kfrag_lesson_svg_freelist(canvas, run);
	if (show & KFRAG_LESSON_SHOW_BITMAP)
		kfrag_lesson_svg_bitmap(canvas, run);
	if (show & KFRAG_LESSON_SHOW_SLABS)
		kfrag_lesson_svg_slabs(canvas, run);
}

static void draw_picture(struct kfrag_canvas *canvas, const void *context)
{
	const struct picture *picture = context;

	if (*picture->title) {
		kfrag_canvas_text(canvas, KFRAG_CANVAS_MARGIN,
				  KFRAG_CANVAS_LINE,
				  " font-size=\"22\" font-weight=\"bold\"",
				  picture->title, strlen(picture->title));
		canvas->y += 2 * KFRAG_CANVAS_LINE;
	}
	kfrag_lesson_svg_draw(canvas, picture->run, picture->show);
	kfrag_canvas_words(canvas, picture->words);
}

/* What is drawn belongs to the step before a show. */
static struct kfrag_lesson_run as_told(const struct kfrag_lesson_run *run)
{
	struct kfrag_lesson_run told = *run;

	while (told.nr_done > 1 &&
	       kfrag_lesson_run_last(&told)->verb == KFRAG_LESSON_SHOW)
		told.nr_done--;
	return told;
}

enum kfrag_error kfrag_lesson_write_svg(FILE *out,
					const struct kfrag_lesson_run *run)
{
	const struct kfrag_lesson_run told = as_told(run);
	const struct kfrag_lesson_step *step = kfrag_lesson_run_last(&told);
	bool is_text = step->verb >= KFRAG_LESSON_SAY;
	struct kfrag_scratch title = { 0 }, text = { 0 };
	struct picture picture = { .run = run, .title = "" };
	char words[KFRAG_LESSON_WORDS_SIZE];
	enum kfrag_error error = KFRAG_ENOMEM;

	picture.show = kfrag_lesson_drawings(run);
	if (!picture.show)
		picture.show = KFRAG_LESSON_SHOW_MEMORY;
	picture.words = is_text ? kfrag_scratch_escape(&text, step->text.text,
						       step->text.nr_bytes) :
				  kfrag_lesson_words(&told, words);
	if (!is_text && step->line > 0) {
		picture.title = kfrag_scratch_escape(&title, step->source.text,
						     step->source.nr_bytes);
		if (picture.title)
			kfrag_fit_shorten(title.text, TITLE_CHARS);
	}
	if (picture.title && picture.words)
		error = kfrag_canvas_write(out, draw_picture, &picture);
	kfrag_scratch_release(&title);
	kfrag_scratch_release(&text);
	return error;
}
