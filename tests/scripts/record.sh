#!/bin/bash
# SPDX-License-Identifier: MIT
# record.sh KFRAG: what is left of a recording that was killed, at KILLS (50)
# moments: each sample that is complete reads back as the capture that was
# sampled, at most one is said to be cut, and the next recorder goes on. Then
# full disks, interrupts, and readers that leave. Needs neither root nor
# /proc/slabinfo.
# ok() never fails.
# shellcheck disable=SC2015
set -u
# shellcheck source=tests/scripts/counts.sh
. "$(dirname "$0")/counts.sh"
kfrag=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
capture=$PWD/data/linux-6.1-x86_64-freed.slabinfo
by_shell=$PWD/data/sysslab.sh
readme=$PWD/README.md
kills=${KILLS:-50}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
cp "$capture" slabinfo
cp "${capture%.slabinfo}.buddyinfo" buddyinfo

columns=name,active_objs,num_objs,num_slabs
"$kfrag" --csv --columns $columns slabinfo >want.csv || exit 1

nr_ends() {
	grep -ac '^# kfrag record: end time=[0-9.]*$' "$1"
}

# reads_back FILE CUT: as many samples as there are end lines, the first and
# the last just like the capture; at most CUT are said to be cut.
reads_back() {
	local nr cut
	nr=$(nr_ends "$1")
	[ "$nr" -eq 0 ] && return 0
	"$kfrag" --sample 999999999 "$1" 2>log
	grep -q ": it holds $nr\$" log || return 1
	cut=$(grep -c 'sample is cut off' log)
	[ "$cut" -le "$2" ] || return 1
	[ "$(wc -l <log)" -eq $((cut + 1)) ] || return 1
	"$kfrag" --csv --columns $columns --sample 1 "$1" 2>log |
		cmp -s - want.csv || return 1
	"$kfrag" --csv --columns $columns "$1" 2>log | cmp -s - want.csv
}

# ended PID: its exit status; killed where it has none within 5 seconds.
ended() {
	local i
	for ((i = 0; i < 250; i++)); do
		kill -0 "$1" 2>/dev/null || break
		sleep 0.02
	done
	kill -KILL "$1" 2>/dev/null
	wait "$1"
}

# has_samples FILE N: waits until it does, for 5 seconds.
has_samples() {
	local i
	for ((i = 0; i < 250; i++)); do
		[ -e "$1" ] && [ "$(nr_ends "$1")" -ge "$2" ] && return
		sleep 0.02
	done
	return 1
}

# 1. Killed, continued, killed: a file that grows, and a new one each time.
for ((i = 0; i < kills; i++)); do
	rm -f rec
	for file in rec grown; do
		"$kfrag" record -d 0.001 -o $file slabinfo 2>/dev/null &
		pid=$!
		sleep "0.0$((RANDOM % 60 + 10))"
		kill -KILL $pid
		wait $pid 2>/dev/null
	done
	[ -e rec ] || : >rec
	before=$(nr_ends rec)
	reads_back rec 1 && ok ||
		complain "kill $i: $(cat log)"
	"$kfrag" record -n 1 -o rec slabinfo 2>/dev/null && ok ||
		complain "kill $i: not continued"
	[ "$(nr_ends rec)" -eq $((before + 1)) ] && reads_back rec 0 && ok ||
		complain "kill $i, continued: $(cat log)"
	[ $((i % 10)) -eq 9 ] || continue
	reads_back grown 1 && ok || complain "kill $i of many: $(cat log)"
done
# A slow machine may kill most of them before they begin.
[ "$(nr_ends grown)" -ge 1 ] && ok || complain "no recorder wrote anything"

