# hl-replay: whole decisions are made again from the record, and any byte that is not as it was is noticed.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
export GIT_AUTHOR_NAME=o GIT_AUTHOR_EMAIL=o@x GIT_COMMITTER_NAME=o GIT_COMMITTER_EMAIL=o@x

make_ops
mkdir -p ops/workflows drill/x
cat >>ops/policy.yaml <<END
identity: {name: keeper, mail: keeper@localhost}
group_by: [alertname, box]
flapping: {times: 2, window: 6h}
budget: {actions_an_hour: 3, cooldown: 10m}
invariants: [{tool: box.has, args: {path: "$PWD"}, title: the ground is there}]
drill_targets: [{path: "$PWD/drill/.*"}]
END
for level in ask_human auto; do
	cat >"ops/runbooks/$level.yaml" <<-END
		id: $level
		title: Make the box again
		trigger: {match: {alertname: "Gone_$level"}}
		automation_level: $level
		solutions:
		  - id: make
		    title: Make {labels.dir}
		    human_selected: 9
		    success_rate: 1
		    steps: [{id: make, tool: box.mkdir, args: {path: "{labels.dir}"}}]
		    preflight: [{tool: box.has, args: {path: "$PWD/box"}}]
		    verify: [{tool: box.has, args: {path: "{labels.dir}"}, title: it is there}]
		  - id: twice
		    steps:
		      - {id: first, tool: box.mkdir, args: {path: "{labels.dir}"}}
		      - {id: second, tool: box.fail, needs: [first]}
		drill:
		  labels: {alertname: "Gone_$level", dir: "$PWD/drill/x/a"}
		  verify: [{tool: box.has, args: {path: "$PWD/drill/x"}, title: the place is there}]
	END
done
cat >ops/workflows/add-disk.yaml <<END
workflow: add-disk
args:
  disk: {type: string, pattern: "^[a-z0-9]+\$"}
steps:
  - id: buy
    human: {title: Put the disk in, ask: "Put {disk} in.", within: 14d}
  - {id: use, needs: [buy], tool: box.mkdir, args: {path: "$PWD/box/{disk}"}}
  - {id: note, needs: [use], write: {path: docs/log.md, append: "used {disk}"}}
END
commit_ops one

minute=0
tick() { # a minute later
	minute=$((minute + 1))
	HL_NOW=2026-11-21T$(printf '%02d:%02d' $((4 + minute / 60)) $((minute % 60))):07.250Z
	export HL_NOW
}
fires() { # ALERTNAME DIRECTORY [STATUS]: a signal with what others escape and space oddly
	printf '{"kind":"signal","status":"%s","labels":{"alertname":"%s","box":"b%s", "dir":"%s/box/%s","odd":"-rf \\u00e9"},' \
		"${3-firing}" "$1" "$2" "$PWD" "$2"
	printf '"annotations":{"summary":"the box is gone: 1.50"},"value":1.50,"starts_at":"2026-11-21T03:59:00.125Z"'
	[ "${3-firing}" = firing ] || printf ',"ends_at":"2026-11-21T03:59:30Z"'
	printf '}\n'
}
decide() { # ANSWER...: what stands in ./in, through the loop, a minute a stage; the case in ./ended
	hl-triage <in >t1 2>err; tick
	hl-plan <t1 >t2 2>>err; tick
	[ -z "${later-}" ] || HL_NOW=$later
	for a; do
		set -- "$@" "--answer=$a"
		shift
	done
	hl-ask --by alice "$@" <t2 >t3 2>>err; tick
	hl-apply <t3 >t4 2>>err; tick
	hl-record <t4 >ended 2>>err; tick
	jq -r .record.path ended
}
results() { jq -rc '[.stage, .result] | join(":")' out | paste -sd' ' -; }
all_same='triage:same plan:same approval:same outcome:same record:same'
no_outcome='triage:same plan:same approval:same record:same'
id() { jq -r .id ended; }

# ---- the command
run hl-replay --help
is_status 0 '--help'
run hl-replay --no-such
is_status 64 'an unknown option'
run hl-replay
is_status 64 'no case'
run hl-replay --all x
is_status 64 'all, and one'
run hl-replay --since 7d x
is_status 64 'a time, and one'
run hl-replay --all --since soon
is_status 64 'no time'
run hl-replay 20261121T035900Z-0000000000000001
is_status 69 'no such case'
like "$(cat err)" "'20261121T035900Z-0000000000000001' is no case in '.*' or in the spool" 'and it says where it looked'
run hl-replay nothing/of/it
is_status 69 'no such file'
run hl-replay HEAD
is_status 69 'a commit that brought none'

