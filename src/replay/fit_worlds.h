/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_REPLAY_FIT_WORLDS_H
#define KFRAG_REPLAY_FIT_WORLDS_H

#include "replay/fit_rows.h"

/* What is known before the rows are looked at. */
struct kfrag_fit_bounds {
	bool may_be_slub;
	bool may_be_slab;
	struct kfrag_opt page_size_bytes;
	const char *release; /* NULL: unknown */
};

/* A choice, and the neighbours that fit as well. */
struct kfrag_fit_choice {
	struct kfrag_world world;
	uint64_t cost;
	uint64_t min_cpus;
	uint64_t max_cpus; /* 0: no bound */
	enum kfrag_era first_era;
	enum kfrag_era last_era;
};

struct kfrag_fit_choice kfrag_fit_choose(const struct kfrag_fit_rows *rows,
					 const struct kfrag_fit_bounds *bounds);

#endif
