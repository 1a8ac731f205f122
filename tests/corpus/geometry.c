// SPDX-License-Identifier: MIT
/*
 * geometry [-m PERMILLE] FILE...: what share of the rows of captures the model
 * of slabs explains, with the world that it takes them to be from. Files that
 * end in .sysslab are texts of /sys/kernel/slab, anything else is slabinfo of
 * which the first sample counts. Fails where the share of all files together
 * is less, or there is no row.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/geometry_fit.h"
#include "kfrag/slabinfo.h"
#include "kfrag/sysslab.h"

#define MAX_TEXT_BYTES (64 * KFRAG_MIB)

struct sums {
	uint64_t nr_rows;
	uint64_t nr_explained;
};

static char *read_file(const char *path, size_t *bytes)
{
	FILE *file = fopen(path, "rb");
	char *text = malloc(MAX_TEXT_BYTES);

	if (file == NULL || text == NULL) {
		perror(path);
		exit(2);
	}
	*bytes = fread(text, 1, MAX_TEXT_BYTES, file);
	fclose(file);
	return text;
}

static void print_world(const struct kfrag_geometry_fit *fit)
{
	const struct kfrag_world *world = &fit->world;

	printf(" %s, %s", kfrag_era_range(world->era)->name,
	       kfrag_era_range(fit->first_era)->name);
	printf(" to %s, %u KiB pages, %u to %u CPUs",
	       kfrag_era_range(fit->last_era)->name,
	       (unsigned)(world->page_size_bytes / KFRAG_KIB),
	       (unsigned)fit->min_cpus, (unsigned)fit->max_cpus);
	if (world->slub_max_order.known)
		printf(", slub_max_order=%u",
		       (unsigned)world->slub_max_order.value);
	if (world->slub_min_order.known)
		printf(", slub_min_order=%u",
		       (unsigned)world->slub_min_order.value);
	if (world->slub_min_objects.known)
		printf(", slub_min_objects=%u",
		       (unsigned)world->slub_min_objects.value);
	if (world->slab_max_order.known)
		printf(", slab_max_order=%u",
		       (unsigned)world->slab_max_order.value);
}

static void print_row(const struct kfrag_geometry_row *row)
{
	printf("    %s: %u of %u bytes in %u pages, not %u in %u: %s\n",
	       row->record->name, (unsigned)row->record->objs_per_slab,
	       (unsigned)row->record->size_bytes,
	       (unsigned)row->record->pages_per_slab,
	       (unsigned)row->predicted.objs_per_slab,
	       1u << row->predicted.order, kfrag_row_fit_text(row->fit));
}

static void report(const char *path, const struct kfrag_snapshot *snapshot,
		   struct sums *sums)
{
	struct kfrag_geometry_fit fit;
	size_t nr_explained = 0, nr_rows;

	if (kfrag_geometry_fit_init(&fit, snapshot) != KFRAG_OK)
		exit(2);
	nr_rows = fit.nr_rows - fit.nr_of[KFRAG_ROW_UNKNOWN];
	for (size_t i = 0; i < fit.nr_rows; i++)
		nr_explained += kfrag_row_is_explained(fit.rows[i].fit);
	printf("%s: %zu of %zu rows, %zu by traits;", path, nr_explained,
	       nr_rows, nr_explained - fit.nr_of[KFRAG_ROW_FITS]);
	print_world(&fit);
	putchar('\n');
	for (size_t i = 0; i < fit.nr_rows; i++)
		if (!kfrag_row_is_explained(fit.rows[i].fit) &&
		    fit.rows[i].fit != KFRAG_ROW_UNKNOWN)
			print_row(&fit.rows[i]);
	sums->nr_rows += nr_rows;
	sums->nr_explained += nr_explained;
	kfrag_geometry_fit_release(&fit);
}

static void report_slabinfo(const char *path, const char *text, size_t bytes,
			    struct sums *sums)
{
	struct kfrag_recording recording;

	if (kfrag_slabinfo_parse(&recording, text, bytes) == KFRAG_OK)
		report(path, &recording.snapshots[0], sums);
	else
		printf("%s: no slabinfo\n", path);
	kfrag_recording_release(&recording);
}

/* Whether the payload of an entry gives its size. */
static bool is_size(const struct kfrag_sysslab_entry *entry)
{
	struct kfrag_world world = { .era = KFRAG_ERA_SLUB_2_6_30,
				     .word_bytes = 8 };
	struct kfrag_layout layout = {
		.object_size_bytes = entry->object_size_bytes,
		.align_bytes = entry->align_bytes,
		.track_bytes = 32,
	};

	layout.has_pointer_behind = entry->ctor.value != 0 ||
				    entry->destroy_by_rcu.value != 0;
	layout.is_kmalloc = strstr(entry->name, "kmalloc-") != NULL;
	layout.debug = (entry->red_zone.value ? KFRAG_DEBUG_RED_ZONE : 0u) |
		       (entry->poison.value ? KFRAG_DEBUG_POISON : 0u) |
		       (entry->store_user.value ? KFRAG_DEBUG_STORE_USER : 0u);
	if (kfrag_layout_size(&world, &layout) == entry->size_bytes)
		return true;
	/*
	 * Old texts do not say it; and since 6.12 caches of RCU can name a
	 * place inside the object (freeptr_offset).
	 */
	layout.has_pointer_behind = !layout.has_pointer_behind;
	if (entry->ctor.value != 0 ||
	    (entry->destroy_by_rcu.known && !entry->destroy_by_rcu.value))
		return false;
	return kfrag_layout_size(&world, &layout) == entry->size_bytes;
}

