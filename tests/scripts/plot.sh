#!/bin/bash
# SPDX-License-Identifier: MIT
# plot.sh KFRAG: pictures of real gnuplot. Every kind in every format is drawn
# without a word on standard error; an SVG holds the names as they are, as many
# bars as the data, and the report's totals; hostile names run nothing; where
# gnuplot fails, hangs or is missing, no file is left. KEEP=DIR keeps them.
# ok() never fails, single quotes are meant, and statuses are asked for with
# what else is.
# shellcheck disable=SC2015,SC2016,SC1003,SC2181
set -u
# shellcheck source=tests/scripts/counts.sh
. "$(dirname "$0")/counts.sh"
kfrag=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$PWD
data=$PWD/data
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
ln -s "$data" data
gnuplot --version >/dev/null 2>&1 || {
	echo "no gnuplot: apt-get install gnuplot-nox"
	exit 1
}

# Captures of all kinds: real ones are in data/.
header='slabinfo - version: 2.1'
row() { # NAME ACTIVE NUM
	printf '%s %d %d 192 21 1 : tunables 0 0 0 : slabdata %d %d 0\n' \
		"$1" "$2" "$3" $(($3 / 21)) $(($3 / 21))
}
{
	echo "$header"
	row empty 0 0
} >empty.slabinfo
{
	echo "$header"
	row alone 21 21
} >full.slabinfo
long=$(printf 'long_%.0s' {1..30})
names=('x";system("touch pwned");"' "';system('touch pwned');'"
	"'.system('touch pwned').'" '$(touch pwned)' '`touch pwned`'
	'a_b^c{}' 'EOD' 'y#x' "it's" "''''" "x'''y''" "'@GPVAL_TERM"
	'@GPVAL_TERM' '%d%s%n%' '\' 'a\nb' 'back\' '{/Symbol a}' '<b>&amp;</b>'
	'$waste' '!touch pwned' '|touch pwned' '-o' '"' 'grüße' "$long")
{
	echo "$header"
	for i in "${!names[@]}"; do
		row "${names[i]}" $(((i + 2) * 210)) $(((i + 2) * 420))
	done
	row "$(printf 'tab\tctl\001')" 4200 21000
	row "$(printf 'bad\377\376')" 4200 21000
} >hostile.slabinfo
sed 's/ 420 / 210 /; s/ 840 / 1260 /' hostile.slabinfo >hostile-new.slabinfo
# A recording without times, one with, and one of a moment alone.
cat hostile.slabinfo hostile-new.slabinfo hostile.slabinfo >untimed
for i in 1 2 3; do
	echo "time: $((1700000000 + i * 5000))"
	cat hostile.slabinfo
done >timed
for i in 1 2 3 4; do
	echo "time: $i"
	cat full.slabinfo
done >counted
# Far more than can be replayed object by object.
{
	echo "$header"
	echo 'huge 5000000000000 6000000000000 192 21 1 : tunables 0 0 0' \
		': slabdata 285714285715 285714285715 0'
} >huge.slabinfo

# is_picture FILE: it is what its name says.
is_picture() {
	local start
	start=$(head -c 5 "$1" | tr -d '\0')
	case $1 in
	*.png) [ "${start:1:3}" = PNG ] ;;
	*.gif) [ "${start:0:3}" = GIF ] ;;
	*.pdf) [ "${start:0:4}" = %PDF ] ;;
	*.svg) [ "${start:0:5}" = '<?xml' ] && is_well_formed "$1" ;;
	*.txt) is_page "$1" ;;
	*) false ;;
	esac
}
# Tags close as they open, and no other < or & stands in between.
is_well_formed() {
	if command -v xmllint >/dev/null; then
		xmllint --noout "$1" 2>&1 || return 1
	fi
	tr -d '\n' <"$1" | awk '
	BEGIN { RS = "<" }
	NR == 1 { next }
	{
		if (!index($0, ">"))
			exit bad = 1
		text = substr($0, index($0, ">") + 1)
		gsub(/&(amp|lt|gt|quot|apos);/, "", text)
		if (index(text, "&"))
			exit bad = 1
		tag = substr($0, 1, index($0, ">") - 1)
		if (tag ~ /^[?!]/ || tag ~ /\/$/)
			next
		if (tag ~ /^\//) {
			if (depth < 1 || open[depth--] != substr(tag, 2))
				exit bad = 1
		} else {
			sub(/[ \t].*/, "", tag)
			open[++depth] = tag
		}
	}
	END { exit bad || depth != 0 || NR < 10 }'
}
# Eighty columns, no form feed, no blanks at the end, and something on it.
is_page() {
	awk '/\f/ || / $/ { bad = 1 } /[^ ]/ { nr++ }
		END { exit bad || nr < 3 }' "$1" &&
		[ "$(LC_ALL=C.UTF-8 wc -L <"$1")" -le 80 ]
}

