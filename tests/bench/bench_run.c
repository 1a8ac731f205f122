/* SPDX-License-Identifier: MIT */
/*
 * bench_run RUNS COMMAND [ARG...]: runs a command so many times, its output
 * thrown away, and prints the processor time (user + system) of the fastest,
 * the median and the slowest run in microseconds, then the peak memory in KiB:
 *	57312 58001 63277 14320
 * Exits 1 where a run fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "bench_run: %s: %s\n", what, strerror(errno));
	exit(1);
}

static struct rusage usage_of_children(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_CHILDREN, &usage))
		die("getrusage");
	return usage;
}

static uint64_t spent_us(const struct rusage *usage)
{
	return (uint64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) *
		       1000000 +
	       (uint64_t)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
}

static void become(char **command)
{
	int null = open("/dev/null", O_WRONLY);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
		die("/dev/null");
	execvp(command[0], command);
	die(command[0]);
}

static uint64_t run_us(char **command)
{
	struct rusage before = usage_of_children(), after;
	pid_t child = fork();
	int status;

	if (child < 0)
		die("fork");
	if (child == 0)
		become(command);
	if (waitpid(child, &status, 0) != child)
		die("waitpid");
	if (status != 0) {
		fprintf(stderr, "bench_run: %s failed\n", command[0]);
		exit(1);
	}
	after = usage_of_children();
	return spent_us(&after) - spent_us(&before);
}

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

int main(int argc, char **argv)
{
	size_t nr_runs = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
	uint64_t *runs = calloc(nr_runs ? nr_runs : 1, sizeof(*runs));
	struct rusage usage;

	if (nr_runs == 0 || !runs) {
		fputs("usage: bench_run RUNS COMMAND [ARG...]\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < nr_runs; i++)
		runs[i] = run_us(argv + 2);
	qsort(runs, nr_runs, sizeof(*runs), compare);
	usage = usage_of_children();
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %ld\n", runs[0],
	       runs[nr_runs / 2], runs[nr_runs - 1], usage.ru_maxrss);
	free(runs);
	return 0;
}
