/* SPDX-License-Identifier: MIT */
/*
 * Gives a fuzz target a plain main(), so that `make check` can run it with
 * any compiler over its corpus:
 *
 *	fuzz_x [-m N] [-s SEED] [-k FILE] PATH...
 *
 * runs the target on every file given, folders walked in sorted order, and on
 * the empty input; with -m, on N mutations of each file too, the same ones on
 * every machine for a SEED. With -k the input about to run is kept in FILE,
 * so that it survives a crash. The last line says how many inputs ran.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kfrag/random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Mutations never grow an input beyond this. */
#define MAX_INPUT_BYTES ((size_t)1 << 20)

struct job {
	uint64_t nr_mutations; /* per file */
	uint64_t seed;
	const char *keep_path; /* NULL: keep nothing */
	uint64_t nr_run;
};

struct input {
	uint8_t *data; /* MAX_INPUT_BYTES of room, or size where larger */
	size_t size;
};

static void die(const char *what, const char *path)
{
	fprintf(stderr, "%s '%s': %s\n", what, path, strerror(errno));
	exit(2);
}

static void *allocate(size_t bytes)
{
	void *memory = malloc(bytes ? bytes : 1);

	if (!memory)
		die("no memory for", "an input");
	return memory;
}

static void keep(const char *path, const uint8_t *data, size_t size)
{
	FILE *file = fopen(path, "wb");

	/* An empty input may have no address. */
	if (!file || (size && fwrite(data, 1, size, file) != size) ||
	    fclose(file))
		die("cannot write", path);
}

