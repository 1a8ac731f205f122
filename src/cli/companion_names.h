/* SPDX-License-Identifier: MIT */
#ifndef KFRAG_CLI_COMPANION_NAMES_H
#define KFRAG_CLI_COMPANION_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* How files are called that lie beside a capture. */

/* In the order in which they are looked for. */
enum companion_name {
	COMPANION_WHOLE, /* capture.slabinfo.gz -> capture.slabinfo.gz.meminfo */
	COMPANION_UNPACKED, /* capture.slabinfo.meminfo */
	COMPANION_STEM, /* capture.meminfo */
	COMPANION_TREE, /* proc/slabinfo.gz -> proc/meminfo */
	COMPANION_MACHINE, /* machine-state.slabinfo -> machine.meminfo */
	COMPANION_NR_NAMES
};

/*
 * A path to free. `ending` is that of the file, such as ".meminfo"; in_proc is
 * where it is as seen from the folder proc, such as "meminfo". NULL where there
 * is no such name, or memory is short.
 */
char *companion_name_make(enum companion_name kind, const char *capture,
			  const char *ending, const char *in_proc);

#endif
