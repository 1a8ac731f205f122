/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_SIMULATE_SETUP_H
#define KFRAG_CLI_SIMULATE_SETUP_H

#include "cli/input.h"
#include "cli/simulate_options.h"
#include "kfrag/sim_output.h"

/* From options, and a capture, to what a simulation wants. */
struct simulate_setup {
	struct kfrag_sim_params params; /* points into this and the options */
	struct kfrag_distribution sizes; /* owned, of a capture; else empty */
	struct kfrag_sim_class *classes; /* owned */
	char memory_text[KFRAG_UNITS_SIZE];
	char runs_text[KFRAG_UNITS_SIZE];
	char seed_text[KFRAG_UNITS_SIZE];
	char order_text[KFRAG_UNITS_SIZE];
	char slots_text[KFRAG_UNITS_SIZE];
	struct kfrag_sim_parameter parameters[16];
	struct kfrag_sim_page page;
};

/*
 * records: the caches of a capture that sizes are from, or NULL. Returns false
 * after a sentence on stderr; release in both cases.
 */
bool simulate_setup_init(struct simulate_setup *setup,
			 const struct simulate_options *options,
			 const struct kfrag_snapshot *snapshot,
			 uint64_t page_size_bytes);
void simulate_setup_release(struct simulate_setup *setup);

/* A class for a cache of a capture; false where it is none for slabs. */
bool simulate_class_of(struct kfrag_sim_class *of,
		       const struct kfrag_record *record, uint64_t page_bytes,
		       unsigned max_order);

#endif
