// SPDX-License-Identifier: MIT
/*
 * How far active_objs may be from what is live.
 *
 * SLUB counts the free objects of the slabs on its nodes' lists; those in the
 * slabs of a CPU (the one in use and a short list) are "active". Since 6.10,
 * count_partial_free_approx() looks at 10,000 slabs of a list and takes the
 * others for the same. Since 6.18 some caches keep free objects in sheaves of
 * the CPUs and nodes as well.
 *
 * SLAB counts as active what is in the arrays of the CPUs, in arrays that they
 * share (slabinfo says how many), and in those for other nodes.
 */
#include "replay/bill_sure.h"

#include <string.h>

#include "kfrag/arith.h"
#include "kfrag/release.h"

/* Slabs of a list that count_partial_free_approx() looks at. */
#define MAX_COUNTED_SLABS 10000

/* At most three of a CPU, and ten that are not empty of each node of CPUs. */
#define SHEAVES_PER_CPU 13
#define KNOWN_SHEAF_OBJS 32

static uint64_t less(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* What is left of count when some are taken away, at least 0. */
static uint64_t without(uint64_t count, uint64_t nr_taken)
{
	return count - less(count, nr_taken);
}

/* ---------------------------------------------------------------- kernels */

/*
 * SLAB gives caches of small objects shared arrays where there are several
 * CPUs, so none in any row tells of one. 2.4 without SMP has no arrays at all,
 * and no columns for them.
 */
static bool has_shared_arrays(const struct kfrag_snapshot *snapshot,
			      bool *has_arrays)
{
	bool shares = false;

	*has_arrays = false;
	for (size_t i = 0; i < snapshot->nr_records; i++) {
		const struct kfrag_record *record = &snapshot->records[i];

		*has_arrays |= record->has_tunables;
		shares |= record->sharedfactor > 0 || record->sharedavail > 0;
	}
	return shares;
}

static void read_slab(struct kfrag_bill_kernel *kernel,
		      const struct kfrag_snapshot *snapshot)
{
	bool has_arrays;
	bool shares = has_shared_arrays(snapshot, &has_arrays);
	bool is_old = snapshot->version == KFRAG_SLABINFO_1_0 ||
		      snapshot->version == KFRAG_SLABINFO_1_1;

	if (is_old) {
		kernel->parks_nothing = !has_arrays;
		return;
	}
	/* 1.2 does not say whether arrays are shared. */
	if (has_arrays && !shares && snapshot->version != KFRAG_SLABINFO_1_2)
		kernel->max_cpus = kfrag_known(1);
}

static bool is_named(const struct kfrag_record *record, const char *name)
{
	return record->name_bytes == strlen(name) &&
	       memcmp(record->name, name, record->name_bytes) == 0;
}

/* 4.20 called it kmalloc-1k. */
static bool is_before_4_20(const struct kfrag_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->nr_records; i++)
		if (is_named(&snapshot->records[i], "kmalloc-1024"))
			return true;
	return false;
}

/* Of an era that went on to 5.4. */
static bool may_be_recent(const struct kfrag_bill_kernel *kernel)
{
	return kernel->is_slub ? kernel->last_era >= KFRAG_ERA_SLUB_2_6_30 :
				 kernel->last_era == KFRAG_ERA_SLAB_4_6;
}

void kfrag_bill_kernel_of(struct kfrag_bill_kernel *kernel,
			  const struct kfrag_snapshot *snapshot,
			  const struct kfrag_geometry_fit *fit)
{
	unsigned release = kfrag_release_parse(snapshot->origin.kernel);
	bool is_old = !release && is_before_4_20(snapshot);

	*kernel = (struct kfrag_bill_kernel){
		.is_slub = kfrag_era_range(fit->world.era)->is_slub,
		.last_era = fit->last_era,
		.release = release,
	};
	if (is_old && kernel->last_era > KFRAG_ERA_SLUB_2_6_30)
		kernel->last_era = KFRAG_ERA_SLUB_2_6_30;
	kernel->may_count_large = release ? release >= KFRAG_RELEASE(5, 4, 0) :
					    !is_old && may_be_recent(kernel);
	if (!kernel->is_slub) {
		read_slab(kernel, snapshot);
		return;
	}
	if (fit->max_cpus > 0)
		kernel->max_cpus = kfrag_known(fit->max_cpus);
	kernel->may_estimate = release ? release >= KFRAG_RELEASE(6, 10, 0) :
					 kernel->last_era == KFRAG_ERA_SLUB_6_7;
}

/* ------------------------------------------------------------------- SLUB */

/* kmem_cache::cpu_partial as the kernel sets it. */
static uint64_t default_cpu_partial(const struct kfrag_bill_row *row,
				    bool is_new)
{
	static const uint64_t old_objs[] = { 30, 13, 6, 2 };
	static const uint64_t new_objs[] = { 120, 52, 24, 6 };
	uint64_t size_bytes = row->record->size_bytes;
	/* The page size is within what these tell apart. */
	size_t class = size_bytes < 256 ? 0 : size_bytes < 1024 ? 1 : 2;

	if (size_bytes >= 4096)
		class = 3;
	return is_new ? new_objs[class] : old_objs[class];
}

/*
 * Slabs on a CPU's list. Until 5.15 the limit is one of objects, that were
 * free when their slab came: one slab more than that. Since 5.16 it is one of
 * slabs, which are taken for half full.
 */
static uint64_t partial_slabs(const struct kfrag_bill_row *row, bool is_new,
			      uint64_t objs_per_slab)
{
	uint64_t limit_objs = default_cpu_partial(row, is_new);

	if (row->entry && row->entry->cpu_partial_objs.known)
		limit_objs = row->entry->cpu_partial_objs.value;
	if (limit_objs == 0)
		return 0;
	if (!is_new)
		return kfrag_add_capped(limit_objs, 1);
	return kfrag_div_up(kfrag_mul_capped(limit_objs, 2), objs_per_slab);
}

