// SPDX-License-Identifier: MIT
#include "shapes.h"

#include <string.h>

#include "expect.h"
#include "fixture_snapshot.h"
#include "kfrag/arith.h"

#define PER_SLAB 16
#define PAGE_BYTES 4096
#define MAX_SAMPLES 400

/* What is drawn once for a population; shares are of 1. */
struct drawn {
	unsigned nr_samples;
	double base_objs;
	double change; /* of the base, 0.2 .. 3 */
	double start; /* when something begins, 0.1 .. 0.4 */
	double length; /* how long it takes, 0.1 .. 0.3 */
	double cycles; /* in the whole time, 3 .. 8 */
	double phase;
	double noise; /* of the base */
};

/* At x, from 0 to 1 of the time: objects in use, and slots there are. */
struct population {
	double active;
	double slots; /* at least active */
};

struct model {
	struct shape shape;
	struct population (*at)(const struct drawn *drawn, double x);
};

static double ramp(double x, double start, double length)
{
	if (x <= start)
		return 0;
	return x >= start + length ? 1 : (x - start) / length;
}

/* Up and down between 0 and 1, straight. */
static double triangle(double x)
{
	double part = x - (double)(uint64_t)x;

	return part < 0.5 ? 2 * part : 2 - 2 * part;
}

static struct population packed(double active)
{
	return (struct population){ active, active };
}

static struct population leak_steady(const struct drawn *drawn, double x)
{
	return packed(drawn->base_objs * (1 + drawn->change * x));
}

static struct population leak_faster(const struct drawn *drawn, double x)
{
	return packed(drawn->base_objs * (1 + drawn->change * x * x));
}

static struct population leak_slower(const struct drawn *drawn, double x)
{
	return packed(drawn->base_objs *
		      (1 + drawn->change * (2 * x - x * x * 0.8)));
}

static struct population leak_late(const struct drawn *drawn, double x)
{
	return packed(
		drawn->base_objs *
		(1 + drawn->change * ramp(x, drawn->start, 1 - drawn->start)));
}

static struct population leak_in_second_half(const struct drawn *drawn,
					     double x)
{
	double start = 0.4 + drawn->start * 0.75;

	return packed(drawn->base_objs *
		      (1 + drawn->change * ramp(x, start, 1 - start)));
}

static struct population leak_under_waves(const struct drawn *drawn, double x)
{
	double wave = triangle(x * drawn->cycles + drawn->phase);

	return packed(drawn->base_objs *
		      (1 + drawn->change * x + 0.15 * drawn->change * wave));
}

/* Waves larger than what leaks between two of them. */
static struct population leak_under_tides(const struct drawn *drawn, double x)
{
	double wave = triangle(x * (drawn->cycles + 1));

	return packed(drawn->base_objs *
		      (1 + drawn->change * x + 0.8 * drawn->change * wave));
}

/* Objects leak into slots that were idle already. */
static struct population leak_into_slots(const struct drawn *drawn, double x)
{
	double share = drawn->change < 0.3 ? drawn->change : 0.3;
	double active = drawn->base_objs * (1 + share * x);

	return (struct population){ active, drawn->base_objs * 1.35 };
}

static struct population bloat_flat(const struct drawn *drawn, double x)
{
	return (struct population){
		drawn->base_objs, drawn->base_objs * (1.05 + drawn->change * x)
	};
}

static struct population bloat_falling(const struct drawn *drawn, double x)
{
	return (struct population){ drawn->base_objs * (1 - 0.3 * x),
				    drawn->base_objs *
					    (1.05 + drawn->change * x) };
}

/* Slabs are added while objects go; then both rest. */
static struct population bloat_that_ended(const struct drawn *drawn, double x)
{
	double part = ramp(x, 0.1, 0.6);

	return (struct population){ drawn->base_objs * (1 - 0.4 * part),
				    drawn->base_objs *
					    (1 + drawn->change * part) };
}

static struct population bloat_under_waves(const struct drawn *drawn, double x)
{
	double wave = triangle(x * drawn->cycles + drawn->phase);

	return (struct population){ drawn->base_objs * (0.6 + 0.4 * wave),
				    drawn->base_objs *
					    (1.05 + drawn->change * x) };
}

static struct population trapped_filled(const struct drawn *drawn, double x)
{
	double full = drawn->base_objs * (1 + 2 * drawn->change);
	double up = ramp(x, drawn->start, drawn->length);
	double down = ramp(x, drawn->start + drawn->length + 0.1, 0.15);
	double most = drawn->base_objs + (full - drawn->base_objs) * up;

	return (struct population){
		most - (full - drawn->base_objs * 0.8) * down, most
	};
}

static struct population trapped_draining(const struct drawn *drawn, double x)
{
	double fall = drawn->change < 0.9 ? 0.3 + drawn->change / 2 : 0.75;

	return (struct population){ drawn->base_objs * (1 - fall * x),
				    drawn->base_objs };
}

