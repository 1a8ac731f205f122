// SPDX-License-Identifier: MIT
/*
 * The script goes out and gnuplot's complaints come in as each is ready, so
 * neither waits for the other.
 */
#include "cli/gnuplot_run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/record_wait.h"
#include "kfrag/text.h"

#define NS_PER_S INT64_C(1000000000)
/* Between two looks at the clock, for progress and for the end. */
#define TICK_US 200000

extern char **environ;

struct gnuplot {
	const struct interrupts *interrupts;
	pid_t pid;
	int script_fd; /* of a pipe; -1: all of it is written */
	int complaint_fd; /* of another; -1: closed by gnuplot */
	const char *script;
	size_t script_bytes;
	/* The first of what it says. */
	char complaint[2048];
	size_t complaint_bytes;
	int64_t start_ns;
	int64_t deadline_ns;
	int64_t shown_s; /* on the line of progress; 0: there is none */
	bool is_interrupted;
	bool is_late;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Both ends are closed by an exec; the file actions open what it needs. */
static bool make_pipe(int ends[2])
{
	if (pipe(ends) != 0) {
		ends[0] = ends[1] = -1;
		return false;
	}
	(void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	return true;
}

/*
 * In a group of its own: what it starts ends with it. Its signals are those
 * that this process was started with.
 */
static int spawn_in(struct gnuplot *gnuplot, int script, int picture,
		    int complaint)
{
	static char program[] = "gnuplot", defaults[] = "-d";
	char *argv[] = { program, defaults, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t back_to_default;
	int error;

	sigemptyset(&back_to_default);
	sigaddset(&back_to_default, SIGPIPE);
	if (posix_spawn_file_actions_init(&actions) != 0)
		return ENOMEM;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return ENOMEM;
	}
	error = posix_spawn_file_actions_adddup2(&actions, script, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, picture, 1);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, complaint,
							 2);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
						      POSIX_SPAWN_SETSIGDEF |
						      POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigdefault(&attributes, &back_to_default);
	posix_spawnattr_setsigmask(&attributes, &gnuplot->interrupts->before);
	if (!error)
		error = posix_spawnp(&gnuplot->pid, program, &actions,
				     &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static bool start(struct gnuplot *gnuplot, int picture)
{
	int script[2] = { -1, -1 }, complaint[2] = { -1, -1 };
	int error = 0;

	if (!make_pipe(script) || !make_pipe(complaint))
		error = errno;
	if (!error)
		error = spawn_in(gnuplot, script[0], picture, complaint[1]);
	close_fd(&script[0]);
	close_fd(&complaint[1]);
	if (error) {
		close_fd(&script[1]);
		close_fd(&complaint[0]);
		if (error == ENOENT)
			cli_message("there is no gnuplot here, which draws the "
				    "pictures: apt-get install gnuplot-nox, "
				    "or take the script (--script) to where "
				    "there is one");
		else
			cli_message("cannot start gnuplot: %s",
				    strerror(error));
		return false;
	}
	gnuplot->script_fd = script[1];
	gnuplot->complaint_fd = complaint[0];
	(void)fcntl(script[1], F_SETFL, O_NONBLOCK);
	(void)fcntl(complaint[0], F_SETFL, O_NONBLOCK);
	return true;
}

static void feed(struct gnuplot *gnuplot)
{
	ssize_t written = write(gnuplot->script_fd, gnuplot->script,
				gnuplot->script_bytes);

	if (written > 0) {
		gnuplot->script += written;
		gnuplot->script_bytes -= (size_t)written;
	}
	/* Where it reads no more, it says why. */
	if (gnuplot->script_bytes == 0 ||
	    (written < 0 && errno != EAGAIN && errno != EINTR))
		close_fd(&gnuplot->script_fd);
}

static void listen_to(struct gnuplot *gnuplot)
{
	char bytes[1024];
	size_t room = sizeof(gnuplot->complaint) - gnuplot->complaint_bytes;
	ssize_t got = read(gnuplot->complaint_fd, bytes, sizeof(bytes));

	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
		close_fd(&gnuplot->complaint_fd);
	if (got <= 0)
		return;
	if (room > (size_t)got)
		room = (size_t)got;
	memcpy(gnuplot->complaint + gnuplot->complaint_bytes, bytes, room);
	gnuplot->complaint_bytes += room;
}

static void show_progress(struct gnuplot *gnuplot)
{
	int64_t seconds = (record_now_ns() - gnuplot->start_ns) / NS_PER_S;

	if (seconds <= gnuplot->shown_s || !isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\rkfrag: gnuplot is drawing, %" PRId64 " s ", seconds);
	gnuplot->shown_s = seconds;
}

static void clear_progress(struct gnuplot *gnuplot)
{
	if (gnuplot->shown_s > 0)
		fprintf(stderr, "\r%*s\r", 50, "");
	gnuplot->shown_s = 0;
}

/* Waits for either pipe, or for some time. */
static void wait_a_little(struct gnuplot *gnuplot)
{
	struct timeval tick = { .tv_usec = TICK_US };
	int high = gnuplot->script_fd;
	fd_set readable, writable;
	int got;

	FD_ZERO(&readable);
	FD_ZERO(&writable);
	if (gnuplot->script_fd >= 0)
		FD_SET(gnuplot->script_fd, &writable);
	if (gnuplot->complaint_fd >= 0)
		FD_SET(gnuplot->complaint_fd, &readable);
	/* It has closed them and is about to end. */
	else if (gnuplot->script_fd < 0)
		tick.tv_usec = 2000;
	if (gnuplot->complaint_fd > high)
		high = gnuplot->complaint_fd;
	got = select(high + 1, &readable, &writable, NULL, &tick);
	if (got <= 0)
		return;
	if (gnuplot->script_fd >= 0 && FD_ISSET(gnuplot->script_fd, &writable))
		feed(gnuplot);
	if (gnuplot->complaint_fd >= 0 &&
	    FD_ISSET(gnuplot->complaint_fd, &readable))
		listen_to(gnuplot);
}

/* Returns how it ended, as waitpid() says; it is killed where it must be. */
static int converse(struct gnuplot *gnuplot)
{
	int status = 0;

	while (waitpid(gnuplot->pid, &status, WNOHANG) == 0) {
		wait_a_little(gnuplot);
		gnuplot->is_interrupted = interrupts_came();
		gnuplot->is_late = record_now_ns() >= gnuplot->deadline_ns;
		if (gnuplot->is_interrupted || gnuplot->is_late) {
			(void)kill(-gnuplot->pid, SIGKILL);
			(void)waitpid(gnuplot->pid, &status, 0);
			break;
		}
		show_progress(gnuplot);
	}
	clear_progress(gnuplot);
	close_fd(&gnuplot->script_fd);
	/* What was said last. */
	for (int i = 0; i < 4 && gnuplot->complaint_fd >= 0; i++)
		listen_to(gnuplot);
	close_fd(&gnuplot->complaint_fd);
	return status;
}

/*
 * What the gif terminal says after each film, and any terminal where the
 * locale has no degree sign: no complaints.
 */
static bool is_chatter(const char *line, size_t bytes)
{
	static const char *const ends[] = {
		" frames in animation sequence",
		"iconv failed to convert degree sign",
	};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t length = strlen(ends[i]);

		if (bytes >= length &&
		    memcmp(line + bytes - length, ends[i], length) == 0)
			return true;
	}
	return false;
}

/* Its own words, each line behind ours; what it says may hold anything. */
static void repeat_complaint(const struct gnuplot *gnuplot)
{
	char shown[KFRAG_TEXT_ESCAPED_SIZE(sizeof(gnuplot->complaint))];
	const char *at = gnuplot->complaint;
	const char *end = at + gnuplot->complaint_bytes;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *next = stop ? stop + 1 : end;

		if (!stop)
			stop = end;
		while (at < stop && strchr(" \t\f", *at))
			at++;
		if (at < stop && !is_chatter(at, (size_t)(stop - at))) {
			kfrag_text_escape(shown, at, (size_t)(stop - at));
			cli_message("gnuplot: %s", shown);
		}
		at = next;
	}
}

static bool explain(struct gnuplot *gnuplot, int status, bool is_empty,
		    uint64_t timeout_s)
{
	bool ok = false;

	if (gnuplot->is_interrupted) {
		cli_message("interrupted");
	} else if (gnuplot->is_late) {
		cli_message("gnuplot has not finished within %" PRIu64
			    " s and was ended; --timeout SECONDS gives it "
			    "more",
			    timeout_s);
	} else if (WIFSIGNALED(status)) {
		cli_message("gnuplot was ended by a signal: %s",
			    strsignal(WTERMSIG(status)));
	} else if (WEXITSTATUS(status) != 0) {
		cli_message("gnuplot failed, exit status %d",
			    WEXITSTATUS(status));
	} else if (is_empty) {
		cli_message("gnuplot drew nothing");
	} else {
		ok = true;
	}
	repeat_complaint(gnuplot);
	return ok;
}

bool gnuplot_run(const char *script, size_t script_bytes, FILE *picture,
		 uint64_t timeout_s, const struct interrupts *interrupts)
{
	struct gnuplot gnuplot = {
		.interrupts = interrupts,
		.script_fd = -1,
		.complaint_fd = -1,
		.script = script,
		.script_bytes = script_bytes,
		.start_ns = record_now_ns(),
	};
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	int status;
	bool ok;

	gnuplot.deadline_ns = gnuplot.start_ns + (int64_t)timeout_s * NS_PER_S;
	sigemptyset(&ignore.sa_mask);
	sigaction(SIGPIPE, &ignore, &before);
	ok = start(&gnuplot, fileno(picture));
	if (ok) {
		status = converse(&gnuplot);
		ok = explain(&gnuplot, status,
			     fseek(picture, 0, SEEK_END) != 0 ||
				     ftell(picture) <= 0,
			     timeout_s);
		rewind(picture);
	}
	sigaction(SIGPIPE, &before, NULL);
	return ok;
}
