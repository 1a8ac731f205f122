// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "expect.h"
#include "kfrag/sysslab.h"

Suite *sysslab_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))
#define TEXT(text) (text), (sizeof(text) - 1)

/* An exact-size copy, gone before the sysslab is looked at. */
static enum kfrag_error parse(struct kfrag_sysslab *sysslab, const char *text,
			      size_t bytes)
{
	char *copy = malloc(bytes + (bytes == 0));
	enum kfrag_error error;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, bytes);
	error = kfrag_sysslab_parse(sysslab, copy, bytes);
	free(copy);
	return error;
}

static const struct kfrag_sysslab_entry *
find(const struct kfrag_sysslab *sysslab, const char *name)
{
	return kfrag_sysslab_find(sysslab, name, strlen(name));
}

/* Each has one entry, of the figures 176 192 21 0 64. */
static const struct {
	const char *text;
	size_t bytes;
	const char *name;
	size_t name_bytes;
	uint64_t nr_bad_lines;
} good[] = {
	{ TEXT("dentry 176 192 21 0 64\n"), TEXT("dentry"), 0 },
	{ TEXT(" \tdentry\t176   192 21 0 64 \t\r\n"), TEXT("dentry"), 0 },
	{ TEXT("# what\n\n  \n dentry 176 192 21 0 64\n"), TEXT("dentry"), 0 },
	{ TEXT("dentry 176 192 21 0 64\ndentry 1 2 3 4 5\n"), TEXT("dentry"),
	  1 },
	{ TEXT("a 1 2 3 4\ndentry 176 192 21 0 64\n7\nb"), TEXT("dentry"), 3 },
	{ TEXT("dentry 176 192 21 0 64\nzone 1 2 3 4 64"), TEXT("dentry"), 1 },
	{ TEXT(":A-0000192 176 192 21 0 64\n"), TEXT(":A-0000192"), 0 },
	{ TEXT("a\\x20b 176 192 21 0 64\n"), TEXT("a b"), 0 },
	{ TEXT("a b  c 176 192 21 0 64 ctor=1\n"), TEXT("a b  c"), 0 },
	{ TEXT("a 1 2 3 176 192 21 0 64\n"), TEXT("a 1 2 3"), 0 },
	{ TEXT("iwl:0000:04:00.0 176 192 21 0 64\n"), TEXT("iwl:0000:04:00.0"),
	  0 },
	{ TEXT("a=b 176 192 21 0 64 N0=6\n"), TEXT("a=b"), 0 },
	{ TEXT("100% 176 192 21 0 64\n"), TEXT("100%"), 0 },
	{ TEXT("\\x23\\x5C\\xfF\\x00\\x4 176 192 21 0 64\n"),
	  TEXT("#\\\xff\0\\x4"), 0 },
	{ TEXT("\\x2g\\y20\\x 176 192 21 0 64\n"), TEXT("\\x2g\\y20\\x"), 0 },
	{ TEXT("a\0b 176 192 21 0 64\n"), TEXT("a\0b"), 0 },
};

START_TEST(entry_is_read)
{
	struct kfrag_sysslab sysslab;
	const struct kfrag_sysslab_entry *entry;

	ck_assert_int_eq(parse(&sysslab, good[_i].text, good[_i].bytes),
			 KFRAG_OK);
	ck_assert_uint_eq(sysslab.nr_entries, 1);
	ck_assert_uint_eq(sysslab.nr_bad_lines, good[_i].nr_bad_lines);
	entry = kfrag_sysslab_find(&sysslab, good[_i].name,
				   good[_i].name_bytes);
	ck_assert_ptr_eq(entry, sysslab.entries);
	ck_assert_uint_eq(entry->name_bytes, good[_i].name_bytes);
	ck_assert_mem_eq(entry->name, good[_i].name, good[_i].name_bytes + 1);
	ck_assert_ptr_null(entry->id);
	ck_assert_uint_eq(entry->object_size_bytes, 176);
	ck_assert_uint_eq(entry->size_bytes, 192);
	ck_assert_uint_eq(entry->objs_per_slab, 21);
	ck_assert_uint_eq(entry->order, 0);
	ck_assert_uint_eq(entry->align_bytes, 64);
	kfrag_sysslab_release(&sysslab);
	ck_assert_ptr_null(sysslab.entries);
}
END_TEST

