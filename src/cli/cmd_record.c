// SPDX-License-Identifier: MIT
/*
 * kfrag record: samples of /proc/slabinfo, one behind the other.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/record_options.h"
#include "cli/record_output.h"
#include "cli/record_progress.h"
#include "cli/record_source.h"
#include "cli/record_wait.h"
#include "kfrag/arith.h"
#include "kfrag/sample.h"
#include "kfrag/slabinfo.h"
#include "kfrag/version.h"

#define NS_PER_S INT64_C(1000000000)

struct recorder {
	const struct record_options *options;
	struct record_wait wait;
	struct record_source source;
	struct record_output output;
	struct record_progress progress;
	uint64_t nr_taken;
	uint64_t held_bytes; /* by the slabs of the last sample */
	int64_t next_ns; /* when another one is due */
};

static enum record_result refuse(const struct recorder *recorder,
				 const char *why)
{
	cli_message("'%s' is not slabinfo: %s", recorder->options->path, why);
	return RECORD_FAILED;
}

static uint64_t held_bytes_of(const struct kfrag_snapshot *snapshot,
			      const struct kfrag_origin *origin)
{
	uint64_t page_size = origin->page_size_bytes.known ?
				     origin->page_size_bytes.value :
				     kfrag_snapshot_page_size(snapshot);
	uint64_t sum = 0;

	for (size_t i = 0; i < snapshot->nr_records; i++) {
		const struct kfrag_record *record = &snapshot->records[i];
		uint64_t held;

		if (!kfrag_mul_u64(record->num_slabs, record->pages_per_slab,
				   &held) ||
		    !kfrag_mul_u64(held, page_size, &held) ||
		    !kfrag_add_u64(sum, held, &sum))
			return UINT64_MAX;
	}
	return sum;
}

/* What could not be read back as this one sample is not written. */
static enum record_result check_sample(struct recorder *recorder,
				       const struct kfrag_sample *sample)
{
	struct kfrag_recording recording;
	enum kfrag_error error;
	enum record_result result = RECORD_OK;

	if (sample->slabinfo_bytes == 0)
		return refuse(recorder, "it is empty");
	error = kfrag_slabinfo_parse(&recording, sample->slabinfo,
				     sample->slabinfo_bytes);
	if (error == KFRAG_ENOMEM) {
		cli_message("%s", kfrag_error_text(error));
		result = RECORD_FAILED;
	} else if (error) {
		result = refuse(recorder, "it holds no row of a cache");
	} else if (recording.nr_snapshots > 1) {
		result = refuse(recorder, "it holds more than one sample");
	} else {
		recorder->held_bytes =
			held_bytes_of(&recording.snapshots[0], &sample->origin);
	}
	kfrag_recording_release(&recording);
	return result;
}

static enum record_result put_sample(struct recorder *recorder,
				     const struct kfrag_sample *sample)
{
	enum record_result result = RECORD_FAILED;
	enum kfrag_error error = KFRAG_ENOMEM;
	char *text = NULL;
	size_t bytes = 0;
	FILE *stream = open_memstream(&text, &bytes);

	if (stream) {
		error = kfrag_sample_write(stream, sample);
		if (fclose(stream) != 0 || error == KFRAG_EIO)
			error = KFRAG_ENOMEM;
	}
	if (error == KFRAG_EFORMAT)
		result = refuse(recorder, "it ends within a line, or is a "
					  "recording already");
	else if (error)
		cli_message("%s", kfrag_error_text(error));
	else
		result = record_output_put(&recorder->output, &recorder->wait,
					   text, bytes);
	free(text);
	return result;
}

/* The output is not touched before there is something to write. */
static bool open_output(struct recorder *recorder)
{
	if (recorder->output.fd >= 0)
		return true;
	if (!record_output_open(&recorder->output, recorder->options->output))
		return false;
	record_progress_init(&recorder->progress, recorder->output.fd);
	return true;
}

static enum record_result take_sample(struct recorder *recorder)
{
	struct kfrag_sample sample;
	enum record_result result;

	result =
		record_source_read(&recorder->source, &recorder->wait, &sample);
	if (result == RECORD_OK)
		result = check_sample(recorder, &sample);
	if (result != RECORD_OK)
		return result;
	if (!open_output(recorder))
		return RECORD_FAILED;
	result = put_sample(recorder, &sample);
	recorder->nr_taken += result == RECORD_OK;
	return result;
}

/* Times that have passed meanwhile are left out: no burst makes up for them. */
static void set_next(struct recorder *recorder)
{
	int64_t interval_ns = recorder->options->interval_ns;
	int64_t now_ns = record_now_ns();

	if (interval_ns == 0) {
		recorder->next_ns = now_ns;
		return;
	}
	recorder->next_ns += interval_ns;
	if (recorder->next_ns < now_ns)
		recorder->next_ns +=
			((now_ns - recorder->next_ns) / interval_ns + 1) *
			interval_ns;
}

static void show_progress(struct recorder *recorder, int64_t next_s)
{
	record_progress_show(&recorder->progress, recorder->nr_taken,
			     recorder->options->count, recorder->held_bytes,
			     next_s);
}

/* Returns false where an interrupt came before the next sample is due. */
static bool wait_for_next(struct recorder *recorder)
{
	enum record_event event;
	int64_t until_ns;

	do {
		int64_t left_ns = recorder->next_ns - record_now_ns();
		int64_t left_s = left_ns > 0 ? left_ns / NS_PER_S : 0;

		until_ns = recorder->next_ns;
		if (recorder->progress.is_on) {
			show_progress(recorder, left_s + (left_ns > 0));
			/* Wakes up each time that the figure changes. */
			until_ns -= left_s * NS_PER_S;
		}
		event = record_wait_until(&recorder->wait, until_ns);
	} while (event == RECORD_TIME && record_now_ns() < recorder->next_ns);
	record_progress_clear(&recorder->progress);
	return event != RECORD_INTERRUPT;
}

static enum record_result take_samples(struct recorder *recorder)
{
	enum record_result result = RECORD_OK;

	recorder->next_ns = record_now_ns();
	for (;;) {
		result = take_sample(recorder);
		if (result != RECORD_OK ||
		    recorder->nr_taken == recorder->options->count)
			return result;
		set_next(recorder);
		if (!wait_for_next(recorder))
			return RECORD_STOPPED;
	}
}

static bool record(const struct record_options *options)
{
	struct recorder recorder = { .options = options, .output.fd = -1 };
	enum record_result result = RECORD_FAILED;

	if (options->interval_ns < NS_PER_S && options->count > 1)
		cli_message("less than 1 s between samples: the kernel holds "
			    "locks while slabinfo is read");
	record_wait_init(&recorder.wait);
	if (record_source_init(&recorder.source, options->path))
		result = take_samples(&recorder);
	if (recorder.nr_taken > 0 && result != RECORD_FAILED) {
		show_progress(&recorder, -1);
		record_progress_end(&recorder.progress);
	}
	if (!record_output_close(&recorder.output))
		result = RECORD_FAILED;
	record_source_release(&recorder.source);
	return result != RECORD_FAILED;
}

static enum cli_exit run(int argc, char **argv)
{
	struct record_options options;

	if (!record_options_parse(&options, argc, argv))
		return CLI_TROUBLE;
	if (options.wants_help)
		record_options_help();
	else if (options.wants_version)
		puts("kfrag " KFRAG_VERSION);
	else if (!record(&options))
		return CLI_TROUBLE;
	return CLI_OK;
}

const struct cli_command cli_record = {
	.name = "record",
	.run = run,
};
