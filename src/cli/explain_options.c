// SPDX-License-Identifier: MIT
#include "cli/explain_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/explain_lessons.h"
#include "cli/options.h"

enum {
	OPTION_STEP = CLI_LONG_ONLY + 1,
	OPTION_ANSWERS,
	OPTION_ASCII,
	OPTION_FORMAT,
	OPTION_JSON,
	OPTION_SVG
};

static const struct cli_option table[] = {
	{ 'e', "expression", "TEXT",
	  "a script, or a line of one; may be given more than\n"
	  "once; ; parts commands" },
	{ OPTION_STEP, "step", NULL,
	  "wait for Enter after each step, on a terminal" },
	{ OPTION_ANSWERS, "answers", "FILE",
	  "grade the answers in FILE, one a line; exit 1 if one\n"
	  "is wrong or missing" },
	{ OPTION_ASCII, "ascii", NULL, "draw with ASCII, not with UTF-8" },
	{ OPTION_FORMAT, "format", "FORMAT",
	  "table (for people, the default) or json (each step,\n"
	  "and each figure, as data)" },
	{ OPTION_JSON, "json", NULL, "the same as --format json" },
	{ OPTION_SVG, "svg", "DIR",
	  "draw each step as DIR/step-001.svg and so on, waste as\n"
	  "waste.svg, cache as cache.svg; DIR is made where\n"
	  "there is none" },
	{ 'h', "help", NULL, "display this help" },
	{ 'V', "version", NULL, "display the version" },
};

#define NR_OPTIONS (sizeof(table) / sizeof(table[0]))

static bool add_text(struct explain_options *options, const char *text)
{
	size_t length = strlen(text);
	char *grown =
		realloc(options->text, options->nr_text_bytes + length + 2);

	if (!grown) {
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return false;
	}
	snprintf(grown + options->nr_text_bytes, length + 2, "%s\n", text);
	options->text = grown;
	options->nr_text_bytes += length + 1;
	return true;
}

static bool take_format(struct explain_options *options, const char *word)
{
	options->json = strcmp(word, "json") == 0;
	if (options->json || strcmp(word, "table") == 0)
		return true;
	cli_usage_error("unknown format '%s': table or json", word);
	return false;
}

static bool take_option(void *context, int key, const char *argument)
{
	struct explain_options *options = context;

	switch (key) {
	case 'e':
		return add_text(options, argument);
	case OPTION_STEP:
		options->step = true;
		break;
	case OPTION_ANSWERS:
		options->answers = argument;
		break;
	case OPTION_ASCII:
		options->style.is_ascii = true;
		break;
	case OPTION_FORMAT:
		return take_format(options, argument);
	case OPTION_JSON:
		options->json = true;
		break;
	case OPTION_SVG:
		options->svg = argument;
		break;
	case 'h':
		options->wants_help = true;
		break;
	default:
		options->wants_version = true;
		break;
	}
	return true;
}

/* So many words behind the first, no fewer and no more. */
static bool check_words(const char *subject, int nr_words, int wanted,
			const char *what)
{
	if (nr_words == wanted)
		return true;
	cli_usage_error("%s wants %s", subject, what);
	return false;
}

static bool take_capture(struct explain_options *options, int nr_words,
			 char **words)
{
	if (options->step || options->answers) {
		cli_usage_error("%s is one page: it has no steps or answers",
				words[0]);
		return false;
	}
	if (strcmp(words[0], "waste") == 0) {
		options->subject = EXPLAIN_WASTE;
		options->path = words[1];
		return check_words("waste", nr_words, 2, "a capture: FILE");
	}
	options->subject = EXPLAIN_CACHE;
	if (!check_words("cache", nr_words, 3,
			 "a cache and a capture: NAME FILE"))
		return false;
	options->name = words[1];
	options->path = words[2];
	return true;
}

