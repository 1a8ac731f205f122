// SPDX-License-Identifier: MIT
#include "cli/companion_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the last part of a path begins. */
static size_t base_at(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

static size_t without_packing(const char *path, size_t bytes)
{
	if (bytes > 3 && (memcmp(path + bytes - 3, ".gz", 3) == 0 ||
			  memcmp(path + bytes - 3, ".xz", 3) == 0))
		return bytes - 3;
	return bytes;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Versions have points as well: only letters are an ending. */
static size_t without_ending(const char *path, size_t bytes)
{
	size_t at = bytes;

	while (at > base_at(path) && is_letter(path[at - 1]))
		at--;
	return at > base_at(path) + 1 && path[at - 1] == '.' ? at - 1 : bytes;
}

static size_t without_word(const char *path, size_t bytes)
{
	size_t at = bytes;

	while (at > base_at(path) && path[at - 1] != '-')
		at--;
	return at > base_at(path) + 1 && at < bytes ? at - 1 : bytes;
}

static char *join(const char *path, size_t bytes, const char *tail)
{
	size_t tail_bytes = strlen(tail);
	char *joined = malloc(bytes + tail_bytes + 1);

	if (!joined)
		return NULL;
	memcpy(joined, path, bytes);
	memcpy(joined + bytes, tail, tail_bytes + 1);
	return joined;
}

/* Whether it is called slabinfo and lies in a folder proc. */
static bool is_in_proc(const char *path, size_t bytes)
{
	static const char name[] = "proc/slabinfo";
	const size_t name_bytes = sizeof(name) - 1;

	if (bytes < name_bytes ||
	    memcmp(path + bytes - name_bytes, name, name_bytes) != 0)
		return false;
	return bytes == name_bytes || path[bytes - name_bytes - 1] == '/';
}

char *companion_name_make(enum companion_name kind, const char *capture,
			  const char *ending, const char *in_proc)
{
	size_t whole = strlen(capture);
	size_t unpacked = without_packing(capture, whole);
	size_t stem = without_ending(capture, unpacked);
	size_t machine = without_word(capture, stem);

	switch (kind) {
	case COMPANION_WHOLE:
		return join(capture, whole, ending);
	case COMPANION_UNPACKED:
		return unpacked < whole ? join(capture, unpacked, ending) :
					  NULL;
	case COMPANION_STEM:
		return stem < unpacked ? join(capture, stem, ending) : NULL;
	case COMPANION_TREE:
		return is_in_proc(capture, unpacked) ?
			       join(capture, base_at(capture), in_proc) :
			       NULL;
	case COMPANION_MACHINE:
		return machine < stem ? join(capture, machine, ending) : NULL;
	case COMPANION_NR_NAMES:
		break;
	}
	return NULL;
}
