/* SPDX-License-Identifier: MIT */
#ifndef HOT_ASSERT_H
#define HOT_ASSERT_H

#include <check.h>
#include <inttypes.h>
#include <stdint.h>

/*
 * Assertions for inner loops: Check writes down the place of each of its own
 * as it passes, which takes longer than what most of ours look at.
 */
#define hot_assert(condition)                                                 \
	do {                                                                  \
		if (!(condition))                                             \
			ck_abort_msg("%s", #condition);                       \
	} while (0)

/* Both as uint64_t, and both in the message. */
#define hot_assert_eq(a, b)                                                   \
	do {                                                                  \
		uint64_t hot_a = (a), hot_b = (b);                            \
                                                                              \
		if (hot_a != hot_b)                                           \
			ck_abort_msg("%s is %" PRIu64 ", %s is %" PRIu64, #a, \
				     hot_a, #b, hot_b);                       \
	} while (0)

#endif
