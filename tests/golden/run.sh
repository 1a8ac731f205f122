#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh [--update] [NAME...]: runs the golden cases, or those named.
#
# A case is a folder tests/golden/NAME/ with
#   cmd      shell lines; $KFRAG (or kfrag) is the program
#   stdout   what they must print, byte by byte; missing: nothing
#   stderr   the same for standard error
#   exit     the exit status; missing: 0
# and any other files that cmd reads. cmd runs in an empty folder of its own
# with data/ of the repository and the case's other files in it, without a
# terminal, LC_ALL=C, TZ=UTC. --update rewrites stdout, stderr and exit from
# what happens; read the diff before you commit it.
set -u
update=
if [ "${1:-}" = --update ]; then
	update=yes
	shift
fi
root=$PWD
build=$(cd "${BUILD:?}" && pwd) || exit 1
KFRAG=$build/kfrag
PATH=$build:$PATH
LC_ALL=C
TZ=UTC
export KFRAG PATH LC_ALL TZ
unset COLUMNS LINES NO_COLOR TERM LANG LANGUAGE

passed=0
failed=0

run_case() {
	dir=$root/tests/golden/$1
	work=$build/golden/$1
	rm -rf "$work"
	mkdir -p "$work/in" || return 1
	ln -s "$root/data" "$work/in/data"
	for file in "$dir"/*; do
		case ${file##*/} in
		cmd | stdout | stderr | exit) ;;
		*) cp -r "$file" "$work/in/" ;;
		esac
	done
	# Every expected file must exist to be compared: an absent one is empty.
	for file in stdout stderr exit; do
		if [ -e "$dir/$file" ]; then
			cp "$dir/$file" "$work/want.$file"
		elif [ "$file" = exit ]; then
			echo 0 >"$work/want.exit"
		else
			: >"$work/want.$file"
		fi
	done
	(cd "$work/in" && exec timeout 120 sh "$dir/cmd") >"$work/got.stdout" \
		2>"$work/got.stderr" </dev/null
	echo $? >"$work/got.exit"
	same=0
	for file in exit stderr stdout; do
		if cmp -s "$work/want.$file" "$work/got.$file"; then
			same=$((same + 1))
		elif [ -n "$update" ]; then
			echo "$1: $file rewritten"
			cp "$work/got.$file" "$dir/$file"
			[ -s "$dir/$file" ] || rm "$dir/$file"
			[ "$file $(cat "$work/got.$file")" = "exit 0" ] &&
				rm "$dir/$file"
		else
			diff -u --label "$1/$file" --label "now" \
				"$work/want.$file" "$work/got.$file"
		fi
	done
	[ "$same" -eq 3 ] || [ -n "$update" ]
}

if [ $# -eq 0 ]; then
	for cmd in tests/golden/*/cmd; do
		[ -e "$cmd" ] && set -- "$@" "$(basename "${cmd%/cmd}")"
	done
fi
for name in "$@"; do
	if run_case "$name"; then
		passed=$((passed + 1))
	else
		echo "golden case $name failed"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
