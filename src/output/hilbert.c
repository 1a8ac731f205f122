// SPDX-License-Identifier: MIT
/*
 * The curve through a square is that through its quadrants, one after the
 * other: lower order, the first and the last turned over a diagonal. Two bits
 * of the place say which quadrant; which bits those are, and what has been
 * turned over so far, is all that is to be known.
 */
#include "output/hilbert.h"

#include <assert.h>

/* Turns the cell of a square of that side over, as its quadrant says. */
static struct kfrag_cell turn(struct kfrag_cell cell, uint32_t side,
			      uint32_t right, uint32_t below)
{
	if (below)
		return cell;
	if (right)
		return (struct kfrag_cell){ side - 1 - cell.row,
					    side - 1 - cell.column };
	return (struct kfrag_cell){ cell.row, cell.column };
}

struct kfrag_cell kfrag_hilbert_cell(unsigned order, uint32_t place)
{
	struct kfrag_cell cell = { 0, 0 };

	assert(order <= KFRAG_HILBERT_MAX_ORDER && place >> 2 * order == 0);
	for (unsigned i = 0; i < order; i++, place >>= 2) {
		uint32_t side = UINT32_C(1) << i;
		uint32_t right = place >> 1 & 1;
		uint32_t below = (place ^ place >> 1) & 1;

		cell = turn(cell, side, right, below);
		cell.column += right * side;
		cell.row += below * side;
	}
	return cell;
}

uint32_t kfrag_hilbert_place(unsigned order, struct kfrag_cell cell)
{
	uint32_t place = 0;

	assert(order <= KFRAG_HILBERT_MAX_ORDER && cell.column >> order == 0 &&
	       cell.row >> order == 0);
	for (unsigned i = order; i-- > 0;) {
		uint32_t side = UINT32_C(1) << i;
		uint32_t right = cell.column >> i & 1;
		uint32_t below = cell.row >> i & 1;

		place = place << 2 | right << 1 | (right ^ below);
		cell.column &= side - 1;
		cell.row &= side - 1;
		cell = turn(cell, side, right, below);
	}
	return place;
}
