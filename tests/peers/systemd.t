# The toolsets systemd and journal, and the health check, against a real systemd that runs as PID 1 in namespaces.
. "$HL_TOP/tests/tap.sh"

[ "$(id -u)" = 0 ] || skip_all 'booting a systemd in namespaces needs root'
[ -x /lib/systemd/systemd ] || skip_all 'systemd is not installed'
unshare -m -C -p -f -u -i -n --kill-child true 2>/dev/null || skip_all 'namespaces are not allowed here'
case $(stat -f -c %T "$HL_BIN") in tmpfs | ramfs) skip_all 'the programs stand in memory, where an overlay does not see them' ;; esac

{
	echo "export PATH=$HL_BIN:\$PATH HL_DATA=$HL_TOP HL_STATE=/run/hl HOME=/run"
	cat <<'X'
mkdir -p /run/systemd/system
cat >/run/systemd/system/bad.service <<'U'
[Unit]
Description=one that fails
[Service]
ExecStart=/bin/sh -c 'echo "<3>disk 17 on fire"; exit 3'
U
cat >/run/systemd/system/good.service <<'U'
[Service]
ExecStart=/bin/sleep 600
U
systemctl daemon-reload
systemctl start good.service
systemctl start bad.service
for i in $(seq 100); do systemctl is-failed -q bad.service && break; sleep 0.1; done
journalctl --sync 2>/dev/null
hl-tool run systemd.failed
hl-tool run systemd.unit unit=good.service
hl-tool run systemd.unit unit=nothing.service
hl-tool run systemd.state
hl-tool run systemd.timers
hl-tool run journal.errors
hl-tool run journal.errors
hl-tool run journal.unit unit=bad.service
hl-gather -q
X
} >script.sh
timeout 120 unshare -m -C -p -f -u -i -n --kill-child bash "$HL_TOP/tests/peers/systemd-boot.sh" "$PWD" "$PWD/script.sh" \
	>boot.log 2>&1 </dev/null
find /sys/fs/cgroup/unified/hlboot /sys/fs/cgroup/hlboot -depth -type d -exec rmdir {} \; 2>/dev/null
[ -s out.log ] || skip_all "systemd did not boot here: $(tail -n 1 boot.log)"
grep '^{' out.log >out

line() { # N: the nth line
	sed -n "$1p" out
}
is "$(line 1 | jq -c '[.ok, (.data.items[] | select(.unit == "bad.service") | [.active, .description])]')" \
	'[true,["failed","one that fails"]]' 'the unit that failed is seen'
is "$(line 2 | jq -c '.data | [.ActiveState, .LoadState, .Result]')" '["active","loaded","success"]' "a unit's state"
is "$(line 3 | jq -c '.data | [.ActiveState, .LoadState]')" '["inactive","not-found"]' 'one that does not exist'
is "$(line 4 | jq -c "[.ok, (.data.text | type)]")" '[true,"string"]' "the system as a whole"
unlike "$(line 4)" offline "which is not offline"
is "$(line 5 | jq -c '[.ok, (.data.items | type)]')" '[true,"array"]' 'the timers'
is "$(line 6 | jq -c '[.ok, (.data.shapes[] | select(.unit == "bad.service" and .shape == "disk <n> on fire").count)]')" \
	'[true,1]' 'an error in the journal, by its shape'
is "$(line 7 | jq -c '[.ok, .data.count, .data.continued]')" '[true,0,true]' 'and only once'
is "$(line 8 | jq -c '.data.lines | map(select(test("disk 17 on fire"))) | length')" 1 "a unit's last lines"
is "$(jq -c 'select(.kind == "signal" and .name == "UnitFailed") | .labels.unit' out)" '"bad.service"' 'the health check raises a signal'
done_testing
