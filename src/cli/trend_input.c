// SPDX-License-Identifier: MIT
#include "cli/trend_input.h"

#include <inttypes.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/input_use.h"
#include "kfrag/units.h"
#include "output/figures.h"

#define MS_PER_SECOND 1000

/* What is read from, and where it goes. */
struct reader {
	const struct trend_options *options;
	struct trend_input *input;
	struct kfrag_history_builder *builder;
	struct cli_phases *phases;
};

struct page_sizes {
	uint64_t given_bytes; /* by an option, or this machine's; 0: neither */
	uint64_t file_bytes; /* of samples that do not state theirs */
};

static bool say(enum kfrag_error error)
{
	if (error)
		cli_message("%s", kfrag_error_text(error));
	return error == KFRAG_OK;
}

/* A sample that states no page size has that of the others of its file. */
static uint64_t file_page_size(const struct kfrag_recording *recording)
{
	uint64_t largest = 0;

	for (size_t i = 0; i < recording->nr_snapshots; i++) {
		uint64_t bytes =
			kfrag_snapshot_page_size(&recording->snapshots[i]);

		if (bytes > largest)
			largest = bytes;
	}
	return largest;
}

static uint64_t sample_page_size(const struct kfrag_snapshot *snapshot,
				 const struct page_sizes *sizes)
{
	struct kfrag_opt stated = snapshot->origin.page_size_bytes;

	if (sizes->given_bytes)
		return sizes->given_bytes;
	return stated.known ? stated.value : sizes->file_bytes;
}

/* Rows that no machine with these pages has: the first one, and how many. */
static void report_misfits(const struct cli_input *file,
			   const struct page_sizes *sizes)
{
	const struct kfrag_recording *recording = &file->recording;
	uint64_t nr_misfits = 0, line = 0, page_size_bytes = 0;
	char size[KFRAG_UNITS_SIZE], rows[KFRAG_UNITS_SIZE];

	for (size_t i = 0; i < recording->nr_snapshots; i++) {
		const struct kfrag_snapshot *snapshot =
			&recording->snapshots[i];
		uint64_t bytes = sample_page_size(snapshot, sizes);

		for (size_t k = 0; k < snapshot->nr_records; k++) {
			if (kfrag_record_fits(&snapshot->records[k], bytes))
				continue;
			if (nr_misfits++ > 0)
				continue;
			line = snapshot->records[k].line;
			page_size_bytes = bytes;
		}
	}
	if (nr_misfits > 0)
		cli_message("%s:%" PRIu64 ":1: pages of %s contradict this "
			    "row, the first of %s",
			    file->path, line,
			    kfrag_figure_round_bytes(page_size_bytes, size),
			    kfrag_figure_noun(nr_misfits, "such row", rows));
}

static bool add_origin(struct trend_input *input,
		       const struct kfrag_origin *origin)
{
	return (!origin->host || cli_texts_add(&input->hosts, origin->host)) &&
	       (!origin->kernel ||
		cli_texts_add(&input->kernels, origin->kernel));
}

static bool add_sample(const struct reader *reader, struct cli_input *file,
		       size_t source, size_t sample, uint64_t page_size_bytes)
{
	struct kfrag_snapshot *snapshot =
		&file->recording.snapshots[sample - 1];

	cli_input_trim(file, snapshot, page_size_bytes);
	if (!add_origin(reader->input, &snapshot->origin))
		return say(KFRAG_ENOMEM);
	return say(kfrag_history_builder_add(reader->builder, snapshot,
					     page_size_bytes, source, sample));
}

static void describe(const struct cli_input *file, uint64_t page_size_bytes)
{
	size_t nr_samples = file->recording.nr_snapshots;
	char samples[KFRAG_UNITS_SIZE], size[KFRAG_UNITS_SIZE];

	cli_message("%s: %s, pages of %s", file->path,
		    kfrag_figure_noun(nr_samples, "sample", samples),
		    kfrag_figure_round_bytes(page_size_bytes, size));
}

static bool add_samples(const struct reader *reader, struct cli_input *file,
			size_t source)
{
	const struct shared_options *shared = &reader->options->shared;
	const struct kfrag_recording *recording = &file->recording;
	struct page_sizes sizes = {
		.given_bytes = cli_input_page_size(shared, file),
		.file_bytes = file_page_size(recording),
	};
	bool ok = true;

	report_misfits(file, &sizes);
	if (shared->verbose)
		describe(file, sizes.given_bytes ? sizes.given_bytes :
						   sizes.file_bytes);
	for (size_t i = 0; ok && i < recording->nr_snapshots; i++)
		ok = add_sample(reader, file, source, i + 1,
				sample_page_size(&recording->snapshots[i],
						 &sizes));
	return ok;
}

static bool read_file(const struct reader *reader, size_t source)
{
	const struct trend_options *options = reader->options;
	struct cli_input file;
	bool ok;

	if (!cli_input_read(&file, options->paths[source], reader->phases))
		return false;
	ok = cli_input_accepts(&options->shared, &file) &&
	     add_samples(reader, &file, source);
	cli_input_release(&file);
	cli_phases_end(reader->phases, "adding samples");
	return ok;
}

static bool has_untimed(const struct kfrag_history *history)
{
	for (size_t i = 0; i < history->nr_moments; i++)
		if (!history->moments[i].has_time)
			return true;
	return false;
}

static bool finish(const struct reader *reader)
{
	uint64_t interval_seconds = reader->options->interval_seconds;
	struct kfrag_history *history = &reader->input->history;
	bool ok = say(kfrag_history_builder_finish(
		reader->builder, history, interval_seconds * MS_PER_SECOND));

	cli_phases_end(reader->phases, "sorting samples");
	if (ok && has_untimed(history))
		reader->input->interval_seconds = interval_seconds;
	else if (ok && interval_seconds)
		cli_message("--interval is not used: every sample has a time");
	return ok;
}

bool trend_input_read(struct trend_input *input,
		      const struct trend_options *options,
		      struct cli_phases *phases)
{
	struct reader reader = {
		.options = options,
		.input = input,
		.phases = phases,
	};
	bool ok;

	*input = (struct trend_input){ .hosts = { 0 } };
	if (!say(kfrag_history_builder_create(&reader.builder)))
		return false;
	ok = true;
	/* All are complained about before one of them ends the run. */
	for (size_t i = 0; i < options->nr_paths; i++)
		ok = read_file(&reader, i) && ok;
	ok = ok && finish(&reader);
	kfrag_history_builder_destroy(reader.builder);
	return ok;
}

void trend_input_release(struct trend_input *input)
{
	kfrag_history_release(&input->history);
	cli_texts_release(&input->hosts);
	cli_texts_release(&input->kernels);
}
