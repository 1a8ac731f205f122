// SPDX-License-Identifier: MIT
/*
 * The picture of what designs of bookkeeping cost: needs no capture.
 */
#include "cli/cli.h"
#include "cli/plot_kinds.h"
#include "kfrag/buddy.h"
#include "kfrag/pages.h"

#define MIN_MEMORY_SHIFT 22 /* 4 MiB */
#define MAX_MEMORY_SHIFT 44 /* 16 TiB */
#define NR_COSTS (MAX_MEMORY_SHIFT - MIN_MEMORY_SHIFT + 1)

/* Where neither --page-size nor --max-order says so. */
#define DEFAULT_PAGE_BYTES 4096

struct costs {
	struct kfrag_plot_cost of[NR_COSTS];
	uint64_t page_size_bytes;
	unsigned max_order;
};

/* Ours is made, where there is memory for it, and asked. */
static void measure(struct kfrag_plot_cost *cost, uint64_t nr_pages,
		    unsigned max_order)
{
	struct kfrag_buddy *buddy;

	cost->designs = kfrag_measure_designs(nr_pages, max_order);
	cost->is_measured = kfrag_buddy_create(&buddy, nr_pages, max_order) ==
			    KFRAG_OK;
	if (cost->is_measured) {
		cost->own_bytes = kfrag_buddy_bitmap_bytes(buddy) +
				  kfrag_buddy_bookkeeping_bytes(buddy);
		kfrag_buddy_destroy(buddy);
	} else {
		cost->own_bytes =
			kfrag_buddy_bitmap_bytes_for(nr_pages, max_order);
	}
}

static enum kfrag_error
write_bitmap(FILE *out, const struct kfrag_plot_page *page, const void *data)
{
	const struct costs *costs = data;

	return kfrag_plot_write_bitmap(out, page, costs->of, NR_COSTS,
				       costs->page_size_bytes,
				       costs->max_order);
}

bool plot_bitmap_run(const struct plot_options *options,
		     struct cli_phases *phases)
{
	struct costs costs = {
		.page_size_bytes = options->shared.page_size_bytes,
		.max_order = options->shared.params.max_order,
	};

	if (!costs.page_size_bytes)
		costs.page_size_bytes = DEFAULT_PAGE_BYTES;
	for (unsigned i = 0; i < NR_COSTS; i++) {
		uint64_t memory_bytes = UINT64_C(1) << (MIN_MEMORY_SHIFT + i);
		uint64_t nr_pages = memory_bytes / costs.page_size_bytes;

		costs.of[i].memory_bytes = memory_bytes;
		if (nr_pages > 0)
			measure(&costs.of[i], nr_pages, costs.max_order);
	}
	cli_phases_end(phases, "measuring");
	return plot_draw(options, "What it costs to keep track of free memory",
			 write_bitmap, &costs);
}