static bool take_words(struct explain_options *options, int nr_words,
		       char **words)
{
	if (options->text)
		return check_words("-e", nr_words, 0, "no other script");
	if (nr_words == 0) {
		cli_usage_error("what? a SCRIPT, -e TEXT, lecture, bitmap, "
				"slab, waste FILE or cache NAME FILE");
		return false;
	}
	if (strcmp(words[0], "waste") == 0 || strcmp(words[0], "cache") == 0)
		return take_capture(options, nr_words, words);
	if (nr_words > 1) {
		cli_usage_error("one script at a time: '%s' is one too many",
				words[1]);
		return false;
	}
	if (explain_lesson_find(words[0])) {
		options->subject = EXPLAIN_LESSON;
		options->name = words[0];
	} else {
		options->path = words[0];
	}
	return true;
}

static bool is_consistent(const struct explain_options *options)
{
	bool reads_stdin = options->path && strcmp(options->path, "-") == 0;

	if ((options->json || options->svg) &&
	    (options->answers || options->step)) {
		cli_usage_error("nobody is asked where steps are written as "
				"%s: no --answers, no --step",
				options->json ? "json" : "pictures");
		return false;
	}
	if (options->json && options->svg) {
		cli_usage_error("--svg and json exclude each other");
		return false;
	}
	if (options->answers && strcmp(options->answers, "-") == 0 &&
	    reads_stdin) {
		cli_usage_error("standard input can be read once: the script "
				"or the answers");
		return false;
	}
	return true;
}

bool explain_options_parse(struct explain_options *options, int argc,
			   char **argv)
{
	int first;

	*options = (struct explain_options){ 0 };
	if (!cli_options_parse(table, NR_OPTIONS, argc, argv, &first,
			       take_option, options))
		return false;
	if (options->wants_help || options->wants_version)
		return true;
	return take_words(options, argc - first, argv + first) &&
	       is_consistent(options);
}

void explain_options_release(struct explain_options *options)
{
	free(options->text);
	*options = (struct explain_options){ 0 };
}

void explain_options_help(void)
{
	size_t nr_lessons;
	const struct explain_lesson *lessons = explain_lessons(&nr_lessons);

	puts("Usage: kfrag explain [options] SCRIPT | - | -e TEXT\n"
	     "       kfrag explain [options] lecture | bitmap | slab\n"
	     "       kfrag explain [options] waste FILE\n"
	     "       kfrag explain [options] cache NAME FILE\n"
	     "\n"
	     "Follow the allocators step by step: what each command of a "
	     "script does, in\n"
	     "words and drawings. FILE is a capture, as kfrag reads them "
	     "anywhere.\n"
	     "\n"
	     "Lessons:");
	for (size_t i = 0; i < nr_lessons; i++)
		printf("  %-23s %s\n", lessons[i].name, lessons[i].help);
	puts("  waste FILE              what blocks for each object of a "
	     "capture would waste\n"
	     "  cache NAME FILE         one cache of a capture, in blocks and "
	     "in slabs\n"
	     "\n"
	     "Options:");
	cli_options_print(table, NR_OPTIONS);
	puts("\nCommands of a script, one a line or parted by ;\n"
	     "  memory SIZE             begin with an empty memory (256K)\n"
	     "  page SIZE               the same with pages of this size (4K)\n"
	     "  alloc NAME SIZE         take a block\n"
	     "  free NAME               give it back\n"
	     "  cache NAME SIZE [ORDER] a cache of objects, in slabs of "
	     "2^ORDER pages\n"
	     "  new NAME [COUNT]        take objects\n"
	     "  delete NAME [COUNT|#N]  give objects back: the last ones, or "
	     "that in slot N\n"
	     "  show [WHAT...]          draw tree, freelist, bitmap, slabs, "
	     "memory or all\n"
	     "  say TEXT                a text, to the end of the line\n"
	     "  ask QUESTION = ANSWER   a question, to the end of the line\n"
	     "  # TEXT                  a comment\n"
	     "\n"
	     "Exit status: 0 fine; 1 an answer is wrong or missing; 2 wrong "
	     "usage, a mistake\n"
	     "in the script, unusable input or failed output.\n"
	     "\n"
	     "For more details see kfrag(1).");
}
