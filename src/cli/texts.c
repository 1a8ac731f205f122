// SPDX-License-Identifier: MIT
#include "cli/texts.h"

#include <stdlib.h>
#include <string.h>

static bool make_room(struct cli_texts *texts)
{
	size_t room = texts->nr_room ? texts->nr_room * 2 : 8;
	char **grown;

	if (texts->nr_texts < texts->nr_room)
		return true;
	grown = realloc(texts->list, room * sizeof(*grown));
	if (!grown)
		return false;
	texts->list = grown;
	texts->nr_room = room;
	return true;
}

bool cli_texts_add(struct cli_texts *texts, const char *text)
{
	/* The next is mostly the same as the last. */
	for (size_t i = texts->nr_texts; i-- > 0;)
		if (strcmp(texts->list[i], text) == 0)
			return true;
	if (!make_room(texts))
		return false;
	texts->list[texts->nr_texts] = strdup(text);
	if (!texts->list[texts->nr_texts])
		return false;
	texts->nr_texts++;
	return true;
}

void cli_texts_release(struct cli_texts *texts)
{
	for (size_t i = 0; i < texts->nr_texts; i++)
		free(texts->list[i]);
	free(texts->list);
	*texts = (struct cli_texts){ 0 };
}
