#!/bin/bash
# SPDX-License-Identifier: MIT
# plot-maps.sh KFRAG: maps of memory as gnuplot draws them. The data in the
# script is what the replay reports; SVG holds its image and its figures and
# nothing from elsewhere; films have the frames that were promised.
# ok() never fails.
# shellcheck disable=SC2015
set -u
# shellcheck source=tests/scripts/counts.sh
. "$(dirname "$0")/counts.sh"
kfrag=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$PWD
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# The figures of the settled state, "free held", in pages.
reported() {
	"$kfrag" --csv --show totals --columns \
		allocator,state,free_bytes,held_bytes "$@" |
		awk -F , -v page="$page" '
		/^"(buddy|slab)","settled"/ { print $3 / page, $4 / page }'
}

# A line per map: pages of each kind as the comment says, pages per cell, then
# cells of each kind as the data has them.
drawn() {
	awk '
	/^# buddy.* pages:/ {
		sub(/^.*pages: /, "")
		pages = $1 " " $3 " " $5 " " $7 " " $9
	}
	/^\$map.* << EOD$/ { inside = 1; split("", cells); next }
	/^EOD$/ && inside {
		inside = 0
		print pages, cells[0] + 0, cells[1] + 0, cells[2] + 0, \
			cells[3] + 0
	}
	inside { for (i = 1; i <= NF; i++) cells[$i]++ }'
}

# The pages of the kinds are all there, and the cells as many as they fill.
agree() {
	paste -d ' ' - "$work/said.txt" | awk '
	function off(cells, pages) {
		return cells * $5 - pages
	}
	{
		if ($1 != $10 || $2 + $3 + $4 != $11)
			bad = 1
		for (i = 1; i <= 4; i++)
			if (off($(5 + i), $i) >= $5 || off($(5 + i), $i) <= -$5)
				bad = 1
	}
	END { exit bad || NR != 2 }'
}

# maps FILE PAGE OPTIONS...: the script of a map says what the report does.
maps() {
	local file=$1
	page=$2
	shift 2
	reported "$@" "$file" >said.txt
	"$kfrag" plot map --script "$@" "$file" >map.gp ||
		complain "$file $*: no script"
	drawn <map.gp >cells.txt
	agree <cells.txt && ok || {
		complain "$file $*: drawn (free live idle tail, per cell," \
			"cells), reported (free held):"
		cat cells.txt said.txt
	}
}

for file in "$root"/data/*-freed.slabinfo "$root"/data/*-full.slabinfo; do
	page=4096
	[ "${file#*ppc64el}" = "$file" ] || page=65536
	maps "$file" "$page"
	maps "$file" "$page" --memory 24M --seed 7
done
maps "$root/data/linux-6.1-x86_64-freed.slabinfo" 4096 --rounds 3 \
	--buddy-order lifo --policy fullest
tiny=$root/tests/golden/report-tiny/in.slabinfo
empty=$root/tests/golden/empty-population/in.slabinfo
maps "$tiny" 4096
maps "$tiny" 65536 --page-size 64K

# magic FILE BYTES...: the file starts with them.
magic() {
	local file=$1
	shift
	[ "$(od -An -tx1 -N $# "$file" | tr -s ' \n' ' ')" = " $* " ] && ok ||
		complain "$file is something else"
}

# draws WHAT...: nothing is said, and nothing is left behind.
draws() {
	"$kfrag" plot "$@" >log 2>&1 && ! [ -s log ] && ok || {
		complain "plot $*:"
		cat log
	}
}

freed=$root/data/linux-6.1-x86_64-freed.slabinfo
for kind in map churn; do
	for theme in light dark; do
		draws $kind --theme $theme -o $kind.png "$freed"
		draws $kind --theme $theme -o $kind.svg "$freed"
	done
	draws $kind -o $kind.pdf "$freed"
	draws $kind -o $kind.txt "$freed"
	magic $kind.png 89 50 4e 47
	magic $kind.pdf 25 50 44 46
	for end in png svg txt gif; do
		draws $kind -o e.$end "$empty"
		draws $kind --page-size 64K -o t.$end "$tiny"
	done
done

# The images are in the file, and nothing is fetched.
for kind in map:2 churn:12; do
	file=${kind%:*}.svg
	[ "$(grep -c "<image .*href='data:image/png;base64," "$file")" = \
		"${kind#*:}" ] && ok || complain "$file: other images"
	grep 'href=' "$file" | grep -qv "href='\(data:\|#\)" &&
		complain "$file: something from elsewhere" || ok
	[ "$(wc -c <"$file")" -lt 1000000 ] && ok || complain "$file is huge"
done
for words in '73,140 pages' '286 MiB' '57,864 pages' '7,511 pages' \
	'122,745 pages' 'buddy + slab: 133 free blocks'; do
	grep -qF "$words" map.svg && ok || complain "map.svg lacks $words"
done
grep -qF '# live        73,140   286 MiB  55.8 %' map.txt && ok ||
	complain "map.txt lacks its figures"
[ "$(awk 'length > 80' map.txt churn.txt)" = "" ] &&
	[ "$(wc -l <map.txt)" -le 24 ] && [ "$(wc -l <churn.txt)" -le 24 ] &&
	ok || complain "a text is larger than a terminal"

# frames FILE: images of a GIF, counted by walking its blocks.
frames() {
	od -An -v -tu1 "$1" | awk '
	{ for (i = 1; i <= NF; i++) byte[n++] = $i }
	function skip_blocks() {
		while (byte[at] > 0)
			at += byte[at] + 1
		at++
	}
	function table_bytes(flags) {
		return flags >= 128 ? 3 * 2 ^ (flags % 8 + 1) : 0
	}
	END {
		at = 13 + table_bytes(byte[10])
		while (at < n && byte[at] != 59) {
			if (byte[at] == 33) {
				controls += byte[at + 1] == 249
				at += 2
			} else {
				images++
				at += 10 + table_bytes(byte[at + 9]) + 1
			}
			skip_blocks()
		}
		print images + 0, controls + 0, at == n - 1 ? "whole" : "torn"
	}'
}

# film FRAMES OPTIONS...
film() {
	local wanted=$1
	shift
	"$kfrag" plot churn "$@" -v -o film.gif "$tiny" 2>log ||
		complain "churn $*: no film"
	grep -q "^kfrag: $wanted frames\$" log &&
		[ "$(frames film.gif)" = "$wanted $wanted whole" ] && ok ||
		complain "churn $*: $(frames film.gif), not $wanted"
}
film 36
film 9 --rounds 1
film 18 --rounds 2 --size 640x400 --theme dark

# A plain gnuplot draws the script, with what it has itself.
for kind in map churn; do
	"$kfrag" plot $kind "$freed" >$kind.gp
	{
		echo "set terminal svg; set output 'plain.svg'"
		cat $kind.gp
	} | gnuplot >log 2>&1 && [ -s plain.svg ] && ok || {
		complain "$kind.gp is not for a plain gnuplot"
		cat log
	}
done

[ "$(find . -name '*kfrag*')" = "" ] && ok || complain "something is left"

counts_end
