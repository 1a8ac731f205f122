// SPDX-License-Identifier: MIT
/*
 * kfrag explain: the allocators step by step, in words and drawings.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/explain_capture.h"
#include "cli/explain_options.h"
#include "cli/explain_questions.h"
#include "cli/explain_script.h"
#include "cli/explain_svg.h"
#include "cli/view.h"
#include "kfrag/version.h"

static bool is_ok(enum kfrag_error error)
{
	return cli_view_is_written(error);
}

/* The first memory of a script that names one is not worth a word. */
static bool is_hidden(const struct kfrag_lesson_run *run)
{
	const struct kfrag_lesson_step *step = kfrag_lesson_run_last(run);

	return step->line == 0 || (step->verb == KFRAG_LESSON_PAGE &&
				   kfrag_lesson_run_has_more(run) &&
				   step[1].verb == KFRAG_LESSON_MEMORY);
}

/* A show right behind a step draws it; the words of both are one. */
static bool is_shown_next(const struct kfrag_lesson_run *run)
{
	return kfrag_lesson_run_has_more(run) &&
	       kfrag_lesson_run_last(run)[1].verb == KFRAG_LESSON_SHOW;
}

/* What a person sees of the step done last. */
static bool show_step(const struct explain_options *options,
		      const struct kfrag_lesson_run *run,
		      struct explain_questions *questions, size_t *nr_pictures)
{
	const struct kfrag_lesson_step *step = kfrag_lesson_run_last(run);
	bool ok;

	if (options->json)
		return is_ok(kfrag_lesson_json_step(stdout, run));
	if (is_hidden(run))
		return true;
	if (options->svg)
		return is_shown_next(run) ||
		       explain_svg_write(options->svg, ++*nr_pictures, run);
	if (step->verb == KFRAG_LESSON_ASK)
		ok = explain_questions_ask(questions, step);
	else
		ok = is_ok(
			kfrag_lesson_write_step(stdout, run, options->style));
	/* A drawing belongs to the words before it. */
	if (!is_shown_next(run)) {
		putchar('\n');
		if (options->step && step->verb != KFRAG_LESSON_ASK &&
		    kfrag_lesson_run_has_more(run))
			explain_wait(questions);
	}
	return ok;
}

static bool run_steps(const struct explain_options *options,
		      const struct explain_script *script,
		      struct explain_questions *questions)
{
	struct kfrag_lesson_fault fault;
	struct kfrag_lesson_run run;
	enum kfrag_error error = kfrag_lesson_run_init(&run, &script->lesson);
	bool ok = is_ok(error);
	size_t nr_pictures = 0;

	while (ok && kfrag_lesson_run_has_more(&run)) {
		error = kfrag_lesson_run_step(&run, &fault);
		if (error == KFRAG_EINVAL)
			ok = explain_script_refuse(script, &fault);
		else
			ok = is_ok(error) &&
			     show_step(options, &run, questions, &nr_pictures);
	}
	kfrag_lesson_run_release(&run);
	return ok;
}

static bool begin(const struct explain_options *options,
		  const struct explain_script *script)
{
	if (options->json)
		return is_ok(kfrag_lesson_json_begin(stdout, script->source));
	return !options->svg || explain_svg_open(options->svg);
}

static bool finish(const struct explain_options *options)
{
	return !options->json || is_ok(kfrag_lesson_json_end(stdout));
}

static enum cli_exit explain_script(const struct explain_options *options)
{
	struct explain_questions questions = { 0 };
	struct explain_script script;
	enum cli_exit status = CLI_TROUBLE;

	if (explain_script_read(&script, options) &&
	    explain_questions_init(&questions, options) &&
	    begin(options, &script) &&
	    run_steps(options, &script, &questions) && finish(options))
		status = explain_questions_end(&questions) ? CLI_OK : CLI_FOUND;
	explain_questions_release(&questions);
	explain_script_release(&script);
	return status;
}

static enum cli_exit run(int argc, char **argv)
{
	struct explain_options options;
	enum cli_exit status = CLI_OK;

	if (!explain_options_parse(&options, argc, argv))
		status = CLI_TROUBLE;
	else if (options.wants_help)
		explain_options_help();
	else if (options.wants_version)
		puts("kfrag " KFRAG_VERSION);
	else if (options.subject == EXPLAIN_WASTE ||
		 options.subject == EXPLAIN_CACHE)
		status = explain_capture(&options);
	else
		status = explain_script(&options);
	explain_options_release(&options);
	return status;
}

const struct cli_command cli_explain = {
	.name = "explain",
	.run = run,
};
