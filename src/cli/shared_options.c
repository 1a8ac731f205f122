// SPDX-License-Identifier: MIT
#include "cli/shared_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "kfrag/arith.h"
#include "kfrag/buddy.h"
#include "kfrag/units.h"
#include "output/figures.h"

enum {
	OPTION_PAGE_SIZE = CLI_OPTION_OWN + 1,
	OPTION_MAX_ORDER,
	OPTION_SEED,
	OPTION_ROUNDS,
	OPTION_MIN_PARTIAL,
	OPTION_BUDDY_ORDER,
	OPTION_POLICY,
	OPTION_FORMAT,
	OPTION_CSV,
	OPTION_JSON,
	OPTION_COLUMNS,
	OPTION_ALL,
	OPTION_FAIL_IF,
	OPTION_STRICT
};

static const struct cli_option view_options[] = {
	{ OPTION_FORMAT, "format", "FORMAT",
	  "table (for people, the default), csv, json or\n"
	  "gnuplot (for programs)" },
	{ OPTION_CSV, "csv", NULL, "the same as --format csv" },
	{ OPTION_JSON, "json", NULL, "the same as --format json" },
	{ OPTION_COLUMNS, "columns", "LIST",
	  "only these columns of the table, in this order" },
	{ 's', "sort", "KEY", "order of the caches; see SORT KEYS" },
	{ 'r', "reverse", NULL, "the other way round" },
	{ CLI_OPTION_CACHE, "cache", "PATTERN",
	  "only caches whose name the glob pattern matches;\n"
	  "may be given more than once" },
	{ 'n', "lines", "N",
	  "only the first N rows (the table for people: 20)" },
	{ OPTION_ALL, "all", NULL, "all rows" },
	{ OPTION_FAIL_IF, "fail-if", "EXPR",
	  "exit 1 if a row meets EXPR, as in\n"
	  "'kmalloc-*:kernel_held_bytes>5GiB' or, of memory,\n"
	  "'total:kernel_held_bytes>20%'; see CONDITIONS in\n"
	  "kfrag(1); may be given more than once" },
};

static const struct cli_option machine_options[] = {
	{ OPTION_PAGE_SIZE, "page-size", "SIZE",
	  "page size of the machine (default: what FILE states,\n"
	  "this machine's for the live file, else what the\n"
	  "rows allow)" },
};

static const struct cli_option replay_options[] = {
	{ CLI_OPTION_MEMORY, "memory", "SIZE",
	  "memory that each allocator manages (default: the\n"
	  "smallest power of two that holds the objects)" },
	{ OPTION_MAX_ORDER, "max-order", "N",
	  "largest block: 2^N pages (default 10)" },
	{ OPTION_SEED, "seed", "N", "seed of all that is random (default 1)" },
	{ OPTION_ROUNDS, "rounds", "N",
	  "how often the populations fill and settle\n"
	  "(default 1)" },
	{ OPTION_MIN_PARTIAL, "min-partial", "N",
	  "keep an empty slab while its cache has fewer than N\n"
	  "slabs with free slots (default 0; Linux: 5 to 10)" },
	{ OPTION_BUDDY_ORDER, "buddy-order", "ORDER",
	  "which of several free blocks is taken: address (the\n"
	  "lowest, the default), lifo (the youngest, as Linux)\n"
	  "or fifo (the oldest)" },
	{ OPTION_POLICY, "policy", "NAME",
	  "which partial slab serves next; see POLICIES" },
};

static const struct cli_option run_options[] = {
	{ OPTION_STRICT, "strict", NULL,
	  "exit 2 where a part of FILE could not be read" },
	{ 'v', "verbose", NULL,
	  "say on stderr how the input was read, and where the\n"
	  "processor time went" },
	{ 'h', "help", NULL, "display this help" },
	{ 'V', "version", NULL, "display the version" },
};

#define PART(table)                                                            \
	{                                                                      \
		table, sizeof(table) / sizeof((table)[0]), NULL                \
	}

static const struct cli_option_part view = PART(view_options);
static const struct cli_option_part machine = PART(machine_options);
static const struct cli_option_part replay = PART(replay_options);
static const struct cli_option_part run = PART(run_options);

static bool take_format(struct shared_options *options, const char *text)
{
	static const char *const formats[] = {
		[CLI_TABLE] = "table",
		[CLI_CSV] = "csv",
		[CLI_JSON] = "json",
		[CLI_GNUPLOT] = "gnuplot",
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(text, formats[i]) == 0) {
			options->format = (enum cli_format)i;
			return true;
		}
	}
	cli_usage_error("unknown format '%s'; there are table, csv, json and "
			"gnuplot",
			text);
	return false;
}

