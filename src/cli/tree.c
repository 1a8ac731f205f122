// SPDX-License-Identifier: MIT
#include "cli/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/beside.h"
#include "cli/cli.h"
#include "cli/contents.h"

int cli_tree_open(const char *folder, char **path)
{
	static const char *const names[] = { "proc/slabinfo",
					     "proc/slabinfo.gz",
					     "proc/slabinfo.xz" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int fd;

		*path = cli_beside_join(folder, names[i]);
		if (!*path)
			return -1;
		fd = cli_beside_open(*path);
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
		char *path = cli_beside_join(folder, files[i].name);
		char *text = path ? cli_beside_read(path, &nr_bytes) : NULL;

		if (text && nr_bytes > 0)
			files[i].read(machine, text, nr_bytes);
		free(text);
		free(path);
	}
}
