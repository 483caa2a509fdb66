# hl-gather runs a goal's tools and raises signals, and takes what Alertmanager sends.
. "$HL_TOP/tests/tap.sh"

# --- on this machine, before anything is set up ---
run hl-gather
is_status 0 'works without an ops repo'
is "$(jq -rs 'map(select(.kind == "observation").tool) | sort | join(" ")' out)" \
	"$(sed -n 's/^  - \([a-z.]*\)$/\1/p; s/^  - {tool: \([a-z.]*\),.*/\1/p' "$HL_TOP/goals/health-check.md" | sort | tr '\n' ' ' | sed 's/ $//')" \
	'each tool of the goal gives one observation'
is "$(jq -s 'map(select(.kind == "observation" and .ok == false and .error == null)) | length' out)" 0 'a failure says why'
is "$(jq -s '(map(.kind == "signal") | index(true)) as $i | if $i then .[$i:] | all(.kind == "signal") else true end' out)" true \
	'signals come after the observations'
jq -c 'select(.kind == "observation")' out >observations
schema_ok observation 'they are as hl-observation(5) says' <observations
ok "$([ ! -e "$HL_STATE/hl.db" ]; echo $?)" 'no database is made'

# --- with tools and rules of its own ---
mkdir -p data/toolsets data/goals
cp -R data own
HL_DATA=$PWD/own; export HL_DATA
cat >own/toolsets/t.yaml <<X
toolset: t
tools:
  - {name: t.disks, effect: read, run: [cat, $PWD/disks.json], output: json}
  - {name: t.one, effect: read, args: {n: {type: integer, default: 1}}, run: [printf, '{{"n":%s}}', "{n}"], output: json}
  - {name: t.slow, effect: read, run: [sleep, "60"]}
  - {name: t.absent, effect: read, run: [no-such-program]}
  - {name: t.act, effect: change, blast_radius: none, run: [touch, $PWD/acted]}
X
goal() { # NAME, front matter on standard input
	{ printf -- '---\nname: %s\n' "$1" && cat && printf -- '---\nLook.\n'; } >"own/goals/$1.md"
}
goal disks <<'X'
tools:
  - t.absent
  - {tool: t.slow, deadline: 300ms}
  - t.disks
rules:
  - alert: Full
    tool: t.disks
    each: /items
    when: {/used: {">=": 90}}
    severity: critical
    labels: {mountpoint: "{/name}", absent: "{/nothing}", n: "{/used}"}
    summary: "{/name} on {host} is {/used} % full, says {tool}"
X
echo '[{"name":"/a","used":95},{"name":"/b","used":10},{"name":"/c d","used":90}]' >disks.json
host=$(uname -n)
before=$(date +%s)
run hl-gather --goal disks
is_status 0 'tools that fail are no failure'
ok "$([ $(($(date +%s) - before)) -lt 20 ]; echo $?)" 'a slow tool costs its own deadline'
is "$(jq -r 'select(.tool == "t.slow").error' out)" "'sleep' was ended after 300ms" 'and is said to be slow'
is "$(jq -c 'select(.tool == "t.absent") | [.ok, .absent]' out)" '[false,true]' 'an absent program is said to be absent'
is "$(jq -s 'map(select(.kind == "signal")) | length' out)" 2 'a rule holds twice'
jq -c 'select(.kind == "signal")' out >signals
is "$(head -n 1 signals | jq -cS '[.source, .status, .name, .severity, .labels]')" \
	"[\"hl-gather\",\"firing\",\"Full\",\"critical\",{\"alertname\":\"Full\",\"host\":\"$host\",\"instance\":\"$host\",\"mountpoint\":\"/a\",\"n\":\"95\",\"severity\":\"critical\"}]" \
	'with the labels of the rule, but none for what is not there'
is "$(tail -n 1 signals | jq -r .annotations.summary)" "/c d on $host is 90 % full, says t.disks" 'and its summary'
is "$(jq -r '.fingerprint + "-20261121T040000Z" == .id' signals | sort -u)" true 'the id is fingerprint and start'
schema_ok signal 'it is as hl-signal(5) says' <signals
is "$(jq -r .starts_at signals | sort -u)" 2026-11-21T04:00:00Z 'it starts when it was seen'

# --- what triage remembers ---
hl-triage -q <signals >cases
HL_NOW=2026-11-21T04:10:00Z run hl-gather --goal disks
is "$(jq -r 'select(.kind == "signal").starts_at' out | sort -u)" 2026-11-21T04:00:00Z 'what fires on keeps its start'
is "$(jq -r 'select(.kind == "signal").id' out | sort)" "$(jq -r .id signals | sort)" 'and its id'
echo '[{"name":"/a","used":95}]' >disks.json
HL_NOW=2026-11-21T04:20:00Z run hl-gather --goal disks
is "$(jq -c 'select(.status == "resolved") | [.labels.mountpoint, .starts_at, .ends_at, .fingerprint]' out)" \
	"[\"/c d\",\"2026-11-21T04:00:00Z\",\"2026-11-21T04:20:00Z\",\"$(tail -n 1 signals | jq -r .fingerprint)\"]" \
	'what no longer holds is resolved'
