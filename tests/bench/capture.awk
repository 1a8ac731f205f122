# SPDX-License-Identifier: MIT
# Writes a capture of 235 caches and about 1.7 million objects, the same one
# everywhere: sizes and populations as uneven as on a server, a few caches with
# most of the objects, a third of them empty. Integers below 2^31 only, so that
# every awk agrees.
function next_random(bound) {
	state = (state * 16807) % 2147483647
	return int(state / 7) % bound
}

BEGIN {
	state = 20260101
	nr_sizes = split("8 16 32 48 64 96 104 128 152 192 208 256 312 384 " \
		"512 576 640 704 832 1024 1088 1216 2048 2304 3264 4096 8192",
		sizes, " ")
	print "slabinfo - version: 2.1"
	print "# name            <active_objs> <num_objs> <objsize> " \
		"<objperslab> <pagesperslab> : tunables <limit> " \
		"<batchcount> <sharedfactor> : slabdata <active_slabs> " \
		"<num_slabs> <sharedavail>"
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
		active = objs - int(objs * next_random(60) / 100)
		printf "bench_cache_%03d %d %d %d %d %d : tunables 0 0 0 : " \
			"slabdata %d %d 0\n", i, active, objs, size, \
			per_slab, pages, slabs, slabs
	}
}