# draws KIND WORDS...: in every format.
nr=0
draws() {
	local format file
	for format in png svg txt pdf gif; do
		nr=$((nr + 1))
		file=$(printf '%03d-%s.%s' "$nr" "$1" "$format")
		if ! "$kfrag" plot "$@" -o "$file" >out 2>err; then
			complain "$* $format: $(cat err)"
		elif [ -s err ] || [ -s out ]; then
			complain "$* $format says: $(cat err out)"
		elif ! is_picture "$file"; then
			complain "$* $format: $file is no such picture"
		else
			ok
		fi
	done
	last=$(printf '%03d-%s' "$((nr - 3))" "$1").svg
	[ -z "${KEEP:-}" ] || cp ./*-"$1".* "$KEEP"
}

# The texts of an SVG, one a line, as they are read.
texts_of() {
	sed -n 's/^[ \t]*<text>\(.*\)<\/text>$/\1/p' "$1" |
		sed 's/<tspan[^>]*>//g; s/<\/tspan>//g; s/&lt;/</g; s/&gt;/>/g
			s/&quot;/"/g; s/&amp;/\&/g'
}
# holds SVG TEXT...: each is a text of it, just so.
holds() {
	local file=$1 text
	shift
	texts_of "$file" >texts
	for text in "$@"; do
		grep -qxF -- "$text" texts && ok ||
			complain "$file does not hold '$text'"
	done
}
# Polygons of a colour: bars, and the box of the legend.
boxes_of() {
	grep -c "<polygon fill = 'rgb($2)'" "$1"
}
# bars SVG COLOUR COUNT: so many, and one in the legend.
bars() {
	local got
	got=$(boxes_of "$1" "$2")
	[ "$got" -eq $(($3 + 1)) ] && ok ||
		complain "$1: $((got - 1)) bars of $2, not $3"
}
# data SCRIPT NAME: the lines of a data block.
data() {
	awk -v start="\$$2 << EOD" '$0 == "EOD" { on = 0 } on
		$0 == start { on = 1 }' "$1"
}
live='  0, 114, 178'
idle='230, 159,   0'
tail='240, 228,  66'
total=' 34,  34,  34'

# 1. What caches waste.
real=data/linux-6.1-x86_64-freed.slabinfo
draws waste $real
"$kfrag" plot waste --script $real >script || complain "no script"
data script waste >rows
[ "$(wc -l <rows)" -eq 12 ] && ok || complain "waste: not 12 rows"
bars "$last" "$live" "$(awk '{ n += ($2 > 0) + ($5 > 0) } END { print n }' rows)"
bars "$last" "$idle" "$(awk '{ n += ($3 > 0) } END { print n }' rows)"
bars "$last" "$tail" "$(awk '{ n += ($4 > 0) + ($6 > 0) } END { print n }' rows)"
# Totals and figures are those of the report.
total_of() {
	"$kfrag" -n 0 $real | sed -n '/^MEMORY/,/^$/p' | sed -n "s/^$1  *\([0-9.]* [KMG]iB\) .* \([0-9.]* %\)\$/$1 \1 (\2 waste)/p"
}
holds "$last" $real \
	"Held: $(total_of 'buddy + slab'), $(total_of 'buddy only')" \
	'for 17.5 MiB of live objects; the 12 of 145 caches that waste most' \
	"kfrag plot waste $real -o $last"
# Row by row: live + idle + tail are the slab_held_bytes of the CSV.
"$kfrag" --csv --columns slab_held_bytes,slab_idle_bytes,slab_tail_bytes,buddy_held_bytes $real |
	sed 1d | tr , ' ' | awk '{ print $2 + $3, $1, $2, $3, $4 }' |
	sort -rn | head -n 12 | awk '{ print $2, $3, $4, $5 }' | sort >want
awk '{ print $2 + $3 + $4, $3, $4, $5 + $6 }' rows | sort >got
cmp -s want got && ok || complain "waste: $(diff want got)"
for n in 1 40; do
	draws waste -n $n $real
	"$kfrag" plot waste -n $n --script $real | grep -c '^[0-9]' >count
	[ "$(cat count)" -eq $n ] && ok || complain "waste -n $n: not so many"
done
draws waste --cache 'kmalloc-*' --theme dark $real
holds "$last" kmalloc-32
texts_of "$last" | grep -qx dentry && complain "--cache is not heeded"
draws waste data/linux-6.1-ppc64el-freed.slabinfo
holds "$last" 'memory held; bars marked > go on beyond the axis'
draws waste empty.slabinfo
holds "$last" empty
draws waste -n 0 $real
holds "$last" 'no cache to show'
draws waste full.slabinfo
draws waste huge.slabinfo

# 2. Hostile names, in every picture that has names.
for words in 'waste -n 99 hostile.slabinfo' \
	'diff -n 99 hostile.slabinfo hostile-new.slabinfo' \
	'trend untimed' 'trend timed' 'trend --interval 60 untimed'; do
	# shellcheck disable=SC2086
	draws $words
done
draws waste -n 99 hostile.slabinfo
shown=("${names[@]:0:${#names[@]}-1}")
holds "$last" "${shown[@]}" 'tab\x09ctl\x01' 'bad\xff\xfe' \
	'long_long_long_long_long_l~ng_long_long_'
mkdir -p "\$(touch pwned);'\"\`touch pwned\`"
cp full.slabinfo "\$(touch pwned);'\"\`touch pwned\`/'@GPVAL_TERM it's"
draws waste "\$(touch pwned);'\"\`touch pwned\`/'@GPVAL_TERM it's"
holds "$last" "\$(touch pwned);'\"\`touch pwned\`/'@GPVAL_TERM it's"
"$kfrag" plot waste -n 99 hostile.slabinfo >hostile.gp
gnuplot -d -e 'set terminal svg size 800, 1000' hostile.gp >other.svg 2>err
[ $? -eq 0 ] && [ ! -s err ] && ok || complain "as a file: $(cat err)"
holds other.svg "${shown[@]}"
grep -qE '^ *set (terminal|output)' hostile.gp &&
	complain "a script sets a terminal or an output"
find . -name 'pwned*' | grep -q . && complain "a name was run" || ok

# 3. The others.
for words in "orders $real" 'orders data/linux-6.1-ppc64el-freed.slabinfo' \
	"orders --max-order 0 $real" "orders --max-order 20 --theme dark $real" \
	'orders empty.slabinfo' 'orders huge.slabinfo' bitmap \
	'bitmap --page-size 64K --max-order 13' 'bitmap --page-size 16M' \
	'trend counted' "trend $real" \
	'trend data/recording-linux-6.1-x86_64-leak.slabinfo.xz' \
	"trend --cache dentry -n 1 --theme dark $real" 'trend empty.slabinfo' \
	'diff data/linux-6.1-x86_64-boot.slabinfo data/linux-6.1-x86_64-full.slabinfo' \
	"diff $real data/linux-6.1-ppc64el-freed.slabinfo" \
	"diff $real $real" 'diff empty.slabinfo full.slabinfo' \
	'diff full.slabinfo empty.slabinfo' 'diff --sample 1,2 timed'; do
	# shellcheck disable=SC2086
	draws $words
done
draws orders $real
"$kfrag" plot orders --script $real >script
data script orders | tr ' ' '\n' | awk 'NR % 9 == 2 || NR % 9 == 4 ||
	NR % 9 == 6 || NR % 9 == 8' | sort -n >got
"$kfrag" --csv --show orders --columns free_blocks $real | sed 1d |
	sort -n >want
cmp -s want got && ok || complain "orders: not the blocks of the report"

# What policies make of the same objects: the figures of the simulation.
small=data/linux-6.1-arm64-boot.slabinfo
draws policies $small
"$kfrag" plot policies --script $small >script
data script policies | cut -d ' ' -f 2 >got
"$kfrag" simulate policies --csv --columns trough_ratio_micro $small |
	awk 'NR > 1 { printf "%d.%06d\n", $1 / 1000000, $1 % 1000000 }' >want
[ -s want ] && cmp -s want got && ok ||
	complain "policies: $(diff want got)"
# A waterfall ends where the new total begins.
"$kfrag" plot diff --script -n 3 data/linux-6.1-x86_64-boot.slabinfo \
	data/linux-6.1-x86_64-full.slabinfo >script
data script steps | awk '$4 != 0 && $2 != before { bad = 1 } { before = $3 }
	NR == 5 { step = $3 } END { exit bad || NR != 6 || step != before }' &&
	ok || complain "diff: steps do not follow one another"
draws diff -n 3 data/linux-6.1-x86_64-boot.slabinfo \
	data/linux-6.1-x86_64-full.slabinfo
holds "$last" 'all others' '14.3 MiB' '32.4 MiB' '+14.1 MiB'
bars "$last" "$total" 2
# Parts of a moment add up to what the file holds.
"$kfrag" trend --csv --show totals --columns kernel_held_bytes timed 2>/dev/null |
	sed 1d >want
"$kfrag" plot trend --script timed >script
data script trend | awk '{ print $(NF - 2) }' >got
[ -s want ] && cmp -s want got && ok || complain "trend: $(diff want got)"
# Costs are those of the report.
"$kfrag" plot bitmap --script >script
data script costs | awk '$1 == 1073741824 { print $2, $3, $4, $5 }' >got
echo 16777216 262144 65504 32752 >want
[ "$(wc -l <got)" -eq 1 ] && awk 'NR == FNR { split($0, w); next }
	{ for (i = 1; i <= 4; i++)
		bad = bad || $i < w[i] || $i > w[i] * 1.01 } END { exit bad }' \
	want got && ok || complain "bitmap: $(cat got)"

# 4. Plots of what else kfrag writes.
"$kfrag" --csv -s waste -n 12 $real >caches.csv
"$kfrag" --format gnuplot $real >report.dat
for script in plot-csv plot-data; do
	gnuplot -d -e 'set terminal svg' "$root/data/$script.gp" >plot.svg 2>err
	[ $? -eq 0 ] && [ ! -s err ] && is_well_formed plot.svg && ok ||
		complain "$script.gp: $(cat err)"
	[ "$(grep -cv '^#' "$root/data/$script.gp")" -le 3 ] && ok ||
		complain "$script.gp has more than three lines"
done

# 5. Where gnuplot does not do as it should. stub SCRIPT: the gnuplot to come.
mkdir bin none
for tool in cat sleep head yes kill; do
	ln -s "$(command -v $tool)" bin/
done
stub() {
	printf '#!/bin/sh\n%s\n' "$1" >bin/gnuplot
	chmod +x bin/gnuplot
}
# refuses STATUS SENTENCE WORDS...: no file is left, or that of before.
refuses() {
	local status=$1 sentence=$2 start
	shift 2
	rm -rf made
	mkdir made
	echo before >made/there.png
	for file in made/new.svg made/there.png; do
		start=$SECONDS
		timeout -k 1 20 env PATH="$bin" "$kfrag" plot waste -o $file \
			"$@" $real >out 2>err
		[ $? -eq "$status" ] && grep -qF -- "$sentence" err && ok ||
			complain "$sentence: $(cat err)"
		[ $((SECONDS - start)) -lt 15 ] || complain "$sentence: late"
	done
	[ "$(ls -A made)" = there.png ] &&
		[ "$(cat made/there.png)" = before ] && ok ||
		complain "$sentence: it left $(ls -A made)"
}
bin=$work/none
refuses 2 'apt-get install gnuplot-nox'
bin=$work/bin
stub 'cat >/dev/null; echo "line 3: no such thing" >&2; exit 3'
refuses 2 'gnuplot failed, exit status 3'
grep -q '^kfrag: gnuplot: line 3: no such thing$' err && ok ||
	complain "its own words are missing: $(cat err)"
stub 'echo part; kill -9 $$'
refuses 2 'gnuplot was ended by a signal'
stub 'echo part; sleep 60'
refuses 2 'not finished within 1 s' --timeout 1
stub 'cat >/dev/null; sleep 60 & wait'
refuses 2 'not finished within 1 s' --timeout 1
stub 'cat >/dev/null; echo "this picture needs gnuplot 5.2 or later" >&2'
refuses 2 'needs gnuplot 5.2 or later'
stub 'exit 0'
refuses 2 'gnuplot drew nothing'
# It reads nothing and says more than a pipe holds, then the other way round.
stub 'yes complaint | head -c 1000000 >&2; exit 1'
refuses 2 'gnuplot failed, exit status 1' -n 300
stub 'exec <&-; sleep 0.2; exit 1'
refuses 2 'gnuplot failed, exit status 1' -n 300
# Nor does what it says reach a terminal as it is.
stub 'cat >/dev/null; printf "red \\033[31m\\n" >&2; exit 1'
refuses 2 'kfrag: gnuplot: red \x1b[31m'
# A warning is handed on and costs no picture.
stub 'cat >/dev/null; echo picture; echo "warning: odd" >&2'
PATH=$bin "$kfrag" plot waste -o made/warned.svg $real 2>err &&
	[ "$(cat made/warned.svg)" = picture ] &&
	grep -q 'gnuplot: warning: odd' err && ok || complain "warned: $(cat err)"
# Interrupted: as any program, and nothing is left.
stub 'cat >/dev/null; echo part; sleep 60'
rm -rf made
mkdir made
for signal in INT TERM HUP; do
	env --default-signal=$signal PATH="$bin" "$kfrag" plot waste \
		-o made/new.png $real 2>err &
	pid=$!
	sleep 0.5
	kill -$signal $pid
	wait $pid
	status=$?
	[ $status -gt 128 ] && [ -z "$(ls -A made)" ] && ok ||
		complain "SIG$signal: exit $status, it left $(ls -A made)"
done 2>/dev/null

# 6. Where the picture goes.
"$kfrag" plot waste -o nowhere/x.png $real 2>err
[ $? -eq 2 ] && grep -q "cannot write 'nowhere/x.png'" err && ok ||
	complain "nowhere: $(cat err)"
ln -s /dev/full full.svg
"$kfrag" plot waste -o full.svg $real 2>err
[ $? -eq 2 ] && grep -q 'No space left' err && [ -L full.svg ] && ok ||
	complain "full disk: $(cat err)"
echo before >target.svg
chmod 640 target.svg
ln -s target.svg link.svg
"$kfrag" plot waste -o link.svg $real 2>err && [ -L link.svg ] &&
	is_well_formed target.svg &&
	[ "$(stat -c %a target.svg)" = 640 ] && ok || complain "link: $(cat err)"
mkfifo pipe.txt
cat pipe.txt >got.txt &
"$kfrag" plot waste -o pipe.txt $real 2>err
wait $!
is_page got.txt && ok || complain "fifo: $(cat err)"
"$kfrag" plot waste -o script.gp $real && "$kfrag" plot waste --script $real |
	cmp -s - <(sed "s/ -o script.gp / --script /" script.gp) && ok ||
	complain "a script in a file differs from one on standard output"
"$kfrag" plot waste $real | cmp -s - <("$kfrag" plot waste --script $real |
	sed 's/ --script / /') && ok || complain "no script without a terminal"
echo 'set terminal svg size 900, 1000' | cat - hostile.gp | gnuplot -d >out 2>err &&
	[ ! -s err ] && ok || complain "through a pipe: $(cat err)"
[ -z "$(find . -name '*.kfrag-*')" ] && ok || complain "temporary files are left"


# 7. On a terminal: as many lines and columns as it has, and progress.
on_terminal() { # LINES COLUMNS COMMAND: what a terminal shows of it
	script -qec "stty rows $1 cols $2; $3" /dev/null </dev/null | tr -d '\r'
}
for kind in waste orders; do
	on_terminal 20 70 "'$kfrag' plot $kind $real" >out
	is_page out && [ "$(wc -l <out)" -le 19 ] && [ "$(wc -L <out)" -le 70 ] &&
		[ "$(wc -l <out)" -gt 15 ] && ok ||
		complain "terminal: $kind is $(wc -lL <out)"
done
stub 'cat >/dev/null; sleep 1.5; echo drawn'
on_terminal 20 70 "PATH='$bin' '$kfrag' plot waste $real" >out
grep -q 'gnuplot is drawing, 1 s' out && grep -q 'drawn$' out && ok ||
	complain "progress: $(cat -v out)"

counts_end