/* Some of the slabs go, far fewer than of the objects. */
static struct population trapped_partly(const struct drawn *drawn, double x)
{
	double down = ramp(x, drawn->start, drawn->length);

	return (struct population){ drawn->base_objs * (1 - 0.7 * down),
				    drawn->base_objs * (1 - 0.2 * down) };
}

static struct population trapped_at_the_end(const struct drawn *drawn, double x)
{
	double down = ramp(x, 0.92, 0.07);

	return (struct population){ drawn->base_objs * (1 - 0.7 * down),
				    drawn->base_objs };
}

static struct population cyclic_waves(const struct drawn *drawn, double x)
{
	double wave = triangle(x * drawn->cycles + drawn->phase);

	return packed(drawn->base_objs * (1 + drawn->change * wave));
}

static struct population cyclic_kept(const struct drawn *drawn, double x)
{
	struct population population = cyclic_waves(drawn, x);

	population.slots = drawn->base_objs * (1 + drawn->change);
	return population;
}

static struct population cyclic_square(const struct drawn *drawn, double x)
{
	double wave = triangle(x * drawn->cycles + drawn->phase);

	return packed(drawn->base_objs *
		      (1 + (wave < 0.5 ? 0 : drawn->change)));
}

static struct population steady_flat(const struct drawn *drawn, double x)
{
	(void)x;
	return packed(drawn->base_objs);
}

static struct population steady_idle(const struct drawn *drawn, double x)
{
	(void)x;
	return (struct population){ drawn->base_objs * 0.4, drawn->base_objs };
}

/* Filled once. */
static struct population steady_step(const struct drawn *drawn, double x)
{
	double up = ramp(x, drawn->start, drawn->length);

	return packed(drawn->base_objs * (1 + drawn->change * up));
}

static struct population steady_given_back(const struct drawn *drawn, double x)
{
	double down = ramp(x, drawn->start, drawn->length);

	return packed(drawn->base_objs * (1 - 0.6 * down));
}

static struct population steady_filled_and_given_back(const struct drawn *drawn,
						      double x)
{
	double up = ramp(x, drawn->start, drawn->length);
	double down = ramp(x, drawn->start + drawn->length + 0.1, 0.15);

	return packed(drawn->base_objs * (1 + drawn->change * (up - down)));
}

static struct population steady_drift(const struct drawn *drawn, double x)
{
	return packed(drawn->base_objs * (1 + 0.02 * x));
}

static struct population steady_outlier(const struct drawn *drawn, double x)
{
	bool is_out = x > drawn->start && x < drawn->start + 0.05;

	return packed(drawn->base_objs * (is_out ? 1 + drawn->change : 1));
}

static const struct model models[] = {
	{ { "leak steady", KFRAG_LEAK, 8, 400 }, leak_steady },
	{ { "leak faster", KFRAG_LEAK, 8, 400 }, leak_faster },
	{ { "leak slower", KFRAG_LEAK, 8, 400 }, leak_slower },
	{ { "leak late", KFRAG_LEAK, 12, 400 }, leak_late },
	{ { "leak in second half", KFRAG_LEAK, 24, 400 }, leak_in_second_half },
	{ { "leak under waves", KFRAG_LEAK, 40, 400 }, leak_under_waves },
	{ { "leak under tides", KFRAG_LEAK, 80, 400 }, leak_under_tides },
	{ { "leak into slots", KFRAG_LEAK, 8, 400 }, leak_into_slots },
	{ { "bloat flat", KFRAG_BLOAT, 8, 400 }, bloat_flat },
	{ { "bloat falling", KFRAG_BLOAT, 8, 400 }, bloat_falling },
	{ { "bloat that ended", KFRAG_BLOAT, 8, 400 }, bloat_that_ended },
	{ { "bloat under waves", KFRAG_BLOAT, 60, 400 }, bloat_under_waves },
	{ { "trapped filled", KFRAG_TRAPPED, 12, 400 }, trapped_filled },
	{ { "trapped draining", KFRAG_TRAPPED, 3, 400 }, trapped_draining },
	{ { "trapped partly", KFRAG_TRAPPED, 8, 400 }, trapped_partly },
	{ { "trapped at the end", KFRAG_TRAPPED, 3, 400 }, trapped_at_the_end },
	{ { "cyclic waves", KFRAG_CYCLIC, 60, 400 }, cyclic_waves },
	{ { "cyclic, slabs kept", KFRAG_CYCLIC, 60, 400 }, cyclic_kept },
	{ { "cyclic square", KFRAG_CYCLIC, 60, 400 }, cyclic_square },
	{ { "steady flat", KFRAG_STEADY, 6, 400 }, steady_flat },
	{ { "steady idle", KFRAG_STEADY, 6, 400 }, steady_idle },
	{ { "steady step", KFRAG_STEADY, 12, 400 }, steady_step },
	{ { "steady given back", KFRAG_STEADY, 12, 400 }, steady_given_back },
	{ { "steady up and down", KFRAG_STEADY, 12, 400 },
	  steady_filled_and_given_back },
	{ { "steady drift", KFRAG_STEADY, 6, 400 }, steady_drift },
	{ { "steady outlier", KFRAG_STEADY, 12, 400 }, steady_outlier },
	{ { "too few of a leak", KFRAG_TOO_FEW, 1, 5 }, leak_steady },
	{ { "too few of bloat", KFRAG_TOO_FEW, 1, 5 }, bloat_flat },
	{ { "too few of flat", KFRAG_TOO_FEW, 1, 5 }, steady_flat },
	{ { "too few of draining", KFRAG_TOO_FEW, 1, 2 }, trapped_draining },
};

