/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_WHATIF_QUESTIONS_H
#define KFRAG_CLI_WHATIF_QUESTIONS_H

#include "cli/cli.h"
#include "cli/shared_options.h"
#include "cli/whatif_options.h"
#include "cli/whatif_worlds.h"

/*
 * The question in the words of a command line, which must be known before its
 * other options are read: what they are about.
 */
enum whatif_question whatif_question_of(int argc, char **argv);

/* The tables that answer it. */
const struct cli_tables *whatif_question_tables(enum whatif_question question);

/* Answers another question than that of a change. */
enum cli_exit whatif_question_answer(enum whatif_question question,
				     const struct whatif_options *options,
				     const struct whatif_source *source);

/* Their columns, on stdout. */
void whatif_questions_print_columns(void);

#endif