# ---- a whole loop
fires Gone_ask_human a >in
decide approve >path
is "$(jq -r .outcome.result ended)" fixed 'a case is fixed'
cp ended first
run hl-replay "$(id)"
is_status 0 'it is replayed, and comes out the same'
is "$(results)" "$all_same" 'in every stage'
is "$(cat err)" 'hl-replay: 1 decision replayed, 1 the same' 'and one line says so'
cp out by_id
for name in "$(cat path)" "$(jq -r .record.commit ended)" "$(jq -r '.record.commit[:9]' ended)" "ops/$(cat path)" ended; do
	run hl-replay "$name"
	cmp -s out by_id
	ok $? "the same by ${name##*/}"
done
run hl replay -q "$(id)"
is "$status $(cat err)" '0 ' 'hl replay'
hl-replay "$(id)" >/dev/full 2>err
is $? 74 'output lost'

# ---- nothing is written, run or asked
sums() { find state ops -type f -exec sha256sum {} + | sort; find state ops -printf '%p %s %T@\n' | sort; }
sums >before
mkdir -p trap
for program in hl-llm git sh curl hl-plan hl-triage; do
	printf '#!/bin/sh\ntouch %s/ran\n' "$PWD" >"trap/$program"
	chmod +x "trap/$program"
done
env PATH="$PWD/trap" "$HL_BIN/hl-replay" --all >out 2>err
is "$? $(jq -r .result out | sort -u)" '0 same' 'with no program in reach'
[ ! -e ran ]
ok $? 'none is run'
if [ -n "${HL_SANITIZE-}" ]; then
	skip 'no call changes a file' 'no preload under the sanitizer'
else
	env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_COUNT_TO="$PWD/calls" hl-replay --all >out 2>err
	is "$(cat calls)" 1 'no call changes a file: there is one, that writes the answer'
fi
if strace -qq -f -o trace -e trace=process,network true 2>/dev/null; then
	strace -qq -f -o trace -e trace=process,network hl-replay --all >out 2>err
	is "$(grep -c -e fork -e clone -e vfork -e socket -e connect trace)" 0 'no process, no socket'
else
	skip 'no process, no socket' 'no strace'
fi
sums >after
cmp -s before after
ok $? 'state directory and ops repo are as they were, to the byte and the second'
cp -a state state.kept
rm -rf state/hl.db* state/cache
: >state/halt
HL_NOW=2031-01-01T00:00:00Z run hl-replay --all
is "$status $(results)" "0 $all_same" 'neither the memory nor the halt file nor the clock of today counts'
rm -rf state && mv state.kept state

# ---- every way a case can go
fires Gone_auto b >in
decide >path
is "$(jq -rc '[.approval.decision,.outcome.result]' ended)" '["auto","fixed"]' 'one that policy lets be done alone'
run hl-replay "$(id)"
is "$status $(results)" "0 $all_same" 'is replayed'
rmdir box/b
tick
fires Gone_auto b | sed 's/03:59:00/04:10:30/' >in
decide approve >path
is "$(jq -rc '.plan.autonomy | [.level,.seen.actions,.seen.last_action]' ended)" '["ask_human",1,"2026-11-21T04:08:07.250Z"]' 'within the cooldown'
run hl-replay "$(id)"
is "$status $(results)" "0 $all_same" 'is replayed, with the memory of then'
: >state/halt
fires Gone_auto h >in
decide approve >path
rm state/halt
is "$(jq -rc '[.plan.autonomy.seen,.outcome.result]' ended)" '[{"actions":1,"halted":true},"refused"]' 'under the halt file'
run hl-replay "$(id)"
is "$status $(results)" "0 $all_same" 'is replayed'
{ fires Gone_ask_human c; fires Gone_ask_human c | sed 's:box/c:box/c2:'; fires Gone_ask_human c resolved | sed 's:box/c:box/c3:'; } >in
decide 1 >path
is "$(jq -rc '[(.signals|length),.triage.signals,(.outcome.steps|length)]' ended)" '[3,3,2]' 'with several alerts, one resolved'
run hl-replay "$(id)"
is "$status $(results)" "0 $all_same" 'is replayed'
fires Gone_ask_human d >in
decide 2 >path
is "$(jq -rc '[.outcome.result,(.outcome.undo|length)]' ended)" '["rolled_back",1]' 'one that went back'
run hl-replay "$(id)"
is "$status $(results)" "0 $all_same" 'is replayed'
fires Nobody_knows e >in
for answer in 'no: it is the painters' 'ignore: not now' 'snooze 3h' yes,reject yes,custom:dig; do
	sed "s/\"be\"/\"b$(echo "$answer" | cut -c1-6 | tr -cd a-z)$minute\"/" in >in.1
	cp in in.0 && mv in.1 in
	IFS=,
	decide $answer >path
	unset IFS
	mv in.0 in
	run hl-replay "$(id)"
	is "$status $(jq -r .approval.decision ended) $(results)" "0 $(jq -r .approval.decision t3) $no_outcome" "unsure, and: $answer"
