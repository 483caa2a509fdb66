# hl-apply: what was approved is run once, verified, and taken back when it did not help.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

make_ops
has() { # the check that a path is there
	echo "[{tool: box.has, args: {path: \"$1\"}, title: \"$2\"}]"
}
cat >ops/runbooks/box.yaml <<END
id: box
trigger: {alert: BoxGone}
solutions:
  - id: good
    steps:
      - {id: count, tool: box.count, args: {file: "{labels.dir}.count"}, needs: [make]}
      - {id: make, tool: box.mkdir, args: {path: "{labels.dir}"}}
    preflight: $(has / 'there is a root')
    verify: $(has '{labels.dir}' 'the box is there')
    human_selected: 5
    success_rate: 1.0
  - id: fails-late
    steps:
      - {id: one, tool: box.mkdir, args: {path: "{labels.dir}"}}
      - {id: two, tool: box.mkdir, args: {path: "{labels.dir}/in"}, needs: [one]}
      - {id: three, tool: box.fail, needs: [two]}
    verify: $(has / 'there is a root')
  - id: does-not-help
    steps: [{id: one, tool: box.mkdir, args: {path: "{labels.dir}"}}]
    verify: $(has /nonexistent/thing 'the thing is there')
  - id: cannot-go-back
    steps:
      - {id: make, tool: box.mkdir, args: {path: "{labels.dir}"}}
      - {id: count, tool: box.count, args: {file: "{labels.dir}.count"}, needs: [make]}
    verify: $(has /nonexistent/thing 'the thing is there')
  - id: no-checks
    steps: [{id: one, tool: box.mkdir, args: {path: "{labels.dir}"}}]
  - id: not-now
    steps: [{id: one, tool: box.mkdir, args: {path: "{labels.dir}"}}]
    preflight: $(has /nonexistent/thing 'the thing is there')
  - id: breaks-another
    steps: [{id: wipe, tool: box.rmdir, args: {path: "$PWD/box/other"}}]
    verify: $(has / 'there is a root')
automation_level: auto
END
cat >ops/runbooks/alone.yaml <<END
id: alone
trigger: {alert: BoxGone}
solutions:
  - id: make
    steps: [{id: make, tool: box.mkdir, args: {path: "{labels.dir}"}}]
    verify: $(has '{labels.dir}' 'the box is there')
    human_selected: 5
    success_rate: 1.0
automation_level: auto
END
commit_ops one

serial=0
planned() { # RUNBOOK: a case of its own each time, planned, in ./planned
	serial=$((serial + 1))
	triaged "$(printf '%016x' $serial)" "\"$1\"" | hl-plan >planned
}
fresh() { # nothing is in the box, and nothing is remembered
	rm -rf box state/runs state/hl.db* && mkdir -p box
}
applied() { # N [OPTION]: solution N of the case in ./planned, approved by a person
	approve "$1" <planned >approved
	run hl-apply $2 <approved
}
outcome() { # JQ-FILTER
	jq -rc ".outcome|$1" out
}
log() { # the journal of the last case
	jq -rc '[.event,.step]|map(select(.))|join(" ")' "state/runs/$(jq -r .id planned).jsonl"
}

# ---- it works
fresh
planned box
approve 1 <planned >approved
run hl-apply <approved
is_status 0 'an approved solution is run'
mv out first
cp first out
is "$(ls -d box/a)" box/a 'the step did its work'
is "$(cat box/a.count)" x 'so did the one that needs it'
is "$(jq -c 'del(.outcome)' out)" "$(cat approved)" 'nothing else of the case is touched'
is "$(outcome '[.result,.why,.solution]')" '["fixed","all steps went well and all checks hold",1]' 'it is fixed'
is "$(outcome '[.steps[]|[.id,.tool,.ok]]')" '[["make","box.mkdir",true],["count","box.count",true]]' 'steps ran in the order of their needs'
is "$(outcome '[.preflight,.verify,.invariants,.undo]')" \
	'[[{"title":"there is a root","holds":true,"why":""}],[{"title":"the box is there","holds":true,"why":""}],[],[]]' 'the checks are told'
is "$(log)" 'begin
try make
did make
try count
did count
end' 'the journal has a line before and after each step'
like "$(cat err)" "step 1 of 2 'make' done" 'progress is told on standard error'
run hl-apply <approved
is_status 0 'the same case again'
cmp -s out first
ok $? 'has the same outcome'
is "$(cat box/a.count)" x 'and nothing is run again'
run hl-apply <first
cmp -s out first
ok $? 'a case with an outcome passes through'
jq -c '.outcome.result = "forged"' first >forged
run hl-apply <forged
cmp -s out forged
ok $? 'whatever the outcome says'

