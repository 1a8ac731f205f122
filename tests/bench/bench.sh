#!/bin/sh
# SPDX-License-Identifier: MIT
# bench.sh: processor time of the whole program on a capture of 235 caches and
# 1.7 million objects, and on the largest one in data/. Machines differ, so the
# time of `seq`, printing a number for each object, stands beside it: compare
# ratios rather than milliseconds. RUNS (11) says how often each runs.
set -u
runs=${RUNS:-11}
bench=$BUILD/bench
capture=$bench/many.slabinfo
LC_ALL=C awk -f tests/bench/capture.awk >"$capture.new" &&
	mv "$capture.new" "$capture" || exit 1
objs=$(awk '/slabdata [0-9]/ { n += $3 } END { print n }' "$capture")
caches=$(grep -c 'slabdata [0-9]' "$capture")
echo "$capture: $caches caches, $objs objects; $runs runs each"

yardstick=
# row WHAT COMMAND...: one line of the table.
row() {
	what=$1
	shift
	figures=$("$bench/bench_run" "$runs" "$@") || return 1
	echo "$figures" | awk -v what="$what" -v yardstick="${yardstick:-0}" '{
		ratio = yardstick > 0 ? sprintf("%.2f", $2 / yardstick) : "1.00"
		printf "%-28s %8.1f %8.1f %8.1f %10s %12.1f\n", what, \
			$1 / 1000, $2 / 1000, $3 / 1000, ratio, $4 / 1024
	}'
	[ -n "$yardstick" ] || yardstick=$(echo "$figures" | cut -d ' ' -f 2)
}

printf '%-28s %8s %8s %8s %10s %12s\n' 'user + sys' 'min ms' 'median' 'max' \
	'x seq' 'peak MiB'
row "seq $objs" seq "$objs" &&
	row "kfrag --csv" "$BUILD/kfrag" --csv "$capture" &&
	row "kfrag --rounds 10 --csv" "$BUILD/kfrag" --rounds 10 --csv \
		"$capture" &&
	row "kfrag" "$BUILD/kfrag" "$capture" &&
	row "kfrag data/linux-6.18-x86_64" "$BUILD/kfrag" \
		data/linux-6.18-x86_64.slabinfo || exit 1
echo "the allocators alone, some minutes: $bench/bench_alloc"
