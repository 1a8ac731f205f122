// SPDX-License-Identifier: MIT
#include "streams.h"

#include <string.h>

#include "host.h"
#include "kfrag/random.h"

/* Of w2m and w4m: a spare place for so many taken ones. */
#define SPARE_DIVISOR 16

static void open_stream(struct stream *stream, uint64_t nr_pages,
			uint64_t nr_places, uint64_t nr_ops)
{
	*stream = (struct stream){ .nr_pages = nr_pages,
				   .nr_places = nr_places,
				   .nr_ops = nr_ops };
	stream->units = host_map(nr_places, sizeof(*stream->units));
	stream->places = host_map(nr_ops, sizeof(*stream->places));
}

void stream_destroy(struct stream *stream)
{
	host_unmap(stream->units, stream->nr_places, sizeof(*stream->units));
	host_unmap(stream->places, stream->nr_ops, sizeof(*stream->places));
}

static void add_phase(struct stream *stream, const char *name, uint64_t end)
{
	stream->phases[stream->nr_phases] = name;
	stream->ends[stream->nr_phases++] = end;
}

static void number(uint32_t *items, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		items[i] = (uint32_t)i;
}

static void shuffle(struct kfrag_random *random, uint32_t *items, uint64_t n)
{
	for (uint64_t i = n; i > 1; i--) {
		uint64_t j = kfrag_random_below(random, i);
		uint32_t item = items[i - 1];

		items[i - 1] = items[j];
		items[j] = item;
	}
}

/*
 * The phases "fill" and "mixed". All but nr_spare places are taken; then a
 * random one is freed and another taken, so that the level stays. Which one:
 * without spares the same again, else a random empty one, which is seldom of
 * the same unit, and never the place just freed.
 */
static void add_fill_and_mixed(struct stream *stream,
			       struct kfrag_random *random, uint64_t nr_spare)
{
	uint32_t *items = host_map(stream->nr_places, sizeof(*items));
	uint64_t i = stream->nr_places - nr_spare;
	uint64_t nr_taken = i;

	number(stream->places, i);
	add_phase(stream, "fill", i);
	number(items, stream->nr_places);
	while (i < stream->nr_ops) {
		uint64_t from = kfrag_random_below(random, nr_taken);
		uint64_t to = from;
		uint32_t place = items[from];

		if (nr_spare)
			to = nr_taken + kfrag_random_below(random, nr_spare);
		stream->places[i++] = place;
		stream->places[i++] = items[to];
		items[from] = items[to];
		items[to] = place;
	}
	add_phase(stream, "mixed", i);
	host_unmap(items, stream->nr_places, sizeof(*items));
}

void stream_make_w1(struct stream *stream, uint64_t nr_pages, uint64_t nr_ops)
{
	struct kfrag_random random;

	(void)nr_ops;
	kfrag_random_init(&random, 1);
	open_stream(stream, nr_pages, nr_pages, 2 * nr_pages);
	/* Order 0. Written, so that no run has to fault it in. */
	memset(stream->units, 0, (size_t)nr_pages * sizeof(*stream->units));
	number(stream->places, nr_pages);
	add_phase(stream, "alloc", nr_pages);
	number(stream->places + nr_pages, nr_pages);
	shuffle(&random, stream->places + nr_pages, nr_pages);
	add_phase(stream, "free", 2 * nr_pages);
}

static void make_w2(struct stream *stream, uint64_t nr_pages, uint64_t nr_ops,
		    uint64_t spare_divisor)
{
	struct kfrag_random random, orders;
	uint64_t used = 0, nr_taken = 0, nr_spare = 0;

	kfrag_random_init(&random, 2);
	/* How many it takes is known after drawing them: draw twice. */
	for (orders = random; used < nr_pages / 10 * 7; nr_taken++)
		used += UINT64_C(1) << kfrag_random_below(&orders, 10);
	if (spare_divisor)
		nr_spare = nr_taken / spare_divisor + 1;
	open_stream(stream, nr_pages, nr_taken + nr_spare,
		    nr_taken + nr_ops + nr_ops % 2);
	for (uint64_t i = 0; i < stream->nr_places; i++)
		stream->units[i] = (uint16_t)kfrag_random_below(&random, 10);
	add_fill_and_mixed(stream, &random, nr_spare);
}

void stream_make_w2(struct stream *stream, uint64_t nr_pages, uint64_t nr_ops)
{
	make_w2(stream, nr_pages, nr_ops, 0);
}

void stream_make_w2m(struct stream *stream, uint64_t nr_pages, uint64_t nr_ops)
{
	make_w2(stream, nr_pages, nr_ops, SPARE_DIVISOR);
}

void stream_make_w3(struct stream *stream, uint64_t nr_objs, uint64_t nr_ops)
{
	struct kfrag_random random;
	uint64_t nr_freed = nr_objs / 10 * 3;
	uint32_t *order = host_map(nr_objs, sizeof(*order));

	(void)nr_ops;
	kfrag_random_init(&random, 3);
	open_stream(stream, nr_objs / 21 * 2 + 1024, nr_objs,
		    nr_objs + 2 * nr_freed);
	for (uint64_t i = 0; i < nr_objs; i++)
		stream->units[i] = 192;
	number(stream->places, nr_objs);
	add_phase(stream, "alloc", nr_objs);
	number(order, nr_objs);
	shuffle(&random, order, nr_objs);
	for (uint64_t from = nr_objs; from < stream->nr_ops; from += nr_freed)
		memcpy(stream->places + from, order,
		       (size_t)nr_freed * sizeof(*order));
	host_unmap(order, nr_objs, sizeof(*order));
	add_phase(stream, "free", nr_objs + nr_freed);
	add_phase(stream, "refill", stream->nr_ops);
}

static void make_w4(struct stream *stream, uint64_t nr_objs, uint64_t nr_ops,
		    uint64_t nr_spare)
{
	struct kfrag_random random;

	kfrag_random_init(&random, 4);
	open_stream(stream, nr_objs * 2, nr_objs + nr_spare,
		    nr_objs + nr_ops + nr_ops % 2);
	for (uint64_t i = 0; i < stream->nr_places; i++)
		stream->units[i] =
			(uint16_t)(16 + kfrag_random_below(&random, 4081));
	add_fill_and_mixed(stream, &random, nr_spare);
}

void stream_make_w4(struct stream *stream, uint64_t nr_objs, uint64_t nr_ops)
{
	make_w4(stream, nr_objs, nr_ops, 0);
}

void stream_make_w4m(struct stream *stream, uint64_t nr_objs, uint64_t nr_ops)
{
	make_w4(stream, nr_objs, nr_ops, nr_objs / SPARE_DIVISOR + 1);
}
