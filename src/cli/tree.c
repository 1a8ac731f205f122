// SPDX-License-Identifier: MIT
#include "cli/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/contents.h"

/* zoneinfo has a few lines for each zone and processor. */
#define MAX_BESIDE_BYTES ((size_t)4 << 20)

/* NULL after a sentence on stderr. */
static char *join(const char *folder, const char *name)
{
	size_t folder_bytes = strlen(folder);
	size_t size = folder_bytes + strlen(name) + 2;
	char *path = malloc(size);

	if (!path) {
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return NULL;
	}
	while (folder_bytes > 0 && folder[folder_bytes - 1] == '/')
		folder_bytes--;
	snprintf(path, size, "%.*s/%s", (int)folder_bytes, folder, name);
	return path;
}

/*
 * -1 with errno where there is no such file. An archive may hold anything:
 * a named pipe must not be waited for.
 */
static int open_regular(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (fd < 0)
		return -1;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		return fd;
	close(fd);
	errno = ENOENT;
	return -1;
}

int cli_tree_open(const char *folder, char **path)
{
	static const char *const names[] = { "proc/slabinfo",
					     "proc/slabinfo.gz",
					     "proc/slabinfo.xz" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int fd;

		*path = join(folder, names[i]);
		if (!*path)
			return -1;
		fd = open_regular(*path);
		if (fd >= 0)
			return fd;
		if (errno != ENOENT && errno != ENOTDIR) {
			cli_message("cannot open '%s': %s", *path,
				    strerror(errno));
			free(*path);
			*path = NULL;
			return -1;
		}
		free(*path);
		*path = NULL;
	}
	cli_refuse(folder, "it is a directory without proc/slabinfo");
	return -1;
}

/* As much of a file as is looked at; a text to free, empty where none is. */
static char *read_beside(const char *folder, const char *name, size_t *nr_bytes)
{
	char *path = join(folder, name);
	int fd = path ? open_regular(path) : -1;
	char *text = fd >= 0 ? malloc(MAX_BESIDE_BYTES) : NULL;

	*nr_bytes = 0;
	while (text && *nr_bytes < MAX_BESIDE_BYTES) {
		ssize_t got = read(fd, text + *nr_bytes,
				   MAX_BESIDE_BYTES - *nr_bytes);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		*nr_bytes += (size_t)got;
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return text;
}

void cli_tree_read_machine(struct kfrag_machine *machine, const char *folder)
{
	/* Of two that state the same, the first one counts. */
	static const struct {
		const char *name;
		void (*read)(struct kfrag_machine *machine, const char *text,
			     size_t bytes);
	} files[] = {
		{ "proc/meminfo", kfrag_machine_read_meminfo },
		{ "proc/zoneinfo", kfrag_machine_read_zoneinfo },
		{ "proc/sys/kernel/osrelease", kfrag_machine_read_osrelease },
		{ "sos_commands/kernel/uname_-a", kfrag_machine_read_uname },
		{ "uname", kfrag_machine_read_uname },
		{ "proc/version", kfrag_machine_read_uname },
	};

	*machine = (struct kfrag_machine){ 0 };
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		size_t nr_bytes;
		char *text = read_beside(folder, files[i].name, &nr_bytes);

		if (nr_bytes > 0)
			files[i].read(machine, text, nr_bytes);
		free(text);
	}
}
