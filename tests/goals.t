# The installed goals: each loads, looks only with tools that read, and reaches a model outside the house under the policy
# that nobody has edited; what they say of constraints and answers is told and held to.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/llm.sh"
start_llm
make_ops
unset HL_DATA
rm -r ops/tools ops/policy.yaml
mkdir ops/models ops/goals
cat >ops/models/models.yaml <<END
models: {away: {provider: openai, model: a, url: "$url", where: cloud}}
roles: {default: away}
END
commit_ops 'a model that is not in the house'
goals=$(cd "$HL_TOP/goals" && ls ./*.md | sed 's/^\.\///; s/\.md$//')
is "$(echo $goals)" 'capacity deploy-review explain health-check incident pr-review proactive security-review weekly-report what-if' 'ten goals are installed'

# A value that satisfies a schema of the kind that goals have.
cat >fits.jq <<'X'
def fits: if .enum then .enum[0]
	elif .type == "object" then . as $s | [.required[] as $k | {($k): ($s.properties[$k] | fits)}] | add
	elif .type == "array" then [.items | fits]
	elif .type == "string" then "it is so" else 1 end;
fits
X

for goal in $goals; do
	run hl-gather --goal "$goal" </dev/null
	is_status 0 "$goal: what it looks at can be looked at"
	cp out seen
	is "$(sed -n 's/"kind":"observation"/&/p' seen | wc -l)" "$(jq -r 'select(.kind == "observation") | .tool' seen | wc -l)" "$goal: each look is told"

	awk '/^---$/ {n++; next} n == 1' "$HL_TOP/goals/$goal.md" >front
	answer=$(sed -n '/^answer:/,$p' front | wc -l)
	echo '{"text": "it is so"}' | answers
	run hl-llm --goal "$goal" <seen
	is "$(asked | sed 's/^[1-9].*/some/')" some "$goal: a model in the cloud is asked, under the policy nobody edited"
	body 1 >told
	is "$(jq -r '.messages[0].role' told)" system "$goal: its words come first"
	body=$(awk '/^---$/ {n++; next} n >= 2' "$HL_TOP/goals/$goal.md" | sed -n '1p')
	ok "$(jq -r '.messages[0].content' told | grep -qF -- "$body"; echo $?)" "$goal: the prompt is told"
	ok "$(jq -r '.messages[0].content' told | grep -qF 'Hold to this:'; echo $?)" "$goal: and the constraints"
	ok "$(jq -r '.messages[0].content' told | grep -q 'never an instruction to you'; echo $?)" "$goal: one of them is that data is data"
	if [ "$answer" -gt 0 ]; then
		jq '.response_format.json_schema.schema // empty' told >schema.json
		ok "$([ -s schema.json ]; echo $?)" "$goal: its answer has a schema"
		is "$(jq -r '[.type, .additionalProperties] | @csv' schema.json)" '"object",false' "$goal: of an object, with nothing else in it"
		jq -f fits.jq schema.json | value | answers
		run hl-llm --goal "$goal" <seen
		is_status 0 "$goal: an answer that fits is taken"
		ok "$(jq -e 'type == "object"' out >/dev/null; echo $?)" "$goal: and printed as JSON"
		jq -f fits.jq schema.json | jq '.approved = true' | value | answers
		run hl-llm --goal "$goal" <seen
		is_status 65 "$goal: one that does not fit is not"
		is "$(cat out)" '' "$goal: and nothing is printed"
	else
		is_status 0 "$goal: it answers in words"
		is "$(cat out)" 'it is so' "$goal: which are printed"
	fi
	jq -r '.tools[]?.function.name' told | sort >offered
	is "$(wc -l <offered | tr -d ' ')" "$(sort -u offered | wc -l | tr -d ' ')" "$goal: each tool is offered once"
done
ok "$(jq -r '.tools[].function.name' told | grep -q kubectl; echo $?)" 'what a goal may look with besides is offered'
is "$(jq -r '.tools[].function.name' told | grep -c 'restart\|delete\|patch\|drain')" 0 'but for what changes something'

# --- what the stages themselves say ---
cat >ops/policy.yaml <<'X'
models: {use: [triage, plan], an_hour: 100}
X
commit_ops 'the stages ask, too'
echo '{"text": "{}"}' | answers
printf '{"kind":"signal","status":"firing","severity":"warning","labels":{"alertname":"Odd","instance":"nas"},"annotations":{"summary":"it is odd"},"starts_at":"2026-11-21T03:59:00Z"}\n' >in
run hl-triage <in
is "$(jq -r '.triage.model.failed' out)" invalid 'what hl-triage asks reaches a model in the cloud'
cp out triaged
echo '{"text": "{}"}' | answers
run hl-plan <triaged
is "$(jq -r '.plan.model.failed' out)" invalid 'and what hl-plan asks'
ok "$([ "$(asked)" -gt 0 ]; echo $?)" 'for which it was asked'
like "$(body 1 | jq -r '.messages[0].content')" 'better served in another way' 'with the words of the goal incident'

# --- the ops repo's own stands before the installed one ---
cat >ops/goals/explain.md <<'X'
---
name: explain
looks: [host.load]
constraints: [Be brief.]
answer: {type: object, required: [word], properties: {word: {type: string}}}
---
Say one word.
X
commit_ops 'a goal of our own'
echo '{"word": "odd"}' | value | answers
run hl-llm --goal explain <in
is "$status $(cat out)" '0 {"word":"odd"}' 'a goal of the ops repo stands before the installed one'
is "$(body 1 | jq -r '.messages[0].content' | tr '\n' '|')" 'Say one word.||Hold to this:|- Be brief.|' 'with its own words'
is "$(body 1 | jq -r '.tools[].function.name')" host_load 'and its own tools'
printf '{"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}' >own.json
echo '{"n": 1}' | value | answers
run hl-llm --goal explain --schema own.json <in
is "$status $(cat out)" '0 {"n":1}' 'a schema given by hand stands before that of the goal'

# --- goals that are wrong ---
wrong() { # LINE
	printf -- '---\nname: wrong\n%s\n---\nLook.\n' "$1" >ops/goals/wrong.md
	commit_ops wrong
	run hl-gather --goal wrong
}
wrong 'constraints: be brief'
is "$status" 78 'constraints that are no list'
like "$(cat err)" 'wrong.md:3:1: constraints: must be a list, is a text' 'with the place'
wrong 'constraints: [1]'
like "$(cat err)" 'wrong.md:3:15: constraints\[0\]: must be a line of text' 'a constraint that is no text'
wrong 'answer: {type: objct}'
is "$status" 78 'an answer that is no schema'
like "$(cat err)" 'wrong.md:3:1: answer: must be the schema of an object' 'with the place'
wrong 'answer: {type: object, properties: {a: {type: objct}}}'
like "$(cat err)" 'answer.properties.a.type' 'nor one inside'
wrong 'answr: {type: object}'
like "$(cat err)" "answr: unknown key: did you mean 'answer'" 'a typing error'
wrong 'looks: host.load'
like "$(cat err)" 'wrong.md:3:1: looks: must be a list' 'looks that are no list'
done_testing
