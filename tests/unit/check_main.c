/* SPDX-License-Identifier: MIT */
/*
 * Runs the suites of all tests/unit/check_*.c; suites.inc is generated from
 * the file names. CK_RUN_SUITE=buddy picks one, CK_FORK=no runs without
 * forking (debuggers, valgrind).
 */
#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#define SUITE(module) Suite *module##_suite(void);
#include "suites.inc"
#undef SUITE

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	int nr_run, nr_failed;

#define SUITE(module) srunner_add_suite(runner, module##_suite());
#include "suites.inc"
#undef SUITE

	srunner_run_all(runner, CK_ENV);
	nr_run = srunner_ntests_run(runner);
	nr_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	printf("%d passed, %d failed\n", nr_run - nr_failed, nr_failed);
	return nr_failed == 0 && nr_run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
