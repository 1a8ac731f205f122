// SPDX-License-Identifier: MIT
#include "replay/trend_rules.h"

#include "kfrag/trend.h"

static const struct kfrag_threshold rules[KFRAG_NR_RULES] = {
	[KFRAG_RULE_MIN_SAMPLES] = {
		"min-samples", 6, "samples",
		"fewer are too few, but for trapped",
	},
	[KFRAG_RULE_MIN_SAMPLES_TRAPPED] = {
		"min-samples-trapped", 3, "samples",
		"fewer are too few for trapped as well",
	},
	[KFRAG_RULE_MIN_BYTES] = {
		"min-bytes", 65536, "bytes",
		"smaller climbs, ranges and gaps are passed over",
	},
	[KFRAG_RULE_CLIMB_PERCENT] = {
		"climb", 5, "% of what it was",
		"a climb comes to as much",
	},
	[KFRAG_RULE_CLIMB_SIGMA] = {
		"climb-pairs", 233, "% of sigma",
		"in pairs of samples climbs outnumber falls by as much",
	},
	[KFRAG_RULE_CLIMB_SCATTER] = {
		"climb-scatter", 10, "times",
		"as far as half of the samples lie off the line",
	},
	[KFRAG_RULE_TAIL_PERCENT] = {
		"climb-end", 5, "% of the climb",
		"each of the last two fifths of the samples brings it",
	},
	[KFRAG_RULE_IN_USE_PERCENT] = {
		"leak-share", 50, "% of total's climb",
		"leak: objects in use climb by as much; bloat: by less",
	},
	[KFRAG_RULE_USE_PERCENT] = {
		"leak-use", 75, "% of total",
		"leak: as much is in use at the end, or total climbs",
	},
	[KFRAG_RULE_FALL_PERCENT] = {
		"trapped-fall", 20, "% of the most",
		"trapped: objects in use fell by as much",
	},
	[KFRAG_RULE_KEPT_PERCENT] = {
		"trapped-shed", 50, "% of that share",
		"trapped: a smaller share of the slabs went",
	},
	[KFRAG_RULE_SPARE_PERCENT] = {
		"trapped-spare", 20, "% of the slabs",
		"trapped: packed full, so many would be free",
	},
	[KFRAG_RULE_TURNS] = {
		"cyclic-turns", 3, "turns",
		"cyclic: objects in use turn as often",
	},
	[KFRAG_RULE_SWING_PERCENT] = {
		"cyclic-swing", 30, "% of the range",
		"a turn comes back as far",
	},
	[KFRAG_RULE_RANGE_PERCENT] = {
		"cyclic-range", 10, "% of the most",
		"cyclic: least and most in use lie as far apart",
	},
	[KFRAG_RULE_WILD_PERCENT] = {
		"cyclic-rough", 30, "% of the most",
		"cyclic: in a smaller range the way must be smooth",
	},
	[KFRAG_RULE_LOWS] = {
		"tide-lows", 4, "low points",
		"leak though it turns: as many, each above the last",
	},
	[KFRAG_RULE_LOWS_PERCENT] = {
		"tide-climb", 33, "% of the range",
		"leak though it turns: its low points climb by as much",
	},
};

const struct kfrag_threshold *kfrag_trend_thresholds(size_t *nr_thresholds)
{
	*nr_thresholds = KFRAG_NR_RULES;
	return rules;
}

uint64_t kfrag_rule(enum kfrag_rule rule)
{
	return rules[rule].value;
}
