/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_DIFF_CELLS_H
#define KFRAG_OUTPUT_DIFF_CELLS_H

#include <stdint.h>

#include "kfrag/report.h"
#include "output/grid.h"

/* Cells of what lies between two rows: "+18", "-112 KiB". */
void kfrag_diff_add_count(struct kfrag_grid *grid, uint64_t before,
			  uint64_t now);
void kfrag_diff_add_bytes(struct kfrag_grid *grid, uint64_t before,
			  uint64_t now);

/*
 * The six that both lists of caches end with: IDLE and TAIL of the kernel's
 * own, then what buddy + slab and buddy only hold, each with its waste.
 */
void kfrag_diff_add_waste(struct kfrag_grid *grid,
			  const struct kfrag_cache_row *before,
			  const struct kfrag_cache_row *now);

#endif
