#!/bin/sh
# SPDX-License-Identifier: MIT
# bench.sh [WORKLOAD...]: all of them, or those named: w1 to w5 (or the start
# of a longer name, as w2-64G) are the allocators alone, w6 is the program, w7
# the program on a recording.
# RUNS says how often each runs (7; the program: 11); SHIFT divides the sizes
# by 2^SHIFT. A workload that takes long runs less often, never more than
# about a minute.
set -u
bench=$BUILD/bench
shift_by=${SHIFT:-0}
export LC_ALL=C

# capture NAME AWK_OPTIONS...: writes $bench/NAME.slabinfo.
capture() {
	name=$bench/$1.slabinfo
	shift
	awk "$@" -f tests/bench/capture.awk >"$name.new" &&
		mv "$name.new" "$name"
}

# count CAPTURE: its caches and objects.
count() {
	awk '/slabdata [0-9]/ { caches++; objs += $3 }
		END { printf "%d %.0f\n", caches, objs }' "$1"
}

# row WHAT COMMAND...: one line of the table. The first one is what the others
# are compared with; a note ends the line.
row() {
	what=$1
	shift
	print_row "$what" "$("$bench/bench_run" -b 30 "${RUNS:-11}" "$@")"
}

# print_row WHAT FIGURES: none: it failed.
print_row() {
	[ -n "$2" ] || return 1
	figures=$2
	[ -n "$yardstick" ] || yardstick=$(echo "$figures" | cut -d ' ' -f 2)
	echo "$figures" | awk -v what="$1" -v yardstick="$yardstick" \
		-v note="$note" '{
		printf "%-28s %9.1f %9.1f %9.1f %8.2f %10.1f %5d%s\n", what, \
			$1 / 1000, $2 / 1000, $3 / 1000, $2 / yardstick, \
			$4 / 1024, $5, note
	}'
}

# csv NAME: the program on that capture; it says itself where it would not
# replay so much.
csv() {
	if "$BUILD/kfrag" --json "$bench/$1.slabinfo" |
		grep -q '"replayed": false'; then
		note=" (computed, not replayed)"
	fi
	# Two words.
	# shellcheck disable=SC2046
	set -- "$1" $(count "$bench/$1.slabinfo")
	row "kfrag --csv, $(echo "$2 $3" |
		awk '{ printf "%d x %.3g", $1, $2 }')" \
		"$BUILD/kfrag" --csv "$bench/$1.slabinfo"
	status=$?
	note=
	return $status
}

# slabtop reads /proc/slabinfo only, and so sees the capture in its place in a
# mount namespace of its own.
slabtop_row() {
	# The inner shell's own argument.
	# shellcheck disable=SC2016
	in_place='mount --bind "$1" /proc/slabinfo && shift && exec "$@"'
	if ! command -v slabtop >/dev/null 2>&1; then
		echo "(no slabtop here)"
	elif ! unshare -rm sh -c "$in_place" sh "$bench/many.slabinfo" \
		slabtop -o >/dev/null 2>&1; then
		echo "(slabtop cannot be shown the capture here)"
	else
		print_row "slabtop -o" "$(unshare -rm sh -c "$in_place" sh \
			"$bench/many.slabinfo" "$bench/bench_run" -b 30 \
			"${RUNS:-11}" slabtop -o)"
	fi
}

# Machines differ, so the time of `seq`, printing a number for each object,
# stands beside the program's: compare ratios rather than milliseconds.
# Captures are named by caches x objects.
program() {
	yardstick=
	note=
	capture many &&
		capture many-100 -v copies=$((100 >> shift_by)) &&
		capture billion -v dentries=$((1000000000 >> shift_by)) &&
		capture five-billion -v dentries=$((5000000000 >> shift_by)) ||
		return 1
	objs=$(count "$bench/many.slabinfo")
	objs=${objs#* }
	printf '%-28s %9s %9s %9s %8s %10s %5s\n' 'w6: user + sys' 'min ms' \
		median max 'x seq' 'peak MiB' runs
	row "seq $objs" seq "$objs" && slabtop_row && csv many &&
		csv many-100 && csv billion && csv five-billion &&
		row "kfrag --rounds 10 --csv" "$BUILD/kfrag" --rounds 10 \
			--csv "$bench/many.slabinfo" &&
		row kfrag "$BUILD/kfrag" "$bench/many.slabinfo" &&
		row "kfrag data/linux-6.18-x86_64" "$BUILD/kfrag" \
			data/linux-6.18-x86_64.slabinfo
}

# A recording of the same caches; `wc` reads it as well, and no more.
over_time() {
	yardstick=
	note=
	capture many || return 1
	recording=$bench/recording.slabinfo
	awk -v samples=$((1000 >> shift_by)) -f tests/bench/recording.awk \
		"$bench/many.slabinfo" >"$recording" || return 1
	printf '%-28s %9s %9s %9s %8s %10s %5s\n' 'w7: user + sys' 'min ms' \
		median max 'x wc' 'peak MiB' runs
	row "wc" wc "$recording" &&
		row "kfrag trend" "$BUILD/kfrag" trend "$recording" &&
		row "kfrag trend, samples --csv" "$BUILD/kfrag" trend \
			--show samples --csv "$recording" &&
		row "kfrag diff (exit 0)" "$BUILD/kfrag" diff --fail-if \
			'total:new_num_objs<0' "$recording"
}

[ $# -gt 0 ] || set -- w1 w2 w3 w4 w5 w6 w7
for workload in "$@"; do
	case $workload in
	w6*) program || exit 1 ;;
	w7*) over_time || exit 1 ;;
	*)
		"$bench/bench_alloc" -r "${RUNS:-7}" -s "$shift_by" \
			"$workload" || exit 1
		;;
	esac
done