# ---- it does not
fresh
planned box
applied 2
is_status 1 'a step that fails is a case that ended badly'
is "$(outcome .result)" rolled_back 'what was done is taken back'
is "$(outcome '[.undo[]|[.id,.tool,.ok]]')" '[["two","box.rmdir",true],["one","box.rmdir",true]]' 'last first'
is "$(ls box)" '' 'and nothing is left'
like "$(outcome .why)" "^step 'three': .*; all that was done was undone$" 'it says which step'
like "$(cat err)" "hl-apply: case '.*' ended rolled_back" 'and the exit status why'

planned box
applied 3
is_status 1 'a solution that does not help is a case that ended badly'
is "$(outcome '[.result,(.verify|map(.holds))]')" '["rolled_back",[false]]' 'and is taken back'
is "$(ls box)" '' 'all of it'

planned box
applied 4
is "$(outcome '[.result,.undo]')" '["failed",[]]' 'nothing is pulled from under a step that has no undo'
is "$(ls box)" 'a
a.count' 'so it stays'

fresh
planned box
applied 5
is_status 1 'without a check nobody knows'
is "$(outcome .result)" unverified 'and that is what it says'

fresh
planned box
applied 6
is_status 77 'a pre-flight check that does not hold refuses'
is "$(outcome '[.result,.steps,(.preflight|map(.holds))]')" '["refused",[],[false]]' 'before anything is run'
is "$(ls box state/runs)" 'box:

state/runs:' 'and nothing is left'

# An undo that fails: the directory is not empty any more when it comes to it.
fresh
sed "s|count.sh|count-and-fill.sh|" ops/tools/box.yaml >box.yaml && mv box.yaml ops/tools/box.yaml
printf '#!/bin/sh\n: >"$1/full"\n' >count-and-fill.sh
cat >ops/runbooks/undo.yaml <<END
id: undo
trigger: {alert: BoxGone}
solutions:
  - id: undo-fails
    steps:
      - {id: one, tool: box.mkdir, args: {path: "{labels.dir}"}}
      - {id: two, tool: box.mkdir, args: {path: "{labels.dir}.b"}}
      - {id: fill, tool: box.count, args: {file: "{labels.dir}"}}
    verify: $(has /nonexistent/thing 'the thing is there')
END
commit_ops two
planned undo
applied 1
is "$(outcome '[.result,(.undo|map([.id,.ok]))]')" '["failed",[["two",true],["one",false]]]' 'an undo that fails is told, the others are done'
git -C ops revert --no-edit HEAD >/dev/null

# ---- the halt file comes while it runs
fresh
cat >ops/runbooks/halts.yaml <<END
id: halts
trigger: {alert: BoxGone}
solutions:
  - id: halted
    steps:
      - {id: one, tool: box.mkdir, args: {path: "{labels.dir}"}}
      - {id: halt, tool: box.count, args: {file: "$HL_STATE/halt"}, needs: [one]}
      - {id: two, tool: box.mkdir, args: {path: "{labels.dir}/in"}, needs: [halt]}
    verify: $(has / 'there is a root')
END
commit_ops halts
planned halts
applied 1
is_status 1 'a halt between two steps ends the case'
is "$(outcome '[.result,(.steps|map(.id)),.undo]')" '["unverified",["one","halt"],[]]' 'nothing more is done, and nothing undone'
like "$(outcome .why)" "the halt file stopped it before step 'two'" 'it says where it stood'
is "$(ls box/a)" '' 'the next step did not run'
rm state/halt
run hl-apply <approved
is "$(outcome .result; ls box/a)" unverified 'and does not when the halt is over'

# ---- invariants
fresh
mkdir box/other
cat >>ops/policy.yaml <<END
invariants:
  - {tool: box.has, args: {path: $PWD/box/other}, title: the other is there}
  - {tool: box.has, args: {path: /nonexistent/thing}, title: never held}
END
commit_ops invariants
planned box
applied 7
is "$(outcome '[.result,(.invariants|map([.title,.holds]))]')" \
	'["failed",[["the other is there",false],["never held",false]]]' 'what broke an invariant did not work'
like "$(outcome .why)" "^invariant 'the other is there'" 'and one that did not hold before is not blamed on it'
mkdir box/other
planned box
applied 1
is "$(outcome .result)" fixed 'an invariant that never held stops nothing'

