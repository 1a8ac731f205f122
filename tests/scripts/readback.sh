#!/bin/sh
# SPDX-License-Identifier: MIT
# readback.sh CAPTURE...: the CSV that kfrag writes of a capture is a capture
# too, and its report has the same bytes; so has that of the capture packed by
# what packers there are. The same holds for trends and their samples, and diff
# takes the two for one. Captures that kfrag refuses are passed over.
set -u
kfrag=${BUILD:?}/kfrag
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# same WHAT ARGUMENTS...: the report of standard input is that in want.csv.
same() {
	what=$1
	shift
	if "$kfrag" --csv "$@" - 2>"$work/err" | cmp -s "$work/want.csv" -; then
		passed=$((passed + 1))
	else
		echo "$capture: $what: not the same report"
		cat "$work/err"
		failed=$((failed + 1))
	fi
}

# follow: trends of the samples written as CSV are those of the capture.
follow() {
	"$kfrag" trend --csv --show samples "$capture" >"$work/samples.csv" \
		2>"$work/err" || return
	for table in caches samples; do
		"$kfrag" trend --csv --show $table "$capture" >"$work/one" \
			2>"$work/err"
		if "$kfrag" trend --csv --show $table "$work/samples.csv" \
			2>>"$work/err" | cmp -s "$work/one" -; then
			passed=$((passed + 1))
		else
			echo "$capture: $table of samples read back differ"
			cat "$work/err"
			failed=$((failed + 1))
		fi
	done
	if "$kfrag" diff --csv --columns name "$work/samples.csv" "$capture" \
		>"$work/diff" 2>"$work/err"; then
		passed=$((passed + 1))
	else
		echo "$capture: not the same as its samples read back"
		cat "$work/err" "$work/diff"
		failed=$((failed + 1))
	fi
}

packers=
for packer in gzip xz; do
	command -v $packer >/dev/null 2>&1 && packers="$packers $packer"
done
for capture in "$@"; do
	"$kfrag" --csv "$capture" >"$work/want.csv" 2>/dev/null || continue
	same "read back" <"$work/want.csv"
	follow
	for packer in $packers; do
		# What is packed already is not packed twice.
		case $capture in *.xz) continue ;; esac
		$packer -c "$capture" >"$work/packed"
		same "by $packer" <"$work/packed"
	done
	"$kfrag" --csv --page-size 64K "$capture" >"$work/want.csv" 2>/dev/null
	same "read back, pages of 64 KiB" --page-size 64K <"$work/want.csv"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
