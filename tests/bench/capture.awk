# SPDX-License-Identifier: MIT
# Writes a capture, the same one everywhere. By default: 235 caches and about
# 1.7 million objects, sizes and populations as uneven as on a server, a few
# caches with most of the objects, a third of them empty.
#	-v copies=N	those rows N times over, the names different
#	-v dentries=N	and ten caches like dentry behind them: 192 bytes, 21
#			to a slab, N objects together
#	-v spread=N	only ten caches, of the sizes that most objects of
#			real machines have, N objects together
# Integers below 2^31 only, so that every awk agrees.
function next_random(bound) {
	state = (state * 16807) % 2147483647
	return int(state / 7) % bound
}

# A row whose slabs hold the objects, three of four of them active.
function ample(name, objs, size, per_slab, pages,    slabs) {
	slabs = int((objs + per_slab - 1) / per_slab)
	objs = slabs * per_slab
	row(name, objs - int(objs / 4), objs, size, per_slab, pages, slabs)
}

function row(name, active, objs, size, per_slab, pages, slabs) {
	printf "%s %d %d %d %d %d : tunables 0 0 0 : slabdata %d %d 0\n", \
		name, active, objs, size, per_slab, pages, slabs, slabs
}

function server_rows(suffix,    i, size, pages, per_slab, objs, slabs) {
	state = 20260101
	for (i = 0; i < 235; i++) {
		size = sizes[next_random(nr_sizes) + 1]
		pages = 1
		while (pages < 8 && int(pages * 4096 / size) < 16)
			pages *= 2
		per_slab = int(pages * 4096 / size)
		if (i % 3 == 0)
			objs = 0
		else if (i % 20 == 1)
			objs = 160000 + next_random(70000)
		else
			objs = next_random(i % 4 == 1 ? 6000 : 400)
		slabs = int((objs + per_slab - 1) / per_slab)
		objs = slabs * per_slab
		row(sprintf("bench_cache_%03d%s", i, suffix), \
			objs - int(objs * next_random(60) / 100), objs, size, \
			per_slab, pages, slabs)
	}
}

function spread_rows(objs) {
	ample("dentry", objs, 192, 21, 1)
	ample("buffer_head", objs, 104, 39, 1)
	ample("ext4_inode_cache", objs, 1184, 27, 8)
	ample("inode_cache", objs, 608, 26, 4)
	ample("radix_tree_node", objs, 584, 28, 4)
	ample("vm_area_struct", objs, 200, 20, 1)
	ample("filp", objs, 256, 16, 1)
	ample("anon_vma", objs, 88, 46, 1)
	ample("kmalloc-64", objs, 64, 64, 1)
	ample("kmalloc-32", objs, 32, 128, 1)
}

BEGIN {
	nr_sizes = split("8 16 32 48 64 96 104 128 152 192 208 256 312 384 " \
		"512 576 640 704 832 1024 1088 1216 2048 2304 3264 4096 8192",
		sizes, " ")
	print "slabinfo - version: 2.1"
	print "# name            <active_objs> <num_objs> <objsize> " \
		"<objperslab> <pagesperslab> : tunables <limit> " \
		"<batchcount> <sharedfactor> : slabdata <active_slabs> " \
		"<num_slabs> <sharedavail>"
	if (spread) {
		spread_rows(int(spread / 10))
		exit
	}
	server_rows("")
	for (copy = 1; copy < copies; copy++)
		server_rows("_" copy)
	for (i = 0; dentries && i < 10; i++)
		ample("dentry_" i, int(dentries / 10), 192, 21, 1)
}
