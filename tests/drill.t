# Drills: an undo is exercised on a throwaway target and nowhere else, and the record is evidence.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

make_ops
mkdir -p drill real
cat >>ops/policy.yaml <<END
drill_targets: [{path: "$PWD/drill/.*"}, {file: "$PWD/drill/.*", mode: never}]
invariants: [{tool: box.has, args: {path: "$PWD/real"}, title: the real one is there}]
identity: {name: keeper, mail: keeper@localhost}
END
# Like box.mkdir, undone by a script that the tests change.
printf 'rmdir "$1"\n' >undo.sh
cat >>ops/tools/box.yaml <<END
  - name: box.put
    effect: change
    blast_radius: single_service
    args: {path: {type: string, pattern: "^/"}}
    run: [mkdir, "{path}"]
    undo: {tool: box.take, args: {path: "{path}"}}
  - name: box.take
    effect: change
    blast_radius: single_service
    args: {path: {type: string, pattern: "^/"}}
    run: [/bin/sh, $PWD/undo.sh, "{path}"]
  - name: box.lacks
    effect: read
    args: {path: {type: string, pattern: "^/"}}
    run: [test, "!", -e, "{path}"]
  - name: box.snap
    effect: change
    blast_radius: none
    args: {path: {type: string, pattern: "^/"}}
    run: [cp, -a, "{path}", "{path}.snap"]
    undo: {tool: box.back, args: {path: "{path}"}}
  - name: box.back
    effect: destroy
    blast_radius: single_service
    args: {path: {type: string, pattern: "^/"}}
    run: [/bin/sh, $PWD/back.sh, "{path}"]
  - name: box.mark
    effect: change
    blast_radius: single_service
    args: {path: {type: string, pattern: "^/"}}
    run: [touch, "{path}/marked"]
    guard: {tool: box.snap, args: {path: "{path}"}}
END
printf 'rm -rf "$1" && mv "$1.snap" "$1"\n' >back.sh
runbook() { # LEVEL DRILL-DIR
	cat >ops/runbooks/put.yaml <<-END
		id: put
		trigger: {alert: BoxGone}
		automation_level: $1
		solutions:
		  - id: put
		    steps:
		      - {id: outer, tool: box.put, args: {path: "{labels.dir}/a"}}
		      - {id: inner, tool: box.put, args: {path: "{labels.dir}/a/b"}, needs: [outer]}
		    verify: [{tool: box.has, args: {path: "{labels.dir}/a/b"}}]
		  - id: no-undo
		    steps: [{tool: box.count, args: {file: "{labels.dir}/count"}}]
		  - id: constant
		    steps: [{tool: box.put, args: {path: "$PWD/real/a"}}]
		  - id: breaks
		    steps:
		      - {id: outer, tool: box.put, args: {path: "{labels.dir}/a"}}
		      - {id: again, tool: box.put, args: {path: "{labels.dir}/a"}, needs: [outer]}
		  - id: guarded
		    steps: [{id: mark, tool: box.mark, args: {path: "{labels.dir}"}}]
		drill:
		  labels: {alertname: BoxGone, dir: "$2"}
		  verify:
		    - {tool: box.lacks, args: {path: "{labels.dir}/a"}, title: the box is empty}
		    - {tool: box.lacks, args: {path: "{labels.dir}/marked"}, title: nothing is marked}
	END
}
runbook suggest "$PWD/drill/x"
at() { # RFC3339: the clock of git and of hl
	HL_NOW=$1 GIT_AUTHOR_DATE=$1 GIT_COMMITTER_DATE=$1
	export HL_NOW GIT_AUTHOR_DATE GIT_COMMITTER_DATE
}
at 2026-11-21T04:00:00Z
commit_ops one

minute=0
drill() { # SOLUTION-ID: a drill of its own minute, planned and approved by a person
	minute=$((minute + 1))
	at "2026-11-21T05:$(printf %02d $minute):00Z"
	rm -rf drill && mkdir -p drill/x
	hl-plan --drill put >planned 2>planned.err
	which=$(jq --arg id "$1" '.plan.solutions[]|select(.id==$id)|.n' planned)
	approve "${which:-1}" <planned >approved
}
outcome() { jq -rc ".outcome|$1" out; }

