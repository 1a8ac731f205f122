// SPDX-License-Identifier: MIT
#include "kfrag/units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kfrag/arith.h"

static const char *const binary_units[] = {
	"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB",
};

/*
 * bytes / 2^(10 * unit) in 1/scale, half rounded up; scale is 1, 10 or 100.
 */
static uint64_t scaled(uint64_t bytes, unsigned unit, uint64_t scale)
{
	uint64_t unit_bytes = UINT64_C(1) << (10 * unit);
	/* Twice the rest, so that a half shows in its lowest bit. */
	uint64_t twice =
		kfrag_mul_div(2 * scale, bytes % unit_bytes, unit_bytes);

	return bytes / unit_bytes * scale + (twice + 1) / 2;
}

/* Room for 2^64 - 1 with its six commas. */
#define COUNT_SIZE 27

static void format_count(uint64_t count, char *out)
{
	char digits[COUNT_SIZE];
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, count);

	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			*out++ = ',';
		*out++ = digits[i];
	}
	*out = '\0';
}

static void format_scaled(uint64_t value, uint64_t scale, const char *unit,
			  char *buf)
{
	char whole[COUNT_SIZE];

	format_count(value / scale, whole);
	if (scale == 100)
		snprintf(buf, KFRAG_UNITS_SIZE, "%s.%02" PRIu64 " %s", whole,
			 value % scale, unit);
	else if (scale == 10)
		snprintf(buf, KFRAG_UNITS_SIZE, "%s.%" PRIu64 " %s", whole,
			 value % scale, unit);
	else
		snprintf(buf, KFRAG_UNITS_SIZE, "%s %s", whole, unit);
}

const char *kfrag_units_bytes(uint64_t bytes, char buf[KFRAG_UNITS_SIZE])
{
	static const uint64_t scales[] = { 100, 10, 1 };
	static const uint64_t limits[] = { 10, 100, 1024 };

	if (bytes < KFRAG_KIB) {
		format_scaled(bytes, 1, "B", buf);
		return buf;
	}
	/*
	 * The first unit and scale whose rounded value stays inside its
	 * range: 9.996 MiB is 10.0 MiB, 1023.6 KiB is 1.00 MiB.
	 */
	for (unsigned unit = 1; unit < 7; unit++) {
		for (unsigned i = 0; i < 3; i++) {
			uint64_t value = scaled(bytes, unit, scales[i]);

			if (value < limits[i] * scales[i]) {
				format_scaled(value, scales[i],
					      binary_units[unit], buf);
				return buf;
			}
		}
	}
	format_scaled(bytes, 1, "B", buf);
	return buf;
}

const char *kfrag_units_signed_bytes(int64_t bytes, char buf[KFRAG_UNITS_SIZE])
{
	if (bytes >= 0)
		return kfrag_units_bytes((uint64_t)bytes, buf);
	kfrag_units_bytes(0 - (uint64_t)bytes, buf);
	memmove(buf + 1, buf, strlen(buf) + 1);
	buf[0] = '-';
	return buf;
}

const char *kfrag_units_count(uint64_t count, char buf[KFRAG_UNITS_SIZE])
{
	format_count(count, buf);
	return buf;
}

const char *kfrag_units_percent(uint64_t part, uint64_t whole,
				char buf[KFRAG_UNITS_SIZE])
{
	uint64_t tenths;

	if (whole == 0) {
		snprintf(buf, KFRAG_UNITS_SIZE, "-");
		return buf;
	}
	/* A share above 1 is read off in two parts, the product stays exact. */
	if (part / whole >= UINT64_C(1000000000)) {
		snprintf(buf, KFRAG_UNITS_SIZE, "> 10^11 %%");
		return buf;
	}
	tenths = part / whole * 2000 + kfrag_mul_div(2000, part % whole, whole);
	tenths = (tenths + 1) / 2;
	snprintf(buf, KFRAG_UNITS_SIZE, "%" PRIu64 ".%" PRIu64 " %%",
		 tenths / 10, tenths % 10);
	return buf;
}

static bool suffix_shift(const char *suffix, unsigned *shift)
{
	static const char letters[] = "kmgtpe";
	const char *letter;
	char lower = *suffix >= 'A' && *suffix <= 'Z' ?
			     (char)(*suffix - 'A' + 'a') :
			     *suffix;

	*shift = 0;
	if (lower == '\0')
		return true;
	letter = strchr(letters, lower);
	if (letter) {
		*shift = 10 * ((unsigned)(letter - letters) + 1);
		suffix++;
		if (*suffix == 'i')
			suffix++;
	}
	if (*suffix == 'B' || *suffix == 'b')
		suffix++;
	return *suffix == '\0';
}

bool kfrag_units_parse_bytes(const char *text, uint64_t *bytes)
{
	uint64_t value = 0;
	unsigned shift;

	*bytes = 0;
	if (*text < '0' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9'; text++)
		if (!kfrag_mul_u64(value, 10, &value) ||
		    !kfrag_add_u64(value, (uint64_t)(*text - '0'), &value))
			return false;
	if (!suffix_shift(text, &shift))
		return false;
	return kfrag_mul_u64(value, UINT64_C(1) << shift, bytes);
}
