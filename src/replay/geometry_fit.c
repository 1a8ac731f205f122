// SPDX-License-Identifier: MIT
#include "kfrag/geometry_fit.h"

#include <stdlib.h>

#include "replay/fit_worlds.h"

static const struct {
	const char *text;
	const char *help;
} fits[KFRAG_NR_ROW_FITS] = {
	[KFRAG_ROW_FITS] = { "fits", "as every cache of its size" },
	[KFRAG_ROW_FITS_TRAIT] = { "trait",
				   "reclaimable, constructed or made early" },
	[KFRAG_ROW_FITS_UNALIGNED] = { "unaligned",
				       "smaller before it was aligned" },
	[KFRAG_ROW_CONTRADICTS] = { "contradicts",
				    "more objects than its pages hold" },
	[KFRAG_ROW_UNKNOWN] = { "unknown",
				"the file does not say its objects per slab" },
	[KFRAG_ROW_OTHER_ORDER] = { "other-order",
				    "its order was set by hand or by "
				    "debugging" },
	[KFRAG_ROW_STRANGE] = { "strange", "nothing explains it" },
};

const char *kfrag_row_fit_text(enum kfrag_row_fit fit)
{
	return fits[fit].text;
}

const char *kfrag_row_fit_help(enum kfrag_row_fit fit)
{
	return fits[fit].help;
}

/*
 * SLUB prints zeros where SLAB prints what it is tuned to; a file may be
 * edited by hand, so that the majority counts. Versions before 2.1 are older
 * than SLUB.
 */
static void tell_allocator(const struct kfrag_snapshot *snapshot,
			   struct kfrag_fit_bounds *bounds)
{
	size_t nr_zero = 0, nr_tuned = 0;

	for (size_t i = 0; i < snapshot->nr_records; i++) {
		const struct kfrag_record *record = &snapshot->records[i];

		if (!record->has_tunables)
			continue;
		if (record->limit == 0 && record->batchcount == 0 &&
		    record->sharedfactor == 0)
			nr_zero++;
		else
			nr_tuned++;
	}
	bounds->may_be_slub = nr_zero >= nr_tuned;
	bounds->may_be_slab = nr_zero <= nr_tuned;
	if (snapshot->version >= KFRAG_SLABINFO_1_0 &&
	    snapshot->version <= KFRAG_SLABINFO_2_0) {
		bounds->may_be_slub = false;
		bounds->may_be_slab = true;
	}
}

static void explain_rows(struct kfrag_geometry_fit *fit,
			 const struct kfrag_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->nr_records; i++) {
		const struct kfrag_record *record = &snapshot->records[i];
		struct kfrag_geometry_row *row = &fit->rows[i];
		const struct kfrag_fit_row shape = {
			.size_bytes = record->size_bytes,
			.objs_per_slab = record->objs_per_slab,
			.pages_per_slab = record->pages_per_slab,
		};

		row->record = record;
		row->fit = kfrag_fit_explain(&fit->world, &shape, &row->object,
					     &row->predicted);
		fit->nr_of[row->fit]++;
	}
	fit->nr_rows = snapshot->nr_records;
}

static void choose(struct kfrag_geometry_fit *fit,
		   const struct kfrag_fit_rows *rows,
		   const struct kfrag_snapshot *snapshot)
{
	struct kfrag_fit_bounds bounds = {
		.page_size_bytes = snapshot->origin.page_size_bytes,
		.release = snapshot->origin.kernel,
	};
	struct kfrag_fit_choice choice;

	if (bounds.release == NULL && snapshot->version >= KFRAG_SLABINFO_1_0 &&
	    snapshot->version <= KFRAG_SLABINFO_1_2)
		bounds.release = "2.4"; /* none later prints that */
	tell_allocator(snapshot, &bounds);
	choice = kfrag_fit_choose(rows, &bounds);
	fit->world = choice.world;
	fit->min_cpus = choice.min_cpus;
	fit->max_cpus = choice.max_cpus;
	fit->first_era = choice.first_era;
	fit->last_era = choice.last_era;
	fit->is_allocator_told = bounds.may_be_slub != bounds.may_be_slab;
}

enum kfrag_error kfrag_geometry_fit_init(struct kfrag_geometry_fit *fit,
					 const struct kfrag_snapshot *snapshot)
{
	struct kfrag_fit_rows rows;
	enum kfrag_error error;

	*fit = (struct kfrag_geometry_fit){ 0 };
	error = kfrag_fit_rows_init(&rows, snapshot);
	if (error != KFRAG_OK)
		return error;
	fit->rows = calloc(snapshot->nr_records + 1, sizeof(*fit->rows));
	if (fit->rows == NULL) {
		kfrag_fit_rows_release(&rows);
		return KFRAG_ENOMEM;
	}
	choose(fit, &rows, snapshot);
	explain_rows(fit, snapshot);
	kfrag_fit_rows_release(&rows);
	return KFRAG_OK;
}

void kfrag_geometry_fit_release(struct kfrag_geometry_fit *fit)
{
	free(fit->rows);
	*fit = (struct kfrag_geometry_fit){ 0 };
}
