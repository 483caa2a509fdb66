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

# The whole loop: the unit failed for want of a file; a person approves the restart; it runs.
cat >/run/systemd/system/flaky.service <<'U'
[Unit]
Description=one that lacks a file
[Service]
ExecStart=/bin/sh -c 'test -e /run/needed && exec sleep 600'
U
systemctl daemon-reload
systemctl start flaky.service
for i in $(seq 100); do systemctl is-failed -q flaky.service && break; sleep 0.1; done
touch /run/needed
hl-init -q || echo '{"init":"failed"}'
cat >/run/hl/ops/runbooks/unit-failed.yaml <<'U'
id: unit-failed
title: A unit failed
trigger:
  match: {alertname: UnitFailed, unit: flaky.service}
solutions:
  - id: restart
    title: Restart it
    risk: low
    steps:
      - {id: restart, tool: systemd.restart, args: {unit: "{labels.unit}"}}
    verify:
      - {tool: systemd.unit, args: {unit: "{labels.unit}"}, expect: {/ActiveState: active}, within: 5s}
U
git -C /run/hl/ops add -A
git -C /run/hl/ops -c user.name=t -c user.email=t@example.org commit -qm 'runbooks: a unit that failed'
hl-gather -q | hl-triage | hl-plan | hl-ask --answer approve --by alice | hl-apply | hl-record >/run/cases
jq -c 'select(.approval.decision == "approved") | {outcome: .outcome.result, record: .record.path, unit: .signals[0].labels.unit}' /run/cases
hl-gather -q | jq -c 'select(.kind == "signal" and .labels.unit == "flaky.service") | {status}'
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
is "$(jq -c 'select(.outcome) | [.unit, .outcome, (.record | length > 0)]' out)" '["flaky.service","fixed",true]' \
	'a restart that was approved mends a unit, and is recorded'
is "$(jq -c 'select(.status and .kind == null).status' out)" '"resolved"' 'the next look says it is over'
done_testing
