// SPDX-License-Identifier: MIT
/*
 * Pictures of the managed memory: maps are gathered while the replay goes on.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/plot_kinds.h"
#include "kfrag/plot_map.h"

#define DEFAULT_CHURN_ROUNDS 4

/* What a replay has shown so far; all of it in a map's grid. */
struct album {
	struct kfrag_map_grid grid;
	struct kfrag_plot_maps maps; /* owned; of a single moment */
	struct kfrag_churn_frame *frames; /* owned; of several */
	size_t nr_frames;
	size_t nr_taken[KFRAG_KERNEL];
	/* What to draw of it, when all is there. */
	plot_writer *write;
	const struct kfrag_report *report;
};

static enum kfrag_error take_map(void *context,
				 const struct kfrag_map_moment *moment,
				 const struct kfrag_memory_map *map)
{
	struct album *album = context;
	struct kfrag_plot_maps *maps = &album->maps;
	enum kfrag_error error;

	error = kfrag_map_picture_init(&maps->pictures[moment->allocator], map,
				       album->grid.shape,
				       album->grid.max_order);
	if (error || moment->allocator != KFRAG_SLAB ||
	    album->grid.close_up_order == 0)
		return error;
	return kfrag_map_picture_init_close_up(&maps->close_up, map,
					       album->grid.close_up_order,
					       &maps->halvings);
}

static enum kfrag_error take_frame(void *context,
				   const struct kfrag_map_moment *moment,
				   const struct kfrag_memory_map *map)
{
	struct album *album = context;
	size_t index = album->nr_taken[moment->allocator]++;
	struct kfrag_churn_frame *frame = &album->frames[index];

	frame->moment = *moment;
	return kfrag_map_picture_init(&frame->pictures[moment->allocator], map,
				      album->grid.shape, album->grid.max_order);
}

static bool draw_album(const struct plot_options *options, const char *title,
		       const struct kfrag_report *report)
{
	struct album *album = options->shared.params.maps.context;

	if (!report->replayed) {
		cli_message("the population is too large to replay object by "
			    "object: it is only counted, and has no map");
		return false;
	}
	album->report = report;
	return plot_draw(options, title, album->write, album);
}

static bool is_too_small(const struct kfrag_plot_style *style,
			 const struct kfrag_map_grid *grid)
{
	bool is_text = style->terminal == KFRAG_PLOT_TEXT;

	if (style->width == 0 || (style->width >= grid->min_width &&
				  style->height >= grid->min_height))
		return false;
	cli_message("%ux%u is too small for this picture, which wants %ux%u "
		    "%s at least",
		    style->width, style->height, grid->min_width,
		    grid->min_height, is_text ? "characters" : "pixels");
	return true;
}

/* Replays with maps, and draws the album that they have filled. */
static bool fill_album(const struct plot_options *options,
		       struct cli_phases *phases, struct kfrag_replay_maps maps)
{
	const struct album *album = maps.context;
	struct plot_options with_maps = *options;

	maps.max_bins = kfrag_map_grid_bins(album->grid);
	with_maps.shared.params.maps = maps;
	return plot_replayed(&with_maps, phases, draw_album);
}

static enum kfrag_error write_map(FILE *out, const struct kfrag_plot_page *page,
				  const void *data)
{
	const struct album *album = data;

	return kfrag_plot_write_map(out, page, album->report, &album->maps);
}

bool plot_map_run(const struct plot_options *options, struct cli_phases *phases)
{
	struct kfrag_plot_style style = plot_draw_style(options);
	struct album album = {
		.grid = kfrag_plot_map_grid(&style),
		.write = write_map,
	};
	struct kfrag_replay_maps maps = {
		.on_map = take_map,
		.context = &album,
	};
	bool ok;

	if (is_too_small(&style, &album.grid))
		return false;
	ok = fill_album(options, phases, maps);
	for (int a = 0; a < KFRAG_KERNEL; a++)
		kfrag_map_picture_release(&album.maps.pictures[a]);
	kfrag_map_picture_release(&album.maps.close_up);
	return ok;
}

static enum kfrag_error
write_churn(FILE *out, const struct kfrag_plot_page *page, const void *data)
{
	const struct album *album = data;

	return kfrag_plot_write_churn(out, page, album->report, album->frames,
				      album->nr_frames);
}

static bool has_few_rounds(uint64_t rounds)
{
	if (rounds <= KFRAG_CHURN_MAX_ROUNDS)
		return true;
	cli_usage_error("churn shows at most %d rounds, not %" PRIu64,
			KFRAG_CHURN_MAX_ROUNDS, rounds);
	return false;
}

/* The album's frames are the caller's to release. */
static bool take_film(const struct plot_options *options,
		      struct cli_phases *phases, struct album *album,
		      unsigned frames_per_fill)
{
	struct kfrag_replay_maps maps = {
		.frames_per_fill = frames_per_fill,
		.on_map = take_frame,
		.context = album,
	};

	if (options->shared.verbose)
		cli_message("%zu frames", album->nr_frames);
	album->frames = calloc(album->nr_frames, sizeof(*album->frames));
	if (album->frames)
		return fill_album(options, phases, maps);
	cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
	return false;
}

bool plot_churn_run(const struct plot_options *options,
		    struct cli_phases *phases)
{
	struct kfrag_plot_style style = plot_draw_style(options);
	struct plot_options with_rounds = *options;
	uint64_t *rounds = &with_rounds.shared.params.rounds;
	struct album album = {
		.grid = kfrag_plot_churn_grid(&style),
		.write = write_churn,
	};
	unsigned frames_per_fill;
	bool ok;

	if (!options->shared.has_rounds)
		*rounds = DEFAULT_CHURN_ROUNDS;
	if (is_too_small(&style, &album.grid) || !has_few_rounds(*rounds))
		return false;
	frames_per_fill = kfrag_plot_churn_frames_per_fill(&style, *rounds);
	album.nr_frames = (size_t)(*rounds * (frames_per_fill + 1));
	ok = take_film(&with_rounds, phases, &album, frames_per_fill);
	for (size_t i = 0; album.frames && i < album.nr_frames; i++)
		for (int a = 0; a < KFRAG_KERNEL; a++)
			kfrag_map_picture_release(&album.frames[i].pictures[a]);
	free(album.frames);
	return ok;
}