done
fires Gone_ask_human f >in
later=2026-11-22T04:00:00Z
decide approve >path
later=
is "$(jq -r .approval.decision ended)" expired 'nobody answered'
run hl-replay "$(id)"
is "$status $(results)" "0 $no_outcome" 'is replayed'
rm -f state/hl.db*
for m in 10 20 30; do
	fires Gone_ask_human g | sed "s/03:59:00/03:$m:00/" >in
	fires Gone_ask_human g resolved | sed "s/03:59:00/03:$m:00/; s/03:59:30/03:$m:30/" >>in
	hl-triage <in >/dev/null
done
fires Gone_ask_human g | sed 's/03:59:00/03:40:00/' >in
decide approve >path
is "$(jq -rc '.triage|[.flapping,.seen]' ended)" '[true,{"returns":3}]' 'a flapping one'
run hl-replay "$(id)"
is "$status $(results)" "0 $all_same" 'is replayed'
fires Gone_ask_human k >in
hl-triage <in >/dev/null
decide approve >path
is "$(jq -rc '.triage.seen' ended)" '{"fresh":false}' 'one in nobody'\''s hands'
run hl-replay "$(id)"
is "$status $(results)" "0 $all_same" 'is replayed'

# ---- what somebody asked for
hl-plan --tool box.mkdir path="$PWD/box/asked" >t2 2>err; tick
hl-ask --by bob --answer approve <t2 2>err | hl-apply 2>>err | hl-record >ended 2>>err
is "$(jq -r .outcome.result ended)" unverified 'a request for a tool'
run hl-replay "$(id)"
is "$status $(results)" "0 $all_same" 'is replayed'
tick
hl-plan --workflow add-disk disk=sdb >t2 2>err; tick
hl-ask --by bob --answer approve <t2 2>err | hl-apply >t4 2>>err; tick
hl-ask --unattended <t4 >out 2>>err
hl-ask --parked --by carol --answer 'done: bay 3' >t5 2>>err; tick
hl-apply <t5 2>>err | hl-record >ended 2>>err
is "$(jq -rc '[.outcome.result,.outcome.steps[0].by,(.outcome.steps|length)]' ended)" '["unverified","carol",3]' 'a workflow with a step of a person'
run hl-replay "$(id)"
is "$status $(results)" "0 $all_same" 'is replayed'
tick
hl-plan --drill ask_human >t2 2>err; tick
hl-ask --by bob --answer 1 <t2 2>>err | hl-apply --drill 2>>err | hl-record >ended 2>>err
is "$(jq -r .outcome.result ended)" drilled 'a drill'
run hl-replay "$(id)"
is "$status $(results)" "0 $all_same" 'is replayed'

# ---- the spool, several events, all
fires Gone_ask_human s >in
hl-triage <in | hl-plan | hl-ask --unattended 2>err
parked=$(hl-ask --list 2>/dev/null | grep -o '20[0-9TZ]*-[0-9a-f]*' | head -1)
run hl-replay "$parked"
is "$status $(results)" '0 triage:same plan:same' 'a parked case, as far as it came'
jq -c 'del(.record, .outcome) | .approval.decision = "ignored" | .approval.solution = null | .approval.agreed = false' first | hl-record >again 2>err
run hl-replay "$(jq -r .id first)"
is "$status $(results)" "0 $all_same $no_outcome" 'both events of a case'
run hl-replay --all
is_status 0 'all of them'
is "$(jq -r .path out | sort -u | wc -l)" "$(git -C ops ls-tree -r --name-only HEAD decisions | wc -l)" 'that is: every decision'
run hl-replay --all --since 2026-11-21T03:59:30Z
is "$(jq -r .case out | cut -c1-16 | sort | head -1)" "$(git -C ops ls-tree -r --name-only HEAD decisions | sed 's:.*/::' | cut -c1-16 | sort | awk '$0 >= "20261121T035930Z"' | head -1)" 'those since then'

