/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_COMPANIONS_H
#define KFRAG_CLI_COMPANIONS_H

/*
 * What is known of a capture besides its slabinfo: the kernel's own sums in
 * /proc/meminfo, and /sys/kernel/slab.
 */
#include <stdbool.h>

#include "cli/input.h"
#include "cli/options.h"
#include "cli/shared_options.h"
#include "kfrag/meminfo.h"
#include "kfrag/snapshot.h"
#include "kfrag/sysslab.h"

/* Where it comes from; of several, the first one here is taken. */
enum cli_found {
	CLI_FOUND_NOTHING,
	CLI_FOUND_GIVEN, /* by an option */
	CLI_FOUND_RECORDED, /* in the sample itself */
	CLI_FOUND_LIVE, /* the running kernel's own, as the capture is */
	CLI_FOUND_BESIDE, /* a file of the same name, of the same moment */
	/* Of the same machine, but of another moment, or of an unknown one. */
	CLI_FOUND_MACHINE
};

/* "given", ... "of the machine, at another moment"; "none" for NOTHING. */
const char *cli_found_text(enum cli_found found);

/* What --meminfo and --sysslab name; NULL: nothing. */
struct cli_companion_paths {
	const char *meminfo;
	const char *sysslab;
};

/* For a subcommand's own table of options. */
/* clang-format off */
#define CLI_COMPANION_OPTIONS                                                  \
	{ CLI_OPTION_MEMINFO, "meminfo", "FILE",                               \
	  "the /proc/meminfo of that moment (default: what lies\n"             \
	  "beside FILE, or is live as it is)" },                               \
	{ CLI_OPTION_SYSSLAB, "sysslab", "FILE",                               \
	  "what /sys/kernel/slab says, as text or folder (default:\n"          \
	  "what lies beside FILE, or is live as it is)" }
/* clang-format on */

/* Whether the key is one of those; then its argument is taken. */
bool cli_companion_paths_take(struct cli_companion_paths *paths, int key,
			      const char *argument);

struct cli_companions {
	struct kfrag_slab_meminfo meminfo; /* all unknown: none */
	enum cli_found meminfo_found;
	char *meminfo_path; /* NULL: it is in no file of its own */
	/*
	 * NULL: none. Found as MACHINE, it says nothing of the moment. It may be
	 * the recording's.
	 */
	const struct kfrag_sysslab *sysslab;
	enum cli_found sysslab_found;
	char *sysslab_path; /* of a file or a folder; NULL likewise */
	struct kfrag_sysslab own_sysslab; /* behind sysslab, or empty */
};

/*
 * Looks for what belongs to a sample of an input. For the live file these are
 * /proc/meminfo and /sys/kernel/slab. For a file NAME.slabinfo (or another
 * ending of letters, behind it .gz or .xz, or none): NAME.meminfo and
 * NAME.sysslab, and where there is none, what is so called without a last
 * "-WORD" of NAME, found as MACHINE. For a file proc/slabinfo, such as that of
 * a folder, also proc/meminfo and sys/kernel/slab.
 *
 * Given files must be readable and say something: else false, after a
 * sentence on stderr. Of others a sentence comes with `verbose` only. Release
 * in both cases; *companions stays where it is.
 */
bool cli_companions_read(struct cli_companions *companions,
			 const struct cli_companion_paths *given,
			 const struct cli_input *input,
			 const struct kfrag_snapshot *snapshot, bool verbose);
void cli_companions_release(struct cli_companions *companions);

#endif
