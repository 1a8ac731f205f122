/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_WHATIF_WORLDS_H
#define KFRAG_CLI_WHATIF_WORLDS_H

#include <stdbool.h>

#include "cli/companions.h"
#include "cli/input.h"
#include "cli/phases.h"
#include "cli/whatif_options.h"
#include "kfrag/geometry_fit.h"
#include "kfrag/snapshot.h"
#include "kfrag/whatif.h"

/* A capture, the world that it comes from, and what is known besides. */
struct whatif_source {
	struct cli_input input;
	struct kfrag_snapshot *snapshot; /* the sample, the input's */
	struct kfrag_geometry_fit fit;
	struct cli_companions companions;
	bool *is_chosen; /* of each record; NULL: all are */
};

/*
 * Reads it and finds its world; says on stderr what was odd in the rows.
 * Returns false after a sentence on stderr. Stays where it is; release in
 * both cases.
 */
bool whatif_source_read(struct whatif_source *source,
			const struct whatif_options *options,
			struct cli_phases *phases);
void whatif_source_release(struct whatif_source *source);

#endif
