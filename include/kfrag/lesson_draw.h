/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_LESSON_DRAW_H
#define KFRAG_LESSON_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kfrag/error.h"
#include "kfrag/lesson_run.h"
#include "kfrag/report.h"
#include "kfrag/workload.h"

/* A lesson for people: words and drawings, no line wider than 80 columns. */
struct kfrag_lesson_style {
	bool is_ascii; /* else UTF-8 */
};

#define KFRAG_LESSON_WORDS_SIZE 8192

/*
 * What the last step did, as sentences of printable ASCII without a line
 * break; empty for a step that only shows or says something. Returns words.
 */
const char *kfrag_lesson_words(const struct kfrag_lesson_run *run,
			       char words[KFRAG_LESSON_WORDS_SIZE]);

/* What is drawn after a step where the script does not say; a mask. */
unsigned kfrag_lesson_usual_drawings(enum kfrag_lesson_verb verb);

/*
 * Draws the parts of the mask, as they are after the last step. Write errors
 * show on the stream, as they do for the functions below.
 */
void kfrag_lesson_draw(FILE *out, const struct kfrag_lesson_run *run,
		       unsigned show, struct kfrag_lesson_style style);

/*
 * The last step, whole: its number and command, what it did, and a drawing,
 * which a show step right behind it replaces. KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_write_step(FILE *out, const struct kfrag_lesson_run *run,
			struct kfrag_lesson_style style);

/* A paragraph of a script's own words; with "Q: " before it, say. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_write_text(FILE *out, const char *before,
			struct kfrag_lesson_text text);

/*
 * All steps done so far as one JSON array, a step an object, is written as
 * begin, a call for each step after it was done, end.
 * KFRAG_ENOMEM, KFRAG_EIO.
 */
KFRAG_MUST_CHECK enum kfrag_error kfrag_lesson_json_begin(FILE *out,
							  const char *source);
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_json_step(FILE *out, const struct kfrag_lesson_run *run);
KFRAG_MUST_CHECK enum kfrag_error kfrag_lesson_json_end(FILE *out);

/*
 * The last step as a whole SVG file; what a show step draws has the words of the
 * step before it. KFRAG_ENOMEM, KFRAG_EIO.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_write_svg(FILE *out, const struct kfrag_lesson_run *run);

/*
 * What a block for each object of a capture wastes: as the script of the
 * lecture counts it, and in truth. KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_write_waste(FILE *out, const char *source,
			 const struct kfrag_workload *workload);

/*
 * The same as one JSON object, with all caches, and as a whole SVG file.
 * KFRAG_ENOMEM, KFRAG_EIO.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_write_waste_json(FILE *out, const char *source,
			      const struct kfrag_workload *workload);
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_write_waste_svg(FILE *out, const char *source,
			     const struct kfrag_workload *workload);

/* One cache of a capture, in blocks and in slabs. KFRAG_ENOMEM. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_write_cache(FILE *out, const char *source,
			 const struct kfrag_report *report,
			 const struct kfrag_cache_row *row,
			 struct kfrag_lesson_style style);

/* The same as one JSON object, and as a whole SVG file. Errors as above. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_write_cache_json(FILE *out, const char *source,
			      const struct kfrag_report *report,
			      const struct kfrag_cache_row *row);
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_write_cache_svg(FILE *out, const char *source,
			     const struct kfrag_report *report,
			     const struct kfrag_cache_row *row);

#endif
