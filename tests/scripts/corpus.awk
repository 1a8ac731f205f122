# SPDX-License-Identifier: MIT
# The laws that kfrag's own figures obey, whatever the capture. Reads the CSV
# of three tables, one after the other, each behind a line `table NAME`.
# Prints every breach; its last line counts the rows that it looked at.

function complain(text) {
	print table " row " row ": " text
	nr_breaches++
}

# Splits a CSV line into field[1..]; quoted fields lose their quotes.
function split_csv(line, field,    count, rest) {
	split("", field)
	count = 0
	rest = line ","
	while (rest != "") {
		if (match(rest, /^"([^"]|"")*",/))
			field[++count] = substr(rest, 2, RLENGTH - 3)
		else if (match(rest, /^[^",]*,/))
			field[++count] = substr(rest, 1, RLENGTH - 1)
		else {
			complain("is not CSV: " line)
			return 0
		}
		rest = substr(rest, RLENGTH + 1)
	}
	return count
}

function has(name) {
	return value[name] != ""
}

# Doubles are exact to 2^53; beyond, as near as they come.
function same(left, right,    difference, scale) {
	left += 0
	difference = left - right
	if (difference < 0)
		difference = -difference
	scale = left < 0 ? -left : left
	return difference <= (scale > 9007199254740992 ? scale / 1e14 : 0)
}

function expect(what, left, right) {
	if (!same(left, right))
		complain(what ": " sprintf("%.0f is not %.0f", left, right))
}

function at_most(what, left, right) {
	left += 0
	right += 0
	if (left > right && !same(left, right))
		complain(what ": " sprintf("%.0f exceeds %.0f", left, right))
}

function check_cache(    size, live, peak) {
	size = value["size_bytes"]
	at_most("active", value["active_objs"], value["num_objs"])
	expect("kernel idle", value["kernel_idle_bytes"], \
		(value["num_objs"] - value["active_objs"]) * size)
	expect("kernel held = live + idle + tail", value["kernel_held_bytes"], \
		value["active_objs"] * size + value["kernel_idle_bytes"] + \
		value["kernel_tail_bytes"])

	live = value["buddy_held_bytes"] - value["buddy_internal_bytes"]
	peak = value["buddy_peak_held_bytes"] - \
		value["buddy_peak_internal_bytes"]
	if (value["buddy_failed_objs"] == 0) {
		expect("buddy live", live, value["active_objs"] * size)
		expect("buddy peak live", peak, value["num_objs"] * size)
	}
	at_most("buddy live at most its peak", live, peak)
	at_most("buddy peak at most all", peak, value["num_objs"] * size)
	buddy_held += value["buddy_held_bytes"]
	buddy_peak_held += value["buddy_peak_held_bytes"]

	live = value["slab_held_bytes"] - value["slab_idle_bytes"] - \
		value["slab_tail_bytes"]
	if (value["slab_failed_objs"] == 0) {
		expect("slab live", live, value["active_objs"] * size)
		expect("slab slots", live + value["slab_idle_bytes"], \
			value["slab_slabs"] * value["objs_per_slab"] * size)
	}
	at_most("slab live at most all", live, value["num_objs"] * size)
	slab_held += value["slab_held_bytes"]
	kernel_held += value["kernel_held_bytes"]
	num_objs += value["num_objs"]
	active_objs += value["active_objs"]
	nr_caches++
}

function check_total(    name, parts) {
	name = value["allocator"] " " value["state"]
	parts = 0
	if (has("internal_bytes"))
		parts += value["internal_bytes"]
	if (has("idle_bytes"))
		parts += value["idle_bytes"]
	if (has("tail_bytes"))
		parts += value["tail_bytes"]
	expect(name " held = live + its losses", value["held_bytes"], \
		value["live_bytes"] + parts)
	if (value["allocator"] == "kernel") {
		if (value["state"] == "settled")
			expect(name " held", value["held_bytes"], kernel_held)
		return
	}
	nr_replayed++
	if (value["failed_objs"] == 0)
		expect(name " live objects", value["live_objs"], \
			value["state"] == "peak" ? num_objs : active_objs)
	if (value["state"] == "settled")
		expect(name " held = sum of caches", value["held_bytes"], \
			value["allocator"] == "buddy" ? buddy_held : slab_held)
	else if (value["allocator"] == "buddy")
		expect(name " held = sum of caches", value["held_bytes"], \
			buddy_peak_held)
	at_most(name " fragmented failures", value["failed_fragmented_objs"], \
		value["failed_objs"])
	free_bytes[name] = "unknown"
	if (!has("free_bytes"))
		return
	expect(name " free + held = memory", \
		value["free_bytes"] + value["held_bytes"], \
		value["memory_bytes"])
	if (!has("largest_free_bytes"))
		return
	free_bytes[name] = value["free_bytes"]
	free_blocks[name] = value["free_blocks"]
	at_most(name " largest free block", value["largest_free_bytes"], \
		value["free_bytes"])
	expect(name " external", value["external_permille"], \
		value["free_bytes"] == 0 ? 0 : int(1000 * \
		(value["free_bytes"] - value["largest_free_bytes"]) / \
		value["free_bytes"]))
}

function check_order(    name) {
	name = value["allocator"] " " value["state"]
	if (!(name in free_bytes))
		complain("no total row for " name)
	at_most("unusable", value["unusable_permille"], 1000)
	at_most("fragmentation", value["fragmentation_permille"], 1000)
	if (!has("free_blocks"))
		return
	order_bytes[name] += value["free_blocks"] * value["block_bytes"]
	order_blocks[name] += value["free_blocks"]
}

/^table / {
	table = $2
	row = -1
	next
}

table != "" {
	row++
	count = split_csv($0, field)
	if (row == 0) {
		split("", names)
		for (i = 1; i <= count; i++)
			names[i] = field[i]
		nr_columns = count
		next
	}
	if (count != nr_columns)
		complain("has " count " fields of " nr_columns)
	split("", value)
	for (i = 1; i <= count; i++)
		value[names[i]] = field[i]
	nr_rows++
	if (table == "caches")
		check_cache()
	else if (table == "totals")
		check_total()
	else
		check_order()
}

END {
	table = "all"
	row = 0
	if (nr_caches == 0)
		complain("no row of a cache")
	if (want_caches != "" && nr_caches != want_caches)
		complain("the file has " want_caches " rows, kfrag " nr_caches)
	if (nr_replayed != 4)
		complain(nr_replayed + 0 " totals of allocators, not 4")
	for (name in free_bytes) {
		if (free_bytes[name] == "unknown")
			continue
		expect(name " free = sum of orders", order_bytes[name], \
			free_bytes[name])
		expect(name " free blocks = sum of orders", \
			order_blocks[name], free_blocks[name])
	}
	print nr_rows + 0
	exit nr_breaches > 0
}
