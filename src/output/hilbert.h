/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_HILBERT_H
#define KFRAG_OUTPUT_HILBERT_H

#include <stdint.h>

/*
 * Hilbert's curve through a square of 2^order by 2^order cells (D. Hilbert,
 * "Ueber die stetige Abbildung einer Linie auf ein Flaechenstueck", 1891): it
 * visits each once, each next to the one before, and what is near on the curve
 * is near in the square. It starts in column 0 of row 0 and ends in the last
 * column of row 0.
 */
#define KFRAG_HILBERT_MAX_ORDER 15

struct kfrag_cell {
	uint32_t column;
	uint32_t row;
};

/* The cell at this place of the curve, which is below 4^order. */
struct kfrag_cell kfrag_hilbert_cell(unsigned order, uint32_t place);

/* The place of a cell of the square. */
uint32_t kfrag_hilbert_place(unsigned order, struct kfrag_cell cell);

#endif
