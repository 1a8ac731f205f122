// SPDX-License-Identifier: MIT
/* xz by liblzma, a stream at a time. */
#include "input/unpack_impl.h"

#include <stdlib.h>

#include <lzma.h>

/* liblzma takes up again what a stream before this one has allocated. */
static bool restart(void *stream)
{
	return lzma_stream_decoder(stream, KFRAG_UNPACK_MAX_BYTES, 0) ==
	       LZMA_OK;
}

static void *create(void)
{
	lzma_stream *lzma = calloc(1, sizeof(*lzma));

	if (!lzma)
		return NULL;
	*lzma = (lzma_stream)LZMA_STREAM_INIT;
	if (!restart(lzma)) {
		free(lzma);
		return NULL;
	}
	return lzma;
}

static void destroy(void *stream)
{
	lzma_end(stream);
	free(stream);
}

static enum kfrag_unpack_state fail(enum kfrag_unpack_code *code,
				    enum kfrag_unpack_code why)
{
	*code = why;
	return KFRAG_UNPACK_FAULTY;
}

static lzma_ret decode_some(lzma_stream *lzma, struct kfrag_unpack_step *step)
{
	lzma_ret result;

	lzma->next_in = step->in;
	lzma->avail_in = step->in_bytes;
	lzma->next_out = step->out;
	lzma->avail_out = step->out_bytes;
	result = lzma_code(lzma, step->is_last ? LZMA_FINISH : LZMA_RUN);
	step->in = lzma->next_in;
	step->in_bytes = lzma->avail_in;
	step->out = lzma->next_out;
	step->out_bytes = lzma->avail_out;
	return result;
}

static enum kfrag_unpack_state step_on(void *stream,
				       struct kfrag_unpack_step *step,
				       enum kfrag_unpack_code *code)
{
	switch (decode_some(stream, step)) {
	case LZMA_STREAM_END:
		return KFRAG_UNPACK_BEHIND;
	case LZMA_OK:
	case LZMA_BUF_ERROR:
		/* All text that can be had is out before the end is judged. */
		if (!step->is_last || step->out_bytes == 0)
			return KFRAG_UNPACK_GOES_ON;
		return fail(code, KFRAG_UNPACK_CUT);
	case LZMA_MEM_ERROR:
		return KFRAG_UNPACK_NO_MEMORY;
	case LZMA_MEMLIMIT_ERROR:
		return fail(code, KFRAG_UNPACK_TOO_WIDE);
	case LZMA_OPTIONS_ERROR:
		return fail(code, KFRAG_UNPACK_UNKNOWN);
	default:
		return fail(code, KFRAG_UNPACK_DAMAGED);
	}
}

const struct kfrag_unpack_library kfrag_unpack_xz = {
	.create = create,
	.destroy = destroy,
	.restart = restart,
	.step = step_on,
};
