# hl-plan: solutions from the runbook that matched, checked, frozen.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

make_ops
cat >ops/runbooks/box-gone.yaml <<'END'
id: box-gone
title: The box is gone
trigger: {alert: BoxGone}
solutions:
  - id: make-it
    title: Make it again
    impact: none
    risk: low
    steps:
      - {id: count, tool: box.count, args: {file: "{labels.dir}.count"}, needs: [make]}
      - {id: make, tool: box.mkdir, args: {path: "{labels.dir}"}}
    preflight: [{tool: box.has, args: {path: /}, title: there is a root}]
    verify: [{tool: box.has, args: {path: "{labels.dir}"}, title: the box is there}]
    human_selected: 99
    success_rate: 0.99
  - id: make-it-plainly
    steps: [{id: make, tool: box.mkdir, args: {path: "{labels.dir}"}}]
    verify: [{tool: box.has, args: {path: "{labels.dir}"}}]
    human_selected: 1
    success_rate: 1.0
automation_level: auto
END
cat >ops/runbooks/half-broken.yaml <<'END'
id: half-broken
trigger: {alert: BoxGone}
solutions:
  - {id: no-tool, action: box.mkdri, args: {path: /x}}
  - {id: no-label, action: box.mkdir, args: {path: "{labels.path}"}}
  - {id: bad-argument, action: box.mkdir, args: {path: "relative"}}
  - {id: injected, action: box.mkdir, args: {path: "{labels.odd}"}}
  - {id: unknown-argument, action: box.mkdir, args: {paht: /x}}
  - id: change-as-check
    action: box.mkdir
    args: {path: /x}
    verify: [{tool: box.mkdir, args: {path: /x}}]
  - {id: wipe, action: box.wipe, args: {path: "{labels.dir}"}, human_selected: 9, success_rate: 1.0}
automation_level: auto
END
cat >ops/runbooks/destroys.yaml <<'END'
id: destroys
trigger: {alert: BoxGone}
solutions:
  - {id: wipe, action: box.wipe, args: {path: "{labels.dir}"}, human_selected: 9, success_rate: 1.0}
automation_level: auto
END
cat >ops/runbooks/untried.yaml <<'END'
id: untried
trigger: {alert: BoxGone}
solutions:
  - {id: failed-before, action: box.mkdir, args: {path: "{labels.dir}"}, human_selected: 3, success_rate: 0.0}
  - {id: new, action: box.mkdir, args: {path: "{labels.dir}"}}
automation_level: auto
END
cat >ops/runbooks/many.yaml <<'END'
id: many
trigger: {alert: BoxGone}
solutions:
  - id: make
    title: Make it
    steps: [{id: make, tool: box.mkdir, args: {path: "{labels.dir}"}}]
    verify: [{tool: box.has, args: {path: "{labels.dir}"}}, {tool: box.has, args: {path: /}}]
    human_selected: 9
    success_rate: 1.0
  - id: around
    steps:
      - {id: stop, tool: box.count, args: {file: /tmp/stop}}
      - {id: make, tool: box.mkdir, args: {path: "{labels.dir}"}, needs: [stop]}
      - {id: make-2, tool: box.count, args: {file: "{labels.dir}.count"}, needs: [make]}
      - {id: start, tool: box.count, args: {file: /tmp/start}, needs: [make-2]}
  - id: same
    title: The same for all
    steps: [{tool: box.mkdir, args: {path: /tmp/same}}]
  - id: look
    title: The same, looked at
    steps:
      - {id: look, tool: box.has, args: {path: "{labels.dir}"}}
      - {id: make, tool: box.mkdir, args: {path: /tmp/same}, needs: [look]}
automation_level: auto
END
sed 's/id: many/id: by-metric/; s/{alert: BoxGone}/{metric: "box_up{dir=~\\".*[ab]\\"}"}/' ops/runbooks/many.yaml \
	>ops/runbooks/by-metric.yaml
commit_ops one
base=$(git -C ops rev-parse HEAD)

# ---- a good case
triaged aaaaaaaaaaaaaaaa '"box-gone"' >case
run hl-plan <case
is_status 0 'a case with a runbook is planned'
mv out planned
is "$(cat err)" '' 'without a word'
is "$(jq -c 'del(.plan)' planned)" "$(jq -c . case)" 'all that was there is there'
is "$(cut -c1-60 planned)" "$(cut -c1-60 case)" 'as the bytes it came in'
is "$(jq -r '.plan.basis' planned)" "$base" 'it says by which commit'
is "$(jq -c '.plan.runbook|[.id,.path,.level]' planned)" '["box-gone","runbooks/box-gone.yaml","auto"]' 'and by which runbook'
is "$(jq -c '[.plan.solutions[]|[.n,.id]]' planned)" '[[1,"make-it"],[2,"make-it-plainly"]]' 'solutions are numbered'
is "$(jq -c '.plan.solutions[0].steps[1]|[.id,.tool,.args,.needs]' planned)" \
	"[\"make\",\"box.mkdir\",{\"path\":\"$PWD/box/a\"},[]]" 'arguments are filled in from the labels'
