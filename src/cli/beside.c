// SPDX-License-Identifier: MIT
#include "cli/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

char *cli_beside_join(const char *folder, const char *name)
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

int cli_beside_open(const char *path)
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

static char *read_fd(int fd, size_t *nr_bytes)
{
	char *text = malloc(CLI_MAX_BESIDE_BYTES);
	ssize_t got = 1;

	*nr_bytes = 0;
	while (text && *nr_bytes < CLI_MAX_BESIDE_BYTES && got != 0) {
		got = read(fd, text + *nr_bytes,
			   CLI_MAX_BESIDE_BYTES - *nr_bytes);
		if (got > 0)
			*nr_bytes += (size_t)got;
		if (got < 0 && errno != EINTR) {
			int error = errno;

			free(text);
			*nr_bytes = 0;
			errno = error;
			return NULL;
		}
	}
	return text;
}

char *cli_beside_read_close(int fd, size_t *nr_bytes)
{
	char *text;
	int error;

	*nr_bytes = 0;
	if (fd < 0)
		return NULL;
	text = read_fd(fd, nr_bytes);
	error = errno;
	close(fd);
	errno = error;
	return text;
}

char *cli_beside_read(const char *path, size_t *nr_bytes)
{
	return cli_beside_read_close(cli_beside_open(path), nr_bytes);
}
