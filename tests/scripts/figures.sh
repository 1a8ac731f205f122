#!/bin/sh
# SPDX-License-Identifier: MIT
# figures.sh README: runs the commands in it that write into data/figures, as
# they stand there; kfrag is found on PATH.
set -eu
commands=$(sed -e ':more' -e '/^    .*\\$/{' -e N -e 's/\\\n *//' -e 'b more' \
	-e '}' "$1" | sed -n 's/^    \(kfrag plot .* -o data\/figures\/.*\)/\1/p')
[ -n "$commands" ]
echo "$commands"
eval "$commands"
