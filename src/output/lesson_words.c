// SPDX-License-Identifier: MIT
/* What a step did, in sentences. */
#include "output/lesson_words_parts.h"

const char *kfrag_lesson_words(const struct kfrag_lesson_run *run,
			       char words[KFRAG_LESSON_WORDS_SIZE])
{
	const struct kfrag_lesson_step *step = kfrag_lesson_run_last(run);
	const char *name = run->lesson->nr_names ?
				   run->lesson->names[step->name].text :
				   "";

	words[0] = '\0';
	switch (step->verb) {
	case KFRAG_LESSON_MEMORY:
	case KFRAG_LESSON_PAGE:
		kfrag_lesson_add_memory(words, run);
		break;
	case KFRAG_LESSON_ALLOC:
		kfrag_lesson_add_alloc(words, run, step, name);
		break;
	case KFRAG_LESSON_FREE:
		kfrag_lesson_add_free(words, run, name);
		break;
	case KFRAG_LESSON_CACHE:
		kfrag_lesson_add_cache(words, run, step, name);
		break;
	case KFRAG_LESSON_NEW:
	case KFRAG_LESSON_DELETE:
		kfrag_lesson_add_objects(words, run, step, name);
		break;
	default:
		break;
	}
	return words;
}
