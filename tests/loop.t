# The whole loop as a newcomer would build it: an own toolset, an own runbook, an own failure.
. "$HL_TOP/tests/tap.sh"

hl-init -q
ops=$HL_STATE/ops
mkdir -p site
mkdir -p "$ops/tools" "$ops/runbooks"
cat >"$ops/tools/site.yaml" <<END
toolset: site
tools:
  - name: site.up
    description: whether the site's flag file is there
    effect: read
    run: [ls, "$PWD/site"]
    output: lines
  - name: site.mend
    description: put the flag file back
    effect: change
    blast_radius: single_service
    args: {name: {type: string, pattern: "^[a-z]+\$"}}
    run: [touch, "$PWD/site/{name}"]
    undo: {tool: site.drop, args: {name: "{name}"}}
  - name: site.drop
    description: remove the flag file
    effect: change
    blast_radius: single_service
    args: {name: {type: string, pattern: "^[a-z]+\$"}}
    run: [rm, -f, "$PWD/site/{name}"]
END
cat >"$ops/runbooks/site-down.yaml" <<END
id: site-down
title: The site has lost its flag
trigger:
  match: {alertname: SiteDown}
solutions:
  - id: mend
    title: Put the flag back
    impact: none
    risk: low
    steps:
      - {id: mend, tool: site.mend, args: {name: "{labels.flag}"}}
    verify:
      - {title: the flag is there, tool: site.up, expect: {/lines: {contains: up}}}
END
git -C "$ops" add -A
git -C "$ops" -c user.name=t -c user.email=t@example.org commit -qm 'site: a toolset and a runbook'
run hl-runbook check
is_status 0 'the own runbook is right'

signal='{"kind":"signal","status":"firing","labels":{"alertname":"SiteDown","instance":"web:80","flag":"up"},"annotations":{"summary":"no flag"},"starts_at":"2026-11-21T03:59:00Z"}'
loop() { hl-triage | hl-plan | hl-ask "$@" | hl-apply | hl-record; }

echo "$signal" | loop >parked.jsonl 2>err
is "$(wc -l <parked.jsonl | tr -d ' ')" 0 'nobody there: nothing comes out'
like "$(hl-status)" 'waiting  1 case' 'the case is parked'
ok "$([ ! -e site/up ]; echo $?)" 'and nothing was done'

hl-ask --parked --answer approve --by alice 2>err | hl-apply 2>>err | hl-record >done.jsonl 2>>err
is "$(jq -r .outcome.result done.jsonl)" fixed 'approved from the spool: fixed'
ok "$([ -e site/up ]; echo $?)" 'the tool ran'
is "$(jq -r '[.approval.by,.approval.decision,.approval.solution]|@csv' done.jsonl)" '"alice","approved",1' 'alice approved it'
like "$(hl-status)" 'waiting  0 cases' 'nothing waits any more'
like "$(git -C "$ops" log -1 --format=%B)" '^Approved-by: alice' 'the commit says who'
is "$(git -C "$ops" log -1 --format=%B | git interpret-trailers --parse | grep -c '^Case: ')" 1 'in trailers that git reads'
is "$(git -C "$ops" status --porcelain)" '' 'the work tree is clean'

commits=$(git -C "$ops" rev-list --count HEAD)
rm site/up
for again in 1 2; do
	echo "$signal" | loop --answer approve >again.jsonl 2>>err
	hl-apply <done.jsonl 2>>err | hl-record >>again.jsonl 2>>err
done
is "$(git -C "$ops" rev-list --count HEAD)" "$commits" 'the same again is no new commit'
ok "$([ ! -e site/up ]; echo $?)" 'and runs nothing'

# The stages in a row pass on what is not theirs, byte for byte.
printf '%s\n' '{"kind":"wish","n" : 1.50,"x":"\u00e9"}' '{"a":[1,2 ],"kind":"note"}' >other
loop <other >out 2>err
is "$(cat out)" "$(cat other)" 'unknown kinds pass through all stages unchanged'

# A flag name that is an option is refused before anything runs: no solution is left, so a person has to look.
echo "$signal" | sed 's/"flag":"up"/"flag":"--help"/; s/03:59/04:05/; s/web:80/web:81/' |
	hl-triage | hl-plan 2>err >bad.jsonl
is "$(jq -c '[.plan.solutions, .plan.recommended]' bad.jsonl)" '[[],null]' 'a hostile label gives no solution'
like "$(jq -r '.plan.problems[0]' bad.jsonl)" "argument 'name'" 'and the plan says why'
hl-ask --answer approve <bad.jsonl 2>err | hl-apply >out 2>>err
is "$(cat out)" '' 'approving it approves nothing'
like "$(hl-status)" 'waiting  1 case' 'the case waits for a person'
done_testing
