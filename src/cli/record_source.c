// SPDX-License-Identifier: MIT
#include "cli/record_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/companion_names.h"
#include "cli/contents.h"
#include "cli/input.h"
#include "cli/sysfs_slab.h"
#include "kfrag/meminfo.h"

#define FIRST_BYTES ((size_t)64 << 10)

/* The longest name that is looked for beside slabinfo. */
#define LONGEST_NAME "sys/kernel/osrelease"

static bool make_room(struct record_text *text)
{
	size_t capacity = text->capacity ? text->capacity * 2 : FIRST_BYTES;
	char *bytes;

	if (text->nr_bytes < text->capacity)
		return true;
	if (capacity > CLI_MAX_INPUT_BYTES) {
		errno = EFBIG;
		return false;
	}
	bytes = realloc(text->bytes, capacity);
	if (!bytes)
		return false;
	text->bytes = bytes;
	text->capacity = capacity;
	return true;
}

/* FAILED leaves the reason in errno and says nothing. */
static enum record_result read_fd(int fd, const struct record_wait *wait,
				  struct record_text *text)
{
	text->nr_bytes = 0;
	for (;;) {
		ssize_t got;

		if (!make_room(text))
			return RECORD_FAILED;
		if (wait && record_wait_read(wait, fd) == RECORD_INTERRUPT)
			return RECORD_STOPPED;
		got = read(fd, text->bytes + text->nr_bytes,
			   text->capacity - text->nr_bytes);
		if (got < 0 && (errno == EINTR || (wait && errno == EAGAIN)))
			continue;
		if (got < 0)
			return RECORD_FAILED;
		if (got == 0)
			return RECORD_OK;
		text->nr_bytes += (size_t)got;
	}
}

static enum record_result read_path(const char *path,
				    const struct record_wait *wait,
				    struct record_text *text)
{
	/* A fifo is then waited for as an interrupt allows. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum record_result result;
	int error;

	if (fd < 0)
		return RECORD_FAILED;
	result = read_fd(fd, wait, text);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

/* Leaves the text empty where there is no such file, or not for us. */
static void read_beside(struct record_source *source, const char *name,
			struct record_text *text)
{
	struct stat status;

	memcpy(source->beside + source->folder_bytes, name, strlen(name) + 1);
	if (stat(source->beside, &status) == 0 && S_ISREG(status.st_mode) &&
	    read_path(source->beside, NULL, text) == RECORD_OK)
		return;
	text->nr_bytes = 0;
}

/* "name\n" */
static void read_word(struct record_source *source, const char *name,
		      struct record_text *text)
{
	read_beside(source, name, text);
	while (text->nr_bytes > 0 && text->bytes[text->nr_bytes - 1] == '\n')
		text->nr_bytes--;
}

bool record_source_init(struct record_source *source, const char *path)
{
	const char *slash = strrchr(path, '/');

	*source = (struct record_source){
		.path = path,
		.is_live = strcmp(path, CLI_LIVE_PATH) == 0,
		.folder_bytes = slash ? (size_t)(slash - path) + 1 : 0,
	};
	source->beside = malloc(source->folder_bytes + sizeof(LONGEST_NAME));
	if (!source->beside) {
		cli_message("%s", kfrag_error_text(KFRAG_ENOMEM));
		return false;
	}
	memcpy(source->beside, path, source->folder_bytes);
	source->slab_folder = companion_name_make(COMPANION_TREE, path, "",
						  ".." CLI_LIVE_SYSFS_SLAB);
	read_word(source, "sys/kernel/hostname", &source->host);
	read_word(source, "sys/kernel/osrelease", &source->kernel);
	return true;
}

void record_source_release(struct record_source *source)
{
	free(source->beside);
	free(source->slabinfo.bytes);
	free(source->buddyinfo.bytes);
	free(source->meminfo.bytes);
	free(source->host.bytes);
	free(source->kernel.bytes);
	free(source->slab_folder);
	free(source->slab_names);
	free(source->sysslab);
	*source = (struct record_source){ 0 };
}

static void explain_read_error(const struct record_source *source, int error)
{
	cli_message("cannot read '%s': %s", source->path, strerror(error));
	if (!source->is_live)
		return;
	if (error == EACCES || error == EPERM)
		cli_message("only root may read it; try: sudo kfrag record");
	else
		cli_message("this system shows no slab caches");
}

static void set_time(struct kfrag_sample *sample)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) != 0 || now.tv_sec < 0)
		return;
	sample->time = (uint64_t)now.tv_sec;
	sample->time_ms = (uint32_t)(now.tv_nsec / 1000000);
}

static struct kfrag_origin origin_of(const struct record_source *source)
{
	/* Of another machine's files the page size is not known. */
	long page_size = source->is_live ? sysconf(_SC_PAGESIZE) : 0;
	struct kfrag_origin origin = {
		.host = source->host.bytes,
		.host_bytes = source->host.nr_bytes,
		.kernel = source->kernel.bytes,
		.kernel_bytes = source->kernel.nr_bytes,
	};

	if (page_size > 0)
		origin.page_size_bytes = kfrag_known((uint64_t)page_size);
	if (source->meminfo.nr_bytes > 0)
		origin.memtotal_bytes = kfrag_meminfo_total(
			source->meminfo.bytes, source->meminfo.nr_bytes);
	return origin;
}

/* Reads it anew where there are other names. Returns whether it did. */
static bool read_sysslab(struct record_source *source)
{
	char *names = NULL;
	size_t nr_bytes = 0;

	if (source->slab_folder)
		names = cli_sysfs_slab_read_names(source->slab_folder,
						  &nr_bytes);
	if (!names)
		return false;
	if (source->slab_names && source->slab_names_bytes == nr_bytes &&
	    memcmp(source->slab_names, names, nr_bytes) == 0) {
		free(names);
		return false;
	}
	free(source->slab_names);
	source->slab_names = names;
	source->slab_names_bytes = nr_bytes;
	free(source->sysslab);
	source->sysslab = cli_sysfs_slab_read_static(source->slab_folder,
						     &source->sysslab_bytes);
	return source->sysslab && source->sysslab_bytes > 0;
}

enum record_result record_source_read(struct record_source *source,
				      const struct record_wait *wait,
				      struct kfrag_sample *sample)
{
	enum record_result result;

	*sample = (struct kfrag_sample){ 0 };
	result = read_path(source->path, wait, &source->slabinfo);
	if (result == RECORD_FAILED)
		explain_read_error(source, errno);
	if (result != RECORD_OK)
		return result;
	/* Whoever fills a fifo may have been interrupted as well. */
	if (record_wait_until(wait, 0) == RECORD_INTERRUPT)
		return RECORD_STOPPED;
	set_time(sample);
	read_beside(source, "buddyinfo", &source->buddyinfo);
	read_beside(source, "meminfo", &source->meminfo);
	sample->origin = origin_of(source);
	sample->slabinfo = source->slabinfo.bytes;
	sample->slabinfo_bytes = source->slabinfo.nr_bytes;
	sample->buddyinfo = source->buddyinfo.bytes;
	sample->buddyinfo_bytes = source->buddyinfo.nr_bytes;
	sample->meminfo = kfrag_meminfo_slab(source->meminfo.bytes,
					     source->meminfo.nr_bytes);
	if (read_sysslab(source)) {
		sample->sysslab = source->sysslab;
		sample->sysslab_bytes = source->sysslab_bytes;
	}
	return RECORD_OK;
}
