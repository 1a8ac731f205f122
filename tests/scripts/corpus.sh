#!/bin/sh
# SPDX-License-Identifier: MIT
# corpus.sh [--all-good] DIR: for every *.slabinfo under DIR, kfrag reports
# or refuses (exit 0 or 2, never a signal, never for long) in every format, and
# the figures obey the laws of corpus.awk, and bills add up. With --all-good
# none may be refused. Then the model of slabs explains the rows of *.slabinfo
# and *.sysslab: all of them with --all-good, else GEOMETRY_PERMILLE (900) of
# all.
set -u
all_good=
if [ "${1:-}" = --all-good ]; then
	all_good=yes
	shift
fi
dir=${1:-}
if [ ! -d "$dir" ]; then
	echo "kfrag: no folder '$dir'; say make check-corpus CORPUS=DIR" >&2
	exit 2
fi
kfrag=$BUILD/kfrag
here=$(dirname "$0")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
refused=0
rows=0

# A report or a refusal, both in bounded time; prints what is wrong.
run() {
	timeout 60 "$kfrag" "$@" >"$work/out" 2>"$work/err"
	status=$?
	case $status in
	0) [ -s "$work/out" ] || echo "no output: $*" ;;
	2)
		[ -s "$work/err" ] || echo "exit 2 without a word: $*"
		[ ! -s "$work/out" ] || echo "exit 2 after output: $*"
		;;
	124) echo "takes more than 60 s: $*" ;;
	*) echo "exit $status: $*; $(tail -n 3 "$work/err")" ;;
	esac
	return $status
}

# Rows of a capture whose every line is beyond doubt, else nothing.
count_rows() {
	if [ "$(grep -c '^slabinfo - version' "$1")" -eq 1 ] &&
		[ ! -s "$work/err.caches" ]; then
		grep -c '^[^#].* : slabdata ' "$1"
	fi
}

# A capture is no different from itself, nor from its report read back,
# whatever is in it.
check_same() {
	run diff --csv --columns status "$1" "$2"
	sort -u "$work/out" | tr '\n' ' ' | grep -qx '"same" status ' ||
		echo "differs from $2"
}

# A bill adds up, row by row and in total, as far as awk can count.
check_bill() {
	parts=live_bytes,idle_bytes,tail_bytes,fallback_bytes,held_bytes
	run bill --csv --columns $parts "$1" || return
	cp "$work/out" "$work/bill"
	run bill --csv --show totals --columns item,bytes "$1"
	tr -d '"' <"$work/out" >>"$work/bill"
	LC_ALL=C awk -F, '
	NF == 5 && NR > 1 {
		sum = $1 + $2 + $3 + $4
		held += $5
		if (sum != $5 && $5 < 2 ^ 53)
			print "bill, row " NR ": " sum " is not " $5
		nr_rows++
	}
	NF == 2 { of[$1] = $2 }
	END {
		sum = of["live"] + of["idle"] + of["tail"] + of["fallback"]
		if (held >= 2 ^ 53)
			exit
		if (sum != held || of["held"] != held)
			print "bill: " sum " and " of["held"] ", not " held
		if (of["slab"] != "" && held + of["rest"] != of["slab"])
			print "bill: with the rest it is not Slab:"
		if (nr_rows == 0)
			print "bill: no rows"
	}' "$work/bill"
}

check_file() {
	refusals=0
	: >"$work/csv"
	for table in caches totals orders; do
		run --csv --show "$table" "$1" || refusals=$((refusals + 1))
		cp "$work/err" "$work/err.$table"
		echo "table $table" >>"$work/csv"
		cat "$work/out" >>"$work/csv"
	done
	for format in table json gnuplot; do
		run --format "$format" "$1" || refusals=$((refusals + 1))
	done
	run trend --csv "$1" || refusals=$((refusals + 1))
	case $refusals in
	0)
		check_same "$1" "$1"
		"$kfrag" --csv "$1" >"$work/own.csv" 2>"$work/err"
		check_same "$1" "$work/own.csv"
		check_bill "$1"
		;;
	7)
		[ -n "$all_good" ] && echo "refused: $(cat "$work/err")"
		return
		;;
	*) echo "refused $refusals times of 7" ;;
	esac
	want=$(count_rows "$1")
	[ "${want:-0}" -gt 0 ] || want=
	LC_ALL=C awk -v want_caches="$want" -f "$here/corpus.awk" \
		"$work/csv" >"$work/laws"
	sed '$d' "$work/laws"
	tail -n 1 "$work/laws" >"$work/rows"
}

find "$dir" -type f -name '*.slabinfo' | LC_ALL=C sort >"$work/files"
while read -r file; do
	: >"$work/rows"
	check_file "$file" </dev/null >"$work/report"
	if [ -s "$work/report" ]; then
		echo "$file:"
		head -n 20 "$work/report" | sed 's/^/  /'
		failed=$((failed + 1))
		continue
	fi
	passed=$((passed + 1))
	if [ -s "$work/rows" ]; then
		rows=$((rows + $(cat "$work/rows")))
	else
		refused=$((refused + 1))
	fi
done <"$work/files"
echo "$rows rows obey the laws, $refused files refused"
if [ $((passed + failed)) -eq 0 ]; then
	echo "no *.slabinfo under $dir"
	failed=1
fi
permille=${GEOMETRY_PERMILLE:-900}
[ -z "$all_good" ] || permille=1000
if find "$dir" -type f \( -name '*.slabinfo' -o -name '*.sysslab' \) -print0 |
	LC_ALL=C sort -z |
	xargs -0 "$BUILD/corpus/geometry" -m "$permille" >"$work/geometry"; then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
fi
cat "$work/geometry"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
