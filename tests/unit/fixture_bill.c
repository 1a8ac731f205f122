// SPDX-License-Identifier: MIT
#include "fixture_bill.h"

#include "expect.h"

void fixture_bill_init(struct fixture_bill *fixture, enum kfrag_era era,
		       uint64_t page_size_bytes)
{
	bool is_slub = kfrag_era_range(era)->is_slub;

	fixture_snapshot_init(&fixture->of);
	fixture->fit = (struct kfrag_geometry_fit){
		.world = {
			.era = era,
			.page_size_bytes = page_size_bytes,
			.word_bytes = 8,
			.cache_line_bytes = 64,
			.nr_cpus = 2,
		},
		.min_cpus = is_slub ? 2 : 1,
		.max_cpus = is_slub ? 3 : 0,
		.first_era = era,
		.last_era = era,
		.rows = fixture->rows,
	};
}

void fixture_bill_make(struct fixture_bill *fixture,
		       const struct kfrag_sysslab *sysslab,
		       const struct kfrag_slab_meminfo *meminfo)
{
	const struct kfrag_snapshot *snapshot = &fixture->of.snapshot;
	const struct kfrag_slab_meminfo nothing = { .slab_bytes = { 0 } };

	for (size_t i = 0; i < snapshot->nr_records; i++)
		fixture->rows[i] = (struct kfrag_geometry_row){
			.record = &snapshot->records[i],
			.object = { .size_bytes =
					    snapshot->records[i].size_bytes },
		};
	fixture->fit.nr_rows = snapshot->nr_records;
	EXPECT(!kfrag_bill_init(&fixture->bill, snapshot, &fixture->fit,
				sysslab, meminfo ? meminfo : &nothing));
}

void fixture_bill_release(struct fixture_bill *fixture)
{
	kfrag_bill_release(&fixture->bill);
	EXPECT(!fixture->bill.rows);
}
