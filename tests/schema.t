# The JSON Schemas: they accept the records of the manuals and refuse what breaks a rule.
. "$HL_TOP/tests/tap.sh"
schema=$HL_TOP/tests/schema.py
samples=$HL_TOP/tests/samples/records

run python3 "$schema" --check "$HL_TOP"/schemas/*.json
is_status 0 'the schemas use only keywords that are understood here'
for kind in signal observation case; do
	schema_ok $kind "samples of a $kind are valid" <"$samples/$kind.jsonl"
done

refuses() { # KIND PLACE JQ-FILTER: the last sample, changed, has a fault at the place
	tail -1 "$samples/$1.jsonl" | jq -c "$3" | python3 "$schema" "$HL_TOP/schemas/$1.json" >out 2>&1
	status=$?
	is "$status $(sed 's/^line 1: \([^:]*\):.*/\1/' out | sort -u)" "1 $2" "$1: $3"
}

refuses signal / 'del(.status)'
refuses signal / 'del(.labels)'
refuses signal /kind '.kind = "case"'
refuses signal /status '.status = "on"'
refuses signal /status '.ends_at = "2026-11-21T04:13:00Z"'
refuses signal /labels '.labels = {}'
refuses signal /labels/a '.labels.a = 1'
refuses signal /annotations/a '.annotations.a = null'
refuses signal /fingerprint '.fingerprint = "9C2E51D0A7B3F644"'
refuses signal /starts_at '.starts_at = "yesterday"'
refuses signal /starts_at '.starts_at += ([10] | implode)'
refuses observation / 'del(.data)'
refuses observation / '.ok = false'
refuses observation /ok '.ok = 1 | .error = "x"'
refuses observation /took_ms '.took_ms = 1.5'
refuses observation /took_ms '.took_ms = -1'
refuses observation /args '.args = []'
refuses case /id '.id = "../../etc"'
refuses case /id '.id = ""'
refuses case /signals '.signals = {}'
refuses case /signals '.signals = [range(101) | {kind: "signal", status: "firing", labels: {a: "b"}}]'
refuses case /signals/0 '.signals[0] |= del(.labels)'
refuses case /context/0 '.context[0].ok = false'
refuses case /basis '.basis = "main"'
refuses case /triage/verdict '.triage.verdict = "fine"'
refuses case /triage '.triage |= del(.why)'
refuses case /triage/seen/fresh '.triage.seen = {fresh: 1}'
refuses case /triage/seen/stale/0 '.triage.seen = {stale: [-1]}'
refuses case /plan '.plan |= del(.digest)'
refuses case /plan/autonomy/seen/last_action '.plan.autonomy.seen = {last_action: 0}'
refuses case /plan/autonomy/level '.plan.autonomy.level = "yolo"'
refuses case /plan/solutions/0/steps '.plan.solutions[0].steps = []'
refuses case /plan/solutions/0/steps/0 '.plan.solutions[0].steps[0] |= del(.args)'
refuses case /plan/solutions/0/steps/0/undo '.plan.solutions[0].steps[0].undo = "no"'
refuses case /plan/solutions/0/verify/0/within '.plan.solutions[0].verify[0].within = "30"'
refuses case /plan/recommended '.plan.recommended = 0'
refuses case /approval/decision '.approval.decision = "yes"'
refuses case /approval/solution '.approval.solution = null'
refuses case /approval '.approval.decision = "snoozed"'
refuses case /outcome/result '.outcome.result = "ok"'
refuses case /outcome/steps/0 '.outcome.steps[0] |= del(.ok)'
refuses case /outcome/verify/0/holds '.outcome.verify[0].holds = "yes"'
refuses case /record/path '.record.path = "elsewhere"'

printf '%s\n' 'no json' '{"kind":"signal","kind":"signal"}' '{"kind":NaN}' '[]' '' |
	python3 "$schema" "$HL_TOP/schemas/signal.json" >out
is "$(grep -c '^line [1-5]: /' out)" 5 'what is no record is refused'
printf '{"oneOf":[]}' >odd.json
run python3 "$schema" --check odd.json
is_status 1 'a keyword that is not understood is no silent pass'
done_testing
