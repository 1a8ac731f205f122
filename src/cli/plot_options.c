// SPDX-License-Identifier: MIT
#include "cli/plot_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

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
	own_options, sizeof(own_options) / sizeof(own_options[0])
};

/* There is no table, and so nothing to sort or show. */
static const struct cli_tables no_tables = { .nr_sets = 0 };

static bool take_size(struct plot_options *options, const char *text)
{
	unsigned width, height;
	char rest;

	if (*text >= '1' && *text <= '9' &&
	    sscanf(text, "%5ux%5u%c", &width, &height, &rest) == 2 &&
	    width >= 10 && height >= 10 && width <= 10000 && height <= 10000) {
		options->style.width = width;
		options->style.height = height;
		return true;
	}
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
		return shared_options_take(&options->shared, key, argument);
	}
}

/* What the name of the output says it is. */
static bool choose_terminal(struct plot_options *options)
{
	if (!options->output || options->wants_script ||
	    kfrag_plot_terminal_find(options->output, &options->style.terminal))
		return true;
	cli_usage_error(
		"what picture is '%s' to be? Its name must end in .png, "
		".svg, .pdf, .gif, .txt, or .gp for the script",
		options->output);
	return false;
}

static bool is_plain(const char *word)
{
	return *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789-_./=,:+@%")];
}

/* A word as a shell would have to be given it; returns the end. */
static char *put_word(char *at, const char *word)
{
	bool quoted = !is_plain(word);

	if (quoted)
		*at++ = '\'';
	for (; *word; word++) {
		if (quoted && *word == '\'') {
			memcpy(at, "'\\'", 3);
			at += 3;
		}
		*at++ = *word;
	}
	if (quoted)
		*at++ = '\'';
	return at;
}

/* "kfrag plot waste 'a file'" */
static char *make_command(int argc, char **argv)
{
	size_t bytes = sizeof("kfrag plot");
	char *command, *at;

	for (int i = 1; i < argc; i++)
		bytes += 4 * strlen(argv[i]) + 3;
	command = malloc(bytes);
	if (!command)
		return NULL;
	memcpy(command, "kfrag plot", strlen("kfrag plot"));
	at = command + strlen("kfrag plot");
	for (int i = 1; i < argc; i++) {
		*at++ = ' ';
		at = put_word(at, argv[i]);
	}
	*at = '\0';
	return command;
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
	    !shared_options_parse_replay(&own, argc, argv, &first, take_option,
					 options))
		return false;
	if (options->shared.wants_help || options->shared.wants_version)
		return true;
	if (first < argc)
		options->kind = argv[first++];
	options->files = argv + first;
	options->nr_files = argc - first;
	return choose_terminal(options);
}

void plot_options_release(struct plot_options *options)
{
	free(options->command);
	shared_options_release(&options->shared);
	*options = (struct plot_options){ 0 };
}

void plot_options_print(void)
{
	shared_options_print_replay(&own);
	shared_options_print_policies();
}