is "$(jq -c '.plan.solutions[0].steps[1].undo|[.tool,.args]' planned)" \
	"[\"box.rmdir\",{\"path\":\"$PWD/box/a\"}]" 'and so is the undo'
is "$(jq -c '.plan.solutions[0].verify' planned)" \
	"[{\"tool\":\"box.has\",\"args\":{\"path\":\"$PWD/box/a\"},\"title\":\"the box is there\"}]" 'and so are the checks'
is "$(jq -c '.plan.solutions|map([.effect,.blast_radius,.reversible])' planned)" \
	'[["change","single_service",false],["change","single_service",true]]' 'effect, blast radius and undo come from the tools'
is "$(jq -c '.plan.recommended' planned)" 1 '99 of 100 is better than 1 of 1'
is "$(jq -c '[.plan.at,.plan.expires_at]' planned)" '["2026-11-21T04:00:00Z","2026-11-21T16:00:00Z"]' 'it expires'
is "$(jq -c '.plan.offers' planned)" '["investigate","ignore","custom"]' 'and offers the rest'
is "$(jq -c '.plan.autonomy' planned)" '{"level":"suggest","why":["it cannot be undone, and policy does not allow that alone for a blast radius of single_service"],"seen":{}}' \
	'a solution that cannot be undone is suggested, and it says why'
want=$(jq -Sjc '{case:.id,plan:(.plan|del(.digest))}' planned | sha256sum | cut -d' ' -f1)
is "$(jq -r .plan.digest planned)" "$want" 'the digest is of the case and the plan, as jq and sha256sum see them'

run hl-plan <case
is "$(cat out)" "$(cat planned)" 'the same case at the same time is the same plan, byte for byte'
run hl-plan <planned
is "$(cat out)" "$(cat planned)" 'a case with a plan passes through'
cat case case >twice
run hl-plan <twice
is "$(cat out)" "$(cat planned planned)" 'the same line twice is the same twice'

# ---- what does not hold up
triaged bbbbbbbbbbbbbbbb '"half-broken"' | run hl-plan
is_status 0 'a runbook that is broken in parts is used as far as it goes'
mv out half
is "$(jq -c '[.plan.solutions[]|[.n,.id]]' half)" '[[1,"wipe"]]' 'what does not hold up is left out'
is "$(jq -r '.plan.problems[]' half)" "solution 'no-tool': step 'box.mkdri': no tool 'box.mkdri' in the catalogue, did you mean 'box.mkdir'?
solution 'no-label': step 'box.mkdir': tool 'box.mkdir': the signal has no label 'path'
solution 'bad-argument': step 'box.mkdir': tool 'box.mkdir': argument 'path': 'relative' does not match ^/
solution 'injected': step 'box.mkdir': tool 'box.mkdir': argument 'path': '-rf' starts with '-' and would be read as an option
solution 'unknown-argument': step 'box.mkdir': tool 'box.mkdir': argument 'paht': not known, did you mean 'path'?
solution 'change-as-check': verify: check 1: tool 'box.mkdir' is no read tool" 'and named, with what was meant'
is "$(grep -c "case '20261121T035900Z-bbbbbbbbbbbbbbbb'" err)" 6 'people are told, too'
is "$(jq -r .plan.autonomy.level half)" ask_human 'and it asks'
triaged cccccccccccccccc '"destroys"' | run hl-plan
is "$(jq -c '.plan.autonomy' out)" '{"level":"ask_human","why":["policy caps a blast radius of single_node at ask_human","it destroys something, and that is always asked"],"seen":{}}' \
	'what destroys is always asked'
triaged cccccccccccccccc '"untried"' | run hl-plan
is "$(jq -c '[.plan.recommended,.plan.autonomy.level]' out)" '[2,"ask_human"]' 'what was never tried is better than what failed, and asks'

# ---- no runbook
triaged dddddddddddddddd '' | run hl-plan
is_status 0 'no runbook is no error'
is "$(jq -c '.plan|[.runbook,.solutions,.recommended,.autonomy.level,.why]' out)" \
	'[null,[],null,"ask_human","no runbook matches: investigate it, ignore it, or say what to do"]' 'the plan says so'
