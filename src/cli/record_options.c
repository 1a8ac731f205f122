// SPDX-License-Identifier: MIT
#include "cli/record_options.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/options.h"

#define NS_PER_S INT64_C(1000000000)
#define DEFAULT_S 10
#define MAX_S 1000000

static const struct cli_option table[] = {
	{ 'd', "delay", "SECONDS",
	  "from one sample to the next (default 10); 0.5 is\n"
	  "half a second" },
	{ 'n', "count", "COUNT",
	  "how many samples (default: until interrupted)" },
	{ 'o', "output", "FILE",
	  "write to FILE, behind the samples that are in it\n"
	  "(default: standard output)" },
	{ 'h', "help", NULL, "display this help" },
	{ 'V', "version", NULL, "display the version" },
};

#define NR_OPTIONS (sizeof(table) / sizeof(table[0]))

/* Digits, and up to nine behind a point: strtod() would heed the locale. */
static bool parse_seconds(const char *text, int64_t *ns)
{
	const char *at = text;
	int64_t digit_ns = NS_PER_S / 10;

	for (*ns = 0; *at >= '0' && *at <= '9'; at++) {
		*ns = *ns * 10 + (*at - '0') * NS_PER_S;
		if (*ns > MAX_S * NS_PER_S)
			return false;
	}
	if (at == text)
		return false;
	if (*at == '.') {
		at++;
		if (*at < '0' || *at > '9')
			return false;
		for (; *at >= '0' && *at <= '9' && digit_ns > 0; at++) {
			*ns += (*at - '0') * digit_ns;
			digit_ns /= 10;
		}
	}
	return *at == '\0' && *ns <= MAX_S * NS_PER_S;
}

static bool take_option(void *context, int key, const char *argument)
{
	struct record_options *options = context;

	switch (key) {
	case 'd':
		if (parse_seconds(argument, &options->interval_ns))
			return true;
		cli_usage_error("--delay wants seconds from 0 to %d, such as "
				"10 or 0.5, not '%s'",
				MAX_S, argument);
		return false;
	case 'n':
		return cli_parse_number("count", argument, 1, UINT64_MAX,
					&options->count);
	case 'o':
		options->output = strcmp(argument, "-") != 0 ? argument : NULL;
		return true;
	case 'h':
		options->wants_help = true;
		return true;
	default:
		options->wants_version = true;
		return true;
	}
}

bool record_options_parse(struct record_options *options, int argc, char **argv)
{
	int first;

	*options = (struct record_options){
		.path = CLI_LIVE_PATH,
		.interval_ns = DEFAULT_S * NS_PER_S,
		.count = UINT64_MAX,
	};
	if (!cli_options_parse(table, NR_OPTIONS, argc, argv, &first,
			       take_option, options))
		return false;
	if (options->wants_help || options->wants_version)
		return true;
	if (!cli_options_take_file(argc - first, argv + first, &options->path))
		return false;
	if (strcmp(options->path, "-") == 0) {
		cli_usage_error("record reads FILE anew for each sample, so it "
				"cannot be standard input");
		return false;
	}
	return true;
}

void record_options_help(void)
{
	puts("Usage: kfrag record [options] [FILE]\n"
	     "\n"
	     "Write samples of /proc/slabinfo, which root may read, one behind "
	     "the other:\n"
	     "plain slabinfo with the time and the machine in comments. kfrag "
	     "and other tools\n"
	     "read the file again; one that is cut at any place loses no more "
	     "than its last\n"
	     "sample.\n"
	     "\n"
	     "FILE is read in place of /proc/slabinfo, anew for each sample: "
	     "that of another\n"
	     "proc folder, or a fifo. buddyinfo and meminfo come from beside "
	     "it.\n"
	     "\n"
	     "Options:");
	cli_options_print(table, NR_OPTIONS);
	puts("\nThe first sample is taken at once. Without -n, an interrupt "
	     "(Ctrl-C), SIGTERM or\n"
	     "a hangup ends the recording.\n"
	     "\n"
	     "Exit status: 0 fine, an interrupt too; 2 wrong usage, unusable "
	     "input or failed\n"
	     "output.\n"
	     "\n"
	     "For more details see kfrag(1).");
}
