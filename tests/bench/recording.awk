# SPDX-License-Identifier: MIT
# recording.awk CAPTURE: that capture as the first of so many samples (1000), a
# minute apart, whose populations go their ways: every seventh cache climbs,
# the others wander about where they were. The same bytes each time.
BEGIN {
	if (!samples)
		samples = 1000
	seed = 1
}

# From 0 to 1, by the "minimal standard" generator of Park and Miller.
function draw() {
	seed = seed * 16807 % 2147483647
	return seed / 2147483647
}

/^slabinfo|^#/ { head = head $0 "\n"; next }

{
	name[++n] = $1
	start[n] = objs[n] = $2
	slots[n] = $3
	size[n] = $4
	per_slab[n] = $5
	order[n] = $6
}

END {
	for (s = 0; s < samples; s++) {
		time = 1700000000 + 60 * s
		mark = sprintf("time=%d.000", time)
		printf "# kfrag record: %s page_size=4096\ntime: %d\n%s", \
			mark, time, head
		for (i = 1; i <= n; i++) {
			step = start[i] / 50
			objs[i] += (draw() - 0.5) * step
			objs[i] += i % 7 ? (start[i] - objs[i]) / 10 : step / 10
			used = int(objs[i])
			if (used > slots[i])
				slots[i] = used
			slabs = int((slots[i] + per_slab[i] - 1) / per_slab[i])
			printf "%-17s %6d %6d %6d %4d %4d : tunables %4d " \
				"%4d %4d : slabdata %6d %6d %6d\n", name[i], \
				used, slabs * per_slab[i], size[i], \
				per_slab[i], order[i], 0, 0, 0, slabs, \
				slabs, 0
		}
		print "# kfrag record: end " mark
	}
}
