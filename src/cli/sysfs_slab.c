// SPDX-License-Identifier: MIT
#include "cli/sysfs_slab.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kfrag/sysslab.h"

/* Names of files are shorter, and so is what is read of one. */
#define MAX_NAME_BYTES 255

/* What is read of an entry: each holds what the one before it does. */
enum extent { NAMES, STATIC, ALL };

/* The first word of a file; false where the file cannot be read. */
static bool read_word(int entry_fd, const char *name,
		      char word[MAX_NAME_BYTES + 1])
{
	int fd = openat(entry_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	ssize_t got = -1;

	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		got = read(fd, word, MAX_NAME_BYTES);
	close(fd);
	if (got < 0)
		return false;
	word[got] = '\0';
	word[strcspn(word, " \t\r\n")] = '\0';
	return true;
}

static void write_name(FILE *out, const char *name)
{
	char text[KFRAG_SYSSLAB_ESCAPED_SIZE(MAX_NAME_BYTES)];

	kfrag_sysslab_escape(text, name, strlen(name));
	fputs(text, out);
}

/*
 * What an entry that is a symbolic link is an alias of. Returns whether that
 * lies in the same folder.
 */
static bool read_id(int folder_fd, const char *name,
		    char id[MAX_NAME_BYTES + 1])
{
	ssize_t bytes = readlinkat(folder_fd, name, id, MAX_NAME_BYTES);

	id[bytes > 0 ? bytes : 0] = '\0';
	return bytes > 0 && !strchr(id, '/');
}

static void write_alias(FILE *out, const char *name, const char *id)
{
	write_name(out, name);
	fputs(" id=", out);
	write_name(out, id);
	fputc('\n', out);
}

static void write_keys(FILE *out, int entry_fd, enum extent extent)
{
	const struct kfrag_sysslab_key *key;

	for (size_t i = 0; (key = kfrag_sysslab_key(i)) != NULL; i++) {
		char word[MAX_NAME_BYTES + 1];

		if ((!key->is_static && extent < ALL) ||
		    !read_word(entry_fd, key->name, word))
			continue;
		/* Of a constructor's name nothing is wanted. */
		if (strcmp(key->name, "ctor") == 0)
			fprintf(out, " ctor=%d", word[0] != '\0');
		else if (word[0])
			fprintf(out, " %s=%s", key->name, word);
	}
}

/* Returns false where they cannot be read. */
static bool write_numbers(FILE *out, int entry_fd, const char *name)
{
	char words[KFRAG_SYSSLAB_NR_NUMBERS][MAX_NAME_BYTES + 1];

	for (size_t i = 0; i < KFRAG_SYSSLAB_NR_NUMBERS; i++) {
		if (!read_word(entry_fd, kfrag_sysslab_numbers[i], words[i]) ||
		    !words[i][0])
			return false;
	}
	write_name(out, name);
	for (size_t i = 0; i < KFRAG_SYSSLAB_NR_NUMBERS; i++)
		fprintf(out, " %s", words[i]);
	return true;
}

static void write_entry(FILE *out, int folder_fd, const char *name,
			enum extent extent)
{
	int fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	char word[MAX_NAME_BYTES + 1], id[MAX_NAME_BYTES + 1];

	if (fd < 0)
		return;
	if (!read_id(folder_fd, name, id)) {
		if (write_numbers(out, fd, name)) {
			write_keys(out, fd, extent);
			fputc('\n', out);
		}
	} else if (read_word(fd, kfrag_sysslab_numbers[0], word)) {
		write_alias(out, name, id);
	}
	close(fd);
}

static void write_name_alone(FILE *out, int folder_fd, const char *name)
{
	char id[MAX_NAME_BYTES + 1];

	if (read_id(folder_fd, name, id)) {
		write_alias(out, name, id);
		return;
	}
	write_name(out, name);
	fputc('\n', out);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool list_names(DIR *folder, char ***names, size_t *nr_names)
{
	const struct dirent *entry;
	size_t nr_room = 0;

	*names = NULL;
	*nr_names = 0;
	while ((entry = readdir(folder)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 ||
		    strlen(entry->d_name) > MAX_NAME_BYTES)
			continue;
		if (*nr_names == nr_room) {
			char **grown;

			nr_room = nr_room ? nr_room * 2 : 512;
			grown = realloc(*names, nr_room * sizeof(*grown));
			if (!grown)
				return false;
			*names = grown;
		}
		(*names)[*nr_names] = strdup(entry->d_name);
		if (!(*names)[*nr_names])
			return false;
		++*nr_names;
	}
	if (*nr_names > 0)
		qsort(*names, *nr_names, sizeof(**names), compare);
	return true;
}

/* Returns false where memory is short. */
static bool write_entries(FILE *out, DIR *folder, enum extent extent)
{
	size_t nr_names;
	char **names;
	bool ok = list_names(folder, &names, &nr_names);

	for (size_t i = 0; i < nr_names; i++) {
		if (ok && extent == NAMES)
			write_name_alone(out, dirfd(folder), names[i]);
		else if (ok)
			write_entry(out, dirfd(folder), names[i], extent);
		free(names[i]);
	}
	free(names);
	return ok;
}

static char *read_folder(const char *path, enum extent extent, size_t *nr_bytes)
{
	DIR *folder = opendir(path);
	char *text = NULL;
	FILE *out;
	bool ok;

	*nr_bytes = 0;
	if (!folder)
		return NULL;
	out = open_memstream(&text, nr_bytes);
	ok = out && write_entries(out, folder, extent);
	if (out && fclose(out) != 0)
		ok = false;
	closedir(folder);
	if (ok)
		return text;
	free(text);
	*nr_bytes = 0;
	errno = ENOMEM;
	return NULL;
}

char *cli_sysfs_slab_read(const char *folder, size_t *nr_bytes)
{
	return read_folder(folder, ALL, nr_bytes);
}

char *cli_sysfs_slab_read_static(const char *folder, size_t *nr_bytes)
{
	return read_folder(folder, STATIC, nr_bytes);
}

char *cli_sysfs_slab_read_names(const char *folder, size_t *nr_bytes)
{
	return read_folder(folder, NAMES, nr_bytes);
}
