// SPDX-License-Identifier: MIT
#include "input/sysslab_key.h"

#include <string.h>

#include "input/slabinfo_line.h"

const char *const kfrag_sysslab_numbers[KFRAG_SYSSLAB_NR_NUMBERS] = {
	"object_size", "slab_size", "objs_per_slab", "order", "align",
};

/* How the value of a key is written. */
enum form {
	COUNT, /* "6 N0=6" */
	SWITCH, /* 0, 1 */
	SYMBOL, /* "", "init_once+0x0/0x10" */
	IN_PARENTHESES /* "42(4)" */
};

static const struct {
	struct kfrag_sysslab_key key;
	enum form form;
	size_t offset; /* of a struct kfrag_opt in the entry */
} keys[] = {
#define AT(member) offsetof(struct kfrag_sysslab_entry, member)
	{ { "aliases", true }, COUNT, AT(nr_aliases) },
	{ { "cpu_partial", true }, COUNT, AT(cpu_partial_objs) },
	{ { "min_partial", true }, COUNT, AT(min_partial_slabs) },
	{ { "sheaf_capacity", true }, COUNT, AT(sheaf_capacity_objs) },
	{ { "reclaim_account", true }, SWITCH, AT(reclaim_account) },
	{ { "hwcache_align", true }, SWITCH, AT(hwcache_align) },
	{ { "destroy_by_rcu", true }, SWITCH, AT(destroy_by_rcu) },
	{ { "ctor", true }, SYMBOL, AT(ctor) },
	{ { "red_zone", true }, SWITCH, AT(red_zone) },
	{ { "poison", true }, SWITCH, AT(poison) },
	{ { "store_user", true }, SWITCH, AT(store_user) },
	{ { "sanity_checks", true }, SWITCH, AT(sanity_checks) },
	{ { "partial", false }, COUNT, AT(partial_slabs) },
	{ { "cpu_slabs", false }, COUNT, AT(cpu_slabs) },
	{ { "slabs_cpu_partial", false },
	  IN_PARENTHESES,
	  AT(cpu_partial_slabs) },
	{ { "total_objects", false }, COUNT, AT(total_objs) },
	{ { "objects", false }, COUNT, AT(objs) },
#undef AT
};

#define NR_KEYS (sizeof(keys) / sizeof(*keys))

const struct kfrag_sysslab_key *kfrag_sysslab_key(size_t index)
{
	return index < NR_KEYS ? &keys[index].key : NULL;
}

static struct kfrag_opt number(const char *text, size_t bytes)
{
	struct kfrag_text_line line = { .text = text, .bytes = bytes };
	enum kfrag_diag_code code;
	uint64_t value;

	if (!kfrag_token_number(&line, (struct kfrag_token){ 0, bytes }, &value,
				&code))
		return kfrag_unknown();
	return kfrag_known(value);
}

static struct kfrag_opt in_parentheses(const char *text, size_t bytes)
{
	const char *open = memchr(text, '(', bytes);

	if (!open || text[bytes - 1] != ')')
		return kfrag_unknown();
	return number(open + 1, bytes - (size_t)(open - text) - 2);
}

static struct kfrag_opt read_value(enum form form, const char *text,
				   size_t bytes)
{
	struct kfrag_opt value;

	switch (form) {
	case SYMBOL:
		return kfrag_known(bytes > 0 && !(bytes == 1 && *text == '0'));
	case IN_PARENTHESES:
		return in_parentheses(text, bytes);
	case SWITCH:
		value = number(text, bytes);
		return value.value <= 1 ? value : kfrag_unknown();
	case COUNT:
		break;
	}
	return number(text, bytes);
}

static void set(struct kfrag_sysslab_entry *entry, size_t index,
		struct kfrag_opt value)
{
	memcpy((char *)entry + keys[index].offset, &value, sizeof(value));
}

static bool is_key(const char *name, const char *text, size_t bytes)
{
	return strlen(name) == bytes && memcmp(name, text, bytes) == 0;
}

void kfrag_sysslab_key_read(struct kfrag_sysslab_entry *entry, const char *text,
			    size_t bytes)
{
	const char *equals = memchr(text, '=', bytes);
	size_t key_bytes = equals ? (size_t)(equals - text) : bytes;
	size_t i = 0;

	while (i < NR_KEYS && !is_key(keys[i].key.name, text, key_bytes))
		i++;
	if (!equals || i == NR_KEYS)
		return;
	set(entry, i,
	    read_value(keys[i].form, equals + 1, bytes - key_bytes - 1));
}

void kfrag_sysslab_key_forget_moment(struct kfrag_sysslab_entry *entry)
{
	for (size_t i = 0; i < NR_KEYS; i++) {
		if (!keys[i].key.is_static)
			set(entry, i, kfrag_unknown());
	}
}
