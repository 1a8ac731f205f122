#!/bin/sh
# SPDX-License-Identifier: MIT
# install.sh: `make install` puts everything where it says, a program builds
# against it through pkg-config, `make uninstall` takes away exactly that.
# MAKE, LINK and BUILD come from the Makefile.
# ok() never fails.
# shellcheck disable=SC2015
set -u
# shellcheck source=tests/scripts/counts.sh
. "$(dirname "$0")/counts.sh"
: "${BUILD:?}" "${MAKE:?}" "${LINK:?}" "${PKG_CONFIG:?}"
# A space, because paths have them.
work="$(cd "$BUILD" && pwd)/check/install dir"
rm -rf "$work"
mkdir -p "$work" || exit 1

quiet_make() {
	$MAKE --no-print-directory "$@" >"$work/make.log" 2>&1 && return 0
	cat "$work/make.log"
	return 1
}

# What should be there, under PREFIX.
expected() {
	{
		printf '%s\n' bin/kfrag lib/libkfrag.a lib/pkgconfig/kfrag.pc \
			share/man/man1/kfrag.1
		find include -name '*.h'
	} | LC_ALL=C sort
}

# 1. Into a DESTDIR: the right files and nothing else, and gone again, while
#    a neighbour's file stays.
destdir="$work/dest"
mkdir -p "$destdir/usr/lib"
quiet_make install DESTDIR="$destdir" PREFIX=/usr && ok ||
	complain "make install DESTDIR= failed"
(cd "$destdir/usr" && find . -type f | sed 's,^\./,,' | LC_ALL=C sort) \
	>"$work/found"
expected | diff - "$work/found" && ok || complain "not the files expected"
grep -q '^prefix=/usr$' "$destdir/usr/lib/pkgconfig/kfrag.pc" && ok ||
	complain "kfrag.pc does not say prefix=/usr"
touch "$destdir/usr/lib/neighbour"
quiet_make uninstall DESTDIR="$destdir" PREFIX=/usr && ok ||
	complain "make uninstall failed"
left=$(cd "$destdir" && find . -type f)
[ "$left" = ./usr/lib/neighbour ] && ok || complain "left behind: $left"
[ ! -d "$destdir/usr/include/kfrag" ] && ok || complain "its folder is left"

# 2. Into a PREFIX that is used from there, as a user of the library does.
#    (pkg-config has no good way with spaces in a prefix.)
prefix=$(mktemp -d) || exit 1
trap 'rm -rf "$prefix"' EXIT
quiet_make install PREFIX="$prefix" && ok || complain "make install failed"
cat >"$work/user.c" <<'END'
#include <stdio.h>

#include <kfrag/buddy.h>
#include <kfrag/csv.h>
#include <kfrag/replay.h>
#include <kfrag/slabinfo.h>
#include <kfrag/version.h>

int main(void)
{
	static const char text[] = "slabinfo - version: 2.1\n"
		"demo 3 4 100 40 1 : tunables 0 0 0 : slabdata 1 1 0\n";
	struct kfrag_recording recording;
	struct kfrag_replay_params params;
	struct kfrag_report report;
	struct kfrag_selection caches;
	size_t offender;

	kfrag_replay_params_init(&params);
	if (kfrag_slabinfo_parse(&recording, text, sizeof(text) - 1) ||
	    kfrag_report_create(&report, recording.snapshots, &params,
				&offender) ||
	    kfrag_selection_init(&caches, &report, KFRAG_TABLE_CACHES) ||
	    kfrag_csv_write(stdout, &caches))
		return 1;
	kfrag_selection_release(&caches);
	kfrag_report_release(&report);
	kfrag_recording_release(&recording);
	return 0;
}
END
PKG_CONFIG_PATH="$prefix/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
export PKG_CONFIG_PATH
if flags=$($PKG_CONFIG --cflags --libs kfrag) && ok; then
	eval "$LINK -o '$work/user' '$work/user.c' $flags" && ok ||
		complain "a program does not build against kfrag.pc"
	"$work/user" | grep -q '^"*demo"*,100,3,4,40,' && ok ||
		complain "a program built against the library fails"
else
	complain "pkg-config does not find kfrag"
fi
version=$($PKG_CONFIG --modversion kfrag)
"$prefix/bin/kfrag" --version | grep -qF "$version" && ok ||
	complain "kfrag --version is not that of kfrag.pc, $version"
counts_end
