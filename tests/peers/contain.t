# Memory and processes of a tool, held by a scope of a real systemd that runs as PID 1 in namespaces: all of the tool's
# processes together, and root, too.
. "$HL_TOP/tests/tap.sh"

[ "$(id -u)" = 0 ] || skip_all 'booting a systemd in namespaces needs root'
[ -x /lib/systemd/systemd ] || skip_all 'systemd is not installed'
[ -x /usr/bin/busctl ] || skip_all 'busctl is not installed'
unshare -m -C -p -f -u -i -n --kill-child true 2>/dev/null || skip_all 'namespaces are not allowed here'
case $(stat -f -c %T "$HL_BIN") in tmpfs | ramfs) skip_all 'the programs stand in memory, where an overlay does not see them' ;; esac

{
	echo "export PATH=$HL_BIN:\$PATH HL_DATA=/run/data HL_STATE=/run/hl HOME=/run"
	cat <<'X'
mkdir -p /run/data/toolsets
cat >/run/fork.py <<'P'
import os, signal
children = []
try:
    while len(children) < 40:
        pid = os.fork()
        if pid == 0:
            signal.pause()
        children.append(pid)
except OSError:
    pass
print("few" if len(children) <= 8 else "many", len(children))
for pid in children:
    os.kill(pid, signal.SIGKILL)
P
cat >/run/together.py <<'P'
import os, time
children = []
for i in range(3):
    pid = os.fork()
    if pid == 0:
        x = b"x" * (60 << 20)
        time.sleep(60)
    children.append(pid)
pid, status = os.wait()
print("one of them was ended by", status & 127, flush=True)
for other in children:
    if other != pid:
        os.kill(other, 9)
P
cat >/run/data/toolsets/c.yaml <<'Y'
toolset: c
tools:
  - {name: c.where, effect: read, contain: {memory: 64M, processes: 8}, run: [cat, /proc/self/cgroup]}
  - {name: c.processes, effect: read, contain: {processes: 8}, run: [python3, /run/fork.py]}
  - {name: c.user, effect: read, contain: {processes: 8, user: nobody, read_only: true, network: false}, run: [python3, /run/fork.py]}
  - {name: c.together, effect: read, contain: {memory: 128M}, timeout: 20s, run: [python3, /run/together.py]}
  - {name: c.secret, effect: read, contain: {memory: 64M}, env: {TOKEN: "{secret.token}"}, run: [sh, -c, 'systemctl show "hl-*.scope" | grep -c hunter2; sed -n "s|.*/\(hl-.*scope\)$|\1|p" /proc/self/cgroup | head -1']}
Y
mkdir -p /run/hl/secrets && echo hunter2 >/run/hl/secrets/token && chmod 600 /run/hl/secrets/token
for t in where processes user together secret; do hl-tool run c.$t; done
for i in $(seq 50); do systemctl list-units --all --plain --no-legend 'hl-*.scope' | grep -q . || break; sleep 0.1; done
echo "{\"left\": $(systemctl list-units --all --plain --no-legend 'hl-*.scope' | grep -c .)}"
mv /usr/bin/busctl /usr/bin/busctl-away
hl-tool run c.where
printf '#!/bin/sh\nexit 1\n' >/usr/bin/busctl; chmod +x /usr/bin/busctl
hl-tool run c.where
printf '#!/bin/sh\nexit 0\n' >/usr/bin/busctl
hl-tool run c.where
X
} >script.sh
timeout 120 unshare -m -C -p -f -u -i -n --kill-child bash "$HL_TOP/tests/peers/systemd-boot.sh" "$PWD" "$PWD/script.sh" \
	>boot.log 2>&1 </dev/null
find /sys/fs/cgroup/*/hlboot /sys/fs/cgroup/hlboot -depth -type d -exec rmdir {} \; 2>/dev/null
[ -s out.log ] || skip_all "systemd did not boot here: $(tail -n 1 boot.log)"
grep '^{' out.log >out

said() { # N: what the nth line says
	sed -n "$1p" out | jq -r '.data.text // .error // .left'
}
like "$(said 1)" '/hl-[0-9a-f-]*\.scope$' 'the tool runs in a scope'
like "$(said 2)" '^few' 'root has so many processes'
like "$(said 3)" '^few' 'another user, too, with all else'
like "$(said 4)" 'ended by 9' 'memory counts for all of its processes together'
like "$(said 5)" '^0' 'systemd does not know its secrets'
like "$(said 5)" 'hl-.*scope' 'though it is in a scope'
is "$(said 6)" 0 'no scope stays behind'
like "$(said 7)" "cannot contain '.*cat': its limits need a scope of systemd, and 'busctl' is not installed" 'without busctl it is refused'
like "$(said 8)" "cannot contain '.*cat': systemd does not hold it to its memory and processes" 'when systemd refuses, so do we'
like "$(said 9)" 'systemd does not hold it.*timed out' 'and when nothing comes of it'
done_testing
