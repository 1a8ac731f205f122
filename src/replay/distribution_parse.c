// SPDX-License-Identifier: MIT
/* Distributions as people type them: a word, then numbers behind colons. */
#include <stdlib.h>
#include <string.h>

#include "kfrag/arith.h"
#include "kfrag/distribution.h"
#include "kfrag/units.h"

#define MAX_NUMBERS 3
#define MAX_SIZE (UINT64_C(1) << 50)
/* So that sums and products of times stay within 64 bits. */
#define MAX_TIME 1000000

bool kfrag_decimal_parse(const char *text, size_t bytes, uint64_t scale,
			 uint64_t *result)
{
	uint64_t whole = 0, fraction = 0, unit = 1, part;
	size_t i = 0;

	*result = 0;
	for (; i < bytes && text[i] >= '0' && text[i] <= '9'; i++)
		if (!kfrag_mul_u64(whole, 10, &whole) ||
		    !kfrag_add_u64(whole, (uint64_t)(text[i] - '0'), &whole))
			return false;
	if (i == 0)
		return false;
	if (i < bytes && text[i] == '.') {
		size_t point = i++;

		for (; i < bytes && text[i] >= '0' && text[i] <= '9'; i++) {
			fraction = fraction * 10 + (uint64_t)(text[i] - '0');
			unit *= 10;
			if (i - point > 9)
				return false;
		}
		if (i == point + 1)
			return false;
	}
	part = kfrag_mul_div(fraction, scale, unit);
	return i == bytes && kfrag_mul_u64(whole, scale, &whole) &&
	       kfrag_add_u64(whole, part, result);
}

/* ----------------------------------------------------------------- numbers */

/* What stands for a number in a distribution. */
struct reader {
	bool (*read)(const char *text, size_t bytes, uint64_t *number);
	const char *message; /* what is wrong with one that is not */
};

static bool read_size(const char *text, size_t bytes, uint64_t *number)
{
	char copy[32];

	*number = 0;
	if (bytes == 0 || bytes >= sizeof(copy))
		return false;
	memcpy(copy, text, bytes);
	copy[bytes] = '\0';
	return kfrag_units_parse_bytes(copy, number) && *number > 0 &&
	       *number <= MAX_SIZE;
}

static bool read_ticks(const char *text, size_t bytes, uint64_t *number)
{
	return kfrag_decimal_parse(text, bytes, KFRAG_TICKS_PER_UNIT, number) &&
	       *number > 0 && *number <= MAX_TIME * KFRAG_TICKS_PER_UNIT;
}

static bool read_whole(const char *text, size_t bytes, uint64_t *number)
{
	return kfrag_decimal_parse(text, bytes, 1, number) && *number > 0 &&
	       !memchr(text, '.', bytes) && *number <= MAX_TIME;
}

static const struct reader sizes = {
	read_size, "a size is a number from 1 on, as in 8, 4096B or 4K"
};
static const struct reader times = {
	read_ticks, "a time is a number above 0, as in 1 or 0.25, up to 1000000"
};
static const struct reader whole_times = {
	read_whole, "times of zipf are whole numbers from 1 to 1000000"
};

/* Exactly nr_numbers, with colons between. */
static bool read_numbers(const char *text, const struct reader *reader,
			 uint64_t *numbers, size_t nr_numbers)
{
	for (size_t i = 0; i < nr_numbers; i++) {
		size_t bytes = strcspn(text, ":");

		if (!reader->read(text, bytes, &numbers[i]))
			return false;
		text += bytes;
		if ((*text == ':') != (i + 1 < nr_numbers))
			return false;
		text += *text == ':';
	}
	return true;
}

/* What is behind "word:", NULL where it is another word. */
static const char *behind(const char *text, const char *word)
{
	size_t bytes = strlen(word);

	if (strncmp(text, word, bytes) != 0 || text[bytes] != ':')
		return NULL;
	return text + bytes + 1;
}

/* ------------------------------------------------------------------- lists */

static bool read_item(const char *text, size_t bytes,
		      struct kfrag_distribution_item *item)
{
	const char *star = memchr(text, '*', bytes);
	size_t value_bytes = star ? (size_t)(star - text) : bytes;

	item->weight = 1;
	if (!read_size(text, value_bytes, &item->value))
		return false;
	return !star || (kfrag_decimal_parse(star + 1, bytes - value_bytes - 1,
					     1, &item->weight) &&
			 item->weight > 0 && item->weight < UINT64_C(1) << 32);
}

static enum kfrag_error parse_list(struct kfrag_distribution *distribution,
				   const char *text, const char **message)
{
	size_t nr_items = 1;
	struct kfrag_distribution_item *items;
	enum kfrag_error error = KFRAG_OK;

	for (const char *at = text; *at; at++)
		nr_items += *at == ',';
	items = calloc(nr_items, sizeof(*items));
	if (!items)
		return KFRAG_ENOMEM;
	for (size_t i = 0; i < nr_items && !error; i++) {
		size_t bytes = strcspn(text, ",");

		if (!read_item(text, bytes, &items[i])) {
			*message = "a list is N or N*WEIGHT, with commas "
				   "between, as in list:1*3,2,4K";
			error = KFRAG_EINVAL;
		}
		text += bytes + (text[bytes] == ',');
	}
	if (!error)
		error = kfrag_distribution_init_list(distribution, items,
						     nr_items);
	free(items);
	return error;
}

/* ------------------------------------------------------------ all together */

