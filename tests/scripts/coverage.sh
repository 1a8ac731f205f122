#!/bin/sh
# SPDX-License-Identifier: MIT
# coverage.sh: runs the tests on a build with --coverage, prints the share of
# lines of src/ that they run, and fails below LINES_PERCENT (95).
set -u
find "$BUILD" -name '*.gcda' -exec rm -f {} +
tests/scripts/check.sh >"$BUILD/coverage.log" 2>&1 ||
	tail -n 40 "$BUILD/coverage.log"
exec gcovr --root . --filter 'src/' --exclude-throw-branches \
	--fail-under-line "${LINES_PERCENT:-95}" "$BUILD"