static uint64_t max_partial_slabs(const struct kfrag_bill_row *row,
				  const struct kfrag_bill_kernel *kernel,
				  uint64_t objs_per_slab)
{
	uint64_t old_slabs, new_slabs;

	new_slabs = partial_slabs(row, true, objs_per_slab);
	old_slabs = partial_slabs(row, false, objs_per_slab);
	if (kernel->release)
		return kernel->release >= KFRAG_RELEASE(5, 16, 0) ? new_slabs :
								    old_slabs;
	/* This era ends with 6.6. */
	if (kernel->last_era < KFRAG_ERA_SLUB_6_7 && old_slabs > new_slabs)
		return old_slabs;
	return new_slabs;
}

/* Objects of a sheaf; 0: the cache has none. */
static uint64_t sheaf_objs(const struct kfrag_bill_row *row,
			   const struct kfrag_bill_kernel *kernel)
{
	bool may_have = kernel->release ?
				kernel->release >= KFRAG_RELEASE(6, 18, 0) :
				kernel->last_era == KFRAG_ERA_SLUB_6_7;

	if (row->entry && row->entry->sheaf_capacity_objs.known)
		return row->entry->sheaf_capacity_objs.value;
	if (may_have && (is_named(row->record, "maple_node") ||
			 is_named(row->record, "vm_area_struct")))
		return KNOWN_SHEAF_OBJS;
	return 0;
}

/* UINT64_MAX: no bound. */
static uint64_t parked_in_slub(const struct kfrag_bill_row *row,
			       const struct kfrag_bill_kernel *kernel)
{
	uint64_t objs_per_slab = row->record->objs_per_slab;
	uint64_t sheaves = sheaf_objs(row, kernel);
	uint64_t nr_cpus = kernel->max_cpus.value;
	uint64_t nr_slabs;

	/* Since 7.0 all is sheaves, of sizes that are not known here. */
	if (kernel->release >= KFRAG_RELEASE(7, 0, 0) || objs_per_slab == 0 ||
	    (sheaves > 0 && nr_cpus == 0))
		return UINT64_MAX;
	if (row->entry && row->entry->cpu_slabs.known)
		nr_slabs = row->entry->cpu_slabs.value;
	else if (nr_cpus == 0)
		return UINT64_MAX;
	else
		nr_slabs = kfrag_mul_capped(
			nr_cpus,
			kfrag_add_capped(1, max_partial_slabs(row, kernel,
							      objs_per_slab)));
	sheaves = kfrag_mul_capped(sheaves,
				   kfrag_mul_capped(nr_cpus, SHEAVES_PER_CPU));
	return kfrag_add_capped(kfrag_mul_capped(nr_slabs, objs_per_slab),
				sheaves);
}

/*
 * The most slabs that may lie on the nodes' lists; each has a free object, and
 * the kernel's estimate is no less than one for each.
 */
static uint64_t listed_slabs(const struct kfrag_bill_row *row)
{
	uint64_t nr_idle = row->record->num_objs - row->live_objs;
	uint64_t nr_slabs = less(row->record->num_slabs, nr_idle);

	if (row->entry && row->entry->partial_slabs.known)
		nr_slabs = less(nr_slabs, row->entry->partial_slabs.value);
	return nr_slabs;
}

static void bound_slub(struct kfrag_bill_row *row,
		       const struct kfrag_bill_kernel *kernel)
{
	uint64_t num_objs = row->record->num_objs;
	uint64_t nr_parked = parked_in_slub(row, kernel);
	uint64_t nr_listed = listed_slabs(row);
	uint64_t most_free;

	row->live_max_objs = row->live_objs;
	row->live_min_objs = without(row->live_objs, nr_parked);
	if (!kernel->may_estimate || nr_listed <= MAX_COUNTED_SLABS)
		return;
	row->sure = KFRAG_SURE_ESTIMATE;
	most_free = kfrag_mul_capped(nr_listed, row->record->objs_per_slab);
	/* Of a list that is longer than is counted, each slab has one free. */
	row->live_max_objs = num_objs - MAX_COUNTED_SLABS - 1;
	row->live_min_objs =
		less(row->live_min_objs,
		     without(without(num_objs, most_free), nr_parked));
}

/* ------------------------------------------------------------------- SLAB */

static void bound_slab(struct kfrag_bill_row *row,
		       const struct kfrag_bill_kernel *kernel)
{
	const struct kfrag_record *record = row->record;
	uint64_t nr_parked = UINT64_MAX;

	if (kernel->parks_nothing ||
	    (record->has_tunables && record->limit == 0))
		nr_parked = 0;
	else if (record->has_tunables && kernel->max_cpus.known)
		nr_parked =
			kfrag_mul_capped(record->limit, kernel->max_cpus.value);
	/* What is in shared arrays is counted. */
	row->live_max_objs = without(row->live_objs, record->sharedavail);
	row->live_min_objs = without(row->live_max_objs, nr_parked);
}

void kfrag_bill_row_bound(struct kfrag_bill_row *row,
			  const struct kfrag_bill_kernel *kernel)
{
	row->sure = KFRAG_SURE_UPPER_BOUND;
	if (kernel->is_slub)
		bound_slub(row, kernel);
	else
		bound_slab(row, kernel);
	if (row->live_min_objs == row->live_objs &&
	    row->live_max_objs == row->live_objs)
		row->sure = KFRAG_SURE_EXACT;
}
