# hl-runbook: what it finds wrong and where, what it begins, what it explains.
. "$HL_TOP/tests/tap.sh"

# The tools the tests speak of, whatever is installed.
mkdir -p data/toolsets
cat >data/toolsets/svc.yaml <<'END'
toolset: svc
tools:
  - name: svc.restart
    description: Restart a service
    effect: change
    blast_radius: single_service
    args: {unit: {type: string, pattern: "^[a-z.-]+$"}, tries: {type: integer, default: 1, max: 5}}
    run: [true]
    undo: {tool: svc.restart, args: {unit: "{unit}"}}
  - name: svc.wipe
    effect: destroy
    blast_radius: single_node
    run: [true]
  - name: svc.status
    effect: read
    args: {unit: {type: string}}
    run: [true]
END
sed -i 's/\[true\]/[\/bin\/true]/' data/toolsets/svc.yaml

good() {
	cat <<'END'
id: web-down
trigger: {alert: WebDown}
solutions:
  - id: restart
    steps:
      - {id: restart, tool: svc.restart, args: {unit: "{labels.unit}"}}
    verify:
      - {tool: svc.status, args: {unit: web}, expect: {/state: up}}
END
}

run hl-runbook --help
is_status 0 '--help'
like "$(cat out)" 'hl-runbook \[options\] explain NAME|FILE' 'all three forms are shown'
run hl-runbook --bogus
is_status 64 'an unknown option'
run hl-runbook
is_status 64 'nothing said'
run hl-runbook chekc
is_status 64 'an unknown verb'
run hl-runbook new
is_status 64 'new without a name'

export HL_DATA=$PWD/data
good >good.yaml
run hl-runbook check good.yaml
is_status 0 'a good one, with no ops repo'
like "$(cat err)" '^hl-runbook: 1 runbook checked, all right' 'says so'
hl-runbook check - <good.yaml 2>err
is $? 0 'from standard input'
run hl-runbook check -q good.yaml
is "$(cat err)" '' '-q says nothing'
run hl-runbook check
is_status 78 'nothing to check: no files and no ops repo'
run hl-runbook check absent.yaml
is_status 78 'a file that is not there'
like "$(cat err)" "cannot open 'absent.yaml'" 'is named'

fault() { # SED-EXPRESSION MESSAGE NAME
	good | sed "$1" >bad.yaml
	run hl-runbook check bad.yaml
	is_status 78 "$3"
	is "$(sed -n '1s/^hl-runbook: //p' err)" "$2" "$3: the place and the reason"
}
fault 's/svc.restart, args/svc.restrat, args/' \
	"bad.yaml:6:23: solutions[0].steps[0].tool: no tool 'svc.restrat' in the catalogue: did you mean 'svc.restart'?" \
	'a tool that is not there'
fault 's/{unit: "/{unti: "/' \
	"bad.yaml:6:49: solutions[0].steps[0].args.unti: tool 'svc.restart': argument 'unti': not known, did you mean 'unit'?" \
	'an argument it does not take'
fault 's/, args: {unit: "{labels.unit}"}//' \
	"bad.yaml:6:9: solutions[0].steps[0].args: tool 'svc.restart': argument 'unit': missing" 'an argument it lacks'
fault 's/"{labels.unit}"/"{unit}"/' \
	"bad.yaml:6:49: solutions[0].steps[0].args.unit: '{unit}' cannot be filled in: use {labels.NAME} or {annotations.NAME}; '{{' is a brace" \
	'a placeholder that nothing fills'
fault 's/"{labels.unit}"/"{labels.a-b}"/' \
	"bad.yaml:6:49: solutions[0].steps[0].args.unit: 'a-b' cannot be the name of a label" 'a label that cannot be'
fault 's/"{labels.unit}"/web, tries: 9/' \
	"bad.yaml:6:60: solutions[0].steps[0].args.tries: tool 'svc.restart': argument 'tries': is more than 5" \
	'a value that does not fit'
fault 's/svc.status, args: {unit: web}/svc.wipe/' \
	"bad.yaml:8:10: solutions[0].verify[0].tool: tool 'svc.wipe' changes something; a check may only read" \
	'a check that would change something'
