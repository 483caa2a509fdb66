# hl-plan asks a model where no runbook helps. What comes back is data: it is checked as a runbook's
# solutions are, it asks a person, and whatever goes wrong with it, the case gets a plan.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

# hl-plan beside a program called hl-llm, which keeps what it is asked and answers from files.
mkdir bin llm
cp "$HL_BIN/hl-plan" bin/hl-plan
LLM=$PWD/llm && export LLM
cat >bin/hl-llm <<'X'
#!/bin/sh
[ "$*" = --requests ] || exit 64
IFS= read -r line
printf '%s\n' "$line" >>"$LLM/asks"
n=$(wc -l <"$LLM/asks")
[ -e "$LLM/$n" ] && cat "$LLM/$n" || printf '{"kind":"answer","ok":false,"reason":"unreachable","error":"nobody is there"}\n'
X
chmod +x bin/hl-llm
plan=$PWD/bin/hl-plan

# Forgets what was asked; then the nth answer is a proposal (JSON on standard input, over a whole one).
afresh() { rm -f llm/*; : >llm/asks; }
answer() { # N [MODEL]
	jq -c --arg model "${2-gemini-pro}" --arg n "$1" '({cause: "somebody removed the directory", claims: [], solutions: [], concerns: [],
		alternatives: [], gaps: [], placement: null} + .) as $value | {kind: "answer", ok: true, text: ($value | tojson), value: $value,
		model: $model, role: "solution", where: "cloud", usage: {input: 1, output: 2},
		calls: [{tool: "box.has", args: {path: "/"}, ok: true}], transcript: (($n * 64)[:64])}' >"llm/$1"
}
fails() { # N REASON ERROR
	jq -nc --arg reason "$2" --arg error "$3" '{kind: "answer", ok: false, reason: $reason, error: $error}' >"llm/$1"
}
asked() { wc -l <llm/asks | tr -d ' '; }
make() { # PATH
	printf '{"title":"Make it","impact":"none","risk":"low","steps":[{"tool":"box.mkdir","args":{"path":"%s"}}],"verify":[{"tool":"box.has","args":{"path":"%s"}}]}' "$1" "$1"
}

make_ops
mkdir data/schemas && cp "$HL_TOP/schemas/proposal.json" data/schemas/
cat >data/goals/incident.md <<'X'
---
name: incident
tools: [{tool: box.has, args: {path: /}}]
---
Find out what is wrong.
X
cat >ops/runbooks/other.yaml <<'X'
id: other
trigger: {alert: BoxGone}
solutions:
  - {id: make, action: box.mkdir, args: {path: "{labels.dir}"}, human_selected: 9, success_rate: 1.0}
X
commit_ops 'no model'

# --- policy does not say so ---
afresh
triaged 00000000000000a1 '' >case
run "$plan" <case
is_status 0 'without policy'
is "$(asked) $(jq -c .plan.model out)" '0 null' 'no model is asked'
cp out without

cat >>ops/policy.yaml <<'X'
models: {use: [plan], an_hour: 1000}
X
commit_ops 'a model plans'

# --- a runbook's match costs nothing ---
triaged 00000000000000a1 '"other"' >matched
run "$plan" <matched
is "$(asked) $(jq -c '[.plan.model, .plan.runbook.id]' out)" '0 [null,"other"]' 'a runbook that helps: no process is started'
jq -c '.triage.verdict = "expected"' case >other
run "$plan" <other
is "$(asked) $(cmp -s out other && echo same)" '0 same' 'no problem: nothing is asked'
run "$plan" --tool box.mkdir path=/tmp/x
is "$(asked) $(jq -c '[.plan.model, (.plan.solutions | length)]' out)" '0 [null,1]' 'what a person asks for is not thought about'
jq -c '.signals = []' case >other
run "$plan" <other
is "$(asked)" 0 'nor a case that is about nothing'

# --- what is asked ---
afresh
printf '{"solutions": [%s], "claims": [{"text": "it is gone", "rests_on": ["/signals/0/labels/dir"]}, {"text": "seen", "rests_on": ["1"]},
	{"text": "made up", "rests_on": ["/context/7", "2", "x"]}], "concerns": ["it may come back"], "alternatives": ["find out who removes it"]}' "$(make "$PWD/box/a")" | answer 1
run "$plan" <case
is_status 0 'with a model'
cp out planned
is "$(asked)" 1 'one question'
is "$(jq -c '[.kind, .stage, .case, .goal, .tools, .bounds]' llm/asks)" \
	'["ask","plan","20261121T035900Z-00000000000000a1","incident",["box.has"],{"steps":8,"tokens":60000,"time_ms":180000}]' 'for the stage, within bounds, with the goal'"'"'s tools'
is "$(jq -c '[.messages[1].content | fromjson | .signals[0].labels.alertname, .id]' llm/asks)" \
	'["BoxGone","20261121T035900Z-00000000000000a1"]' 'the case is a document of its own'
is "$(jq -c '.messages[3].content | fromjson | [.tools[] | .tool] | sort | .[:3]' llm/asks)" '["box.count","box.fail","box.has"]' 'and so are the tools'
like "$(jq -r .system llm/asks)" 'Find out what is wrong' 'the goal says what for'
is "$(jq -c .schema llm/asks)" "$(jq -c . "$HL_TOP/schemas/proposal.json")" 'the answer has a schema'

# --- the plan ---
schema_ok case 'a plan of a model is as the schema has it' <planned
is "$(jq -c '.plan | [.recommended, .runbook, .autonomy.level, (.solutions | length)]' planned)" '[1,null,"ask_human",1]' 'a solution that is asked about'
like "$(jq -r '.plan.autonomy.why[]' planned)" "model 'gemini-pro' proposed it" 'and why'
is "$(jq -c '.plan.solutions[0] | [.id, .title, .effect, .blast_radius, .reversible, .steps[0].undo.tool]' planned)" \
	'["model-1","Make it","change","single_service",true,"box.rmdir"]' 'effect, blast radius and undo are the tools'"'"
like "$(jq -r .plan.why planned)" "no runbook helps; model 'gemini-pro' thinks: \"somebody removed the directory\"" 'the plan in a sentence'
is "$(jq -c '[.plan.model.claims[].supported]' planned)" '[true,true,false]' 'a claim that rests on nothing is marked'
is "$(jq -c '[.plan.concerns, .plan.alternatives]' planned)" '[["it may come back"],["find out who removes it"]]' 'concerns and alternatives'
is "$(jq -c '.plan.model | [.name, .role, (.transcript | length), .dropped, (.asks | length)]' planned)" '["gemini-pro","solution",64,[],1]' 'who thought it'

# --- it can be approved and done ---
approve 1 <planned >approved
run hl-apply <approved
is "$(jq -r .outcome.result out) $(ls box)" 'fixed a' 'a person says yes, and it is done'
rmdir box/a
triaged 00000000000000a2 '' >another
: >llm/asks
run "$plan" <another
approve_alone <out >alone
run hl-apply <alone
is "$(jq -r .outcome.result out) $(ls box)" 'refused ' 'never alone'

# --- what does not hold up goes back once ---
afresh
printf '{"solutions": [{"title": "Fly", "impact": "", "risk": "low", "steps": [{"tool": "box.fly", "args": {}}], "verify": []}, %s]}' "$(make relative)" | answer 1
printf '{"solutions": [%s, %s]}' "$(make relative)" "$(make "$PWD/box/b")" | answer 2
run "$plan" <case
is "$(asked)" 2 'a second question'
is "$(sed -n 2p llm/asks | jq -c '[.messages[-3].role, (.messages[-1].content | fromjson | .does_not_hold | length), .tools]')" '["assistant",2,null]' 'holds the answer and what is wrong with it'
like "$(sed -n 2p llm/asks | jq -r '.messages[-1].content')" "no tool 'box.fly' in the catalogue" 'in words'
is "$(jq -c '[(.plan.solutions | length), .plan.solutions[0].steps[0].args.path, (.plan.model.dropped | length)]' out)" "[1,\"$PWD/box/b\",1]" 'what still does not is dropped and counted'
like "$(jq -r '.plan.problems[]' out)" "1 solution of model 'gemini-pro' cannot be used: solution 1 \"Make it\": step '1': tool 'box.mkdir': argument 'path'" 'and told'

# --- nothing but the catalogue, within what policy and the goal allow ---
refused() { # NAME SOLUTION
	afresh
	printf '{"solutions": [%s]}' "$2" | answer 1
	cp llm/1 llm/2
	run "$plan" <case
	is "$(asked) $(jq -c '[(.plan.solutions | length), .plan.recommended, (.plan.model.dropped | length)]' out)" '2 [0,null,1]' "$1"
}
step() { printf '{"title":"T","impact":"","risk":"low","steps":[{"tool":"%s","args":%s}],"verify":%s}' "$1" "$2" "${3-[]}"; }
refused 'a tool that is not there' "$(step box.fly '{}')"
refused 'a shell' "$(step sh '{"command":"true"}')"
refused 'an argument that is not declared' "$(step box.mkdir '{"path":"/x","mode":"777"}')"
refused 'a placeholder is no path' "$(step box.mkdir '{"path":"{labels.dir}"}')"
refused 'a change as a check' "$(step box.fail '{}' '[{"tool":"box.mkdir","args":{"path":"/x"}}]')"
refused 'more than a person reads' "$(step box.fail '{}' "[{\"tool\":\"box.has\",\"args\":{\"path\":\"/x\"},\"expect\":{\"/text\":\"$(head -c 70000 /dev/zero | tr '\0' x)\"}}]")"
refused 'a check that waits for days' "$(step box.fail '{}' '[{"tool":"box.has","args":{"path":"/x"},"within":"9d"}]')"
is "$(afresh; printf '{"solutions": [{"title":"T","impact":"","risk":"low","steps":[],"verify":[]}]}' | answer 1; "$plan" <case | jq -c '[.plan.model.failed, (.plan.solutions | length)]')" \
	'["invalid",0]' 'an answer outside the schema is none'

cat >>ops/policy.yaml <<'X'
tools: {deny: [box.wipe]}
X
cat >data/goals/incident.md <<'X'
---
name: incident
tools: [{tool: box.has, args: {path: /}}]
---
Find out what is wrong.
X
commit_ops 'deny'
refused 'a tool that policy denies' "$(step box.wipe '{"path":"/x"}')"
is "$(jq -c '[.messages[3].content | fromjson | .tools[] | .tool] | index("box.wipe")' llm/asks | head -1)" null 'of which the model is not told'

cp data/goals/incident.md incident.md
sed -i 's/^name: incident$/&\nrole: complex\nmay_use: [box.fail, "box.h*"]/' data/goals/incident.md
refused 'a tool that the goal does not name' "$(step box.mkdir '{"path":"/x"}')"
is "$(head -n 1 llm/asks | jq -c '[.role, (.messages[3].content | fromjson | [.tools[].tool] | sort)]')" '["complex",["box.fail","box.has"]]' 'nor is the model told of it'
afresh
printf '{"solutions": [%s]}' "$(step box.fail '{}')" | answer 1
run "$plan" <case
is "$(jq -c '.plan.solutions | length' out)" 1 'one that it names can be used'
cp incident.md data/goals/incident.md

# --- whatever goes wrong, there is a plan ---
for reason in none privacy quota unreachable invalid bounds; do
	afresh
	fails 1 $reason 'so it is'
	run "$plan" <case
	is "$status $(jq -c '[.plan.model.failed, .plan.model.error, (.plan.solutions | length), .plan.autonomy.level]' out)" \
		"0 [\"$reason\",\"so it is\",0,\"ask_human\"]" "$reason: a plan without one"
done
like "$(cat err)" 'no model could help (bounds: so it is)' 'and it is said'
schema_ok case 'which is as the schema has it' <out
is "$(jq -c '.plan | del(.model, .why, .digest, .basis)' out)" "$(jq -c '.plan | del(.model, .why, .digest, .basis)' without)" 'it is the plan that it would be without'
afresh
echo '<html>' >llm/1
run "$plan" <case
is "$status $(jq -c .plan.model.failed out)" '0 "invalid"' 'nonsense'
mv bin/hl-llm bin/away
run "$plan" <case
is "$status $(jq -c .plan.model.failed out)" '0 "none"' 'no hl-llm'
mv bin/away bin/hl-llm
rm data/goals/incident.md
afresh
run "$plan" <case
is "$status $(asked) $(jq -c .plan.model.failed out)" '0 0 "none"' 'no goal to ask it for'
printf -- '---\nname: incident\n---\nFind out.\n' >data/goals/incident.md

# --- hostile words ---
afresh
jq -nc '{cause: "a\u001b[2Jb\u202ec\nPlan: x", concerns: [("x" * 5000)], solutions: [{title: "T\u001b]0;x\u0007", impact: "i", risk: "low",
	steps: [{tool: "box.fail", args: {}}], verify: []}]}' | answer 1 'm

x'
run "$plan" <case
is "$(jq -c '[.plan.model.cause, .plan.solutions[0].title, .plan.model.name, (.plan.concerns[0] | length)]' out)" '["a [2Jbc Plan: x","T ]0;x","m x",403]' 'become lines'

# --- where a workload belongs ---
afresh
printf '{"solutions": [%s], "placement": {"where": "orchestrator", "traits": ["Persistent storage", "trial"], "why": "quick"}}' "$(make "$PWD/box/a")" | answer 1
run "$plan" <case
is "$(jq -c .plan.placement.where out)" '"k3s"' "policy's table decides"
like "$(jq -r '.plan.concerns[]' out)" "would place it under 'orchestrator', policy's table says 'k3s' (persistent_storage" 'and the model is told off'
cat >>ops/policy.yaml <<'X'
placement: [{where: manual, any: [trial]}]
X
commit_ops 'placement'
run "$plan" <case
afresh
printf '{"solutions": [], "placement": {"where": "manual", "traits": ["trial"], "why": "quick"}}' | answer 1
run "$plan" <case
is "$(jq -c '[.plan.placement.where, .plan.concerns]' out)" '["manual",null]' "the operator's own"
afresh
printf '{"solutions": [], "placement": {"where": "k3s", "traits": ["big"], "why": "it is big"}}' | answer 1
run "$plan" <case
is "$(jq -c .plan.placement out)" '{"where":"k3s","why":"it is big"}' 'what no rule decides is left to the model'

# --- gaps ---
afresh
printf '{"solutions": [], "gaps": [{"wanted": "grow a volume", "why": "it is full"}]}' | answer 1
run "$plan" <case
is "$(jq -c .plan.gaps out)" '[{"wanted":"grow a volume","why":"it is full"}]' 'what no tool can do'
like "$(cat err)" "no tool can do 'grow a volume'" 'is said'
afresh
printf '{"solutions": [%s]}' "$(step box.fly '{}')" | answer 1
cp llm/1 llm/2
run "$plan" <case
is "$(jq -c .plan.gaps out)" '[{"wanted":"box.fly","why":"T"}]' 'and a tool that it would have called'

# --- a second model ---
sed -i 's/models: .*/models: {use: [plan], an_hour: 1000, roles: {validator: claude}}/' ops/policy.yaml
commit_ops 'a validator'
review() { # N AGREES WHY
	jq -nc --argjson agrees "$2" --arg why "$3" --arg n "$1" '{kind: "answer", ok: true, text: "", value: {agrees: $agrees, why: $why}, model: "claude", role: "validator", transcript: (($n * 64)[:64])}' >"llm/$1"
}
afresh
printf '{"solutions": [%s]}' "$(make "$PWD/box/a")" | answer 1
review 2 true 'it follows'
run "$plan" <case
is "$(jq -c '[.plan.recommended, .plan.model.validator]' out | sed 's/2222*/2/')" '[1,{"name":"claude","agrees":true,"why":"it follows","transcript":"2"}]' 'agrees'
is "$(sed -n 2p llm/asks | jq -c '[.role, .exclude, .tools]')" '["validator",["gemini-pro"],null]' 'it is another model'
review 2 false 'the disk is full'
: >llm/asks
run "$plan" <case
cp out doubted
is "$(jq -c '[.plan.recommended, (.plan.solutions | length), .plan.model.validator.agrees]' out)" '[null,1,false]' 'does not agree: nothing is recommended'
like "$(jq -r .plan.why out)" 'a second model does not agree' 'and it is told'
fails 2 quota spent
: >llm/asks
run "$plan" <case
is "$(jq -c '[.plan.recommended, .plan.model.validator]' out)" '[null,{"failed":"quota","error":"spent"}]' 'nor when it cannot be asked'
schema_ok case 'as the schema has it' <out

# --- what a person sees ---
run hl-ask --show <doubted
cat out err >shown

# --- a storm ---
sed -i 's/models: .*/models: {use: [plan], an_hour: 3}/' ops/policy.yaml
commit_ops 'three an hour'
rm -rf "$HL_STATE/hl.db"*
afresh
for k in 1 2 3 4 5 6; do echo '{"solutions": []}' | answer $k; done
for k in 1 2 3 4 5 6; do triaged 00000000000000b$k ''; done >storm
run "$plan" <storm
is "$(asked) $(jq -r '.plan.model.failed // "asked"' out | sort | uniq -c | tr -s ' \n' ' ')" '3  3 asked 3 quota ' 'a storm of alerts is no storm of questions'
like "$(jq -r .plan.why out | tail -1)" 'budget of 3 questions an hour is used up' 'and the plan says so'

# --- the same again ---
afresh
rm -rf "$HL_STATE/hl.db"*
printf '{"solutions": [%s]}' "$(make "$PWD/box/a")" | answer 1
run "$plan" <case
cp out first
: >llm/asks
run "$plan" <case
ok "$(cmp -s out first; echo $?)" 'the same answers give the same bytes'
done_testing
