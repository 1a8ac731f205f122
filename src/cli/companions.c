// SPDX-License-Identifier: MIT
#include "cli/companions.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/beside.h"
#include "cli/cli.h"
#include "cli/companion_names.h"
#include "cli/sysfs_slab.h"

#define MEMINFO "meminfo"

const char *cli_found_text(enum cli_found found)
{
	switch (found) {
	case CLI_FOUND_GIVEN:
		return "given";
	case CLI_FOUND_RECORDED:
		return "recorded";
	case CLI_FOUND_LIVE:
		return "live";
	case CLI_FOUND_BESIDE:
		return "beside the capture";
	case CLI_FOUND_MACHINE:
		return "of the machine, at another moment";
	case CLI_FOUND_NOTHING:
		break;
	}
	return "none";
}

bool cli_companion_paths_take(struct cli_companion_paths *paths, int key,
			      const char *argument)
{
	if (key == CLI_OPTION_MEMINFO)
		paths->meminfo = argument;
	else if (key == CLI_OPTION_SYSSLAB)
		paths->sysslab = argument;
	else
		return false;
	return true;
}

/* ------------------------------------------------------------- one file */

/* How a file turned out. */
enum outcome {
	GOOD,
	UNREADABLE, /* for the reason in errno */
	EMPTY /* nothing in it is what it should be */
};

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* What a user names may be a pipe, and is waited for. */
static char *read_given(const char *path, size_t *nr_bytes)
{
	return cli_beside_read_close(open(path, O_RDONLY | O_CLOEXEC),
				     nr_bytes);
}

static char *read_file(const char *path, bool is_given, size_t *nr_bytes)
{
	return is_given ? read_given(path, nr_bytes) :
			  cli_beside_read(path, nr_bytes);
}

static enum outcome load_meminfo(struct cli_companions *companions,
				 const char *path, bool is_given)
{
	size_t nr_bytes;
	char *text = read_file(path, is_given, &nr_bytes);

	if (!text)
		return UNREADABLE;
	companions->meminfo = kfrag_meminfo_slab(text, nr_bytes);
	free(text);
	if (companions->meminfo.slab_bytes.known)
		return GOOD;
	companions->meminfo = (struct kfrag_slab_meminfo){ 0 };
	return EMPTY;
}

static enum outcome load_sysslab(struct cli_companions *companions,
				 const char *path, bool is_given)
{
	size_t nr_bytes;
	char *text = is_folder(path) ? cli_sysfs_slab_read(path, &nr_bytes) :
				       read_file(path, is_given, &nr_bytes);
	enum kfrag_error error;

	if (!text)
		return UNREADABLE;
	error = kfrag_sysslab_parse(&companions->own_sysslab, text, nr_bytes);
	free(text);
	if (error == KFRAG_ENOMEM) {
		errno = ENOMEM;
		return UNREADABLE;
	}
	if (error)
		return EMPTY;
	companions->sysslab = &companions->own_sysslab;
	return GOOD;
}

/* ------------------------------------------------------ one or the other */

/* What differs between the two. */
struct kind {
	const char *ending;
	const char *in_proc; /* from the folder proc */
	const char *live;
	const char *missing; /* what a file that is none lacks */
	enum outcome (*load)(struct cli_companions *companions,
			     const char *path, bool is_given);
};

static const struct kind meminfo_kind = {
	"." MEMINFO,  MEMINFO, "/proc/" MEMINFO, "it has no line 'Slab: N kB'",
	load_meminfo,
};

static const struct kind sysslab_kind = {
	".sysslab",	     ".." CLI_LIVE_SYSFS_SLAB,
	CLI_LIVE_SYSFS_SLAB, "it has no line of a cache",
	load_sysslab,
};

/* Where one of the two is looked for, and found. */
struct search {
	struct cli_companions *companions;
	const struct kind *kind;
	const struct cli_input *input;
	bool verbose;
	enum cli_found *found;
	char **path; /* where it was found, owned; or NULL */
};

static void say(const struct search *search, const char *path,
		enum outcome outcome)
{
	if (outcome == UNREADABLE)
		cli_message("cannot read '%s': %s", path, strerror(errno));
	else
		cli_message("'%s' is of no use: %s", path,
			    search->kind->missing);
}