static const struct {
	const char *text;
	size_t bytes;
} bad[] = {
	{ TEXT("") },
	{ TEXT("\n") },
	{ TEXT("# dentry 176 192 21 0 64\n") },
	{ TEXT("dentry 176 192 21 0 64") },
	{ TEXT("176 192 21 0 64\n") },
	{ TEXT("dentry 0 192 21 0 64\n") },
	{ TEXT("dentry 176 175 21 0 64\n") },
	{ TEXT("dentry 176 192 0 0 64\n") },
	{ TEXT("dentry 176 192 21 31 64\n") },
	{ TEXT("dentry 176 192 21 -1 64\n") },
	{ TEXT("dentry 176 192 21 0 64x\n") },
	{ TEXT("dentry 176 18446744073709551616 21 0 64\n") },
	{ TEXT("dentry 176 192 21 0 id=a 64\n") },
	{ TEXT("dentry 1 20 192 21 0 6 : tunables 0 0 0 : slabdata 1 1 0\n") },
};

START_TEST(what_is_no_entry_is_refused)
{
	struct kfrag_sysslab sysslab;

	ck_assert_int_eq(parse(&sysslab, bad[_i].text, bad[_i].bytes),
			 KFRAG_EFORMAT);
	ck_assert_ptr_null(sysslab.entries);
	ck_assert_ptr_null(sysslab.storage);
	ck_assert_uint_eq(sysslab.nr_entries, 0);
}
END_TEST

#define OPT(member) offsetof(struct kfrag_sysslab_entry, member)

/* An unknown value is -1. */
static const struct {
	const char *key;
	size_t offset;
	int64_t value;
} keys[] = {
	{ "aliases=4", OPT(nr_aliases), 4 },
	{ "cpu_partial=120", OPT(cpu_partial_objs), 120 },
	{ "min_partial=5", OPT(min_partial_slabs), 5 },
	{ "sheaf_capacity=60", OPT(sheaf_capacity_objs), 60 },
	{ "partial=3 N0=2 N1=1", OPT(partial_slabs), 3 },
	{ "cpu_slabs=6 N0=6", OPT(cpu_slabs), 6 },
	{ "slabs_cpu_partial=42(4) C1=42(4)", OPT(cpu_partial_slabs), 4 },
	{ "slabs_cpu_partial=42", OPT(cpu_partial_slabs), -1 },
	{ "slabs_cpu_partial=42(4", OPT(cpu_partial_slabs), -1 },
	{ "slabs_cpu_partial=)", OPT(cpu_partial_slabs), -1 },
	{ "slabs_cpu_partial=0()", OPT(cpu_partial_slabs), -1 },
	{ "total_objects=9 objects=7", OPT(total_objs), 9 },
	{ "total_objects=9 objects=7", OPT(objs), 7 },
	{ "objects_partial=9 object=7 objectss=1 =3 =", OPT(objs), -1 },
	{ "objects=", OPT(objs), -1 },
	{ "objects=-1", OPT(objs), -1 },
	{ "objects=1x", OPT(objs), -1 },
	{ "objects=99999999999999999999", OPT(objs), -1 },
	{ "objects=1 objects=2", OPT(objs), 2 },
	{ "reclaim_account=1", OPT(reclaim_account), 1 },
	{ "hwcache_align=0", OPT(hwcache_align), 0 },
	{ "destroy_by_rcu=1", OPT(destroy_by_rcu), 1 },
	{ "red_zone=1", OPT(red_zone), 1 },
	{ "poison=1", OPT(poison), 1 },
	{ "store_user=1", OPT(store_user), 1 },
	{ "sanity_checks=1", OPT(sanity_checks), 1 },
	{ "sanity_checks=2", OPT(sanity_checks), -1 },
	{ "ctor=", OPT(ctor), 0 },
	{ "ctor=0", OPT(ctor), 0 },
	{ "ctor=1", OPT(ctor), 1 },
	{ "ctor=init_once+0x0/0x10", OPT(ctor), 1 },
	{ "poison=0", OPT(ctor), -1 },
};

