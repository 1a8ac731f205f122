/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_TESTS_EXPECT_H
#define KFRAG_TESTS_EXPECT_H

/*
 * Assertions for inner loops: they cost a comparison while they hold. Those
 * of Check write to a file each time.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#define EXPECT(condition)                                                      \
	do {                                                                   \
		if (!(condition))                                              \
			ck_abort_msg("'%s' does not hold", #condition);        \
	} while (0)

#define EXPECT_EQ(a, b)                                                        \
	do {                                                                   \
		uint64_t expect_a = (uint64_t)(a), expect_b = (uint64_t)(b);   \
		if (expect_a != expect_b)                                      \
			ck_abort_msg("%s is %" PRIu64 ", but %s is %" PRIu64,  \
				     #a, expect_a, #b, expect_b);              \
	} while (0)

/*
 * Whether a test may wait for an assert of the library to abort it: not in
 * a build without asserts, nor where tests run without a process of their
 * own.
 */
static inline bool expect_can_abort(void)
{
#ifdef NDEBUG
	return false;
#else
	const char *mode = getenv("CK_FORK");

	return !mode || strcmp(mode, "no") != 0;
#endif
}

#endif
