/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_RECORD_SOURCE_H
#define KFRAG_CLI_RECORD_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/record_wait.h"
#include "kfrag/sample.h"

/* A text that is read again and again into the same room. */
struct record_text {
	char *bytes;
	size_t nr_bytes;
	size_t capacity;
};

/* What is sampled: a slabinfo file, and others of the same folder. */
struct record_source {
	const char *path; /* as the user typed it */
	bool is_live; /* the running kernel's own file */
	char *beside; /* room for the path of a file of its folder */
	size_t folder_bytes; /* of that, its last slash included */
	struct record_text slabinfo;
	struct record_text buddyinfo;
	struct record_text meminfo;
	struct record_text host;
	struct record_text kernel;
	char *slab_folder; /* the machine's /sys/kernel/slab; NULL: none */
	char *slab_names; /* what was in it at the last sample; or NULL */
	size_t slab_names_bytes;
	char *sysslab; /* what is static of it; NULL: unreadable */
	size_t sysslab_bytes;
};

enum record_result {
	RECORD_OK,
	RECORD_STOPPED, /* by an interrupt */
	RECORD_LEFT, /* nobody reads the output any more */
	RECORD_FAILED /* after a sentence on stderr */
};

/* Returns false after a sentence on stderr. Release in both cases. */
bool record_source_init(struct record_source *source, const char *path);
void record_source_release(struct record_source *source);

/*
 * Reads all of it anew: slabinfo, which must be there, with the time it was
 * read, and what else there is. The sample's texts are the source's and live
 * until the next call.
 */
enum record_result record_source_read(struct record_source *source,
				      const struct record_wait *wait,
				      struct kfrag_sample *sample);

#endif