# ---- the plan
drill put
is "$(jq -rc '[.title,.drill.runbook,.signals[0].labels.dir,.triage.verdict]' planned)" \
	"[\"Drill: put\",\"put\",\"$PWD/drill/x\",\"problem\"]" 'a case that says that it is a drill'
is "$(jq -rc '[.plan.solutions[].id]' planned)" '["put","breaks","guarded"]' 'only what stays on throwaway targets is offered'
like "$(cat planned.err)" "solution 'no-undo': step '1': 'box.count' would not be on a throwaway target" 'an argument that matches no target whole is refused'
like "$(cat planned.err)" "solution 'constant': step '1': 'box.put' would not be on a throwaway target: policy's drill_targets name none" \
	'and so is a constant'
is "$(jq -rc '[.plan.drill.verify[].title]' planned)" '["the box is empty","nothing is marked"]' 'the plan has what must hold after it'
is "$(jq -rc '.plan.autonomy.level' planned)" ask_human 'it is always asked about'
like "$(jq -rc '.plan.why' planned)" "^cli:.* asked for a drill of runbook 'put': all is undone at its end$" 'and says what it is'
schema_ok case 'the case is as the schema has it' <planned

# ---- a good one
run hl-apply --drill <approved
is_status 0 'a good drill'
is "$(outcome .result)" drilled 'is drilled'
is "$(outcome '[(.steps[].id), (.undo[]|"-\(.id)")]|join(" ")')" 'outer inner -inner -outer' 'every step, and back'
is "$(outcome '[.restored[]|[.title,.holds]|join(" ")]|join(",")')" 'the box is empty true,nothing is marked true,the real one is there true' \
	'what held before holds again'
is "$(outcome '[.verify[].holds]')" '[true]' 'and it had worked'
is "$(find drill)" 'drill
drill/x' 'nothing is left'
schema_ok case 'the outcome is as the schema has it' <out
run hl-apply --drill <approved
is "$(outcome .result)" drilled 'again: the same outcome'
hl-record <out >recorded 2>err
is "$(git -C ops log -1 --format='%(trailers:key=Outcome,valueonly)%(trailers:key=Runbook,valueonly)' | tr '\n' ,)" 'drilled,put,,' 'it is recorded'
like "$(git -C ops log -1 --format=%s)" 'undo drilled$' 'in words'

# ---- a guard is rolled back in a drill, even one that is left to people
drill guarded
is "$(jq -c '[.plan.solutions[]|select(.id=="guarded").steps[]|[.id,.guard.rollback]]' planned)" '[["guard-1","ask"],["mark",null]]' 'a guard that asks'
run hl-apply <approved
is "$(outcome .result)" drilled 'is drilled, without --drill, too'
is "$(outcome '[(.steps[].id), (.undo[]|"-\(.id)")]|join(" ")')" 'guard-1 mark -guard-1' 'and rolled back'
is "$(ls drill/x)" '' 'to what was there'

# ---- what is not a drill
minute=$((minute + 1))
triaged bbbbbbbbbbbbbbbb '"put"' >real.case
jq -c --arg dir "$PWD/real" '.signals[0].labels.dir = $dir' real.case | hl-plan 2>/dev/null >planned
approve 1 <planned >approved
run hl-apply --drill <approved
is_status 0 'with --drill'
cmp -s out approved
ok $? 'any other case passes'
is "$(ls real)" '' 'and nothing is done'
run hl-apply <approved
is "$(outcome .result)" fixed 'it is the real thing'
is "$(ls real)" a 'which stays'
rm -rf real/a

