#!/bin/bash
# SPDX-License-Identifier: MIT
# fuzz.sh BUILD SECONDS: libFuzzer on every target for so long, starting from
# the committed corpus and what earlier runs found. libFuzzer adds to its first
# folder, so that one is in BUILD. A crasher stays in BUILD/crash/.
set -u
build=$1
seconds=$2
passed=0
failed=0
mkdir -p "$build/crash" || exit 1
for source in tests/fuzz/fuzz_*.c; do
	target=$(basename "$source" .c)
	name=${target#fuzz_}
	mkdir -p "$build/corpus/$name"
	echo "$target: $seconds s"
	if "$build/fuzz/$target" -max_total_time="$seconds" -timeout=20 \
		-rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
		-artifact_prefix="$build/crash/$target-" \
		"$build/corpus/$name" "tests/fuzz/corpus/$name" \
		>"$build/$target.log" 2>&1 </dev/null; then
		grep -E 'number_of_executed_units|peak_rss' "$build/$target.log"
		passed=$((passed + 1))
	else
		tail -n 40 "$build/$target.log"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
