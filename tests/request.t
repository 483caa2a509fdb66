# A case that somebody asked for goes the whole way, and only with a person.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

make_ops
cat >ops/tools/far.yaml <<'X'
toolset: far
http: {base: "{env.FAR}/v1", headers: {X-Key: "{secret.far}"}}
servers: {s: {run: [far-server]}}
tools:
  - {name: far.go, effect: change, blast_radius: none, args: {to: {type: string}, why: {type: string, required: false}},
     http: {method: POST, url: "/go/{to}", json: {why: "{why}", at: "{time.epoch}"}}}
  - {name: far.call, effect: change, blast_radius: none, mcp: {server: s, tool: call_it}, args: {to: {type: string}}}
X
commit_ops tools
HL_NOW=2026-11-21T04:00:00Z HL_STATE=$PWD/state
export HL_NOW HL_STATE

run hl-plan --tool box.mkdir "path=$PWD/box/a"
is_status 0 'a tool can be asked for'
schema_ok case <out
cp out asked
is "$(jq -c '[.signals, .triage.verdict, .request.tool, .request.args.path, .plan.runbook, .plan.recommended]' asked)" \
	"[[],\"problem\",\"box.mkdir\",\"$PWD/box/a\",null,1]" 'it is a case with a plan'
is "$(jq -c '.plan.solutions | map([.effect, .blast_radius, .reversible, (.steps | map(.tool, .undo.tool))])' asked)" \
	'[["change","single_service",true,["box.mkdir","box.rmdir"]]]' 'of one step, with the undo that the tool declares'
is "$(jq -r '.plan.autonomy.level' asked)" ask_human 'it is asked about, although policy would let it be done alone'
like "$(jq -r '.plan.autonomy.why[]' asked)" 'cli:.* asked for it' 'and says why'
like "$(jq -r '.request.by' asked)" '^cli:.' 'who asked is in the case'
is "$(hl-plan --tool box_mkdir "path=$PWD/box/a" | jq -r .id)" "$(jq -r .id asked)" \
	'the same by another spelling is the same case'
run hl-plan --tool box.mkdir --args '{"path": "/x{labels.dir}}"}'
is "$(jq -r '.plan.solutions[0].steps[0].args.path' out)" '/x{labels.dir}}' 'a brace in what is asked for is a brace'

