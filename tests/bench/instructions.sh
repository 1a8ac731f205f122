#!/bin/bash
# SPDX-License-Identifier: MIT
# instructions.sh [--update]: counts the instructions per operation of each
# allocator on each phase of each workload, and compares them with those of
# instructions.baseline, or rewrites that file. More than 3 % above fails: make
# it faster, or say in the commit that raises the baseline why it is worth it;
# and so does more than 3 % below, so that the baseline follows.
#
# Counts are the same on every run, but not with another compiler: the baseline
# says which one made it, and nothing is compared where that differs.
set -u
baseline=tests/bench/instructions.baseline
program=$BUILD/bench/bench_instructions
counts=$BUILD/instructions
made_with="$CC $($CC -dumpfullversion), $(uname -m), $FLAGS"
export LC_ALL=C

if ! command -v valgrind >/dev/null 2>&1; then
	echo "instructions: valgrind is not installed" >&2
	exit 1
fi
if [ "${1:-}" != --update ] &&
	! grep -qxF "# made with: $made_with" "$baseline"; then
	echo "instructions: not compared: the baseline was made with" \
		"$(sed -n 's/^# made with: //p' "$baseline"), and this is" \
		"$made_with"
	echo "0 passed, 0 failed"
	exit 0
fi

rm -rf "$counts"
mkdir -p "$counts" || exit 1
"$program" >"$counts/list" || exit 1

# Each a file with its number; `Collected : N` is the last but one line.
# shellcheck disable=SC2016
cut -d ' ' -f 1-3 "$counts/list" | xargs -P "$(nproc)" -L 1 sh -c '
	valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		"$1" "$3" "$4" "$5" >"$2/log.$3.$4.$5" 2>&1 &&
		awk -v OFS=" " -v key="$3 $4 $5" \
			"/Collected :/ { print key, \$NF }" \
			"$2/log.$3.$4.$5" >"$2/count.$3.$4.$5"
' sh "$program" "$counts" || {
	echo "instructions: a run failed, see $counts/log.*" >&2
	exit 1
}

# WORKLOAD PHASE ALLOCATOR INSTRUCTIONS, in the order of the list.
cat "$counts"/count.* | awk '
NR == FNR { count[$1, $2, $3] = $4; next }
$3 > 0 {
	if (!(($1, $2, $3) in count) || !(($1, $2, $3 - 1) in count))
		exit 1
	printf "%s %s %s %.2f\n", $1, $4, $2, \
		(count[$1, $2, $3] - count[$1, $2, $3 - 1]) / $5
}' - "$counts/list" >"$counts/measured" || exit 1

if [ "${1:-}" = --update ]; then
	{
		echo "# Instructions per operation, the driver's own (null)" \
			"included."
		echo "# made with: $made_with"
		cat "$counts/measured"
	} >"$baseline.new" && mv "$baseline.new" "$baseline"
	cat "$baseline"
	exit
fi

awk '
function verdict(old, new) {
	if (new > old * 1.03)
		return "too many"
	if (new < old * 0.97)
		return "fewer: lower the baseline, make bench-instructions-update"
	return ""
}
function complain(key, text) {
	print "instructions: " key ": " text
	nr_bad++
}
/^#/ { next }
{ key = $1 " " $2 " " $3 }
NR == FNR { old[key] = $4; next }
{
	if ($3 == "null")
		floor[$1, $2] = $4
	printf "%-4s %-7s %-12s %9.2f %9.2f\n", $1, $2, $3, $4, \
		$4 - floor[$1, $2]
	measured[key] = 1
	if (!(key in old)) {
		complain(key, "not in the baseline: make " \
			"bench-instructions-update")
		next
	}
	text = verdict(old[key], $4)
	if (text == "")
		nr_good++
	else
		complain(key, sprintf("%.2f, now %.2f (%+.1f %%): %s", \
			old[key], $4, ($4 / old[key] - 1) * 100, text))
}
BEGIN {
	printf "%-4s %-7s %-12s %9s %9s\n", "", "phase", "allocator", \
		"instr/op", "less null"
}
END {
	for (key in old)
		if (!(key in measured))
			complain(key, "in the baseline only: make " \
				"bench-instructions-update")
	printf "%d passed, %d failed\n", nr_good, nr_bad
	exit nr_bad > 0
}' "$baseline" "$counts/measured"
