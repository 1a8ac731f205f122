// SPDX-License-Identifier: MIT
/* gzip (RFC 1952) by zlib, a member at a time. */
#include "input/unpack_impl.h"

#include <limits.h>
#include <stdlib.h>

/* What it reads it does not write to, and then says so. */
#define ZLIB_CONST
#include <zlib.h>

#define GZIP_ONLY 16 /* added to the window's bits: no bare zlib data */

static void *create(void)
{
	z_stream *z = calloc(1, sizeof(*z));

	if (z && inflateInit2(z, MAX_WBITS + GZIP_ONLY) != Z_OK) {
		free(z);
		return NULL;
	}
	return z;
}

static void destroy(void *stream)
{
	inflateEnd(stream);
	free(stream);
}

static bool restart(void *stream)
{
	return inflateReset(stream) == Z_OK;
}

/* One call of zlib, which counts in unsigned int. */
static int inflate_some(z_stream *z, struct kfrag_unpack_step *step)
{
	uInt in = step->in_bytes < UINT_MAX ? (uInt)step->in_bytes : UINT_MAX;
	uInt out = step->out_bytes < UINT_MAX ? (uInt)step->out_bytes :
						UINT_MAX;
	int result;

	z->next_in = step->in;
	z->avail_in = in;
	z->next_out = step->out;
	z->avail_out = out;
	result = inflate(z, Z_NO_FLUSH);
	step->in += in - z->avail_in;
	step->in_bytes -= in - z->avail_in;
	step->out += out - z->avail_out;
	step->out_bytes -= out - z->avail_out;
	return result;
}

static enum kfrag_unpack_state step_on(void *stream,
				       struct kfrag_unpack_step *step,
				       enum kfrag_unpack_code *code)
{
	switch (inflate_some(stream, step)) {
	case Z_STREAM_END:
		return KFRAG_UNPACK_BEHIND;
	case Z_OK:
	case Z_BUF_ERROR:
		/* All text that can be had is out before the end is judged. */
		if (!step->is_last || step->out_bytes == 0)
			return KFRAG_UNPACK_GOES_ON;
		*code = KFRAG_UNPACK_CUT;
		return KFRAG_UNPACK_FAULTY;
	case Z_MEM_ERROR:
		return KFRAG_UNPACK_NO_MEMORY;
	default:
		*code = KFRAG_UNPACK_DAMAGED;
		return KFRAG_UNPACK_FAULTY;
	}
}

const struct kfrag_unpack_library kfrag_unpack_gzip = {
	.create = create,
	.destroy = destroy,
	.restart = restart,
	.step = step_on,
};
