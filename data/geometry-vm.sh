#!/bin/bash
# SPDX-License-Identifier: MIT
# geometry-vm.sh VMLINUZ NAME DIR CPUS [PARAMETER...]: boots a kernel under
# emulation with these parameters, such as slub_max_order=0, lets busybox make
# a small population, and leaves what its slabs are: DIR/NAME.slabinfo, .meminfo
# and .sysslab (a line per entry of /sys/kernel/slab, `id` the cache it stands
# for). x86_64, 1 GiB. The kernel needs no modules: take vmlinuz out of any
# distribution's package. Needs qemu-system-x86_64, busybox (a static one), cpio.
set -eu -o pipefail

if [ $# -lt 4 ]; then
	echo "usage: geometry-vm.sh VMLINUZ NAME DIR CPUS [PARAMETER...]" >&2
	exit 2
fi
kernel=$1
name=$2
out=$3
cpus=$4
shift 4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

root=$work/root
mkdir -p "$root"/{bin,etc,proc,sys,dev,tmp}
for applet in $(busybox --list); do
	ln -s busybox "$root/bin/$applet"
done
cp --remove-destination "$(command -v busybox)" "$root/bin/busybox"
ln -s bin/busybox "$root/init"
echo '::sysinit:/etc/rc' >"$root/etc/inittab"
cat >"$root/etc/rc" <<'RC'
#!/bin/sh
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
echo 0 >/proc/sys/kernel/printk
mkdir /tmp/files
i=0
while [ $i -lt 3000 ]; do
	: >/tmp/files/$i
	i=$((i + 1))
done
rm /tmp/files/*[0-4]
cat /proc/slabinfo >/tmp/slabinfo
cat /proc/meminfo >/tmp/meminfo
cd /sys/kernel/slab
for entry in *; do
	read -r payload <"$entry/object_size"
	read -r size <"$entry/slab_size"
	read -r objs <"$entry/objs_per_slab"
	read -r order <"$entry/order"
	read -r align <"$entry/align"
	line="$entry $payload $size $objs $order $align"
	id=$(readlink "$entry")
	line="$line id=${id:-$entry}"
	[ -s "$entry/ctor" ] && read -r ctor <"$entry/ctor" && [ "$ctor" ] &&
		line="$line ctor=1"
	for key in reclaim_account hwcache_align destroy_by_rcu red_zone \
		poison store_user sanity_checks; do
		[ -r "$entry/$key" ] && read -r value rest <"$entry/$key" &&
			line="$line $key=$value"
	done
	echo "$line"
done >/tmp/sysslab
cd /tmp
stty -F /dev/ttyS1 raw
tar c slabinfo meminfo sysslab | gzip >/dev/ttyS1
poweroff -f
RC
chmod +x "$root/etc/rc"
(cd "$root" && find . | cpio -o -H newc --quiet) | gzip >"$work/initrd"

timeout 600 qemu-system-x86_64 -accel tcg,thread=multi -smp "$cpus" -m 1024 \
	-nodefaults -nographic -no-reboot -serial stdio \
	-serial "file:$work/out.tgz" -kernel "$kernel" -initrd "$work/initrd" \
	-append "console=ttyS0 quiet panic=-1 $*" </dev/null
tar xzf "$work/out.tgz" -C "$work" || {
	echo "geometry-vm.sh: nothing came out of the machine" >&2
	exit 1
}
for file in slabinfo meminfo sysslab; do
	cp "$work/$file" "$out/$name.$file"
done
