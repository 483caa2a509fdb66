# Workflows: what somebody asks for by name is planned, approved, and done step by step: tools, checks, what a
# person does, documents. What fails goes back, whatever kind it was.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

make_ops
mkdir -p ops/workflows
cat >ops/workflows/add-disk.yaml <<END
workflow: add-disk
description: Put a disk in, and use it
args:
  disk: {type: string, pattern: "^[a-z0-9]+\$"}
  note: {type: string, default: none, multiline: true}
steps:
  - {id: plan, write: {path: "docs/disks/{disk}.md", text: "# {disk}\n\n{note}\n"}}
  - id: buy
    needs: [plan]
    human: {title: Put the disk in, ask: "Put {disk} in and close the case.", within: 14d, details: {bay: 3, disk: "{disk}"}}
  - {id: seen, needs: [buy], check: {tool: box.has, args: {path: "$PWD/box/seen"}, within: 1s, title: the disk is seen}}
  - {id: use, needs: [seen], tool: box.mkdir, args: {path: "$PWD/box/{disk}"}}
  - {id: log, needs: [use], write: {path: docs/log.md, append: "used {disk}"}}
  - {id: list, needs: [use], write: {path: inventory/disks.md, append: "- {disk}"}}
  - {id: save, needs: [log, list], commit: {message: "Note {disk}"}}
  - {id: last, needs: [save], check: {tool: box.has, args: {path: "$PWD/box/last"}}}
END
cat >ops/workflows/crash.yaml <<END
workflow: crash
steps:
  - {id: one, write: {path: docs/one.md, append: "one"}}
  - {id: two, needs: [one], tool: box.tally, args: {file: "$PWD/box/two"}}
  - {id: log, needs: [two], write: {path: docs/log.md, append: "log"}}
  - {id: list, needs: [two], write: {path: inventory/list.md, append: "list"}}
  - {id: save, needs: [log, list], commit: {message: "Save it"}}
verify: [{tool: box.has, args: {path: "$PWD/box/two"}}]
END
mkdir -p ops/docs && echo '# log' >ops/docs/log.md
commit_ops one
git -C ops config receive.denyCurrentBranch ignore

fresh() {
	rm -rf box state && mkdir box
	git -C ops reset -q --hard "$base"
}
base=$(git -C ops rev-parse HEAD)
asked() { # WORKFLOW [KEY=VALUE ...]: planned and approved, in ./approved
	hl-plan --workflow "$@" >planned 2>err || { cat err; return 1; }
	hl-ask --by alice --answer approve <planned >approved 2>>err
}
answered() { # ANSWER [BY]: the parked case, in ./said
	hl-ask --parked --by "${2:-bob}" --answer "$1" >said 2>err
}
outcome() { # JQ-FILTER
	jq -rc ".outcome|$1" out
}
at() { # TIME: now
	HL_NOW=$1
	export HL_NOW
}
at 2026-11-21T04:00:00Z

# ---- the plan
run hl-plan --workflow add-disk disk=sdb 'note=a
b'
is_status 0 'a workflow is asked for'
is "$(jq -rc '[.plan.solutions[0].steps[] | [.id, .kind // "tool"] | join(":")] | join(" ")' out)" \
	'plan:write buy:human seen:check use:tool log:write list:write save:commit last:check' 'its steps have kinds'
is "$(jq -rc '.plan.solutions[0].steps[0].files' out)" '[{"path":"docs/disks/sdb.md","text":"# sdb\n\na\nb\n"}]' 'documents are filled in'
is "$(jq -r '.plan.autonomy.level' out)" ask_human 'it is asked about'
is "$(jq -r '.plan.solutions[0].reversible' out)" false 'what a person does cannot be taken back'
hl-ask --unattended <out >/dev/null 2>&1
hl-ask --list >list
like "$(cat list)" 'Run add-disk' 'it can be parked'
cp "state/spool/$(jq -r .id out).json" parked.json
rm -rf state

# ---- it works: done by a person, days later, over a reboot
fresh
asked add-disk disk=sdb
run hl-apply <approved
is_status 0 'it waits for a person'
is "$(outcome '[.result, .waiting.step, .waiting.title, .waiting.since, .waiting.until, (.waiting.details|tojson)] | join("|")')" \
	'waiting|buy|Put the disk in|2026-11-21T04:00:00Z|2026-12-05T04:00:00Z|{"bay":3,"disk":"sdb"}' 'and says what for'
