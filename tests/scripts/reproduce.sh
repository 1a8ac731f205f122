#!/bin/sh
# SPDX-License-Identifier: MIT
# reproduce.sh KFRAG small|full [PAGE]: results of others that the allocators
# must give again: expected, seen, error and verdict of each, as a table in
# Markdown. `small` takes fewer runs and rows. PAGE is written where all is
# well. The figures expected stand here, not in the program.
set -u
kfrag=$1
size=$2
if [ $# -gt 2 ]; then
	page=$(mktemp) || exit 1
	trap 'rm -f "$page"' EXIT
	"$0" "$kfrag" "$size" >"$page"
	status=$?
	cat "$page"
	[ $status -eq 0 ] || exit $status
	{
		echo '# Results found again'
		echo
		echo 'The last output of "make reproduce": what others derived'
		echo 'or saw, and what "kfrag simulate" gives.'
		echo 'tests/scripts/reproduce.sh says how.'
		echo
		cat "$page"
	} >"$3"
	exit
fi
passed=0
failed=0
export LC_ALL=C

# verdict ID WORKLOAD EXPECTED SEEN ALLOWED: how far seen may be off.
verdict() {
	line=$(awk -v id="$1" -v workload="$2" -v expected="$3" -v seen="$4" \
		-v allowed="$5" 'BEGIN {
		off = seen - expected
		far = off < 0 ? -off : off
		ok = seen != "" && far <= allowed + 1e-9
		printf "| %s | %s | %.7g | %.7g | %+.2g | %.2g | %s |\n", id,
			workload, expected, seen, off, allowed,
			ok ? "ok" : "WRONG"
	}')
	echo "$line"
	case $line in
	*WRONG*) failed=$((failed + 1)) ;;
	*) passed=$((passed + 1)) ;;
	esac
}

# measure NAME OPTIONS...: mean and standard error, as decimals.
measure() {
	name=$1
	shift
	"$kfrag" simulate "$@" --csv --columns name,mean_micro,error_micro |
		awk -F, -v name="\"$name\"" '$1 == name {
			printf "%.6f %.6f\n", $2 / 1e6, $3 / 1e6 }'
}

# statistical ID WORKLOAD EXPECTED NAME OPTIONS...: within 4 standard errors,
# to which the expected figure adds half of its last digit.
statistical() {
	id=$1 workload=$2 expected=$3
	shift 3
	# shellcheck disable=SC2046
	set -- $(measure "$@")
	digit=$(awk -v e="$expected" 'BEGIN { sub(/^[0-9]*[.]?/, "", e)
		print 0.5 * 10 ^ -length(e) }')
	verdict "$id" "$workload" "$expected" "${1:-}" \
		"$(awk -v s="${2:-0}" -v d="$digit" 'BEGIN { print 4 * s + d }')"
}

# within ID WORKLOAD EXPECTED ALLOWED NAME OPTIONS...
within() {
	id=$1 workload=$2 expected=$3 allowed=$4
	shift 4
	# shellcheck disable=SC2046
	set -- $(measure "$@")
	verdict "$id" "$workload" "$expected" "${1:-}" "$allowed"
}

# knuth ID WORKLOAD EXPECTED FIELD TASK OPTIONS...: to the last digit.
knuth() {
	id=$1 workload=$2 expected=$3 field=$4
	shift 4
	seen=$("$kfrag" simulate "$@" | sed -n "s/^$field  *\([0-9]*\) .*/\1/p")
	verdict "$id" "$workload" "$expected" "$seen" 0
}

# script ID WORKLOAD EXPECTED FIGURE FILE ORDER: to the last digit.
script() {
	seen=$("$kfrag" simulate --script "$5" --buddy-order "$6" |
		sed -n "s/^$4  *\([0-9]*\) .*/\1/p")
	verdict "$1" "$2" "$3" "$seen" 0
}