/* Takes over the path, which is NULL where memory is short. */
static bool try_path(const struct search *search, char *path,
		     enum cli_found found)
{
	bool is_given = found == CLI_FOUND_GIVEN;
	enum outcome outcome = UNREADABLE;

	errno = ENOMEM;
	if (path)
		outcome =
			search->kind->load(search->companions, path, is_given);
	if (outcome == GOOD) {
		*search->path = path;
		*search->found = found;
		return true;
	}
	/* That there is none is no news, but for one that is named. */
	if (is_given ||
	    (search->verbose &&
	     (outcome == EMPTY || (errno != ENOENT && errno != ENOTDIR))))
		say(search, path ? path : "", outcome);
	free(path);
	return false;
}

/* A file beside many samples is of none of them in particular. */
static enum cli_found found_as(const struct search *search,
			       enum companion_name name)
{
	if (name == COMPANION_MACHINE ||
	    search->input->recording.nr_snapshots > 1)
		return CLI_FOUND_MACHINE;
	return CLI_FOUND_BESIDE;
}

static void try_beside(const struct search *search)
{
	const char *capture = search->input->path;

	for (int i = 0; i < COMPANION_NR_NAMES; i++) {
		enum companion_name name = (enum companion_name)i;
		char *path = companion_name_make(name, capture,
						 search->kind->ending,
						 search->kind->in_proc);

		if (path && try_path(search, path, found_as(search, name)))
			return;
	}
}

/* Returns false where a given file cannot be used. */
static bool run_search(const struct search *search, const char *given)
{
	if (given)
		return try_path(search, strdup(given), CLI_FOUND_GIVEN);
	if (*search->found == CLI_FOUND_RECORDED)
		return true;
	if (search->input->is_live)
		(void)try_path(search, strdup(search->kind->live),
			       CLI_FOUND_LIVE);
	else if (strcmp(search->input->path, "-") != 0)
		try_beside(search);
	return true;
}

/* ---------------------------------------------------------------- both */

static void take_recorded(struct cli_companions *companions,
			  const struct kfrag_snapshot *snapshot)
{
	if (snapshot->meminfo.slab_bytes.known) {
		companions->meminfo = snapshot->meminfo;
		companions->meminfo_found = CLI_FOUND_RECORDED;
	}
	if (snapshot->sysslab) {
		companions->sysslab = snapshot->sysslab;
		companions->sysslab_found = CLI_FOUND_RECORDED;
	}
}

static void report_bad_lines(const struct cli_companions *companions,
			     bool verbose)
{
	uint64_t nr_lines = companions->own_sysslab.nr_bad_lines;

	if (nr_lines > 0 &&
	    (verbose || companions->sysslab_found == CLI_FOUND_GIVEN))
		cli_message("%s: %" PRIu64 " %s no use",
			    companions->sysslab_path, nr_lines,
			    nr_lines == 1 ? "line is of" : "lines are of");
}

bool cli_companions_read(struct cli_companions *companions,
			 const struct cli_companion_paths *given,
			 const struct cli_input *input,
			 const struct kfrag_snapshot *snapshot, bool verbose)
{
	struct search meminfo = {
		companions,
		&meminfo_kind,
		input,
		verbose,
		&companions->meminfo_found,
		&companions->meminfo_path,
	};
	struct search sysslab = {
		companions,
		&sysslab_kind,
		input,
		verbose,
		&companions->sysslab_found,
		&companions->sysslab_path,
	};

	*companions = (struct cli_companions){ 0 };
	take_recorded(companions, snapshot);
	/* The sums are of a moment: they come first. */
	if (!run_search(&meminfo, given->meminfo) ||
	    !run_search(&sysslab, given->sysslab))
		return false;
	if (companions->sysslab_found == CLI_FOUND_MACHINE)
		kfrag_sysslab_forget_moment(&companions->own_sysslab);
	report_bad_lines(companions, verbose);
	return true;
}

void cli_companions_release(struct cli_companions *companions)
{
	kfrag_sysslab_release(&companions->own_sysslab);
	free(companions->meminfo_path);
	free(companions->sysslab_path);
	*companions = (struct cli_companions){ 0 };
}
