#!/bin/sh
# SPDX-License-Identifier: MIT
# same-bytes.sh PROGRAM PROGRAM...: all print the same bytes for every
# capture in data/, in every format, and for every seed and policy tried; and
# for the trends of every recording.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

all_formats() {
	for capture in data/*.slabinfo; do
		echo "$capture"
		for format in table csv json gnuplot; do
			"$1" --format $format "$capture" || echo "exit $?"
		done
		"$1" --csv --show totals --seed 77 --rounds 3 "$capture" ||
			echo "exit $?"
		"$1" --csv --show orders --memory 48M --min-partial 5 \
			"$capture" || echo "exit $?"
		"$1" plot map --script "$capture" || echo "exit $?"
	done 2>&1
	for recording in data/recording-*.xz; do
		"$1" trend --json "$recording" || echo "exit $?"
		"$1" plot trend --script "$recording" || echo "exit $?"
	done 2>&1
}

all_formats "$1" >"$work/first"
first=$1
shift
grep -q '^exit' "$work/first" && failed=$((failed + 1))
for program in "$@"; do
	if all_formats "$program" | diff "$work/first" - >"$work/diff"; then
		passed=$((passed + 1))
	else
		echo "$program differs from $first:"
		head -n 20 "$work/diff"
		failed=$((failed + 1))
	fi
done
wc -c <"$work/first"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
