/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_MAP_PICK_H
#define KFRAG_OUTPUT_MAP_PICK_H

#include <stdint.h>

#include "kfrag/memory_map.h"

/*
 * Picks one kind for each bin, map->nr_bins of them, so that up to any bin as
 * many are of each kind as its pages would fill, give or take less than one.
 * (Up to the last bin, where that is short; it counts as one.)
 */
void kfrag_map_pick(const struct kfrag_memory_map *map, uint8_t *kinds);

#endif
