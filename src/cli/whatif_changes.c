// SPDX-License-Identifier: MIT
#include "cli/whatif_changes.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/whatif_numbers.h"
#include "kfrag/arith.h"

/* No object is larger. */
#define MAX_OBJECT_BYTES (UINT64_C(1) << 30)

enum {
	OPTION_OBJECT_SIZE = CLI_OPTION_OWN + 200,
	OPTION_ALIGN,
	OPTION_SLUB_DEBUG,
	OPTION_SLAB_ORDER,
	OPTION_POPULATION,
	OPTION_SHRINK,
	OPTION_PAGE_SIZE,
	OPTION_CPUS,
	OPTION_MIN_ORDER,
	OPTION_MAX_ORDER,
	OPTION_MIN_OBJECTS,
	OPTION_ERA,
	OPTION_SLAB,
	OPTION_MERGE,
	OPTION_NO_MERGE
};

const struct cli_option whatif_change_options[] = {
	{ OPTION_OBJECT_SIZE, "object-size", "N|+N|-N",
	  "objects of N bytes, or of N more or fewer, rounded\n"
	  "as the kernel does" },
	{ OPTION_ALIGN, "align", "N", "objects aligned to N bytes" },
	{ OPTION_SLUB_DEBUG, "slub-debug", "LETTERS",
	  "as slub_debug=: F checks, Z red zones, P poison,\n"
	  "U users, T trace, A failslab, O not where it takes\n"
	  "a higher order, - none; wants --sysslab" },
	{ OPTION_SLAB_ORDER, "slab-order", "N", "slabs of 2^N pages" },
	{ OPTION_POPULATION, "population", "xN",
	  "N times as many objects: x1.5, x2, x2/3" },
	{ OPTION_SHRINK, "shrink", NULL,
	  "active objects moved into as few slabs as hold them" },
	{ OPTION_MERGE, "merge", NULL, "caches of a size become one" },
	{ OPTION_NO_MERGE, "no-merge", NULL,
	  "names the caches that slab_nomerge would take apart" },
	{ OPTION_PAGE_SIZE, "page-size", "SIZE", "pages of 16K, 64K, ..." },
	{ OPTION_CPUS, "cpus", "N", "a machine of N CPUs" },
	{ OPTION_MIN_ORDER, "slub-min-order", "N", "as slub_min_order=" },
	{ OPTION_MAX_ORDER, "slub-max-order", "N", "as slub_max_order=" },
	{ OPTION_MIN_OBJECTS, "slub-min-objects", "N",
	  "as slub_min_objects=; these take `default`, too" },
	{ OPTION_SLAB, "slab", "NAME",
	  "the other allocator of that time: slab or slub" },
	{ OPTION_ERA, "era", "NAME", "another kernel; see ERAS" },
};

const size_t whatif_nr_change_options =
	sizeof(whatif_change_options) / sizeof(whatif_change_options[0]);

/* Returns false after a sentence. */
static bool take_opt(struct kfrag_opt *opt, const char *option,
		     const char *text, uint64_t min, uint64_t max)
{
	opt->known = cli_parse_number(option, text, min, max, &opt->value);
	return opt->known;
}

static bool take_parameter(struct kfrag_opt *opt, const char *option,
			   const char *text, uint64_t max)
{
	if (strcmp(text, "default") != 0)
		return take_opt(opt, option, text, 0, max);
	*opt = kfrag_known(KFRAG_WHATIF_DEFAULT);
	return true;
}

static bool take_object_size(struct kfrag_whatif *whatif, const char *text)
{
	const char *digits = text;
	uint64_t min = 1;

	whatif->resize = KFRAG_RESIZE_TO;
	if (*text == '+' || *text == '-') {
		whatif->resize = *text == '+' ? KFRAG_RESIZE_GROW :
						KFRAG_RESIZE_SHRINK;
		digits++;
		min = 0;
	}
	return cli_parse_number("object-size", digits, min, MAX_OBJECT_BYTES,
				&whatif->resize_bytes);
}

static bool take_align(struct kfrag_whatif *whatif, const char *text)
{
	if (!take_opt(&whatif->align_bytes, "align", text, 1, MAX_OBJECT_BYTES))
		return false;
	if (kfrag_is_power_of_two(whatif->align_bytes.value))
		return true;
	cli_usage_error("--align wants a power of two, not '%s'", text);
	return false;
}

