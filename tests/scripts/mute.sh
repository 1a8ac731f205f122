#!/bin/sh
# SPDX-License-Identifier: MIT
# mute.sh LIBRARY: what libkfrag.a must not do, read off its symbols. It does
# not print on its own, exit, open files, read clocks, the environment or the
# locale, and has no random numbers but its own; it keeps no writable data; all
# that it exports begins with kfrag_.
set -u
library=$1
NM=${NM:-nm}

# __assert_fail is how it says that a caller broke a contract.
forbidden='stdin|stdout|stderr|v?printf|__v?printf_chk|puts|putchar|perror'
forbidden="$forbidden|exit|_exit|_Exit|quick_exit|abort|atexit|signal|raise"
forbidden="$forbidden|getenv|secure_getenv|setenv|putenv|isatty|ioctl"
forbidden="$forbidden|time|clock|clock_gettime|gettimeofday|localtime|gmtime"
forbidden="$forbidden|rand|srand|random|srandom|rand_r|drand48|getrandom"
forbidden="$forbidden|setlocale|uselocale|newlocale|localeconv|strtok"
forbidden="$forbidden|fopen|freopen|fdopen|popen|system|open|openat|creat"
forbidden="$forbidden|read|write|fork|vfork|execv|execvp|execve|posix_spawn"

symbols=$($NM -A "$library") || exit 1
# Sanitizers and coverage bring data and names of their own.
instrumented=$(echo "$symbols" | grep -cE ' (__asan|__ubsan|__gcov|__llvm)_')
# A symbol's section, which tells constants with pointers from variables.
sections=$($NM -A --format=sysv "$library") || exit 1

passed=0
failed=0
# expect_none WHAT LINES: no line may be left over.
expect_none() {
	if [ -z "$2" ]; then
		passed=$((passed + 1))
	else
		printf '%s:\n%s\n' "$1" "$2"
		failed=$((failed + 1))
	fi
}

expect_none "the library calls" "$(echo "$symbols" |
	grep -E " U ($forbidden)(64|64_time|@.*)?\$")"
if [ "$instrumented" -eq 0 ]; then
	# 32-bit code finds its own place with helpers of the compiler.
	expect_none "names without kfrag_" "$(echo "$symbols" |
		grep -E ' [A-TV-Z] ' |
		grep -vE ' (kfrag_[a-z0-9_]+|__x86\.get_pc_thunk\.[a-z]+)$')"
	expect_none "writable data" "$(echo "$sections" |
		grep -E '\|(\.data|\.bss|\.tdata|\.tbss|\*COM\*)' |
		grep -v '|\.data\.rel\.ro')"
fi
if ! echo "$symbols" | grep -q ' T kfrag_'; then
	echo "$library exports nothing"
	failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
