# The toolsets prometheus and alertmanager against the real programs, as Debian has them.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
command -v prometheus >/dev/null || skip_all 'prometheus is not installed'
command -v prometheus-alertmanager >/dev/null || skip_all 'prometheus-alertmanager is not installed'
HL_NOW=$(date -u +%Y-%m-%dT%H:%M:%SZ) # the programs go by the real clock
export HL_NOW

# Runs a server of theirs on a port of its own choice and says which, once it listens.
peer() { # NAME COMMAND...
	name=$1
	shift
	"$@" >$name.out 2>&1 &
	peers="${peers-} $!"
	tries=0
	until address=$(sed -n 's/.*msg="Listening on".* address=\([0-9.:]*\).*/\1/p' $name.out) && [ -n "$address" ]; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || skip_all "$name does not listen: $(tail -n 1 $name.out)"
		sleep 0.1
	done
}
# Asks until jq is content; there is nothing that would tell when a scrape or an evaluation has been.
until_seen() { # FILTER TOOL [KEY=VALUE...]
	filter=$1 tries=0
	shift
	until hl-tool run "$@" >out 2>err && [ "$(jq -r "$filter" out)" = true ]; do
		tries=$((tries + 1))
		[ $tries -lt 150 ] || break
		sleep 0.2
	done
	echo "$1" >>ran
	is "$(jq -r "$filter" out)" true "$*: $filter"
}
trap 'kill $peers 2>/dev/null; wait' EXIT
trap 'exit 1' INT TERM

toolsets_begin
printf 'route: {receiver: none, group_wait: 1s, group_interval: 1s}\nreceivers: [{name: none}]\n' >am.yml
peer alertmanager prometheus-alertmanager --config.file=am.yml --storage.path=am --web.listen-address=127.0.0.1:0 \
	--cluster.listen-address=
ALERTMANAGER_URL=http://$address
cat >prom.yml <<END
global: {scrape_interval: 1s, evaluation_interval: 1s}
alerting: {alertmanagers: [{static_configs: [{targets: ["$address"]}]}]}
rule_files: [rules.yml]
scrape_configs:
  - {job_name: dead, static_configs: [{targets: ["127.0.0.1:1"]}]}
END
cat >rules.yml <<'END'
groups:
  - name: lab
    rules:
      - {alert: TargetDown, expr: up == 0, labels: {severity: critical}, annotations: {summary: "it is <down> & out"}}
      - {record: up:sum, expr: sum(up)}
END
peer prometheus prometheus --config.file=prom.yml --storage.tsdb.path=tsdb --web.listen-address=127.0.0.1:0 \
	--rules.alert.resend-delay=1s
PROMETHEUS_URL=http://$address
export ALERTMANAGER_URL PROMETHEUS_URL

# ---- prometheus
until_seen '.ok' prometheus.ready
until_seen '.data.result | length == 1' prometheus.query 'query=up{job=~"dea.*"} == 0'
sees '.data.result[0].value[1]' 0 'the target is down'
reads prometheus.query 'query=vector(0)/0'
sees '.data.result[0].value[1]' NaN 'what is no number is a text'
fails prometheus.query 'query=sum('
like "$(jq -r .error out)" 'unclosed left parenthesis' 'an expression that is wrong, in its words'
now=$(date +%s)
reads prometheus.query_range query=up start=$((now - 60)) end=$now step=1s
sees '.data.result[0].values | length > 0' true 'a range'
fails prometheus.query_range query=up start=1 end=$now step=1s
like "$(jq -r .error out)" '11,000' 'a range with too many points'
reads prometheus.version
sees '.data.version | length > 0' true 'the version'
until_seen '.data.items[0].state == "firing"' prometheus.alerts
reads prometheus.rules type=alert
sees '[.data.items[0].rules[].name] | join(" ")' TargetDown 'the alerting rules'
reads prometheus.rules
sees '.data.items[0].rules | length' 2 'all rules'
reads prometheus.targets
sees '.data.activeTargets[0].health' down 'the target'
reads prometheus.series 'match=up{job="dead"}'
sees '.data.items[0].instance' 127.0.0.1:1 'the series'
reads prometheus.label_values label=job
sees '.data.items' '["dead"]' 'the values of a label'

# ---- alertmanager
until_seen '.data.items[0].status.state == "active"' alertmanager.alerts
sees '.data.items[0].annotations.summary' 'it is <down> & out' 'the alert as it was made'
reads alertmanager.alerts 'filter=severity="warning"'
sees '.data.items | length' 0 'none that matches'
fails alertmanager.alerts filter=severity
like "$(jq -r .error out)" 'bad matcher format' 'a filter that is wrong, in its words'
reads alertmanager.status
sees '.data.version | length > 0' true 'the version'
reads alertmanager.cluster
sees .data.status disabled 'there is no cluster'
reads alertmanager.receivers
sees '.data.items[0].name' none 'the receiver'
until_seen '.data.items[0].alerts | length == 1' alertmanager.groups
until=$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ)
acts alertmanager.silence alertname=TargetDown value=127.0.0.1:1 until="$until" 'comment=known, {braces} and all'
reads alertmanager.silences
sees '.data.items[0] | .status.state + " " + .createdBy + " " + .comment' 'active hl known, {braces} and all' 'the silence is there'
id=$(jq -r '.data.items[0].id' out)
until_seen '.data.items[0].status.state == "suppressed"' alertmanager.alerts
reads alertmanager.alerts silenced=false
sees '.data.items | length' 0 'and is left out, when silenced ones are not asked for'
acts alertmanager.expire id="$id"
reads alertmanager.silence_of id="$id"
sees .data.status.state expired 'it has ended'
until_seen '.data.items[0].status.state == "active"' alertmanager.alerts
acts alertmanager.silence_all alertname=TargetDown until="$until" comment=x
until_seen '.data.items[0].status.state == "suppressed"' alertmanager.alerts
called '[]' alertmanager.silence alertname=TargetDown value=x until=2020-01-01T00:00:00Z comment=late
like "$(jq -r '.outcome.steps[0].error' out)" 'end time' 'a silence that is over before it begins'
called '[]' alertmanager.expire id=00000000-0000-4000-8000-000000000000
sees .outcome.result failed 'a silence that is not there'
covered prometheus alertmanager
done_testing
