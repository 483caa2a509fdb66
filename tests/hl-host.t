# hl-host, on a machine made of files, and on this one.
. "$HL_TOP/tests/tap.sh"

mkdir -p m/proc/self m/proc/net m/proc/7 m/etc m/var/log m/srv
cat >m/proc/self/mountinfo <<'X'
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:5 / /proc rw - proc proc rw
24 22 0:6 / /run rw - tmpfs tmpfs rw
25 22 8:2 / /srv ro,relatime shared:2 - xfs /dev/sdb1 rw
26 22 8:1 /srv/x /bind rw - ext4 /dev/sda1 rw
27 22 0:44 / /with\040blank rw - nfs4 nas:/export rw
28 22 7:1 / /snap/x ro - squashfs /dev/loop1 ro
29 22 0:50 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw
X
cat >m/etc/fstab <<'X'
# comment
/dev/sda1 / ext4 defaults 0 1
UUID=1 /backup	ext4 defaults 0 2
UUID=2 /later ext4 noauto 0 2
/dev/sdc none swap sw 0 0
nas:/export /with\040blank nfs4 defaults 0 0
X
printf 'MemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable: 40 kB\nSwapTotal: 200 kB\nSwapFree: 50 kB\n' >m/proc/meminfo
printf 'cpu  1 2\ncpu0 1\ncpu1 1\ncpu2 1\ncpu3 1\nintr 5\n' >m/proc/stat
echo '8.00 4.00 1.00 2/300 4711' >m/proc/loadavg
echo '86400.50 1.00' >m/proc/uptime
echo '7 (a b) c) D 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 1000 25 0 0' >m/proc/7/stat
cat >m/proc/net/tcp <<'X'
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1
   1: 0100007F:1F91 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 112 1
X
cat >m/proc/net/udp <<'X'
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref
   0: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 113 2
X

run hl-host --root "$PWD/m" mounts
is_status 0 'mounts'
is "$(jq -c '[.mounts[].mountpoint]' out)" '["/","/srv","/bind","/with blank","/var/lib/docker/overlay2/x/merged"]' \
	'pseudo file systems are left out, blanks decoded'
is "$(jq -c .missing out)" '["/backup"]' 'what fstab wants and is not there is missing'
is "$(jq -c '.mounts[1].read_only' out)" true 'read-only is seen'

run hl-host --root "$PWD/m" disks
is "$(jq -c '[.filesystems[].mountpoint]' out)" '["/","/srv"]' 'disks: each device once, no image, layer or network'
if ! awk '$2 == "/"' /proc/self/mounts | grep -q .; then
	skip 'the percentage is that of df' '/ is no mount here (a chroot)'
else
	run hl-host disks
	df -P / | awk 'NR == 2 { sub("%", "", $5); print $5 }' >wanted
	is "$(jq '.filesystems[] | select(.mountpoint == "/").used_percent' out)" "$(cat wanted)" \
		'the percentage is that of df'
fi

run hl-host --root "$PWD/m" memory
is "$(jq '[.total_bytes, .available_percent, .swap_used_percent] == [1024000, 4, 75]' out)" true 'memory'
run hl-host --root "$PWD/m" load
is "$(jq '[.cores, .load1_per_core, .load5_per_core, .uptime_s] == [4, 2, 1, 86400]' out)" true 'load per core'
run hl-host --root "$PWD/m" processes
is "$(jq -c '[.count, .states.D, .stuck[0].name, .stuck[0].pid]' out)" '[1,1,"a b) c",7]' 'a name may hold parentheses'
run hl-host --root "$PWD/m" processes --name 'a b) c'
is "$(jq '.matching | length' out)" 1 'processes of a name'
run hl-host --root "$PWD/m" ports
is "$(jq -c '[.listening[] | [.protocol, .address, .port]]' out)" '[["udp","0.0.0.0",53],["tcp","127.0.0.1",8080]]' \
	'what listens, and no connection'
run hl-host --root "$PWD/m" ports --port 53
is "$(jq '.listening | length' out)" 1 'one port'

: >m/var/log/btmp
run hl-host --root "$PWD/m" logins
is "$(jq -c '[.failed, .since, .source]' out)" '[0,"2026-11-20T04:00:00Z","btmp"]' 'no failed login'

run hl-host clock
is "$(jq '.synchronised | type' out)" '"boolean"' 'the clock'

mkdir certs
if command -v openssl >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -keyout certs/key.pem -out certs/a.pem -days 30 -subj /CN=a >/dev/null 2>&1
	cp certs/a.pem certs/b.crt
	HL_NOW='' run hl-host certificates --path "$PWD/certs"
	is "$(jq -c '[.certificates[] | [.subject, .days_left]]' out)" '[["CN=a",29]]' 'a certificate once, a key not at all'
	HL_NOW=2099-01-01T00:00:00Z run hl-host certificates --path "$PWD/certs"
	is "$(jq '.certificates[0].days_left < 0' out)" true 'one that expired has less than no days'
else
	skip 'a certificate once, a key not at all' 'openssl is not installed'
fi
mkdir no; cp "$(command -v hl-host)" no/
HL_PATH=/nowhere run no/hl-host certificates --path /etc/ssl/certs/ca-certificates.crt
[ -e /etc/ssl/certs/ca-certificates.crt ] && is_status 69 'without openssl it says so'

run hl-host --root /nowhere memory
is_status 69 'what cannot be read is named'
like "$(cat err)" '/nowhere/proc/meminfo' 'with its name'
run hl-host
is_status 64 'nothing to look at is a usage error'
run hl-host colour
is_status 64 'and so is what is not known'
run hl-host --help
is_status 0 'help'
run hl-host --diks
is_status 64 'an unknown option'
if [ -e /dev/full ]; then
	hl-host memory >/dev/full 2>err
	is $? 74 'lost output'
fi
done_testing
