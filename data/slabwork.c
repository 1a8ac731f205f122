/* SPDX-License-Identifier: MIT */
/*
 * slabwork: makes the kernel allocate objects in a known way, for recordings
 * whose truth is known. Static and without a library beside libc:
 *
 *	cc -std=gnu11 -O2 -Wall -Wextra -static -o slabwork slabwork.c
 *
 *	slabwork fill DIR DIRS FILES SECONDS	makes DIRS folders of FILES empty
 *						files, evenly over SECONDS
 *	slabwork thin DIR DIRS FILES KEEP SECONDS
 *						deletes them but each KEEPth file
 *						(0: all of them)
 *	slabwork leak KIND COUNT PER_SECOND	takes COUNT objects at once, then so
 *						many each second, and gives none back
 *						until it is killed; KIND is eventfd,
 *						socket, timerfd, vma or msg
 *	slabwork procs COUNT			holds COUNT sleeping processes until
 *						it is killed
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A message of this many bytes and its header are one object of 64 bytes. */
#define MSG_BYTES 16

static void fail(const char *what)
{
	fprintf(stderr, "slabwork: %s: %s\n", what, strerror(errno));
	exit(1);
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text == '\0' || *end != '\0') {
		fprintf(stderr, "slabwork: '%s' is not a number\n", text);
		exit(2);
	}
	return n;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void wait_till(double when)
{
	double left = when - now();
	struct timespec ts;

	if (left <= 0)
		return;
	ts.tv_sec = (time_t)left;
	ts.tv_nsec = (long)((left - (double)ts.tv_sec) * 1e9);
	nanosleep(&ts, NULL);
}

static void fill_dir(unsigned long dir, unsigned long nr_files)
{
	char name[64];

	snprintf(name, sizeof(name), "d%lu", dir);
	if (mkdir(name, 0755) && errno != EEXIST)
		fail(name);
	for (unsigned long i = 0; i < nr_files; i++) {
		int fd;

		snprintf(name, sizeof(name), "d%lu/f%lu", dir, i);
		fd = open(name, O_CREAT | O_WRONLY, 0644);
		if (fd < 0)
			fail(name);
		close(fd);
	}
}

static void thin_dir(unsigned long dir, unsigned long nr_files,
		     unsigned long keep)
{
	char name[64];

	for (unsigned long i = 0; i < nr_files; i++) {
		if (keep && i % keep == 0)
			continue;
		snprintf(name, sizeof(name), "d%lu/f%lu", dir, i);
		if (unlink(name) && errno != ENOENT)
			fail(name);
	}
	if (keep)
		return;
	snprintf(name, sizeof(name), "d%lu", dir);
	if (rmdir(name))
		fail(name);
}

static int fill(char **argv)
{
	unsigned long nr_dirs = number(argv[1]), seconds = number(argv[3]);
	double start = now();

	if (chdir(argv[0]))
		fail(argv[0]);
	for (unsigned long i = 0; i < nr_dirs; i++) {
		fill_dir(i, number(argv[2]));
		wait_till(start +
			  (double)seconds * (double)(i + 1) / (double)nr_dirs);
	}
	return 0;
}

static int thin(char **argv)
{
	unsigned long nr_dirs = number(argv[1]), seconds = number(argv[4]);
	double start = now();

	if (chdir(argv[0]))
		fail(argv[0]);
	for (unsigned long i = 0; i < nr_dirs; i++) {
		thin_dir(i, number(argv[2]), number(argv[3]));
		wait_till(start +
			  (double)seconds * (double)(i + 1) / (double)nr_dirs);
	}
	return 0;
}

static void leak_eventfd(void)
{
	if (eventfd(0, 0) < 0)
		fail("eventfd");
}

static void leak_socket(void)
{
	if (socket(AF_UNIX, SOCK_STREAM, 0) < 0)
		fail("socket");
}

static void leak_timerfd(void)
{
	if (timerfd_create(CLOCK_MONOTONIC, 0) < 0)
		fail("timerfd_create");
}

/* Neighbours of unlike protection are not merged to one area. */
static void leak_vma(void)
{
	size_t bytes = 2 * (size_t)getpagesize();
	char *area = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	if (area == MAP_FAILED)
		fail("mmap");
	if (mprotect(area, bytes / 2, PROT_READ | PROT_WRITE))
		fail("mprotect");
}

/* The queue outlives the process; msgmnb must leave room in it. */
static void leak_msg(void)
{
	struct {
		long type;
		char text[MSG_BYTES];
	} msg = { 1, "" };
	int queue = msgget(0x6b66, IPC_CREAT | 0600);

	if (queue < 0 || msgsnd(queue, &msg, sizeof(msg.text), IPC_NOWAIT))
		fail("msgsnd");
}

static const struct leak {
	const char *kind;
	void (*take)(void);
} leaks[] = {
	{ "eventfd", leak_eventfd }, { "socket", leak_socket },
	{ "timerfd", leak_timerfd }, { "vma", leak_vma },
	{ "msg", leak_msg },
};

static int leak(char **argv)
{
	unsigned long at_once = number(argv[1]);
	unsigned long per_second = number(argv[2]);
	struct rlimit files = { 1 << 20, 1 << 20 };
	const struct leak *what = NULL;
	double start;

	for (size_t i = 0; i < sizeof(leaks) / sizeof(*leaks); i++)
		if (!strcmp(leaks[i].kind, argv[0]))
			what = &leaks[i];
	if (!what || !per_second) {
		fputs("slabwork: no such leak\n", stderr);
		return 2;
	}
	setrlimit(RLIMIT_NOFILE, &files);
	while (at_once--)
		what->take();
	start = now();
	for (unsigned long n = 1;; n++) {
		what->take();
		wait_till(start + (double)n / (double)per_second);
	}
}

static int procs(char **argv)
{
	for (unsigned long i = number(argv[0]); i; i--) {
		pid_t pid = fork();

		if (pid < 0)
			fail("fork");
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			pause();
			_exit(0);
		}
	}
	pause();
	return 0;
}

static const struct command {
	const char *name;
	int nr_args;
	int (*run)(char **argv);
} commands[] = {
	{ "fill", 4, fill },
	{ "thin", 5, thin },
	{ "leak", 3, leak },
	{ "procs", 1, procs },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (argc > 1 && !strcmp(argv[1], commands[i].name) &&
		    argc - 2 == commands[i].nr_args)
			return commands[i].run(argv + 2);
	fputs("usage: slabwork fill|thin|leak|procs ARGUMENTS\n", stderr);
	return 2;
}
