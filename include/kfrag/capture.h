/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CAPTURE_H
#define KFRAG_CAPTURE_H

#include <stddef.h>

#include "kfrag/error.h"
#include "kfrag/snapshot.h"

/*
 * Reads a capture in whichever format its text is: CSV where it begins with
 * such a header (csv_snapshot.h), else slabinfo (slabinfo.h). The contract is
 * that of both: KFRAG_EFORMAT where not one row is good, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_capture_parse(struct kfrag_recording *recording, const char *text,
		    size_t text_bytes);

#endif