static void report_sysslab(const char *path, const char *text, size_t bytes,
			   struct sums *sums)
{
	struct kfrag_snapshot snapshot = { 0 };
	struct kfrag_sysslab sysslab;

	if (kfrag_sysslab_parse(&sysslab, text, bytes) != KFRAG_OK) {
		printf("%s: no sysslab\n", path);
		return;
	}
	snapshot.records =
		calloc(sysslab.nr_entries, sizeof(*snapshot.records));
	if (snapshot.records == NULL)
		exit(2);
	for (size_t i = 0; i < sysslab.nr_entries; i++) {
		const struct kfrag_sysslab_entry *entry = &sysslab.entries[i];

		snapshot.records[snapshot.nr_records++] = (struct kfrag_record){
			.name = entry->name,
			.name_bytes = entry->name_bytes,
			.size_bytes = entry->size_bytes,
			.objs_per_slab = entry->objs_per_slab,
			.pages_per_slab = UINT64_C(1) << entry->order,
			.has_tunables = true,
		};
		sums->nr_rows++;
		sums->nr_explained += is_size(entry);
		if (!is_size(entry))
			printf("    %s: object_size %u does not become %u\n",
			       entry->name, (unsigned)entry->object_size_bytes,
			       (unsigned)entry->size_bytes);
	}
	report(path, &snapshot, sums);
	free(snapshot.records);
	kfrag_sysslab_release(&sysslab);
}

static void report_file(const char *path, struct sums *sums)
{
	static const char suffix[] = ".sysslab";
	size_t path_bytes = strlen(path), bytes;
	char *text = read_file(path, &bytes);

	if (path_bytes >= sizeof(suffix) &&
	    strcmp(path + path_bytes - (sizeof(suffix) - 1), suffix) == 0)
		report_sysslab(path, text, bytes, sums);
	else
		report_slabinfo(path, text, bytes, sums);
	free(text);
}

int main(int argc, char **argv)
{
	struct sums sums = { 0 };
	unsigned long min_permille = 1000;
	int first = 1;

	if (argc > 2 && strcmp(argv[1], "-m") == 0) {
		min_permille = strtoul(argv[2], NULL, 10);
		first = 3;
	}
	for (int i = first; i < argc; i++)
		report_file(argv[i], &sums);
	printf("%llu of %llu rows explained\n",
	       (unsigned long long)sums.nr_explained,
	       (unsigned long long)sums.nr_rows);
	return sums.nr_explained * 1000 < sums.nr_rows * min_permille ||
	       sums.nr_rows == 0;
}