# ---- a byte that is not as it was
victim=$(jq -r .record.path first) vid=$(jq -r .id first)
kept=$(git -C ops rev-parse HEAD)
tamper() { # SED-SCRIPT: in the file of the first case, committed over it
	git -C ops reset -q --hard "$kept"
	sed -i "$1" "ops/$victim"
	git -C ops commit -qam tamper || echo "# nothing to commit: $1"
	run hl-replay "$vid"
	jq -c --arg p "$victim" 'select(.path == $p)' out >one && mv one out
}
where() { jq -r 'select(.differences) | .stage + " " + .differences[].at' out; }
tamper '/summary/ s/the box is gone: 1.50/the box is gone: 1.51/'
is "$status $(results)" '1 triage:differs plan:same approval:same outcome:same record:differs' 'a byte of a signal that is in the title'
is "$(where)" 'triage /title' 'and where'
like "$(cat err)" 'triage: /title: "Gone_ask_human.*1.51" now' 'in words, too'
tamper 's/"value": 1.50/"value": 1.51/'
is "$status $(results)" '1 triage:same plan:same approval:same outcome:same record:differs' 'a byte of a signal that nothing rests on'
like "$(jq -r 'select(.why).why' out)" '^the file was changed after commit [0-9a-f]* brought it$' 'is noticed all the same'
tamper 's:"dir"\: "\(.*\)/box/a":"dir"\: "\1/box/z":'
like "$(where | head -1)" 'plan /plan/solutions/0/.*' 'a label that the plan is made of'
tamper 's/"alertname": "Gone_ask_human"/"alertname": "Gone_ask_humam"/'
like "$(where | paste -sd' ' -)" 'triage /id.*triage /triage/verdict.*triage /triage/runbooks/0' 'a label that the case is known by'
tamper 's/"verdict": "problem"/"verdict": "unsure"/'
like "$(where | paste -sd' ' -)" 'triage /triage/verdict.*plan /plan/autonomy/why' 'the verdict'
tamper 's/"why": "runbook .ask_human. knows it"/"why": "runbook '\''ask_human'\'' knew it"/'
is "$(where)" 'triage /triage/why' 'why'
tamper 's/"level": "ask_human",/"level": "auto",/'
like "$(where | paste -sd' ' -)" 'plan /plan/runbook/level' 'the level of the runbook'
like "$(jq -r 'select(.stage == "approval").why' out)" 'the plan was changed after it was made: its digest is wrong' 'and the plan is not what was approved'
tamper 's/"seen": {}$/"seen": {"failures": 9}/'
like "$(where | paste -sd' ' -)" 'plan /plan/autonomy/why/' 'what was remembered'
tamper 's/"tool_digest": "./"tool_digest": "g/'
like "$(where | head -1)" 'plan /plan/solutions/0/steps/0/.*tool_digest' 'a tool'
tamper 's/"by": "alice"/"by": "mally"/'
is "$status $(results)" '1 triage:same plan:same approval:same outcome:same record:differs' 'who approved it'
tamper '/"approval"/,$ s/"digest": "..../"digest": "dead/'
is "$(where)" 'approval /approval/digest' 'what was approved'
tamper '/"approval"/,/}/ s/"solution": 1,/"solution": 2,/'
like "$(where | paste -sd' ' -)" 'approval /approval/agreed outcome /outcome/solution outcome /outcome/steps/0' 'which solution'
tamper '/"approval"/,/}/ s/"at": "2026/"at": "2027/'
is "$(where)" 'approval /approval' 'an approval after the plan had expired'
tamper '/"approval"/,/}/ s/"via": "answer"/"via": "policy"/'
is "$(where)" 'approval /approval' 'one by policy that policy would not give'
tamper '/"outcome"/,$ s/"tool": *"box.mkdir"/"tool":"box.wipe"/'
is "$(where)" 'outcome /outcome/steps/0/tool' 'what was run'
tamper '/"outcome"/,$ s/"title": *"it is there"/"title":"it was there"/'
is "$(where)" 'outcome /outcome/verify/0/title' 'what was checked'
tamper 's/^  "outcome"/ "outcome"/'
is "$status $(results)" '1 triage:same plan:same approval:same outcome:same record:differs' 'a blank'
tamper 's/"basis": "./"basis": "g/'
is "$status $(results | cut -d' ' -f1,2)" '1 triage:cannot plan:cannot' 'another basis'
like "$(cat err)" "no commit 'g[0-9a-f]*' in '.*ops'" 'which is not there'
tamper 's/"seen": {}/"soon": {}/'
like "$(cat err)" "lacks 'triage.seen'.*before that was kept" 'a record from before what was remembered was kept'
git -C ops reset -q --hard "$kept"
jq -c 'del(.record) | del(.triage.seen, .plan.autonomy.seen) | .id = "20261119T035900Z-9080e7d0f906de23"' first >old
hl-record <old >out 2>err
run hl-replay 20261119T035900Z-9080e7d0f906de23
is "$status $(results | cut -d' ' -f1,2)" '1 triage:cannot plan:cannot' 'which is no guess'
git -C ops reset -q --hard "$kept"
# What was in force is named by the basis: under another commit that is there, another policy held ...
sed -i 's/mode: mature/mode: verbose/' ops/policy.yaml
commit_ops 'not what was in force'
other=$(git -C ops rev-parse HEAD)
git -C ops reset -q --hard "$kept"
tamper "s/\"basis\": \"[0-9a-f]*\"/\"basis\": \"$other\"/"
is "$status $(results | cut -d' ' -f2)" '1 plan:differs' 'a basis that is another commit'
like "$(where)" 'plan /plan/autonomy/why' 'under which policy says another thing'
git -C ops reset -q --hard "$kept"
# ... and under the same name there can be no other: git looks at what it reads.
blob=$(git -C ops rev-parse "$(jq -r .basis "ops/$victim"):policy.yaml")
object=ops/.git/objects/$(echo "$blob" | cut -c1-2)/$(echo "$blob" | cut -c3-)
cp "$object" object && chmod u+w "$object"
git -C ops cat-file blob "$blob" | sed 's/mature/verbose/' |
	python3 -c 'import sys, zlib; b = sys.stdin.buffer.read(); sys.stdout.buffer.write(zlib.compress(b"blob %d\0" % len(b) + b))' >altered
