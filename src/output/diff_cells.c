// SPDX-License-Identifier: MIT
#include "output/diff_cells.h"

#include "kfrag/arith.h"
#include "output/figures.h"

void kfrag_diff_add_count(struct kfrag_grid *grid, uint64_t before,
			  uint64_t now)
{
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add(grid, kfrag_figure_change_count(
				     kfrag_difference_u64(now, before), buf));
}

void kfrag_diff_add_bytes(struct kfrag_grid *grid, uint64_t before,
			  uint64_t now)
{
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add(grid, kfrag_figure_change_bytes(
				     kfrag_difference_u64(now, before), buf));
}

static void add_signed_bytes(struct kfrag_grid *grid, int64_t before,
			     int64_t now)
{
	char buf[KFRAG_UNITS_SIZE];

	kfrag_grid_add(grid, kfrag_figure_change_bytes(
				     kfrag_difference_i64(now, before), buf));
}

void kfrag_diff_add_waste(struct kfrag_grid *grid,
			  const struct kfrag_cache_row *before,
			  const struct kfrag_cache_row *now)
{
	kfrag_diff_add_bytes(grid, before->kernel_idle_bytes,
			     now->kernel_idle_bytes);
	add_signed_bytes(grid, before->kernel_tail_bytes,
			 now->kernel_tail_bytes);
	kfrag_diff_add_bytes(grid, before->slab_held_bytes,
			     now->slab_held_bytes);
	kfrag_diff_add_bytes(grid,
			     before->slab_idle_bytes + before->slab_tail_bytes,
			     now->slab_idle_bytes + now->slab_tail_bytes);
	kfrag_diff_add_bytes(grid, before->buddy_held_bytes,
			     now->buddy_held_bytes);
	kfrag_diff_add_bytes(grid, before->buddy_internal_bytes,
			     now->buddy_internal_bytes);
}
