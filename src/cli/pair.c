// SPDX-License-Identifier: MIT
#include "cli/pair.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/input_use.h"
#include "cli/replaying.h"

bool cli_pair_take_samples(struct cli_pair_files *files, const char *text)
{
	const char *comma = strchr(text, ',');
	char first[24];

	if (!comma || (size_t)(comma - text) >= sizeof(first)) {
		cli_usage_error("--sample wants two numbers, A,B, not '%s'",
				text);
		return false;
	}
	snprintf(first, sizeof(first), "%.*s", (int)(comma - text), text);
	return cli_parse_number("sample A,B", first, 1, UINT64_MAX,
				&files->samples[0]) &&
	       cli_parse_number("sample A,B", comma + 1, 1, UINT64_MAX,
				&files->samples[1]);
}

bool cli_pair_take_files(struct cli_pair_files *files, int nr_files,
			 char **paths)
{
	if (nr_files < 1) {
		cli_usage_error("which files? OLD and NEW, or one FILE with "
				"several samples");
		return false;
	}
	if (nr_files > 2) {
		cli_usage_error("two files at most: '%s' is one too many",
				paths[2]);
		return false;
	}
	files->one_file = nr_files == 1;
	files->paths[0] = paths[0];
	files->paths[1] = paths[nr_files - 1];
	if (nr_files == 2 && strcmp(paths[0], "-") == 0 &&
	    strcmp(paths[1], "-") == 0) {
		cli_usage_error("standard input can be read once: OLD and NEW "
				"cannot both be -");
		return false;
	}
	return true;
}

/* Both are read and complained about before either may end the run. */
static bool
read_inputs(struct cli_pair *pair, const struct cli_pair_files *files,
	    const struct shared_options *options, struct cli_phases *phases)
{
	bool ok = true;

	for (int i = 0; i < (files->one_file ? 1 : 2); i++)
		if (!cli_input_read(&pair->inputs[i], files->paths[i],
				    phases) ||
		    !cli_input_accepts(options, &pair->inputs[i]))
			ok = false;
	return ok;
}

/* Returns false after a sentence on stderr. */
static bool choose_sample(struct cli_pair_side *side,
			  const struct cli_pair_files *files, int index)
{
	const char *path = files->paths[index];
	uint64_t sample = files->samples[index];
	bool one_file = files->one_file, is_old = index == 0;
	struct kfrag_recording *recording = &side->input->recording;
	size_t nr_samples = recording->nr_snapshots;

	if (sample > nr_samples) {
		cli_message("%s: no sample %" PRIu64 ": it holds %zu", path,
			    sample, nr_samples);
		return false;
	}
	if (one_file && !sample && nr_samples < 2) {
		if (is_old)
			cli_message("%s: a single sample has nothing to be "
				    "compared with: give another file",
				    path);
		return false;
	}
	if (!one_file && !sample && nr_samples > 1)
		cli_message("%s: %zu samples, the last one is compared; "
			    "--sample A,B picks others",
			    path, nr_samples);
	side->sample = sample;
	if (!sample)
		side->sample = one_file && is_old ? 1 : nr_samples;
	side->snapshot = &recording->snapshots[side->sample - 1];
	return true;
}

struct kfrag_diff_side cli_pair_side(const struct cli_pair *pair, int index)
{
	const struct cli_pair_side *side = &pair->sides[index];

	return (struct kfrag_diff_side){
		.report = &side->report,
		.source = side->input->path,
		.sample = side->sample,
		.nr_samples = side->input->recording.nr_snapshots,
		.snapshot = side->snapshot,
		.kernel = side->snapshot->origin.kernel,
	};
}

bool cli_pair_read(struct cli_pair *pair, const struct cli_pair_files *files,
		   const struct shared_options *options,
		   struct cli_phases *phases)
{
	struct cli_pair_side *sides = pair->sides;
	bool ok;

	*pair = (struct cli_pair){ 0 };
	if (!read_inputs(pair, files, options, phases))
		return false;
	sides[0].input = &pair->inputs[0];
	sides[1].input = &pair->inputs[files->one_file ? 0 : 1];
	ok = choose_sample(&sides[0], files, 0);
	return choose_sample(&sides[1], files, 1) && ok;
}

bool cli_pair_replay(struct cli_pair *pair,
		     const struct shared_options *options,
		     struct cli_phases *phases)
{
	bool ok = true;

	for (int i = 0; i < 2 && ok; i++) {
		struct cli_pair_side *side = &pair->sides[i];

		ok = cli_replay(&side->report, side->input, side->snapshot,
				options, phases);
	}
	return ok;
}

void cli_pair_release(struct cli_pair *pair)
{
	for (int i = 0; i < 2; i++) {
		kfrag_report_release(&pair->sides[i].report);
		cli_input_release(&pair->inputs[i]);
	}
}
