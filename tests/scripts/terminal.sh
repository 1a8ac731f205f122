#!/bin/bash
# SPDX-License-Identifier: MIT
# terminal.sh KFRAG: `kfrag explain` on a terminal of 80 columns, which script(1)
# makes: --step waits for Enter, questions are asked and answered there, and
# what happens at the end of input, at an interrupt and where no terminal is.
# ok() never fails.
# shellcheck disable=SC2015
set -u
kfrag=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

passed=0
failed=0
ok() {
	passed=$((passed + 1))
}
complain() {
	echo "$*"
	sed 's/^/    /' screen
	failed=$((failed + 1))
}
script --version >/dev/null 2>&1 || {
	echo "no script(1): apt-get install bsdutils"
	exit 1
}
mkfifo keys

# begin ARGUMENTS: starts kfrag explain on a terminal; keys are typed into fd 3.
begin() {
	: >screen
	printf 'stty cols 80; exec %s explain --ascii %s' "$kfrag" "$1" >start
	timeout 60 script -qefc "sh $PWD/start" /dev/null <keys >screen 2>&1 &
	pid=$!
	exec 3>keys
}
# type KEYS: as printf writes them.
type_keys() {
	# shellcheck disable=SC2059
	printf "$1" >&3
}
# sees TEXT: it is, or comes within some seconds, on the screen.
sees() {
	for _ in $(seq 300); do
		grep -qF -e "$1" screen && ok && return
		sleep 0.05
	done
	complain "'$1' does not come"
}
# ends_in TEXT: that, and a blank, is what the screen ends in, in some seconds.
ends_in() {
	for _ in $(seq 300); do
		[ "$(tail -c $((${#1} + 1)) screen)" = "$1 " ] && ok && return
		sleep 0.05
	done
	complain "'$1' is not the end"
}
# sees_no TEXT: it is not there, and does not come while nobody types.
sees_no() {
	sleep 0.3
	grep -qF -e "$1" screen && complain "'$1' comes too early" || ok
}
# ends STATUS: the lesson ends with it.
ends() {
	wait "$pid"
	status=$?
	exec 3>&-
	[ "$status" -eq "$1" ] && ok || complain "exit $status, not $1"
}
# counts NUMBER TEXT: so many lines have it.
counts() {
	seen=$(grep -cF -e "$2" screen)
	[ "$seen" -eq "$1" ] && ok || complain "$seen lines have '$2', not $1"
}
# fits: no line is wider than the terminal.
fits() {
	wide=$(tr -d '\r' <screen | awk 'length > 80')
	[ -z "$wide" ] && ok || complain "wide: $wide"
}
script_text="-e 'alloc A 14K' -e 'ask How large is it? = 16K' -e 'free A'"

# Each step waits for its Enter, the last one for none. A drawing belongs to the
# step before it.
begin "--step -e 'alloc A 14K; show tree' -e 'say Next.' -e 'say Last.'"
sees '[Enter]'
sees 'TREE OF SPLITS'
sees_no Next.
type_keys 'anything \n'
sees Next.
sees_no Last.
type_keys '\n'
sees Last.
ends 0
counts 2 '[Enter]'
fits

# A question waits for an answer instead; the score counts it.
begin "--step $script_text"
sees '[Enter]'
type_keys '\n'
sees 'A: '
sees_no 'gives back'
type_keys '16 KiB\n'
sees 'Right.'
sees 'gives back'
ends 0
sees 'Score: 1 of 1 right.'
counts 1 '[Enter]'
fits

# Without --step only questions wait. A wrong answer is told, and no failure.
begin "$script_text"
sees 'A: '
type_keys '14K\n'
sees 'Wrong: it is 16K'
ends 0
sees 'Score: 0 of 1 right.'
counts 0 '[Enter]'

# The end of input: nothing waits any more, and answers are given.
begin "--step $script_text -e 'say the end'"
sees '[Enter]'
type_keys '\004'
sees 'the end'
ends 0
counts 1 '[Enter]'
counts 1 'A: 16K'
counts 0 'Score'
fits

# The same in the middle of a lesson, at a question.
begin '--step lecture'
for step in 'BUDDY ALLOCATOR' '> memory 256K' 'A wants'; do
	sees "$step"
	ends_in '[Enter]'
	type_keys '\n'
done
sees 'A: '
type_keys '\004'
sees 'See also'
ends 0
fits

# Questions that are answered from a file leave the terminal to --step.
printf '8K\n' >answers
begin "--step --answers answers $script_text"
sees '[Enter]'
type_keys '\n'
sees 'Wrong: it is 16K'
ends 1
sees 'Score: 0 of 1 right.'

# An interrupt ends it, while it waits for either.
begin '--step lecture'
sees '[Enter]'
type_keys '\003'
ends 130
counts 0 'alloc A'
begin "$script_text"
sees 'A: '
type_keys '\003'
ends 130
counts 0 'gives back'

# A pipe is nobody who could press Enter.
timeout 60 "$kfrag" explain --step -e 'alloc A 14K; say done' </dev/null >screen
counts 0 '[Enter]'
counts 1 'done'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
