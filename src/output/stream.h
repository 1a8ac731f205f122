/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_STREAM_H
#define KFRAG_OUTPUT_STREAM_H

#include <stdio.h>

#include "kfrag/error.h"

/* Whether everything written to the stream so far has arrived; KFRAG_EIO. */
KFRAG_MUST_CHECK static inline enum kfrag_error kfrag_stream_end(FILE *out)
{
	return fflush(out) != 0 || ferror(out) ? KFRAG_EIO : KFRAG_OK;
}

#endif
