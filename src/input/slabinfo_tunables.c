// SPDX-License-Identifier: MIT
/*
 * 2.x  : tunables limit batchcount sharedfactor : slabdata N N sharedavail
 * 1.x  : limit batchcount
 *
 * Of 1.x, kernels for one CPU have no such group at first, and those with
 * statistics have groups before and behind it, none of which has two numbers.
 */
#include <string.h>

#include "input/slabinfo_line.h"

#define NR_TUNABLES 3

/*
 * Reads numbers up to a colon or an offset, *at being moved behind them. Returns
 * how many there are, beyond the room for them as well; 0 where something else
 * stands there.
 */
static size_t read_group(const struct kfrag_text_line *text, size_t *at,
			 size_t end, uint64_t *values, size_t nr_room)
{
	struct kfrag_text_line group = { .text = text->text, .bytes = end };
	const char *colon = memchr(text->text + *at, ':', end - *at);
	struct kfrag_token token = { *at, *at };
	size_t nr_values = 0;

	if (colon)
		group.bytes = (size_t)(colon - text->text);
	while (kfrag_token_next(&group, token.end, &token)) {
		enum kfrag_diag_code code;
		uint64_t value;

		if (!kfrag_token_number(&group, token, &value, &code)) {
			nr_values = 0;
			break;
		}
		if (nr_values < nr_room)
			values[nr_values] = value;
		nr_values++;
	}
	*at = group.bytes;
	return nr_values;
}

/* The last digits of a line's last figure may be what the text's end took. */
static bool is_whole(const struct kfrag_text_line *text, size_t end)
{
	return end < text->bytes || text->is_ended || text->is_aligned;
}

void kfrag_slabinfo_tunables_read_2(struct kfrag_record *record,
				    const struct kfrag_text_line *text,
				    size_t tunables_at,
				    struct kfrag_token slabdata)
{
	size_t at = kfrag_text_line_skip_blanks(text, tunables_at + 1) +
		    strlen("tunables");
	uint64_t tunables[NR_TUNABLES], of_slabs[NR_TUNABLES];

	if (read_group(text, &at, slabdata.start, tunables, NR_TUNABLES) !=
	    NR_TUNABLES)
		return;
	at = slabdata.end;
	if (read_group(text, &at, text->bytes, of_slabs, NR_TUNABLES) <
		    NR_TUNABLES ||
	    !is_whole(text, at))
		return;
	record->has_tunables = true;
	record->limit = tunables[0];
	record->batchcount = tunables[1];
	record->sharedfactor = tunables[2];
	record->sharedavail = of_slabs[2];
}

void kfrag_slabinfo_tunables_read_1(struct kfrag_record *record,
				    const struct kfrag_text_line *text,
				    size_t head_end)
{
	size_t at = head_end;
	uint64_t values[2];

	while (at < text->bytes && !record->has_tunables) {
		/* The first is what stands between the head and a colon. */
		if (read_group(text, &at, text->bytes, values, 2) == 2 &&
		    is_whole(text, at)) {
			record->has_tunables = true;
			record->limit = values[0];
			record->batchcount = values[1];
		}
		at++;
	}
}