is "$(git -C ops show HEAD:docs/disks/sdb.md | head -n 1)" '# sdb' 'the document before it is committed'
is "$(git -C ops log -1 --format='%(trailers:key=Workflow,valueonly,separator=%x2c)|%(trailers:key=Step,valueonly,separator=%x2c)|%(trailers:key=Case,valueonly,separator=%x2c)')" \
	"add-disk|plan|$(jq -r .id planned)" 'with trailers'
cp out waiting
run hl-record <waiting
cmp -s waiting out
ok $? 'hl-record passes on what waits'
like "$(hl-ask --list)" 'task: Put the disk in' 'it is parked, and lists as a task'
like "$(hl-status)" 'waiting  1 case' 'hl-status says so'
like "$(hl-status)" 'task since 0s: Put the disk in' 'and since when'
unlike "$(hl-status)" 'cut off' 'it is not cut off'
printf '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"r","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"hl_case","arguments":{"case":"%s"}}}
' "$(jq -r .id planned)" | hl-mcp 2>err | jq -r 'select(.id == 2).result | .structuredContent.state, .content[0].text' >out
like "$(paste -sd' ' out)" '^task .* waits for a person to do a step' 'hl-mcp says so, too'
at 2026-11-30T04:00:00Z
run hl-apply --resume
is_status 0 'after a reboot there is nothing to finish'
is "$(cat out)" '' 'and nothing is handed out twice'
run hl-apply <approved
is "$(outcome .result)" waiting 'the approved case brought again waits, too'
touch box/seen box/last
answered 'approve'
is "$(cat said)" '' 'approve is no answer to a task'
like "$(cat err)" 'this is a task: say done' 'and it is said'
answered 'done: bay 4 instead'
is "$(jq -rc '[.answer.step, .answer.said, .answer.by, .answer.via, .answer.why] | join("|")' said)" 'buy|done|bob|answer|bay 4 instead' 'done'
is "$(hl-ask --list)" '' 'it left the spool'
run hl-apply <said
is_status 0 'it goes on'
is "$(outcome .result)" fixed 'to its end, although the plan expired meanwhile'
is "$(outcome '.steps[1] | [.id, .kind, .ok, .by, .at, .note] | map(tostring) | join("|")')" 'buy|human|true|bob|2026-11-30T04:00:00Z|bay 4 instead' 'who did it is told'
is "$(jq 'has("answer")' out)" false 'the answer was taken'
is "$(git -C ops show HEAD:docs/log.md)" '# log
used sdb' 'behind what was there'
is "$(git -C ops show --format=%s --name-only HEAD | tr '\n' ' ')" 'Note sdb  docs/log.md inventory/disks.md ' 'one commit for both documents'
cp out ended
hl-record <ended >out 2>err
is "$(jq -r '.record.path != null' out)" true 'it is recorded'
like "$(git -C ops log -1 --format=%B)" 'Workflow: add-disk' 'with the workflow in its trailers'
like "$(git -C ops log -1 --format=%B)" 'buy: done by bob' 'and who did what'
[ -z "$(git -C ops status --porcelain)" ]
ok $? 'the work tree is as the branch'