cp altered "$object"
run hl-replay "$vid"
is "$status $(results | cut -d' ' -f2)" '65 plan:cannot' 'an altered object of git'
cp object "$object"
run hl-replay "$vid"
is_status 0 'and put back'
sed 's/the box is gone/\\u001b[2J\\u202e the box/' "ops/$victim" >hostile.json
run hl-replay hostile.json
is_status 1 'a hostile file'
[ "$(LC_ALL=C grep -c "$(printf '\033')\|$(printf '\342\200\256')" out err | cut -d: -f2 | paste -sd+ - | bc)" -eq 0 ]
ok $? 'does nothing to a terminal'
echo '{"kind":"note"}' >note
run hl-replay note
is_status 65 'a file that is no case'
head -c 300 "ops/$victim" >half
run hl-replay half
is_status 65 'half a file'

# ---- what if
sed -i 's/mode: mature/mode: verbose/' ops/policy.yaml
sed -i 's/^    title: Make .*/    title: Build it/' ops/runbooks/ask_human.yaml
commit_ops 'another policy'
run hl-replay --at HEAD "$vid"
is "$status $(results)" '1 triage:same plan:differs triage:same plan:differs' 'with what is in force now'
is "$(jq -r '.differences[]?.at' out | sort -u | paste -sd' ' -)" '/plan/autonomy/why/1 /plan/solutions/0/title' 'this would be otherwise'
run hl-replay "$vid"
is_status 0 'what was decided stays what it was'
echo 'silences: [{match: {alertname: Gone_ask_human}, why: quiet}]' >>ops/policy.yaml
commit_ops 'a silence'
run hl-replay --at HEAD "$vid"
is "$(where | sort -u | paste -sd' ' -)" 'plan /plan triage /triage/verdict triage /triage/why' 'silenced: there would be no plan'
run hl-replay --at nowhere "$vid"
is_status 69 'no such commit'
done_testing
