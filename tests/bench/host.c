// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "host.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static _Noreturn void give_up(const char *what)
{
	perror(what);
	exit(2);
}

void host_pin(void)
{
	int cpu = sched_getcpu();
	cpu_set_t cpus;

	if (cpu < 0)
		return;
	CPU_ZERO(&cpus);
	CPU_SET((size_t)cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		fputs("bench: not pinned to a cpu\n", stderr);
}

double host_now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void *map(uint64_t count, size_t size, int flags)
{
	void *memory;

	if (count > SIZE_MAX / size) {
		fputs("bench: too large for this machine\n", stderr);
		exit(2);
	}
	memory = mmap(NULL, (size_t)count * size, PROT_READ | PROT_WRITE,
		      flags | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		give_up("bench: mmap");
	return memory;
}

void *host_map(uint64_t count, size_t size)
{
	return map(count, size, MAP_PRIVATE);
}

void *host_map_shared(uint64_t count, size_t size)
{
	return map(count, size, MAP_SHARED);
}

void host_unmap(void *memory, uint64_t count, size_t size)
{
	munmap(memory, (size_t)count * size);
}

uint64_t host_run_child(void (*job)(void *context), void *context)
{
	struct rusage usage;
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child < 0)
		give_up("bench: fork");
	if (child == 0) {
		job(context);
		_exit(0);
	}
	if (wait4(child, &status, 0, &usage) != child)
		give_up("bench: wait4");
	if (status != 0) {
		fprintf(stderr, "bench: a run ended with status %#x\n",
			(unsigned)status);
		exit(1);
	}
	return (uint64_t)usage.ru_maxrss;
}
