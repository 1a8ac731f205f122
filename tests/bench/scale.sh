#!/bin/sh
# SPDX-License-Identifier: MIT
# scale.sh: processor time and peak memory of `kfrag --csv` on ten caches with
# 10^4, 10^5, ... 10^9 objects together, as rows of a Markdown table, and the
# exponents that fit the larger half of them: 1 is linear. RUNS (5) says how
# often each runs, less often where that takes more than half a minute; LAST
# (9) is the last power of ten. Rows that the program did not replay but only
# computed are marked, and left out of the fit.
set -u
bench=$BUILD/bench
capture=$bench/scale.slabinfo
table=$bench/scale.txt
last=${LAST:-9}
export LC_ALL=C

: >"$table"
power=4
while [ "$power" -le "$last" ]; do
	awk -v spread="1e$power" -f tests/bench/capture.awk >"$capture" ||
		exit 1
	replayed=1
	"$BUILD/kfrag" --json "$capture" | grep -q '"replayed": false' &&
		replayed=0
	figures=$("$bench/bench_run" -b 30 "${RUNS:-5}" "$BUILD/kfrag" --csv \
		"$capture") || exit 1
	awk -v power="$power" -v figures="$figures $replayed" '
		/slabdata [0-9]/ { objs += $3; slabs += $(NF - 1) }
		END { printf "%d %.0f %.0f %s\n", power, objs, slabs, figures }
		' "$capture" >>"$table"
	power=$((power + 1))
done

awk '
# Least squares of log y on log x over the last points.
function exponent(y, from,    i, n, sx, sy, sxx, sxy) {
	for (i = from; i <= nr; i++) {
		n++
		sx += log(x[i])
		sy += log(y[i])
		sxx += log(x[i]) * log(x[i])
		sxy += log(x[i]) * log(y[i])
	}
	return (n * sxy - sx * sy) / (n * sxx - sx * sx)
}
BEGIN {
	print "| objects | slabs | CPU time, ms | peak memory, MiB |"
	print "|---:|---:|---:|---:|"
}
{
	printf "| 10^%d%s | %.0f | %.1f | %.1f |\n", $1, \
		$9 ? "" : " (computed)", $3, $5 / 1000, $7 / 1024
}
$9 {
	x[++nr] = $2
	ms[nr] = $5
	kib[nr] = $7
}
END {
	from = nr - int((nr + 1) / 2) + 1
	if (nr - from < 1)
		exit
	printf "\ntime ~ objects^%.2f, memory ~ objects^%.2f (least squares " \
		"over the last %d rows replayed)\n", exponent(ms, from), \
		exponent(kib, from), nr - from + 1
}' "$table"
