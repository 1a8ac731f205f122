// SPDX-License-Identifier: MIT
#include "measure.h"

#include <string.h>

#include "host.h"

struct job {
	const struct allocator *allocator;
	const struct stream *stream;
	struct measured *measured;
};

uint64_t *measure_new_handles(const struct stream *stream)
{
	uint64_t *handles = host_map(stream->nr_places, sizeof(*handles));

	memset(handles, 0xff, (size_t)stream->nr_places * sizeof(*handles));
	return handles;
}

uint64_t measure_phase(const struct allocator *allocator, void *state,
		       const struct stream *stream, size_t phase,
		       uint64_t *handles)
{
	uint64_t from = phase ? stream->ends[phase - 1] : 0;
	uint64_t nr_failures = 0;

	for (uint64_t i = from; i < stream->ends[phase]; i++) {
		uint32_t place = stream->places[i];
		uint64_t handle = handles[place];

		if (handle == NO_HANDLE) {
			handle = allocator->alloc(state, stream->units[place]);
			handles[place] = handle;
			nr_failures += handle == NO_HANDLE;
		} else {
			allocator->free(state, stream->units[place], handle);
			handles[place] = NO_HANDLE;
		}
	}
	return nr_failures;
}

/* In the child: what it finds goes to memory that its parent shares. */
static void run_job(void *context)
{
	struct job *job = context;
	const struct stream *stream = job->stream;
	uint64_t *handles = measure_new_handles(stream);
	void *state = job->allocator->open(stream->nr_pages);
	uint64_t from = 0;

	if (!state)
		return;
	job->measured->is_available = true;
	for (size_t p = 0; p < stream->nr_phases; p++) {
		double start = host_now_ns();

		job->measured->nr_failures += measure_phase(
			job->allocator, state, stream, p, handles);
		job->measured->ns[p] = (host_now_ns() - start) /
				       (double)(stream->ends[p] - from);
		from = stream->ends[p];
		if (p == 0 && job->allocator->bookkeeping_bytes)
			job->measured->bookkeeping_bytes =
				job->allocator->bookkeeping_bytes(state);
	}
}

struct measured measure_run(const struct allocator *allocator,
			    const struct stream *stream)
{
	struct job job = { allocator, stream,
			   host_map_shared(1, sizeof(struct measured)) };
	uint64_t peak_kib = host_run_child(run_job, &job);
	struct measured measured = *job.measured;

	measured.peak_kib = peak_kib;
	host_unmap(job.measured, 1, sizeof(*job.measured));
	return measured;
}
