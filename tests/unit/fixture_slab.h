/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TESTS_FIXTURE_SLAB_H
#define KFRAG_TESTS_FIXTURE_SLAB_H

/* Allocators that are expected to come into being, and to be sound. */
#include "expect.h"
#include "kfrag/buddy.h"
#include "kfrag/slab.h"

/* Policies that kfrag_slab_policies() names. */
#define NR_POLICIES 12

static inline void check_slab(const struct kfrag_slab *slab)
{
	char message[300] = "";

	if (!kfrag_slab_check(slab, message, sizeof(message)))
		ck_abort_msg("%s", message);
}

static inline struct kfrag_buddy *make_buddy(uint64_t nr_pages)
{
	struct kfrag_buddy *buddy = NULL;

	EXPECT_EQ(kfrag_buddy_create_checked(&buddy, nr_pages, 10), KFRAG_OK);
	return buddy;
}

static inline struct kfrag_slab *make_slab(struct kfrag_page_source source,
					   uint64_t nr_pages,
					   uint64_t page_bytes)
{
	struct kfrag_slab *slab = NULL;

	EXPECT_EQ(kfrag_slab_create(&slab, source, nr_pages, page_bytes),
		  KFRAG_OK);
	return slab;
}

static inline struct kfrag_slab_cache *
make_cache(struct kfrag_slab *slab,
	   const struct kfrag_slab_cache_params *params)
{
	struct kfrag_slab_cache *cache = NULL;

	EXPECT_EQ(kfrag_slab_cache_create(&cache, slab, params), KFRAG_OK);
	return cache;
}

#endif
