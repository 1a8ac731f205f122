// SPDX-License-Identifier: MIT
/*
 * For instructions.sh, which counts the instructions of this program.
 *
 * bench_instructions: lists what there is, a line a phase, its operations at
 * the end; phase 0 is all that comes before the first one:
 *	w1 kfrag 0 start 0
 *	w1 kfrag 1 alloc 65536
 * bench_instructions WORKLOAD ALLOCATOR NR: gets everything ready, goes
 * through the first NR phases, and ends at once. So the difference between NR
 * and NR - 1 is phase NR and nothing else.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure.h"

/* Small, for they run in slow motion; the memory of w2 is its 4 GiB. */
static const struct workload workloads[] = {
	{ "w1", false, stream_make_w1, 1 << 17, 0 },
	{ "w2", false, stream_make_w2, 1 << 20, 200000 },
	{ "w2m", false, stream_make_w2m, 1 << 20, 200000 },
	{ "w3", true, stream_make_w3, 200000, 0 },
	{ "w4", true, stream_make_w4, 100000, 200000 },
	{ "w4m", true, stream_make_w4m, 100000, 200000 },
};

#define NR_WORKLOADS (sizeof(workloads) / sizeof(workloads[0]))

static const struct allocator *allocators_of(const struct workload *workload,
					     size_t *nr)
{
	*nr = workload->is_objects ? nr_object_allocators : nr_page_allocators;
	return workload->is_objects ? object_allocators : page_allocators;
}

/* Other libraries change without this one. */
static bool is_counted(const struct allocator *allocator)
{
	return strcmp(allocator->name, "null") == 0 ||
	       strncmp(allocator->name, "kfrag", strlen("kfrag")) == 0;
}

static void list_phases(const struct workload *workload, const char *allocator)
{
	struct stream stream;
	uint64_t from = 0;

	workload->make(&stream, workload->size, workload->nr_ops);
	printf("%s %s 0 start 0\n", workload->title, allocator);
	for (size_t p = 0; p < stream.nr_phases; p++) {
		printf("%s %s %zu %s %" PRIu64 "\n", workload->title, allocator,
		       p + 1, stream.phases[p], stream.ends[p] - from);
		from = stream.ends[p];
	}
	stream_destroy(&stream);
}

static void list(void)
{
	for (size_t w = 0; w < NR_WORKLOADS; w++) {
		const struct allocator *allocators;
		size_t nr;

		allocators = allocators_of(&workloads[w], &nr);
		for (size_t a = 0; a < nr; a++)
			if (is_counted(&allocators[a]))
				list_phases(&workloads[w], allocators[a].name);
	}
}

static void run(const struct workload *workload,
		const struct allocator *allocator, size_t nr_phases)
{
	struct stream stream;
	uint64_t *handles, nr_failures = 0;
	void *state;

	workload->make(&stream, workload->size, workload->nr_ops);
	handles = measure_new_handles(&stream);
	state = allocator->open(stream.nr_pages);
	if (!state || nr_phases > stream.nr_phases)
		exit(1);
	for (size_t p = 0; p < nr_phases; p++)
		nr_failures +=
			measure_phase(allocator, state, &stream, p, handles);
	/* At once, so that nothing is counted that depends on the phase. */
	_exit(nr_failures != 0);
}

int main(int argc, char **argv)
{
	if (argc == 1) {
		list();
		return 0;
	}
	for (size_t w = 0; argc == 4 && w < NR_WORKLOADS; w++) {
		const struct allocator *allocators;
		size_t nr;

		allocators = allocators_of(&workloads[w], &nr);
		for (size_t a = 0; a < nr; a++)
			if (strcmp(argv[1], workloads[w].title) == 0 &&
			    strcmp(argv[2], allocators[a].name) == 0)
				run(&workloads[w], &allocators[a],
				    strtoul(argv[3], NULL, 10));
	}
	fputs("usage: bench_instructions [WORKLOAD ALLOCATOR NR]\n", stderr);
	return 2;
}
