/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_UNPACK_H
#define KFRAG_UNPACK_H

#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"

/*
 * Text that gzip or xz has packed, read back piece by piece: memory is bounded
 * by the packer's window, whatever the text grows to. How much of it is wanted
 * is for the caller to say: who reads on and on may be reading a bomb.
 */
enum kfrag_packing {
	KFRAG_PACKING_NONE,
	KFRAG_PACKING_GZIP,
	KFRAG_PACKING_XZ,
	KFRAG_NR_PACKINGS
};

/* As many first bytes as it takes to know the packing. */
#define KFRAG_PACKING_MAGIC_BYTES 6

/* By its first bytes; KFRAG_PACKING_NONE where they are too few. */
enum kfrag_packing kfrag_packing_of(const void *bytes, size_t nr_bytes);

/* "gzip", "xz"; "plain". */
const char *kfrag_packing_text(enum kfrag_packing packing);

/* Where packed bytes come from. */
struct kfrag_byte_source {
	/*
	 * Writes up to size bytes, size >= 1, and sets *got to how many they
	 * are: 0 is the end. An error of its own ends the reading.
	 */
	enum kfrag_error (*read)(void *context, void *out, size_t size,
				 size_t *got);
	void *context;
};

/* Why packed bytes could not be read to their end. */
enum kfrag_unpack_code {
	KFRAG_UNPACK_FINE,
	KFRAG_UNPACK_CUT, /* they end too early; all read is as it was */
	KFRAG_UNPACK_DAMAGED, /* what was read may be wrong */
	KFRAG_UNPACK_TRAILING, /* something else follows; all read is good */
	KFRAG_UNPACK_UNKNOWN, /* a variant that the library does not know */
	KFRAG_UNPACK_TOO_WIDE, /* wants more than KFRAG_UNPACK_MAX_BYTES */
	KFRAG_NR_UNPACK_CODES
};

/* Of window and tables: xz -9 takes 65 MiB. */
#define KFRAG_UNPACK_MAX_BYTES ((uint64_t)128 << 20)

struct kfrag_unpack_fault {
	enum kfrag_unpack_code code;
	uint64_t offset; /* packed bytes that were read without a fault */
};

/* What the packed data do, "end too early": neither position nor full stop. */
const char *kfrag_unpack_code_text(enum kfrag_unpack_code code);

struct kfrag_unpack;

/*
 * packing is not KFRAG_PACKING_NONE. The source begins with the magic bytes
 * and must outlive what is created. Members of gzip and streams of xz that
 * follow one another are one text; zeros behind the last one are padding.
 * KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_unpack_create(struct kfrag_unpack **unpack, enum kfrag_packing packing,
		    struct kfrag_byte_source source);
void kfrag_unpack_destroy(struct kfrag_unpack *unpack);

/*
 * Writes up to size bytes of text, size >= 1, and sets *got to how many they
 * are: 0 at the end of the text and at a fault, which kfrag_unpack_fault()
 * then tells. KFRAG_ENOMEM, and any error of the source.
 */
KFRAG_MUST_CHECK enum kfrag_error kfrag_unpack_read(struct kfrag_unpack *unpack,
						    void *out, size_t size,
						    size_t *got);

struct kfrag_unpack_fault kfrag_unpack_fault(const struct kfrag_unpack *unpack);

#endif
