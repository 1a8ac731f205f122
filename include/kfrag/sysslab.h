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
 *
 * Keys are the files' names, their first number the value: cpu_partial,
 * min_partial, partial, cpu_slabs, slabs_cpu_partial, objects, total_objects,
 * reclaim_account, hwcache_align, destroy_by_rcu, red_zone, poison,
 * store_user, sanity_checks, sheaf_capacity; `ctor=1` where there is one; and
 * `id=` the entry that NAME is an alias of. Unknown keys are passed over.
 * Bytes of a name that are blanks or no printable ASCII stand as \xNN.
 */
struct kfrag_sysslab_entry {
	char *name; /* NUL-terminated, any bytes; the sysslab's */
	size_t name_bytes;
	char *id; /* the same for all aliases; NULL: not said */
	size_t id_bytes;
	uint64_t object_size_bytes; /* the payload, >= 1 */
	uint64_t size_bytes; /* kmem_cache::size, >= object_size_bytes */
	uint64_t objs_per_slab; /* >= 1 */
	unsigned order;
	uint64_t align_bytes; /* 0: none */
	struct kfrag_opt cpu_partial_objs; /* limit per CPU */
	struct kfrag_opt min_partial_slabs;
	struct kfrag_opt partial_slabs; /* on the nodes' lists */
	struct kfrag_opt cpu_slabs; /* slabs in the CPUs' hands, all of them */
	struct kfrag_opt cpu_partial_slabs; /* of these, on partial lists */
	struct kfrag_opt total_objs;
	struct kfrag_opt objs; /* allocated, as `objects` counts them */
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
};

struct kfrag_sysslab {
	struct kfrag_sysslab_entry *entries; /* sorted by name */
	size_t nr_entries;
	uint64_t nr_bad_lines; /* passed over */
	char *storage; /* behind the names */
};

/*
 * The text need not be NUL-terminated and is not kept. KFRAG_EFORMAT: not one
 * line is an entry; KFRAG_ENOMEM; both leave the sysslab empty.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sysslab_parse(struct kfrag_sysslab *sysslab, const char *text,
		    size_t text_bytes);
void kfrag_sysslab_release(struct kfrag_sysslab *sysslab);

/* NULL where there is none of that name. */
const struct kfrag_sysslab_entry *
kfrag_sysslab_find(const struct kfrag_sysslab *sysslab, const char *name,
		   size_t name_bytes);

/*
 * How many other names share the entry's cache; 0 where ids are unknown
 * (then entries without an id of their own may still be aliases).
 */
size_t kfrag_sysslab_nr_aliases(const struct kfrag_sysslab *sysslab,
				const struct kfrag_sysslab_entry *entry);

#endif
