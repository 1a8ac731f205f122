/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_MACHINE_H
#define KFRAG_MACHINE_H

#include <stddef.h>
#include <stdint.h>

/*
 * What files of /proc and the output of uname(1), captured beside a slabinfo,
 * state about the machine. Each function reads the text of one of them, which
 * need not be NUL-terminated, and sets what it states and was not known yet.
 */
#define KFRAG_KERNEL_SIZE 128

struct kfrag_machine {
	uint64_t page_size_bytes; /* 0: not known */
	uint64_t memory_bytes; /* MemTotal: without what the kernel took; 0 */
	char kernel[KFRAG_KERNEL_SIZE]; /* "6.1.0-18-amd64"; "": not known */
};

/* /proc/meminfo: memory_bytes. */
void kfrag_machine_read_meminfo(struct kfrag_machine *machine, const char *text,
				size_t bytes);

/*
 * /proc/zoneinfo counts the managed pages whose bytes are memory_bytes, which
 * must be known: page_size_bytes, from 4 to 256 KiB.
 */
void kfrag_machine_read_zoneinfo(struct kfrag_machine *machine,
				 const char *text, size_t bytes);

/* /proc/sys/kernel/osrelease: kernel. */
void kfrag_machine_read_osrelease(struct kfrag_machine *machine,
				  const char *text, size_t bytes);

/*
 * `uname -a` or /proc/version: kernel; and page_size_bytes where the text
 * names an architecture that has but one.
 */
void kfrag_machine_read_uname(struct kfrag_machine *machine, const char *text,
			      size_t bytes);

#endif
