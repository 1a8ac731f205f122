// SPDX-License-Identifier: MIT
#include "cli/plot_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/simulate_workload.h"

/* There is no room for anything in less. */
#define MIN_PIXELS 200

enum {
	OPTION_SIZE = CLI_OPTION_OWN + 101,
	OPTION_THEME,
	OPTION_SCRIPT,
	OPTION_TIMEOUT,
	OPTION_INTERVAL
};

static const struct cli_option own_options[] = {
	{ 'o', "output", "FILE",
	  "draw into FILE, with gnuplot: .png, .svg, .pdf, .gif,\n"
	  ".txt, or .gp for the script (default: a picture of\n"
	  "text on a terminal, else the script)" },
	{ OPTION_SIZE, "size", "WxH",
	  "pixels, or characters of text (default: what suits\n"
	  "the picture, 800 pixels wide; the terminal's size)" },
	{ OPTION_THEME, "theme", "THEME", "light (the default) or dark" },
	{ OPTION_SCRIPT, "script", NULL,
	  "write the script for gnuplot, its data in it" },
	{ OPTION_TIMEOUT, "timeout", "SECONDS",
	  "how long gnuplot may take (default 60)" },
	{ CLI_OPTION_CACHE, "cache", "PATTERN",
	  "only caches whose name the glob pattern matches;\n"
	  "may be given more than once" },
	{ 'n', "lines", "N", "how many caches (default 12; trend: 8 at most)" },
	{ CLI_OPTION_SAMPLE, "sample", "K",
	  "the K-th sample of FILE, from 1 (default: the last);\n"
	  "diff: A,B, two of them" },
	{ OPTION_INTERVAL, "interval", "SECONDS",
	  "trend: how far apart samples lie that have no time" },
};

static const struct cli_option_part own = {
	own_options, sizeof(own_options) / sizeof(own_options[0]), NULL
};

/* What is printed under a heading of its own is taken with the rest. */
static const struct cli_option_part taken = { own_options,
					      sizeof(own_options) /
						      sizeof(own_options[0]),
					      &simulate_workload_part };

/* There is no table, and so nothing to sort or show. */
static const struct cli_tables no_tables = { .nr_sets = 0 };

/* A number from 10 to 10000 at the start of text; *end is behind it. */
static bool read_side(const char *text, unsigned *side, const char **end)
{
	char *stop;
	unsigned long value;

	if (*text < '1' || *text > '9')
		return false;
	value = strtoul(text, &stop, 10);
	*end = stop;
	*side = (unsigned)value;
	return value >= 10 && value <= 10000;
}

static bool take_size(struct plot_options *options, const char *text)
{
	const char *at = text;

	if (read_side(at, &options->style.width, &at) && *at == 'x' &&
	    read_side(at + 1, &options->style.height, &at) && !*at)
		return true;
	cli_usage_error("--size wants WIDTHxHEIGHT, such as 800x500, each from "
			"10 to 10000, not '%s'",
			text);
	return false;
}

static bool take_theme(struct plot_options *options, const char *text)
{
	options->style.is_dark = strcmp(text, "dark") == 0;
	if (options->style.is_dark || strcmp(text, "light") == 0)
		return true;
	cli_usage_error("unknown theme '%s'; there are light and dark", text);
	return false;
}

static bool take_option(void *context, int key, const char *argument)
{
	struct plot_options *options = context;

	switch (key) {
	case 'o':
		options->output = argument;
		return true;
	case OPTION_SIZE:
		return take_size(options, argument);
	case OPTION_THEME:
		return take_theme(options, argument);
	case OPTION_SCRIPT:
		options->wants_script = true;
		return true;
	case OPTION_TIMEOUT:
		return cli_parse_number("timeout", argument, 1, 1000000,
					&options->timeout_s);
	case OPTION_INTERVAL:
		return cli_parse_number("interval", argument, 1, 1000000000,
					&options->interval_s);
	case CLI_OPTION_SAMPLE:
		options->sample = argument;
		return true;
	default:
		return simulate_workload_has(key) ?
			       simulate_workload_take(&options->sim, key,
						      argument) :
			       shared_options_take(&options->shared, key,
						   argument);
	}
}

/* What the name of the output says it is. */
static bool choose_terminal(struct plot_options *options)
{
	struct kfrag_plot_style *style = &options->style;

	if (!options->output || options->wants_script)
		return true;
	if (!kfrag_plot_terminal_find(options->output, &style->terminal)) {
		cli_usage_error("what picture is '%s' to be? Its name must end "
				"in .png, .svg, .pdf, .gif, .txt, or .gp for "
				"the script",
				options->output);
		return false;
	}
	/* gnuplot would complain of its font. */
	if (style->terminal != KFRAG_PLOT_TEXT && style->width > 0 &&
	    (style->width < MIN_PIXELS || style->height < MIN_PIXELS)) {
		cli_usage_error("--size wants %d pixels or more each way for "
				"'%s'",
				MIN_PIXELS, options->output);
		return false;
	}
	return true;
}

static bool is_plain(const char *word)
{
	return *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789-_./=,:+@%")];
}

/* A word as a shell would have to be given it. */
static void put_word(FILE *out, const char *word)
{
	if (is_plain(word)) {
		fputs(word, out);
		return;
	}
	putc('\'', out);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\'", out);
		putc(*word, out);
	}
	putc('\'', out);
}

/* "kfrag plot waste 'a file'" */
static char *make_command(int argc, char **argv)
{
	char *command = NULL;
	size_t bytes;
	FILE *out = open_memstream(&command, &bytes);

	if (!out)
		return NULL;
	fputs("kfrag plot", out);
	for (int i = 1; i < argc; i++) {
		putc(' ', out);
		put_word(out, argv[i]);
	}
	if (fclose(out) == 0)
		return command;
	free(command);
	return NULL;
}

static bool read_workload(struct plot_options *options)
{
	const struct kfrag_replay_params *replay = &options->shared.params;
	struct kfrag_replay_params *params = &options->sim.shared.params;

	params->seed = replay->seed;
	params->min_partial_slabs = replay->min_partial_slabs;
	if (options->shared.has_rounds)
		params->rounds = replay->rounds;
	return simulate_options_end_policies(&options->sim);
}

bool plot_options_parse(struct plot_options *options, int argc, char **argv)
{
	int first;

	*options = (struct plot_options){ .timeout_s = 60 };
	/* Parsing puts the words in another order. */
	options->command = make_command(argc, argv);
	if (!options->command) {
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return false;
	}
	if (!shared_options_init(&options->shared, &no_tables, argc) ||
	    !simulate_options_begin_policies(&options->sim) ||
	    !shared_options_parse_replay(&taken, argc, argv, &first,
					 take_option, options))
		return false;
	if (options->shared.wants_help || options->shared.wants_version)
		return true;
	if (first < argc)
		options->kind = argv[first++];
	options->files = argv + first;
	options->nr_files = argc - first;
	if (options->kind && strcmp(options->kind, "policies") == 0 &&
	    !read_workload(options))
		return false;
	return choose_terminal(options);
}

void plot_options_release(struct plot_options *options)
{
	free(options->command);
	simulate_options_release(&options->sim);
	shared_options_release(&options->shared);
	*options = (struct plot_options){ 0 };
}

void plot_options_print(void)
{
	shared_options_print_replay(&own);
	puts("\nThe workload of policies without a CAPTURE, as of kfrag simulate "
	     "policies:");
	cli_options_print(simulate_workload_part.options,
			  simulate_workload_part.nr_options);
	shared_options_print_policies();
}