fault 's/^trigger.*/trigger: {alrt: WebDown}/' "bad.yaml:2:11: trigger.alrt: unknown key: did you mean 'alert'?" \
	'a misspelt key'
fault 's/^id: .*/id: [/' "bad.yaml:3:1: did not find expected ',' or ']' while parsing a flow sequence" 'no YAML'

good | sed 's/svc.restart, args/svc.x, args/; s/svc.status/svc.y/' >two.yaml
run hl-runbook check two.yaml
is "$(grep -c 'two.yaml:' err)" 2 'all faults are told, not only the first'
like "$(cat err)" '2 faults in 1 runbook' 'and counted'

good | sed 's/labels.unit/labels.instnace/' >doubt.yaml
run hl-runbook check doubt.yaml
is_status 0 'a doubt is no fault'
like "$(cat err)" "did you mean '{labels.instance}'" 'but is told'
good | sed '/verify/,$d' >unverified.yaml
run hl-runbook check unverified.yaml
is_status 0 'nothing verifies it: no fault'
like "$(cat err)" 'never count as a success' 'but is told'

printf 'promotion_criteria: {blast_radius: single_pod}\n' >>unverified.yaml
run hl-runbook check unverified.yaml
like "$(cat err)" "'svc.restart' reaches a single_service, wider than" 'as is a tool that reaches wider than it says'

cat >mine.yaml <<'END'
toolset: mine
tools:
  - {name: mine.look, effect: read, run: [/bin/true]}
END
good | sed 's/svc.status, args: {unit: web}/mine.look/' >own.yaml
run hl-runbook check own.yaml
is_status 78 'a tool that is not committed yet'
run hl-runbook check --tools mine.yaml own.yaml
is_status 0 'is known with --tools'

cp good.yaml again.yaml
run hl-runbook check good.yaml again.yaml
is_status 78 'one id in two files'
like "$(cat err)" "again.yaml:1:1: id: 'web-down' is the id of 'good.yaml' too" 'names both'

run hl-runbook check "$HL_TOP/tests/samples/radarr-memory-pressure.yaml"
is "$(grep -c 'no tool .kubectl_' err)" 2 'the form of action: NAME is checked too'

# new
run hl-runbook new disk-full
is_status 0 'new'
like "$(cat out)" '^id: disk-full' 'has the name'
like "$(cat out)" '^  alert: DiskFull' 'and an alert to go with it'
HL_DATA=$HL_TOP hl-runbook check - <out 2>err
is $? 0 'and passes check as it stands'
run hl-runbook new disk-full -o new.yaml
is_status 0 'into a file'
run hl-runbook new disk-full -o new.yaml
is_status 64 'which is never overwritten'
run hl-runbook new ../x
is_status 64 'a name that is no file name'
hl-runbook new x >/dev/full 2>err
is $? 74 'output lost'

# explain
run hl-runbook explain good.yaml
is_status 0 'explain a file'
like "$(cat out)" 'an alert with alertname="WebDown"' 'what sets it off'
like "$(cat out)" 'svc.restart unit={labels.unit}  (Restart a service)' 'what it would do'
like "$(cat out)" 'level: ask_human' 'how far'
like "$(cat out)" 'because mode verbose caps at ask_human' 'and why no further'
like "$(cat out)" '5 successes in a row' 'what it takes to rise'
run hl-runbook explain "$HL_TOP/tests/samples/radarr-memory-pressure.yaml"
like "$(cat out)" 'names container_memory_usage_bytes, with pod=~"radarr' 'a metric as a trigger'
like "$(cat out)" 'kubectl_patch  (not in the catalogue: it cannot be done)' 'and what cannot be done'
good | sed 's/^id:.*/&\ntitle: "a\\e[31mb"/' >evil.yaml
run hl-runbook explain evil.yaml
is "$(grep -c "$(printf '\033')" out)" 0 'no text drives the terminal'
run hl-runbook explain nothing
is_status 64 'neither an id nor a file'
hl-runbook explain good.yaml >/dev/full 2>err
is $? 74 'output lost'

