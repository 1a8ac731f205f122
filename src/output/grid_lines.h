/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_GRID_LINES_H
#define KFRAG_OUTPUT_GRID_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "output/grid.h"

/* What grid.c decided about a grid, for grid_lines.c to write. */
struct kfrag_grid_layout {
	bool *shown; /* per column */
	size_t *widths; /* per column: of its widest cell, or shortened to */
	size_t gap; /* blanks between columns */
};

/* At least one column must be shown. KFRAG_ENOMEM. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_grid_write_lines(const struct kfrag_grid *grid,
		       const struct kfrag_grid_layout *layout, FILE *out,
		       bool colour);

#endif