internal() {
	n=$1
	within T1 'sizes uniform on 1..1024, buddy: internal' 0.24927 \
		"$(awk -v n="$n" 'BEGIN { print 4 * 0.1637 / sqrt(10 * n) }')" \
		internal --size uniform:1:1024 --arrivals "grow $n"
	within T3 'sizes 1/r on 1..1024, buddy: internal' 0.27603 \
		"$(awk -v n="$n" 'BEGIN { print 4 * 0.2741 / sqrt(10 * n) }')" \
		internal --size inverse:1:1024 --arrivals "grow $n"
}

# Whatever the order of the free list.
load() {
	for order in $2; do
		while read -r rho expected; do
			statistical T6 "load $rho, $order: free blocks of order 0" \
				"$expected" free_order0 \
				--arrivals "poisson:$rho" --events "$1" \
				--buddy-order "$order"
		done <<-END
			1 0.5235
			10 1.735
		END
	done
}

exact() {
	for r in $1; do
		n=$((2 << r))
		knuth T7 "Knuth's worst case, r = $r: high water" \
			$((n + r * n / 2)) 'high water' knuth-worst \
			--max-order "$r"
		for order in lifo fifo; do
			knuth T7 "the same, $order: units touched" \
				$((n + r * n / 2)) touched knuth-worst \
				--max-order "$r" --buddy-order "$order"
		done
	done
	for order in address lifo fifo; do
		failures=$("$kfrag" simulate knuth-bound --max-order 8 \
			--events "$2" --buddy-order $order |
			sed -n 's/^requests .*, \([0-9]*\) failed/\1/p')
		verdict T8 "Knuth's bound, r = 8, $order: failures" 0 \
			"$failures" 0
		script T7 "the script of r = 10, $order: units touched" 12288 \
			touched data/knuth-worst.script "$order"
		script T8 "the script of r = 6, $order: failures" 0 failed \
			data/knuth-bound.script "$order"
	done
}

thinned() {
	statistical T10 '1250 slabs of 8, 3000 kept: slabs held' 1178.03 \
		trough_slabs --allocator slab --objs-per-slab 8 \
		--arrivals 'grow 10000; shrink 0.3 @0' --replicas "$1"
	for policy in $2; do
		within T11 "10,000 of 16 shrink to 30 %, $policy: slabs / fewest" \
			3.3135 0.02 trough_ratio --allocator slab \
			--arrivals 'grow 10000; shrink 0.3 @0' \
			--policy "$policy" --replicas "$1"
	done
}

# breathing POLICIES: seen by an independent study, to two decimals.
breathing() {
	while read -r policy expected; do
		case " $1 " in *" $policy "*) ;; *) continue ;; esac
		within policies "n = 16 between 10,000 and 3,000, $policy: trough" \
			"$expected" 0.06 trough_ratio --allocator slab \
			--arrivals 'grow 10000 @1.5; shrink 0.3 @0.28; x12' \
			--policy "$policy" --replicas "$2" --warmup 4
	done <<-END
		fullest 1.86
		lowest 1.86
		head 1.86
		tail 2.76
		random 3.20
		emptiest 3.33
	END
}

# The oracle is no policy of --policy.
oracle() {
	seen=$("$kfrag" simulate policies --csv --replicas 1 \
		--columns name,trough_ratio_micro |
		sed -n 's/^"oracle",//p')
	verdict policies 'the same, oracle: trough' 1.01 \
		"$(awk -v s="$seen" 'BEGIN { print s / 1e6 }')" 0.02
}

echo '| id | workload | expected | seen | off | allowed | verdict |'
echo '|---|---|---:|---:|---:|---:|---|'
if [ "$size" = small ]; then
	internal 5000
	load 50000 address
	exact '3 10' 3000
	thinned 10 lowest
	breathing 'fullest tail emptiest' 1
else
	internal 40000
	load 1000000 'address lifo fifo'
	exact '1 4 7 10 13' 100000
	thinned 40 "$("$kfrag" simulate policies --csv --columns name \
		--arrivals 'grow 16' | tr -d '"' | sed '1d; /^oracle/d' |
		tr '\n' ' ')"
	breathing 'fullest lowest head tail random emptiest' 8
	oracle
fi
echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
