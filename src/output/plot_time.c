// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "output/calendar.h"
#include "output/plot_trend.h"

#define MINUTE 60
#define HOUR 3600
#define DAY 86400

#define MAX_TICS 7

/* Steps that people count time in. */
static const uint64_t steps[] = {
	1,	 2,	     5,		 10,	      15,	   30,
	MINUTE,	 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
	HOUR,	 2 * HOUR,   3 * HOUR,	 6 * HOUR,    12 * HOUR,   DAY,
	2 * DAY, 7 * DAY,    14 * DAY,	 30 * DAY,    90 * DAY,	   365 * DAY,
};

/* Steps that people count things in: 1, 2, 5, 10, ... */
static uint64_t number_step(uint64_t span)
{
	uint64_t step = 1;

	for (unsigned i = 0; span / step > MAX_TICS; i++)
		step = i % 3 == 1 ? step / 2 * 5 : step * 2;
	return step;
}

static uint64_t step_of(const struct kfrag_plot_trend *trend, uint64_t span)
{
	if (trend->time == KFRAG_PLOT_NUMBERS)
		return number_step(span);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (span / steps[i] <= MAX_TICS)
			return steps[i];
	return number_step(span / (365 * DAY)) * (365 * DAY);
}

/* "90 s", "15 min", "36 h", "12 d": the largest unit that is whole. */
static const char *elapsed_text(uint64_t seconds, char *buf, size_t size)
{
	if (seconds == 0)
		(void)snprintf(buf, size, "0");
	else if (seconds % DAY == 0)
		(void)snprintf(buf, size, "%" PRIu64 " d", seconds / DAY);
	else if (seconds % HOUR == 0)
		(void)snprintf(buf, size, "%" PRIu64 " h", seconds / HOUR);
	else if (seconds % MINUTE == 0)
		(void)snprintf(buf, size, "%" PRIu64 " min", seconds / MINUTE);
	else
		(void)snprintf(buf, size, "%" PRIu64 " s", seconds);
	return buf;
}

const char *kfrag_plot_time_text(const struct kfrag_plot_trend *trend,
				 uint64_t x_ms, char buf[KFRAG_PLOT_TIME_SIZE])
{
	char date[KFRAG_CALENDAR_SIZE];
	uint64_t x = x_ms / 1000;

	if (trend->time == KFRAG_PLOT_ELAPSED)
		return elapsed_text(x, buf, KFRAG_PLOT_TIME_SIZE);
	if (trend->time == KFRAG_PLOT_NUMBERS)
		(void)snprintf(buf, KFRAG_PLOT_TIME_SIZE, "%" PRIu64, x);
	else
		(void)snprintf(buf, KFRAG_PLOT_TIME_SIZE, "%s",
			       kfrag_calendar_text(x, date));
	return buf;
}

const char *kfrag_plot_time_title(const struct kfrag_plot_trend *trend)
{
	switch (trend->time) {
	case KFRAG_PLOT_DATES:
		return "time, UTC";
	case KFRAG_PLOT_ELAPSED:
		return "time since the first sample";
	default:
		return "number of the sample; they state no time";
	}
}

/* "22:13\n2023-11-14": the date where it is another one than before. */
static void put_date_tic(struct kfrag_plot_frame *frame, uint64_t x,
			 uint64_t step, char before[KFRAG_CALENDAR_SIZE])
{
	char text[KFRAG_CALENDAR_SIZE];
	char *blank;

	kfrag_calendar_text(x, text);
	blank = strchr(text, ' ');
	if (!blank) {
		kfrag_plot_format(frame, "'%s' ", text);
		return;
	}
	*blank = '\0';
	if (step % DAY == 0)
		kfrag_plot_format(frame, "'%s' ", text);
	else
		kfrag_plot_format(frame, "\"%.*s\\n%s\" ",
				  step % MINUTE == 0 ? 5 : 8, blank + 1,
				  strcmp(before, text) != 0 ? text : "");
	memcpy(before, text, sizeof(text));
}

void kfrag_plot_time_tics(struct kfrag_plot_frame *frame,
			  const struct kfrag_plot_trend *trend)
{
	uint64_t first = trend->moments[0].x_ms / 1000;
	uint64_t last = trend->moments[trend->nr_moments - 1].x_ms / 1000;
	uint64_t step = step_of(trend, last - first);
	uint64_t at = first + (step - first % step) % step;
	char before[KFRAG_CALENDAR_SIZE] = "";
	char text[KFRAG_PLOT_TIME_SIZE];

	kfrag_plot_format(frame, "set xtics noenhanced (");
	for (const char *comma = ""; at <= last; at += step) {
		kfrag_plot_format(frame, "%s", comma);
		if (trend->time == KFRAG_PLOT_DATES)
			put_date_tic(frame, at, step, before);
		else
			kfrag_plot_format(frame, "'%s' ",
					  kfrag_plot_time_text(trend, at * 1000,
							       text));
		kfrag_plot_format(frame, "%.0f", kfrag_plot_number(at));
		comma = ", ";
	}
	kfrag_plot_format(frame, ")\n");
}
