// SPDX-License-Identifier: MIT
/*
 * Unpacks any bytes that begin like packed ones, whole and in pieces whose
 * size the last byte sets: that must not change what comes out.
 */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A bomb is left alone beyond it. */
#define MAX_TEXT_BYTES ((size_t)1 << 20)

struct feeder {
	const uint8_t *data;
	size_t size;
	size_t at;
	size_t piece;
};

static enum kfrag_error feed(void *context, void *out, size_t size, size_t *got)
{
	struct feeder *feeder = context;
	size_t left = feeder->size - feeder->at;

	*got = feeder->piece < size ? feeder->piece : size;
	if (*got > left)
		*got = left;
	if (*got > 0)
		memcpy(out, feeder->data + feeder->at, *got);
	feeder->at += *got;
	return KFRAG_OK;
}

struct result {
	char *text;
	size_t nr_bytes;
	struct kfrag_unpack_fault fault;
};

static void unpack(struct result *result, enum kfrag_packing packing,
		   const uint8_t *data, size_t size, size_t piece)
{
	struct feeder feeder = { .data = data, .size = size, .piece = piece };
	struct kfrag_byte_source source = { feed, &feeder };
	struct kfrag_unpack *unpack;
	size_t got = 1;

	*result = (struct result){ .text = malloc(MAX_TEXT_BYTES) };
	assert(result->text);
	assert(kfrag_unpack_create(&unpack, packing, source) == KFRAG_OK);
	while (got > 0 && result->nr_bytes < MAX_TEXT_BYTES) {
		size_t room = MAX_TEXT_BYTES - result->nr_bytes;
		enum kfrag_error error;

		error = kfrag_unpack_read(unpack,
					  result->text + result->nr_bytes,
					  piece < room ? piece : room, &got);
		assert(error == KFRAG_OK);
		result->nr_bytes += got;
	}
	result->fault = kfrag_unpack_fault(unpack);
	assert(result->fault.offset <= size);
	assert(result->fault.code < KFRAG_NR_UNPACK_CODES);
	kfrag_unpack_destroy(unpack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum kfrag_packing packing = kfrag_packing_of(data, size);
	struct result whole, pieces;
	size_t shorter;

	if (packing == KFRAG_PACKING_NONE)
		return 0;
	unpack(&whole, packing, data, size, MAX_TEXT_BYTES);
	unpack(&pieces, packing, data, size, 1 + data[size - 1] % 64);
	/* A decoder may look ahead, and so meet damage before it gives text. */
	shorter = whole.nr_bytes < pieces.nr_bytes ? whole.nr_bytes :
						     pieces.nr_bytes;
	assert(memcmp(whole.text, pieces.text, shorter) == 0);
	if (whole.fault.code != KFRAG_UNPACK_DAMAGED &&
	    pieces.fault.code != KFRAG_UNPACK_DAMAGED)
		assert(whole.nr_bytes == pieces.nr_bytes);
	if (whole.nr_bytes < MAX_TEXT_BYTES && pieces.nr_bytes < MAX_TEXT_BYTES)
		assert(whole.fault.code == pieces.fault.code);
	free(whole.text);
	free(pieces.text);
	return 0;
}
