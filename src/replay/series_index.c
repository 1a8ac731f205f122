// SPDX-License-Identifier: MIT
#include "replay/series_index.h"

#include <stdlib.h>
#include <string.h>

#define NONE KFRAG_NO_SERIES
#define FIRST_BUCKETS 512

/* FNV-1a over the name, then the size. */
static uint64_t hash_of(const struct kfrag_record *record)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < record->name_bytes; i++)
		hash = (hash ^ (unsigned char)record->name[i]) *
		       UINT64_C(0x100000001b3);
	hash = (hash ^ record->size_bytes) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 32;
}

static bool is_of(const struct kfrag_series_key *key,
		  const struct kfrag_record *record)
{
	return key->size_bytes == record->size_bytes &&
	       key->name_bytes == record->name_bytes &&
	       memcmp(key->name, record->name, key->name_bytes) == 0;
}

static bool grow_buckets(struct kfrag_series_index *index)
{
	size_t nr = index->nr_buckets ? index->nr_buckets * 2 : FIRST_BUCKETS;
	size_t *buckets;

	if (nr > SIZE_MAX / sizeof(*buckets))
		return false;
	buckets = calloc(nr, sizeof(*buckets));
	if (!buckets)
		return false;
	for (size_t i = 0; i < nr; i++)
		buckets[i] = NONE;
	for (size_t i = 0; i < index->nr_buckets; i++) {
		for (size_t at = index->buckets[i]; at != NONE;) {
			struct kfrag_series_key *key = &index->keys[at];
			size_t *bucket = &buckets[key->hash & (nr - 1)];
			size_t next = key->next;

			key->next = *bucket;
			*bucket = at;
			at = next;
		}
	}
	free(index->buckets);
	index->buckets = buckets;
	index->nr_buckets = nr;
	return true;
}

static bool grow_keys(struct kfrag_series_index *index)
{
	size_t room = index->nr_keys_room ? index->nr_keys_room * 2 : 64;
	struct kfrag_series_key *keys;

	if (room > SIZE_MAX / sizeof(*keys))
		return false;
	keys = realloc(index->keys, room * sizeof(*keys));
	if (!keys)
		return false;
	index->keys = keys;
	index->nr_keys_room = room;
	return true;
}

/* The first of its kind. */
static size_t find_first(const struct kfrag_series_index *index,
			 const struct kfrag_record *record, uint64_t hash)
{
	size_t at = NONE;

	if (index->nr_buckets)
		at = index->buckets[hash & (index->nr_buckets - 1)];
	while (at != NONE && !is_of(&index->keys[at], record))
		at = index->keys[at].next;
	return at;
}

/* The first of a kind that the sample has not taken. */
static size_t find_free(struct kfrag_series_index *index, size_t first,
			size_t sample)
{
	struct kfrag_series_key *head = &index->keys[first];

	if (head->cursor_sample != sample) {
		head->cursor_sample = sample;
		head->cursor = first;
	}
	while (head->cursor != NONE &&
	       index->keys[head->cursor].last_sample == sample)
		head->cursor = index->keys[head->cursor].next_equal;
	return head->cursor;
}

/* Behind the others of its kind, of which `first` is one; NONE: there is none. */
static void link_key(struct kfrag_series_index *index, size_t first, size_t at)
{
	struct kfrag_series_key *key = &index->keys[at];

	if (first == NONE) {
		size_t *bucket =
			&index->buckets[key->hash & (index->nr_buckets - 1)];

		key->next = *bucket;
		*bucket = at;
		return;
	}
	index->keys[index->keys[first].last_equal].next_equal = at;
	index->keys[first].last_equal = at;
	index->keys[first].cursor = at;
}

static bool add_key(struct kfrag_series_index *index,
		    const struct kfrag_record *record, uint64_t hash,
		    size_t first, size_t *series)
{
	char *name;

	if (index->nr_keys == index->nr_keys_room && !grow_keys(index))
		return false;
	if (index->nr_keys >= index->nr_buckets && !grow_buckets(index))
		return false;
	name = calloc(record->name_bytes + 1, 1);
	if (!name)
		return false;
	memcpy(name, record->name, record->name_bytes);
	name[record->name_bytes] = '\0';
	*series = index->nr_keys++;
	index->keys[*series] = (struct kfrag_series_key){
		.name = name,
		.name_bytes = record->name_bytes,
		.size_bytes = record->size_bytes,
		.next_equal = NONE,
		.hash = hash,
		.next = NONE,
		.last_equal = *series,
		.cursor = *series,
	};
	link_key(index, first, *series);
	return true;
}

bool kfrag_series_index_take(struct kfrag_series_index *index,
			     const struct kfrag_record *record, size_t sample,
			     size_t guess, size_t *series)
{
	size_t at = guess;

	if (guess >= index->nr_keys ||
	    index->keys[guess].last_sample == sample ||
	    !is_of(&index->keys[guess], record)) {
		uint64_t hash = hash_of(record);
		size_t first = find_first(index, record, hash);

		at = first == NONE ? NONE : find_free(index, first, sample);
		if (at == NONE && !add_key(index, record, hash, first, &at))
			return false;
	}
	index->keys[at].last_sample = sample;
	index->keys[at].nr_points++;
	*series = at;
	return true;
}

void kfrag_series_index_release(struct kfrag_series_index *index)
{
	for (size_t i = 0; i < index->nr_keys; i++)
		free(index->keys[i].name);
	free(index->keys);
	free(index->buckets);
	*index = (struct kfrag_series_index){ 0 };
}
