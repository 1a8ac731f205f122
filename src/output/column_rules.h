/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_OUTPUT_COLUMN_RULES_H
#define KFRAG_OUTPUT_COLUMN_RULES_H

#include "kfrag/columns.h"

/* The rules of each table; man/kfrag.1, CONDITIONS, has them too. */
extern const struct kfrag_column_rule kfrag_rules_caches[];
extern const struct kfrag_column_rule kfrag_rules_totals[];
extern const struct kfrag_column_rule kfrag_rules_orders[];
extern const struct kfrag_column_rule kfrag_rules_diff_caches[];
extern const struct kfrag_column_rule kfrag_rules_diff_totals[];
extern const struct kfrag_column_rule kfrag_rules_trend_caches[];
extern const struct kfrag_column_rule kfrag_rules_bill_caches[];
extern const struct kfrag_column_rule kfrag_rules_boundary_sizes[];
extern const struct kfrag_column_rule kfrag_rules_boundary_orders[];
extern const struct kfrag_column_rule kfrag_rules_metadata_caches[];
extern const struct kfrag_column_rule kfrag_rules_metadata_totals[];

#endif