# ---- what must not be run
fresh
planned box
approve 1 <planned >approved
refuses() { # NAME WHY
	run hl-apply <bad
	is "$status $(outcome '.result')" '77 refused' "$1"
	like "$(outcome .why)" "$2" '  and it says why'
	is "$(ls box)" '' '  and nothing is run'
}
jq -c '.plan.solutions[0].steps[1].args.path = "/tmp/evil"' approved >bad
refuses 'an edited plan' 'its digest is wrong'
jq -c '.id = "20261121T035900Z-0000000000000bad"' approved >bad
refuses 'an approval on another case' 'its digest is wrong'
jq -c '.approval.solution = 99' approved >bad
refuses 'a solution that is not in the plan' 'no solution of the plan'
jq -c '.approval.digest = "0"' approved >bad
refuses 'an approval of another plan' 'for another plan'
jq -c 'del(.approval.by)' approved >bad
refuses 'an approval by nobody' 'does not name a person'
jq -c '.approval.via = "policy"' approved >bad
refuses 'an approval by policy that says approved' 'does not name a person'
approve_alone <planned >bad
refuses 'alone below auto_notify' 'the plan is at suggest'
jq -c '.plan.solutions[0].steps[0].needs = ["count"]' approved >bad
refuses 'a plan that is none' 'circle'
cp approved bad
HL_NOW=2026-11-21T16:00:00Z
refuses 'a plan that expired' 'expired at 2026-11-21T16:00:00Z'
HL_NOW=2026-11-21T04:00:00Z
: >state/halt
refuses 'under the halt file' 'halt file'
rm state/halt
resealed() { # what a forger would do: a digest that fits
	jq -c . bad | while read -r line; do
		d=$(printf '%s' "$line" | jq -Sjc '{case:.id,plan:(.plan|del(.digest))}' | sha256sum | cut -d' ' -f1)
		printf '%s' "$line" | jq -c --arg d "$d" '.plan.digest = $d | .approval.digest = $d'
	done >sealed && mv sealed bad
}
jq -c '.plan.solutions[0].steps[1].args.path = "relative"' approved >bad; resealed
refuses 'an argument that the tool does not take' "argument 'path'"
jq -c '.plan.solutions[0].steps[1].args.more = "x"' approved >bad; resealed
refuses 'an argument that the tool does not have' "argument 'more'"
jq -c '.plan.solutions[0].steps[1].tool = "box.gone"' approved >bad; resealed
refuses 'a tool that is not in the catalogue' "'box.gone' is not in the catalogue"
jq -c '.plan.solutions[0].steps[1].tool = "box.rmdir"' approved >bad; resealed
refuses 'another tool under the digest of the first' 'not declared as it was'
jq -c '.plan.solutions[0].blast_radius = "none"' approved >bad; resealed
refuses 'a reach that is played down' 'can do more than the plan says'
jq -c '.plan.autonomy.level = "auto"' planned | approve_alone >bad; resealed
refuses 'a level that is played up' 'hl would not recommend\|may not act alone now'
jq -c '.plan.expires_at = "soon"' approved >bad; resealed
refuses 'no time to expire' 'expires_at'
jq -c '.plan.solutions[0].steps = []' approved >bad; resealed
refuses 'a solution without steps' 'no steps'

cp approved bad
cp ops/tools/box.yaml box.yaml
sed 's|mkdir, "{path}"|mkdir, -p, "{path}"|' box.yaml >ops/tools/box.yaml
commit_ops 'another declaration'
refuses 'a tool whose declaration was changed' 'not declared as it was when the plan was made'
cp box.yaml ops/tools/box.yaml
cp ops/policy.yaml policy.yaml
echo 'tools: {deny: [box.rmdir]}' >>ops/policy.yaml
commit_ops 'deny undo'
refuses 'a step whose undo policy denies by now' "policy denies tool 'box.rmdir'"
sed 's/single_service: auto/single_service: observe/' policy.yaml >ops/policy.yaml
commit_ops observe
refuses 'a blast radius that policy only observes by now' 'policy caps a blast radius of single_service at observe'
cp policy.yaml ops/policy.yaml
sed -i 's/automation_level: auto/automation_level: observe/' ops/runbooks/box.yaml
commit_ops 'runbook observes'
refuses 'a runbook that only observes by now' "runbook 'box' is at observe"
sed -i 's/automation_level: observe/automation_level: auto/' ops/runbooks/box.yaml
commit_ops 'runbook acts'
run hl-apply <approved
is "$(outcome .result)" fixed 'and what was refused is run when it may be'

