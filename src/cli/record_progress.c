// SPDX-License-Identifier: MIT
#include "cli/record_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "kfrag/units.h"

void record_progress_init(struct record_progress *progress, int output_fd)
{
	*progress = (struct record_progress){
		.is_on = isatty(STDERR_FILENO) && !isatty(output_fd),
	};
}

void record_progress_clear(struct record_progress *progress)
{
	if (progress->width > 0)
		fprintf(stderr, "\r%*s\r", progress->width, "");
	progress->width = 0;
}

void record_progress_show(struct record_progress *progress, uint64_t nr_taken,
			  uint64_t nr_samples, uint64_t held_bytes,
			  int64_t next_s)
{
	char held[KFRAG_UNITS_SIZE];

	if (!progress->is_on)
		return;
	record_progress_clear(progress);
	progress->width = fprintf(stderr, "sample %" PRIu64, nr_taken);
	if (nr_samples != UINT64_MAX)
		progress->width += fprintf(stderr, " of %" PRIu64, nr_samples);
	progress->width += fprintf(stderr, ", slabs hold %s",
				   kfrag_units_bytes(held_bytes, held));
	if (next_s >= 0)
		progress->width +=
			fprintf(stderr, ", next in %" PRId64 " s", next_s);
}

void record_progress_end(struct record_progress *progress)
{
	if (progress->width > 0)
		fputc('\n', stderr);
	progress->width = 0;
}
