/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_MEMINFO_H
#define KFRAG_MEMINFO_H

#include <stddef.h>

#include "kfrag/units.h"

/* "MemTotal: N kB" in the text of /proc/meminfo, in bytes. */
struct kfrag_opt kfrag_meminfo_total(const char *text, size_t text_bytes);

/* What the text says of slabs; kernels before 2.6.19 print the first alone. */
struct kfrag_slab_meminfo {
	struct kfrag_opt memtotal_bytes; /* MemTotal */
	struct kfrag_opt slab_bytes; /* Slab */
	struct kfrag_opt reclaimable_bytes; /* SReclaimable */
	struct kfrag_opt unreclaimable_bytes; /* SUnreclaim */
	/* KReclaimable, since 4.20: SReclaimable and what is in no slab. */
	struct kfrag_opt kreclaimable_bytes;
};

/*
 * The first line of each name that can be read counts. What the text does not
 * say, or not in kB, is unknown.
 */
struct kfrag_slab_meminfo kfrag_meminfo_slab(const char *text,
					     size_t text_bytes);

#endif