START_TEST(key_is_read)
{
	char text[128];
	int bytes = snprintf(text, sizeof(text), "a 8 8 512 0 8 %s\n",
			     keys[_i].key);
	struct kfrag_sysslab sysslab;
	struct kfrag_opt value;

	ck_assert_int_eq(parse(&sysslab, text, (size_t)bytes), KFRAG_OK);
	memcpy(&value, (char *)sysslab.entries + keys[_i].offset,
	       sizeof(value));
	ck_assert_int_eq(value.known, keys[_i].value >= 0);
	ck_assert_uint_eq(value.value,
			  value.known ? (uint64_t)keys[_i].value : 0);
	kfrag_sysslab_release(&sysslab);
}
END_TEST

#define TWINS                                                                  \
	":0000072 72 72 56 0 8\nb 72 72 56 0 8 id=:0000072\n"                  \
	"a 72 72 56 0 8 id=no id=:0000072\nalone 72 72 56 0 8 id=\n"           \
	"a\\x20b 64 72 56 0 8 id=x\\x20y\n"

START_TEST(ids_tell_aliases)
{
	struct kfrag_sysslab sysslab;

	ck_assert_int_eq(parse(&sysslab, TEXT(TWINS)), KFRAG_OK);
	ck_assert_uint_eq(sysslab.nr_entries, 5);
	for (size_t i = 1; i < 5; i++)
		ck_assert_int_lt(strcmp(sysslab.entries[i - 1].name,
					sysslab.entries[i].name),
				 0);
	ck_assert_str_eq(find(&sysslab, "a")->id, ":0000072");
	ck_assert_str_eq(find(&sysslab, "b")->id, ":0000072");
	ck_assert_str_eq(find(&sysslab, ":0000072")->id, ":0000072");
	ck_assert_str_eq(find(&sysslab, "alone")->id, "alone");
	ck_assert_str_eq(find(&sysslab, "a b")->id, "x y");
	ck_assert_ptr_null(find(&sysslab, "c"));
	ck_assert_ptr_null(find(&sysslab, "a bc"));
	ck_assert_ptr_null(find(&sysslab, ""));
	ck_assert_uint_eq(
		kfrag_sysslab_nr_aliases(&sysslab, find(&sysslab, "a")), 1);
	ck_assert_uint_eq(kfrag_sysslab_nr_aliases(&sysslab,
						   find(&sysslab, ":0000072")),
			  1);
	ck_assert_uint_eq(
		kfrag_sysslab_nr_aliases(&sysslab, find(&sysslab, "alone")), 0);
	kfrag_sysslab_release(&sysslab);
}
END_TEST

#define SHORT                                                                  \
	"b id=:72\nc id=b\nd\ne id=none\nf g id=:72\n"                         \
	":72 64 72 56 0 8 cpu_slabs=3 poison=1\nA poison=0 id=:72\n"           \
	"h 8 8 512 0 8 id=:8\ni id=h\nj id=\n"

START_TEST(aliases_have_what_their_entry_has)
{
	static const char *const names[] = { "b", "A" };
	struct kfrag_sysslab sysslab;

	ck_assert_int_eq(parse(&sysslab, TEXT(SHORT)), KFRAG_OK);
	ck_assert_uint_eq(sysslab.nr_entries, 4);
	ck_assert_uint_eq(sysslab.nr_bad_lines, 6);
	for (size_t i = 0; i < NR_OF(names); i++) {
		const struct kfrag_sysslab_entry *entry =
			find(&sysslab, names[i]);

		ck_assert_ptr_nonnull(entry);
		ck_assert_str_eq(entry->name, names[i]);
		ck_assert_str_eq(entry->id, ":72");
		ck_assert_uint_eq(entry->object_size_bytes, 64);
		ck_assert_uint_eq(entry->size_bytes, 72);
		ck_assert_uint_eq(entry->objs_per_slab, 56);
		ck_assert_uint_eq(entry->cpu_slabs.value, 3);
		ck_assert_uint_eq(entry->poison.value, 1);
		ck_assert_uint_eq(kfrag_sysslab_nr_aliases(&sysslab, entry), 1);
	}
	kfrag_sysslab_release(&sysslab);
	ck_assert_int_eq(parse(&sysslab, TEXT("a id=b\nb id=a\n")),
			 KFRAG_EFORMAT);
	ck_assert_ptr_null(sysslab.entries);
}
END_TEST

