/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_FIT_ROWS_H
#define KFRAG_REPLAY_FIT_ROWS_H

#include "kfrag/geometry_fit.h"

/* What the rows of a size say of its slabs, as often as they say it. */
struct kfrag_fit_row {
	uint64_t size_bytes;
	uint64_t objs_per_slab;
	uint64_t pages_per_slab;
	uint64_t nr_rows;
};

struct kfrag_fit_rows {
	struct kfrag_fit_row *rows; /* each once, by size */
	size_t nr_rows;
	uint64_t nr_all; /* rows of the snapshot that say anything */
	bool has_odd_words; /* sizes that no machine of 64 bits has */
};

/* KFRAG_ENOMEM leaves it empty. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_fit_rows_init(struct kfrag_fit_rows *rows,
		    const struct kfrag_snapshot *snapshot);
void kfrag_fit_rows_release(struct kfrag_fit_rows *rows);

/*
 * How a row came to be under a world. object is the simplest one that gives
 * the row, else one without traits; predicted is what becomes of it.
 */
enum kfrag_row_fit kfrag_fit_explain(const struct kfrag_world *world,
				     const struct kfrag_fit_row *row,
				     struct kfrag_object *object,
				     struct kfrag_geometry *predicted);

/*
 * What a world costs: a row that it does not explain 4, one with a trait 1;
 * or enough_cost as soon as it is no less.
 */
uint64_t kfrag_fit_cost(const struct kfrag_world *world,
			const struct kfrag_fit_rows *rows,
			uint64_t enough_cost);
#define KFRAG_FIT_ROW_COST 4
#define KFRAG_FIT_TRAIT_COST 1

#endif
