// SPDX-License-Identifier: MIT
/*
 * A name may hold anything, so a line is read from its end backwards: keys,
 * five numbers, and what is left is the name.
 */
#include "kfrag/sysslab.h"

#include <stdlib.h>
#include <string.h>

#include "input/recording.h"
#include "input/slabinfo_line.h"
#include "input/sysslab_key.h"
#include "kfrag/pages.h"

/* Of an alias without numbers, until it has those of its entry. */
#define NO_SIZE 0

static int hex_digit(char c)
{
	if (kfrag_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The byte that \xNN at the start of a text stands for; negative: none. */
static int escaped_byte(const char *text, size_t bytes)
{
	int high, low;

	if (bytes < 4 || text[0] != '\\' || text[1] != 'x')
		return -1;
	high = hex_digit(text[2]);
	low = hex_digit(text[3]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* Copies a name to *room, NUL-terminated, and moves that behind it. */
static char *keep_name(char **room, const char *text, size_t bytes,
		       size_t *name_bytes)
{
	char *name = *room;
	char *out = name;

	for (size_t i = 0; i < bytes; i++) {
		int byte = escaped_byte(text + i, bytes - i);

		*out++ = byte < 0 ? text[i] : (char)byte;
		if (byte >= 0)
			i += 3;
	}
	*out = '\0';
	*name_bytes = (size_t)(out - name);
	*room = out + 1;
	return name;
}

size_t kfrag_sysslab_escape(char *out, const char *name, size_t bytes)
{
	static const char digits[] = "0123456789abcdef";
	char *start = out;

	for (size_t i = 0; i < bytes; i++) {
		unsigned char c = (unsigned char)name[i];
		/* A line must not begin as a comment does. */
		bool is_comment = i == 0 && c == '#';

		if (c > ' ' && c <= '~' && c != '\\' && !is_comment) {
			*out++ = name[i];
			continue;
		}
		*out++ = '\\';
		*out++ = 'x';
		*out++ = digits[c >> 4];
		*out++ = digits[c & 15];
	}
	*out = '\0';
	return (size_t)(out - start);
}

/* What of a line stands where. */
struct parts {
	struct kfrag_token name;
	struct kfrag_token numbers[KFRAG_SYSSLAB_NR_NUMBERS];
	size_t keys_at;
	bool has_numbers;
};

static bool split(const struct kfrag_text_line *line, struct parts *parts)
{
	struct kfrag_token token;
	size_t at = line->bytes;

	parts->keys_at = at;
	while (kfrag_token_previous(line, at, &token) &&
	       memchr(line->text + token.start, '=', token.end - token.start)) {
		at = token.start;
		parts->keys_at = at;
	}
	/* An alias: one word before the keys. */
	parts->has_numbers =
		kfrag_token_previous(line, at, &parts->name) &&
		kfrag_token_previous(line, parts->name.start, &token);
	if (!parts->has_numbers)
		return parts->name.start < parts->name.end;
	for (size_t i = KFRAG_SYSSLAB_NR_NUMBERS; i-- > 0;) {
		if (!kfrag_token_previous(line, at, &parts->numbers[i]))
			return false;
		at = parts->numbers[i].start;
	}
	if (!kfrag_token_previous(line, at, &token))
		return false;
	parts->name.start = kfrag_text_line_skip_blanks(line, 0);
	parts->name.end = token.end;
	return true;
}

static bool read_numbers(struct kfrag_sysslab_entry *entry,
			 const struct kfrag_text_line *line,
			 const struct parts *parts)
{
	uint64_t values[KFRAG_SYSSLAB_NR_NUMBERS];

	for (size_t i = 0; i < KFRAG_SYSSLAB_NR_NUMBERS; i++) {
		enum kfrag_diag_code code;

		if (!kfrag_token_number(line, parts->numbers[i], &values[i],
					&code))
			return false;
	}
	if (values[0] < 1 || values[1] < values[0] || values[2] < 1 ||
	    values[3] > KFRAG_MAX_ORDER)
		return false;
	entry->object_size_bytes = values[0];
	entry->size_bytes = values[1];
	entry->objs_per_slab = values[2];
	entry->order = (unsigned)values[3];
	entry->align_bytes = values[4];
	return true;
}

/* Of a text: what is read so far. */
struct reader {
	struct kfrag_sysslab *sysslab;
	size_t nr_room;
	char *room; /* for names */
	bool has_ids;
};

static void read_keys(struct reader *reader, struct kfrag_sysslab_entry *entry,
		      const struct kfrag_text_line *line, size_t at)
{
	struct kfrag_token token = { at, at };

	while (kfrag_token_next(line, token.end, &token)) {
		const char *key = line->text + token.start;
		size_t bytes = token.end - token.start;

		if (bytes <= 3 || memcmp(key, "id=", 3) != 0) {
			kfrag_sysslab_key_read(entry, key, bytes);
			continue;
		}
		/* Of two, the last: there is room for each. */
		entry->id = keep_name(&reader->room, key + 3, bytes - 3,
				      &entry->id_bytes);
		reader->has_ids = true;
	}
}

static bool is_remark(const struct kfrag_text_line *line)
{
	size_t at = kfrag_text_line_skip_blanks(line, 0);

	return at == line->bytes || line->text[at] == '#';
}

/* Returns false where memory is short. */
static bool read_line(struct reader *reader, const struct kfrag_text_line *line)
{
	struct kfrag_sysslab *sysslab = reader->sysslab;
	struct kfrag_sysslab_entry entry = { 0 };
	struct parts parts;

	if (is_remark(line))
		return true;
	entry.size_bytes = NO_SIZE;
	if (!line->is_ended || !split(line, &parts) ||
	    (parts.has_numbers && !read_numbers(&entry, line, &parts))) {
		sysslab->nr_bad_lines++;
		return true;
	}
	if (sysslab->nr_entries == reader->nr_room) {
		struct kfrag_sysslab_entry *grown = kfrag_grow(
			sysslab->entries, &reader->nr_room, sizeof(*grown));

		if (!grown)
			return false;
		sysslab->entries = grown;
	}
	entry.name = keep_name(&reader->room, line->text + parts.name.start,
			       parts.name.end - parts.name.start,
			       &entry.name_bytes);
	read_keys(reader, &entry, line, parts.keys_at);
	sysslab->entries[sysslab->nr_entries++] = entry;
	return true;
}

static int compare_names(const char *a, size_t a_bytes, const char *b,
			 size_t b_bytes)
{
	int order = memcmp(a, b, a_bytes < b_bytes ? a_bytes : b_bytes);

	if (order != 0)
		return order;
	return (a_bytes > b_bytes) - (a_bytes < b_bytes);
}

static int compare_entries(const void *a, const void *b)
{
	const struct kfrag_sysslab_entry *x = a, *y = b;
	int order =
		compare_names(x->name, x->name_bytes, y->name, y->name_bytes);

	/* Of one name: as in the text. */
	return order != 0 ? order : (x->name > y->name) - (x->name < y->name);
}

/* Sorts the entries, and leaves the first of each name. */
static void settle_names(struct kfrag_sysslab *sysslab)
{
	struct kfrag_sysslab_entry *entries = sysslab->entries;
	size_t nr_kept = 1;

	qsort(entries, sysslab->nr_entries, sizeof(*entries), compare_entries);
	for (size_t i = 1; i < sysslab->nr_entries; i++) {
		const struct kfrag_sysslab_entry *last = &entries[nr_kept - 1];

		if (compare_names(last->name, last->name_bytes, entries[i].name,
				  entries[i].name_bytes) == 0)
			sysslab->nr_bad_lines++;
		else
			entries[nr_kept++] = entries[i];
	}
	sysslab->nr_entries = nr_kept;
}

/* Gives an alias without numbers what its entry has; false: there is none. */
static bool settle_alias(const struct kfrag_sysslab *sysslab,
			 struct kfrag_sysslab_entry *alias)
{
	const struct kfrag_sysslab_entry *entry =
		alias->id ? kfrag_sysslab_find(sysslab, alias->id,
					       alias->id_bytes) :
			    NULL;
	struct kfrag_sysslab_entry settled;

	if (!entry || entry->size_bytes == NO_SIZE || entry->id)
		return false;
	settled = *entry;
	settled.name = alias->name;
	settled.name_bytes = alias->name_bytes;
	settled.id = alias->id;
	settled.id_bytes = alias->id_bytes;
	*alias = settled;
	return true;
}

/* Leaves out those that are aliases of nothing. */
static void settle_aliases(struct kfrag_sysslab *sysslab)
{
	size_t nr_kept = 0;

	for (size_t i = 0; i < sysslab->nr_entries; i++) {
		struct kfrag_sysslab_entry *entry = &sysslab->entries[i];

		if (entry->size_bytes == NO_SIZE)
			(void)settle_alias(sysslab, entry);
	}
	for (size_t i = 0; i < sysslab->nr_entries; i++) {
		if (sysslab->entries[i].size_bytes == NO_SIZE)
			sysslab->nr_bad_lines++;
		else
			sysslab->entries[nr_kept++] = sysslab->entries[i];
	}
	sysslab->nr_entries = nr_kept;
}

/* In a text with ids, what has none is an alias of nothing. */
static void settle_ids(struct kfrag_sysslab *sysslab)
{
	for (size_t i = 0; i < sysslab->nr_entries; i++) {
		struct kfrag_sysslab_entry *entry = &sysslab->entries[i];

		if (!entry->id) {
			entry->id = entry->name;
			entry->id_bytes = entry->name_bytes;
		}
	}
}

static enum kfrag_error read_lines(struct reader *reader, const char *text,
				   size_t text_bytes)
{
	struct kfrag_text_line rest = { .text = text, .bytes = text_bytes };
	struct kfrag_text_line line;

	while (kfrag_text_line_take(&rest, &line)) {
		if (!read_line(reader, &line))
			return KFRAG_ENOMEM;
	}
	if (reader->sysslab->nr_entries == 0)
		return KFRAG_EFORMAT;
	settle_names(reader->sysslab);
	settle_aliases(reader->sysslab);
	if (reader->has_ids)
		settle_ids(reader->sysslab);
	return reader->sysslab->nr_entries > 0 ? KFRAG_OK : KFRAG_EFORMAT;
}

enum kfrag_error kfrag_sysslab_parse(struct kfrag_sysslab *sysslab,
				     const char *text, size_t text_bytes)
{
	struct reader reader = { .sysslab = sysslab };
	enum kfrag_error error;

	*sysslab = (struct kfrag_sysslab){ 0 };
	if (text_bytes == 0)
		return KFRAG_EFORMAT;
	/* The blank behind a name, or "id=", leaves room for its NUL. */
	sysslab->storage = calloc(text_bytes, 1);
	if (!sysslab->storage)
		return KFRAG_ENOMEM;
	reader.room = sysslab->storage;
	error = read_lines(&reader, text, text_bytes);
	if (error)
		kfrag_sysslab_release(sysslab);
	return error;
}

void kfrag_sysslab_forget_moment(struct kfrag_sysslab *sysslab)
{
	for (size_t i = 0; i < sysslab->nr_entries; i++)
		kfrag_sysslab_key_forget_moment(&sysslab->entries[i]);
}

void kfrag_sysslab_release(struct kfrag_sysslab *sysslab)
{
	free(sysslab->entries);
	free(sysslab->storage);
	*sysslab = (struct kfrag_sysslab){ 0 };
}

const struct kfrag_sysslab_entry *
kfrag_sysslab_find(const struct kfrag_sysslab *sysslab, const char *name,
		   size_t name_bytes)
{
	size_t low = 0, high = sysslab->nr_entries;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct kfrag_sysslab_entry *entry =
			&sysslab->entries[middle];
		int order = compare_names(name, name_bytes, entry->name,
					  entry->name_bytes);

		if (order == 0)
			return entry;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

size_t kfrag_sysslab_nr_aliases(const struct kfrag_sysslab *sysslab,
				const struct kfrag_sysslab_entry *entry)
{
	size_t nr_names = 0;

	if (entry->nr_aliases.known)
		return (size_t)entry->nr_aliases.value;
	if (!entry->id)
		return 0;
	for (size_t i = 0; i < sysslab->nr_entries; i++) {
		const struct kfrag_sysslab_entry *other = &sysslab->entries[i];

		nr_names += other->name[0] != ':' &&
			    compare_names(entry->id, entry->id_bytes, other->id,
					  other->id_bytes) == 0;
	}
	return nr_names > 0 ? nr_names - 1 : 0;
}