START_TEST(moments_are_forgotten)
{
	struct kfrag_sysslab sysslab;
	const struct kfrag_sysslab_entry *entry;

	ck_assert_int_eq(
		parse(&sysslab,
		      TEXT("a 8 8 512 0 8 poison=1 cpu_partial=9 partial=1 "
			   "cpu_slabs=2 slabs_cpu_partial=3(4) objects=5 "
			   "total_objects=6\n")),
		KFRAG_OK);
	entry = find(&sysslab, "a");
	ck_assert(entry->objs.known && entry->total_objs.known);
	kfrag_sysslab_forget_moment(&sysslab);
	ck_assert(entry->poison.known && entry->cpu_partial_objs.known);
	ck_assert(!entry->partial_slabs.known && !entry->cpu_slabs.known);
	ck_assert(!entry->cpu_partial_slabs.known && !entry->objs.known);
	ck_assert(!entry->total_objs.known && entry->total_objs.value == 0);
	kfrag_sysslab_release(&sysslab);
}
END_TEST

START_TEST(aliases_may_be_said_or_unknown)
{
	struct kfrag_sysslab sysslab;

	ck_assert_int_eq(parse(&sysslab, TEXT("a 8 8 512 0 8 aliases=3\n"
					      "b 8 8 512 0 8\n")),
			 KFRAG_OK);
	ck_assert_uint_eq(
		kfrag_sysslab_nr_aliases(&sysslab, find(&sysslab, "a")), 3);
	ck_assert_uint_eq(
		kfrag_sysslab_nr_aliases(&sysslab, find(&sysslab, "b")), 0);
	kfrag_sysslab_release(&sysslab);
}
END_TEST

START_TEST(any_name_comes_back)
{
	char name[300], text[KFRAG_SYSSLAB_ESCAPED_SIZE(sizeof(name)) + 32];
	struct kfrag_sysslab sysslab;
	size_t bytes;

	for (size_t i = 0; i < sizeof(name); i++)
		name[i] = (char)(i * 7 + '#');
	bytes = kfrag_sysslab_escape(text, name, sizeof(name));
	ck_assert_uint_eq(bytes, strlen(text));
	for (size_t i = 0; i < bytes; i++)
		EXPECT(text[i] > ' ' && text[i] <= '~');
	EXPECT(text[0] != '#');
	memcpy(text + bytes, TEXT(" 8 8 512 0 8\n"));
	ck_assert_int_eq(parse(&sysslab, text, bytes + 13), KFRAG_OK);
	ck_assert_ptr_nonnull(kfrag_sysslab_find(&sysslab, name, sizeof(name)));
	kfrag_sysslab_release(&sysslab);
}
END_TEST

START_TEST(static_keys_come_first)
{
	const struct kfrag_sysslab_key *key;
	bool was_static = true;
	size_t nr_keys = 0;

	while ((key = kfrag_sysslab_key(nr_keys)) != NULL) {
		ck_assert(was_static || !key->is_static);
		was_static = key->is_static;
		nr_keys++;
	}
	ck_assert_uint_gt(nr_keys, 10);
	ck_assert(!was_static);
	ck_assert_ptr_null(kfrag_sysslab_key(SIZE_MAX));
}
END_TEST

Suite *sysslab_suite(void)
{
	Suite *suite = suite_create("sysslab");
	TCase *core = tcase_create("core");

	suite_add_tcase(suite, core);
	tcase_add_loop_test(core, entry_is_read, 0, (int)NR_OF(good));
	tcase_add_loop_test(core, what_is_no_entry_is_refused, 0,
			    (int)NR_OF(bad));
	tcase_add_loop_test(core, key_is_read, 0, (int)NR_OF(keys));
	tcase_add_test(core, ids_tell_aliases);
	tcase_add_test(core, aliases_have_what_their_entry_has);
	tcase_add_test(core, moments_are_forgotten);
	tcase_add_test(core, aliases_may_be_said_or_unknown);
	tcase_add_test(core, any_name_comes_back);
	tcase_add_test(core, static_keys_come_first);
	return suite;
}