# ---- alone
fresh
planned alone
is "$(jq -r .plan.autonomy.level planned)" auto 'a proven runbook may act alone'
approve_alone <planned >alone
cp alone bad
sed 's/mode: mature/mode: learning/' policy.yaml >ops/policy.yaml
commit_ops learning
refuses 'alone, when policy was lowered' 'hl may not act alone now: mode learning caps at suggest'
cp policy.yaml ops/policy.yaml
sed -i 's/human_selected: 5/human_selected: 6/; s|{labels.dir}"}}\]$|{labels.dir}x"}}]|' ops/runbooks/alone.yaml
commit_ops 'other steps'
refuses 'alone, when the runbook says something else' 'would not recommend the same steps'
sed -i 's|{labels.dir}x|{labels.dir}|' ops/runbooks/alone.yaml
commit_ops 'the same steps'
run hl-apply <alone
is "$(outcome .result)" fixed 'alone, when it would decide so again'
rmdir box/a
serial=$((serial - 1))
triaged "$(printf '%016x' $((serial + 1)))" '"alone"' | sed 's/T035900Z/T035930Z/' | HL_NOW=2026-11-21T04:05:00Z hl-plan >planned
is "$(jq -c .plan.autonomy planned)" '{"level":"ask_human","why":["it acted on this target less than 10m ago"],"seen":{"actions":1,"last_action":"2026-11-21T04:00:00Z"}}' 'it cools down'
serial=$((serial + 1))
for i in 1 2 3 4 5 6 7; do
	planned alone
	approve_alone <planned >one
	cat one >>many
	run hl-apply <one
	[ -d box/a ] && rmdir box/a
	cat out >>all
done
is "$(jq -rs 'map(.outcome.result//"")|join(" ")' all)" 'fixed fixed fixed fixed fixed refused refused' 'the budget of six an hour is kept'
HL_NOW=2026-11-21T05:00:01Z
planned alone
approve_alone <planned >alone
run hl-apply <alone
is "$(outcome .result)" fixed 'and is there again an hour later'
HL_NOW=2026-11-21T04:00:00Z

# ---- several alerts
several() { # RUNBOOK: a case with two that fire and one that is over
	planned "$1"
	jq -c 'del(.plan)' planned | with_alerts resolved:BoxGone:c firing:BoxGone:a firing:BoxGone:b | hl-plan >two && mv two planned
}
fresh
several box
applied 1
is_status 0 'a case with two alerts that fire is mended'
is "$(outcome '[.result,(.steps|map([.id,.ok]))]')" \
	'["fixed",[["make",true],["count",true],["make-2",true],["count-2",true]]]' 'step by step for each'
is "$(ls box | tr '\n' ' '; cat box/a.count box/b.count)" 'a a.count b b.count x
x' 'both targets were acted on, once, and the alert that is over was not'
is "$(outcome '.verify|map(.holds)')" '[true,true]' 'and both are verified'
fresh
mkdir box/b
several alone
applied 1
is_status 1 'what fails for one is no success'
is "$(outcome '[.result,(.undo|map([.id,.ok]))]')" '["rolled_back",[["make",true]]]' 'and what was done for the other is taken back'
is "$(ls box)" b 'so that it is as it was'
fresh
several alone
is "$(jq -r .plan.autonomy.level planned)" ask_human 'a proven runbook asks before it acts on two targets'
jq -c '.plan.autonomy = {level: "auto", why: []}' planned | approve_alone >bad; resealed
refuses 'alone on two targets' 'hl may not act alone now: it acts on 2 targets at once'
jq -c '.signals |= .[:2] | .triage.signals = 2 | del(.plan)' planned | hl-plan >first
jq -c --slurpfile one first '.plan = $one[0].plan' planned | approve_alone >bad; resealed
refuses 'alone on one of two targets' 'would not recommend the same steps'

# ---- --dry-run
fresh
planned box
approve 1 <planned >approved
run hl-apply --dry-run <approved
is_status 0 'a dry run is no error'
cmp -s out approved
ok $? 'passes the case on as it came'
is "$(ls box; [ -e state/runs ] && ls state/runs)" '' 'and runs nothing'
is "$(grep "'\(make\|count\)'" err)" "hl-apply:   step 'make': box.mkdir: mkdir $PWD/box/a
hl-apply:   undo of 'make': box.rmdir: rmdir $PWD/box/a
hl-apply:   step 'count': box.count: /bin/sh $PWD/count.sh $PWD/box/a.count" 'it says what would be run'
jq -c '.approval.digest = "0"' approved >bad
run hl-apply --dry-run <bad
is_status 77 'and what would be refused'
applied 6 -n
is_status 77 'also by a pre-flight check'

