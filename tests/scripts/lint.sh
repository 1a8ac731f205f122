#!/bin/bash
# SPDX-License-Identifier: MIT
# lint.sh WHAT: one of format, tidy, cppcheck, man, shell; reformat rewrites.
set -u
mapfile -t sources < <(find src tests -name '*.c' | LC_ALL=C sort)
mapfile -t headers < <(find include src tests -name '*.h' | LC_ALL=C sort)
compile_flags=(-std=c11 -D_XOPEN_SOURCE=700 -Iinclude -Isrc)

case $1 in
format)
	clang-format --dry-run -Werror "${sources[@]}" "${headers[@]}"
	;;
reformat)
	clang-format -i "${sources[@]}" "${headers[@]}"
	;;
tidy)
	# Several at a time; .clang-tidy says which checks. Not the unit tests:
	# the macros of Check hide what they do from it.
	# shellcheck disable=SC2016
	printf '%s\n' src/*/*.c tests/fuzz/*.c | xargs -n 1 -P "$(nproc)" sh -c '
		flags=$1
		shift
		clang-tidy --quiet --warnings-as-errors="*" "$@" -- $flags
	' sh "${compile_flags[*]} $(pkg-config --cflags smartcols)" 2>&1 |
		grep -vE '^[0-9]+ warnings? generated|^Suppressed|^Use -header'
	exit "${PIPESTATUS[1]}"
	;;
cppcheck)
	# shiftTooManyBits takes the values of other branches for possible;
	# the sanitizers watch shifts when the tests run.
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr \
		--enable=warning,performance,portability \
		--suppress=missingIncludeSystem \
		--suppress=shiftTooManyBits -D_XOPEN_SOURCE=700 \
		-Iinclude -Isrc -j "$(nproc)" src tests/fuzz tests/bench
	;;
man)
	mandoc -T lint -W warning man/*.1
	;;
shell)
	mapfile -t scripts < <(find tests data -name '*.sh' | LC_ALL=C sort)
	shellcheck "${scripts[@]}" .ci/run
	;;
*)
	echo "lint.sh: what is '$1'?" >&2
	exit 2
	;;
esac
