/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_HISTORY_H
#define KFRAG_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/snapshot.h"

/*
 * Samples of one or many recordings in time order, and each cache's way
 * through them. Nothing is replayed: figures are those of the files.
 *
 *   moment    a sample: when, and what all caches held then
 *   series    a cache, told by its name, its slot size, and, among equal
 *             ones, by its position
 *   point     a series in a moment
 */
struct kfrag_point {
	const struct kfrag_series *series;
	const struct kfrag_moment *moment;
	uint64_t active_objs; /* at most num_objs */
	uint64_t num_objs;
	uint64_t num_slabs;
	uint64_t objs_per_slab; /* >= 1, as a replay would take it */
	unsigned slab_order; /* the same */
	uint64_t kernel_held_bytes; /* as the columns of a report */
	uint64_t kernel_idle_bytes;
	int64_t kernel_tail_bytes; /* < 0 where the file contradicts itself */
};

struct kfrag_moment {
	bool has_time;
	uint64_t time; /* seconds since the epoch, as in the file */
	uint32_t time_ms; /* and milliseconds */
	uint64_t at_ms; /* since the first moment; see history.is_timed */
	size_t source; /* which recording it came from, from 0 */
	size_t sample; /* which one of that, from 1 */
	uint64_t page_size_bytes;
	struct kfrag_opt memtotal_bytes; /* of the machine, where stated */
	struct kfrag_point *points; /* in the file's order */
	size_t nr_points;
	/* Sums over its points. */
	uint64_t active_objs;
	uint64_t num_objs;
	uint64_t num_slabs;
	uint64_t active_bytes;
	uint64_t kernel_held_bytes;
	uint64_t kernel_idle_bytes;
	int64_t kernel_tail_bytes;
};

struct kfrag_series {
	char *name; /* any bytes, NUL behind them; the history's */
	size_t name_bytes;
	uint64_t size_bytes;
	const struct kfrag_point **points; /* in time order, at least one */
	size_t nr_points;
};

struct kfrag_history {
	struct kfrag_moment *moments; /* in time order */
	size_t nr_moments;
	struct kfrag_series *series; /* in the order in which they appeared */
	size_t nr_series;
	/*
	 * Whether at_ms is time. Else samples without a time were added, all
	 * moments are in the order of adding, and at_ms counts an hour from
	 * each to the next.
	 */
	bool is_timed;
};

struct kfrag_history_builder;

/* KFRAG_ENOMEM leaves *builder NULL. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_history_builder_create(struct kfrag_history_builder **builder);
void kfrag_history_builder_destroy(struct kfrag_history_builder *builder);

/*
 * Adds a sample, which is copied. `source` and `sample` are noted as they
 * are. KFRAG_EOVERFLOW: a sum of bytes needs more than 62 bits
 * (kfrag_workload_trim() takes such records out); KFRAG_EINVAL: the page size
 * is no machine's: nothing was added then. After KFRAG_ENOMEM the builder can
 * only be destroyed.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_history_builder_add(struct kfrag_history_builder *builder,
			  const struct kfrag_snapshot *snapshot,
			  uint64_t page_size_bytes, size_t source,
			  size_t sample);

/*
 * Sorts and links what was added; the builder is then empty, to be destroyed.
 * Samples of the same time keep the order of adding. Where not every sample
 * has a time, they are taken to lie interval_ms apart in the order of adding
 * (0: unknown). KFRAG_ENOMEM leaves the history empty.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_history_builder_finish(struct kfrag_history_builder *builder,
			     struct kfrag_history *history,
			     uint64_t interval_ms);
void kfrag_history_release(struct kfrag_history *history);

#endif
