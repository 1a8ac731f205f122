#!/bin/sh
# SPDX-License-Identifier: MIT
# docs.sh KFRAG MANUAL: every option of --help, every column of the CSV tables
# and every threshold with its value is in the manual; --help goes to standard output, exits 0, fits 80
# columns; mandoc(1), where there is one, has nothing to say.
# ok() never fails.
# shellcheck disable=SC2015
set -u
# shellcheck source=tests/scripts/counts.sh
. "$(dirname "$0")/counts.sh"
kfrag=$1
manual=$2
capture=data/linux-6.1-x86_64-freed.slabinfo

# know WHERE WORD [REGEX]: the manual has it, with nothing stuck to it.
# -x and --long are "Fl x" and "Fl -long" there, or have escaped hyphens.
text=$(sed 's/\\//g' "$manual") || exit 1
know() {
	if printf '%s\n' "$text" | grep -qE \
		-e "(^|[^[:alnum:]_-])${3:-$2}([^[:alnum:]_-]|\$)"; then
		ok
	else
		complain "$1: $manual does not know $2"
	fi
}

options_of() {
	printf '%s\n' "$1" | grep -oE -e '--[a-z][a-z0-9-]*' \
		-e '^ +-[A-Za-z0-9]' | tr -d ' ' | sort -u
}

check_help() {
	name="kfrag${*:+ $*} --help"
	help=$("$kfrag" "$@" --help 2>&1 >/dev/null)
	[ -z "$help" ] && ok || complain "$name writes to standard error"
	help=$("$kfrag" "$@" --help 2>/dev/null) && ok ||
		complain "$name does not exit 0"
	[ -n "$help" ] && ok || complain "$name says nothing"
	long=$(printf '%s\n' "$help" | awk 'length > 80')
	[ -z "$long" ] && ok || complain "$name exceeds 80 columns: $long"
	for option in $(options_of "$help"); do
		case $option in
		--*) know "$name" "$option" "-?${option#-}" ;;
		*) know "$name" "$option" "($option|Fl ${option#-})" ;;
		esac
	done
}

check_help
for source in src/cli/cmd_*.c; do
	command=${source#src/cli/cmd_}
	check_help "${command%.c}"
done
for table in caches totals orders; do
	header=$("$kfrag" --csv --show "$table" "$capture" | head -n 1 |
		tr -d '"')
	[ -n "$header" ] || complain "--show $table prints no header"
	for column in $(echo "$header" | tr ',' ' '); do
		know "the $table table" "$column"
	done
done
# A measure of a comparison is three columns; the manual has it once.
for table in caches totals; do
	header=$("$kfrag" diff --csv --show "$table" "$capture" "$capture" |
		head -n 1 | tr -d '"')
	[ -n "$header" ] || complain "diff --show $table prints no header"
	for column in $(echo "$header" | tr ',' ' '); do
		column=${column#old_}
		column=${column#new_}
		know "the $table table of diff" "${column#delta_}"
	done
done
for table in caches totals samples; do
	header=$("$kfrag" trend --csv --show "$table" "$capture" |
		head -n 1 | tr -d '"')
	[ -n "$header" ] || complain "trend --show $table prints no header"
	for column in $(echo "$header" | tr ',' ' '); do
		know "the $table table of trend" "$column"
	done
done
for table in measures runs; do
	header=$("$kfrag" simulate --arrivals 'grow 1' --csv --show "$table" |
		head -n 1 | tr -d '"')
	[ -n "$header" ] || complain "simulate --show $table prints no header"
	for column in $(echo "$header" | tr ',' ' '); do
		know "the $table table of simulate" "$column"
	done
done
header=$("$kfrag" simulate policies --arrivals 'grow 1' --csv | head -n 1)
for column in $(echo "$header" | tr ',"' '  '); do
	know "the table of policies" "$column"
done
# Name and value of each threshold, "climb 5 % of what it was": the manual has
# ".It Cm climb" and then "5 % of what it was: why".
thresholds=$("$kfrag" trend --help | awk '/^Thresholds/ { on = 1; next }
	on && NF == 0 { exit }
	on && /^  [^ ]/ { $1 = $1; print }')
[ -n "$thresholds" ] || complain "kfrag trend --help lists no thresholds"
while read -r name value; do
	stated=$(printf '%s\n' "$text" | awk -v name="$name" '
		found { print; exit }
		$1 == ".It" && $2 == "Cm" && $3 == name { found = 1 }')
	case $stated in
	"$value: "*) ok ;;
	*) complain "threshold $name is $value, in $manual '$stated'" ;;
	esac
done <<EOF
$thresholds
EOF
if command -v mandoc >/dev/null 2>&1; then
	lint=$(mandoc -T lint -W warning "$manual") && ok || complain "$lint"
fi
counts_end
