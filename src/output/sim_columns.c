// SPDX-License-Identifier: MIT
/* The columns of simulations. Figures are in millionths: "_micro". */
#include <assert.h>
#include <string.h>

#include "kfrag/sim_output.h"
#include "output/column_list.h"
#include "output/sort_keys.h"

#define TEXTS(name, word, unit, help) { word, unit, help },

static const struct {
	const char *word;
	const char *unit;
	const char *help;
} measures[KFRAG_SIM_NR_MEASURES] = { KFRAG_SIM_MEASURES(TEXTS) };

const char *kfrag_sim_measure_text(enum kfrag_sim_measure measure)
{
	return measures[measure].word;
}

const char *kfrag_sim_measure_unit(enum kfrag_sim_measure measure)
{
	return measures[measure].unit;
}

const char *kfrag_sim_measure_help(enum kfrag_sim_measure measure)
{
	return measures[measure].help;
}

/* ---------------------------------------------------------------- measures */

/* How far the mean is from what was expected, in standard errors. */
static struct kfrag_value deviation(const struct kfrag_sim_measure_row *row)
{
	struct kfrag_opt error = row->summary.error_micro;
	int64_t off;

	if (!row->expected_micro.known || !error.known || error.value == 0)
		return kfrag_value_unknown();
	off = (int64_t)row->summary.mean_micro.value -
	      (int64_t)row->expected_micro.value;
	return kfrag_value_signed(off * 1000 / (int64_t)error.value);
}

#define MEASURE_COLUMNS(TABLE, TEXT, NUMBER)                                   \
	TEXT(TABLE, name,                                                      \
	     kfrag_value_word(kfrag_sim_measure_text(row->measure)),           \
	     "what is measured")                                               \
	TEXT(TABLE, unit,                                                      \
	     kfrag_value_word(kfrag_sim_measure_unit(row->measure)),           \
	     "what it is counted in")                                          \
	NUMBER(TABLE, nr_runs, kfrag_value_unsigned(row->nr_runs),             \
	       "runs with seeds of their own")                                 \
	NUMBER(TABLE, mean_micro, kfrag_value_opt(row->summary.mean_micro),    \
	       "mean over the runs, in millionths")                            \
	NUMBER(TABLE, error_micro, kfrag_value_opt(row->summary.error_micro),  \
	       "standard error of the mean, in millionths")                    \
	NUMBER(TABLE, min_micro, kfrag_value_opt(row->summary.min_micro),      \
	       "least of the runs, in millionths")                             \
	NUMBER(TABLE, max_micro, kfrag_value_opt(row->summary.max_micro),      \
	       "most of the runs, in millionths")                              \
	NUMBER(TABLE, expected_micro, kfrag_value_opt(row->expected_micro),    \
	       "what theory says, in millionths")                              \
	NUMBER(TABLE, deviation_permille, deviation(row),                      \
	       "1000 x (mean - expected) / error")

#define MEASURE_VALUE(table, column, expression, text)                         \
	KFRAG_COLUMN_VALUE(table, struct kfrag_sim_measure_row, column,        \
			   expression)
MEASURE_COLUMNS(measure, MEASURE_VALUE, MEASURE_VALUE)

static const struct kfrag_column measure_columns[] = { MEASURE_COLUMNS(
	measure, KFRAG_COLUMN_TEXT, KFRAG_COLUMN_NUMBER) };

/* -------------------------------------------------------------------- runs */

static struct kfrag_value run_number(const void *any)
{
	const struct kfrag_sim_run_row *row = any;

	return kfrag_value_unsigned(row->number);
}

static struct kfrag_value run_seed(const void *any)
{
	const struct kfrag_sim_run_row *row = any;

	return kfrag_value_unsigned(row->result->seed);
}

