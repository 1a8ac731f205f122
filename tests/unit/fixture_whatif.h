/* SPDX-License-Identifier: MIT */
#ifndef FIXTURE_WHATIF_H
#define FIXTURE_WHATIF_H

#include "fixture_snapshot.h"
#include "kfrag/geometry_fit.h"
#include "kfrag/random.h"
#include "kfrag/whatif.h"

/* A capture of a known world, and what it becomes. It must not be moved. */
struct fixture_whatif {
	struct fixture_snapshot fixture;
	struct kfrag_geometry_row rows[FIXTURE_MAX_RECORDS];
	struct kfrag_geometry_fit fit;
	struct kfrag_sysslab sysslab; /* empty: none is handed over */
	struct kfrag_whatif whatif; /* no change yet */
	struct kfrag_whatif_result result;
};

/* SLUB as in 6.7 on 4 KiB pages, 64 bits, 2 CPUs; no rows. */
void fixture_whatif_init(struct fixture_whatif *fixture);
void fixture_whatif_release(struct fixture_whatif *fixture);

/*
 * Adds a cache with the slabs that the world gives to such objects: so many,
 * of whose slots so many are active. Returns its record, called "cache-0", ...
 */
struct kfrag_record *fixture_whatif_add(struct fixture_whatif *fixture,
					uint64_t size_bytes, uint64_t nr_slabs,
					uint64_t active_objs);

/* Caches of all sizes in a random world of SLUB. */
void fixture_whatif_random(struct fixture_whatif *fixture,
			   struct kfrag_random *random);

/* A sysslab of a text, for the next fixture_whatif_run(). */
void fixture_whatif_sysslab(struct fixture_whatif *fixture, const char *text);

/* Makes the result anew; expects KFRAG_OK. */
void fixture_whatif_run(struct fixture_whatif *fixture);

/* The record that a cache has become; it is the same place. */
const struct kfrag_record *
fixture_whatif_after(const struct fixture_whatif *fixture, size_t index);

/* How many notes of a code there are. */
size_t fixture_whatif_nr_notes(const struct fixture_whatif *fixture,
			       enum kfrag_whatif_code code);

#endif
