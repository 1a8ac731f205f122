// SPDX-License-Identifier: MIT
#include "fixture_snapshot.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "kfrag/arith.h"

void fixture_snapshot_init(struct fixture_snapshot *fixture)
{
	*fixture = (struct fixture_snapshot){
		.snapshot.version = KFRAG_SLABINFO_2_1,
		.snapshot.line = 1,
	};
	fixture->snapshot.records = fixture->records;
}

struct kfrag_record *fixture_snapshot_add(struct fixture_snapshot *fixture,
					  const struct fixture_row *row)
{
	size_t index = fixture->snapshot.nr_records++;
	struct kfrag_record *record = &fixture->records[index];
	uint64_t nr_slabs = 0;

	assert(index < FIXTURE_MAX_RECORDS);
	snprintf(fixture->names[index], sizeof(fixture->names[index]),
		 "cache-%u", (unsigned)index);
	if (row->objs_per_slab > 0)
		nr_slabs = row->num_objs / row->objs_per_slab +
			   (row->num_objs % row->objs_per_slab != 0);
	*record = (struct kfrag_record){
		.name = fixture->names[index],
		.name_bytes = strlen(fixture->names[index]),
		.line = index + 3,
		.active_objs = row->active_objs,
		.num_objs = row->num_objs,
		.size_bytes = row->size_bytes,
		.objs_per_slab = row->objs_per_slab,
		.pages_per_slab = row->pages_per_slab,
		.active_slabs = nr_slabs,
		.num_slabs = nr_slabs,
	};
	return record;
}

void fixture_snapshot_of(struct fixture_snapshot *fixture,
			 const struct fixture_row *row)
{
	fixture_snapshot_init(fixture);
	fixture_snapshot_add(fixture, row);
}

uint64_t fixture_log_random(struct kfrag_random *random, uint64_t max)
{
	unsigned nr_bits = kfrag_log2_floor(max) + 1;
	uint64_t bound = UINT64_C(1) << kfrag_random_below(random, nr_bits);

	if (bound > max / 2)
		return 1 + kfrag_random_below(random, max);
	return 1 + kfrag_random_below(random, 2 * bound);
}

static uint64_t random_active(struct kfrag_random *random, uint64_t num_objs)
{
	switch (kfrag_random_below(random, 8)) {
	case 0:
		return 0;
	case 1:
		return num_objs;
	case 2:
		return num_objs + kfrag_random_below(random, 100);
	default:
		return kfrag_random_below(random, num_objs + 1);
	}
}

static uint64_t random_size(struct kfrag_random *random, uint64_t page)
{
	switch (kfrag_random_below(random, 6)) {
	case 0: /* whole pages and their neighbours: where orders change */
		return page * (1 + kfrag_random_below(random, 9)) - 1 +
		       kfrag_random_below(random, 3);
	case 1:
		return 1 + kfrag_random_below(random, 12 * page);
	default:
		return 8 * (1 + kfrag_random_below(random, page / 8));
	}
}

void fixture_snapshot_random(struct fixture_snapshot *fixture,
			     struct kfrag_random *random, unsigned nr_rows,
			     uint64_t max_objs, uint64_t page_size_bytes)
{
	fixture_snapshot_init(fixture);
	for (unsigned i = 0; i < nr_rows; i++) {
		struct fixture_row row = { 0 };
		uint64_t fitting;

		if (kfrag_random_below(random, 10) != 0)
			row.num_objs = fixture_log_random(random, max_objs);
		row.active_objs = random_active(random, row.num_objs);
		row.size_bytes = random_size(random, page_size_bytes);
		row.pages_per_slab = UINT64_C(1)
				     << kfrag_random_below(random, 4);
		if (kfrag_random_below(random, 8) == 0)
			row.pages_per_slab = 1 + kfrag_random_below(random, 11);
		fitting = row.pages_per_slab * page_size_bytes / row.size_bytes;
		row.objs_per_slab = fitting;
		if (kfrag_random_below(random, 8) == 0)
			row.objs_per_slab =
				kfrag_random_below(random, 2 * fitting + 2);
		fixture_snapshot_add(fixture, &row);
	}
}
