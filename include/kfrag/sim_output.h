/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_SIM_OUTPUT_H
#define KFRAG_SIM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kfrag/columns.h"
#include "kfrag/error.h"
#include "kfrag/simulation.h"
#include "kfrag/table.h"

/*
 * What is written of simulations. CSV needs nothing of its own: a selection of
 * their rows goes to kfrag_csv_write(). Figures are in millionths.
 */
enum kfrag_sim_table {
	KFRAG_SIM_TABLE_MEASURES, /* rows are struct kfrag_sim_measure_row */
	KFRAG_SIM_TABLE_RUNS, /* rows are struct kfrag_sim_run_row */
	KFRAG_NR_SIM_TABLES
};

const struct kfrag_column_set *kfrag_sim_columns(enum kfrag_sim_table table);

/* A row per policy: struct kfrag_sim_policy_row. */
const struct kfrag_column_set *kfrag_sim_policy_columns(void);

/* By name of a column; returns false where there is none. */
bool kfrag_sim_sort_key_find(const char *text, struct kfrag_sort_key *key);
bool kfrag_sim_policy_sort_key_find(const char *text,
				    struct kfrag_sort_key *key);

struct kfrag_sim_measure_row {
	enum kfrag_sim_measure measure;
	size_t nr_runs;
	struct kfrag_sim_summary summary;
	struct kfrag_opt expected_micro;
	bool is_exact; /* nothing was left to chance */
};

struct kfrag_sim_run_row {
	const struct kfrag_sim_result *result;
	size_t number; /* from 1 */
};

struct kfrag_sim_policy_row {
	const char *name;
	bool is_bound; /* no kernel can do that: an oracle */
	size_t nr_runs;
	struct kfrag_sim_summary of[KFRAG_SIM_NR_MEASURES];
	struct kfrag_opt expected_micro; /* of trough_ratio */
};

/* Word, unit and one line of help of a measure. */
const char *kfrag_sim_measure_text(enum kfrag_sim_measure measure);
const char *kfrag_sim_measure_unit(enum kfrag_sim_measure measure);
const char *kfrag_sim_measure_help(enum kfrag_sim_measure measure);

/* What was simulated, for the head of every output: name and text. */
struct kfrag_sim_parameter {
	const char *name;
	const char *text;
};

struct kfrag_sim_page {
	const struct kfrag_sim_parameter *parameters;
	size_t nr_parameters;
};

/* Measures for people: means, errors, and what was expected beside them. */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sim_write_table(FILE *out, const struct kfrag_sim_page *page,
		      const struct kfrag_selection *measures,
		      const struct kfrag_table_style *style);

/*
 * Policies for people, and in words what follows. all are all rows of the
 * selection, whatever --lines left of it.
 */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sim_write_policies(FILE *out, const struct kfrag_sim_page *page,
			 const struct kfrag_selection *policies,
			 const struct kfrag_sim_policy_row *all, size_t nr_all,
			 const struct kfrag_table_style *style);

/* As kfrag_json_write() and kfrag_gnuplot_write(). */
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sim_write_json(FILE *out, const struct kfrag_sim_page *page,
		     const struct kfrag_selection *selections,
		     size_t nr_selections);
KFRAG_MUST_CHECK enum kfrag_error
kfrag_sim_write_gnuplot(FILE *out, const struct kfrag_sim_page *page,
			const struct kfrag_selection *selections,
			size_t nr_selections);

#endif
