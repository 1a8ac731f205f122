#!/bin/bash
# SPDX-License-Identifier: MIT
# Sourced by check.sh and .ci/run: runs parts one by one, counts what passed
# and failed, and shows the log of those that fail. The caller sets `logs`, a
# folder.

: "${logs:?}"
passed=0
failed=0

# part NAME COMMAND...: a part ends with a line `N passed, N failed`; one that
# has none counts as one. However it counts, an exit status is a failure.
part() {
	local name=$1 log=$logs/${1// /-}.log status counts p f start=$SECONDS
	shift
	printf '%-20s ' "$name"
	"$@" >"$log" 2>&1 </dev/null
	status=$?
	counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)
	if [ -n "$counts" ]; then
		read -r p _ f _ <<<"$counts"
	else
		p=$((status == 0))
		f=0
	fi
	[ "$status" -ne 0 ] && [ "$f" -eq 0 ] && f=1
	passed=$((passed + p))
	failed=$((failed + f))
	printf '%6d passed, %d failed %5d s\n' "$p" "$f" $((SECONDS - start))
	if [ "$f" -gt 0 ]; then
		tail -n "${TAIL_LINES:-60}" "$log" | sed 's/^/    /'
		echo "    (exit $status; whole log: $log)"
	fi
}

# The last line; fails where anything did.
parts_end() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