triaged dddddddddddddddd '' unsure | run hl-plan
is "$(jq -r '.plan.why' out)" 'triage is not sure that it is a problem; no runbook matches: investigate it, ignore it, or say what to do' 'an unsure case is planned, too'
triaged dddddddddddddddd '"box-gone"' unsure | run hl-plan
is "$(jq -c '.plan.autonomy' out)" '{"level":"ask_human","why":["triage is not sure that it is a problem"],"seen":{}}' 'and asks'
triaged dddddddddddddddd '"gone","untried"' | run hl-plan
is "$(jq -c '.plan|[.runbook.id,.problems]' out)" "[\"untried\",[\"runbook 'gone': it is not in the ops repo\"]]" 'a runbook that went is named, the next is used'

# ---- several alerts
many() { # STATUS:NAME:DIRECTORY...: the plan for them, in ./out
	triaged eeeeeeeeeeeeeeee '"many"' | with_alerts "$@" >several
	run hl-plan <several
}
solution() { # ID JQ-FILTER
	jq -c --arg id "$1" ".plan.solutions[]|select(.id == \$id)|$2" out | sed "s|$PWD/||g"
}
many firing:BoxGone:a
one=$(jq -c .plan.solutions out)
many firing:BoxGone:a firing:BoxGone:b
is "$(solution make '[.steps[]|[.id,.args.path,.needs,.undo.args.path]]')" \
	'[["make","box/a",[],"box/a"],["make-2","box/b",[],"box/b"]]' 'what is done is done for each alert that fires'
is "$(solution make '[.verify[].args.path]')" '["box/a","/","box/b"]' 'each is verified, and what is the same once'
is "$(solution make '[.title,.effect,.blast_radius,.reversible]')" '["Make it (2 targets)","change","single_service",true]' \
	'the title says how many'
is "$(jq -c .plan.autonomy out)" '{"level":"ask_human","why":["it acts on 2 targets at once"],"seen":{}}' 'and it asks, because of that'
is "$(solution around '[.steps[]|[.id,.needs]]')" \
	'[["stop",[]],["make",["stop"]],["make-2",["make"]],["make-3",["stop"]],["make-2-2",["make-3"]],["start",["make-2","make-2-2"]]]' \
	'a step that is the same for all is done once, in its place; ids stay apart'
is "$(solution same '[.title,(.steps|length)]')" '["The same for all",1]' 'what is the same for all alerts is one target'
is "$(solution look '[.title,(.steps|map(.id))]')" '["The same, looked at",["look","look-2","make"]]' 'what is only read is none'
many firing:BoxGone:a firing:BoxGone:a
is "$(jq -c .plan.solutions out)" "$one" 'alerts that make the same of it are one'
many resolved:BoxGone:b firing:BoxGone:a
is "$(jq -c .plan.solutions out)" "$one" 'nothing is done about an alert that is over'
is "$(jq -c '[.plan.problems,.plan.autonomy.level]' out)" '[[],"auto"]' 'and it hinders nothing'
many firing:LidGone:b firing:BoxGone:a
is "$(jq -c .plan.solutions out)" "$one" 'nor about one that the runbook is not about'
many resolved:BoxGone:a firing:LidGone:b
is "$(jq -c '.plan|[.solutions,.problems]' out)" \
	"[[],[\"runbook 'many': no alert of the case both fires and matches its trigger\"]]" 'when none is left, nothing is offered'
triaged eeeeeeeeeeeeeeee '"by-metric"' | with_alerts firing:X:a firing:Y:c resolved:Z:a firing:X:b >several
run hl-plan <several
is "$(solution make '[.steps[].args.path]')" '["box/a","box/b"]' 'a metric is taken by its own conditions'
many firing:BoxGone:a firing:BoxGone:b
jq -c '.signals[1].labels |= {alertname}' several >odd
run hl-plan <odd
is "$(jq -c '[.plan.solutions[].id]' out)" '["same"]' 'a solution that is impossible for one alert is left out'
like "$(jq -r '.plan.problems[0]' out)" "^solution 'make': alert [0-9a-f]\{16\}: step 'make': .* has no label 'dir'" 'and it says for which'
many firing:BoxGone:a firing:BoxGone:b
jq -c '.triage.signals = 3' several >odd
run hl-plan <odd
is "$(jq -c '.plan.solutions' out)" '[]' 'a case that does not hold all its alerts is not mended in part'
is "$(jq -r '.plan.problems[]' out)" \
	"runbook 'many': the case has 3 alerts and holds 2 of them, so some would be left as they are: tell them apart by policy's group_by" \
	'and it says what to do'
many $(seq -f firing:BoxGone:%g 49)
is "$(solution make '[.title,(.steps|length),(.verify|length)]')" '["Make it (49 targets)",49,50]' 'as long as there is room'
many $(seq -f firing:BoxGone:%g 50)
is "$(jq -r '.plan.problems[0]' out)" \
	"solution 'make': all alerts of the case together take more than 50 checks: tell them apart by policy's group_by" 'not more checks'
