/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_RECORDING_H
#define KFRAG_RECORDING_H

/* What all that fills a recording shares. */
#include <stdbool.h>
#include <stddef.h>

#include "kfrag/snapshot.h"

/*
 * Room for one more item behind *room of them. Returns the array, or NULL,
 * with the old one as it was, where memory is short.
 */
void *kfrag_grow(void *array, size_t *room, size_t item_bytes);

/*
 * Adds a diag to an array that has room for *room of them, or counts it where
 * there are enough already. Returns false where memory is short.
 */
bool kfrag_recording_add_diag(struct kfrag_recording *recording, size_t *room,
			      const struct kfrag_diag *diag);

#endif
