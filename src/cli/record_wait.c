// SPDX-License-Identifier: MIT
#include "cli/record_wait.h"

#include <errno.h>
#include <sys/select.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)

/* That it is called is what ends a wait. */
static void interrupt(int number)
{
	(void)number;
}

void record_wait_init(struct record_wait *wait)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = interrupt }, before;
	sigset_t held;

	sigemptyset(&held);
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		/* nohup, and shells for what runs in the background. */
		if (sigaction(numbers[i], NULL, &before) == 0 &&
		    before.sa_handler == SIG_IGN)
			continue;
		sigaddset(&held, numbers[i]);
		sigaction(numbers[i], &action, NULL);
	}
	/* A file size limit is a failed write like any other. */
	action.sa_handler = SIG_IGN;
	sigaction(SIGXFSZ, &action, NULL);
	sigprocmask(SIG_BLOCK, &held, &wait->open_mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigdelset(&wait->open_mask, numbers[i]);
}

int64_t record_now_ns(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return 0;
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static enum record_event wait_for(const struct record_wait *wait,
				  int64_t deadline_ns, int nr_fds,
				  fd_set *readable, fd_set *writable)
{
	for (;;) {
		bool is_timed = deadline_ns != RECORD_NEVER;
		int64_t left_ns = is_timed ? deadline_ns - record_now_ns() : 0;
		struct timespec left;
		int got;

		if (left_ns < 0)
			left_ns = 0;
		left.tv_sec = (time_t)(left_ns / NS_PER_S);
		left.tv_nsec = (long)(left_ns % NS_PER_S);
		got = pselect(nr_fds, readable, writable, NULL,
			      is_timed ? &left : NULL, &wait->open_mask);
		if (got < 0 && errno == EINTR)
			return RECORD_INTERRUPT;
		/* What cannot be waited for says why when it is used. */
		if (got != 0)
			return RECORD_READY;
		if (left_ns == 0)
			return RECORD_TIME;
	}
}

enum record_event record_wait_until(const struct record_wait *wait,
				    int64_t deadline_ns)
{
	return wait_for(wait, deadline_ns, 0, NULL, NULL);
}

enum record_event record_wait_read(const struct record_wait *wait, int fd)
{
	fd_set set;

	if (fd < 0 || fd >= FD_SETSIZE)
		return RECORD_READY;
	FD_ZERO(&set);
	FD_SET(fd, &set);
	return wait_for(wait, RECORD_NEVER, fd + 1, &set, NULL);
}

enum record_event record_wait_write(const struct record_wait *wait, int fd)
{
	fd_set set;

	if (fd < 0 || fd >= FD_SETSIZE)
		return RECORD_READY;
	FD_ZERO(&set);
	FD_SET(fd, &set);
	return wait_for(wait, RECORD_NEVER, fd + 1, NULL, &set);
}
