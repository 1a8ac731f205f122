#!/bin/sh
# SPDX-License-Identifier: MIT
# counts.sh: sourced by scripts that check one thing after the other. Each is
# ok() or gets a complain(), in a script's last line counts_end() sums up.
# ok() never fails, so `test && ok || complain WHAT` does what it says.
passed=0
failed=0

ok() {
	passed=$((passed + 1))
}

complain() {
	echo "$*"
	failed=$((failed + 1))
}

# The line that parts.sh reads; fails where anything did.
counts_end() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}
