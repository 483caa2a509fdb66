# hl-status, hl-halt, hl-resume.
. "$HL_TOP/tests/tap.sh"

for c in hl-status hl-halt hl-resume hl-doctor; do
	run $c --help
	is_status 0 "$c --help"
	run $c --bogus
	is_status 64 "$c with an unknown option"
done
run hl-status
is_status 0 'before anything is set up'
like "$(cat out)" 'hl init' 'it names the first step'
hl-init -q
run hl-status
like "$(cat out)" 'halted   no' 'not halted'
like "$(cat out)" 'waiting  0 cases' 'nothing waits'

run hl-halt moving the rack
is_status 0 'halt'
run hl-status
like "$(cat out)" 'YES: 2026-11-21T04:00:00Z .*moving the rack' 'says since when and why'
run hl-doctor
like "$(cat out)" 'note .*halted' 'the doctor notes it'
hl-resume -q
(trap '' XFSZ; ulimit -f 0; exec hl-halt the disk is full 2>&1) | cat >err
like "$(cat err)" 'halted all the same' 'a halt that cannot say why'
[ -e "$HL_STATE/halt" ]
ok $? 'halts'
run hl-resume
is_status 0 'resume'
run hl-resume
is_status 0 'resume again is no error'
like "$(cat err)" 'there was no halt' 'and says so'
run hl-status
like "$(cat out)" 'halted   no' 'not halted any more'

# A line that drives a terminal stays text.
mkdir -p "$HL_STATE"
printf '2026 x \033[2Jhidden' >"$HL_STATE/halt"
run hl-status
unlike "$(cat out)" "$(printf '\033')" 'control characters are made visible'
hl-resume -q

# What was resolved while it waited says so, there and where it is asked about.
signal='{"kind":"signal","status":"firing","labels":{"alertname":"Odd","instance":"nas"},"starts_at":"2026-11-21T03:00:00Z"}'
echo "$signal" | hl-triage | hl-plan | hl-ask -q >out 2>err
like "$(hl-status)" 'warning  1h  Odd on nas$' 'a parked case is shown'
echo "$signal" | sed 's/firing/resolved/; s/}$/,"ends_at":"2026-11-21T03:50:00Z"}/' | hl-triage >out 2>err
like "$(hl-status)" 'Odd on nas (resolved meanwhile)$' 'with a note once it is resolved'
like "$(hl-ask --list)" 'resolved meanwhile  Odd' 'in the list of questions too'

# What hl-apply was killed over is not forgotten.
mkdir -p "$HL_STATE/runs"
printf '%s\n' '{"event":"begin","at":"2026-11-21T03:00:00Z","case":{},"digest":"d","preflight":[],"before":[]}' \
	'{"event":"try","step":"restart"}' >"$HL_STATE/runs/20261121T030000Z-0000000000000001.jsonl"
like "$(hl-status)" 'cut off  1 case: hl-apply --resume | hl-record' 'a run that did not end is named, with what to do'
echo '{"event":"end","outcome":{"result":"fixed"}}' >>"$HL_STATE/runs/20261121T030000Z-0000000000000001.jsonl"
unlike "$(hl-status)" 'cut off' 'one that did is not'
rm -r "$HL_STATE/runs"

run hl-doctor
is_status 0 'nothing bad'
sed -i 's/systemd.restart$/systemd.restrat/; s/systemd.restart,/systemd.restrat,/' "$HL_STATE"/ops/runbooks/*.yaml
git -C "$HL_STATE/ops" -c user.name=t -c user.email=t@example.org commit -qam 'a slip'
run hl-doctor
is_status 1 'a runbook that asks for a tool that is not there is bad'
like "$(cat out)" "BAD .*runbooks/.*systemd.restrat.*did you mean 'systemd.restart'" 'and it is named, with what was meant'
git -C "$HL_STATE/ops" -c user.name=t -c user.email=t@example.org revert --no-edit HEAD >/dev/null

# Models: none is needed; of one that is there, what it is asked with.
run hl-doctor
unlike "$(cat out)" model 'no word of models where there are none'
mkdir "$HL_STATE/ops/models"
cat >"$HL_STATE/ops/models/two.yaml" <<-END
	models:
	  flash: {provider: gemini, model: g, key: flash_key, limits: {daily: {money: 1}}}
	model_list: [{model_name: old, litellm_params: {model: bedrock/o}}]
END
run hl-doctor
unlike "$(cat out)" 'BAD .*flash' 'models that are not committed are not there'
like "$(cat out)" 'note .*models/two.yaml.*not in force' 'which is said'
git -C "$HL_STATE/ops" add models
git -C "$HL_STATE/ops" -c user.name=t -c user.email=t@example.org commit -qm models
run hl-doctor
is_status 1 'a model without its secret is bad'
like "$(cat out)" "BAD .*model 'flash': no secret 'flash_key': put it into" 'and says where it is looked for'
like "$(cat out)" "note .*model 'old' cannot be asked: .*bedrock" 'one that cannot be asked is noted'
like "$(cat out)" "note .*model 'flash' has a daily limit of money and no price" 'and a limit that nothing counts for'
HL_SECRET_FLASH_KEY=value-of-it run hl-doctor
is_status 0 'with the secret all is well'
like "$(cat out)" 'ok .*2 models in models/ of the ops repo' 'and counted'
unlike "$(cat out err)" value-of-it 'the secret is not shown'
git -C "$HL_STATE/ops" -c user.name=t -c user.email=t@example.org revert --no-edit HEAD >/dev/null

echo 'mode: bold' >"$HL_STATE/ops/policy.yaml"
run hl-doctor
is_status 0 'an edit that is not committed is not in force'
like "$(cat out)" "note .*policy.yaml.*not in force" 'and is pointed at'
git -C "$HL_STATE/ops" -c user.name=t -c user.email=t@example.org commit -qam 'bold'
run hl-doctor
is_status 1 'committed, it is bad'
like "$(cat out)" 'BAD .*policy.yaml:1:.*mode' 'with file, line and key'
done_testing
