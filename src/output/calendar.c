// SPDX-License-Identifier: MIT
/*
 * gmtime(3) would do but for two things: it takes a time_t, which may have 32
 * bits, and it counts leap seconds where TZ asks for that.
 */
#include "output/calendar.h"

#include <inttypes.h>
#include <stdio.h>

#define DAY_SECONDS 86400
#define LAST_SECOND UINT64_C(253402300799) /* of the year 9999 */

/* Days in 400, 100, 4 years and one, where the leap day ends each. */
#define DAYS_400 146097
#define DAYS_100 36524
#define DAYS_4 1461
#define DAYS_1 365

/* From the first of March of the year 1600 to the epoch. */
#define EPOCH_DAYS 135080

static unsigned at_most(unsigned value, unsigned limit)
{
	return value < limit ? value : limit;
}

const char *kfrag_calendar_text(uint64_t time, char buf[KFRAG_CALENDAR_SIZE])
{
	unsigned days, seconds, year = 1600, centuries, years, month, day;

	if (time > LAST_SECOND) {
		snprintf(buf, KFRAG_CALENDAR_SIZE, "%" PRIu64, time);
		return buf;
	}
	days = (unsigned)(time / DAY_SECONDS) + EPOCH_DAYS;
	seconds = (unsigned)(time % DAY_SECONDS);
	year += days / DAYS_400 * 400;
	days %= DAYS_400;
	centuries = at_most(days / DAYS_100, 3);
	days -= centuries * DAYS_100;
	year += centuries * 100 + days / DAYS_4 * 4;
	days %= DAYS_4;
	years = at_most(days / DAYS_1, 3);
	days -= years * DAYS_1;
	/* Months from March on: 31, 30, 31, 30, 31 days, and so again. */
	month = (5 * days + 2) / 153;
	day = days - (153 * month + 2) / 5 + 1;
	year += years + (month > 9);
	month = month > 9 ? month - 9 : month + 3;
	snprintf(buf, KFRAG_CALENDAR_SIZE, "%04u-%02u-%02u %02u:%02u:%02u",
		 year, month, day, seconds / 3600, seconds / 60 % 60,
		 seconds % 60);
	return buf;
}
