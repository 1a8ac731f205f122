// SPDX-License-Identifier: MIT
#include "cli/choice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

struct kfrag_snapshot *cli_choose_sample(struct cli_input *input,
					 uint64_t sample, const char *what)
{
	size_t nr_samples = input->recording.nr_snapshots;

	if (sample > nr_samples) {
		cli_message("%s: no sample %" PRIu64 ": it holds %zu",
			    input->path, sample, nr_samples);
		return NULL;
	}
	if (sample)
		return &input->recording.snapshots[sample - 1];
	if (nr_samples > 1)
		cli_message("%s: %zu samples, the last one is %s; "
			    "--sample K picks another",
			    input->path, nr_samples, what);
	return &input->recording.snapshots[nr_samples - 1];
}

struct kfrag_snapshot *cli_last_sample(struct cli_input *input,
				       const char *what)
{
	size_t nr_samples = input->recording.nr_snapshots;

	if (nr_samples > 1)
		cli_message("%s: %zu samples, the last one is %s", input->path,
			    nr_samples, what);
	return &input->recording.snapshots[nr_samples - 1];
}

char *cli_make_title(const struct cli_input *input,
		     const struct kfrag_snapshot *snapshot)
{
	const struct kfrag_origin *origin = &snapshot->origin;
	size_t bytes = strlen(input->path) + origin->host_bytes +
		       origin->kernel_bytes + sizeof(" (, Linux )");
	char *title;

	if (!origin->host && !origin->kernel)
		return NULL;
	title = malloc(bytes);
	if (!title)
		return NULL;
	snprintf(title, bytes, "%s (%s%s%s%s)", input->path,
		 origin->host ? origin->host : "",
		 origin->host && origin->kernel ? ", " : "",
		 origin->kernel ? "Linux " : "",
		 origin->kernel ? origin->kernel : "");
	return title;
}
