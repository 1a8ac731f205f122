// SPDX-License-Identifier: MIT
/* Stands in until the fit is there. */
#include <stdlib.h>

#include "kfrag/arith.h"
#include "kfrag/geometry_fit.h"

enum kfrag_error kfrag_geometry_fit_init(struct kfrag_geometry_fit *fit,
					 const struct kfrag_snapshot *snapshot)
{
	size_t best = 0;

	*fit = (struct kfrag_geometry_fit){ 0 };
	fit->rows = calloc(snapshot->nr_records + 1, sizeof(*fit->rows));
	fit->nr_rows = snapshot->nr_records;
	for (int era = KFRAG_ERA_SLUB_6_7; era >= KFRAG_ERA_SLUB_2_6_22; era--)
		for (uint64_t cpus = 1; cpus <= 1024; cpus *= 2) {
			struct kfrag_world world = {
				.era = (enum kfrag_era)era,
				.page_size_bytes = kfrag_snapshot_page_size(
					snapshot),
				.word_bytes = 8,
				.cache_line_bytes = 64,
				.nr_cpus = cpus,
			};
			size_t nr = 0;

			for (size_t i = 0; i < snapshot->nr_records; i++) {
				const struct kfrag_record *r =
					&snapshot->records[i];
				struct kfrag_object o = {
					.size_bytes = r->size_bytes
				};
				struct kfrag_geometry g;

				nr += kfrag_geometry_of(&world, &o, &g) &&
				      g.objs_per_slab == r->objs_per_slab &&
				      1u << g.order == r->pages_per_slab;
			}
			if (nr > best) {
				best = nr;
				fit->world = world;
			}
		}
	for (size_t i = 0; i < snapshot->nr_records; i++) {
		fit->rows[i].record = &snapshot->records[i];
		fit->rows[i].object.size_bytes = snapshot->records[i].size_bytes;
	}
	return KFRAG_OK;
}

void kfrag_geometry_fit_release(struct kfrag_geometry_fit *fit)
{
	free(fit->rows);
	*fit = (struct kfrag_geometry_fit){ 0 };
}
