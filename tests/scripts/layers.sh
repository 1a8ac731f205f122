#!/bin/sh
# SPDX-License-Identifier: MIT
# layers.sh [ROOT]: who may include whom (the floors of the Makefile's
# LIB_FLOORS, with cli on top). A file includes headers of its own floor or
# lower ones; public headers include public headers; no circle among headers;
# the slab allocator knows pages.h, not the buddy, not even by way of others.
set -u
cd "${1:-.}" || exit 1

# A public header x.h lives where x.c or x_*.c do. Only headers that have
# neither are named here.
header_only='bits:base pages:alloc version:base'

files=$(find src include/kfrag -name '*.[ch]' | LC_ALL=C sort)
# One word per file.
# shellcheck disable=SC2086
exec awk -v header_only="$header_only" '
function complain(file, text) {
	print file ": " text
	if (!(file in bad))
		nr_bad++
	bad[file] = 1
}

# The repository path of what a file includes, "" where it is nowhere.
function resolve(file, name,    folder) {
	folder = file
	sub(/[^\/]*$/, "", folder)
	if ((folder name) in known)
		return folder name
	if (("include/" name) in known)
		return "include/" name
	if (("src/" name) in known)
		return "src/" name
	return ""
}

function is_public(file) {
	return file ~ /^include\//
}

# Walks what a header reaches: 1 while on the way, 2 when done.
function walk(file, from,    list, count, i) {
	if (colour[file] == 2)
		return
	if (colour[file] == 1) {
		complain(from, "closes a circle of #includes with " file)
		return
	}
	colour[file] = 1
	count = split(includes[file], list, "\n")
	for (i = 2; i <= count; i++)
		walk(list[i], file)
	colour[file] = 2
}

# Does a file reach a buddy header, and over which way?
function way_to_buddy(file, seen,    list, count, i, way) {
	if (file in seen)
		return ""
	seen[file] = 1
	if (file ~ /(^|\/)buddy[^\/]*\.h$/)
		return file
	count = split(includes[file], list, "\n")
	for (i = 2; i <= count; i++) {
		way = way_to_buddy(list[i], seen)
		if (way != "")
			return file " -> " way
	}
	return ""
}

BEGIN {
	nr_floors = split("base alloc geometry input replay output cli", names, " ")
	for (i = 1; i <= nr_floors; i++)
		number[names[i]] = i - 1
	for (i = 1; i < ARGC; i++)
		known[ARGV[i]] = 1
	for (file in known) {
		split(file, part, "/")
		if (part[1] != "src")
			continue
		if (!(part[2] in number) || part[4] != "")
			complain(file, "lies on no floor")
		floor[file] = number[part[2]]
		module = part[3]
		if (!sub(/\.c$/, "", module))
			continue
		home[module] = part[2]
		if (sub(/_.*$/, "", module) && !((module) in prefix_home))
			prefix_home[module] = part[2]
	}
	count = split(header_only, pairs, " ")
	for (i = 1; i <= count; i++) {
		split(pairs[i], part, ":")
		file = "include/kfrag/" part[1] ".h"
		if (part[1] in home)
			complain(file, "has a .c file: take it off the list")
		home[part[1]] = part[2]
	}
	for (file in known) {
		if (!is_public(file))
			continue
		module = file
		gsub(/^.*\/|\.h$/, "", module)
		if (module in home)
			floor[file] = number[home[module]]
		else if (module in prefix_home)
			floor[file] = number[prefix_home[module]]
		else
			complain(file, "no src/*/" module ".c says its floor")
	}
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	name = $0
	gsub(/^[^"]*"|"[^"]*$/, "", name)
	target = resolve(FILENAME, name)
	nr_includes++
	if (target == "") {
		complain(FILENAME, "includes \"" name "\", which is nowhere")
		next
	}
	if (floor[target] > floor[FILENAME])
		complain(FILENAME, "floor " floor[FILENAME] \
			" includes " target " of floor " floor[target])
	if (is_public(FILENAME) && !is_public(target))
		complain(FILENAME, "public, includes internal " target)
	includes[FILENAME] = includes[FILENAME] "\n" target
}

END {
	for (file in known) {
		nr_files++
		if (file ~ /\.h$/)
			walk(file, file)
		if (file ~ /(^|\/)slab(_[^\/]*)?\.[ch]$/) {
			split("", seen)
			way = way_to_buddy(file, seen)
			if (way != "")
				complain(file, "knows the buddy: " way)
		}
	}
	if (nr_includes == 0) {
		print "layers: not one #include found"
		nr_bad++
	}
	printf "%d passed, %d failed\n", nr_files - nr_bad, nr_bad
	exit nr_bad > 0
}' $files
