// SPDX-License-Identifier: MIT
#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* The first is the default one. */
static const struct cli_command *const commands[] = {
	&cli_report,   &cli_record, &cli_diff, &cli_trend,  &cli_explain,
	&cli_simulate, &cli_plot,   &cli_bill, &cli_whatif,
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* As it was typed; "" where none was. */
static const char *command_word = "";

void cli_message(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("kfrag: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

enum cli_exit cli_usage_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("kfrag: ", stderr);
	vfprintf(stderr, format, args);
	fprintf(stderr, "\nTry 'kfrag%s%s --help' for more information.\n",
		*command_word ? " " : "", command_word);
	va_end(args);
	return CLI_TROUBLE;
}

bool cli_reader_left(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

enum cli_exit cli_close_stdout(enum cli_exit status)
{
	bool failed = ferror(stdout) != 0;
	/* An earlier write may have been the one that failed. */
	int reason = failed ? errno : 0;

	errno = 0;
	if (fflush(stdout) != 0)
		failed = true;
	/* Whoever closed the pipe has seen enough. */
	if (failed && cli_reader_left())
		return status;
	if (fclose(stdout) != 0)
		failed = true;
	/* With trouble before it, the reason has been told. */
	if (!failed || status == CLI_TROUBLE)
		return status;
	if (errno)
		reason = errno;
	cli_message("cannot write the output: %s",
		    reason ? strerror(reason) : kfrag_error_text(KFRAG_EIO));
	return CLI_TROUBLE;
}

/*
 * Tables that are mostly never written to shall stay mapped zeros. glibc
 * would, once one of them is freed, take the next from memory that it has to
 * clear.
 */
static void keep_tables_mapped(void)
{
#ifdef __GLIBC__
	(void)mallopt(M_MMAP_THRESHOLD, 64 * 1024);
#endif
}

int main(int argc, char **argv)
{
	char *no_arguments[] = { (char *)"kfrag", NULL };
	const struct cli_command *command = commands[0];

	if (argc < 1) {
		argc = 1;
		argv = no_arguments;
	}
	keep_tables_mapped();
	for (size_t i = 0; argc > 1 && i < NR_COMMANDS; i++) {
		if (strcmp(argv[1], commands[i]->name) != 0)
			continue;
		command = commands[i];
		command_word = command->name;
		argc--;
		argv++;
		break;
	}
	return (int)cli_close_stdout(command->run(argc, argv));
}
