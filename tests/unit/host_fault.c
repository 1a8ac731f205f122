// SPDX-License-Identifier: MIT
#include "host_fault.h"

#include <stddef.h>

/* Allocations until one fails; negative: none does. */
static long nr_until_fault = -1;

static uint64_t nr_bytes_given;

/* What realloc() gave last: an array that grows again gives it back. */
static void *last_grown;
static size_t last_grown_bytes;

/* The names are the linker's choice. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
void *__real_calloc(size_t count, size_t size) __attribute__((weak));
void *__real_realloc(void *old, size_t size) __attribute__((weak));
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool faults_now(void)
{
	if (nr_until_fault < 0)
		return false;
	return nr_until_fault-- == 0;
}

void *__wrap_calloc(size_t count, size_t size)
{
	if (faults_now())
		return NULL;
	nr_bytes_given += (uint64_t)count * size;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	if (faults_now())
		return NULL;
	nr_bytes_given += size;
	if (old && old == last_grown)
		nr_bytes_given -= last_grown_bytes;
	last_grown = __real_realloc(old, size);
	last_grown_bytes = size;
	return last_grown;
}

bool host_fault_is_possible(void)
{
	return __real_calloc && __real_realloc;
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

bool host_fault_end(void)
{
	bool happened = nr_until_fault < 0;

	nr_until_fault = -1;
	return happened;
}

void host_fault_after(long nr_allocations)
{
	nr_until_fault = nr_allocations;
}

void host_bytes_reset(void)
{
	nr_bytes_given = 0;
}

uint64_t host_bytes_given(void)
{
	return nr_bytes_given;
}
