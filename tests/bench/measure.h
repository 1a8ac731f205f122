/* SPDX-License-Identifier: MIT */
#ifndef MEASURE_H
#define MEASURE_H

/* The driver: times one allocator on one stream, in a process of its own. */
#include "allocators.h"
#include "streams.h"

struct measured {
	double ns[MAX_PHASES]; /* per operation */
	uint64_t nr_failures; /* allocations refused */
	uint64_t bookkeeping_bytes; /* after the first phase */
	uint64_t peak_kib; /* of the process, stream included */
	bool is_available;
};

struct measured measure_run(const struct allocator *allocator,
			    const struct stream *stream);

/* No place has a handle; to be unmapped by whoever cares. */
uint64_t *measure_new_handles(const struct stream *stream);

/* One phase; returns how many allocations were refused. */
uint64_t measure_phase(const struct allocator *allocator, void *state,
		       const struct stream *stream, size_t phase,
		       uint64_t *handles);

#endif
