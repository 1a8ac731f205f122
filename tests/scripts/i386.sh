#!/bin/sh
# SPDX-License-Identifier: MIT
# i386.sh DIR: fetches the 32-bit libraries that kfrag and its tests link, and
# unpacks them into DIR/root. Neither needs root nor changes what the machine
# has installed; gcc-multilib must be there for the C library.
set -u
mkdir -p "$1/state/lists/partial" "$1/cache/archives/partial" "$1/root" ||
	exit 1
cd "$1" || exit 1

apt() {
	apt-get -q -o Dir::State="$PWD/state" -o Dir::Cache="$PWD/cache" \
		-o Dir::State::status=/dev/null -o APT::Architecture=i386 \
		-o APT::Architectures::=i386 -o APT::Sandbox::User=root "$@"
}

# An incomplete update may do: the download tells.
apt update
apt download libcsv3 libcsv-dev libsmartcols1 libsmartcols-dev check \
	libsubunit-dev zlib1g zlib1g-dev liblzma5 liblzma-dev || exit 1
# Links of zlib and liblzma that lead out of root/ are dead: the linker then
# takes the archives beside them.
for package in *.deb; do
	dpkg -x "$package" root || exit 1
done
