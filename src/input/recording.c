// SPDX-License-Identifier: MIT
#include "input/recording.h"

#include <stdint.h>
#include <stdlib.h>

void *kfrag_grow(void *array, size_t *room, size_t item_bytes)
{
	size_t more = *room + *room / 2 + 16;
	void *grown;

	if (more > SIZE_MAX / 2 / item_bytes)
		return NULL;
	grown = realloc(array, more * item_bytes);
	if (grown)
		*room = more;
	return grown;
}

bool kfrag_recording_add_diag(struct kfrag_recording *recording, size_t *room,
			      const struct kfrag_diag *diag)
{
	recording->nr_lost_lines += kfrag_diag_is_lost(diag);
	if (recording->nr_diags == KFRAG_MAX_DIAGS) {
		recording->nr_diags_dropped++;
		return true;
	}
	if (recording->nr_diags == *room) {
		struct kfrag_diag *grown =
			kfrag_grow(recording->diags, room, sizeof(*grown));

		if (!grown)
			return false;
		recording->diags = grown;
	}
	recording->diags[recording->nr_diags++] = *diag;
	return true;
}
