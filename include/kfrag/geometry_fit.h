/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_GEOMETRY_FIT_H
#define KFRAG_GEOMETRY_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/geometry.h"
#include "kfrag/snapshot.h"

/*
 * The world a snapshot comes from, inferred from its rows: the one under which
 * most of them are as the kernel would have made them.
 */
enum kfrag_row_fit {
	KFRAG_ROW_FITS, /* as any cache of its size */
	KFRAG_ROW_FITS_TRAIT, /* with one of SLAB's traits, see object */
	KFRAG_ROW_FITS_UNALIGNED, /* its size was smaller before alignment */
	/* It does not: the likely reason. */
	KFRAG_ROW_CONTRADICTS, /* more objects than its pages hold */
	KFRAG_ROW_UNKNOWN, /* the file does not say objs_per_slab */
	KFRAG_ROW_OTHER_ORDER, /* right for that order: set by hand, or debug */
	KFRAG_ROW_STRANGE, /* nothing explains it */
	KFRAG_NR_ROW_FITS
};

/* "fits", "reclaim", ...; and a phrase for people. */
const char *kfrag_row_fit_text(enum kfrag_row_fit fit);
const char *kfrag_row_fit_help(enum kfrag_row_fit fit);

static inline bool kfrag_row_is_explained(enum kfrag_row_fit fit)
{
	return fit <= KFRAG_ROW_FITS_UNALIGNED;
}

struct kfrag_geometry_row {
	const struct kfrag_record *record; /* borrowed from the snapshot */
	struct kfrag_object object; /* with traits that explain the row */
	enum kfrag_row_fit fit;
	struct kfrag_geometry predicted; /* of that object */
};

struct kfrag_geometry_fit {
	/* Boot parameters are known only where they were needed. */
	struct kfrag_world world;
	/* Worlds that fit as well: CPU counts and eras next to it. */
	uint64_t min_cpus;
	uint64_t max_cpus; /* 0: no bound */
	enum kfrag_era first_era;
	enum kfrag_era last_era;
	/* SLUB or SLAB was told by tunables or by the version, not by rows. */
	bool is_allocator_told;
	struct kfrag_geometry_row *rows; /* of all records, in their order */
	size_t nr_rows;
	size_t nr_of[KFRAG_NR_ROW_FITS];
};

/*
 * Page size: the snapshot's origin where it says one, else fitted as well.
 * Of worlds that fit equally the one without boot parameters is taken, then
 * that of the kernel's release where the origin says it, then the newest era,
 * then the one with the fewest CPUs. KFRAG_ENOMEM leaves the fit empty; otherwise it is the
 * caller's to release and must not outlive the snapshot.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_geometry_fit_init(struct kfrag_geometry_fit *fit,
			const struct kfrag_snapshot *snapshot);
void kfrag_geometry_fit_release(struct kfrag_geometry_fit *fit);

#endif
