// SPDX-License-Identifier: MIT
#include "expect.h"
#include "kfrag/meminfo.h"

Suite *meminfo_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

static const struct {
	const char *text;
	bool known;
	uint64_t kib;
} meminfos[] = {
	{ "MemTotal:         981476 kB\nMemFree: 1 kB\n", true, 981476 },
	{ "MemFree: 1 kB\nMemTotal:\t7 kB", true, 7 },
	{ "MemTotal: 0 kB\n", true, 0 },
	{ "", false, 0 },
	{ "MemTotal", false, 0 },
	{ "MemTotal:", false, 0 },
	{ "MemTotal: kB\n", false, 0 },
	{ "MemTotal: 7\nkB\n", false, 0 },
	{ "MemTotal: 7 MB\n", false, 0 },
	{ "MemTotal: -7 kB\n", false, 0 },
	{ "MemTotal: 99999999999999999999 kB\n", false, 0 },
	{ "MemTotal: 1801439850948190 kB\n", true, 1801439850948190 },
	{ " MemTotal: 7 kB\nXMemTotal: 8 kB\n", false, 0 },
};

START_TEST(memtotal_is_found)
{
	size_t bytes = strlen(meminfos[_i].text);
	char *text = malloc(bytes + (bytes == 0));
	struct kfrag_opt total;

	ck_assert_ptr_nonnull(text);
	memcpy(text, meminfos[_i].text, bytes);
	total = kfrag_meminfo_total(text, bytes);
	free(text);
	ck_assert_int_eq(total.known, meminfos[_i].known);
	ck_assert_uint_eq(total.value, meminfos[_i].kib * KFRAG_KIB);
}
END_TEST

#define U INT64_C(-1) /* unknown */

static const struct {
	const char *text;
	int64_t kib[5]; /* MemTotal, Slab, SReclaimable, SUnreclaim, K... */
} slabs[] = {
	{ "MemTotal:       16331712 kB\nMemFree:  1 kB\n"
	  "KReclaimable:      93344 kB\nSlab:             205396 kB\n"
	  "SReclaimable:      93340 kB\nSUnreclaim:       112056 kB\n",
	  { 16331712, 205396, 93340, 112056, 93344 } },
	{ "Slab:           176516 kB\r\n", { U, 176516, U, U, U } },
	{ "Slab:\t0 kB", { U, 0, U, U, U } },
	{ "Slab: 1 kB\nSlab: 2 kB\n", { U, 1, U, U, U } },
	{ "Slab: x kB\nSlab: 2 kB\n", { U, 2, U, U, U } },
	{ "Slab: 1\nSUnreclaim: 2 MB\nSReclaimable 3 kB\n", { U, U, U, U, U } },
	{ "XSlab: 1 kB\nSlab:x 1 kB\nSla", { U, U, U, U, U } },
	{ " Slab: 1 kB\n# Slab: 2 kB\n", { U, U, U, U, U } },
	{ "SUnreclaim: 9 kB and more", { U, U, U, 9, U } },
	{ "", { U, U, U, U, U } },
};

START_TEST(slabs_are_found)
{
	size_t bytes = strlen(slabs[_i].text);
	char *text = malloc(bytes + (bytes == 0));
	struct kfrag_slab_meminfo meminfo;
	struct kfrag_opt values[5];

	ck_assert_ptr_nonnull(text);
	memcpy(text, slabs[_i].text, bytes);
	meminfo = kfrag_meminfo_slab(text, bytes);
	free(text);
	values[0] = meminfo.memtotal_bytes;
	values[1] = meminfo.slab_bytes;
	values[2] = meminfo.reclaimable_bytes;
	values[3] = meminfo.unreclaimable_bytes;
	values[4] = meminfo.kreclaimable_bytes;
	for (size_t i = 0; i < NR_OF(values); i++) {
		int64_t kib = slabs[_i].kib[i];

		ck_assert_int_eq(values[i].known, kib >= 0);
		EXPECT_EQ(values[i].value,
			  kib >= 0 ? (uint64_t)kib * KFRAG_KIB : 0);
	}
}
END_TEST

Suite *meminfo_suite(void)
{
	Suite *suite = suite_create("meminfo");
	TCase *core = tcase_create("core");

	suite_add_tcase(suite, core);
	tcase_add_loop_test(core, memtotal_is_found, 0, (int)NR_OF(meminfos));
	tcase_add_loop_test(core, slabs_are_found, 0, (int)NR_OF(slabs));
	return suite;
}