/* T and A keep caches apart, and leave objects as they are. */
static bool take_debug(struct kfrag_whatif *whatif, const char *text)
{
	static const struct {
		char letter;
		unsigned flag;
	} letters[] = {
		{ 'f', KFRAG_DEBUG_CONSISTENCY },
		{ 'z', KFRAG_DEBUG_RED_ZONE },
		{ 'p', KFRAG_DEBUG_POISON },
		{ 'u', KFRAG_DEBUG_STORE_USER },
		{ 't', 0 },
		{ 'a', 0 },
		{ 'o', 0 },
		{ '-', 0 },
	};
	uint64_t flags = 0;

	for (const char *c = text; *c; c++) {
		size_t i = 0;
		char lower =
			(char)(*c >= 'A' && *c <= 'Z' ? *c + 'a' - 'A' : *c);

		while (i < sizeof(letters) / sizeof(letters[0]) &&
		       letters[i].letter != lower)
			i++;
		if (i == sizeof(letters) / sizeof(letters[0])) {
			cli_usage_error("--slub-debug wants letters of "
					"FZPUTAO, or -, not '%s'",
					text);
			return false;
		}
		flags |= letters[i].flag;
		whatif->debug_only_if_free |= lower == 'o';
	}
	/* As the kernel: all, where nothing is said, and - is none. */
	if (*text == '\0')
		flags = KFRAG_DEBUG_CONSISTENCY | KFRAG_DEBUG_RED_ZONE |
			KFRAG_DEBUG_POISON | KFRAG_DEBUG_STORE_USER;
	whatif->debug = kfrag_known(flags);
	return true;
}

static bool take_kind(struct kfrag_whatif *whatif, const char *text)
{
	if (strcmp(text, "slab") == 0)
		whatif->kind = KFRAG_KIND_SLAB;
	else if (strcmp(text, "slub") == 0)
		whatif->kind = KFRAG_KIND_SLUB;
	else
		cli_usage_error("--slab is slab or slub, not '%s'", text);
	return whatif->kind != KFRAG_KIND_AS_IT_IS;
}

bool whatif_parse_era(const char *option, const char *text,
		      struct kfrag_opt *era)
{
	enum kfrag_era found;

	era->known = kfrag_era_find(text, &found);
	era->value = found;
	if (!era->known)
		cli_usage_error("--%s: there is no era '%s'", option, text);
	return era->known;
}

void whatif_print_eras(void)
{
	puts("\nEras (slab and slub are the last of each):");
	for (int i = 0; i < KFRAG_NR_ERAS; i++) {
		const struct kfrag_era_range *range =
			kfrag_era_range((enum kfrag_era)i);

		printf("  %-23s Linux %s\n", range->name, range->kernels);
	}
}

static bool take_cache_change(struct kfrag_whatif *whatif, int key,
			      const char *argument)
{
	switch (key) {
	case OPTION_OBJECT_SIZE:
		return take_object_size(whatif, argument);
	case OPTION_ALIGN:
		return take_align(whatif, argument);
	case OPTION_SLUB_DEBUG:
		return take_debug(whatif, argument);
	case OPTION_SLAB_ORDER:
		return take_opt(&whatif->slab_order, "slab-order", argument, 0,
				KFRAG_GEOMETRY_MAX_ORDER);
	case OPTION_POPULATION:
		return whatif_parse_ratio("population", argument,
					  &whatif->population_numerator,
					  &whatif->population_denominator);
	case OPTION_MERGE:
	case OPTION_NO_MERGE:
		whatif->merging = key == OPTION_MERGE ? KFRAG_MERGING_ON :
							KFRAG_MERGING_OFF;
		return true;
	default:
		whatif->shrinks = true;
		return true;
	}
}

static bool take_world_change(struct kfrag_whatif *whatif, int key,
			      const char *argument)
{
	switch (key) {
	case OPTION_PAGE_SIZE:
		whatif->page_size_bytes.known = true;
		return shared_options_parse_page_size(
			"page-size", argument, &whatif->page_size_bytes.value);
	case OPTION_CPUS:
		return take_opt(&whatif->nr_cpus, "cpus", argument, 1,
				WHATIF_MAX_CPUS);
	case OPTION_MIN_ORDER:
		return take_parameter(&whatif->slub_min_order, "slub-min-order",
				      argument, KFRAG_GEOMETRY_MAX_ORDER);
	case OPTION_MAX_ORDER:
		return take_parameter(&whatif->slub_max_order, "slub-max-order",
				      argument, KFRAG_GEOMETRY_MAX_ORDER);
	case OPTION_MIN_OBJECTS:
		return take_parameter(&whatif->slub_min_objects,
				      "slub-min-objects", argument, UINT32_MAX);
	case OPTION_SLAB:
		return take_kind(whatif, argument);
	default:
		return whatif_parse_era("era", argument, &whatif->era);
	}
}

static const struct cli_option *find_option(int key)
{
	for (size_t i = 0; i < whatif_nr_change_options; i++)
		if (whatif_change_options[i].key == key)
			return &whatif_change_options[i];
	return NULL;
}

enum whatif_taken whatif_changes_take(struct whatif_changes *changes, int key,
				      const char *argument)
{
	const struct cli_option *option = find_option(key);
	size_t length = strlen(changes->text);
	bool is_of_world = key >= OPTION_PAGE_SIZE && key <= OPTION_SLAB;

	if (!option)
		return WHATIF_NOT_MINE;
	if (is_of_world ? !take_world_change(&changes->whatif, key, argument) :
			  !take_cache_change(&changes->whatif, key, argument))
		return WHATIF_REFUSED;
	snprintf(changes->text + length, sizeof(changes->text) - length,
		 "%s%s%s%s", changes->is_any ? ", " : "", option->name,
		 argument ? " " : "", argument ? argument : "");
	changes->is_any = true;
	changes->is_of_caches |= !is_of_world;
	return WHATIF_TAKEN;
}
