// SPDX-License-Identifier: MIT
/*
 * The allocators alone, beside a null allocator (the floor: what the driver
 * itself costs) and beside the mallocs that are installed. Every allocator is
 * a table of the same functions (allocators.h), every workload a stream of
 * operations made before the clock starts (streams.h); each run is a process
 * of its own (measure.h); and the allocators take turns within each of the
 * runs of which the medians are printed (report.h). Nothing touches the
 * memory that it is given: what counts is what the allocators need.
 *
 * usage: bench_alloc [-r RUNS] [-s SHIFT] [-b SECONDS] [NAME...]
 *   -s divides all sizes by 2^SHIFT; -b ends a workload's runs after SECONDS
 *   (50); NAME picks the workloads whose names start with it (w1 w2-4G ...).
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bulk.h"
#include "host.h"
#include "mallocs.h"
#include "report.h"

static const struct workload workloads[] = {
	{ "w1-8G", false, stream_make_w1, 1 << 21, 0 },
	{ "w1-128G", false, stream_make_w1, 1 << 25, 0 },
	{ "w2-4G", false, stream_make_w2, 1 << 20, 10000000 },
	{ "w2-64G", false, stream_make_w2, 1 << 24, 10000000 },
	{ "w2m-4G", false, stream_make_w2m, 1 << 20, 10000000 },
	{ "w2m-64G", false, stream_make_w2m, 1 << 24, 10000000 },
	{ "w3", true, stream_make_w3, 10000000, 0 },
	{ "w4", true, stream_make_w4, 1000000, 20000000 },
	{ "w4m", true, stream_make_w4m, 1000000, 20000000 },
};

struct options {
	size_t nr_runs;
	unsigned shift;
	double budget_ns;
	char **names; /* up to a NULL; none: all */
};

static bool is_wanted(const struct options *options, const char *title)
{
	if (!*options->names)
		return true;
	for (char **name = options->names; *name; name++)
		if (strncmp(title, *name, strlen(*name)) == 0)
			return true;
	return false;
}

static void run_workload(const struct options *options,
			 const struct workload *workload)
{
	const struct allocator *allocators =
		workload->is_objects ? object_allocators : page_allocators;
	size_t nr = workload->is_objects ? nr_object_allocators :
					   nr_page_allocators;
	struct series *series = host_map(nr, sizeof(*series));
	double start = host_now_ns();
	struct stream stream;

	workload->make(&stream, workload->size >> options->shift,
		       workload->nr_ops >> options->shift);
	for (size_t run = 0; run < options->nr_runs; run++) {
		for (size_t a = 0; a < nr; a++) {
			series[a].allocator = &allocators[a];
			series[a].runs[series[a].nr_runs++] =
				measure_run(&allocators[a], &stream);
		}
		if (host_now_ns() - start > options->budget_ns)
			break;
	}
	report_workload(workload->title, &stream, series, nr);
	if (series[0].nr_runs < options->nr_runs)
		printf("(runs in the time given: %zu)\n", series[0].nr_runs);
	stream_destroy(&stream);
	host_unmap(series, nr, sizeof(*series));
}

static void run_all(const struct options *options)
{
	void (*heading)(void) = report_heading;

	for (size_t i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++) {
		if (!is_wanted(options, workloads[i].title))
			continue;
		if (heading)
			heading();
		heading = NULL;
		run_workload(options, &workloads[i]);
	}
	heading = bulk_heading;
	for (size_t i = 0; i < nr_bulk_cases; i++) {
		if (!is_wanted(options, bulk_cases[i].title))
			continue;
		if (heading)
			heading();
		heading = NULL;
		bulk_run_case(&bulk_cases[i], options->shift, options->nr_runs,
			      options->budget_ns);
	}
}

int main(int argc, char **argv)
{
	struct options options = { .nr_runs = 7, .budget_ns = 50e9 };
	int option;

	mallocs_make_room(argv);
	while ((option = getopt(argc, argv, "r:s:b:")) != -1) {
		if (option == 'r')
			options.nr_runs = strtoul(optarg, NULL, 10);
		else if (option == 's')
			options.shift = (unsigned)strtoul(optarg, NULL, 10);
		else if (option == 'b')
			options.budget_ns = strtod(optarg, NULL) * 1e9;
		else
			return 2;
	}
	if (options.nr_runs < 1 || options.nr_runs > MAX_RUNS ||
	    options.shift > 10) {
		fprintf(stderr, "bench: 1..%d runs, shift 0..10\n", MAX_RUNS);
		return 2;
	}
	options.names = argv + optind;
	host_pin();
	run_all(&options);
	return 0;
}
