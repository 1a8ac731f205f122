// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "allocators.h"

struct null_state {
	uint64_t next;
};

void *null_open(uint64_t nr_pages)
{
	(void)nr_pages;
	return calloc(1, sizeof(struct null_state));
}

uint64_t null_alloc(void *state, uint64_t unit)
{
	struct null_state *null = state;

	(void)unit;
	return null->next++;
}

void null_free(void *state, uint64_t unit, uint64_t handle)
{
	struct null_state *null = state;

	(void)unit;
	null->next ^= handle;
}
