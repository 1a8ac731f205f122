#!/bin/sh
# SPDX-License-Identifier: MIT
# checkers.sh: the checkers are tested too. Each gets something sound and must
# be content, then the same with one thing broken and must complain.
set -u
: "${BUILD:?}" "${COMPILE:?}"
here=$PWD/tests/scripts
NM=${NM:-nm}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# content WHAT COMMAND... / complains WHAT WORDS COMMAND...
content() {
	what=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		passed=$((passed + 1))
	else
		echo "complains about something sound: $what"
		cat "$work/log"
		failed=$((failed + 1))
	fi
}

complains() {
	what=$1
	words=$2
	shift 2
	if "$@" >"$work/log" 2>&1; then
		echo "does not notice: $what"
		failed=$((failed + 1))
	elif ! grep -qF -- "$words" "$work/log"; then
		echo "complains about something else: $what"
		cat "$work/log"
		failed=$((failed + 1))
	else
		passed=$((passed + 1))
	fi
}

# ------------------------------------------------------------------ layers

# A small house: file, then its lines.
put() {
	file=$work/house/$1
	shift
	mkdir -p "$(dirname "$file")"
	printf '%s\n' "$@" >"$file"
}

house() {
	rm -rf "$work/house"
	put include/kfrag/pages.h '/* nothing */'
	put include/kfrag/version.h '/* nothing */'
	put include/kfrag/buddy.h '#include "kfrag/pages.h"'
	put include/kfrag/slab.h '#include "kfrag/pages.h"'
	put include/kfrag/table.h '#include "kfrag/version.h"'
	put src/alloc/buddy.c '#include "kfrag/buddy.h"' \
		'#include "alloc/impl.h"'
	put src/alloc/slab.c '#include "kfrag/slab.h"' '#include "impl.h"'
	put src/alloc/impl.h '#include <stdio.h>'
	put src/output/table.c '#include "kfrag/table.h"'
	put src/cli/main.c '#include "kfrag/table.h"'
}

layers() {
	"$here/layers.sh" "$work/house"
}

house
content "a sound house" layers
put src/alloc/buddy.c '#include "kfrag/table.h"'
complains "a lower floor that includes a higher one" "of floor 5" layers
house
put include/kfrag/pages.h '#include "kfrag/table.h"'
complains "a public header of a lower floor" "of floor 5" layers
house
put include/kfrag/version.h '#include "kfrag/table.h"'
complains "headers in a circle" "circle" layers
house
put include/kfrag/slab.h '#include "alloc/impl.h"'
complains "an internal header in a public one" "internal" layers
house
put src/alloc/impl.h '#include "kfrag/buddy.h"'
complains "a slab that knows the buddy" "knows the buddy" layers
house
put src/alloc/slab.c '#include "slub.h"'
complains "an include of nothing" "nowhere" layers
house
put src/extra/more.c '#include "kfrag/slab.h"'
complains "a folder that is no floor" "no floor" layers
house
put include/kfrag/new.h '/* nothing */'
complains "a header without a home" "says its floor" layers

# -------------------------------------------------------------------- mute

archive() {
	printf '%s\n' '#include <stdio.h>' '#include <stdlib.h>' "$1" \
		>"$work/x.c"
	rm -f "$work/x.a"
	eval "$COMPILE -Wno-error -c -o '$work/x.o' '$work/x.c'" \
		2>"$work/log" && ar rcs "$work/x.a" "$work/x.o"
}

mute() {
	archive "$1" && "$here/mute.sh" "$work/x.a"
}

