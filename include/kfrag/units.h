/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_UNITS_H
#define KFRAG_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KFRAG_KIB UINT64_C(1024)
#define KFRAG_MIB (KFRAG_KIB * 1024)
#define KFRAG_GIB (KFRAG_MIB * 1024)

/* Enough for every string that kfrag_units_* writes, NUL included. */
#define KFRAG_UNITS_SIZE 64

/* A figure that its source may leave unknown. value is 0 while unknown. */
struct kfrag_opt {
	uint64_t value;
	bool known;
};

static inline struct kfrag_opt kfrag_known(uint64_t value)
{
	return (struct kfrag_opt){ .value = value, .known = true };
}

static inline struct kfrag_opt kfrag_unknown(void)
{
	return (struct kfrag_opt){ .value = 0, .known = false };
}

/*
 * Writes a byte count for people: binary units spelled out, at least three
 * significant digits, half rounded up, integers only: "0 B", "532 B",
 * "4.00 KiB", "17.5 MiB", "1,023 MiB", "16.0 EiB". Returns buf.
 */
const char *kfrag_units_bytes(uint64_t bytes, char buf[KFRAG_UNITS_SIZE]);

/* As kfrag_units_bytes() with a leading '-' below zero. */
const char *kfrag_units_signed_bytes(int64_t bytes, char buf[KFRAG_UNITS_SIZE]);

/*
 * Writes a count with a comma between thousands: "5,000,000,000". Returns buf.
 */
const char *kfrag_units_count(uint64_t count, char buf[KFRAG_UNITS_SIZE]);

/*
 * Writes part as a percentage of whole with one decimal, half rounded up:
 * "46.1 %"; "-" where whole is 0. Returns buf.
 */
const char *kfrag_units_percent(uint64_t part, uint64_t whole,
				char buf[KFRAG_UNITS_SIZE]);

/*
 * Reads a size as people type it: digits, then optionally K, M, G, T, P or E
 * (powers of 1024), with or without "i" and "B" behind it, in either case of
 * the letter; nothing else. Returns false, with *bytes 0, where text is no
 * such size or it exceeds 64 bits.
 */
bool kfrag_units_parse_bytes(const char *text, uint64_t *bytes);

#endif
