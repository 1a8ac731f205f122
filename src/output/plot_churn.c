// SPDX-License-Identifier: MIT
/*
 * The memory while populations breathe: a film, or stills where nothing moves.
 */
#include "kfrag/plot_map.h"
#include "output/churn_film.h"
#include "output/churn_stills.h"

/* Of a film, where the rounds leave so many. */
#define FRAMES_PER_FILL 8

static bool is_film(const struct kfrag_plot_style *style)
{
	return style->terminal == KFRAG_PLOT_GIF;
}

struct kfrag_map_grid
kfrag_plot_churn_grid(const struct kfrag_plot_style *style)
{
	if (is_film(style))
		return kfrag_churn_film_grid(style);
	return kfrag_churn_stills_grid(style);
}

unsigned kfrag_plot_churn_frames_per_fill(const struct kfrag_plot_style *style,
					  uint64_t rounds)
{
	uint64_t frames = KFRAG_CHURN_MAX_FRAMES / rounds - 1;

	if (!is_film(style))
		return 1;
	return frames < FRAMES_PER_FILL ? (unsigned)frames : FRAMES_PER_FILL;
}

enum kfrag_error
kfrag_plot_write_churn(FILE *out, const struct kfrag_plot_page *page,
		       const struct kfrag_report *report,
		       const struct kfrag_churn_frame *frames, size_t nr_frames)
{
	struct kfrag_plot_frame frame;

	if (is_film(&page->style)) {
		kfrag_plot_begin(&frame, out, page, kfrag_churn_film_size());
		kfrag_churn_film_draw(&frame, report, frames, nr_frames);
	} else {
		kfrag_plot_begin(&frame, out, page,
				 kfrag_churn_stills_size(&page->style));
		kfrag_churn_stills_draw(&frame, report, frames, nr_frames);
	}
	return kfrag_plot_end(&frame);
}
