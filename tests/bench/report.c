// SPDX-License-Identifier: MIT
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double report_median(double *values, size_t nr)
{
	qsort(values, nr, sizeof(*values), compare);
	return (values[(nr - 1) / 2] + values[nr / 2]) / 2;
}

static double median_ns(const struct series *series, size_t phase)
{
	double values[MAX_RUNS] = { 0 };

	for (size_t i = 0; i < series->nr_runs; i++)
		values[i] = series->runs[i].ns[phase];
	return report_median(values, series->nr_runs);
}

static double median_peak_kib(const struct series *series)
{
	double values[MAX_RUNS] = { 0 };

	for (size_t i = 0; i < series->nr_runs; i++)
		values[i] = (double)series->runs[i].peak_kib;
	return report_median(values, series->nr_runs);
}

void report_heading(void)
{
	printf("%-9s %-10s %-6s %8s %8s %7s %9s %7s %8s %8s\n", "workload",
	       "allocator", "phase", "ns/op", "less", "x kfrag", "MiB less",
	       "B/place", "B/page", "failures");
	printf("%-9s %-10s %-6s %8s %8s %7s %9s %7s %8s %8s\n", "", "", "", "",
	       "null", "", "null", "RSS", "books", "");
}

/* Memory, as the end of a line. */
static void print_memory(const struct stream *stream,
			 const struct series *series, double floor_kib)
{
	double kib = median_peak_kib(series) - floor_kib;
	const struct measured *run = &series->runs[0];

	printf(" %9.2f %7.2f", kib / 1024,
	       kib * 1024 / (double)stream->nr_places);
	if (series->allocator->bookkeeping_bytes)
		printf(" %8.3f", (double)run->bookkeeping_bytes /
					 (double)stream->nr_pages);
	else
		printf(" %8s", "-");
	printf(" %8" PRIu64 "\n", run->nr_failures);
}

void report_workload(const char *title, const struct stream *stream,
		     const struct series *series, size_t nr_series)
{
	double floor_kib = median_peak_kib(&series[0]);

	for (size_t s = 0; s < nr_series; s++) {
		if (!series[s].runs[0].is_available) {
			printf("%-9s %-10s not to be had here\n", title,
			       series[s].allocator->name);
			continue;
		}
		for (size_t p = 0; p < stream->nr_phases; p++) {
			double floor = median_ns(&series[0], p);
			double ns = median_ns(&series[s], p);
			double kfrag = median_ns(&series[1], p) - floor;

			printf("%-9s %-10s %-6s %8.2f %8.2f", title,
			       series[s].allocator->name, stream->phases[p], ns,
			       ns - floor);
			if (s > 0 && kfrag > 0)
				printf(" %7.2f", (ns - floor) / kfrag);
			else
				printf(" %7s", "-");
			print_memory(stream, &series[s], floor_kib);
		}
	}
	fflush(stdout);
}
