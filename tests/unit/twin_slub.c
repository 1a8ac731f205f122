// SPDX-License-Identifier: MIT
#include "twin_slub.h"

#define NR_ORDERS TWIN_SLUB_NR_ORDERS

/*
 * The rules of SLUB once more, by another way: a table of what each order
 * holds and loses, and from that the best of all admissible pairs of an order
 * and a fraction, the number of objects that the kernel would then have asked
 * for being known without a search.
 */
const struct twin_slub_rules twin_slub_rules[TWIN_SLUB_NR_ERAS] = {
	{ KFRAG_ERA_SLUB_2_6_22, 8, 4, true, true, false },
	{ KFRAG_ERA_SLUB_2_6_26, 16, 4, true, true, false },
	{ KFRAG_ERA_SLUB_2_6_30, 16, 4, false, true, true },
	{ KFRAG_ERA_SLUB_6_7, 16, 2, false, false, true },
};

void twin_slub_fill(struct twin_slub_table *table, uint64_t page_bytes,
		    uint64_t size)
{
	table->page_bytes = page_bytes;
	table->size_bytes = size;
	table->least_order = NR_ORDERS;
	for (unsigned o = NR_ORDERS; o-- > 0;) {
		uint64_t slab_bytes = page_bytes * (UINT64_C(1) << o);

		table->nr_objs[o] = slab_bytes / size;
		table->lost_bytes[o] = slab_bytes % size;
		if (table->nr_objs[o] > 0)
			table->least_order = o;
	}
}

/* The least order with that many bytes. */
static unsigned order_with(const struct twin_slub_table *table, uint64_t bytes)
{
	unsigned order = 0;

	while (table->page_bytes * (UINT64_C(1) << order) < bytes)
		order++;
	return order;
}

/* The most objects that are asked for when a slab of nr_fit is found. */
static uint64_t nr_asked(const struct twin_slub_rules *rules,
			 uint64_t nr_wanted, uint64_t nr_fit)
{
	if (!rules->gives_in)
		return nr_wanted <= nr_fit ? nr_wanted : 0;
	if (!rules->halves)
		return nr_wanted < nr_fit ? nr_wanted : nr_fit;
	while (nr_wanted > nr_fit)
		nr_wanted /= 2;
	return nr_wanted;
}

/* Where no order is admissible: NR_ORDERS. */
static unsigned best_order(const struct twin_slub_rules *rules,
			   const struct twin_slub_table *table,
			   const struct twin_slub_parameters *parameters,
			   struct twin_slub_hard *hard)
{
	uint64_t best_nr = rules->gives_in ? 1 : 0;
	unsigned best_fraction = 0, best = NR_ORDERS;

	for (unsigned o = parameters->min_order; o <= parameters->max_order;
	     o++) {
		uint64_t nr = nr_asked(rules, parameters->nr_wanted,
				       table->nr_objs[o]);
		unsigned f = rules->first_fraction;

		while (f >= rules->last_fraction &&
		       table->lost_bytes[o] * f >
			       table->page_bytes * (UINT64_C(1) << o))
			f /= 2;
		if (f < rules->last_fraction || nr < best_nr ||
		    (nr == best_nr && f <= best_fraction))
			continue;
		if (rules->gives_in && nr < 2)
			continue;
		best_nr = nr;
		best_fraction = f;
		best = o;
	}
	hard->nr_fewer += best != NR_ORDERS && best_nr < parameters->nr_wanted;
	return best;
}

unsigned twin_slub_order(const struct twin_slub_rules *rules,
			 const struct twin_slub_table *table,
			 struct twin_slub_parameters parameters,
			 struct twin_slub_hard *hard)
{
	uint64_t most = table->nr_objs[parameters.max_order];
	unsigned first = parameters.min_order, order;

	if (rules->is_clamped && parameters.nr_wanted > most) {
		parameters.nr_wanted = most > 0 || rules->gives_in ? most : 1;
		hard->nr_clamped++;
	}
	if (!rules->gives_in) {
		order = order_with(table,
				   parameters.nr_wanted * table->size_bytes);
		first = order > first ? order : first;
	}
	if (table->page_bytes * (UINT64_C(1) << first) / table->size_bytes >
	    KFRAG_MAX_OBJS_PER_SLAB) {
		hard->nr_beyond_count++;
		order = order_with(table,
				   table->size_bytes * KFRAG_MAX_OBJS_PER_SLAB);
		return order > 0 ? order - 1 : 0;
	}
	order = best_order(rules, table, &parameters, hard);
	if (order != NR_ORDERS)
		return order;
	hard->nr_fallbacks++;
	if (rules->gives_in && table->least_order < parameters.min_order)
		return parameters.min_order;
	return table->least_order;
}
