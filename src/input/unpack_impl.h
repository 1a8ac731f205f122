/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_UNPACK_IMPL_H
#define KFRAG_UNPACK_IMPL_H

#include <stdbool.h>
#include <stddef.h>

#include "kfrag/unpack.h"

/* A piece of packed bytes and of room for text; a step moves both on. */
struct kfrag_unpack_step {
	const unsigned char *in;
	size_t in_bytes;
	bool is_last; /* no packed byte follows these */
	unsigned char *out;
	size_t out_bytes;
};

enum kfrag_unpack_state {
	KFRAG_UNPACK_GOES_ON,
	KFRAG_UNPACK_BEHIND, /* a member or stream is whole */
	KFRAG_UNPACK_ENDED, /* and nothing follows it */
	KFRAG_UNPACK_FAULTY, /* fault.code is set */
	KFRAG_UNPACK_NO_MEMORY
};

/* What a library brings. */
struct kfrag_unpack_library {
	/* NULL: no memory. */
	void *(*create)(void);
	void (*destroy)(void *stream);
	/* Begins another member or stream. Returns false: no memory. */
	bool (*restart)(void *stream);
	/*
	 * Goes on as far as it can: GOES_ON, BEHIND, FAULTY or NO_MEMORY.
	 * With in_bytes left over, out_bytes is 0 or it is not GOES_ON.
	 */
	enum kfrag_unpack_state (*step)(void *stream,
					struct kfrag_unpack_step *step,
					enum kfrag_unpack_code *code);
};

extern const struct kfrag_unpack_library kfrag_unpack_gzip;
extern const struct kfrag_unpack_library kfrag_unpack_xz;

#endif
