#!/bin/sh
# SPDX-License-Identifier: MIT
# pkgconfig.sh PREFIX LIBDIR INCLUDEDIR: writes kfrag.pc. The library comes as
# an archive only, so whoever links it needs its libraries too, always.
set -u
version=$(sed -n 's/^#define KFRAG_VERSION "\(.*\)"$/\1/p' \
	include/kfrag/version.h)
[ -n "$version" ] || exit 1
cat <<END
prefix=$1
libdir=$2
includedir=$3

Name: kfrag
Description: buddy and slab allocators and their fragmentation, replayed from slabinfo
Version: $version
Requires: smartcols zlib liblzma
Libs: -L\${libdir} -lkfrag -lcsv
Cflags: -I\${includedir}
END
