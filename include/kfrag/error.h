/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_ERROR_H
#define KFRAG_ERROR_H

/*
 * Error codes of libkfrag.
 *
 * A function that can fail returns enum kfrag_error; 0 is success. On failure
 * its outputs hold a safe empty value (NULL, 0) and its inputs are unchanged.
 * Running out of *simulated* memory is never an error: allocators answer it
 * with a refusal that the caller counts.
 */
enum kfrag_error {
	KFRAG_OK = 0,
	KFRAG_ENOMEM, /* the host has no memory left for our own bookkeeping */
	KFRAG_EINVAL, /* an argument outside the range that the header names */
	KFRAG_EOVERFLOW, /* a product or sum of sizes does not fit 64 bits */
	KFRAG_ERANGE, /* a pfn or address outside the managed memory */
	KFRAG_EALIGN, /* a pfn or address that is no block or slot start */
	KFRAG_EFREE, /* the block or object is not allocated (double free) */
	KFRAG_EORDER, /* the block is allocated, but with another order */
	KFRAG_EFORMAT, /* the text holds nothing of the expected format */
	KFRAG_EIO, /* a write to the caller's FILE failed */
	KFRAG_NR_ERRORS
};

#define KFRAG_MUST_CHECK __attribute__((warn_unused_result))

/*
 * Returns a constant sentence fragment, lower case, without a full stop;
 * "unknown error" for a value that is no enum kfrag_error.
 */
const char *kfrag_error_text(enum kfrag_error error);

#endif
