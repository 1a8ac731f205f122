// SPDX-License-Identifier: MIT
#include <string.h>

#include "kfrag/buddy.h"

const char *kfrag_buddy_placement_text(enum kfrag_buddy_placement placement)
{
	static const char *const texts[KFRAG_NR_BUDDY_PLACEMENTS] = {
		[KFRAG_BUDDY_ADDRESS] = "address",
		[KFRAG_BUDDY_LIFO] = "lifo",
		[KFRAG_BUDDY_FIFO] = "fifo",
	};

	return texts[placement];
}

bool kfrag_buddy_placement_find(const char *name,
				enum kfrag_buddy_placement *placement)
{
	for (int i = 0; i < KFRAG_NR_BUDDY_PLACEMENTS; i++) {
		enum kfrag_buddy_placement one = (enum kfrag_buddy_placement)i;

		if (strcmp(name, kfrag_buddy_placement_text(one)) == 0) {
			*placement = one;
			return true;
		}
	}
	return false;
}