is "$(hl-plan --tool box.mkdir "path=/a b$(printf '\033')[31m" | jq -r .title)" 'Run box.mkdir path="/a b\u001b[31m"' 'in the title a value is one harmless word'
is "$(hl-plan --tool box.mkdir "path=/$(printf '%0500d' 1)" | jq -r .title)" 'Run box.mkdir …' 'or none, when it is long'

hl-plan --tool far.go 'to=a b' >far
hl-plan --tool far.call to=x >>far
approve 1 <far | hl-apply --dry-run >out 2>err
is "$(grep far\\. err)" "hl-apply:   step 'far.go': far.go: POST {env.FAR}/v1/go/a%20b json={\"at\":\"{time.epoch}\"}
hl-apply:   step 'far.call': far.call: call_it of the server 's' {\"to\":\"x\"}" 'a dry run says which request or call it would be'

run hl-plan --tool box.mkdri path=/x
is_status 78 'a tool that is not there is refused'
like "$(cat err)" "did you mean 'box.mkdir'" 'with a better name'
is "$(cat out)" '' 'and opens no case'
run hl-plan --tool box.mkdir path=relative
is_status 65 'so are wrong arguments'
run hl-plan --tool box.mkdir path
is_status 64 'and a word that is no argument'
run hl-plan path=/x
is_status 64 'operands alone are no request'
run hl-plan --tool "$(printf 'box\nmkdir')" path=/x
is_status 65 'a name of two lines is refused'

hl-ask <asked >out 2>err
is "$(cat out)" '' 'without a person it is parked'
hl-ask --list >list
like "$(cat list)" "Run box.mkdir path=$PWD/box/a" 'and listed, with what it is about'
HL_NOW=2026-11-21T05:00:00Z hl-plan --tool box.mkdir "path=$PWD/box/a" >again
is "$(jq -cS . again)" "$(jq -cS . asked)" 'asking for it again gives the case that is parked, to the letter'
HL_NOW=2026-11-21T05:00:00Z hl-plan --tool box.mkdir "path=$PWD/box/b" >other
isnt=$(jq -r .id other)
ok "$([ "$isnt" != "$(jq -r .id asked)" ]; echo $?)" 'asking for something else does not'
HL_NOW=2026-11-22T05:00:00Z hl-plan --tool box.mkdir "path=$PWD/box/a" >late
like "$(jq -r .id late)" '^20261122T050000Z-' 'nor when the plan has expired'

approve_alone <asked | hl-apply >out 2>err
is "$(jq -r .outcome.result out)" refused 'no policy approves it'
like "$(jq -r .outcome.why out)" 'only a person' 'and the refusal says so'
ok "$([ ! -e box/a ]; echo $?)" 'nothing was done'
# One who raises the level in the plan and seals it anew still needs a person.
jq -c '.plan.autonomy.level = "auto" | del(.plan.digest)' asked >forged
python3 - <<'END'
import hashlib, json
c = json.load(open("forged"))
whole = json.dumps({"case": c["id"], "plan": c["plan"]}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
c["plan"]["digest"] = hashlib.sha256(whole.encode()).hexdigest()
open("forged", "w").write(json.dumps(c) + "\n")
END
approve_alone <forged | hl-apply >out 2>err
is "$(jq -r .outcome.result out)" refused 'a forged level does not help'
jq -c 'del(.request)' forged | approve_alone | hl-apply >out 2>err
is "$(jq -r .outcome.result out)" refused 'nor does leaving out that it was asked for'
ok "$([ ! -e box/a ]; echo $?)" 'still nothing was done'

hl-ask --parked --answer approve --by alice <asked >answered 2>err
is "$(jq -r '.approval.decision' answered)" approved 'a person approves'
hl-apply <answered >applied 2>err
is "$(jq -r '.outcome.steps[0].ok' applied)" true 'the step went well'
ok "$([ -d box/a ]; echo $?)" 'it was done'
hl-record <applied >recorded 2>err
like "$(jq -r .record.path recorded)" '^decisions/2026/11/21/' 'and is in the history'
like "$(git -C ops log -1 --format=%B)" 'Approved-by: alice' 'with who approved it'

printf 'breaker: {failures: 1, window: 1d}\n' >>ops/policy.yaml
commit_ops breaker
breaker() { # what a plan that is made now says of it
	hl-plan --tool box.mkdir path=/y | jq '.plan.autonomy.why | map(select(test("breaker"))) | length'
}
is "$(jq -r .outcome.result applied)" unverified 'nothing was there to check it by'
is "$(breaker)" 0 'which is no failure that opens the breaker'
hl-apply <answered >out 2>err
is "$(breaker)" 0 'nor is it when it is told again'
hl-plan --tool box.fail | hl-ask --answer approve --by alice 2>err | hl-apply >out 2>err
is "$(jq -r .outcome.result out)" failed 'a step that was asked for fails'
is "$(breaker)" 1 'and that is one'

jq -c 'del(.plan) | .request.tool = 5' asked >odd
run hl-plan <odd
is_status 65 'a request that is none gets no plan'
is "$(jq -r '.plan' out)" null 'and goes on without'
jq -c 'del(.plan) | .request.args = {nope: 1}' asked | hl-plan >out 2>err
is "$(jq -c '[.plan.solutions, .plan.recommended, (.plan.problems | length)]' out)" '[[],null,1]' \
	'one that cannot be done has a plan without solutions, which says why'

done_testing
