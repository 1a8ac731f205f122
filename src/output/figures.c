// SPDX-License-Identifier: MIT
#include "output/figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kfrag/arith.h"

static const char *unknown(char buf[KFRAG_UNITS_SIZE])
{
	snprintf(buf, KFRAG_UNITS_SIZE, "-");
	return buf;
}

const char *kfrag_figure_bytes(struct kfrag_opt bytes,
			       char buf[KFRAG_UNITS_SIZE])
{
	return bytes.known ? kfrag_units_bytes(bytes.value, buf) : unknown(buf);
}

const char *kfrag_figure_count(struct kfrag_opt count,
			       char buf[KFRAG_UNITS_SIZE])
{
	return count.known ? kfrag_units_count(count.value, buf) : unknown(buf);
}

const char *kfrag_figure_permille(struct kfrag_opt permille,
				  char buf[KFRAG_UNITS_SIZE])
{
	if (!permille.known)
		return unknown(buf);
	return kfrag_units_percent(permille.value, 1000, buf);
}

const char *kfrag_figure_round_bytes(uint64_t bytes, char buf[KFRAG_UNITS_SIZE])
{
	static const char *const units[] = { "B",   "KiB", "MiB", "GiB",
					     "TiB", "PiB", "EiB" };
	char digits[KFRAG_UNITS_SIZE];
	uint64_t count = bytes;
	unsigned unit = 0;

	while (count > 0 && count % 1024 == 0) {
		count /= 1024;
		unit++;
	}
	if (count > 9999)
		return kfrag_units_bytes(bytes, buf);
	kfrag_units_count(count, digits);
	snprintf(buf, KFRAG_UNITS_SIZE, "%.30s %s", digits, units[unit]);
	return buf;
}

/* round(part * scale / whole) as a whole number and a rest below scale. */
static void divide_scaled(uint64_t part, uint64_t whole, uint64_t scale,
			  uint64_t *units, uint64_t *rest)
{
	*units = part / whole;
	*rest = (kfrag_mul_div(2 * scale, part % whole, whole) + 1) / 2;
	if (*rest == scale) {
		*rest = 0;
		*units += 1;
	}
}

const char *kfrag_figure_ratio(uint64_t part, uint64_t whole,
			       unsigned nr_decimals, char buf[KFRAG_UNITS_SIZE])
{
	uint64_t units, rest, scale = 1, limit = 1000;
	char digits[KFRAG_UNITS_SIZE];

	if (whole == 0)
		return unknown(buf);
	for (unsigned i = 0; i < nr_decimals; i++) {
		scale *= 10;
		limit /= 10;
	}
	divide_scaled(part, whole, scale, &units, &rest);
	while (nr_decimals > 0 && units >= limit) {
		nr_decimals--;
		scale /= 10;
		limit *= 10;
		divide_scaled(part, whole, scale, &units, &rest);
	}
	kfrag_units_count(units, digits);
	if (nr_decimals == 0)
		snprintf(buf, KFRAG_UNITS_SIZE, "%s", digits);
	else
		snprintf(buf, KFRAG_UNITS_SIZE, "%.30s.%0*u", digits,
			 (int)nr_decimals, (unsigned)rest);
	return buf;
}

/* Decimals of a share at most: 2^-64 has its first digit at the twentieth. */
#define MAX_DECIMALS 15

const char *kfrag_figure_share(uint64_t part, uint64_t whole,
			       char buf[KFRAG_UNITS_SIZE])
{
	uint64_t scale = 1, scaled = 0, least_scale = 1;
	char digits[KFRAG_UNITS_SIZE / 2];
	int nr_decimals = 0, nr_dropped;

	if (part > whole || whole == 0)
		return kfrag_units_percent(part, whole, buf);
	if (part == 0) {
		snprintf(buf, KFRAG_UNITS_SIZE, "0 %%");
		return buf;
	}
	while (scaled < 100 && nr_decimals < MAX_DECIMALS) {
		nr_decimals++;
		scale *= 10;
		scaled = (kfrag_mul_div(200 * scale, part, whole) + 1) / 2;
	}
	nr_dropped = MAX_DECIMALS - nr_decimals;
	for (int i = 0; i < nr_dropped; i++)
		least_scale *= 10;
	snprintf(digits, sizeof(digits), "%u.%015" PRIu64,
		 (unsigned)(scaled / scale), scaled % scale * least_scale);
	snprintf(buf, KFRAG_UNITS_SIZE, "%.*s %%",
		 (int)strlen(digits) - nr_dropped, digits);
	return buf;
}

