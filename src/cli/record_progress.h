/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_RECORD_PROGRESS_H
#define KFRAG_CLI_RECORD_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* One line on the terminal of stderr that changes; else nothing at all. */
struct record_progress {
	bool is_on;
	int width; /* of what stands there now */
};

/* Off too where the samples themselves go to a terminal. */
void record_progress_init(struct record_progress *progress, int output_fd);

/* UINT64_MAX samples: until interrupted. next_s negative: none follows. */
void record_progress_show(struct record_progress *progress, uint64_t nr_taken,
			  uint64_t nr_samples, uint64_t held_bytes,
			  int64_t next_s);

/* Makes room for a message. */
void record_progress_clear(struct record_progress *progress);

/* Leaves what stands there. */
void record_progress_end(struct record_progress *progress);

#endif
