#!/bin/sh
# SPDX-License-Identifier: MIT
# need-libs.sh PKG_CONFIG CC [CPPFLAGS...]: are the libraries there that a
# build needs? Says in one sentence what to do where they are not.
set -u
pkg_config=$1
cc=$2
shift 2

missing=
# $cc may hold words: gcc -m32
# shellcheck disable=SC2086
if ! command -v ${cc%% *} >/dev/null 2>&1; then
	missing="a C compiler ($cc)"
elif ! command -v "${pkg_config%% *}" >/dev/null 2>&1; then
	missing=pkg-config
elif ! $pkg_config --exists smartcols; then
	missing=libsmartcols
elif ! $pkg_config --exists zlib; then
	missing=zlib
elif ! $pkg_config --exists liblzma; then
	missing=liblzma
elif ! echo '#include <csv.h>' | $cc "$@" -E -o /dev/null - 2>/dev/null; then
	missing=libcsv
fi
[ -z "$missing" ] && exit 0
echo "kfrag: $missing is missing; 'make deps' installs what is needed" >&2
exit 1
