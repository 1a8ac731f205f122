/* SPDX-License-Identifier: MIT */
#ifndef FIXTURE_SNAPSHOT_H
#define FIXTURE_SNAPSHOT_H

#include <stdint.h>

#include "kfrag/random.h"
#include "kfrag/snapshot.h"

/*
 * Snapshots put together by hand, so that tests of the replay need no parser.
 * Everything lies inside the struct: it must not be copied or moved.
 */
#define FIXTURE_MAX_RECORDS 64

struct fixture_snapshot {
	struct kfrag_snapshot snapshot;
	struct kfrag_record records[FIXTURE_MAX_RECORDS];
	char names[FIXTURE_MAX_RECORDS][16];
};

/* One row as slabinfo writes it: <active> <num> <size> <per slab> <pages>. */
struct fixture_row {
	uint64_t active_objs;
	uint64_t num_objs;
	uint64_t size_bytes;
	uint64_t objs_per_slab;
	uint64_t pages_per_slab;
};

/* A snapshot without rows. */
void fixture_snapshot_init(struct fixture_snapshot *fixture);

/*
 * Adds a row; as many slabs as num_objs need, as far as that is known. The
 * record may be changed afterwards.
 */
struct kfrag_record *fixture_snapshot_add(struct fixture_snapshot *fixture,
					  const struct fixture_row *row);

/* A snapshot of one row. */
void fixture_snapshot_of(struct fixture_snapshot *fixture,
			 const struct fixture_row *row);

/* 1..max, every number of digits about equally often; max >= 1. */
uint64_t fixture_log_random(struct kfrag_random *random, uint64_t max);

/*
 * Up to nr_rows rows of at most max_objs objects each, a mixture of good ones
 * and of all that real files do wrong: no objs_per_slab, too many, pages that
 * are no power of two, objects larger than their slab, active above num.
 */
void fixture_snapshot_random(struct fixture_snapshot *fixture,
			     struct kfrag_random *random, unsigned nr_rows,
			     uint64_t max_objs, uint64_t page_size_bytes);

#endif
