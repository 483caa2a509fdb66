# The toolsets prometheus, alertmanager, grafana, uptime-kuma and netdata, against stand-ins. The first two are
# tested against the real programs too: tests/peers/prometheus.t
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
toolsets_begin
for one in prometheus alertmanager grafana uptime_kuma netdata; do
	serve $one.py $one.log
	eval "$one=http://127.0.0.1:$said"
done
PROMETHEUS_URL=$prometheus ALERTMANAGER_URL=$alertmanager GRAFANA_URL=$grafana KUMA_URL=$uptime_kuma NETDATA_URL=$netdata
HL_SECRET_GRAFANA_TOKEN=token-0815 HL_SECRET_KUMA_KEY=uk1_0815
export PROMETHEUS_URL ALERTMANAGER_URL GRAFANA_URL KUMA_URL NETDATA_URL HL_SECRET_GRAFANA_TOKEN HL_SECRET_KUMA_KEY

# ---- prometheus
reads prometheus.ready
reads prometheus.version
sees .data.version 3.14.0 'the version'
reads prometheus.query 'query=sum by (job) (up{job=~"a|b"})'
sees '.data.result[0].value[1]' NaN 'a value is a text'
like "$(tail -n 1 prometheus.log)" 'query=sum' 'the expression goes into the body'
unlike "$(tail -n 1 prometheus.log)" '&time=' 'now, unless a time is said'
reads prometheus.query query=up time=1763690000.5
sees '.data.result[0].value[0]' 1763690000.5 'at a time'
reads prometheus.query 'query=-up'
fails prometheus.query 'query=sum('
like "$(jq -r .error out)" 'unclosed left parenthesis' 'an expression that is wrong'
fails prometheus.query query=slow
like "$(jq -r .error out)" 'too many samples' 'one that cannot be evaluated'
reads prometheus.query_range query=up start=1763690000 end=1763697600
sees '.data.result[0].values | length' 2 'a range'
fails prometheus.query_range query=up start=1763697600 end=1763690000
like "$(jq -r .error out)" 'before start time' 'a range that is none'
refused prometheus.query_range query=up start=yesterday end=1763690000
reads prometheus.alerts
sees '.data.items[0].labels.alertname' TargetDown 'an alert'
reads prometheus.rules
reads prometheus.rules type=alert
sees '.data.items[0].rules[0].type' alert 'rules of one type'
reads prometheus.targets
sees '.data.activeTargets[0].lastError' 'connection refused' 'a target that is down'
reads prometheus.series 'match=up{job="a"}'
sees '.data.items[0].match' 'up{job="a"}' 'series'
reads prometheus.label_values label=job
sees '.data.items' '["node","web"]' 'the values of a label'

# ---- alertmanager
until=2026-11-21T06:00:00Z
reads alertmanager.status
sees .data.version 0.34.0 'the version'
unlike "$(cat out)" '<secret>' 'and not its configuration'
reads alertmanager.cluster
sees .data.status ready 'the cluster'
reads alertmanager.receivers
sees '.data.items[0].name' hl 'a receiver'
reads alertmanager.groups
reads alertmanager.alerts
sees '.data.items[0].status.state' active 'an alert'
reads alertmanager.alerts 'filter=severity="warning"'
sees '.data.items | length' 0 'none that matches'
fails alertmanager.alerts filter=severity
like "$(jq -r .error out)" 'bad matcher format' 'a filter that is wrong'
acts alertmanager.silence alertname=DiskFull value=nas until=$until 'comment=a new disk is on its way'
reads alertmanager.silences
sees '.data.items[0] | [.status.state, .createdBy, (.matchers | map(.name) | join("+"))] | join(" ")' \
	'active hl alertname+instance' 'the silence is there'