# ---- targets that are not thrown away
drill put
jq -c --arg dir "$PWD/real" '.signals[0].labels.dir = $dir | del(.plan)' planned | hl-plan >other 2>err
is "$(jq -c '.plan.solutions|length' other)" 0 'another target than policy names'
like "$(cat err)" "solution 'put': step 'outer': 'box.put' would not be on a throwaway target" 'is refused'
sed -i 's/^drill_targets:.*/drill_targets: []/' ops/policy.yaml && commit_ops 'no targets'
run hl-apply --drill <approved
is_status 77 'policy names none by now'
is "$(outcome .result)" refused 'is refused, whoever approved it'
like "$(outcome .why)" "step 'outer': 'box.put' would not be on a throwaway target" 'and says why'
is "$(ls drill/x)" '' 'and nothing is done'
git -C ops revert --no-edit HEAD >/dev/null

# ---- approvals
drill put
approve_alone <planned >approved
run hl-apply --drill <approved
is "$(outcome '[.result,.why]')" '["refused","it is a drill, and no person approved it"]' 'a drill needs a person'
approve 1 <planned | jq -c 'del(.plan.drill)' >approved
run hl-apply <approved
like "$(outcome .why)" 'the plan was changed after it was made' 'a drill does not become the real thing'

# ---- bad ones
drill breaks
run hl-apply --drill <approved
is_status 1 'a step that fails'
is "$(outcome .result)" failed 'is a failed drill'
is "$(ls drill/x)" '' 'undone all the same'
drill put
printf 'exit 1\n' >undo.sh
run hl-apply --drill <approved
is "$(outcome .result)" failed 'an undo that fails is a failed drill'
like "$(outcome .why)" "all steps went well and all checks held; not all that was done could be undone; after the undo 'the box is empty' does not hold" 'and says so'
drill put
printf 'exit 0\n' >undo.sh
run hl-apply --drill <approved
is "$(outcome '[.result,([.undo[].ok]|all)]')" '["failed",true]' 'an undo that only says that it worked, too'
drill put
mkdir drill/x/a
run hl-apply --drill <approved
is_status 77 'what has to hold after must hold before'
is "$(outcome .result)" refused 'or nothing is begun'
hl-record <out >/dev/null 2>&1
printf 'rmdir "$1"\n' >undo.sh
is "$(hl status 2>/dev/null | grep -c breaker)" 0 'a drill opens no breaker'

run hl-plan --drill nothing
is_status 64 'no such runbook'
sed -i '/^drill:/,$d' ops/runbooks/put.yaml && commit_ops 'no drill'
run hl-plan --drill put
is_status 78 'a runbook without a drill'
like "$(cat err)" "runbook 'put' declares no drill" 'is told'
run hl-plan --drill put --tool box.put
is_status 64 'one thing at a time'
run hl-apply --drill --resume </dev/null
is_status 64 'here, too'

# ---- declarations
bad() { # LINES WHAT MESSAGE
	{ cat ops/runbooks/put.yaml && printf '%s\n' "$1"; } >bad.yaml
	run hl-runbook check bad.yaml
	cat err out >both
	like "$(cat both)" "$3" "$2"
}
bad 'drill: {labels: {a: b}}' 'a drill without checks' "'verify' is missing"
bad 'drill: {verify: [{tool: box.has}]}' 'a drill without labels' "'labels' is missing"
bad 'drill: {labels: {a: 1}, verify: [{tool: box.has}]}' 'a label that is no text' 'must be a text'
runbook suggest "$PWD/drill/x"
commit_ops 'as before'
cp ops/policy.yaml policy.kept
for targets in '[a]' '[{}]' '[{path: "("}]' '[{path: ".*"}]'; do
	sed "s|^drill_targets:.*|drill_targets: $targets|" policy.kept >ops/policy.yaml && commit_ops bad
	run hl-plan --drill put
	is_status 78 "drill_targets: $targets"
	like "$(cat err)" 'policy.yaml:[0-9]*:[0-9]*: drill_targets' 'is told'
done
cp policy.kept ops/policy.yaml

