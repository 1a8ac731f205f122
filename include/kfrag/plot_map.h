/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_PLOT_MAP_H
#define KFRAG_PLOT_MAP_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kfrag/error.h"
#include "kfrag/map_picture.h"
#include "kfrag/plot.h"
#include "kfrag/replay.h"
#include "kfrag/report.h"

/*
 * Pictures of the managed memory itself. Which pictures of maps suit a page is
 * to be asked before the replay: their cells are to have whole pixels.
 */
struct kfrag_map_grid {
	enum kfrag_map_shape shape;
	unsigned max_order;
	unsigned close_up_order; /* 0: no close-ups here */
	/* The least page that has room for all the text, pixels or characters. */
	unsigned min_width, min_height;
};

struct kfrag_map_grid kfrag_plot_map_grid(const struct kfrag_plot_style *style);
struct kfrag_map_grid
kfrag_plot_churn_grid(const struct kfrag_plot_style *style);

/*
 * Bins that a map must have for such a picture, and its close-up: maps.max_bins
 * of a replay.
 */
size_t kfrag_map_grid_bins(struct kfrag_map_grid grid);

/* Both allocators' memory at one moment. */
struct kfrag_plot_maps {
	struct kfrag_map_picture pictures[KFRAG_KERNEL]; /* owned */
	/* Of buddy + slab (map_picture.h); no cells where there is none. */
	struct kfrag_map_picture close_up; /* owned */
	unsigned halvings;
};

/* Settled, side by side. KFRAG_EIO, KFRAG_ENOMEM. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_plot_write_map(FILE *out, const struct kfrag_plot_page *page,
		     const struct kfrag_report *report,
		     const struct kfrag_plot_maps *maps);

/* Both allocators at the same moment of the same replay. */
struct kfrag_churn_frame {
	struct kfrag_map_moment moment; /* but for its allocator */
	struct kfrag_map_picture pictures[KFRAG_KERNEL]; /* owned */
};

/* Frames of an animation; more would be neither watched nor held in memory. */
#define KFRAG_CHURN_MAX_FRAMES 400
#define KFRAG_CHURN_MAX_ROUNDS (KFRAG_CHURN_MAX_FRAMES / 2)

/* maps.frames_per_fill for so many rounds, 1..KFRAG_CHURN_MAX_ROUNDS. */
unsigned kfrag_plot_churn_frames_per_fill(const struct kfrag_plot_style *style,
					  uint64_t rounds);

/*
 * The memory while populations breathe: as GIF one image per frame, and that
 * number in a comment, "# 36 frames"; else stills of some rounds, peak and
 * settled. At least one round's frames, in order. KFRAG_EIO, KFRAG_ENOMEM.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_plot_write_churn(FILE *out, const struct kfrag_plot_page *page,
		       const struct kfrag_report *report,
		       const struct kfrag_churn_frame *frames,
		       size_t nr_frames);

#endif
