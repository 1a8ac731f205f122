// SPDX-License-Identifier: MIT
#include "cli/whatif_options.h"

#include <stdio.h>

#include "cli/cli.h"
#include "cli/diff_view.h"
#include "cli/input.h"
#include "cli/whatif_numbers.h"
#include "cli/whatif_questions.h"

enum {
	OPTION_BEFORE_PAGE_SIZE = CLI_OPTION_OWN + 300,
	OPTION_BEFORE_CPUS,
	OPTION_BEFORE_ERA,
	OPTION_BOUNDARIES,
	OPTION_METADATA
};

static const struct cli_option input_options[] = {
	{ OPTION_BOUNDARIES, "boundaries", NULL,
	  "no change: which smaller sizes, and which orders of\n"
	  "slabs, would take less memory" },
	{ OPTION_METADATA, "metadata", NULL,
	  "no change: what keeping something for each object or\n"
	  "slab would take, and where tails have room for it" },
	{ CLI_OPTION_SHOW, "show", "TABLE",
	  "one table alone: caches (a row per cache, the same\n"
	  "ones too) or totals (per allocator and state); csv\n"
	  "shows caches by default" },
	{ CLI_OPTION_SAMPLE, "sample", "K",
	  "the K-th sample of FILE, from 1 (default: the last)" },
	{ CLI_OPTION_SYSSLAB, "sysslab", "FILE",
	  "what /sys/kernel/slab says, as text or folder\n"
	  "(default: what lies beside FILE, or is live as it is)" },
	{ OPTION_BEFORE_PAGE_SIZE, "before-page-size", "SIZE",
	  "page size of the machine of FILE (default: what FILE\n"
	  "states, this machine's for the live file, else what\n"
	  "the rows tell, as of CPUs and kernel)" },
	{ OPTION_BEFORE_CPUS, "before-cpus", "N",
	  "CPUs of the machine of FILE" },
	{ OPTION_BEFORE_ERA, "before-era", "NAME", "kernel of FILE; see ERAS" },
};

#define NR_INPUT_OPTIONS (sizeof(input_options) / sizeof(input_options[0]))
#define MAX_OPTIONS 48

/* The changes come first. The table has room for all. */
static struct cli_option_part own_part(struct cli_option table[MAX_OPTIONS])
{
	size_t nr = 0;

	for (size_t i = 0; i < whatif_nr_change_options; i++)
		table[nr++] = whatif_change_options[i];
	for (size_t i = 0; i < NR_INPUT_OPTIONS; i++)
		table[nr++] = input_options[i];
	return (struct cli_option_part){ table, nr, NULL };
}

static bool take_before(struct whatif_before *before, int key,
			const char *argument)
{
	switch (key) {
	case OPTION_BEFORE_PAGE_SIZE:
		before->page_size_bytes.known = true;
		return shared_options_parse_page_size(
			"before-page-size", argument,
			&before->page_size_bytes.value);
	case OPTION_BEFORE_CPUS:
		before->nr_cpus.known = true;
		return cli_parse_number("before-cpus", argument, 1,
					WHATIF_MAX_CPUS,
					&before->nr_cpus.value);
	default:
		return whatif_parse_era("before-era", argument, &before->era);
	}
}

/* It was looked for in all words, for what the tables are hangs on it. */
static bool take_question(const struct whatif_options *options, int key)
{
	enum whatif_question question =
		key == OPTION_BOUNDARIES ? WHATIF_BOUNDARIES : WHATIF_METADATA;

	if (question != options->question)
		cli_usage_error("--boundaries and --metadata are two "
				"questions: ask one at a time");
	return question == options->question;
}

static bool take_option(void *context, int key, const char *argument)
{
	struct whatif_options *options = context;

	switch (whatif_changes_take(&options->changes, key, argument)) {
	case WHATIF_TAKEN:
		return true;
	case WHATIF_REFUSED:
		return false;
	case WHATIF_NOT_MINE:
		break;
	}
	if (cli_companion_paths_take(&options->companions, key, argument))
		return true;
	if (key == CLI_OPTION_SAMPLE)
		return cli_parse_number("sample", argument, 1, UINT64_MAX,
					&options->sample);
	if (key == OPTION_BOUNDARIES || key == OPTION_METADATA)
		return take_question(options, key);
	if (key >= OPTION_BEFORE_PAGE_SIZE && key <= OPTION_BEFORE_ERA)
		return take_before(&options->before, key, argument);
	return shared_options_take(&options->shared, key, argument);
}

/* --cache also says what is changed, so it goes with all tables. */
static bool is_complete(const struct whatif_options *options)
{
	struct shared_options shared = options->shared;

	shared.nr_patterns = 0;
	if (options->question != WHATIF_CHANGE && options->changes.is_any) {
		cli_usage_error("--boundaries and --metadata are of caches as "
				"they are, without a change");
		return false;
	}
	if (options->changes.is_any || options->question != WHATIF_CHANGE)
		return shared_options_are_consistent(&shared);
	cli_usage_error("what shall change? --object-size, --cpus, ...; or "
			"--boundaries, --metadata");
	return false;
}

bool whatif_options_parse(struct whatif_options *options, int argc, char **argv)
{
	struct cli_option table[MAX_OPTIONS];
	struct cli_option_part own = own_part(table);
	int first;

	*options = (struct whatif_options){
		.question = whatif_question_of(argc, argv),
		.path = CLI_LIVE_PATH,
	};
	if (!shared_options_init(&options->shared,
				 whatif_question_tables(options->question),
				 argc) ||
	    !shared_options_parse_unsized(&own, argc, argv, &first, take_option,
					  options))
		return false;
	if (options->shared.wants_help || options->shared.wants_version)
		return true;
	if (!cli_options_take_file(argc - first, argv + first, &options->path))
		return false;
	return is_complete(options);
}

void whatif_options_release(struct whatif_options *options)
{
	shared_options_release(&options->shared);
	*options = (struct whatif_options){ 0 };
}

void whatif_options_help(void)
{
	struct cli_option table[MAX_OPTIONS];
	struct cli_option_part own = own_part(table);

	puts("Usage: kfrag whatif [options] FILE CHANGE...\n"
	     "   or: kfrag whatif [options] FILE --boundaries | --metadata\n"
	     "\n"
	     "Change FILE, a copy of /proc/slabinfo, as the kernel would have "
	     "it in another\n"
	     "world, and show what the same objects take before and after: in "
	     "the kernel's own\n"
	     "slabs, and in both replays. --cache chooses the caches that are "
	     "changed; machine\n"
	     "and kernel are everyone's.\n"
	     "\n"
	     "Options, the changes among them:");
	shared_options_print_unsized(&own);
	cli_diff_print_tables();
	whatif_questions_print_columns();
	whatif_print_eras();
	puts("\nExit status: 0 fine, 1 a row meets a --fail-if, 2 wrong usage, "
	     "unusable input or\n"
	     "failed output.\n"
	     "\n"
	     "For more details see kfrag(1).");
}
