// SPDX-License-Identifier: MIT
/*
 * The allocators alone, beside a null allocator (the floor: what the driver
 * itself costs) and beside the mallocs that are installed. Every allocator is
 * a table of the same functions, every workload a stream of operations made
 * before the clock starts, and the allocators take turns within each of the
 * runs of which the median is printed.
 *
 * usage: bench_alloc [-r RUNS] [-s SHIFT] [NAME...]
 *   -s divides all sizes by 2^SHIFT; NAME picks workloads (w1 w2 w3 w4).
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "allocators.h"
#include "kfrag/random.h"

#define MAX_RUNS 99
#define MAX_PHASES 3

/* --------------------------------------------------------- workloads */

/*
 * A phase is a list of operations on numbered places: an empty place gets an
 * allocation, a taken one is freed.
 */
struct stream {
	const char *phases[MAX_PHASES];
	uint64_t ends[MAX_PHASES]; /* operations up to here */
	size_t nr_phases;
	uint32_t *places; /* by operation */
	uint64_t nr_ops;
	uint16_t *units; /* by place */
	uint64_t nr_places;
	uint64_t nr_pages; /* of memory to manage */
};

static void *must_calloc(uint64_t count, size_t size)
{
	void *memory = calloc((size_t)count, size);

	if (!memory) {
		fprintf(stderr, "bench: out of memory\n");
		exit(2);
	}
	return memory;
}

static void add_phase(struct stream *stream, const char *name)
{
	stream->phases[stream->nr_phases] = name;
	stream->ends[stream->nr_phases++] = stream->nr_ops;
}

static void shuffle(struct kfrag_random *random, uint32_t *items, uint64_t n)
{
	for (uint64_t i = n; i > 1; i--) {
		uint64_t j = kfrag_random_below(random, i);
		uint32_t item = items[i - 1];

		items[i - 1] = items[j];
		items[j] = item;
	}
}

/* All pages one by one, then free them in random order. */
static void make_w1(struct stream *stream, uint64_t nr_pages)
{
	struct kfrag_random random;

	kfrag_random_init(&random, 1);
	stream->nr_pages = nr_pages;
	stream->nr_places = nr_pages;
	stream->units = must_calloc(nr_pages, sizeof(*stream->units));
	stream->places = must_calloc(2 * nr_pages, sizeof(*stream->places));
	for (uint64_t i = 0; i < nr_pages; i++) {
		stream->places[i] = (uint32_t)i;
		stream->places[nr_pages + i] = (uint32_t)i;
	}
	shuffle(&random, stream->places + nr_pages, nr_pages);
	stream->nr_ops = nr_pages;
	add_phase(stream, "alloc");
	stream->nr_ops = 2 * nr_pages;
	add_phase(stream, "free");
}

/* Orders 0..9 at random, 70 % full, allocs and frees in equal shares. */
static void make_w2(struct stream *stream, uint64_t nr_pages, uint64_t nr_ops)
{
	struct kfrag_random random;
	uint64_t used = 0;

	kfrag_random_init(&random, 2);
	stream->nr_pages = nr_pages;
	stream->units = must_calloc(nr_pages, sizeof(*stream->units));
	while (used < nr_pages / 10 * 7) {
		uint16_t order = (uint16_t)kfrag_random_below(&random, 10);

		stream->units[stream->nr_places++] = order;
		used += UINT64_C(1) << order;
	}
	stream->places = must_calloc(stream->nr_places + nr_ops,
				     sizeof(*stream->places));
	for (uint64_t i = 0; i < stream->nr_places; i++)
		stream->places[i] = (uint32_t)i;
	stream->nr_ops = stream->nr_places;
	add_phase(stream, "fill");
	/* Free a place and take it again, so that the fill stays level. */
	while (stream->nr_ops < stream->nr_places + nr_ops) {
		uint32_t place = (uint32_t)kfrag_random_below(
			&random, stream->nr_places);

		stream->places[stream->nr_ops++] = place;
		stream->places[stream->nr_ops++] = place;
	}
	add_phase(stream, "mixed");
}

