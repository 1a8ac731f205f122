/* SPDX-License-Identifier: MIT */
#ifndef STREAMS_H
#define STREAMS_H

/*
 * The workloads: streams of operations, made before any clock starts, the
 * same ones everywhere. An operation names a place: an empty place gets an
 * allocation, a taken one is freed. A phase is a stretch of operations.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_PHASES 3

struct stream {
	const char *phases[MAX_PHASES];
	uint64_t ends[MAX_PHASES]; /* operations up to here */
	size_t nr_phases;
	uint32_t *places; /* by operation */
	uint64_t nr_ops;
	uint16_t *units; /* by place: an order, or bytes */
	uint64_t nr_places;
	uint64_t nr_pages; /* of memory to manage */
};

struct workload {
	const char *title;
	/* Of objects, units being bytes; else of pages, units being orders. */
	bool is_objects;
	void (*make)(struct stream *stream, uint64_t size, uint64_t nr_ops);
	uint64_t size; /* pages or objects */
	uint64_t nr_ops; /* of the mixed phase, where there is one */
};

/* All pages one by one, then free them in random order. */
void stream_make_w1(struct stream *stream, uint64_t nr_pages, uint64_t nr_ops);

/*
 * Orders 0..9 at random, 70 % full, allocs and frees in equal shares: w2 frees
 * a block and takes one of its order again, which suits whoever remembers the
 * last block; w2m takes one of another random order.
 */
void stream_make_w2(struct stream *stream, uint64_t nr_pages, uint64_t nr_ops);
void stream_make_w2m(struct stream *stream, uint64_t nr_pages, uint64_t nr_ops);

/* Objects of 192 bytes: fill, free 30 % at random, refill. */
void stream_make_w3(struct stream *stream, uint64_t nr_objs, uint64_t nr_ops);

/*
 * Allocs and frees over a level of objects of 16..4096 bytes: of the same size
 * again (w4), or of another (w4m).
 */
void stream_make_w4(struct stream *stream, uint64_t nr_objs, uint64_t nr_ops);
void stream_make_w4m(struct stream *stream, uint64_t nr_objs, uint64_t nr_ops);

void stream_destroy(struct stream *stream);

#endif
