/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_JSON_H
#define KFRAG_JSON_H

#include <stddef.h>
#include <stdio.h>

#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/report.h"

/*
 * Writes one JSON object (RFC 8259): "kfrag" (version), "parameters" (those
 * of the run: source, page_size_bytes, memory_bytes, max_order, seed, rounds,
 * min_partial_slabs, placement, policy, replayed), "activity" (per allocator), and one
 * array of objects per selection, named as its table; unknown is null, and so
 * is all activity where nothing was replayed. A row is one line. source is any
 * bytes. KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_json_write(FILE *out, const struct kfrag_report *report,
		 const char *source, const struct kfrag_selection *selections,
		 size_t nr_selections);

#endif
