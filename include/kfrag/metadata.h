/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_METADATA_H
#define KFRAG_METADATA_H

#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/workload.h"

/*
 * What it costs to keep something for each object or slab of a cache, and
 * where that finds room in what the slab's objects leave over.
 */
enum kfrag_metadata_kind {
	KFRAG_METADATA_POINTER, /* a free list's, outside the objects: 8 B */
	KFRAG_METADATA_INDEX, /* a free list of 1- or 2-byte indices (SLAB) */
	KFRAG_METADATA_BITMAP, /* a bit per slot, in 64-bit words */
	KFRAG_METADATA_EXTENSION_8, /* 8 B an object, as obj_cgroup */
	KFRAG_METADATA_EXTENSION_16, /* 16 B, with an allocation's tag */
	KFRAG_NR_METADATA
};

/* "pointer", "index", "bitmap", "extension-8", "extension-16". */
const char *kfrag_metadata_text(enum kfrag_metadata_kind kind);
/* What it is, in words. */
const char *kfrag_metadata_help(enum kfrag_metadata_kind kind);

/* Bytes that a slab of so many objects needs for it. */
uint64_t kfrag_metadata_slab_bytes(enum kfrag_metadata_kind kind,
				   uint64_t objs_per_slab);

/* metadata = in the tail + extra, cache by cache: one of both is 0. */
struct kfrag_metadata_row {
	const struct kfrag_workload_cache *cache; /* borrowed */
	enum kfrag_metadata_kind kind;
	uint64_t tail_bytes; /* slab bytes - objs_per_slab x size, of a slab */
	uint64_t slab_bytes; /* for the metadata, of a slab */
	uint64_t metadata_bytes; /* of all num_slabs */
	uint64_t extra_bytes; /* the same where the tail does not hold it */
};

struct kfrag_metadata_total {
	enum kfrag_metadata_kind kind;
	uint64_t nr_caches; /* with slabs */
	uint64_t nr_in_tail; /* of these, whose tails hold it */
	uint64_t metadata_bytes;
	uint64_t extra_bytes;
};

struct kfrag_metadata {
	struct kfrag_metadata_row *rows; /* caches in their order, all kinds */
	size_t nr_rows;
	struct kfrag_metadata_total totals[KFRAG_NR_METADATA];
	uint64_t held_bytes; /* of all slabs, which the shares are of */
};

/*
 * The workload must outlive the metadata, which are the caller's to release.
 * Slabs are as replayed. KFRAG_ENOMEM leaves them empty; sums stop at the end
 * of 64 bits.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_metadata_init(struct kfrag_metadata *metadata,
		    const struct kfrag_workload *workload);
void kfrag_metadata_release(struct kfrag_metadata *metadata);

#endif
