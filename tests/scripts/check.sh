#!/bin/bash
# SPDX-License-Identifier: MIT
# check.sh: everything that `make check` runs, part by part; logs are kept in
# BUILD/check/. MUTATIONS (100) is how many of each file of a fuzz corpus.
set -u
scripts=tests/scripts
logs=$BUILD/check
rm -rf "$logs"
mkdir -p "$logs" || exit 1
# shellcheck source=tests/scripts/parts.sh
. $scripts/parts.sh

part unit "$BUILD/tests/unit"
for source in tests/fuzz/fuzz_*.c; do
	target=$(basename "$source" .c)
	part "$target" timeout 600 "$BUILD/fuzz/$target" \
		-m "${MUTATIONS:-100}" -k "$logs/$target.input" \
		"tests/fuzz/corpus/${target#fuzz_}"
done
part golden tests/golden/run.sh
part data $scripts/corpus.sh --all-good data
part readback $scripts/readback.sh data/*.slabinfo tests/golden/*/in.slabinfo \
	tests/golden/trend-table/day.slabinfo tests/golden/recording/rec \
	data/recording-linux-6.1-x86_64-leak.slabinfo.xz
part reproduce $scripts/reproduce.sh "$BUILD/kfrag" small
part layers $scripts/layers.sh
part headers $scripts/headers.sh
part mute $scripts/mute.sh "$BUILD/libkfrag.a"
part docs $scripts/docs.sh "$BUILD/kfrag" man/kfrag.1
part record $scripts/record.sh "$BUILD/kfrag"
part maps $scripts/plot-maps.sh "$BUILD/kfrag"
part plot $scripts/plot.sh "$BUILD/kfrag"
part terminal $scripts/terminal.sh "$BUILD/kfrag"
part install $scripts/install.sh
part checkers $scripts/checkers.sh
parts_end
