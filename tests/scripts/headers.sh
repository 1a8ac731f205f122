#!/bin/sh
# SPDX-License-Identifier: MIT
# headers.sh: every header compiles alone, with nothing included before it.
# COMPILE is the Makefile's compiler and flags.
set -u
: "${COMPILE:?}"
passed=0
failed=0
for header in $(find include/kfrag src tests -name '*.h' | LC_ALL=C sort); do
	# ISO C forbids a file without a declaration.
	if printf '#include "%s"\nextern int one;\n' "$PWD/$header" |
		eval "$COMPILE -Itests/unit -fsyntax-only -x c -"; then
		passed=$((passed + 1))
	else
		echo "$header does not compile alone"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
