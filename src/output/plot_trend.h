/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_PLOT_TREND_H
#define KFRAG_OUTPUT_PLOT_TREND_H

#include <stddef.h>
#include <stdint.h>

#include "kfrag/history.h"
#include "kfrag/plot.h"
#include "output/plot_frame.h"

/* The caches shown, and the others together on top of them. */
#define KFRAG_PLOT_MAX_PARTS (KFRAG_PLOT_MAX_SERIES + 1)

/* What runs from left to right, in thousandths. */
enum kfrag_plot_time {
	KFRAG_PLOT_DATES, /* seconds since the epoch */
	KFRAG_PLOT_ELAPSED, /* seconds since the first sample */
	KFRAG_PLOT_NUMBERS /* of the samples, which state no time */
};

/* A moment as it is drawn. */
struct kfrag_plot_moment {
	uint64_t x_ms; /* as the time says; numbers in thousandths */
	uint64_t upper_bytes[KFRAG_PLOT_MAX_PARTS]; /* each with those below */
	unsigned use_permille; /* objects of slots */
	unsigned waste_permille; /* idle and tail bytes of held ones */
};

struct kfrag_plot_trend {
	const struct kfrag_history *history;
	const struct kfrag_series *shown[KFRAG_PLOT_MAX_SERIES];
	size_t nr_shown;
	size_t nr_parts; /* one more where there are others */
	enum kfrag_plot_time time;
	struct kfrag_plot_moment *moments; /* in time order */
	size_t nr_moments;
	uint64_t max_bytes;
};

/* Tics of the lower axis with its title, or, of text, its first and last. */
void kfrag_plot_time_tics(struct kfrag_plot_frame *frame,
			  const struct kfrag_plot_trend *trend);

/* Room for what kfrag_plot_time_text() writes. */
#define KFRAG_PLOT_TIME_SIZE 64

/* A moment's time for people; returns buf. */
const char *kfrag_plot_time_text(const struct kfrag_plot_trend *trend,
				 uint64_t x_ms, char buf[KFRAG_PLOT_TIME_SIZE]);

/* "time, UTC" */
const char *kfrag_plot_time_title(const struct kfrag_plot_trend *trend);

/* The whole picture as text. */
void kfrag_plot_trend_text(struct kfrag_plot_frame *frame,
			   const struct kfrag_plot_trend *trend);

/* The name of a part, and its length. */
const char *kfrag_plot_part_name(const struct kfrag_plot_trend *trend,
				 size_t part, size_t *bytes);

#endif
