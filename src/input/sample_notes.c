// SPDX-License-Identifier: MIT
#include "input/sample_notes.h"

#include <stdlib.h>
#include <string.h>

#include "input/recording.h"
#include "input/sample_marks.h"

static void complete(struct kfrag_opt *value, struct kfrag_opt said)
{
	if (!value->known)
		*value = said;
}

static void add_meminfo(struct kfrag_slab_meminfo *meminfo, const char *text,
			size_t bytes)
{
	struct kfrag_slab_meminfo said = kfrag_meminfo_slab(text, bytes);

	complete(&meminfo->memtotal_bytes, said.memtotal_bytes);
	complete(&meminfo->slab_bytes, said.slab_bytes);
	complete(&meminfo->reclaimable_bytes, said.reclaimable_bytes);
	complete(&meminfo->unreclaimable_bytes, said.unreclaimable_bytes);
	complete(&meminfo->kreclaimable_bytes, said.kreclaimable_bytes);
}

void kfrag_sample_notes_add(struct kfrag_sample_notes *notes,
			    const struct kfrag_slabinfo_line *line)
{
	const char *end = line->note + line->note_bytes;

	if (line->kind == KFRAG_LINE_MEMINFO) {
		add_meminfo(&notes->meminfo, line->note, line->note_bytes);
		return;
	}
	if (!notes->sysslab)
		notes->sysslab = line->note - strlen(KFRAG_SAMPLE_SYSSLAB);
	notes->sysslab_bytes = (size_t)(end - notes->sysslab);
}

/* What stands behind the marks, a newline behind each line of it. */
static size_t copy_sysslab(char *out, const struct kfrag_sample_notes *notes)
{
	const size_t mark_bytes = strlen(KFRAG_SAMPLE_SYSSLAB);
	struct kfrag_text_line rest = { .text = notes->sysslab,
					.bytes = notes->sysslab_bytes };
	struct kfrag_text_line line;
	size_t nr_bytes = 0;

	while (kfrag_text_line_take(&rest, &line)) {
		size_t bytes = line.bytes - mark_bytes;

		if (line.bytes < mark_bytes ||
		    memcmp(line.text, KFRAG_SAMPLE_SYSSLAB, mark_bytes) != 0)
			continue;
		memcpy(out + nr_bytes, line.text + mark_bytes, bytes);
		nr_bytes += bytes;
		out[nr_bytes++] = '\n';
	}
	return nr_bytes;
}

static enum kfrag_error parse(struct kfrag_sysslab *sysslab,
			      const struct kfrag_sample_notes *notes)
{
	/* The last line has a mark, which makes room for its newline. */
	char *text = malloc(notes->sysslab_bytes);
	enum kfrag_error error;

	*sysslab = (struct kfrag_sysslab){ 0 };
	if (!text)
		return KFRAG_ENOMEM;
	error = kfrag_sysslab_parse(sysslab, text, copy_sysslab(text, notes));
	free(text);
	return error;
}

static bool add_sysslab(struct kfrag_recording *recording,
			struct kfrag_sysslab *sysslab)
{
	size_t nr_bytes =
		(recording->nr_sysslabs + 1) * sizeof(*recording->sysslabs);
	struct kfrag_sysslab **grown = realloc(recording->sysslabs, nr_bytes);

	if (!grown)
		return false;
	grown[recording->nr_sysslabs++] = sysslab;
	recording->sysslabs = grown;
	return true;
}

/* NULL in *sysslab where the notes say nothing; false: memory is short. */
static bool keep_sysslab(const struct kfrag_sample_notes *notes,
			 struct kfrag_recording *recording,
			 const struct kfrag_sysslab **sysslab)
{
	struct kfrag_sysslab *own = calloc(1, sizeof(*own));
	enum kfrag_error error;

	*sysslab = NULL;
	if (!own)
		return false;
	error = parse(own, notes);
	if (!error && add_sysslab(recording, own)) {
		*sysslab = own;
		return true;
	}
	kfrag_sysslab_release(own);
	free(own);
	return error == KFRAG_EFORMAT;
}

static bool is_same(const char *a, size_t a_bytes, const char *b,
		    size_t b_bytes)
{
	return a_bytes == b_bytes && (!a || memcmp(a, b, a_bytes) == 0);
}

static bool is_same_machine(const struct kfrag_origin *a,
			    const struct kfrag_origin *b)
{
	return is_same(a->host, a->host_bytes, b->host, b->host_bytes) &&
	       is_same(a->kernel, a->kernel_bytes, b->kernel, b->kernel_bytes);
}

bool kfrag_sample_notes_settle(const struct kfrag_sample_notes *notes,
			       struct kfrag_recording *recording)
{
	size_t last = recording->nr_snapshots - 1;
	struct kfrag_snapshot *snapshot = &recording->snapshots[last];

	snapshot->meminfo = notes->meminfo;
	if (notes->sysslab)
		return keep_sysslab(notes, recording, &snapshot->sysslab);
	if (last > 0 &&
	    is_same_machine(&snapshot->origin, &snapshot[-1].origin))
		snapshot->sysslab = snapshot[-1].sysslab;
	return true;
}
