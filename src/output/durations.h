/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_DURATIONS_H
#define KFRAG_OUTPUT_DURATIONS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Where time went, as lines of text. Whoever reads the clock is the caller;
 * here are numbers only. {0} is empty.
 */
#define KFRAG_MAX_DURATIONS 16

struct kfrag_duration {
	const char *name; /* borrowed */
	uint64_t ns;
};

struct kfrag_durations {
	struct kfrag_duration list[KFRAG_MAX_DURATIONS];
	size_t nr_durations;
};

/*
 * Adds to the duration of that name, which is put behind the others where it
 * is new. There are no more than KFRAG_MAX_DURATIONS names.
 */
void kfrag_durations_add(struct kfrag_durations *durations, const char *name,
			 uint64_t ns);

/* Room for a line with a name of up to 64 bytes; longer ones are cut. */
#define KFRAG_DURATION_LINE_SIZE 128

/*
 * "name   1.234 ms   5.6 %" for an index below nr_durations, columns aligned
 * for names of up to 20 bytes; the sum, called `total`, for nr_durations
 * itself. Returns buf.
 */
const char *kfrag_durations_line(const struct kfrag_durations *durations,
				 size_t index, const char *total,
				 char buf[KFRAG_DURATION_LINE_SIZE]);

#endif
