// SPDX-License-Identifier: MIT
#include "kfrag/radix.h"

#include <assert.h>
#include <stdlib.h>

#include "kfrag/bits.h"

/*
 * A bit of mask says that the child or word of that number holds a member.
 * A leaf's 64 words of 64 bits cover 2^12 indexes, each level above 2^6 times
 * as many.
 */
struct kfrag_radix_node {
	uint64_t mask;
	union {
		uint64_t words[64];
		struct kfrag_radix_node *children[64];
	} as;
};

/* 2^12 * 2^6^9 indexes are more than 64 bits name. */
#define MAX_HEIGHT 10

static unsigned shift_of(unsigned level)
{
	return 6 * (level + 1);
}

static unsigned slot_of(uint64_t index, unsigned level)
{
	return (unsigned)(index >> shift_of(level)) & 63;
}

static bool covers(const struct kfrag_radix *radix, uint64_t index)
{
	unsigned shift = 6 * (radix->height + 1);

	return radix->height > 0 && (shift >= 64 || index >> shift == 0);
}

void kfrag_radix_init(struct kfrag_radix *radix)
{
	*radix = (struct kfrag_radix){ 0 };
}

static void release_node(struct kfrag_radix_node *node, unsigned level)
{
	for (unsigned i = 0; level > 0 && i < 64; i++)
		if (node->as.children[i])
			release_node(node->as.children[i], level - 1);
	free(node);
}

void kfrag_radix_release(struct kfrag_radix *radix)
{
	if (radix->root)
		release_node(radix->root, radix->height - 1);
	kfrag_radix_init(radix);
}

static struct kfrag_radix_node *new_node(struct kfrag_radix *radix)
{
	struct kfrag_radix_node *node = calloc(1, sizeof(*node));

	if (node)
		radix->nr_nodes++;
	return node;
}

/* A root above the old one, until the tree is high enough for index. */
static enum kfrag_error grow(struct kfrag_radix *radix, uint64_t index)
{
	while (!covers(radix, index)) {
		struct kfrag_radix_node *root = new_node(radix);

		if (!root)
			return KFRAG_ENOMEM;
		root->as.children[0] = radix->root;
		root->mask = radix->root && radix->root->mask;
		radix->root = root;
		radix->height++;
	}
	return KFRAG_OK;
}

enum kfrag_error kfrag_radix_reserve(struct kfrag_radix *radix, uint64_t index)
{
	struct kfrag_radix_node *node;

	if (grow(radix, index))
		return KFRAG_ENOMEM;
	node = radix->root;
	for (unsigned level = radix->height - 1; level > 0; level--) {
		struct kfrag_radix_node **child =
			&node->as.children[slot_of(index, level)];

		if (!*child)
			*child = new_node(radix);
		if (!*child)
			return KFRAG_ENOMEM;
		node = *child;
	}
	return KFRAG_OK;
}

void kfrag_radix_insert_mask(struct kfrag_radix *radix, uint64_t first,
			     uint64_t mask)
{
	struct kfrag_radix_node *node = radix->root;

	assert(covers(radix, first));
	for (unsigned level = radix->height; level-- > 0;) {
		unsigned slot = slot_of(first, level);

		node->mask |= UINT64_C(1) << slot;
		if (level > 0)
			node = node->as.children[slot];
		else
			node->as.words[slot] |= mask;
	}
}

void kfrag_radix_insert(struct kfrag_radix *radix, uint64_t index)
{
	kfrag_radix_insert_mask(radix, index - index % 64,
				UINT64_C(1) << (index % 64));
}

/* After the bits of a leaf's word went, along the path from the root. */
static void clear_path(struct kfrag_radix_node *const *path, unsigned height,
		       uint64_t index)
{
	assert(height > 0 && path[0]);
	if (path[0]->as.words[slot_of(index, 0)])
		return;
	for (unsigned level = 0; level < height; level++) {
		path[level]->mask &= ~(UINT64_C(1) << slot_of(index, level));
		if (path[level]->mask)
			return;
	}
}

void kfrag_radix_remove(struct kfrag_radix *radix, uint64_t index)
{
	struct kfrag_radix_node *path[MAX_HEIGHT];
	struct kfrag_radix_node *node = radix->root;
	uint64_t bit = UINT64_C(1) << (index % 64);
	uint64_t *word;

	assert(covers(radix, index));
	for (unsigned level = radix->height; level-- > 0;) {
		path[level] = node;
		if (level > 0)
			node = node->as.children[slot_of(index, level)];
		assert(node);
	}
	word = &node->as.words[slot_of(index, 0)];
	assert(*word & bit);
	*word ^= bit;
	clear_path(path, radix->height, index);
}

bool kfrag_radix_take_first(struct kfrag_radix *radix, uint64_t *index)
{
	struct kfrag_radix_node *path[MAX_HEIGHT];
	struct kfrag_radix_node *node = radix->root;
	uint64_t *word, at = 0;

	*index = 0;
	if (!node || !node->mask)
		return false;
	for (unsigned level = radix->height; level-- > 0;) {
		unsigned slot = (unsigned)__builtin_ctzll(node->mask);

		path[level] = node;
		at = at * 64 + slot;
		if (level > 0)
			node = node->as.children[slot];
	}
	word = &node->as.words[at % 64];
	*index = at * 64 + (unsigned)__builtin_ctzll(*word);
	*word &= *word - 1;
	clear_path(path, radix->height, *index);
	return true;
}

bool kfrag_radix_contains(const struct kfrag_radix *radix, uint64_t index)
{
	const struct kfrag_radix_node *node = radix->root;

	if (!covers(radix, index))
		return false;
	for (unsigned level = radix->height; level-- > 0;) {
		unsigned slot = slot_of(index, level);

		if (!(node->mask >> slot & 1))
			return false;
		if (level == 0)
			return node->as.words[slot] >> (index % 64) & 1;
		node = node->as.children[slot];
	}
	return false;
}

bool kfrag_radix_first(const struct kfrag_radix *radix, uint64_t *index)
{
	const struct kfrag_radix_node *node = radix->root;
	uint64_t at = 0;

	*index = 0;
	if (!node || !node->mask)
		return false;
	for (unsigned level = radix->height; level-- > 0;) {
		unsigned slot = (unsigned)__builtin_ctzll(node->mask);

		at = at * 64 + slot;
		if (level > 0)
			node = node->as.children[slot];
		else
			at = at * 64 +
			     (unsigned)__builtin_ctzll(node->as.words[slot]);
	}
	*index = at;
	return true;
}

static uint64_t count_node(const struct kfrag_radix_node *node, unsigned level)
{
	uint64_t count = 0;

	for (unsigned i = 0; i < 64; i++) {
		if (level == 0)
			count += kfrag_popcount(node->as.words[i]);
		else if (node->as.children[i])
			count += count_node(node->as.children[i], level - 1);
	}
	return count;
}

uint64_t kfrag_radix_count(const struct kfrag_radix *radix)
{
	return radix->root ? count_node(radix->root, radix->height - 1) : 0;
}

uint64_t kfrag_radix_bytes(const struct kfrag_radix *radix)
{
	return radix->nr_nodes * sizeof(struct kfrag_radix_node);
}
