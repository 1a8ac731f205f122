/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_RADIX_H
#define KFRAG_RADIX_H

#include <stdbool.h>
#include <stdint.h>

#include "kfrag/error.h"

/*
 * A sparse set of 64-bit indexes in ascending order: a tree of 64-way nodes,
 * its leaves 64 words of bits. What kfrag_bitmap is for dense sets. Each
 * operation takes one step per factor of 64 in the largest index.
 *
 * Nodes come with kfrag_radix_reserve() and stay until the set is released,
 * so that inserting and removing cannot fail.
 */
struct kfrag_radix_node;

struct kfrag_radix {
	struct kfrag_radix_node *root;
	unsigned height; /* levels of nodes, 0 while there is none */
	uint64_t nr_nodes;
};

/* All zero is a valid empty set. */
void kfrag_radix_init(struct kfrag_radix *radix);

/* Frees all nodes; the set is empty after it and may be used again. */
void kfrag_radix_release(struct kfrag_radix *radix);

/* Makes room for index. KFRAG_ENOMEM leaves the members as they were. */
KFRAG_MUST_CHECK enum kfrag_error kfrag_radix_reserve(struct kfrag_radix *radix,
						      uint64_t index);

/* Whether reserving the one has made room for the other too. */
static inline bool kfrag_radix_same_leaf(uint64_t a, uint64_t b)
{
	return a >> 12 == b >> 12;
}

/* The lowest index of the leaf behind that of index. */
static inline uint64_t kfrag_radix_next_leaf(uint64_t index)
{
	return ((index >> 12) + 1) << 12;
}

/* index must be reserved, and no member. */
void kfrag_radix_insert(struct kfrag_radix *radix, uint64_t index);

/*
 * Inserts first + i for each set bit i of mask, which is not 0; first is a
 * multiple of 64.
 */
void kfrag_radix_insert_mask(struct kfrag_radix *radix, uint64_t first,
			     uint64_t mask);

/* index must be a member. */
void kfrag_radix_remove(struct kfrag_radix *radix, uint64_t index);

/* Removes the lowest member. Returns false, with *index 0, where none is. */
bool kfrag_radix_take_first(struct kfrag_radix *radix, uint64_t *index);

/* Any index. */
bool kfrag_radix_contains(const struct kfrag_radix *radix, uint64_t index);

/* The lowest member. Returns false, with *index 0, where there is none. */
bool kfrag_radix_first(const struct kfrag_radix *radix, uint64_t *index);

/* Members, counted from scratch. */
uint64_t kfrag_radix_count(const struct kfrag_radix *radix);

/* Bytes of all nodes. */
uint64_t kfrag_radix_bytes(const struct kfrag_radix *radix);

#endif