/* An exact copy, so that a sanitizer sees the first byte read too much. */
static void run_one(struct job *job, const uint8_t *data, size_t size)
{
	uint8_t *copy = allocate(size);

	if (size)
		memcpy(copy, data, size);
	if (job->keep_path)
		keep(job->keep_path, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	job->nr_run++;
}

static size_t place(struct kfrag_random *random, size_t size)
{
	return (size_t)kfrag_random_below(random, size ? size : 1);
}

/* Makes room for `count` bytes at `at`; returns how many it could. */
static size_t open_gap(struct input *input, size_t at, size_t count)
{
	if (input->size >= MAX_INPUT_BYTES)
		return 0;
	if (count > MAX_INPUT_BYTES - input->size)
		count = MAX_INPUT_BYTES - input->size;
	memmove(input->data + at + count, input->data + at, input->size - at);
	input->size += count;
	return count;
}

static void insert(struct input *input, size_t at, const char *text)
{
	size_t count = open_gap(input, at, strlen(text));

	memcpy(input->data + at, text, count);
}

static void insert_token(struct kfrag_random *random, struct input *input)
{
	static const char *const tokens[] = { "\n",
					      "\r\n",
					      " ",
					      "\t",
					      " : ",
					      ":",
					      "#",
					      "-",
					      "0",
					      "1",
					      "18446744073709551615",
					      "18446744073709551616",
					      "4294967295",
					      "4294967296",
					      "5000000000",
					      "\xff",
					      "\xc3",
					      " : tunables ",
					      " : slabdata ",
					      "slabinfo - version: 1.1\n",
					      "slabinfo - version: 2.1\n",
					      "time: 7\n" };
	size_t nr_tokens = sizeof(tokens) / sizeof(tokens[0]);

	insert(input, place(random, input->size + 1),
	       tokens[kfrag_random_below(random, nr_tokens)]);
}

static void insert_bytes(struct kfrag_random *random, struct input *input)
{
	size_t at = place(random, input->size + 1);
	size_t count = open_gap(input, at, 1 + place(random, 8));

	for (size_t i = 0; i < count; i++)
		input->data[at + i] = (uint8_t)kfrag_random_next(random);
}

static void delete_range(struct kfrag_random *random, struct input *input)
{
	size_t at = place(random, input->size);
	size_t most = input->size - at < 64 ? input->size - at : 64;
	size_t count = 1 + place(random, most);

	memmove(input->data + at, input->data + at + count,
		input->size - at - count);
	input->size -= count;
}

static void repeat_range(struct kfrag_random *random, struct input *input)
{
	size_t at = place(random, input->size);
	size_t most = input->size - at < 256 ? input->size - at : 256;
	size_t count = open_gap(input, at, 1 + place(random, most));

	memcpy(input->data + at, input->data + at + count,
	       count < input->size - at - count ? count :
						  input->size - at - count);
}

static void mutate(struct kfrag_random *random, struct input *input)
{
	size_t at = place(random, input->size);

	switch (input->size ? kfrag_random_below(random, 7) : 0) {
	case 0:
		insert_bytes(random, input);
		break;
	case 1:
		insert_token(random, input);
		break;
	case 2:
		delete_range(random, input);
		break;
	case 3:
		repeat_range(random, input);
		break;
	case 4:
		input->data[at] ^= (uint8_t)(1u << place(random, 8));
		break;
	case 5:
		input->data[at] = (uint8_t)kfrag_random_next(random);
		break;
	default:
		input->size = at;
	}
}

static void run_mutations(struct job *job, const uint8_t *data, size_t size)
{
	size_t room = size < MAX_INPUT_BYTES ? MAX_INPUT_BYTES : size;
	struct input input = { .data = allocate(room) };

	for (uint64_t i = 0; i < job->nr_mutations; i++) {
		struct kfrag_random random;

		/* Each mutation depends on nothing but its own number. */
		kfrag_random_init(&random, job->seed + i);
		if (size)
			memcpy(input.data, data, size);
		input.size = size;
		for (size_t n = 1 + place(&random, 8); n > 0; n--)
			mutate(&random, &input);
		run_one(job, input.data, input.size);
	}
	free(input.data);
}

static void run_file(struct job *job, const char *path, size_t size)
{
	uint8_t *data = allocate(size);
	FILE *file = fopen(path, "rb");

	if (!file || fread(data, 1, size, file) != size)
		die("cannot read", path);
	fclose(file);
	run_one(job, data, size);
	run_mutations(job, data, size);
	free(data);
}

static void run_path(struct job *job, const char *path);

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void run_folder(struct job *job, const char *folder)
{
	struct dirent **entries;
	int nr_entries = scandir(folder, &entries, visible, alphasort);

	if (nr_entries < 0)
		die("cannot read", folder);
	for (int i = 0; i < nr_entries; i++) {
		size_t bytes = strlen(folder) + strlen(entries[i]->d_name) + 2;
		char *path = allocate(bytes);

		snprintf(path, bytes, "%s/%s", folder, entries[i]->d_name);
		run_path(job, path);
		free(path);
		free(entries[i]);
	}
	free(entries);
}

static void run_path(struct job *job, const char *path)
{
	struct stat status;

	if (stat(path, &status))
		die("cannot read", path);
	if (S_ISDIR(status.st_mode))
		run_folder(job, path);
	else
		run_file(job, path, (size_t)status.st_size);
}

int main(int argc, char **argv)
{
	struct job job = { .seed = 1 };
	uint64_t nr_empty = 1;
	int option;

	while ((option = getopt(argc, argv, "m:s:k:")) != -1) {
		if (option == 'm')
			job.nr_mutations = strtoull(optarg, NULL, 10);
		else if (option == 's')
			job.seed = strtoull(optarg, NULL, 10);
		else if (option == 'k')
			job.keep_path = optarg;
		else
			return 2;
	}
	run_one(&job, NULL, 0);
	for (int i = optind; i < argc; i++)
		run_path(&job, argv[i]);
	if (job.nr_run == nr_empty) {
		fprintf(stderr, "%s: no input but the empty one\n", argv[0]);
		return 1;
	}
	printf("%" PRIu64 " passed, 0 failed\n", job.nr_run);
	return 0;
}