const char *kfrag_figure_full_percent(uint64_t part, uint64_t whole,
				      char buf[KFRAG_UNITS_SIZE])
{
	if (whole == 0)
		return unknown(buf);
	snprintf(buf, KFRAG_UNITS_SIZE, "%" PRIu64 " %%",
		 kfrag_mul_div(100, part, whole));
	return buf;
}

const char *kfrag_figure_noun(uint64_t count, const char *noun,
			      char buf[KFRAG_UNITS_SIZE])
{
	char digits[KFRAG_UNITS_SIZE];

	kfrag_units_count(count, digits);
	snprintf(buf, KFRAG_UNITS_SIZE, "%.30s %.30s%s", digits, noun,
		 count == 1 ? "" : "s");
	return buf;
}

const char *kfrag_figure_separator(size_t place, size_t nr_items)
{
	if (place == 0)
		return "";
	return place + 1 == nr_items ? " and " : ", ";
}

/* Puts the sign before what is written of the magnitude. */
static const char *sign(int64_t change, const char *magnitude,
			char buf[KFRAG_UNITS_SIZE])
{
	const char *mark = change < 0 ? "-" : "+";

	snprintf(buf, KFRAG_UNITS_SIZE, "%s%.60s", change ? mark : "",
		 magnitude);
	return buf;
}

const char *kfrag_figure_change_bytes(int64_t bytes, char buf[KFRAG_UNITS_SIZE])
{
	char magnitude[KFRAG_UNITS_SIZE];

	kfrag_units_bytes(kfrag_magnitude(bytes), magnitude);
	return sign(bytes, magnitude, buf);
}

const char *kfrag_figure_change_count(int64_t count, char buf[KFRAG_UNITS_SIZE])
{
	char magnitude[KFRAG_UNITS_SIZE];

	kfrag_units_count(kfrag_magnitude(count), magnitude);
	return sign(count, magnitude, buf);
}

/* Many times the whole: decimals would be noise. */
static void whole_percent(uint64_t part, uint64_t whole,
			  char buf[KFRAG_UNITS_SIZE])
{
	char digits[KFRAG_UNITS_SIZE];
	uint64_t units, rest;

	divide_scaled(part, whole, 100, &units, &rest);
	if (units > UINT64_MAX / 100 - 1)
		units = UINT64_MAX / 100 - 1;
	snprintf(buf, KFRAG_UNITS_SIZE, "%.50s %%",
		 kfrag_units_count(units * 100 + rest, digits));
}

const char *kfrag_figure_change_percent(int64_t change, uint64_t before,
					char buf[KFRAG_UNITS_SIZE])
{
	char magnitude[KFRAG_UNITS_SIZE];

	if (before == 0)
		return unknown(buf);
	if (change == 0) {
		snprintf(buf, KFRAG_UNITS_SIZE, "0 %%");
		return buf;
	}
	if (kfrag_magnitude(change) / before >= 10)
		whole_percent(kfrag_magnitude(change), before, magnitude);
	else
		kfrag_units_percent(kfrag_magnitude(change), before, magnitude);
	return sign(change, magnitude, buf);
}

const char *kfrag_figure_seconds(uint64_t seconds, char buf[KFRAG_UNITS_SIZE])
{
	static const struct {
		uint64_t seconds;
		uint64_t limit; /* longer ones have a larger unit */
		const char *name;
	} units[] = {
		{ 60, 120 * 60, "min" },
		{ 3600, 48 * 3600, "h" },
		{ 86400, 730 * UINT64_C(86400), "d" },
		{ 31556952, UINT64_MAX, "years" },
	};
	char digits[KFRAG_UNITS_SIZE];
	int unit = 0;

	if (seconds < 120) {
		snprintf(buf, KFRAG_UNITS_SIZE, "%" PRIu64 " s", seconds);
		return buf;
	}
	while (unit < 3 && seconds >= units[unit].limit)
		unit++;
	kfrag_figure_ratio(seconds, units[unit].seconds, 1, digits);
	snprintf(buf, KFRAG_UNITS_SIZE, "%.50s %s", digits, units[unit].name);
	return buf;
}
