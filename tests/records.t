# What every stage writes satisfies the JSON Schemas of the records.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

for payload in "$HL_TOP"/tests/samples/alertmanager/webhook-*.json; do
	hl-gather --from "$payload" >signals.jsonl 2>err
	schema_ok signal "signals from $(basename "$payload")" <signals.jsonl
done

hl-gather -q >gathered.jsonl 2>err
jq -c 'select(.kind == "observation")' gathered.jsonl >observations.jsonl
schema_ok observation 'what hl-gather observes on this machine' <observations.jsonl
jq -c 'select(.kind == "signal")' gathered.jsonl >signals.jsonl
[ ! -s signals.jsonl ] || schema_ok signal 'and the signals it raises' <signals.jsonl

for call in 'host.load' 'host.disks' 'systemd.failed'; do
	# shellcheck disable=SC2086 # a name and its arguments
	hl-tool run $call 2>err
done >observations.jsonl
schema_ok observation 'what hl-tool prints' <observations.jsonl

make_ops
cat >ops/runbooks/box.yaml <<-END
	id: box-gone
	title: The box is gone
	trigger: {match: {alertname: BoxGone}}
	automation_level: ask_human
	solutions:
	  - id: make
	    title: Make it again
	    impact: none
	    risk: low
	    steps: [{id: make, tool: box.mkdir, args: {path: "{labels.dir}"}}]
	    preflight: [{title: there is room, tool: box.has, args: {path: "$PWD/box"}}]
	    verify: [{title: it is there, tool: box.has, args: {path: "{labels.dir}"}, within: 2s}]
	  - id: fail
	    title: What never works
	    steps:
	      - {id: make, tool: box.mkdir, args: {path: "{labels.dir}.b"}}
	      - {id: fail, tool: box.fail, needs: [make]}
END
commit_ops 'a runbook'

signal() { # DIR
	printf '{"kind":"signal","status":"firing","labels":{"alertname":"BoxGone","dir":"%s/box/%s","instance":"%s"},' "$PWD" "$1" "$1"
	printf '"annotations":{"summary":"the box is gone"},"starts_at":"2026-11-21T03:59:00Z"}\n'
}
for box in a b c d e; do signal $box; done >signals.jsonl
echo '{"kind":"signal","status":"firing","labels":{"alertname":"Unheard of"}}' >>signals.jsonl

hl-triage <signals.jsonl 2>err >triaged.jsonl
schema_ok case 'cases that hl-triage opens' <triaged.jsonl
hl-plan <triaged.jsonl 2>err >planned.jsonl
schema_ok case 'cases with plans' <planned.jsonl
is "$(jq -s 'map(select(.plan)) | length' planned.jsonl)" 6 'all of them'

each_answer() { # the cases are answered differently, one each
	n=0
	while read -r line; do
		n=$((n + 1))
		case $n in
		1) answer=1 ;;
		2) answer=2 ;;
		3) answer=ignore ;;
		4) answer='snooze 2h' ;;
		5) answer='custom: I will look at it' ;;
		*) answer=no ;;
		esac
		printf '%s\n' "$line" | hl-ask --by alice --answer "$answer" 2>>err
	done
}
(each_answer) <planned.jsonl >asked.jsonl
schema_ok case 'cases with answers' <asked.jsonl
is "$(jq -r .approval.decision asked.jsonl | sort -u | tr '\n' ' ')" 'approved ignored rejected snoozed ' 'of each kind'
hl-apply <asked.jsonl 2>err >applied.jsonl
schema_ok case 'cases with outcomes' <applied.jsonl
is "$(jq -r '.outcome.result // empty' applied.jsonl | sort | tr '\n' ' ')" 'fixed rolled_back ' 'one fixed, one rolled back'
hl-record <applied.jsonl 2>err >recorded.jsonl
schema_ok case 'cases with records' <recorded.jsonl
is "$(jq -s 'map(select(.record)) | length' recorded.jsonl)" 6 'all of them are recorded'
triaged f1f1f1f1f1f1f1f1 '"box-gone"' | hl-plan 2>err | approve 1 >planned-again.jsonl
HL_NOW=2027-11-21T04:00:00Z hl-apply <planned-again.jsonl >refused.jsonl 2>err
schema_ok case 'a refusal' <refused.jsonl
is "$(jq -r .outcome.result refused.jsonl)" refused 'that is what it was'
done_testing
