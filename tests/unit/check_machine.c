// SPDX-License-Identifier: MIT
#include <string.h>

#include <check.h>

#include "kfrag/machine.h"

Suite *machine_suite(void);

#define NR_OF(array) (sizeof(array) / sizeof(*(array)))

#define MEMINFO "MemTotal:        2014084 kB\nMemFree: 7 kB\n"
/* Managed: 503521 pages, which at 4 KiB are MemTotal. */
#define ZONEINFO                                                               \
	"Node 0, zone      DMA\n"                                              \
	"  pages free     1024\n"                                              \
	"        managed  3840\n"                                              \
	"Node 0, zone    DMA32\n"                                              \
	"        managed  499681\n"                                            \
	"  pagesets\n"

typedef void read_text(struct kfrag_machine *machine, const char *text,
		       size_t bytes);

static void read_both(struct kfrag_machine *machine, const char *text,
		      size_t bytes)
{
	kfrag_machine_read_meminfo(machine, MEMINFO, sizeof(MEMINFO) - 1);
	kfrag_machine_read_zoneinfo(machine, text, bytes);
}

static const struct {
	read_text *read;
	const char *text;
	uint64_t page_size_bytes;
	uint64_t memory_bytes;
	const char *kernel;
} cases[] = {
	{ kfrag_machine_read_meminfo, MEMINFO, 0, 2062422016, "" },
	{ kfrag_machine_read_meminfo, "MemTotal: 8 kB", 0, 8192, "" },
	{ kfrag_machine_read_meminfo, "", 0, 0, "" },
	{ kfrag_machine_read_meminfo, "MemFree: 8 kB\n", 0, 0, "" },
	{ kfrag_machine_read_meminfo, "MemTotal: 8\n", 0, 0, "" },
	{ kfrag_machine_read_meminfo, "MemTotal: x kB\n", 0, 0, "" },
	{ kfrag_machine_read_meminfo, "MemTotal:\n", 0, 0, "" },
	{ kfrag_machine_read_meminfo, "MemTotal: 18446744073709551615 kB\n", 0,
	  0, "" },
	{ read_both, ZONEINFO, 4096, 2062422016, "" },
	{ read_both, " managed 31470\n", 65536, 2062422016, "" },
	{ read_both, " managed 31000\n", 65536, 2062422016, "" },
	{ read_both, " managed 20000\n", 0, 2062422016, "" },
	{ read_both, "pages free 1\n", 0, 2062422016, "" },
	{ read_both, "", 0, 2062422016, "" },
	{ read_both,
	  " managed 18446744073709551615\n managed 18446744073709551615\n", 0,
	  2062422016, "" },
	{ kfrag_machine_read_zoneinfo, ZONEINFO, 0, 0, "" },
	{ kfrag_machine_read_osrelease, "6.1.0-18-amd64\n", 0, 0,
	  "6.1.0-18-amd64" },
	{ kfrag_machine_read_osrelease, "6.1\033[31m\n", 0, 0, "" },
	{ kfrag_machine_read_osrelease, "\n", 0, 0, "" },
	{ kfrag_machine_read_osrelease, "", 0, 0, "" },
	{ kfrag_machine_read_uname,
	  "Linux h 5.14.0-427.el9.x86_64 #1 SMP PREEMPT_DYNAMIC Fri Feb 23 "
	  "01:51:18 EST 2024 x86_64 x86_64 x86_64 GNU/Linux\n",
	  4096, 0, "5.14.0-427.el9.x86_64" },
	{ kfrag_machine_read_uname,
	  "Linux h 6.1.0-18-arm64 #1 SMP Debian 6.1.76-1 aarch64 GNU/Linux\n",
	  0, 0, "6.1.0-18-arm64" },
	/* A host may have any name. */
	{ kfrag_machine_read_uname, "Linux x86_64 6.1 #1 ppc64le\n", 0, 0,
	  "6.1" },
	{ kfrag_machine_read_uname,
	  "Linux version 6.1.0 (a@b) (gcc 12) #1 SMP\n", 0, 0, "6.1.0" },
	{ kfrag_machine_read_uname, "uname: command not found\n", 0, 0, "" },
	{ kfrag_machine_read_uname, "Linux", 0, 0, "" },
	{ kfrag_machine_read_uname, "", 0, 0, "" },
};

START_TEST(states)
{
	struct kfrag_machine machine = { 0 };

	cases[_i].read(&machine, cases[_i].text, strlen(cases[_i].text));
	ck_assert_uint_eq(machine.page_size_bytes, cases[_i].page_size_bytes);
	ck_assert_uint_eq(machine.memory_bytes, cases[_i].memory_bytes);
	ck_assert_str_eq(machine.kernel, cases[_i].kernel);
}
END_TEST

START_TEST(first_one_counts)
{
	static const char uname[] = "Linux h 6.1 #1 x86_64\n";
	struct kfrag_machine machine = { .page_size_bytes = 65536,
					 .memory_bytes = 4096,
					 .kernel = "5.0" };

	kfrag_machine_read_meminfo(&machine, MEMINFO, sizeof(MEMINFO) - 1);
	kfrag_machine_read_zoneinfo(&machine, " managed 1\n", 11);
	kfrag_machine_read_osrelease(&machine, "6.1\n", 4);
	kfrag_machine_read_uname(&machine, uname, sizeof(uname) - 1);
	ck_assert_uint_eq(machine.page_size_bytes, 65536);
	ck_assert_uint_eq(machine.memory_bytes, 4096);
	ck_assert_str_eq(machine.kernel, "5.0");
}
END_TEST

START_TEST(long_kernel)
{
	struct kfrag_machine machine = { 0 };
	char text[KFRAG_KERNEL_SIZE];

	memset(text, '6', sizeof(text));
	kfrag_machine_read_osrelease(&machine, text, sizeof(text));
	ck_assert_str_eq(machine.kernel, "");
	kfrag_machine_read_osrelease(&machine, text, sizeof(text) - 1);
	ck_assert_uint_eq(strlen(machine.kernel), sizeof(text) - 1);
}
END_TEST

Suite *machine_suite(void)
{
	Suite *suite = suite_create("machine");
	TCase *tc = tcase_create("machine");

	tcase_add_loop_test(tc, states, 0, NR_OF(cases));
	tcase_add_test(tc, first_one_counts);
	tcase_add_test(tc, long_kernel);
	suite_add_tcase(suite, tc);
	return suite;
}