id=$(jq -r '.data.items[0].id' out)
reads alertmanager.alerts
sees '.data.items[0].status.silencedBy[0]' "$id" 'and silences the alert'
reads alertmanager.alerts silenced=false
sees '.data.items | length' 0 'alerts that are not silenced'
reads alertmanager.silence_of id=$id
acts alertmanager.expire id=$id
reads alertmanager.silence_of id=$id
sees .data.status.state expired 'the silence has ended'
reads alertmanager.alerts
sees '.data.items[0].status.state' active 'and the alert is heard again'
acts alertmanager.silence_all alertname=DiskFull until=$until comment=x
called '[]' alertmanager.silence alertname=DiskFull value=nas until=2026-11-20T00:00:00Z comment=late
like "$(jq -r '.outcome.steps[0].error' out)" 'in the past' 'a silence that is over before it begins'
called '[]' alertmanager.expire id=00000000-0000-4000-8000-000000000000
like "$(jq -r '.outcome.steps[0].error' out)" 404 'a silence that is not there'

# ---- grafana
reads grafana.health
sees .data.version 12.3.0 'the version'
reads grafana.alerts
sees '.data.items[0].state' Alerting 'an alert'
reads grafana.rules
sees '.data.items[0].rules[0].state' firing 'a rule'
reads grafana.datasources
sees '.data.items[0].uid' prom 'a source of data'
reads grafana.datasource_health uid=prom
fails grafana.datasource_health uid=dead
like "$(jq -r .error out)" 'connection refused' 'a source that does not answer'
reads grafana.search query=node
sees '.data.items[0].title' Nodes 'a dashboard'
acts grafana.annotate 'text=radarr restarted'
like "$(tail -n 1 grafana.log)" '"tags": *\["hl"\]' 'marked as ours'
acts grafana.silence alertname=Hot until=$until comment=x
reads grafana.silences
sees '.data.items[0].status.state' active 'the silence is there'
id=$(jq -r '.data.items[0].id' out)
acts grafana.expire id=$id
reads grafana.silences
sees '.data.items[0].status.state' expired 'it has ended'
called '[]' grafana.expire id=00000000-0000-4000-8000-000000000000
like "$(jq -r '.outcome.steps[0].error' out)" 'silence not found' 'a silence that is not there'

# ---- uptime-kuma
reads kuma.metrics
like "$(jq -r '.data.lines[]' out)" '^monitor_status{monitor_name="nas".*} 0$' 'a monitor that is down'
reads kuma.page slug=home
sees '.data.publicGroupList[0].monitorList[0].name' nas 'a status page'
reads kuma.heartbeats slug=home
sees '.data.heartbeatList["1"][0].status' 0 'its heartbeats'
fails kuma.page slug=nowhere
like "$(jq -r .error out)" 'Status Page Not Found' 'a page that is not there'

# ---- netdata
reads netdata.info
sees .data.alarms.warning 1 'how many alarms are raised'
reads netdata.alarms
sees '.data.alarms | keys | join(" ")' 'disk_space./.usage' 'those that are raised'
reads netdata.alarms which=all
sees '.data.alarms | length' 2 'all of them'
reads netdata.alarm_log after=41
sees '.data.items[0].unique_id' 42 'those after one'
reads netdata.charts
sees '.data.charts["system.cpu"].units' percentage 'a chart'
reads netdata.data chart=system.cpu seconds=60 points=3
sees '.data.data | length' 3 'what it showed'
like "$(tail -n 1 netdata.log)" 'after=-60' 'in the last minute'
fails netdata.data chart=system.nothing
like "$(jq -r .error out)" 'Chart is not found' 'a chart that is not there'

HL_SECRET_GRAFANA_TOKEN=wrong-4711 HL_SECRET_KUMA_KEY=wrong-4711
fails grafana.datasources
like "$(jq -r .error out)" 'Invalid API key' 'a token that is not good'
fails kuma.metrics
like "$(jq -r .error out)" 401 'a key that is not good'
is "$(grep -rlE '(token|key|secret|plex|tautulli|wrong)-(0815|4711)|uk1_0815' out err planned approved state ops)" '' 'tokens and keys are nowhere'
covered prometheus alertmanager grafana uptime-kuma netdata
done_testing