static bool take_show(struct shared_options *options, const char *text)
{
	const struct cli_tables *tables = options->tables;
	char list[128] = "";

	for (size_t i = 0; i < tables->nr_sets; i++) {
		const char *name = tables->set(i)->name;
		size_t length = strlen(list);

		if (strcmp(text, name) == 0) {
			options->has_show = true;
			options->show = i;
			return true;
		}
		snprintf(list + length, sizeof(list) - length, "%s%s",
			 kfrag_figure_separator(i, tables->nr_sets), name);
	}
	cli_usage_error("unknown table '%s'; there are %s", text, list);
	return false;
}

bool shared_options_parse_page_size(const char *option, const char *text,
				    uint64_t *bytes)
{
	if (kfrag_units_parse_bytes(text, bytes) &&
	    kfrag_is_power_of_two(*bytes) && *bytes >= KFRAG_MIN_PAGE_BYTES &&
	    *bytes <= KFRAG_MAX_PAGE_BYTES)
		return true;
	cli_usage_error("--%s wants a power of two from 1K to 16M, not '%s'",
			option, text);
	return false;
}

static bool take_memory(struct shared_options *options, const char *text)
{
	if (kfrag_units_parse_bytes(text, &options->params.memory_bytes) &&
	    options->params.memory_bytes > 0)
		return true;
	cli_usage_error("--memory wants a size such as 64M or 2G, not '%s'",
			text);
	return false;
}

static bool take_buddy_order(struct shared_options *options, const char *text)
{
	if (kfrag_buddy_placement_find(text, &options->params.placement))
		return true;
	cli_usage_error("unknown buddy order '%s'; there are address, lifo and "
			"fifo",
			text);
	return false;
}

static bool take_policy(struct shared_options *options, const char *text)
{
	options->params.policy = kfrag_slab_policy_find(text);
	if (options->params.policy)
		return true;
	cli_usage_error("unknown policy '%s'", text);
	return false;
}

static bool take_sort(struct shared_options *options, const char *text)
{
	options->has_sort = options->tables->find_key(text, &options->sort);
	if (!options->has_sort)
		cli_usage_error("unknown sort key '%s'", text);
	return options->has_sort;
}

static bool take_fail_if(struct shared_options *options, const char *text)
{
	const struct cli_tables *tables = options->tables;
	const struct kfrag_column_set *sets[KFRAG_NR_TABLES];
	size_t nr_sets = 0;

	/* Rows of tables without keys have no names to choose them by. */
	while (nr_sets < tables->nr_sets && tables->set(nr_sets)->nr_keys > 0) {
		sets[nr_sets] = tables->set(nr_sets);
		nr_sets++;
	}
	return cli_conditions_add(&options->fail_if, text, sets, nr_sets);
}

static bool take_number(struct shared_options *options, int key,
			const char *text)
{
	uint64_t number;

	switch (key) {
	case OPTION_MAX_ORDER:
		if (!cli_parse_number("max-order", text, 0, KFRAG_MAX_ORDER,
				      &number))
			return false;
		options->params.max_order = (unsigned)number;
		return true;
	case OPTION_SEED:
		return cli_parse_number("seed", text, 0, UINT64_MAX,
					&options->params.seed);
	case OPTION_ROUNDS:
		options->has_rounds = true;
		return cli_parse_number("rounds", text, 1, UINT64_MAX,
					&options->params.rounds);
	case OPTION_MIN_PARTIAL:
		return cli_parse_number("min-partial", text, 0, UINT64_MAX,
					&options->params.min_partial_slabs);
	default:
		options->has_lines = true;
		return cli_parse_number("lines", text, 0, UINT64_MAX,
					&options->lines);
	}
}

static bool take_flag(struct shared_options *options, int key)
{
	switch (key) {
	case OPTION_CSV:
		options->format = CLI_CSV;
		break;
	case OPTION_JSON:
		options->format = CLI_JSON;
		break;
	case OPTION_ALL:
		options->has_lines = true;
		options->lines = UINT64_MAX;
		break;
	case OPTION_STRICT:
		options->strict = true;
		break;
	case 'r':
		options->reverse = true;
		break;
	case 'v':
		options->verbose = true;
		break;
	case 'h':
		options->wants_help = true;
		break;
	case 'V':
		options->wants_version = true;
		break;
	default:
		break;
	}
	return true;
}