# ---- --resume
fresh
run hl-apply --resume
is_status 0 'nothing to resume is no error'
is "$(cat out err)" '' 'and gives nothing'
planned box
approve 1 <planned >approved
hl-apply -q <approved >ended
run hl-apply --resume
is_status 0 'what ended and is not recorded'
is "$(cat out)" "$(cat ended)" 'is handed out again'
echo nonsense >state/runs/damaged.jsonl
run hl-apply --resume
is_status 65 'a damaged journal is named'
like "$(cat err)" "damaged.jsonl' is damaged at line 1" 'by its file'
is "$(cat out)" "$(cat ended)" 'and does not stop the others'
rm state/runs/damaged.jsonl
hl-apply -q --resume | hl-record -q >recorded
is "$(jq -c 'del(.record)' recorded)" "$(cat ended)" 'until it is recorded'
run hl-apply --resume
is "$(cat out)" '' 'and not after'
[ -e "state/runs/$(jq -r .id planned).jsonl" ]
ok $? 'the journal stays for a while: the approval might be brought again'
touch -d 2026-11-20 state/runs/*.jsonl
HL_NOW=2026-12-21T04:00:00Z hl-apply --resume >out 2>err
is "$(cat out err; ls state/runs)" '' 'and goes when nobody can bring it any more'
HL_NOW=2026-12-21T04:00:00Z hl-apply -q <approved >out 2>err
is "$(outcome '[.result,.why]')" '["refused","the plan expired at 2026-11-21T16:00:00Z"]' 'because the plan expired'

# What became of the case before must not hide what becomes of it now.
fresh
planned box
jq -c '.approval={decision:"ignored",by:"alice",via:"answer"}' planned | hl-record -q >/dev/null
approve 1 <planned >approved
hl-apply -q <approved >ended
run hl-apply --resume
is "$(cat out)" "$(cat ended)" 'a case that was ignored before is handed out with its outcome'
hl-apply -q --resume | hl-record -q >recorded
run hl-apply --resume
is "$(jq -r .record.path recorded | grep -c '[.]2[.]json$')$(cat out)" 1 'until that is recorded as well'

# hl-record dies at any moment: --resume gives it the outcome again, and it is recorded once.
decisions() {
	git -C ops ls-tree -r --name-only HEAD decisions | grep -c "$(jq -r .id planned)"
}
if [ -n "${HL_SANITIZE:-}${HL_VALGRIND:-}" ]; then
	skip 'hl-record killed' 'a preload does not go with it'
else
	bad="" at=1 status=137
	while [ "$status" -eq 137 ]; do
		fresh
		planned box
		approve 1 <planned | hl-apply -q >ended 2>err
		env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_KILL_AT="$at" hl-record -q <ended >lost 2>err
		status=$?
		hl-apply -q --resume 2>err | hl-record -q >recorded 2>>err
		hl-apply -q --resume >out 2>>err
		[ "$(decisions)" = 1 ] && [ ! -s out ] || bad="$bad $at"
		at=$((at + 1))
	done
	is "$bad" '' "hl-record killed at each of $((at - 2)) calls: the outcome is recorded once"
	ok "$([ "$at" -gt 10 ]; echo $?)" 'and there were some'
fi

# ---- other lines
fresh
{
	cat planned
	echo '{"kind":"other",  "x":[1,2.50,"\u00e4"]}'
	jq -c '.+{approval:{decision:"rejected",by:"alice"}}' planned
} >others
run hl-apply <others
is_status 0 'what is not approved passes'
cmp -s out others
ok $? 'untouched'
run hl-apply </dev/null
is_status 0 'empty input is fine'
is "$(cat out err)" '' 'and gives nothing'
approve 1 <planned >approved
{ echo '{"kind":"case","id":"x"'; echo '{"kind":"case","signals":[]}'; cat approved; } >bad
run hl-apply <bad
is_status 65 'bad lines are rejected'
is "$(wc -l <out)" 1 'the rest goes on'
like "$(cat err)" '^hl-apply: stdin:2: case without id' 'and each is named'
run hl-apply --repo "$PWD/nowhere" <approved
is_status 69 'without an ops repo nothing is run'
like "$(cat err)" 'hl init' 'and it says what to do'
cmp -s out approved
ok $? 'and the case goes on'

# ---- the house
run hl-apply --help
is_status 0 'there is help'
run hl-apply --nonsense
is_status 64 'an unknown option is refused'
run hl-apply operand
is_status 64 'an operand, too'
run hl-apply --resume --dry-run
is_status 64 'and what makes no sense'
hl-apply <others >/dev/full 2>err
is $? 74 'a full disk is noticed'
hl-apply <others 2>err | true
is "$(cat err)" '' 'a reader that has gone is no error'
done_testing