good='void kfrag_x(FILE *f); void kfrag_x(FILE *f) { fputs("x", f); }'
content "a library that prints where it is told" mute "$good"
content "constants with pointers in them" mute "$good
	extern const char *const kfrag_t[]; const char *const kfrag_t[] = {\"\"};"
complains "a library that prints" "calls" mute "$good
	void kfrag_y(void); void kfrag_y(void) { puts(\"x\"); }"
complains "a library that exits" "calls" mute "$good
	void kfrag_y(void); void kfrag_y(void) { exit(1); }"
complains "a library that asks the environment" "calls" mute "$good
	char *kfrag_y(void); char *kfrag_y(void) { return getenv(\"x\"); }"
if ! $NM "$BUILD/libkfrag.a" | grep -qE '(__asan|__ubsan|__gcov)_'; then
	complains "a global variable" "writable data" mute "$good
		static int n; int kfrag_y(void); int kfrag_y(void) { return n++; }"
	complains "a name without prefix" "without kfrag_" mute "$good
		int other(void); int other(void) { return 1; }"
fi

# -------------------------------------------------------------------- laws

# The program's own figures, one of them off by one.
laws() {
	awk -v column="$2" -v row="$3" -v wanted="$1" -F , -v OFS=, '
	/^table / {
		here = $0 == "table " wanted
		line = -1
	}
	{
		line++
		if (here && line == 1)
			for (i = 1; i <= NF; i++)
				if ($i == column || $i == "\"" column "\"")
					place = i
		if (here && place && line == row + 1)
			$place = $place + 1
		print
	}' "$work/csv" | awk -v want_caches="$4" -f "$here/corpus.awk"
}

capture=data/linux-6.1-x86_64-freed.slabinfo
nr_rows=$(grep -c '^[^#].* : slabdata ' $capture)
for table in caches totals orders; do
	echo "table $table"
	"$BUILD/kfrag" --csv --show "$table" $capture
done >"$work/csv" 2>"$work/log"
content "true figures" laws none none 0 "$nr_rows"
complains "a row that is missing" "rows, kfrag" laws none none 0 999
for column in active_objs kernel_held_bytes kernel_idle_bytes \
	kernel_tail_bytes buddy_peak_held_bytes buddy_peak_internal_bytes \
	buddy_held_bytes buddy_internal_bytes slab_slabs slab_held_bytes \
	slab_idle_bytes slab_tail_bytes; do
	complains "$column of a cache" "is not" laws caches $column 9 "$nr_rows"
done
for column in live_objs live_bytes held_bytes free_bytes free_blocks \
	memory_bytes external_permille; do
	complains "$column of a total" "is not" laws totals $column 1 "$nr_rows"
done
complains "free_blocks of an order" "sum of orders" \
	laws orders free_blocks 3 "$nr_rows"

# -------------------------------------------------------------------- docs

program() {
	printf '%s\n' '#!/bin/sh' 'case "$*" in' \
		"*--help) echo '$1'" \
		"echo 'Thresholds:'; echo '  rule   5 % of it' ;;" \
		'*) echo "size_bytes,num_objs" ;;' 'esac' >"$work/program"
	chmod +x "$work/program"
}

docs() {
	program "$1"
	printf '%s\n' ".Dd January 1, 2026" ".Dt KFRAG 1" ".Os" \
		".Sh NAME" ".Nm kfrag" ".Nd nothing" ".Sh DESCRIPTION" \
		".Bl -tag -width x" ".It Fl a , -all" "$2" \
		".It Cm rule" "${3:-5} % of it: why" ".El" >"$work/kfrag.1"
	"$here/docs.sh" "$work/program" "$work/kfrag.1"
}

content "a page that knows all" docs '  -a, --all  all of it' 'size_bytes num_objs'
complains "an option that is no more than part of another" "know" \
	docs '  -a, --al  all of it' 'size_bytes num_objs'
complains "a short option" "know" docs '  -b, --all' 'size_bytes num_objs'
complains "a column" "num_objs" docs '  -a, --all' 'size_bytes'
complains "a threshold" "rule is 5 % of it" \
	docs '  -a, --all' 'size_bytes num_objs' 6
complains "a long line" "80 columns" docs \
	"$(printf '  -a, --all %080d' 0)" 'size_bytes num_objs'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