/* Objects of 192 bytes: fill, free 30 % at random, refill. */
static void make_w3(struct stream *stream, uint64_t nr_objs)
{
	struct kfrag_random random;
	uint64_t nr_freed = nr_objs / 10 * 3;
	uint32_t *order = must_calloc(nr_objs, sizeof(*order));

	kfrag_random_init(&random, 3);
	stream->nr_pages = nr_objs / 21 * 2 + 1024;
	stream->nr_places = nr_objs;
	stream->units = must_calloc(nr_objs, sizeof(*stream->units));
	stream->places =
		must_calloc(nr_objs + 2 * nr_freed, sizeof(*stream->places));
	for (uint64_t i = 0; i < nr_objs; i++) {
		stream->units[i] = 192;
		stream->places[i] = (uint32_t)i;
		order[i] = (uint32_t)i;
	}
	shuffle(&random, order, nr_objs);
	memcpy(stream->places + nr_objs, order,
	       (size_t)nr_freed * sizeof(*order));
	memcpy(stream->places + nr_objs + nr_freed, order,
	       (size_t)nr_freed * sizeof(*order));
	free(order);
	stream->nr_ops = nr_objs;
	add_phase(stream, "alloc");
	stream->nr_ops += nr_freed;
	add_phase(stream, "free");
	stream->nr_ops += nr_freed;
	add_phase(stream, "refill");
}

/* Allocs and frees over a level of objects of 16..4096 bytes. */
static void make_w4(struct stream *stream, uint64_t nr_objs, uint64_t nr_ops)
{
	struct kfrag_random random;

	kfrag_random_init(&random, 4);
	stream->nr_pages = nr_objs * 2;
	stream->nr_places = nr_objs;
	stream->units = must_calloc(nr_objs, sizeof(*stream->units));
	stream->places = must_calloc(nr_objs + nr_ops, sizeof(*stream->places));
	for (uint64_t i = 0; i < nr_objs; i++) {
		stream->units[i] =
			(uint16_t)(16 + kfrag_random_below(&random, 4081));
		stream->places[i] = (uint32_t)i;
	}
	stream->nr_ops = nr_objs;
	add_phase(stream, "fill");
	while (stream->nr_ops < nr_objs + nr_ops) {
		uint32_t place = (uint32_t)kfrag_random_below(&random, nr_objs);

		stream->places[stream->nr_ops++] = place;
		stream->places[stream->nr_ops++] = place;
	}
	add_phase(stream, "mixed");
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

struct result {
	double ns[MAX_PHASES][MAX_RUNS];
	uint64_t nr_failures;
	uint64_t overhead_bytes;
	bool available;
};

static void run_phase(const struct allocator *allocator, void *state,
		      const struct stream *stream, uint64_t from, uint64_t to,
		      uint64_t *handles, struct result *result)
{
	for (uint64_t i = from; i < to; i++) {
		uint32_t place = stream->places[i];
		uint64_t handle = handles[place];

		if (handle == NO_HANDLE) {
			handle = allocator->alloc(state, stream->units[place]);
			handles[place] = handle;
			result->nr_failures += handle == NO_HANDLE;
		} else {
			allocator->free(state, stream->units[place], handle);
			handles[place] = NO_HANDLE;
		}
	}
}

static void run_once(const struct allocator *allocator,
		     const struct stream *stream, uint64_t *handles, size_t run,
		     struct result *result)
{
	uint64_t from = 0;
	void *state = NULL;

	if (!allocator->open(&state, stream->nr_pages)) {
		free(state);
		return;
	}
	result->available = true;
	result->nr_failures = 0;
	memset(handles, 0xff, (size_t)stream->nr_places * sizeof(*handles));
	for (size_t p = 0; p < stream->nr_phases; p++) {
		double start = now();

		run_phase(allocator, state, stream, from, stream->ends[p],
			  handles, result);
		result->ns[p][run] =
			(now() - start) / (double)(stream->ends[p] - from);
		from = stream->ends[p];
		if (p == 0)
			result->overhead_bytes = allocator->overhead(state);
	}
	for (uint64_t i = 0; i < stream->nr_places; i++)
		if (handles[i] != NO_HANDLE)
			allocator->free(state, stream->units[i], handles[i]);
	allocator->close(state);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare);
	return values[n / 2];
}

