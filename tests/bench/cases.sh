# 20,000 distinct alerts, from one webhook payload to triaged cases, against Alertmanager accepting
# them: hl reads the payload, validates, deduplicates, groups, matches runbooks, writes the cases and
# remembers them on disk; Alertmanager takes them over HTTP in posts of 100, groups them, and passes the
# groups through silences and inhibition to a receiver that notifies nobody. Both are CPU seconds for the same
# alerts; the posting program's own are not counted.
. "$HL_TOP/tests/bench/lib.sh"
command -v prometheus-alertmanager >/dev/null || skip_bench 'prometheus-alertmanager is not installed'
[ -x "$HL_BIN/hl-gather" ] || skip_bench 'hl-gather is not built'
work=$(mktemp -d "${TMPDIR:-/tmp}/hl-bench.XXXXXX") || exit 1
peer=
end() { # called by the traps
	[ -z "$peer" ] || { kill "$peer" && wait "$peer"; } 2>/dev/null
	rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM
unset HL_REPO
HL_STATE=$work/state
export HL_STATE

python3 - "$work" <<'END'
import json, sys
names = ["DiskFull", "NodeDown", "PodCrashLooping", "HighMemory", "CertExpiry", "SlowQueries"]
alerts = []
for k in range(20000):
    name, host = names[k % 6], "node-%d.lab.example:9100" % (k % 211)
    alerts.append({
        "status": "firing",
        "labels": {"alertname": name, "instance": host, "job": "node", "namespace": "media-%d" % (k % 37),
                   "severity": ["critical", "warning", "info"][k % 3], "device": "/dev/sd%s" % chr(97 + k % 26), "id": str(k)},
        "annotations": {"summary": "%s on %s" % (name, host), "description": "The value is %d.5, which is above its limit of 90." % (k % 100)},
        "startsAt": "2026-11-21T03:%02d:%02d.123Z" % (k // 60 % 60, k % 60),
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.lab.example:9090/graph?g0.expr=node_filesystem_avail_bytes%7Bjob%3D%22node%22%7D&g0.tab=1",
        "fingerprint": "%016x" % (k * 2654435761)})
with open(sys.argv[1] + "/payload", "w") as f:
    json.dump({"receiver": "hl", "status": "firing", "alerts": alerts, "version": "4", "groupKey": "{}", "truncatedAlerts": 0}, f)
with open(sys.argv[1] + "/posts", "w") as f:
    for i in range(0, len(alerts), 100):
        f.write(json.dumps([{k: a[k] for k in ("labels", "annotations", "generatorURL")} for a in alerts[i:i + 100]]) + "\n")
END
cat >"$work/config.yml" <<'END'
route: {receiver: nobody, group_by: [alertname, instance], group_wait: 0s}
receivers: [{name: nobody}]
END
cat >"$work/post.py" <<'END'
import http.client, os, sys, time
directory, port, pid = sys.argv[1], int(sys.argv[2]), sys.argv[3]
def ready():
    try:
        c = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        c.request("GET", "/-/ready")
        return c.getresponse().status == 200
    except OSError:
        return False
def cpu():
    with open("/proc/%s/stat" % pid) as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
until = time.monotonic() + 30
while not ready():
    if time.monotonic() > until:
        sys.exit("alertmanager does not get ready")
    time.sleep(0.05)
before = cpu()
c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
for line in open(directory + "/posts", "rb"):
    c.request("POST", "/api/v2/alerts", line, {"Content-Type": "application/json"})
    answer = c.getresponse()
    answer.read()
    if answer.status != 200:
        sys.exit("alertmanager answered %d" % answer.status)
print(cpu() - before)
END
free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

alertmanager() { # prints its CPU seconds for all alerts
	rm -rf "$work/data"
	port=$(free_port)
	prometheus-alertmanager --config.file="$work/config.yml" --storage.path="$work/data" \
		--web.listen-address="127.0.0.1:$port" --cluster.listen-address= >"$work/log" 2>&1 &
	peer=$!
	python3 "$work/post.py" "$work" "$port" $peer
	kill $peer && wait $peer 2>/dev/null
	peer=
}

hl-init -q || exit 1
mv "$work/state" "$work/fresh"
loop="hl-gather --from $work/payload | hl-triage -q"
start_afresh() {
	rm -rf "$work/state" && cp -a "$work/fresh" "$work/state"
}
start_afresh
held=$(sh -c "$loop" | jq '.signals | length' | awk '{n += $1} END {print n}')
[ "$held" -eq 20000 ] || { echo "MISSED the cases hold $held alerts"; exit 1; }
: >"$work/rounds"
while [ "$(wc -l <"$work/rounds")" -lt "$ROUNDS" ]; do
	theirs=$(alertmanager) && start_afresh || exit 1
	ours=$(cost "$loop" | cut -d' ' -f2)
	echo "$ours $theirs" >>"$work/rounds"
done
# shellcheck disable=SC2046 # three words
set -- $(awk '{print $1 / $2, $1, $2}' "$work/rounds" | sort -g | sed -n "$(((ROUNDS + 1) / 2))p")
judge 'an alert, payload to case' "$1 x: $(awk "BEGIN {printf \"%.1f us of CPU, peer %.1f us\", $2 * 50, $3 * 50}")" "$1" '<=' 0.2
bench_end
