// SPDX-License-Identifier: MIT
/*
 * kfrag plot: pictures, drawn by gnuplot or as scripts for it.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/phases.h"
#include "cli/plot_kinds.h"
#include "cli/plot_options.h"
#include "output/figures.h"

/* A kind is a row. */
static const struct plot_kind kinds[] = {
	{ "waste", "[FILE]", 0, 1,
	  "the caches that waste most: live, idle and tail bytes\n"
	  "in slabs, and what buddy blocks would take",
	  plot_waste_run },
	{ "orders", "[FILE]", 0, 1,
	  "free blocks of each order, and how much of what is\n"
	  "free is in blocks too small for it",
	  plot_orders_run },
	{ "diff", "OLD NEW", 1, 2,
	  "what the caches grew and shrank by between two\n"
	  "captures, or two samples of one",
	  plot_diff_run },
	{ "trend", "FILE...", 1, INT_MAX,
	  "what the caches hold over the samples of recordings,\n"
	  "and how much of it is in use",
	  plot_trend_run },
	{ "bitmap", "", 0, 0,
	  "what it costs to keep track of 4 MiB to 16 TiB of\n"
	  "memory, by design",
	  plot_bitmap_run },
	{ "map", "[FILE]", 0, 1,
	  "the memory itself after the replay, page by page:\n"
	  "free, live, idle or tail, under both allocators",
	  plot_map_run },
	{ "churn", "[FILE]", 0, 1,
	  "the same while populations fill and settle over\n"
	  "--rounds (default 4): as .gif a film, else stills",
	  plot_churn_run },
	{ "policies", "[CAPTURE]", 0, 1,
	  "what each policy of slabs makes of the same objects,\n"
	  "as kfrag simulate policies does",
	  plot_policies_run },
};

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* "waste, orders and trend" */
static const char *list_kinds(char *list, size_t size)
{
	size_t length = 0;

	*list = '\0';
	for (size_t i = 0; i < NR_KINDS && length < size; i++)
		length += (size_t)snprintf(list + length, size - length, "%s%s",
					   kfrag_figure_separator(i, NR_KINDS),
					   kinds[i].name);
	return list;
}

/* NULL after a sentence on stderr. */
static const struct plot_kind *find_kind(const char *name)
{
	char list[128];

	if (!name) {
		cli_usage_error("which picture? There are %s",
				list_kinds(list, sizeof(list)));
		return NULL;
	}
	for (size_t i = 0; i < NR_KINDS; i++)
		if (strcmp(name, kinds[i].name) == 0)
			return &kinds[i];
	cli_usage_error("unknown picture '%s'; there are %s", name,
			list_kinds(list, sizeof(list)));
	return NULL;
}

static void help(void)
{
	puts("Usage: kfrag plot KIND [options] [FILE...]\n"
	     "\n"
	     "Draw a picture of captures and what their replay makes of them. "
	     "FILE is as for\n"
	     "kfrag itself. gnuplot draws; without it there is still the "
	     "script.\n"
	     "\n"
	     "Kinds:");
	for (size_t i = 0; i < NR_KINDS; i++) {
		const char *text = kinds[i].help;
		int width = printf("  %s%s%s", kinds[i].name,
				   *kinds[i].operands ? " " : "",
				   kinds[i].operands);

		while (*text) {
			size_t length = strcspn(text, "\n");

			printf("%*s%.*s\n", 26 - width, "", (int)length, text);
			width = 0;
			text += length + (text[length] == '\n');
		}
	}
	puts("\nOptions:");
	plot_options_print();
	puts("\nExit status: 0 fine, 2 wrong usage, unusable input, or no "
	     "picture.\n"
	     "\n"
	     "For more details see kfrag(1).");
}

static bool has_right_files(const struct plot_kind *kind,
			    const struct plot_options *options)
{
	if (options->nr_files >= kind->min_files &&
	    options->nr_files <= kind->max_files)
		return true;
	if (kind->max_files == 0)
		cli_usage_error("%s takes no file", kind->name);
	else
		cli_usage_error("%s wants %s", kind->name, kind->operands);
	return false;
}

static bool plot(const struct plot_options *options)
{
	const struct plot_kind *kind = find_kind(options->kind);
	struct cli_phases phases;
	bool ok;

	if (!kind || !has_right_files(kind, options))
		return false;
	cli_phases_init(&phases, options->shared.verbose);
	ok = kind->run(options, &phases);
	cli_phases_end(&phases, "release");
	if (ok)
		cli_phases_report(&phases);
	return ok;
}

static enum cli_exit run(int argc, char **argv)
{
	struct plot_options options;
	bool ok = plot_options_parse(&options, argc, argv);

	if (ok && !shared_options_answer(&options.shared, help))
		ok = plot(&options);
	plot_options_release(&options);
	return ok ? CLI_OK : CLI_TROUBLE;
}

const struct cli_command cli_plot = {
	.name = "plot",
	.run = run,
};