# ---- answers that do nothing
commits=$(git -C ops rev-list --count HEAD)
hl-apply <said >out 2>err
is "$(outcome .result)" fixed 'the same answer again gives the same outcome'
is "$(git -C ops rev-list --count HEAD)" "$commits" 'and does nothing'
at 2026-11-21T04:00:00Z
fresh
asked add-disk disk=sdc
hl-apply -q <approved >waiting
jq -c '. + {answer: {step: "buy", said: "done", by: "hl", via: "policy", at: "2026-11-21T04:00:00Z", digest: .plan.digest}}' waiting >forged
hl-apply -q <forged >out
is "$(outcome .result)" waiting 'policy does nothing with its hands'
jq -c '. + {answer: {step: "buy", said: "done", by: "eve", via: "answer", at: "2026-11-21T04:00:00Z", digest: "0000"}}' waiting >forged
hl-apply -q <forged >out
is "$(outcome .result)" waiting 'an answer to another plan is none'
jq -c '. + {answer: {step: "buy", said: "done", by: "eve", via: "answer", at: "2026-12-24T04:00:00Z", digest: .plan.digest}}' waiting >forged
hl-apply -q <forged >out
is "$(outcome .result)" waiting 'nor one that is not of its time'
jq -c '.outcome.waiting.step = "seen" | . + {answer: {step: "seen", said: "done", by: "eve", via: "answer", at: "2026-11-21T04:00:00Z", digest: .plan.digest}}' waiting >forged
hl-apply -q <forged >out
is "$(outcome .waiting.step)" buy 'nor one about another step'
jq -c '.outcome.waiting.ask = "Give eve the key."' waiting >forged
run hl-ask --answer 'done' <forged
is_status 65 'a task that is not the plan'\''s is not asked about'
mv state/runs state/elsewhere
jq -c '. + {answer: {step: "buy", said: "done", by: "eve", via: "answer", at: "2026-11-21T04:00:00Z", digest: .plan.digest}}' waiting >forged
hl-apply -q <forged >out 2>err
is "$(outcome .result)" refused 'without its journal there is nothing to go on with'
rm -rf state/runs && mv state/elsewhere state/runs
hl halt >/dev/null 2>&1
answered 'done'
hl-apply -q <said >out 2>err
is "$(outcome .result)" waiting 'while halted no answer is taken'
hl resume >/dev/null 2>&1
like "$(hl-ask --list)" 'task: Put the disk in' 'and the task waits on'

# ---- the person says it failed
answered 'failed: wrong disk' carol
run hl-apply <said
is_status 1 'a task that failed'
is "$(outcome .result)" rolled_back 'takes back what was done'
like "$(outcome .why)" "step 'buy': carol says that it failed: wrong disk" 'and says why'
git -C ops cat-file -e HEAD:docs/disks/sdc.md 2>/dev/null
is $? 128 'the document is gone again'
like "$(git -C ops log -1 --format=%s)" 'Revert: Write docs/disks/sdc.md' 'by a commit that reverts'
is "$(outcome '.undo[0] | [.id, .kind, .ok] | map(tostring) | join("|")')" 'plan|write|true' 'and that is told'

# ---- nobody does it
fresh
asked add-disk disk=sdd
hl-apply -q <approved >waiting
at 2026-12-05T04:00:00Z
run hl-apply --resume
is_status 1 'a task that nobody did'
is "$(outcome .result)" expired 'has an end of its own'
like "$(outcome .why)" "step 'buy': nobody had done it by 2026-12-05T04:00:00Z" 'and says which'
hl-record -q <out >recorded
is "$(jq -r .outcome.result recorded)" expired 'it is recorded'
is "$(hl-ask --list)" '' 'nothing is parked any more'
at 2026-11-21T04:00:00Z
fresh
asked add-disk disk=sdd
hl-apply -q <approved >waiting
at 2026-12-05T04:00:00Z
hl-ask -q --parked --by bob --answer 'done' >said
is "$(jq -r .answer.said said)" expired 'done, a moment too late'
hl-apply -q <said >out
is "$(outcome .result)" expired 'is too late'

# ---- a check that does not hold; what somebody changed stays
at 2026-11-21T04:00:00Z
fresh
asked add-disk disk=sde
hl-apply -q <approved >waiting
touch box/seen
answered 'done'
hl-apply -q <said >out
is "$(outcome .result)" failed 'a check that does not hold: what a person did stays'
like "$(outcome .why)" "step 'last'" 'the check is named'
is "$(git -C ops show HEAD:docs/log.md)" '# log' 'the documents are back'
git -C ops cat-file -e HEAD:inventory/disks.md 2>/dev/null
is $? 128 'all of them'
[ ! -e box/sde ]
ok $? 'and what the tool did is undone'

# ---- hostile arguments
fresh
for bad in 'disk=../../policy' 'disk={note}' 'disk=-rf' 'disk=a/b' 'disk=' 'disk=a b'; do
	run hl-plan --workflow add-disk "$bad"
	[ "$status" -ne 0 ]
	ok $? "refused: $bad"