struct form {
	const char *word;
	enum kfrag_distribution_kind kind;
	const struct reader *reader;
	size_t nr_numbers; /* of this reader; a percentage may follow */
	uint64_t scale;
};

static const struct form size_forms[] = {
	{ "fixed", KFRAG_FIXED, &sizes, 1, 1 },
	{ "uniform", KFRAG_UNIFORM, &sizes, 2, 1 },
	{ "inverse", KFRAG_INVERSE, &sizes, 2, 1 },
	{ "exponential", KFRAG_EXPONENTIAL, &sizes, 1, 1 },
};

static const struct form time_forms[] = {
	{ "fixed", KFRAG_FIXED, &times, 1, 1 },
	{ "uniform", KFRAG_UNIFORM, &times, 2, 1 },
	{ "exponential", KFRAG_EXPONENTIAL, &times, 1, 1 },
	{ "zipf", KFRAG_INVERSE, &whole_times, 2, KFRAG_TICKS_PER_UNIT },
	{ "bimodal", KFRAG_BIMODAL, &times, 2, 1 },
};

/* The percentage behind the last colon, which is cut off the copy. */
static bool cut_percent(char *copy, uint64_t *percent)
{
	char *colon = strrchr(copy, ':');

	if (!colon ||
	    !kfrag_decimal_parse(colon + 1, strlen(colon + 1), 1, percent) ||
	    *percent > 100)
		return false;
	*colon = '\0';
	return true;
}

static enum kfrag_error parse_form(struct kfrag_distribution *distribution,
				   const struct form *form, const char *text,
				   const char **message)
{
	uint64_t numbers[MAX_NUMBERS] = { 0 }, percent = 0;
	char copy[128];

	*message = form->reader->message;
	if (form->kind == KFRAG_BIMODAL)
		*message = "bimodal is bimodal:MEAN:MEAN:PERCENT, so many of "
			   "the first";
	if (strlen(text) >= sizeof(copy))
		return KFRAG_EINVAL;
	memcpy(copy, text, strlen(text) + 1);
	if (form->kind == KFRAG_BIMODAL && !cut_percent(copy, &percent))
		return KFRAG_EINVAL;
	if (!read_numbers(copy, form->reader, numbers, form->nr_numbers))
		return KFRAG_EINVAL;
	if (form->nr_numbers == 2 && form->kind != KFRAG_BIMODAL &&
	    numbers[0] > numbers[1]) {
		*message = "a range goes from the smaller to the larger";
		return KFRAG_EINVAL;
	}
	*distribution = (struct kfrag_distribution){
		.kind = form->kind,
		.first = numbers[0],
		.last = form->nr_numbers == 2 ? numbers[1] : numbers[0],
		.percent = percent,
		.scale = form->scale,
	};
	return KFRAG_OK;
}

/* Whether a unit of bytes is typed behind a digit. */
static bool has_unit(const char *text)
{
	for (const char *at = strchr(text, ':'); at && *at; at++)
		if (*at >= '0' && *at <= '9' &&
		    strchr("BKMGTPEbkmgtpe", at[1]) && at[1])
			return true;
	return false;
}

static const char *knuth(const char *text)
{
	if (strcmp(text, "knuth-a") == 0)
		return "uniform:100:2000";
	if (strcmp(text, "knuth-b") == 0)
		return "list:1*16,2*8,4*4,8*2,16,32";
	if (strcmp(text, "knuth-c") == 0)
		return "list:10,12,14,16,18,20,30,40,50,60,70,80,90,100,150,"
		       "200,250,500,1000,2000,3000,4000";
	return text;
}

enum kfrag_error
kfrag_distribution_parse_sizes(struct kfrag_distribution *distribution,
			       const char *text, const char **message)
{
	enum kfrag_error error = KFRAG_EINVAL;
	const char *rest;

	*distribution = (struct kfrag_distribution){ 0 };
	*message = "sizes are fixed:N, uniform:A:B, inverse:A:B, "
		   "exponential:MEAN, list:N,N*WEIGHT,..., knuth-a, knuth-b, "
		   "knuth-c or from:CAPTURE";
	text = knuth(text);
	rest = behind(text, "list");
	if (rest)
		error = parse_list(distribution, rest, message);
	for (size_t i = 0; i < sizeof(size_forms) / sizeof(size_forms[0]);
	     i++) {
		rest = behind(text, size_forms[i].word);
		if (rest)
			error = parse_form(distribution, &size_forms[i], rest,
					   message);
	}
	if (!error)
		distribution->is_bytes = has_unit(text);
	return error;
}

enum kfrag_error
kfrag_distribution_parse_lifetimes(struct kfrag_distribution *distribution,
				   const char *text, const char **message)
{
	enum kfrag_error error = KFRAG_EINVAL;

	*distribution = (struct kfrag_distribution){ 0 };
	*message = "lifetimes are forever, fixed:T, uniform:A:B, "
		   "exponential:MEAN, zipf:A:B or bimodal:MEAN:MEAN:PERCENT";
	if (strcmp(text, "forever") == 0) {
		*distribution = (struct kfrag_distribution){
			.kind = KFRAG_FIXED,
			.first = KFRAG_TICKS_NEVER,
			.last = KFRAG_TICKS_NEVER,
			.scale = 1,
		};
		return KFRAG_OK;
	}
	for (size_t i = 0; i < sizeof(time_forms) / sizeof(time_forms[0]);
	     i++) {
		const char *rest = behind(text, time_forms[i].word);

		if (rest)
			error = parse_form(distribution, &time_forms[i], rest,
					   message);
	}
	return error;
}