bool shared_options_take(struct shared_options *options, int key,
			 const char *argument)
{
	switch (key) {
	case OPTION_FORMAT:
		return take_format(options, argument);
	case CLI_OPTION_SHOW:
		return take_show(options, argument);
	case OPTION_COLUMNS:
		options->columns = argument;
		return true;
	case OPTION_PAGE_SIZE:
		return shared_options_parse_page_size(
			"page-size", argument, &options->page_size_bytes);
	case CLI_OPTION_MEMORY:
		return take_memory(options, argument);
	case OPTION_BUDDY_ORDER:
		return take_buddy_order(options, argument);
	case OPTION_POLICY:
		return take_policy(options, argument);
	case CLI_OPTION_CACHE:
		options->patterns[options->nr_patterns++] = argument;
		return true;
	case OPTION_FAIL_IF:
		return take_fail_if(options, argument);
	case 's':
		return take_sort(options, argument);
	default:
		return argument ? take_number(options, key, argument) :
				  take_flag(options, key);
	}
}

bool shared_options_init(struct shared_options *options,
			 const struct cli_tables *tables, int argc)
{
	*options = (struct shared_options){ .tables = tables };
	kfrag_replay_params_init(&options->params);
	/* Every pattern is a word of argv, so there is room for all. */
	options->patterns = calloc((size_t)argc + 1, sizeof(char *));
	if (options->patterns)
		return true;
	cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
	return false;
}

void shared_options_release(struct shared_options *options)
{
	free(options->patterns);
	cli_conditions_release(&options->fail_if);
	*options = (struct shared_options){ 0 };
}

bool shared_options_parse(const struct cli_option_part *own, int argc,
			  char **argv, int *first,
			  bool (*take)(void *context, int key,
				       const char *argument),
			  void *context)
{
	const struct cli_option_part *const parts[] = { &view, own, &machine,
							&replay, &run };

	return cli_options_parse_parts(parts, sizeof(parts) / sizeof(parts[0]),
				       argc, argv, first, take, context);
}

bool shared_options_parse_replay(const struct cli_option_part *own, int argc,
				 char **argv, int *first,
				 bool (*take)(void *context, int key,
					      const char *argument),
				 void *context)
{
	const struct cli_option_part *const parts[] = { own, &machine, &replay,
							&run };

	return cli_options_parse_parts(parts, sizeof(parts) / sizeof(parts[0]),
				       argc, argv, first, take, context);
}

bool shared_options_parse_unreplayed(const struct cli_option_part *own,
				     int argc, char **argv, int *first,
				     bool (*take)(void *context, int key,
						  const char *argument),
				     void *context)
{
	const struct cli_option_part *const parts[] = { &view, own, &machine,
							&run };

	return cli_options_parse_parts(parts, sizeof(parts) / sizeof(parts[0]),
				       argc, argv, first, take, context);
}

bool shared_options_parse_unsized(const struct cli_option_part *own, int argc,
				  char **argv, int *first,
				  bool (*take)(void *context, int key,
					       const char *argument),
				  void *context)
{
	const struct cli_option_part *const parts[] = { &view, own, &replay,
							&run };

	return cli_options_parse_parts(parts, sizeof(parts) / sizeof(parts[0]),
				       argc, argv, first, take, context);
}

static void print_part(const struct cli_option_part *part)
{
	for (; part; part = part->next)
		cli_options_print(part->options, part->nr_options);
}

void shared_options_print(const struct cli_option_part *own)
{
	print_part(&view);
	print_part(own);
	print_part(&machine);
	print_part(&replay);
	print_part(&run);
}

void shared_options_print_replay(const struct cli_option_part *own)
{
	print_part(own);
	print_part(&machine);
	print_part(&replay);
	print_part(&run);
}

void shared_options_print_unsized(const struct cli_option_part *own)
{
	print_part(&view);
	print_part(own);
	print_part(&replay);
	print_part(&run);
}

void shared_options_print_unreplayed(const struct cli_option_part *own)
{
	print_part(&view);
	print_part(own);
	print_part(&machine);
	print_part(&run);
}

bool shared_options_are_consistent(const struct shared_options *options)
{
	size_t table = options->has_show ? options->show : 0;
	const struct kfrag_column_set *set = options->tables->set(table);
	bool has_caches = cli_tables_has_names(options->tables, table);
	bool sorts = options->has_sort || options->reverse;

	/* The first table is that of the caches. */
	if (table == 0 || (!sorts && options->nr_patterns == 0))
		return true;
	if (has_caches && !sorts)
		return true;
	cli_usage_error(has_caches ? "--sort and --reverse go with the "
				     "caches table, not with --show %s" :
				     "--sort, --reverse and --cache go with "
				     "the caches table, not with --show %s",
			set->name);
	return false;
}

bool cli_tables_has_names(const struct cli_tables *tables, size_t table)
{
	const struct kfrag_column_set *set = tables->set(table);

	return kfrag_column_set_find(set, "name", strlen("name")) != NULL;
}
