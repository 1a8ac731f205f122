// SPDX-License-Identifier: MIT
#include "kfrag/unpack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "input/unpack_impl.h"

struct kfrag_unpack {
	enum kfrag_packing packing;
	const struct kfrag_unpack_library *library;
	void *stream;
	struct kfrag_byte_source source;
	enum kfrag_unpack_state state;
	struct kfrag_unpack_fault fault;
	size_t at; /* packed bytes before it are used */
	size_t nr_bytes; /* in packed */
	bool is_last; /* the source has no more */
	unsigned char packed[32 << 10];
};

static const struct {
	const char *text;
	const char *magic;
	size_t magic_bytes;
	const struct kfrag_unpack_library *library;
} packings[KFRAG_NR_PACKINGS] = {
	[KFRAG_PACKING_NONE] = { "plain", "", 0, NULL },
	/* The third byte is the method: there is no other one. */
	[KFRAG_PACKING_GZIP] = { "gzip", "\x1f\x8b\x08", 3,
				 &kfrag_unpack_gzip },
	[KFRAG_PACKING_XZ] = { "xz",
			       "\xfd"
			       "7zXZ\0",
			       6, &kfrag_unpack_xz },
};

enum kfrag_packing kfrag_packing_of(const void *bytes, size_t nr_bytes)
{
	for (int i = KFRAG_PACKING_NONE + 1; i < KFRAG_NR_PACKINGS; i++) {
		if (nr_bytes >= packings[i].magic_bytes &&
		    memcmp(bytes, packings[i].magic, packings[i].magic_bytes) ==
			    0)
			return (enum kfrag_packing)i;
	}
	return KFRAG_PACKING_NONE;
}

const char *kfrag_packing_text(enum kfrag_packing packing)
{
	assert((unsigned)packing < KFRAG_NR_PACKINGS);
	return packings[packing].text;
}

const char *kfrag_unpack_code_text(enum kfrag_unpack_code code)
{
	static const char *const texts[KFRAG_NR_UNPACK_CODES] = {
		[KFRAG_UNPACK_FINE] = "are fine",
		[KFRAG_UNPACK_CUT] = "end too early",
		[KFRAG_UNPACK_DAMAGED] = "are damaged",
		[KFRAG_UNPACK_TRAILING] = "are followed by something else",
		[KFRAG_UNPACK_UNKNOWN] = "are of a variant that is not known",
		[KFRAG_UNPACK_TOO_WIDE] = "take more than 128 MiB to unpack",
	};

	assert((unsigned)code < KFRAG_NR_UNPACK_CODES);
	return texts[code];
}

enum kfrag_error kfrag_unpack_create(struct kfrag_unpack **unpack,
				     enum kfrag_packing packing,
				     struct kfrag_byte_source source)
{
	const struct kfrag_unpack_library *library;
	struct kfrag_unpack *created;

	assert(packing != KFRAG_PACKING_NONE &&
	       (unsigned)packing < KFRAG_NR_PACKINGS);
	*unpack = NULL;
	library = packings[packing].library;
	created = calloc(1, sizeof(*created));
	if (!created)
		return KFRAG_ENOMEM;
	created->packing = packing;
	created->library = library;
	created->source = source;
	created->stream = library->create();
	if (!created->stream) {
		free(created);
		return KFRAG_ENOMEM;
	}
	*unpack = created;
	return KFRAG_OK;
}

void kfrag_unpack_destroy(struct kfrag_unpack *unpack)
{
	if (!unpack)
		return;
	unpack->library->destroy(unpack->stream);
	free(unpack);
}

static size_t bytes_at_hand(const struct kfrag_unpack *unpack)
{
	return unpack->nr_bytes - unpack->at;
}

static void use(struct kfrag_unpack *unpack, size_t nr_bytes)
{
	unpack->at += nr_bytes;
	unpack->fault.offset += nr_bytes;
}

/* Sees to it that so many packed bytes are at hand, if there are as many. */
static enum kfrag_error refill(struct kfrag_unpack *unpack, size_t nr_bytes)
{
	size_t left = bytes_at_hand(unpack);

	if (left >= nr_bytes || unpack->is_last)
		return KFRAG_OK;
	memmove(unpack->packed, unpack->packed + unpack->at, left);
	unpack->at = 0;
	unpack->nr_bytes = left;
	while (unpack->nr_bytes < nr_bytes && !unpack->is_last) {
		enum kfrag_error error;
		size_t got;

		error = unpack->source.read(
			unpack->source.context,
			unpack->packed + unpack->nr_bytes,
			sizeof(unpack->packed) - unpack->nr_bytes, &got);
		if (error)
			return error;
		unpack->nr_bytes += got;
		unpack->is_last = got == 0;
	}
	return KFRAG_OK;
}

static void set_fault(struct kfrag_unpack *unpack, enum kfrag_unpack_code code)
{
	unpack->state = KFRAG_UNPACK_FAULTY;
	unpack->fault.code = code;
}

/* Behind a member or stream: zeros, another one, the end or something else. */
static enum kfrag_error look_behind(struct kfrag_unpack *unpack)
{
	const char *magic = packings[unpack->packing].magic;
	size_t magic_bytes = packings[unpack->packing].magic_bytes;
	enum kfrag_error error = refill(unpack, magic_bytes);
	const unsigned char *next = unpack->packed + unpack->at;
	size_t left = bytes_at_hand(unpack);

	if (error)
		return error;
	if (left == 0) {
		unpack->state = KFRAG_UNPACK_ENDED;
	} else if (*next == 0) {
		use(unpack, 1);
	} else if (left < magic_bytes && memcmp(next, magic, left) == 0) {
		use(unpack, left);
		set_fault(unpack, KFRAG_UNPACK_CUT);
	} else if (left < magic_bytes || memcmp(next, magic, magic_bytes)) {
		set_fault(unpack, KFRAG_UNPACK_TRAILING);
	} else {
		unpack->state = unpack->library->restart(unpack->stream) ?
					KFRAG_UNPACK_GOES_ON :
					KFRAG_UNPACK_NO_MEMORY;
	}
	return KFRAG_OK;
}

static enum kfrag_error go_on(struct kfrag_unpack *unpack, void *out,
			      size_t size, size_t *got)
{
	struct kfrag_unpack_step step = { .out = out, .out_bytes = size };
	enum kfrag_error error = refill(unpack, 1);
	size_t left = bytes_at_hand(unpack);

	if (error)
		return error;
	step.in = unpack->packed + unpack->at;
	step.in_bytes = left;
	step.is_last = left == 0;
	unpack->state = unpack->library->step(unpack->stream, &step,
					      &unpack->fault.code);
	use(unpack, left - step.in_bytes);
	*got = size - step.out_bytes;
	return KFRAG_OK;
}

enum kfrag_error kfrag_unpack_read(struct kfrag_unpack *unpack, void *out,
				   size_t size, size_t *got)
{
	enum kfrag_error error = KFRAG_OK;

	*got = 0;
	while (*got == 0 && !error) {
		if (unpack->state == KFRAG_UNPACK_GOES_ON)
			error = go_on(unpack, out, size, got);
		else if (unpack->state == KFRAG_UNPACK_BEHIND)
			error = look_behind(unpack);
		else
			break;
	}
	if (*got == 0 && unpack->state == KFRAG_UNPACK_NO_MEMORY)
		return KFRAG_ENOMEM;
	return error;
}

struct kfrag_unpack_fault kfrag_unpack_fault(const struct kfrag_unpack *unpack)
{
	return unpack->fault;
}
