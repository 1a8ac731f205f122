#!/bin/bash
# SPDX-License-Identifier: MIT
# scenario-vm.sh VMLINUZ NAME DIR: boots a kernel under emulation, with busybox,
# kfrag and slabwork and nothing else, and runs scenario.sh NAME there. Leaves
# DIR/NAME.slabinfo.xz and, in DIR/NAME.log, what happened when. x86_64, 2 CPUs,
# 1 GiB; a node each for bloat. The kernel needs no modules: take vmlinuz out of
# any distribution's package. Needs build/kfrag, cc, qemu-system-x86_64,
# busybox (a static one), cpio, xz.
set -eu -o pipefail

if [ $# -ne 3 ]; then
	echo "usage: scenario-vm.sh VMLINUZ NAME DIR" >&2
	exit 2
fi
kernel=$1
name=$2
out=$3
here=$(dirname "$0")
kfrag=$here/../build/kfrag
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

root=$work/root
mkdir -p "$root"/{bin,etc,proc,sys,dev,tmp}
for applet in $(busybox --list); do
	ln -s busybox "$root/bin/$applet"
done
cp --remove-destination "$(command -v busybox)" "$root/bin/busybox"
cp "$kfrag" "$here/scenario.sh" "$root/bin/"
cc -std=gnu11 -O2 -static -o "$root/bin/slabwork" "$here/slabwork.c"
for library in $(ldd "$kfrag" | grep -o '/[^ ]*'); do
	mkdir -p "$root$(dirname "$library")"
	cp -L "$library" "$root$library"
done

# busybox init reaps what the scenario leaves behind. The second serial line is
# the way out; raw, or the terminal would change bytes.
ln -s bin/busybox "$root/init"
echo '::sysinit:/etc/rc' >"$root/etc/inittab"
cat >"$root/etc/rc" <<'RC'
#!/bin/sh
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
hostname vm
echo 0 >/proc/sys/kernel/printk
read -r line </proc/cmdline
cd /tmp
scenario.sh "${line##*scenario=}" scenario.slabinfo >log 2>&1
cat log
stty -F /dev/ttyS1 raw
tar c log scenario.slabinfo | gzip >/dev/ttyS1
poweroff -f
RC
chmod +x "$root/etc/rc"
(cd "$root" && find . | cpio -o -H newc --quiet) | gzip >"$work/initrd"

nodes=()
if [ "$name" = bloat ]; then
	for node in 0 1; do
		nodes+=(-object "memory-backend-ram,id=m$node,size=512M"
			-numa "node,nodeid=$node,cpus=$node,memdev=m$node")
	done
fi
timeout 600 qemu-system-x86_64 -accel tcg,thread=multi -smp 2 -m 1024 \
	"${nodes[@]}" -nodefaults -nographic -no-reboot -serial stdio \
	-serial "file:$work/out.tgz" -kernel "$kernel" -initrd "$work/initrd" \
	-append "console=ttyS0 quiet panic=-1 scenario=$name" </dev/null
tar xzf "$work/out.tgz" -C "$work" || {
	echo "scenario-vm.sh: nothing came out of the machine" >&2
	exit 1
}
cp "$work/log" "$out/$name.log"
xz -9e -c "$work/scenario.slabinfo" >"$out/$name.slabinfo.xz"
