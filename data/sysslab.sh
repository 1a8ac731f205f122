#!/bin/sh
# SPDX-License-Identifier: MIT
# sysslab.sh [DIR]: what DIR, /sys/kernel/slab unless given, says of the caches,
# as text on standard output: NAME.sysslab beside NAME.slabinfo tells kfrag the
# sizes of objects without metadata, which names share a cache, and more. Any
# shell will do, busybox too; newer kernels want root. Names with blanks or
# backslashes are left out: there are none.
set -eu
LC_ALL=C
export LC_ALL
cd "${1:-/sys/kernel/slab}"
numbers='object_size slab_size objs_per_slab order align'
keys='aliases cpu_partial min_partial sheaf_capacity reclaim_account
	hwcache_align destroy_by_rcu ctor red_zone poison store_user
	sanity_checks partial cpu_slabs slabs_cpu_partial total_objects objects'
nr_entries=0

# first FILE: sets $word to its first word, without a process of its own.
first() {
	word=
	read -r word _ <"$1" || [ -n "$word" ]
} 2>/dev/null

for name in *; do
	case $name in
	*[!!-~]* | *\\*) continue ;;
	esac
	line=$name
	for file in $numbers; do
		first "$name/$file" || continue 2
		line="$line $word"
	done
	[ ! -h "$name" ] || line="$line id=$(readlink "$name")"
	for key in $keys; do
		if [ ! -f "$name/$key" ] || [ ! -r "$name/$key" ]; then
			continue
		fi
		first "$name/$key" || [ "$key" = ctor ] || continue
		line="$line $key=$word"
	done
	echo "$line"
	nr_entries=$((nr_entries + 1))
done
if [ "$nr_entries" -eq 0 ]; then
	echo "sysslab.sh: nothing in $PWD may be read; try sudo" >&2
	exit 2
fi
