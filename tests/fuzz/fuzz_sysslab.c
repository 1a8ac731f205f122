// SPDX-License-Identifier: MIT
/*
 * Reads any bytes as what /sys/kernel/slab says and asserts what its entries
 * imply; then writes these as such a text, which must read back the same.
 */
#undef NDEBUG
#include <assert.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kfrag/pages.h"
#include "kfrag/sysslab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An exact-size copy, gone before the sysslab is looked at. */
static enum kfrag_error parse(struct kfrag_sysslab *sysslab, const void *data,
			      size_t size)
{
	char *text = malloc(size + (size == 0));
	enum kfrag_error error;

	assert(text);
	if (size > 0)
		memcpy(text, data, size);
	error = kfrag_sysslab_parse(sysslab, text, size);
	free(text);
	assert(error == KFRAG_OK || error == KFRAG_EFORMAT);
	assert((error == KFRAG_OK) == (sysslab->nr_entries > 0));
	assert((error == KFRAG_OK) == (sysslab->entries != NULL));
	return error;
}

static void check_switch(struct kfrag_opt opt)
{
	assert(opt.known ? opt.value <= 1 : opt.value == 0);
}

static void check_entry(const struct kfrag_sysslab *sysslab,
			const struct kfrag_sysslab_entry *entry)
{
	assert(entry->name_bytes > 0);
	assert(entry->name[entry->name_bytes] == '\0');
	assert(!entry->id || entry->id[entry->id_bytes] == '\0');
	assert(entry->object_size_bytes >= 1);
	assert(entry->size_bytes >= entry->object_size_bytes);
	assert(entry->objs_per_slab >= 1);
	assert(entry->order <= KFRAG_MAX_ORDER);
	check_switch(entry->reclaim_account);
	check_switch(entry->ctor);
	check_switch(entry->sanity_checks);
	assert(entry->cpu_slabs.known || entry->cpu_slabs.value == 0);
	assert(kfrag_sysslab_find(sysslab, entry->name, entry->name_bytes) ==
	       entry);
	if (!entry->nr_aliases.known)
		assert(kfrag_sysslab_nr_aliases(sysslab, entry) <
		       sysslab->nr_entries);
}

static void write_name(FILE *out, const char *name, size_t bytes)
{
	char *text = malloc(KFRAG_SYSSLAB_ESCAPED_SIZE(bytes));

	assert(text);
	assert(kfrag_sysslab_escape(text, name, bytes) == strlen(text));
	fputs(text, out);
	free(text);
}

static void write_entry(FILE *out, const struct kfrag_sysslab_entry *entry)
{
	write_name(out, entry->name, entry->name_bytes);
	fprintf(out, " %" PRIu64 " %" PRIu64 " %" PRIu64 " %u %" PRIu64,
		entry->object_size_bytes, entry->size_bytes,
		entry->objs_per_slab, entry->order, entry->align_bytes);
	if (entry->id_bytes > 0) {
		fputs(" id=", out);
		write_name(out, entry->id, entry->id_bytes);
	}
	if (entry->ctor.known)
		fprintf(out, " ctor=%" PRIu64, entry->ctor.value);
	if (entry->cpu_partial_slabs.known)
		fprintf(out, " slabs_cpu_partial=0(%" PRIu64 ")",
			entry->cpu_partial_slabs.value);
	fputc('\n', out);
}

static void check_again(const struct kfrag_sysslab *sysslab)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&text, &bytes);
	struct kfrag_sysslab again;

	assert(out);
	for (size_t i = 0; i < sysslab->nr_entries; i++)
		write_entry(out, &sysslab->entries[i]);
	assert(fclose(out) == 0);
	assert(parse(&again, text, bytes) == KFRAG_OK);
	assert(again.nr_entries == sysslab->nr_entries);
	assert(again.nr_bad_lines == 0);
	for (size_t i = 0; i < again.nr_entries; i++) {
		const struct kfrag_sysslab_entry *a = &sysslab->entries[i];
		const struct kfrag_sysslab_entry *b = &again.entries[i];

		assert(a->name_bytes == b->name_bytes);
		assert(memcmp(a->name, b->name, a->name_bytes) == 0);
		assert((a->id == NULL) == (b->id == NULL));
		assert(a->id_bytes == b->id_bytes);
		assert(a->align_bytes == b->align_bytes);
		assert(a->ctor.value == b->ctor.value);
		assert(a->cpu_partial_slabs.value ==
		       b->cpu_partial_slabs.value);
	}
	kfrag_sysslab_release(&again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kfrag_sysslab sysslab;

	if (parse(&sysslab, data, size) != KFRAG_OK)
		return 0;
	for (size_t i = 0; i < sysslab.nr_entries; i++)
		check_entry(&sysslab, &sysslab.entries[i]);
	check_again(&sysslab);
	kfrag_sysslab_forget_moment(&sysslab);
	for (size_t i = 0; i < sysslab.nr_entries; i++)
		assert(!sysslab.entries[i].cpu_slabs.known &&
		       !sysslab.entries[i].objs.known);
	kfrag_sysslab_release(&sysslab);
	assert(!sysslab.entries && !sysslab.storage);
	return 0;
}
