/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_CHURN_STILLS_H
#define KFRAG_OUTPUT_CHURN_STILLS_H

#include "kfrag/plot_map.h"
#include "output/plot_frame.h"

/*
 * Maps of some rounds, peak and settled, in a row for each allocator: on a
 * page of pixels or of text.
 */
struct kfrag_map_grid
kfrag_churn_stills_grid(const struct kfrag_plot_style *style);
struct kfrag_plot_size
kfrag_churn_stills_size(const struct kfrag_plot_style *style);
void kfrag_churn_stills_draw(struct kfrag_plot_frame *frame,
			     const struct kfrag_report *report,
			     const struct kfrag_churn_frame *frames,
			     size_t nr_frames);

#endif
