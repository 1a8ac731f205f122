#!/bin/sh
# SPDX-License-Identifier: MIT
# deps.sh PACKAGE...: installs those of the Debian packages that are missing.
# Does nothing, and needs no rights, where none is.
set -u

if ! command -v dpkg-query >/dev/null 2>&1 ||
	! command -v apt-get >/dev/null 2>&1; then
	echo "kfrag: no Debian here: please see to these yourself: $*" >&2
	exit 0
fi

missing=
for package in "$@"; do
	status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)
	[ "$status" = "install ok installed" ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		echo "kfrag: run this as root: apt-get install$missing" >&2
		exit 1
	fi
	as_root=sudo
fi
echo "installing:$missing"
# The environment is given by env(1): sudo does not hand it on.
apt() {
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" </dev/null
}
apt update || echo "kfrag: apt-get update failed; trying without" >&2
# One word per package.
# shellcheck disable=SC2086
apt install -y --no-install-recommends $missing
