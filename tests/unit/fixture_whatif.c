// SPDX-License-Identifier: MIT
#include "fixture_whatif.h"

#include "expect.h"

void fixture_whatif_init(struct fixture_whatif *fixture)
{
	*fixture = (struct fixture_whatif){ 0 };
	fixture_snapshot_init(&fixture->fixture);
	fixture->fit = (struct kfrag_geometry_fit){
		.world = {
			.era = KFRAG_ERA_SLUB_6_7,
			.page_size_bytes = 4096,
			.word_bytes = 8,
			.cache_line_bytes = 64,
			.nr_cpus = 2,
		},
		.rows = fixture->rows,
	};
}

void fixture_whatif_release(struct fixture_whatif *fixture)
{
	kfrag_whatif_release(&fixture->result);
	kfrag_sysslab_release(&fixture->sysslab);
}

struct kfrag_record *fixture_whatif_add(struct fixture_whatif *fixture,
					uint64_t size_bytes, uint64_t nr_slabs,
					uint64_t active_objs)
{
	const struct kfrag_object object = { .size_bytes = size_bytes };
	struct kfrag_geometry geometry;
	struct kfrag_record *record;

	EXPECT(kfrag_geometry_of(&fixture->fit.world, &object, &geometry));
	record = fixture_snapshot_add(
		&fixture->fixture,
		&(struct fixture_row){
			.active_objs = active_objs,
			.num_objs = nr_slabs * geometry.objs_per_slab,
			.size_bytes = size_bytes,
			.objs_per_slab = geometry.objs_per_slab,
			.pages_per_slab = UINT64_C(1) << geometry.order,
		});
	fixture->rows[fixture->fit.nr_rows++] = (struct kfrag_geometry_row){
		.record = record,
		.object = object,
		.predicted = geometry,
	};
	return record;
}

void fixture_whatif_random(struct fixture_whatif *fixture,
			   struct kfrag_random *random)
{
	struct kfrag_world *world = &fixture->fit.world;
	unsigned nr_slub = KFRAG_NR_ERAS - KFRAG_ERA_SLUB_2_6_22;

	fixture_whatif_init(fixture);
	world->era = (enum kfrag_era)(KFRAG_ERA_SLUB_2_6_22 +
				      kfrag_random_below(random, nr_slub));
	world->page_size_bytes = UINT64_C(4096)
				 << 2 * kfrag_random_below(random, 3);
	world->nr_cpus = fixture_log_random(random, 1024);
	for (int i = 0; i < 20; i++) {
		uint64_t size_bytes = 8 * fixture_log_random(random, 4096);
		uint64_t nr_slabs = fixture_log_random(random, 1000) - 1;
		struct kfrag_record *record =
			fixture_whatif_add(fixture, size_bytes, nr_slabs, 0);

		record->active_objs =
			kfrag_random_below(random, record->num_objs + 1);
	}
}

void fixture_whatif_sysslab(struct fixture_whatif *fixture, const char *text)
{
	kfrag_sysslab_release(&fixture->sysslab);
	ck_assert_int_eq(kfrag_sysslab_parse(&fixture->sysslab, text,
					     strlen(text)),
			 KFRAG_OK);
}

void fixture_whatif_run(struct fixture_whatif *fixture)
{
	const struct kfrag_sysslab *sysslab =
		fixture->sysslab.nr_entries > 0 ? &fixture->sysslab : NULL;

	kfrag_whatif_release(&fixture->result);
	EXPECT(kfrag_whatif_init(&fixture->result, &fixture->fixture.snapshot,
				 &fixture->fit, sysslab,
				 &fixture->whatif) == KFRAG_OK);
}

const struct kfrag_record *
fixture_whatif_after(const struct fixture_whatif *fixture, size_t index)
{
	EXPECT(index < fixture->result.snapshot.nr_records);
	return &fixture->result.snapshot.records[index];
}

size_t fixture_whatif_nr_notes(const struct fixture_whatif *fixture,
			       enum kfrag_whatif_code code)
{
	size_t nr = 0;

	for (size_t i = 0; i < fixture->result.nr_notes; i++)
		nr += fixture->result.notes[i].code == code;
	return nr;
}