jq -c 'select(.status == "resolved")' out >resolved
schema_ok signal 'that is a signal too' <resolved
hl-triage -q <out >cases
HL_NOW=2026-11-21T04:30:00Z run hl-gather --goal disks
is "$(jq -s 'map(select(.status == "resolved")) | length' out)" 0 'once'
rm disks.json
HL_NOW=2026-11-21T04:40:00Z run hl-gather --goal disks
is "$(jq -s 'map(select(.kind == "signal")) | length' out)" 0 'a tool that did not answer resolves nothing'
echo '{"items":{}}' >disks.json
run hl-gather --goal disks
is_status 0 'data that is not what a rule expects'
like "$(cat err)" "rule 'Full': no list at '/items'" 'is said'

# --- goals that are wrong ---
echo 'tools: [t.act]' | goal act
run hl-gather --goal act
is_status 78 'a tool that acts is refused'
ok "$([ ! -e acted ]; echo $?)" 'and not run'
echo 'tools: [t.disk]' | goal typo
run hl-gather --goal typo
is_status 78 'a tool that is not there'
like "$(cat err)" "did you mean 't.disks'" 'but nearly'
echo 'tools: [{tool: t.one, args: {n: x}}]' | goal args
run hl-gather --goal args
is_status 78 'arguments that the tool does not take'
run hl-gather --goal nothing
is_status 64 'no such goal'

# --- what policy changes ---
goal one <<'X'
tools: [t.one, {tool: t.one, args: {n: 7}}]
rules:
  - {alert: Any, tool: t.one, when: {/n: {">": 0}}}
  - {alert: Seven, tool: t.one, args: {n: 7}, when: {/n: {">": 0}}}
  - {alert: Off, tool: t.one, when: {/n: {">": 0}}}
X
git init -q ops
cat >ops/policy.yaml <<'X'
rules:
  Seven: {severity: critical, summary: "it is {/n}"}
  Any: {when: {/n: {">": 5}}}
  Off: {off: true}
X
git -C ops add -A && git -C ops -c user.name=a -c user.email=a@b commit -qm x
run hl-gather --goal one --repo "$PWD/ops"
is_status 0 'policy overrides rules'
is "$(jq -c 'select(.kind == "signal") | [.name, .severity, .labels.severity, .annotations.summary]' out | sort)" \
	'["Any","warning","warning",null]
["Seven","critical","critical","it is 7"]' 'its condition, severity and summary, or turns it off'

# --- webhooks ---
s=$HL_TOP/tests/samples/alertmanager
run hl-gather --from "$s/webhook-firing-single.json"
is_status 0 'a webhook'
is "$(jq -c '[.kind, .status, .fingerprint]' out)" \
	"$(jq -c '.alerts[] | ["signal", .status, .fingerprint]' "$s/webhook-firing-single.json")" "with Alertmanager's own fingerprint"
cat "$s"/webhook-*.json >all
run hl-gather --from - <all
is_status 0 'many, pretty-printed or not, one after the other'
is "$(jq -r '.fingerprint + .status' out)" "$(jq -r '.alerts[] | .fingerprint + .status' all)" 'give all their alerts'
schema_ok signal 'as signals' <out
like "$(cat err)" 'payload .*left out 1 alerts' 'what the sender left out is said'
jq -cS . out >once
jq -c . all >lines
run hl-gather --from lines
jq -cS . out | cmp -s - once
ok $? 'one a line gives the same'
one=$(jq -c . "$s/webhook-firing-single.json")
{
	printf '{"version":"4","alerts":[{"x":\n%s\nrubbish\n{"version":"4","alerts":"none"}\n' "$one"
	printf '{"version":"4","a":"open\n%s\n' "$one"
	printf '%s' "$one" | jq -c '.alerts += [{"status":"firing","labels":{"a":1},"startsAt":"2026-11-21T01:00:00Z"}]'
	printf '%s' "$one" | cut -c1-100
} >bad
run hl-gather --from - <bad
is_status 65 'bad ones'
is "$(wc -l <out | tr -d ' ')" "$(($(printf '%s' "$one" | jq '.alerts | length') * 3))" 'cost no other'
is "$(grep -c '^hl-gather: stdin: payload' err)" 6 'each is named'
is "$(awk 'NR % 2 == 0' "$HL_STATE"/rejects/* | wc -l | tr -d ' ')" 6 'and kept'
like "$(cat err)" "alerts\[[0-9]*\].labels: label 'a' is not a text" 'with the place'
run hl-gather --from /nowhere
is_status 69 'a file that is not there'
run hl-gather --from - </dev/null
is_status 0 'empty input is fine'
is "$(cat out)" '' 'and gives nothing'

run hl-gather --help
is_status 0 'help'
run hl-gather --gaol x
is_status 64 'an unknown option'
run hl-gather x
is_status 64 'an operand'
if [ -e /dev/full ]; then
	hl-gather --from lines >/dev/full 2>err
	is $? 74 'lost output'
	hl-gather --goal one >/dev/full 2>err
	is $? 74 'lost observations'
fi
i=0; while [ $i -lt 400 ]; do cat lines; i=$((i + 1)); done >many
{ hl-gather --from many 2>err; echo $? >status; } | head -n 1 >/dev/null
is "$(cat status)" 141 'a reader that has gone ends it'
done_testing
