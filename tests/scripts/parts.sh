#!/bin/bash
# SPDX-License-Identifier: MIT
# Sourced by check.sh and .ci/run: runs parts, several at a time, counts what
# passed and failed, and shows the end of the log of those that fail. The
# caller sets `logs`, a folder; PARTS_JOBS is how many run at once.

: "${logs:?}" "${PARTS_JOBS:=$(nproc)}" "${TAIL_LINES:=60}"
passed=0
failed=0
waiting=()

# part NAME COMMAND...: starts a part. It should end with a line
# `N passed, N failed`; one that does not counts as one.
part() {
	local name=$1 log=$logs/${1// /-}
	shift
	while [ "$(jobs -rp | wc -l)" -ge "$PARTS_JOBS" ]; do
		wait -n
	done
	rm -f "$log.status"
	(
		start=$SECONDS
		"$@" >"$log.log" 2>&1 </dev/null
		echo "$? $((SECONDS - start))" >"$log.status"
	) &
	waiting+=("$name")
}

# Waits for all parts that were started and prints them in that order.
parts_wait() {
	local name log status seconds counts p f
	wait
	for name in "${waiting[@]}"; do
		log=$logs/${name// /-}
		read -r status seconds <"$log.status"
		counts=$(grep -aE '^[0-9]+ passed, [0-9]+ failed$' "$log.log" |
			tail -n 1)
		if [ -n "$counts" ]; then
			read -r p _ f _ <<<"$counts"
		else
			p=$((status == 0))
			f=0
		fi
		[ "$status" -ne 0 ] && [ "$f" -eq 0 ] && f=1
		passed=$((passed + p))
		failed=$((failed + f))
		printf '%-20s %6d passed, %d failed %5d s\n' "$name" "$p" \
			"$f" "$seconds"
		[ "$f" -eq 0 ] && continue
		grep -av '^  [A-Z][A-Z] ' "$log.log" | tail -n "$TAIL_LINES" |
			sed 's/^/    /'
		echo "    (exit $status; whole log: $log.log)"
	done
	waiting=()
}

# The last line; fails where anything did.
parts_end() {
	parts_wait
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
