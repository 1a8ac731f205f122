// SPDX-License-Identifier: MIT
#include "kfrag/plot.h"

#include <string.h>
#include <strings.h>

static const struct {
	const char *ending;
	enum kfrag_plot_terminal terminal;
} endings[] = {
	{ ".png", KFRAG_PLOT_PNG },  { ".svg", KFRAG_PLOT_SVG },
	{ ".pdf", KFRAG_PLOT_PDF },  { ".gif", KFRAG_PLOT_GIF },
	{ ".txt", KFRAG_PLOT_TEXT }, { ".gp", KFRAG_PLOT_SCRIPT },
};

bool kfrag_plot_terminal_find(const char *path,
			      enum kfrag_plot_terminal *terminal)
{
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < sizeof(endings) / sizeof(endings[0]);
	     i++) {
		if (strcasecmp(dot, endings[i].ending) != 0)
			continue;
		*terminal = endings[i].terminal;
		return true;
	}
	return false;
}