many $(seq -f firing:BoxGone:%g 51)
is "$(jq -r '.plan.problems[0]' out)" \
	"solution 'make': all alerts of the case together take more than 50 steps: tell them apart by policy's group_by" 'nor more steps'
is "$(jq -c '[.plan.solutions[].id]' out)" '["same"]' 'and what does not fit is left out'

# ---- cases that are odd inside
for odd in '"signals":[],"triage":{"verdict":"problem","runbooks":["box-gone"]}' \
	'"signals":[7],"triage":{"verdict":"problem","runbooks":["box-gone"]}' \
	'"signals":[{"labels":[]}],"triage":{"verdict":"problem","runbooks":["box-gone",7,null]}' \
	'"signals":[{"labels":{"dir":{"a":1}}}],"triage":{"verdict":"problem","runbooks":["box-gone"]}' \
	'"signals":[{"labels":{}}],"triage":{"verdict":"unsure","runbooks":{"box-gone":1}}'; do
	echo "{\"kind\":\"case\",\"id\":\"20261121T035900Z-1111111111111111\",$odd}" >oddcase
	run hl-plan <oddcase
	is "$status $(jq -c '.plan.solutions' out)" '0 []' "no plan is made of $odd"
done

# ---- policy
cat >ops/policy.yaml <<-END
	mode: verbose
	undo_optional: single_service
	plan_expires: 1h
	tools: {deny: [box.count]}
	invariants: [{tool: box.has, args: {path: /}, title: there is a root}, {tool: box.hsa, title: bad}]
END
commit_ops two
run hl-plan <case
is "$(jq -c '.plan|[.basis,.expires_at,.recommended]' out)" "[\"$(git -C ops rev-parse HEAD)\",\"2026-11-21T05:00:00Z\",1]" 'what is committed is in force'
is "$(jq -r '.plan.problems[]' out)" "solution 'make-it': step 'count': policy denies tool 'box.count'
policy: invariant 'bad': check 1: no tool 'box.hsa' in the catalogue, did you mean 'box.has'?" 'a denied tool is not offered'
is "$(jq -c '.plan.invariants|map(.title)' out)" '["there is a root"]' 'invariants are part of the plan'
like "$(jq -c .plan.autonomy.why out)" 'mode verbose caps at ask_human' 'each cap that binds is named'
echo 'mode: mature' >ops/policy.yaml
run hl-plan <case
is "$(jq -r .plan.expires_at out)" 2026-11-21T05:00:00Z 'what is not committed is not'
commit_ops three
mkdir -p state && : >state/halt
run hl-plan <case
like "$(jq -c .plan.autonomy out)" '"ask_human".*the halt file is there' 'under the halt file it asks'
is "$(jq -c .plan.autonomy.seen out)" '{"halted":true}' 'and the plan says what it saw'
rm state/halt

# ---- other lines
{
	echo '{"kind":"observation","tool":"x"}'
	triaged eeeeeeeeeeeeeeee '' duplicate
	echo '{"kind":"other",  "x":[1,2.50,"\u00e4"]}'
} >others
run hl-plan <others
is_status 0 'what needs no plan passes'
cmp -s out others
ok $? 'untouched'
run hl-plan </dev/null
is_status 0 'empty input is fine'
is "$(cat out err)" '' 'and gives nothing'
{ echo '{"kind":"case","id":"x"'; echo '{"kind":"case","signals":[]}'; cat case; } >bad
run hl-plan <bad
is_status 65 'bad lines are rejected'
is "$(wc -l <out)" 1 'the rest goes on'
like "$(cat err)" '^hl-plan: stdin:1: ' 'the first is named'
like "$(cat err)" '^hl-plan: stdin:2: case without id' 'the second is named'
cat state/rejects/* >kept
is "$(grep -cxF "$(sed -n 1p bad)" kept) $(grep -cxF "$(sed -n 2p bad)" kept)" '1 1' 'and kept'

# ---- without an ops repo
{ cat others case; triaged ffffffffffffffff ''; cat others; } >mixed
run hl-plan --repo "$PWD/nowhere" <mixed
is_status 69 'without an ops repo nothing is planned'
like "$(cat err)" 'hl init' 'and it says what to do'
cmp -s out mixed
ok $? 'nothing is lost: what could not be planned goes on as it came'
echo 'mode: [' >ops/policy.yaml
commit_ops four
run hl-plan <case
is_status 78 'a policy that does not load is an error of configuration'
cmp -s out case
ok $? 'and the case goes on'

# ---- the house
run hl-plan --help
is_status 0 'there is help'
run hl-plan --nonsense
is_status 64 'an unknown option is refused'
run hl-plan operand
is_status 64 'an operand, too'
hl-plan <others >/dev/full 2>err
is $? 74 'a full disk is noticed'
hl-plan <planned 2>err | true
is "$(cat err)" '' 'a reader that has gone is no error'
done_testing
