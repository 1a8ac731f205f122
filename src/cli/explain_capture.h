/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_EXPLAIN_CAPTURE_H
#define KFRAG_CLI_EXPLAIN_CAPTURE_H

#include "cli/cli.h"
#include "cli/explain_options.h"

/* kfrag explain waste FILE, and cache NAME FILE. */
enum cli_exit explain_capture(const struct explain_options *options);

#endif
