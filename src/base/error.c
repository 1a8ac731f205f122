// SPDX-License-Identifier: MIT
#include "kfrag/error.h"

static const char *const texts[KFRAG_NR_ERRORS] = {
	[KFRAG_OK] = "success",
	[KFRAG_ENOMEM] = "out of memory",
	[KFRAG_EINVAL] = "value out of range",
	[KFRAG_EOVERFLOW] = "more bytes than 64 bits can count",
	[KFRAG_ERANGE] = "outside the managed memory",
	[KFRAG_EALIGN] = "not the start of a block or slot",
	[KFRAG_EFREE] = "not allocated",
	[KFRAG_EORDER] = "not of this order",
	[KFRAG_EFORMAT] = "not of the expected format",
	[KFRAG_EIO] = "write failed",
};

const char *kfrag_error_text(enum kfrag_error error)
{
	if ((unsigned)error >= KFRAG_NR_ERRORS)
		return "unknown error";
	return texts[error];
}
