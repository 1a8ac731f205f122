/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_LESSON_STEPS_H
#define KFRAG_REPLAY_LESSON_STEPS_H

#include "kfrag/lesson_run.h"

/* What each step does. Errors as those of kfrag_lesson_run_step(). */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_do_alloc(struct kfrag_lesson_run *run,
		      const struct kfrag_lesson_step *step,
		      struct kfrag_lesson_fault *fault);
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_do_free(struct kfrag_lesson_run *run,
		     const struct kfrag_lesson_step *step,
		     struct kfrag_lesson_fault *fault);
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_do_cache(struct kfrag_lesson_run *run,
		      const struct kfrag_lesson_step *step);
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_do_new(struct kfrag_lesson_run *run,
		    const struct kfrag_lesson_step *step);
KFRAG_MUST_CHECK enum kfrag_error
kfrag_lesson_do_delete(struct kfrag_lesson_run *run,
		       const struct kfrag_lesson_step *step,
		       struct kfrag_lesson_fault *fault);

#endif
