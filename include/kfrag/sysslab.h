/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SYSSLAB_H
#define KFRAG_SYSSLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kfrag/error.h"
#include "kfrag/units.h"

/*
 * What SLUB says of its caches in /sys/kernel/slab, as a text of one line per
 * entry:
 *
 *   NAME OBJECT_SIZE SLAB_SIZE OBJS_PER_SLAB ORDER ALIGN [KEY=VALUE...]
 *   NAME id=ENTRY     (all else as in that entry's line, which has no id=)
 *
 * Keys are the files' names and the value is the first number of what stands
 * in them; kfrag_sysslab_key() names them. Of slabs_cpu_partial, which reads
 * "42(4)", it is the number of slabs, in parentheses; of ctor, 0 where the
 * file is empty and 1 for anything but 0. `id=` is the entry that NAME is an
 * alias of. Unknown keys are passed over, and so are values that are no number
 * (or, for what is set or not, none of 0 and 1): those stay unknown. Lines
 * that begin with '#' are comments. Bytes of a name that are blanks,
 * backslashes or no printable ASCII stand as \xNN; plain blanks are read too.
 */
struct kfrag_sysslab_entry {
	char *name; /* NUL-terminated, any bytes; the sysslab's */
	size_t name_bytes;
	/*
	 * The same for all aliases, and the name of the entry that they are
	 * aliases of; NULL: not one line of the text has an id.
	 */
	char *id;
	size_t id_bytes;
	uint64_t object_size_bytes; /* the payload, >= 1 */
	uint64_t size_bytes; /* kmem_cache::size, >= object_size_bytes */
	uint64_t objs_per_slab; /* >= 1 */
	unsigned order; /* <= KFRAG_MAX_ORDER */
	uint64_t align_bytes; /* 0: none */
	/* As long as the cache lives. */
	struct kfrag_opt nr_aliases; /* names that it has besides one */
	struct kfrag_opt cpu_partial_objs; /* limit per CPU */
	struct kfrag_opt min_partial_slabs;
	struct kfrag_opt sheaf_capacity_objs;
	/* 0 or 1. */
	struct kfrag_opt reclaim_account;
	struct kfrag_opt hwcache_align;
	struct kfrag_opt destroy_by_rcu;
	struct kfrag_opt ctor;
	struct kfrag_opt red_zone;
	struct kfrag_opt poison;
	struct kfrag_opt store_user;
	struct kfrag_opt sanity_checks;
	/* Of the moment. */
	struct kfrag_opt partial_slabs; /* on the nodes' lists */
	struct kfrag_opt cpu_slabs; /* in the CPUs' hands, all of them */
	struct kfrag_opt cpu_partial_slabs; /* of these, on partial lists */
	struct kfrag_opt total_objs;
	struct kfrag_opt objs; /* allocated, as `objects` counts them */
};

struct kfrag_sysslab {
	struct kfrag_sysslab_entry *entries; /* sorted by name, each once */
	size_t nr_entries;
	/*
	 * Passed over: no entries, names that an earlier line had, aliases of
	 * what no line is of, and a last line without a newline, whose end may
	 * be missing.
	 */
	uint64_t nr_bad_lines;
	char *storage; /* behind the names */
};

/*
 * The text need not be NUL-terminated and is not kept. KFRAG_EFORMAT: not one
 * line is an entry; KFRAG_ENOMEM; both leave the sysslab empty.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sysslab_parse(struct kfrag_sysslab *sysslab, const char *text,
		    size_t text_bytes);

/* Makes what is of the moment unknown: for a capture of another one. */
void kfrag_sysslab_forget_moment(struct kfrag_sysslab *sysslab);

/* Leaves it empty; fine on an empty one. */
void kfrag_sysslab_release(struct kfrag_sysslab *sysslab);

/* NULL where there is none of that name. */
const struct kfrag_sysslab_entry *
kfrag_sysslab_find(const struct kfrag_sysslab *sysslab, const char *name,
		   size_t name_bytes);

/*
 * How many names the entry's cache has besides one, as the text says or, where
 * it does not, as the ids tell (an entry that begins with ':' is no name, but
 * what names are aliases of); 0 where neither is known.
 */
size_t kfrag_sysslab_nr_aliases(const struct kfrag_sysslab *sysslab,
				const struct kfrag_sysslab_entry *entry);

/* For those who write such a text. */

struct kfrag_sysslab_key {
	const char *name; /* of a file of the entry, and of its key */
	bool is_static; /* false: of the moment */
};

/* The files of the five numbers, and those that keys are made of. */
#define KFRAG_SYSSLAB_NR_NUMBERS 5
extern const char *const kfrag_sysslab_numbers[KFRAG_SYSSLAB_NR_NUMBERS];

/* The static ones come first; NULL beyond the last. */
const struct kfrag_sysslab_key *kfrag_sysslab_key(size_t index);

/* Bytes that kfrag_sysslab_escape() can need at most, NUL included. */
#define KFRAG_SYSSLAB_ESCAPED_SIZE(bytes) (4 * (bytes) + 1)

/* Writes a name, or an id, as it stands in the text. Returns its length. */
size_t kfrag_sysslab_escape(char *out, const char *name, size_t bytes);

#endif