static void run_workload(const char *name, struct stream *stream,
			 const struct allocator *allocators, size_t nr,
			 size_t nr_runs)
{
	struct result *results = must_calloc(nr, sizeof(*results));
	uint64_t *handles = must_calloc(stream->nr_places, sizeof(*handles));
	double floor[MAX_PHASES] = { 0 };

	for (size_t run = 0; run < nr_runs; run++)
		for (size_t a = 0; a < nr; a++)
			run_once(&allocators[a], stream, handles, run,
				 &results[a]);
	for (size_t a = 0; a < nr; a++) {
		if (!results[a].available)
			continue;
		for (size_t p = 0; p < stream->nr_phases; p++) {
			double ns = median(results[a].ns[p], nr_runs);

			if (a == 0)
				floor[p] = ns;
			printf("%-9s %-9s %-7s %8.2f %8.2f", name,
			       allocators[a].name, stream->phases[p], ns,
			       ns - floor[p]);
			printf(" %9.3f %8" PRIu64 "\n",
			       (double)results[a].overhead_bytes /
				       (double)stream->nr_pages,
			       results[a].nr_failures);
		}
	}
	fflush(stdout);
	free(handles);
	free(results);
	free(stream->units);
	free(stream->places);
}

static bool wanted(int argc, char **argv, const char *name)
{
	if (optind == argc)
		return true;
	for (int i = optind; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return false;
}

static void run_all(int argc, char **argv, size_t nr_runs, unsigned shift)
{
	static const struct {
		const char *name;
		const char *title;
		uint64_t pages, ops;
	} rows[] = {
		{ "w1", "w1-8G", 1 << 21, 0 },
		{ "w1", "w1-128G", 1 << 25, 0 },
		{ "w2", "w2-4G", 1 << 20, 10000000 },
		{ "w2", "w2-64G", 1 << 24, 10000000 },
		{ "w3", "w3", 10000000, 0 },
		{ "w4", "w4", 1000000, 20000000 },
	};

	printf("%-9s %-9s %-7s %8s %8s %9s %8s\n", "workload", "allocator",
	       "phase", "ns/op", "less-null", "B/page", "failures");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t size = rows[i].pages >> shift;
		uint64_t ops = rows[i].ops >> shift;
		struct stream stream = { 0 };

		if (!wanted(argc, argv, rows[i].name))
			continue;
		switch (rows[i].name[1]) {
		case '1':
			make_w1(&stream, size);
			break;
		case '2':
			make_w2(&stream, size, ops);
			break;
		case '3':
			make_w3(&stream, size);
			break;
		default:
			make_w4(&stream, size, ops);
			break;
		}
		if (rows[i].name[1] <= '2')
			run_workload(rows[i].title, &stream, page_allocators,
				     nr_page_allocators, nr_runs);
		else
			run_workload(rows[i].title, &stream, object_allocators,
				     nr_object_allocators, nr_runs);
	}
}

int main(int argc, char **argv)
{
	size_t nr_runs = 7;
	unsigned shift = 0;
	cpu_set_t cpus;
	int option;

	while ((option = getopt(argc, argv, "r:s:")) != -1) {
		if (option == 'r')
			nr_runs = strtoul(optarg, NULL, 10);
		else if (option == 's')
			shift = (unsigned)strtoul(optarg, NULL, 10);
		else
			return 2;
	}
	if (nr_runs < 1 || nr_runs > MAX_RUNS || shift > 16) {
		fprintf(stderr, "bench: 1..%d runs, shift 0..16\n", MAX_RUNS);
		return 2;
	}
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	(void)sched_setaffinity(0, sizeof(cpus), &cpus);
	run_all(argc, argv, nr_runs, shift);
	return 0;
}