#define NR_MODELS (sizeof(models) / sizeof(models[0]))

const struct shape *shapes(size_t *nr_shapes)
{
	static struct shape list[NR_MODELS];

	for (size_t i = 0; i < NR_MODELS; i++)
		list[i] = models[i].shape;
	*nr_shapes = NR_MODELS;
	return list;
}

/* From 0 to 1. */
static double draw(struct kfrag_random *random)
{
	return (double)kfrag_random_below(random, 1000001) / 1000000;
}

static struct drawn draw_all(const struct shape *shape,
			     struct kfrag_random *random)
{
	uint64_t range = shape->max_samples - shape->min_samples + 1;

	return (struct drawn){
		.nr_samples = shape->min_samples +
			      (unsigned)kfrag_random_below(random, range),
		.base_objs =
			(double)(4000 + fixture_log_random(random, 1 << 20)),
		.change = 0.2 + draw(random) * draw(random) * 2.8,
		.start = 0.1 + 0.3 * draw(random),
		.length = 0.1 + 0.2 * draw(random),
		.cycles = 3 + 5 * draw(random),
		.phase = draw(random),
		.noise = 0.02 * draw(random),
	};
}

/* More wanted than slots there are makes slots, as a cache does. */
static void set_row(struct fixture_row *row, const struct drawn *drawn,
		    struct population population, uint64_t size_bytes,
		    struct kfrag_random *random)
{
	double noise = (2 * draw(random) - 1) * drawn->noise;
	double active = population.active + noise * drawn->base_objs;
	double slots = population.slots > active ? population.slots : active;

	*row = (struct fixture_row){
		.active_objs = (uint64_t)active,
		.num_objs = kfrag_div_up((uint64_t)slots, PER_SLAB) * PER_SLAB,
		.size_bytes = size_bytes,
		.objs_per_slab = PER_SLAB,
		.pages_per_slab = size_bytes * PER_SLAB / PAGE_BYTES,
	};
}

static void add_sample(struct kfrag_history_builder *builder,
		       const struct fixture_row *row, unsigned i)
{
	struct fixture_snapshot fixture;

	fixture_snapshot_of(&fixture, row);
	fixture.snapshot.has_time = true;
	fixture.snapshot.time = 1700000000 + UINT64_C(60) * i;
	EXPECT_EQ(kfrag_history_builder_add(builder, &fixture.snapshot,
					    PAGE_BYTES, 0, i + 1),
		  KFRAG_OK);
}

static void finish(struct kfrag_history_builder *builder,
		   struct kfrag_history *history)
{
	EXPECT_EQ(kfrag_history_builder_finish(builder, history, 0), KFRAG_OK);
	kfrag_history_builder_destroy(builder);
}

void shape_draw(const struct shape *shape, struct kfrag_random *random,
		struct kfrag_history *history)
{
	const struct model *model = models;
	const struct drawn drawn = draw_all(shape, random);
	uint64_t size_bytes = UINT64_C(256) << kfrag_random_below(random, 3);
	unsigned last = drawn.nr_samples > 1 ? drawn.nr_samples - 1 : 1;
	struct kfrag_history_builder *builder;

	while (strcmp(model->shape.name, shape->name) != 0)
		model++;
	EXPECT_EQ(kfrag_history_builder_create(&builder), KFRAG_OK);
	for (unsigned i = 0; i < drawn.nr_samples; i++) {
		struct fixture_row row;

		set_row(&row, &drawn, model->at(&drawn, (double)i / last),
			size_bytes, random);
		add_sample(builder, &row, i);
	}
	finish(builder, history);
}

void shape_wander(unsigned nr_samples, unsigned pull,
		  struct kfrag_random *random, struct kfrag_history *history)
{
	const struct drawn drawn = { .base_objs = 20000 };
	struct kfrag_history_builder *builder;
	double active = drawn.base_objs;

	EXPECT_EQ(kfrag_history_builder_create(&builder), KFRAG_OK);
	for (unsigned i = 0; i < nr_samples; i++) {
		struct fixture_row row;

		active += (draw(random) - 0.5) * 0.06 * drawn.base_objs -
			  (active - drawn.base_objs) * pull / 100;
		set_row(&row, &drawn, packed(active < 0 ? 0 : active), 512,
			random);
		add_sample(builder, &row, i);
	}
	finish(builder, history);
}