# with an ops repo: what is committed
git init -q -b main ops
export HL_REPO=$PWD/ops
commit() { git -C ops add -A && git -C ops -c user.name=t -c user.email=t@example.org commit -qm t; }
mkdir -p ops/runbooks/web ops/tools
good >ops/runbooks/web/down.yaml
printf 'mode: learning\n' >ops/policy.yaml
cp mine.yaml ops/tools
commit
run hl-runbook check
is_status 0 'the committed ones'
run hl-runbook check own.yaml
is_status 0 'a file, with the tools that are committed'
run hl-runbook explain web-down
like "$(cat out)" '(runbooks/web/down.yaml)' 'explain by id'
like "$(cat out)" 'no person has chosen this solution before' 'learning: other caps bind'
echo 'id: [' >ops/runbooks/half.yaml
run hl-runbook check
is_status 0 'what is not committed is not looked at'
good >ops/runbooks/copy.yaml
rm ops/runbooks/half.yaml
commit
run hl-runbook check
is_status 78 'one id twice in the repo'
like "$(cat err)" "runbooks/web/down.yaml:1:1: id: 'web-down' is the id of 'runbooks/copy.yaml' too" 'names both'
echo 'tools: {deny: ["svc.*"]}' >ops/policy.yaml
commit
run hl-runbook check good.yaml
is_status 78 'a tool that policy denies'
like "$(cat err)" "good.yaml:6:23: solutions.0..steps.0..tool: policy denies tool 'svc.restart'" 'is named'
echo 'mode: bold' >ops/policy.yaml
commit
run hl-runbook check
is_status 78 'a policy that does not load'
like "$(cat err)" 'policy.yaml:1:1: mode' 'is named'

# What the manual shows is right: the shortest runbook, and the three files of its example.
unset HL_REPO
block() { # N: the nth literal block of hl-runbook(5)
	awk -v n="$1" '/^\.Bd/ { i++; next } /^\.Ed/ { on = 0; if (i == n) exit } i == n' "$HL_TOP/man/hl-runbook.5"
}
example() { # PATTERN: the literal block that has this line
	i=1
	while [ $i -lt 30 ] && ! block $i | grep -q "$1"; do i=$((i + 1)); done
	block $i
}
export HL_DATA=$HL_TOP HL_STATE=$PWD/manual
example '^id: plex-down' >plex.yaml
run hl-runbook check plex.yaml
is_status 0 'the shortest runbook of the manual'
hl-init -q
ops=$HL_STATE/ops
mkdir -p "$ops/tools"
example '^toolset: backup' >"$ops/tools/backup.yaml"
example '^name: backup' >"$ops/goals/backup.md"
example '^id: backup-stuck' >"$ops/runbooks/backup-stuck.yaml"
run hl-runbook check --tools "$ops/tools/backup.yaml" "$ops/runbooks/backup-stuck.yaml"
is_status 0 "the manual's example, before it is committed"
is "$(cat err)" 'hl-runbook: 1 runbook checked, all right' 'without a doubt'
git -C "$ops" add -A
git -C "$ops" -c user.name=t -c user.email=t@example.org commit -qm t
run hl-runbook check
is_status 0 'and after'
for unit in a b; do
	echo '{"kind":"signal","status":"firing","labels":{"alertname":"UnitFailed","instance":"nas","unit":"'$unit'.service"},"starts_at":"2026-11-21T03:59:00Z"}'
done | hl-triage | hl-plan >units 2>err
is "$(jq -r '.plan.solutions[0].steps[0].args.unit' units | sort | tr '\n' ' ')" 'a.service b.service ' \
	'two units that failed are two cases, each with its plan'
mkdir -p locks && : >locks/old && touch -d '2 days ago' locks/old
sed -i "s,/srv/backup/locks,$PWD/locks," "$ops/tools/backup.yaml"
git -C "$ops" -c user.name=t -c user.email=t@example.org commit -qam 'tools: where it is here'
hl-gather --goal backup | hl-triage | hl-plan >cases 2>err
is "$(jq -r '.triage.runbooks[0] + " " + (.plan.solutions | length | tostring)' cases)" 'backup-stuck 1' \
	'it senses, and plans what the manual says'
done_testing
