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

/* What an entry that is a symbolic link is an alias of. */
static void write_id(FILE *out, int folder_fd, const char *name)
{
	char target[MAX_NAME_BYTES + 1];
	ssize_t bytes = readlinkat(folder_fd, name, target, sizeof(target) - 1);
	const char *slash;

	if (bytes <= 0)
		return;
	target[bytes] = '\0';
	slash = strrchr(target, '/');
	fputs(" id=", out);
	write_name(out, slash ? slash + 1 : target);
}

static void write_keys(FILE *out, int entry_fd, bool has_counts)
{
	const struct kfrag_sysslab_key *key;

	for (size_t i = 0; (key = kfrag_sysslab_key(i)) != NULL; i++) {
		char word[MAX_NAME_BYTES + 1];

		if ((!key->is_static && !has_counts) ||
		    !read_word(entry_fd, key->name, word))
			continue;
		/* Of a constructor's name nothing is wanted. */
		if (strcmp(key->name, "ctor") == 0)
			fprintf(out, " ctor=%d", word[0] != '\0');
		else if (word[0])
			fprintf(out, " %s=%s", key->name, word);
	}
}

static void write_entry(FILE *out, int folder_fd, const char *name,
			bool has_counts)
{
	int fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	char words[KFRAG_SYSSLAB_NR_NUMBERS][MAX_NAME_BYTES + 1];
	bool is_entry = fd >= 0;

	for (size_t i = 0; is_entry && i < KFRAG_SYSSLAB_NR_NUMBERS; i++)
		is_entry = read_word(fd, kfrag_sysslab_numbers[i], words[i]) &&
			   words[i][0];
	if (is_entry) {
		write_name(out, name);
		for (size_t i = 0; i < KFRAG_SYSSLAB_NR_NUMBERS; i++)
			fprintf(out, " %s", words[i]);
		write_id(out, folder_fd, name);
		write_keys(out, fd, has_counts);
		fputc('\n', out);
	}
	if (fd >= 0)
		close(fd);
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
static bool write_entries(FILE *out, DIR *folder, bool has_counts)
{
	size_t nr_names;
	char **names;
	bool ok = list_names(folder, &names, &nr_names);

	for (size_t i = 0; i < nr_names; i++) {
		if (ok)
			write_entry(out, dirfd(folder), names[i], has_counts);
		free(names[i]);
	}
	free(names);
	return ok;
}

static char *read_folder(const char *path, bool has_counts, size_t *nr_bytes)
{
	DIR *folder = opendir(path);
	char *text = NULL;
	FILE *out;
	bool ok;

	*nr_bytes = 0;
	if (!folder)
		return NULL;
	out = open_memstream(&text, nr_bytes);
	ok = out && write_entries(out, folder, has_counts);
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
	return read_folder(folder, true, nr_bytes);
}

char *cli_sysfs_slab_read_static(const char *folder, size_t *nr_bytes)
{
	return read_folder(folder, false, nr_bytes);
}
