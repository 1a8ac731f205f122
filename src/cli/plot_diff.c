// SPDX-License-Identifier: MIT
/*
 * The picture of a comparison.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/choice.h"
#include "cli/cli.h"
#include "cli/pair.h"
#include "cli/plot_kinds.h"
#include "cli/view.h"
#include "kfrag/comparison.h"

struct diff {
	struct kfrag_diff diff;
	struct kfrag_selection caches;
};

static enum kfrag_error
write_diff(FILE *out, const struct kfrag_plot_page *page, const void *data)
{
	const struct diff *diff = data;

	return kfrag_plot_write_diff(out, page, &diff->diff, &diff->caches);
}

/* "OLD -> NEW (kernel)"; the caller's to free. NULL: no memory. */
static char *make_title(const struct cli_pair *pair)
{
	const struct cli_pair_side *old_side = &pair->sides[0];
	const struct cli_pair_side *new_side = &pair->sides[1];
	const char *old_path = old_side->input->path;
	char *new_title = cli_make_title(new_side->input, new_side->snapshot);
	const char *new_text = new_title ? new_title : new_side->input->path;
	size_t bytes = strlen(old_path) + strlen(new_text) + 64;
	char *title = malloc(bytes);

	if (title && old_side->input == new_side->input)
		(void)snprintf(title, bytes, "%s, samples %zu to %zu", new_text,
			       (size_t)old_side->sample,
			       (size_t)new_side->sample);
	else if (title)
		(void)snprintf(title, bytes, "%s to %s", old_path, new_text);
	free(new_title);
	return title;
}

static bool draw_pair(const struct plot_options *options,
		      const struct cli_pair *pair,
		      const struct kfrag_comparison *comparison)
{
	struct diff diff = { .diff = { .old_side = cli_pair_side(pair, 0),
				       .new_side = cli_pair_side(pair, 1),
				       .comparison = comparison } };
	char *title = make_title(pair);
	struct kfrag_sort_key key;
	enum kfrag_error error = title ? KFRAG_OK : KFRAG_ENOMEM;
	bool ok = false;

	if (!error)
		error = kfrag_diff_selection_init(&diff.caches, comparison,
						  KFRAG_DIFF_CACHES);
	if (!error)
		error = cli_view_match(&diff.caches, &options->shared);
	if (!error && kfrag_diff_sort_key_find("change", &key))
		error = kfrag_selection_sort(&diff.caches, &key);
	if (error) {
		cli_message("%s", kfrag_error_text(error));
	} else {
		size_t limit = plot_nr_caches(options);

		kfrag_diff_selection_drop_same(&diff.caches);
		if (limit < diff.caches.nr_rows)
			diff.caches.nr_rows = limit;
		ok = plot_draw(options, title, write_diff, &diff);
	}
	kfrag_selection_release(&diff.caches);
	free(title);
	return ok;
}

static bool compare(const struct plot_options *options,
		    const struct cli_pair *pair, struct cli_phases *phases)
{
	struct kfrag_comparison comparison;
	enum kfrag_error error;
	bool ok;

	error = kfrag_comparison_init(&comparison, &pair->sides[0].report,
				      &pair->sides[1].report);
	cli_phases_end(phases, "comparing");
	if (error) {
		cli_message("%s", kfrag_error_text(error));
		return false;
	}
	ok = draw_pair(options, pair, &comparison);
	kfrag_comparison_release(&comparison);
	cli_phases_end(phases, "output");
	return ok;
}

bool plot_diff_run(const struct plot_options *options,
		   struct cli_phases *phases)
{
	struct cli_pair_files files = { 0 };
	struct cli_pair pair = { 0 };
	bool ok;

	if (options->sample && !cli_pair_take_samples(&files, options->sample))
		return false;
	if (!cli_pair_take_files(&files, options->nr_files, options->files))
		return false;
	ok = cli_pair_read(&pair, &files, &options->shared, phases) &&
	     cli_pair_replay(&pair, &options->shared, phases) &&
	     compare(options, &pair, phases);
	cli_pair_release(&pair);
	return ok;
}