# 2. A kill within a write is rare, so files are cut at places of all kinds.
"$kfrag" record -d 0 -n 3 -o three slabinfo 2>/dev/null
size=$(wc -c <three)
for ((i = 0; i < kills; i++)); do
	bytes=$((i < 8 ? size - i : RANDOM * 32768 % size + RANDOM % 1000))
	head -c "$bytes" three >rec
	# Too short to be known as a recording: refused, and left alone.
	[ "$bytes" -lt 21 ] && continue
	# grep does not mind if the newline of an end line is missing, but then
	# its time may be cut: a sample is complete with the whole of it.
	before=$(nr_ends rec)
	last=$(tail -n 1 rec)
	if [[ $last == *'record: end time='* ]]; then
		start=$(grep -a '^# kfrag record: time=' rec | tail -n 1)
		start=${start#*time=}
		[ "${last#*time=}" = "${start%% *}" ] ||
			before=$((before - 1))
	fi
	"$kfrag" record -n 1 -o rec slabinfo 2>/dev/null && ok ||
		complain "cut at $bytes: not continued"
	[ "$(nr_ends rec)" -eq $((before + 1)) ] && reads_back rec 0 && ok ||
		complain "cut at $bytes, continued: $(cat log)"
done

# 3. Full disks: exit 2, and what was there is whole.
"$kfrag" record -n 1 slabinfo >/dev/full 2>log
[ $? -eq 2 ] && grep -q 'No space left' log && ok ||
	complain "/dev/full: $(cat log)"
for start in 0 1; do
	rm -f limited
	[ $start -eq 1 ] && "$kfrag" record -n 1 -o limited slabinfo
	(
		ulimit -f 50
		exec "$kfrag" record -d 0 -o limited slabinfo 2>log
	)
	[ $? -eq 2 ] && grep -q 'cannot write' log && ok ||
		complain "file size limit: $(cat log)"
	nr=$(nr_ends limited)
	[ "$nr" -ge 1 ] && reads_back limited 0 && ok ||
		complain "file size limit: $nr samples; $(cat log)"
	[ "$(tail -n 1 limited | grep -c 'end time=')" -eq 1 ] && ok ||
		complain "file size limit: a part is left"
done
(
	ulimit -f 50
	exec "$kfrag" record -d 0 slabinfo >>limited 2>log
)
[ $? -eq 2 ] && reads_back limited 0 && ok ||
	complain "standard output, appended: $(cat log)"

# 4. Interrupts: exit 0, and what was written is whole.
for signal in INT TERM HUP; do
	# A shell lets what runs in the background ignore SIGINT, and so does
	# one that was itself started there.
	env --default-signal=$signal "$kfrag" record -o rec-$signal slabinfo \
		2>log &
	pid=$!
	has_samples rec-$signal 1 || complain "SIG$signal: no sample"
	kill -$signal $pid
	ended $pid && ok || complain "SIG$signal: exit $?"
	[ "$(nr_ends rec-$signal)" -eq 1 ] && reads_back rec-$signal 0 &&
		[ ! -s log ] && ok || complain "SIG$signal: $(cat log)"
done
mkfifo fifo
"$kfrag" record fifo >rec 2>log &
pid=$!
# Once it is open for writing, the recorder reads it.
exec 3>fifo
kill -TERM $pid
ended $pid && [ ! -s rec ] && ok || complain "SIGTERM, fifo: exit $?"
exec 3>&-
# An interrupt of all that feeds the recorder is no empty sample.
"$kfrag" record fifo >rec 2>log &
pid=$!
exec 3>fifo
kill -TERM $pid
exec 3>&-
ended $pid && [ ! -s rec ] && [ ! -s log ] && ok ||
	complain "SIGTERM and no writer: exit $?, $(cat log)"

# 5. A fifo gives a sample to whoever comes.
"$kfrag" record -n 2 -d 0 fifo >rec 2>/dev/null &
pid=$!
for i in 1 2; do
	timeout 5 sh -c 'cat slabinfo >fifo'
	has_samples rec $i || complain "fifo: no sample $i"
done
ended $pid && reads_back rec 0 && [ "$(nr_ends rec)" -eq 2 ] && ok ||
	complain "fifo: $(cat log)"

# 6. Two recorders do not write one file.
"$kfrag" record -o rec-INT slabinfo &
pid=$!
has_samples rec-INT 2 || complain "two recorders: the first one is late"
"$kfrag" record -n 1 -o rec-INT slabinfo 2>log
[ $? -eq 2 ] && grep -q 'another process' log && ok ||
	complain "two recorders: $(cat log)"
kill -TERM $pid
ended $pid && ok || complain "two recorders: exit $?"

# 7. A reader that leaves; a pipe that takes its time.
(
	trap '' PIPE
	"$kfrag" record -d 0 slabinfo 2>log
	echo $? >status
) | head -n 1 >first
[ "$(cat status)" -eq 0 ] && [ "$(wc -l <log)" -eq 1 ] && ok ||
	complain "closed pipe: exit $(cat status), $(cat log)"
"$kfrag" record -d 0 -n 20 slabinfo 2>log | (sleep 0.2 && cat) >rec
[ "$(nr_ends rec)" -eq 20 ] && reads_back rec 0 && ok ||
	complain "slow pipe: $(cat log)"

# 8. Sampling times do not drift: 20 samples of 20 ms end 380 ms after the
#    first, or a few later where the machine is busy; never sooner.
"$kfrag" record -d 0.02 -n 20 slabinfo 2>/dev/null |
	sed -n 's/^# kfrag record: time=\([0-9]*\)[.]\([0-9]*\) *.*/\1\2/p' |
	awk 'NR == 1 { first = $1 } END {
		exit !(NR == 20 && $1 - first >= 375 && $1 - first < 4000)
	}' && ok || complain "20 samples of 20 ms took another time"

