// SPDX-License-Identifier: MIT
#include "cli/explain_questions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/explain_script.h"

bool explain_questions_init(struct explain_questions *questions,
			    const struct explain_options *options)
{
	bool takes_stdin = options->path && strcmp(options->path, "-") == 0;
	size_t nr_bytes = 0;

	*questions = (struct explain_questions){
		.reads_stdin = !options->answers && !takes_stdin,
		.is_graded = options->answers != NULL,
	};
	if (!options->answers)
		return true;
	if (!explain_read_file(options->answers, &questions->answers,
			       &nr_bytes))
		return false;
	questions->next = questions->answers;
	questions->end = questions->answers + nr_bytes;
	return true;
}

void explain_questions_release(struct explain_questions *questions)
{
	free(questions->answers);
	*questions = (struct explain_questions){ 0 };
}

/* Without what ends it. */
static struct kfrag_lesson_text as_line(const char *text, size_t nr_bytes)
{
	while (nr_bytes > 0 &&
	       (text[nr_bytes - 1] == '\n' || text[nr_bytes - 1] == '\r'))
		nr_bytes--;
	return (struct kfrag_lesson_text){ text, nr_bytes };
}

/* The next line of the transcript; false at its end. */
static bool next_line(struct explain_questions *questions,
		      struct kfrag_lesson_text *line)
{
	const char *end;

	if (questions->next == questions->end)
		return false;
	end = memchr(questions->next, '\n',
		     (size_t)(questions->end - questions->next));
	line->text = questions->next;
	questions->next = end ? end + 1 : questions->end;
	if (!end)
		end = questions->end;
	*line = as_line(line->text, (size_t)(end - line->text));
	return true;
}

/* A line of standard input, which the caller frees; NULL at its end. */
static char *read_line(struct kfrag_lesson_text *line)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t length;

	fputs("A: ", stdout);
	(void)fflush(stdout);
	length = getline(&text, &room, stdin);
	if (length < 0) {
		free(text);
		return NULL;
	}
	*line = as_line(text, (size_t)length);
	return text;
}

static bool is_ok(enum kfrag_error error)
{
	if (error)
		fprintf(stderr, "kfrag: %s\n", kfrag_error_text(error));
	return !error;
}

static bool judge(struct explain_questions *questions,
		  const struct kfrag_lesson_step *step,
		  struct kfrag_lesson_text given)
{
	questions->nr_answered++;
	if (kfrag_lesson_answer_is_right(given.text, given.nr_bytes,
					 step->answer)) {
		questions->nr_right++;
		puts("Right.");
		return true;
	}
	return is_ok(
		kfrag_lesson_write_text(stdout, "Wrong: it is ", step->answer));
}

bool explain_questions_ask(struct explain_questions *questions,
			   const struct kfrag_lesson_step *step)
{
	struct kfrag_lesson_text given;
	char *line;
	bool ok;

	questions->nr_asked++;
	if (!is_ok(kfrag_lesson_write_text(stdout, "Q: ", step->text)))
		return false;
	if (questions->answers && next_line(questions, &given))
		return is_ok(kfrag_lesson_write_text(stdout, "A: ", given)) &&
		       judge(questions, step, given);
	if (questions->is_graded) {
		fputs("A: (none)\n", stdout);
		return is_ok(kfrag_lesson_write_text(stdout, "Wrong: it is ",
						     step->answer));
	}
	line = questions->reads_stdin ? read_line(&given) : NULL;
	if (!line) {
		/* The prompt is there already. */
		ok = is_ok(kfrag_lesson_write_text(
			stdout,
			questions->reads_stdin ? "" : "A: ", step->answer));
		return ok;
	}
	/* A terminal shows what is typed; a pipe does not. */
	ok = isatty(STDIN_FILENO) ||
	     is_ok(kfrag_lesson_write_text(stdout, "", given));
	ok = ok && judge(questions, step, given);
	free(line);
	return ok;
}

bool explain_questions_end(const struct explain_questions *questions)
{
	if (questions->nr_answered > 0 ||
	    (questions->is_graded && questions->nr_asked > 0))
		printf("Score: %zu of %zu right.\n", questions->nr_right,
		       questions->nr_asked);
	return questions->nr_right == questions->nr_asked ||
	       !questions->is_graded;
}

void explain_wait(struct explain_questions *questions)
{
	int byte;

	if (questions->is_at_end || !isatty(STDIN_FILENO) ||
	    !isatty(STDOUT_FILENO))
		return;
	fputs("[Enter] ", stdout);
	(void)fflush(stdout);
	do
		byte = getchar();
	while (byte != '\n' && byte != EOF);
	if (byte == EOF) {
		questions->is_at_end = true;
		putchar('\n');
	}
}
