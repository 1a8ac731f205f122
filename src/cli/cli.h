/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_CLI_H
#define KFRAG_CLI_CLI_H

/*
 * What the subcommands share. Only this floor opens files, writes to stdout
 * and stderr, and decides the exit status.
 */
#include <stdbool.h>
#include <stddef.h>

#include "kfrag/error.h"

enum cli_exit {
	CLI_OK = 0,
	CLI_FOUND = 1, /* a difference or threshold, where a command says so */
	CLI_TROUBLE = 2 /* usage, unusable input, failed write */
};

struct cli_command {
	const char *name;
	/* argv[0] is the name of the command, or of the program. */
	enum cli_exit (*run)(int argc, char **argv);
};

extern const struct cli_command cli_report;
extern const struct cli_command cli_record;
extern const struct cli_command cli_diff;
extern const struct cli_command cli_plot;
extern const struct cli_command cli_trend;
extern const struct cli_command cli_explain;
extern const struct cli_command cli_simulate;
extern const struct cli_command cli_bill;
extern const struct cli_command cli_whatif;

/* "kfrag: " + message + newline on stderr. */
__attribute__((format(printf, 1, 2))) void cli_message(const char *format, ...);

/* The same, then the pointer to --help; returns CLI_TROUBLE. */
__attribute__((format(printf, 1, 2))) enum cli_exit
cli_usage_error(const char *format, ...);

/* Whether stdout is a pipe that nobody reads any more. */
bool cli_reader_left(void);

/*
 * Flushes stdout and closes it. Says what failed, if anything did, but ends
 * quietly where the reader closed the pipe.
 */
enum cli_exit cli_close_stdout(enum cli_exit status);

#endif