#define RUN_VALUE(measure, word, unit, text)                                   \
	static struct kfrag_value run_##measure(const void *any)               \
	{                                                                      \
		const struct kfrag_sim_run_row *row = any;                     \
                                                                               \
		return kfrag_value_opt(                                        \
			row->result->micro[KFRAG_SIM_##measure]);              \
	}
KFRAG_SIM_MEASURES(RUN_VALUE)

#define RUN_COLUMN(measure, word, unit, text)                                  \
	{ word "_micro", text, run_##measure, false },

static const struct kfrag_column run_columns[] = {
	{ "run", "its number, from 1", run_number, false },
	{ "seed", "its seed", run_seed, false },
	KFRAG_SIM_MEASURES(RUN_COLUMN)
};

/* ---------------------------------------------------------------- policies */

/* Of each the mean and its standard error. */
#define POLICY_MEASURES(MEASURE)                                               \
	MEASURE(PEAK_SLABS, peak_slabs)                                        \
	MEASURE(PEAK_RATIO, peak_ratio)                                        \
	MEASURE(TROUGH_SLABS, trough_slabs)                                    \
	MEASURE(TROUGH_RATIO, trough_ratio)                                    \
	MEASURE(AVERAGE_SLABS, average_slabs)                                  \
	MEASURE(AVERAGE_RATIO, average_ratio)                                  \
	MEASURE(MADE, made_per_1000)                                           \
	MEASURE(RETURNED, returned_per_1000)

static struct kfrag_value policy_name(const void *any)
{
	const struct kfrag_sim_policy_row *row = any;

	return kfrag_value_word(row->name);
}

static struct kfrag_value policy_runs(const void *any)
{
	const struct kfrag_sim_policy_row *row = any;

	return kfrag_value_unsigned(row->nr_runs);
}

static struct kfrag_value policy_expected(const void *any)
{
	const struct kfrag_sim_policy_row *row = any;

	return kfrag_value_opt(row->expected_micro);
}

#define POLICY_VALUE(measure, word)                                            \
	static struct kfrag_value policy_##word(const void *any)               \
	{                                                                      \
		const struct kfrag_sim_policy_row *row = any;                  \
                                                                               \
		return kfrag_value_opt(                                        \
			row->of[KFRAG_SIM_##measure].mean_micro);              \
	}                                                                      \
	static struct kfrag_value policy_##word##_error(const void *any)       \
	{                                                                      \
		const struct kfrag_sim_policy_row *row = any;                  \
                                                                               \
		return kfrag_value_opt(                                        \
			row->of[KFRAG_SIM_##measure].error_micro);             \
	}
POLICY_MEASURES(POLICY_VALUE)

#define POLICY_COLUMN(measure, word)                                           \
	{ #word "_micro", "mean of " #word ", in millionths", policy_##word,   \
	  false },                                                             \
		{ #word "_error_micro", "its standard error",                  \
		  policy_##word##_error, false },

static const struct kfrag_column policy_columns[] = {
	{ "name", "of the policy", policy_name, true },
	{ "nr_runs", "runs with seeds of their own", policy_runs, false },
	POLICY_MEASURES(POLICY_COLUMN){ "expected_trough_ratio_micro",
					"what theory says of trough_ratio",
					policy_expected, false },
};

/* ------------------------------------------------------------ all together */

const struct kfrag_column_set *kfrag_sim_columns(enum kfrag_sim_table table)
{
	static const struct kfrag_column_set sets[KFRAG_NR_SIM_TABLES] = {
		[KFRAG_SIM_TABLE_MEASURES] = { "measures",
					       KFRAG_COLUMN_ARRAY(
						       measure_columns),
					       1, NULL },
		[KFRAG_SIM_TABLE_RUNS] = { "runs",
					   KFRAG_COLUMN_ARRAY(run_columns), 0,
					   NULL },
	};

	assert((unsigned)table < KFRAG_NR_SIM_TABLES);
	return &sets[table];
}

const struct kfrag_column_set *kfrag_sim_policy_columns(void)
{
	static const struct kfrag_column_set set = {
		"policies", KFRAG_COLUMN_ARRAY(policy_columns), 1, NULL
	};

	return &set;
}

bool kfrag_sim_sort_key_find(const char *text, struct kfrag_sort_key *key)
{
	return kfrag_sort_key_pick(NULL, 0,
				   kfrag_sim_columns(KFRAG_SIM_TABLE_MEASURES),
				   text, key);
}

bool kfrag_sim_policy_sort_key_find(const char *text,
				    struct kfrag_sort_key *key)
{
	return kfrag_sort_key_pick(NULL, 0, kfrag_sim_policy_columns(), text,
				   key);
}
