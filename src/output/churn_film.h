/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_CHURN_FILM_H
#define KFRAG_OUTPUT_CHURN_FILM_H

#include "kfrag/plot_map.h"
#include "output/plot_frame.h"

/* Both maps, frame after frame, as an animated GIF. */
struct kfrag_map_grid
kfrag_churn_film_grid(const struct kfrag_plot_style *style);
struct kfrag_plot_size kfrag_churn_film_size(void);
void kfrag_churn_film_draw(struct kfrag_plot_frame *frame,
			   const struct kfrag_report *report,
			   const struct kfrag_churn_frame *frames,
			   size_t nr_frames);

#endif
