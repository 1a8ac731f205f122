// SPDX-License-Identifier: MIT
/*
 * Any capture in any other world: the first bytes choose what changes, the
 * rest is slabinfo. What comes out must be as whatif.h says, and boundaries
 * and metadata must add up.
 */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>

#include "kfrag/arith.h"
#include "kfrag/boundary.h"
#include "kfrag/metadata.h"
#include "kfrag/slabinfo.h"
#include "kfrag/whatif.h"
#include "kfrag/workload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD_BYTES 12

static struct kfrag_opt choose(uint8_t byte, uint64_t value)
{
	return byte & 0x80 ? kfrag_known(value) : kfrag_unknown();
}

static struct kfrag_opt parameter(uint8_t byte)
{
	uint64_t value = byte & 0x3f;

	return choose(byte, byte & 0x40 ? KFRAG_WHATIF_DEFAULT : value);
}

static struct kfrag_whatif read_changes(const uint8_t *head)
{
	struct kfrag_whatif whatif = {
		.page_size_bytes =
			choose(head[0], UINT64_C(4096) << (head[0] & 7)),
		.nr_cpus = choose(head[1], UINT64_C(1) << (head[1] & 15)),
		.slub_min_order = parameter(head[2]),
		.slub_max_order = parameter(head[3]),
		.slub_min_objects = parameter(head[4]),
		.era = choose(head[5], (head[5] & 0x7fu) % KFRAG_NR_ERAS),
		.kind = (enum kfrag_allocator_kind)((head[6] & 3) % 3),
		.merging = (enum kfrag_merging)(head[6] >> 4 & 1),
		.resize = (enum kfrag_resize)(head[7] >> 6),
		.resize_bytes = (head[7] & 0x3fu) * 8,
		.align_bytes = choose(head[8], UINT64_C(1) << (head[8] & 15)),
		.debug = choose(head[9], head[9] & 15),
		.slab_order = choose(head[10], head[10] & 7),
		.population_numerator = head[11] & 7,
		.population_denominator = head[11] & 7 ? 1 + (head[11] >> 6) :
							 0,
		.shrinks = head[11] & 0x20,
	};

	return whatif;
}

static void forget(void *context, const struct kfrag_record *record)
{
	(void)context;
	(void)record;
}

static void check_result(const struct kfrag_snapshot *snapshot,
			 const struct kfrag_whatif_result *result,
			 const struct kfrag_whatif *whatif)
{
	assert(result->snapshot.nr_records <= snapshot->nr_records);
	for (size_t i = 0; i < result->snapshot.nr_records; i++) {
		const struct kfrag_record *record =
			&result->snapshot.records[i];

		assert(record->size_bytes >= 1);
		assert(record->pages_per_slab >= 1);
		assert(record->name_bytes >= 1);
	}
	for (size_t i = 0; i < result->nr_notes; i++) {
		const struct kfrag_whatif_note *note = &result->notes[i];

		assert(note->code < KFRAG_NR_WHATIF_CODES);
		assert(i == 0 || note->code >= result->notes[i - 1].code);
	}
	if (whatif->page_size_bytes.known)
		assert(result->world.page_size_bytes ==
		       whatif->page_size_bytes.value);
}

static void check_boundaries(const struct kfrag_geometry_fit *fit)
{
	struct kfrag_boundaries boundaries;

	assert(!kfrag_boundaries_init(&boundaries, fit, NULL));
	assert(boundaries.nr_orders + boundaries.nr_unexplained ==
	       fit->nr_rows);
	for (size_t i = 0; i < boundaries.nr_sizes; i++) {
		const struct kfrag_boundary *row = &boundaries.sizes[i];

		assert(row->size_bytes < row->record->size_bytes);
		assert(row->shaved_bytes ==
		       row->record->size_bytes - row->size_bytes);
	}
	for (size_t i = 0; i < boundaries.nr_orders; i++)
		assert(boundaries.orders[i].best.held_bytes <=
		       boundaries.orders[i].now.held_bytes);
	kfrag_boundaries_release(&boundaries);
}

static void check_metadata(const struct kfrag_snapshot *snapshot,
			   uint64_t page_size_bytes)
{
	struct kfrag_metadata metadata;
	struct kfrag_workload workload;
	size_t offender;

	assert(!kfrag_workload_init(&workload, snapshot, page_size_bytes, 10,
				    &offender));
	assert(!kfrag_metadata_init(&metadata, &workload));
	for (int i = 0; i < KFRAG_NR_METADATA; i++) {
		assert(metadata.totals[i].extra_bytes <=
		       metadata.totals[i].metadata_bytes);
		assert(metadata.totals[i].nr_in_tail <=
		       metadata.totals[i].nr_caches);
	}
	kfrag_metadata_release(&metadata);
	kfrag_workload_release(&workload);
}

static void check_snapshot(struct kfrag_snapshot *snapshot,
			   const struct kfrag_whatif *whatif)
{
	struct kfrag_whatif_result result;
	struct kfrag_geometry_fit fit;
	enum kfrag_error error;
	uint64_t page_size;

	assert(!kfrag_geometry_fit_init(&fit, snapshot));
	page_size = fit.world.page_size_bytes;
	kfrag_geometry_fit_release(&fit);
	kfrag_workload_trim(snapshot, page_size, forget, NULL);
	snapshot->origin.page_size_bytes = kfrag_known(page_size);
	assert(!kfrag_geometry_fit_init(&fit, snapshot));
	error = kfrag_whatif_init(&result, snapshot, &fit, snapshot->sysslab,
				  whatif);
	assert(!error || error == KFRAG_EOVERFLOW);
	if (!error)
		check_result(snapshot, &result, whatif);
	kfrag_whatif_release(&result);
	check_boundaries(&fit);
	check_metadata(snapshot, page_size);
	kfrag_geometry_fit_release(&fit);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kfrag_recording recording;
	struct kfrag_whatif whatif;

	if (size < HEAD_BYTES)
		return 0;
	whatif = read_changes(data);
	if (kfrag_slabinfo_parse(&recording, (const char *)data + HEAD_BYTES,
				 size - HEAD_BYTES) == KFRAG_OK)
		check_snapshot(&recording.snapshots[0], &whatif);
	kfrag_recording_release(&recording);
	return 0;
}