# 9. /sys/kernel/slab: in the first sample, and where there are other names.
#    Links are aliases, nothing but regular files is read, and an entry whose
#    numbers are not all there is left out.
entry() {
	mkdir -p "$1"
	echo 56 >"$1/object_size"
	echo 64 >"$1/slab_size"
	echo 64 >"$1/objs_per_slab"
	echo 0 >"$1/order"
	echo 8 >"$1/align"
}
mkdir -p box/proc box/sys/kernel/slab
(
	cd box/sys/kernel/slab || exit 1
	entry :0000064
	echo 5 >:0000064/min_partial
	printf '' >:0000064/ctor
	echo '6 N0=4 N1=2' >:0000064/cpu_slabs
	mkfifo :0000064/poison
	mkdir :0000064/store_user
	entry 'a b'
	echo 'init_once+0x0/0x10' >'a b/ctor'
	entry half
	rm half/align
	entry empty
	: >empty/order
	ln -s :0000064 one
	ln -s ../slab/:0000064 two
	ln -s nowhere gone
	: >file
)
mkfifo box/proc/slabinfo
"$kfrag" record -n 4 -d 0 box/proc/slabinfo >rec 2>/dev/null &
pid=$!
for i in 1 2 3 4; do
	[ $i -eq 3 ] && ln -s :0000064 box/sys/kernel/slab/new
	[ $i -eq 4 ] && rm -r box/sys
	timeout 5 sh -c 'cat slabinfo >box/proc/slabinfo'
	has_samples rec $i || complain "sysslab: no sample $i"
done
numbers='56 64 64 0 8'
cat >want <<EOF
1
# sysslab: :0000064 $numbers min_partial=5 ctor=0
# sysslab: a\\x20b $numbers ctor=1
# sysslab: one id=:0000064
# sysslab: two $numbers min_partial=5 ctor=0
2
3
# sysslab: :0000064 $numbers min_partial=5 ctor=0
# sysslab: a\\x20b $numbers ctor=1
# sysslab: new id=:0000064
# sysslab: one id=:0000064
# sysslab: two $numbers min_partial=5 ctor=0
4
EOF
ended $pid && awk '/^# kfrag record: time=/ { print ++nr } /^# sysslab/' rec |
	diff want - && reads_back rec 0 && ok ||
	complain "sysslab: exit $?, $(cat log)"

# 10. The same without kfrag, as data/sysslab.sh has it.
mkdir slab
(
	cd slab || exit 1
	entry :0000064
	echo 5 >:0000064/min_partial
	printf '' >:0000064/ctor
	echo '6 N0=4 N1=2' >:0000064/cpu_slabs
	echo '42(4) C1=42(4)' >:0000064/slabs_cpu_partial
	ln -s :0000064 one
	entry 'a b'
	entry half
	rm half/align
)
keys='min_partial=5 ctor= cpu_slabs=6 slabs_cpu_partial=42(4)'
cat >want <<EOF
:0000064 $numbers $keys
one $numbers id=:0000064 $keys
EOF
sh "$by_shell" slab 2>&1 | diff want - && ok || complain "sysslab.sh differs"
sed -n '/^ *cd .sys.kernel.slab/,/^ *done/p' "$readme" |
	sed "s|/sys/kernel/slab|$work/slab|; s|/tmp/NAME.sysslab|$work/got|" |
	sh 2>log
printf '%s\n' ":0000064 $numbers" "a b $numbers" "half 56 64 64 0" \
	"one $numbers" | diff - got && ok || complain "README.md: $(cat log)"
sh "$by_shell" slab/half >got 2>log
[ $? -eq 2 ] && [ ! -s got ] && grep -q 'may be read' log && ok ||
	complain "sysslab.sh of nothing: $(cat got log)"

counts_end
