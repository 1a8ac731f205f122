#!/bin/sh
# SPDX-License-Identifier: MIT
# scenario.sh NAME FILE: records a machine while it does something of which the
# truth is known; data/README.md says what that is. NAME is one of files, leak,
# nothing, cyclic, bloat. Needs root, and kfrag and slabwork (slabwork.c) in
# PATH; plain sh and busybox are enough for the rest. What happens between which
# samples goes to standard output.
set -eu

if [ $# -ne 2 ]; then
	echo "usage: scenario.sh NAME FILE" >&2
	exit 2
fi
name=$1
file=$2
dir=$(mktemp -d)
mount -t tmpfs -o nr_inodes=200000 scenario "$dir"
jobs_left=

clean_up() {
	for pid in $jobs_left; do
		kill "$pid" 2>/dev/null || :
	done
	wait
	if [ -d "$dir/cpuset" ]; then
		rmdir "$dir"/cpuset/node* 2>/dev/null || :
		umount "$dir/cpuset" || :
	fi
	umount "$dir" && rmdir "$dir"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# Hundredths of a second since boot.
now() {
	read -r up _ </proc/uptime
	echo "${up%.*}${up#*.}"
}

# record COUNT: one sample a second; what ran before has come to rest.
record() {
	sleep 5
	kfrag record -d 1 -n "$1" -o "$file" &
	recorder=$!
	jobs_left="$jobs_left $recorder"
	start=$(now)
}

# after N WHAT: waits till half a second behind sample N, and says so.
after() {
	left=$((start + $1 * 100 - 50 - $(now)))
	if [ $left -gt 0 ]; then
		sleep "$((left / 100)).$(printf %02d $((left % 100)))"
	fi
	echo "after sample $(((($(now) - start) / 100) + 1)): $2"
}

# What people and daemons do all day, until clean_up.
noise() {
	while :; do
		ls -lR /bin /etc /lib >/dev/null
		ps >/dev/null
		cat /proc/meminfo /proc/[0-9]*/stat >/dev/null 2>&1 || :
		sleep 2
	done &
	jobs_left="$jobs_left $!"
}

files() {
	record 60
	after 10 "18,000 files are made"
	slabwork fill "$dir" 60 300 15
	after 25 "rest"
	after 30 "four of five are deleted"
	slabwork thin "$dir" 60 300 5 4
	after 34 "rest"
}

leak() {
	noise
	slabwork leak socket 0 40 &
	jobs_left="$jobs_left $!"
	record 90
	after 0 "40 sockets a second are opened, none is closed"
}

cyclic() {
	noise
	record 90
	for round in 0 1 2 3 4 5 6; do
		after $((3 + 12 * round)) "3,000 files are made"
		slabwork fill "$dir" 10 300 3
		after $((9 + 12 * round)) "all are deleted"
		slabwork thin "$dir" 10 300 0 3
	done
}

# on_node NODE COMMAND...: may use the memory of that node only; hardwall, as
# caches of the kernel may spill over to other nodes without it.
on_node() {
	node=$1
	shift
	set="$dir/cpuset/node$node"
	if [ ! -d "$set" ]; then
		mkdir "$set"
		echo "$node" >"$set/cpuset.cpus"
		echo "$node" >"$set/cpuset.mems"
		echo 1 >"$set/cpuset.mem_hardwall"
	fi
	tasks="$set/tasks" sh -c 'echo $$ >"$tasks"; exec "$@"' sh "$@"
}

bloat() {
	if [ ! -d /sys/devices/system/node/node1 ]; then
		echo "scenario.sh: bloat needs two NUMA nodes" >&2
		exit 2
	fi
	mkdir "$dir/cpuset" "$dir/a" "$dir/b"
	mount -t cgroup -o cpuset cpuset "$dir/cpuset"
	on_node 0 slabwork fill "$dir/a" 60 300 3
	record 70
	after 10 "node 0 loses 14,400 of 18,000 files, node 1 gets 7,200"
	on_node 0 slabwork thin "$dir/a" 60 300 5 50 &
	jobs_left="$jobs_left $!"
	on_node 1 slabwork fill "$dir/b" 24 300 50
	after 60 "rest"
}

case $name in
files | leak | cyclic | bloat) $name ;;
nothing) record 60 ;;
*)
	echo "scenario.sh: no scenario '$name'" >&2
	exit 2
	;;
esac
wait "$recorder"
