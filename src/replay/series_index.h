/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_SERIES_INDEX_H
#define KFRAG_REPLAY_SERIES_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/snapshot.h"

/*
 * Which series a record belongs to. A hash table of names and sizes; equal
 * ones are told apart by their position in a sample.
 */
struct kfrag_series_key {
	char *name; /* the index's, NUL behind it */
	size_t name_bytes;
	uint64_t size_bytes;
	size_t last_sample; /* which one has taken it, from 1; 0: none yet */
	size_t nr_points; /* how many samples have */
	size_t next_equal; /* the next of its kind; KFRAG_NO_SERIES: none */
	/* Of the first of its kind only, which alone is in a bucket. */
	uint64_t hash;
	size_t next; /* in the bucket */
	size_t last_equal;
	/* Those before it are taken: a long run is not walked each time. */
	size_t cursor;
	size_t cursor_sample;
};

#define KFRAG_NO_SERIES SIZE_MAX

struct kfrag_series_index {
	struct kfrag_series_key *keys; /* in the order of appearance */
	size_t nr_keys;
	size_t nr_keys_room;
	size_t *buckets; /* index of a key */
	size_t nr_buckets; /* a power of two, or 0 */
};

/*
 * The first series of the record's name and size that this sample (from 1)
 * has not taken yet, or a new one; `guess` is looked at first, any number
 * will do. Returns false where memory is short.
 */
bool kfrag_series_index_take(struct kfrag_series_index *index,
			     const struct kfrag_record *record, size_t sample,
			     size_t guess, size_t *series);
void kfrag_series_index_release(struct kfrag_series_index *index);

#endif
