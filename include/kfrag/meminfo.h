/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_MEMINFO_H
#define KFRAG_MEMINFO_H

#include <stddef.h>

#include "kfrag/units.h"

/* "MemTotal: N kB" in the text of /proc/meminfo, in bytes. */
struct kfrag_opt kfrag_meminfo_total(const char *text, size_t text_bytes);

#endif
