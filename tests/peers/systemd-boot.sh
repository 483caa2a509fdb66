#!/bin/bash
# systemd-boot.sh DIR SCRIPT: boots a real systemd as PID 1 on an overlay of this machine's root, in namespaces, runs
# the script in it as a service, and ends with the script's exit status. What the script prints goes to
# DIR/out.log. Nothing leaks back: the overlay's upper layer is in memory. Run it under
#	unshare -m -C -p -f -u -i -n --kill-child
set -e
dir=$1 script=$2
mount --make-rprivate /
mkdir -p "$dir/o"
mount -t tmpfs tmpfs "$dir/o"
mkdir "$dir"/o/{upper,work,root}
root=$dir/o/root
mount -t overlay overlay -o lowerdir=/,upperdir="$dir/o/upper",workdir="$dir/o/work" "$root"
rm -rf "$root"/etc/systemd/system/*.wants
systemd-id128 new >"$root/etc/machine-id"
cp "$script" "$root/hl-script.sh"
cat >"$root/etc/systemd/system/hl-test.target" <<'X'
[Unit]
Requires=sockets.target dbus.socket systemd-journald.socket
Wants=hl-script.service systemd-journald.service
After=sockets.target dbus.socket systemd-journald.service
X
cat >"$root/etc/systemd/system/hl-script.service" <<'X'
[Unit]
DefaultDependencies=no
After=dbus.socket systemd-journald.socket
[Service]
Type=oneshot
TimeoutStartSec=120
StandardOutput=file:/hl-out.log
StandardError=inherit
ExecStart=/bin/bash /hl-script.sh
ExecStopPost=/bin/sh -c 'exec systemctl exit $EXIT_STATUS --force --no-block'
X
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 none "$root/sys/fs/cgroup"
if grep -qw memory "$root/sys/fs/cgroup/cgroup.controllers"; then
	mkdir -p "$root/sys/fs/cgroup/hlboot"
	echo 0 >"$root/sys/fs/cgroup/hlboot/cgroup.procs"
else
	# A machine of the old kind: each controller has a tree of its own.
	umount "$root/sys/fs/cgroup"
	mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
	for c in memory pids name=systemd; do
		tree=$root/sys/fs/cgroup/${c#name=}
		mkdir "$tree"
		mount -t cgroup -o "$c" cgroup "$tree" || { rmdir "$tree"; continue; }
		mkdir -p "$tree/hlboot"
		echo 0 >"$tree/hlboot/cgroup.procs"
	done
fi
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
touch "$dir/out.log" "$root/hl-out.log"
mount --bind "$dir/out.log" "$root/hl-out.log"
mount --make-rshared "$root"
cd "$root"
exec env -i container=hltest PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" /lib/systemd/systemd --system \
	--unit=hl-test.target --log-target=console --show-status=no
