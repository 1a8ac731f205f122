#!/bin/sh
# SPDX-License-Identifier: MIT
# record.sh DIR [NAME]: records this machine's /proc/slabinfo into
# DIR/NAME.slabinfo, with the files that help to read it later beside it:
# NAME.buddyinfo, NAME.meminfo, NAME.version and, where the kernel has it,
# NAME.sysslab. NAME is linux-RELEASE-ARCH unless given (release: major.minor). Reading slabinfo needs root; nothing is
# written but these files. `date; uptime` and what the machine does belong
# into data/README.md, by hand.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
	echo "usage: record.sh DIR [NAME]" >&2
	exit 2
fi
release=$(uname -r | cut -d . -f 1-2)
dir=$1
name=${2:-linux-$release-$(uname -m)}
out=$dir/$name

if [ ! -d "$dir" ]; then
	echo "record.sh: no folder '$dir'" >&2
	exit 2
fi
for file in slabinfo buddyinfo meminfo version sysslab; do
	if [ -e "$out.$file" ]; then
		echo "record.sh: '$out.$file' is there already" >&2
		exit 2
	fi
done

# slabinfo first and in one read: the others would change it.
if ! cat /proc/slabinfo >"$out.slabinfo" 2>/dev/null; then
	rm -f "$out.slabinfo"
	echo "record.sh: /proc/slabinfo may not be read; try sudo" >&2
	exit 2
fi
for file in buddyinfo meminfo; do
	cat "/proc/$file" >"$out.$file"
done
if [ -r /sys/kernel/slab ]; then
	sh "$(dirname "$0")/sysslab.sh" >"$out.sysslab" || rm "$out.sysslab"
fi
# Who built the kernel, and where, is nobody's business: (user@host) goes.
sed 's/ ([^ )]*@[^ )]*)//' /proc/version >"$out.version"

echo "$out.slabinfo: $(grep -c '^[^#].* : slabdata ' "$out.slabinfo") caches," \
	"pages of $(getconf PAGESIZE) bytes, $(getconf _NPROCESSORS_CONF) CPUs"