# ---- evidence
decide() { # DAY RESULT
	dir=ops/decisions/2026/11/$1
	mkdir -p "$dir"
	id=202611$1T120000Z-00000000000000$1
	jq -n --arg day "$1" --arg id "$id" --arg result "$2" --arg steps "$steps" '
		{kind: "case", id: $id, opened_at: "2026-11-\($day)T12:00:00Z", title: "BoxGone", signals: [], triage: {verdict: "problem"},
		plan: {runbook: {id: "put", path: "runbooks/put.yaml", level: "suggest", steps_digest: $steps},
			solutions: [{n: 1, id: "put"}], recommended: 1},
		approval: {decision: "approved", by: "alice", via: "terminal", at: "2026-11-\($day)T12:01:00Z", solution: 1, agreed: true},
		outcome: {result: $result, at: "2026-11-\($day)T12:02:00Z", undo: []}}' >"$dir/$id.json"
}
# Nothing of the runbook may be without a way back, or destroy.
python3 - <<'END'
import re
text = open("ops/runbooks/put.yaml").read()
text = re.sub(r"  - id: no-undo\n.*\n", "", text)
open("ops/runbooks/put.yaml", "w").write(text)
END
commit_ops 'only what can be undone'
steps=$(hl-plan --drill put 2>/dev/null | jq -r .plan.runbook.steps_digest)
git -C ops rm -rq decisions && commit_ops 'a history from the beginning'
for day in 01 02 03 04 05 06 07 08 09; do decide $day fixed; done
commit_ops 'nine of nine'
at 2026-11-21T07:00:00Z
run hl-promote --dry-run
is "$(jq -rc '[.to,.n,.why[0]]' out)" \
	"[\"suggest\",9,\"its undo has never been exercised, and policy's undo_optional does not cover single_service\"]" 'nine of nine, and no undo exercised'
drill_and_record() { # HOW
	drill put
	printf '%s\n' "$1" >undo.sh
	hl-apply --drill -q <approved 2>/dev/null | hl-record -q >recorded 2>err
	printf 'rmdir "$1"\n' >undo.sh
}
minute=10
drill_and_record 'exit 1'
is "$(jq -r .outcome.result recorded)" failed 'a failed drill is recorded'
at 2026-11-21T07:00:00Z
run hl-promote
is "$(jq -rc '[.to,.n,.why[0]]' out)" '["suggest",9,"the last drill of its undo failed: drill it again"]' 'and keeps it where it is, without counting against it'
minute=20
drill_and_record 'rmdir "$1"'
is "$(jq -r .outcome.result recorded)" drilled 'a good one later'
at 2026-11-21T07:00:00Z
run hl-promote
is "$(jq -rc '[.from,.to,.n,.k,.approvals]' out)" '["suggest","auto_notify",9,9,9]' 'lets it act alone, and is no success itself'
run hl-promote --verify
is_status 0 'and the sum can be done again'
is "$(jq -rc 'select(.by_hand|not)|[.to,.holds]' out)" '["auto_notify",true]' 'with the drill in it'

# ---- killed before every call that changes a file
if [ -n "${HL_SANITIZE:-}${HL_VALGRIND:-}" ]; then
	skip 'killed at any moment' 'a preload does not go with it'
	done_testing
	exit
fi
minute=30
drill put
fresh() {
	rm -rf drill state/runs state/hl.db* && mkdir -p drill/x
}
fresh
env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_COUNT_TO="$PWD/calls" hl-apply -q --drill <approved >/dev/null 2>&1
last=$(cat calls) n_drilled=0 bad=0 i=1
while [ "$i" -le "$last" ]; do
	fresh
	env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_KILL_AT="$i" hl-apply -q --drill <approved >out 2>err
	hl-apply -q --drill <approved >out 2>>err
	case "$(outcome .result)" in
	drilled) [ -z "$(ls drill/x)" ] || { bad=$((bad + 1)); echo "# killed at $i: drilled, and something is left"; }
		n_drilled=$((n_drilled + 1)) ;;
	failed | unverified) ;;
	*) bad=$((bad + 1)); echo "# killed at $i: $(outcome .result)" ;;
	esac
	i=$((i + 1))
done
is "$bad" 0 "killed at each of $last calls: what says that it was drilled was undone"
[ "$n_drilled" -gt 4 ]
ok $? "and a drill goes on where it stood ($n_drilled times)"
done_testing
