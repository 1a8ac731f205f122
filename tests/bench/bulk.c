// SPDX-License-Identifier: MIT
#include "bulk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "host.h"
#include "kfrag/buddy.h"
#include "kfrag/random.h"
#include "kfrag/slab.h"
#include "report.h"

#define PAGE_BYTES 4096
#define OBJ_BYTES 192
#define OBJS_PER_SLAB 21

const struct bulk_case bulk_cases[] = {
	{ "w5-empty", 1000000000, false, false },
	{ "w5-frag", 1000000000, true, false },
	{ "w5-empty", 10000000, false, false },
	{ "w5-empty", 10000000, false, true },
	{ "w5-frag", 10000000, true, false },
	{ "w5-frag", 10000000, true, true },
};

const size_t nr_bulk_cases = sizeof(bulk_cases) / sizeof(bulk_cases[0]);

struct bulk_result {
	double ns;
	uint64_t nr_failures;
	uint64_t bookkeeping_bytes;
};

struct bulk_job {
	const struct bulk_case *bulk;
	uint64_t nr_objs;
	uint64_t nr_pages;
	struct bulk_result *result; /* shared with the parent */
};

static _Noreturn void no_memory(void)
{
	fputs("bench: out of memory\n", stderr);
	exit(2);
}

/* Which half is freed is exactly uniform (selection sampling). */
static void fragment(struct kfrag_buddy *buddy, uint64_t nr_pages)
{
	uint64_t pfn, nr_left = nr_pages / 2;
	struct kfrag_random random;

	kfrag_random_init(&random, 5);
	while (kfrag_buddy_alloc_run(buddy, 0, nr_pages, &pfn) > 0)
		;
	for (pfn = 0; pfn < nr_pages; pfn++) {
		if (kfrag_random_below(&random, nr_pages - pfn) >= nr_left)
			continue;
		kfrag_buddy_free(buddy, 0, pfn);
		nr_left--;
	}
}

static uint64_t populate(struct kfrag_slab_cache *cache, uint64_t nr_objs,
			 bool one_by_one)
{
	uint64_t address, nr = 0;

	if (!one_by_one)
		return kfrag_slab_alloc_bulk(cache, nr_objs, NULL);
	while (nr < nr_objs && kfrag_slab_alloc(cache, &address))
		nr++;
	return nr;
}

static void run_job(void *context)
{
	struct bulk_job *job = context;
	struct kfrag_slab_cache_params params = {
		.size_bytes = OBJ_BYTES,
		.objs_per_slab = OBJS_PER_SLAB,
		.policy = kfrag_slab_policies()[0],
	};
	struct kfrag_slab_cache *cache;
	struct kfrag_buddy *buddy;
	struct kfrag_slab *slab;
	double start;

	if (kfrag_buddy_create(&buddy, job->nr_pages, 10))
		no_memory();
	if (job->bulk->is_fragmented)
		fragment(buddy, job->nr_pages);
	start = host_now_ns();
	if (kfrag_slab_create(&slab, kfrag_buddy_page_source(buddy),
			      job->nr_pages, PAGE_BYTES) ||
	    kfrag_slab_cache_create(&cache, slab, &params))
		no_memory();
	job->result->nr_failures =
		job->nr_objs -
		populate(cache, job->nr_objs, job->bulk->is_one_by_one);
	job->result->ns = host_now_ns() - start;
	job->result->bookkeeping_bytes = kfrag_slab_bitmap_bytes(slab) +
					 kfrag_slab_bookkeeping_bytes(slab) +
					 kfrag_buddy_bitmap_bytes(buddy) +
					 kfrag_buddy_bookkeeping_bytes(buddy);
}

static void run_nothing(void *context)
{
	(void)context;
}

void bulk_heading(void)
{
	printf("%-9s %-10s %-4s %9s %9s %9s %7s %8s %8s %4s\n", "workload",
	       "objects", "how", "ms", "ns/obj", "MiB", "B/obj", "B/page",
	       "failures", "runs");
}

static void print_case(const struct bulk_job *job, double ns, double kib,
		       size_t nr_runs)
{
	double nr_objs = (double)job->nr_objs;

	printf("%-9s %-10" PRIu64 " %-4s %9.2f %9.3f %9.2f %7.3f %8.3f",
	       job->bulk->title, job->nr_objs,
	       job->bulk->is_one_by_one ? "one" : "bulk", ns / 1e6,
	       ns / nr_objs, kib / 1024, kib * 1024 / nr_objs,
	       (double)job->result->bookkeeping_bytes / (double)job->nr_pages);
	printf(" %8" PRIu64 " %4zu\n", job->result->nr_failures, nr_runs);
	fflush(stdout);
}

void bulk_run_case(const struct bulk_case *bulk, unsigned shift, size_t nr_runs,
		   double budget_ns)
{
	double ns[MAX_RUNS], kib[MAX_RUNS], start = host_now_ns();
	struct bulk_job job = { .bulk = bulk,
				.nr_objs = bulk->nr_objs >> shift };
	uint64_t floor_kib = host_run_child(run_nothing, NULL);
	size_t run = 0;

	job.nr_pages = (job.nr_objs + OBJS_PER_SLAB - 1) / OBJS_PER_SLAB *
		       (bulk->is_fragmented ? 2 : 1);
	job.result = host_map_shared(1, sizeof(*job.result));
	do {
		kib[run] = (double)(host_run_child(run_job, &job) - floor_kib);
		ns[run++] = job.result->ns;
	} while (run < nr_runs && host_now_ns() - start < budget_ns);
	print_case(&job, report_median(ns, run), report_median(kib, run), run);
	host_unmap(job.result, 1, sizeof(*job.result));
}
