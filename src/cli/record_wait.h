/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_RECORD_WAIT_H
#define KFRAG_CLI_RECORD_WAIT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Waiting that an interrupt ends, and nothing else is ended by one: SIGINT,
 * SIGTERM and SIGHUP are let in during record_wait() only. So no flag need be
 * set by a handler, and no signal is lost between a look and a wait.
 */
struct record_wait {
	sigset_t open_mask; /* while waiting */
};

enum record_event {
	RECORD_READY, /* the file can be read, or written */
	RECORD_TIME, /* it is the deadline, or later */
	RECORD_INTERRUPT
};

#define RECORD_NEVER INT64_MAX

/* From here on the signals are held back, but for those that are ignored. */
void record_wait_init(struct record_wait *wait);

/* A clock that nobody sets. */
int64_t record_now_ns(void);

enum record_event record_wait_until(const struct record_wait *wait,
				    int64_t deadline_ns);
/* Until the file does not block. */
enum record_event record_wait_read(const struct record_wait *wait, int fd);
enum record_event record_wait_write(const struct record_wait *wait, int fd);

#endif