done
run hl-plan --workflow add-disk disk=sdf 'note={disk} {{x}} {resource.name}
Case: 20200101T000000Z-0000000000000000'
is "$(jq -r '.plan.solutions[0].steps[0].files[0].text' out | tail -n 3 | head -n 1)" '{disk} {{x}} {resource.name}' 'a brace is a brace'
run hl-plan --workflow add-disc
is_status 64 'a workflow that is not there'
like "$(cat err)" "did you mean 'add-disk'" 'with the one that was meant'
run hl-plan --workflow ../policy
is_status 64 'a name that is a path'
run hl-plan --workflow add-disk dusk=a
like "$(cat err)" "did you mean 'disk'" 'an argument that is not there'

# ---- what may not be written
wrong() { # LINES WANTED
	printf 'workflow: wrong\nsteps:\n%s\n' "$1" >ops/workflows/wrong.yaml
	git -C ops add -A && git -C ops commit -q -m wrong
	run hl-plan --workflow wrong
	[ "$status" = 78 ] || echo "# status $status"
	like "$(cat err)" "$2" "$2"
}
for path in policy.yaml runbooks/x.yaml tools/x.yaml workflows/x.yaml goals/x.md .git/config docs/../policy.yaml /etc/motd docs/.gitattributes docs decisions/x.md; do
	wrong "  - {write: {path: $path, text: x}}" "'$path' is not below docs/"
done
wrong '  - {id: a, tool: box.fail, human: x}' 'wrong.yaml:3:.*more than one thing'
wrong '  - {id: a, needs: [b]}' 'does nothing'
wrong '  - {id: a, human: x, needs: [b]}
  - {id: b, human: x, needs: [a]}' 'in a circle'
wrong '  - {id: one, human: x}
  - {id: b, human: x, needs: [onne]}' "did you mean 'one'"
wrong '  - {id: a, human: "{x}"}' "'{x}' is no argument"
wrong '  - {id: a, commit: {message: x}}' 'nothing to commit'
wrong '  - {id: a, check: {tool: box.mkdir, args: {path: /x}}}' "tool 'box.mkdir' is no read tool"
wrong '  - {id: a, tool: box.mkdri, args: {path: /x}}' "did you mean 'box.mkdir'"

# A symbolic link is neither followed nor replaced.
fresh
ln -s ../policy.yaml ops/docs/one.md
commit_ops link
asked crash
hl-apply -q <approved >out 2>err
is "$(outcome .result)" failed 'a symbolic link in the place of a document'
like "$(outcome .why)" 'no file, but a directory or a symbolic link' 'is refused'
is "$(git -C ops cat-file -p HEAD:docs/one.md)" ../policy.yaml 'and stays'

# A document that somebody changed since is not put back.
fresh
asked add-disk disk=sdg
hl-apply -q <approved >waiting
echo changed >ops/docs/disks/sdg.md
commit_ops changed
answered 'failed: no'
hl-apply -q <said >out 2>err
is "$(outcome .result)" failed 'what somebody changed since'
is "$(git -C ops show HEAD:docs/disks/sdg.md)" changed 'stays as it is'
like "$(outcome '.undo[0].error')" 'changed by somebody since' 'and is told'

# ---- killed before every call that changes a file
if [ -z "${HL_SANITIZE:-}${HL_VALGRIND:-}" ]; then
	fresh
	asked crash
	cp approved case
	fresh
	env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_COUNT_TO="$PWD/calls" hl-apply -q <case >/dev/null 2>&1
	last=$(cat calls) bad=0 nth=1
	lines() { git -C ops show "HEAD:$1" 2>/dev/null | grep -c "^$2\$"; }
	while [ "$nth" -le "$last" ]; do
		fresh
		env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_KILL_AT="$nth" hl-apply -q <case >/dev/null 2>&1
		[ $((nth % 2)) -eq 0 ] || hl-apply -q --resume >/dev/null 2>&1
		hl-apply -q <case >out 2>err
		got="$(outcome .result) $(lines docs/one.md one) $(lines docs/log.md log) $(lines inventory/list.md list) $(cat box/two 2>/dev/null | wc -l)"
		case "$got" in
		'fixed 1 1 1 1' | 'unverified 1 0 0 '*) ;;
		*) echo "# killed at $nth: $got"; bad=$((bad + 1)) ;;
		esac
		nth=$((nth + 1))
	done
	is "$bad" 0 "killed at each of $last calls: each document is written once, and the tool ran once"
fi
done_testing
