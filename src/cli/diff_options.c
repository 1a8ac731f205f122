// SPDX-License-Identifier: MIT
#include "cli/diff_options.h"

#include <stdio.h>

#include "cli/diff_view.h"

static const struct cli_option own_options[] = {
	{ CLI_OPTION_SHOW, "show", "TABLE",
	  "one table alone: caches (a row per cache, the same\n"
	  "ones too) or totals (per allocator and state); csv\n"
	  "shows caches by default" },
	{ CLI_OPTION_SAMPLE, "sample", "A,B",
	  "sample A, from 1, against sample B of FILE (default:\n"
	  "the first and the last), or A of OLD against B of NEW\n"
	  "(default: the last of each)" },
};

static const struct cli_option_part own = {
	own_options, sizeof(own_options) / sizeof(own_options[0]), NULL
};

static bool take_option(void *context, int key, const char *argument)
{
	struct diff_options *options = context;

	if (key == CLI_OPTION_SAMPLE)
		return cli_pair_take_samples(&options->files, argument);
	return shared_options_take(&options->shared, key, argument);
}

bool diff_options_parse(struct diff_options *options, int argc, char **argv)
{
	int first;

	*options = (struct diff_options){ 0 };
	if (!shared_options_init(&options->shared, &cli_diff_tables, argc) ||
	    !shared_options_parse(&own, argc, argv, &first, take_option,
				  options))
		return false;
	if (options->shared.wants_help || options->shared.wants_version)
		return true;
	return cli_pair_take_files(&options->files, argc - first,
				   argv + first) &&
	       shared_options_are_consistent(&options->shared);
}

void diff_options_release(struct diff_options *options)
{
	shared_options_release(&options->shared);
	*options = (struct diff_options){ 0 };
}

void diff_options_help(void)
{
	puts("Usage: kfrag diff [options] OLD NEW\n"
	     "       kfrag diff [options] FILE\n"
	     "\n"
	     "Compare two copies of /proc/slabinfo, or two samples of one "
	     "FILE, and what their\n"
	     "replays make of them: what grew, what shrank, what is new or "
	     "gone.\n"
	     "- is standard input.\n"
	     "\n"
	     "Options:");
	shared_options_print(&own);
	cli_diff_print_tables();
	puts("\nExit status: 0 the files say the same, 1 they differ, 2 wrong "
	     "usage, unusable\n"
	     "input or failed output. With --fail-if, 1 a row meets one, 0 "
	     "none does, whether\n"
	     "the files differ or not.\n"
	     "\n"
	     "For more details see kfrag(1).");
}
