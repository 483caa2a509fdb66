# hl-replay and models: what was said to them and by them goes into the history, and is all that a replay needs.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

# hl-plan beside a program called hl-llm, which answers from files and keeps transcripts as the real one does.
mkdir bin llm
cp "$HL_BIN/hl-plan" bin/hl-plan
LLM=$PWD/llm && export LLM
cat >bin/hl-llm <<'X'
#!/bin/sh
IFS= read -r line
printf '%s\n' "$line" >>"$LLM/asks"
n=$(wc -l <"$LLM/asks")
[ -e "$LLM/$n" ] || { printf '{"kind":"answer","ok":false,"reason":"none","error":"no model is configured"}\n'; exit; }
asked=$(printf %s "$line" | jq -cSj . | sha256sum | cut -c1-64)
mkdir -p "$HL_STATE/transcripts"
jq -cSj --arg asked "$asked" '{kind: "transcript", asked: $asked, model: .model, provider: "gemini", where: "cloud",
	exchanges: [{sent: [{role: "user", content: "what is wrong at <IP_1>?"}], digest: $asked, answer: {text: .text}}], result: .}' \
	"$LLM/$n" >"$HL_STATE/transcripts/new"
digest=$(sha256sum <"$HL_STATE/transcripts/new" | cut -c1-64)
mv "$HL_STATE/transcripts/new" "$HL_STATE/transcripts/$digest.json"
jq -c --arg digest "$digest" '. + {transcript: $digest}' "$LLM/$n"
X
chmod +x bin/hl-llm
afresh() { rm -f llm/*; : >llm/asks; }
value() { # N MODEL: the nth answer, from a value on standard input
	jq -c --arg model "$2" '. as $value | {kind: "answer", ok: true, text: ($value | tojson), value: $value, model: $model,
		role: "solution", where: "cloud", usage: {input: 1, output: 2}, calls: [{tool: "box.has", args: {path: "/"}, ok: true}]}' >"llm/$1"
}
proposal() { # N PATH
	jq -nc --arg path "$2" '{cause: "somebody removed it", claims: [{text: "it is gone", rests_on: ["/signals/0/labels/dir", "1"]}],
		concerns: ["it may come back"], alternatives: [], gaps: [], placement: null, solutions: [{title: "Make it", impact: "none", risk: "low",
		steps: [{tool: "box.mkdir", args: {path: $path}}], verify: [{tool: "box.has", args: {path: $path}}]}]}' | value "$1" gemini-pro
}

make_ops
mkdir data/schemas && cp "$HL_TOP/schemas/proposal.json" data/schemas/
printf -- '---\nname: incident\ntools: [{tool: box.has, args: {path: /}}]\n---\nFind out what is wrong.\n' >data/goals/incident.md
cat >>ops/policy.yaml <<END
identity: {name: keeper, mail: keeper@localhost}
models: {use: [plan], an_hour: 1000, roles: {validator: other}}
END
commit_ops one
nth=0
decide() { # ANSWER...: a new alert through the loop; the case in ./ended
	nth=$((nth + 1))
	printf '{"kind":"signal","status":"firing","labels":{"alertname":"Odd","instance":"i%s","dir":"%s/box/a"},"annotations":{"summary":"at 10.0.0.7"},"starts_at":"2026-11-21T03:59:00Z"}\n' $nth "$PWD" |
		hl-triage 2>err | bin/hl-plan >planned 2>>err
	for a; do
		set -- "$@" "--answer=$a"
		shift
	done
	hl-ask --by alice "$@" <planned 2>>err | hl-apply 2>>err >applied
	run hl-record <applied
	cp out ended
}
results() { jq -rc '[.stage, .result] | join(":")' out | paste -sd' ' -; }
id() { jq -r .id ended; }
all_same='triage:same plan:same approval:same outcome:same record:same'

# ---- a plan that a model made, and another checked
afresh
proposal 1 "$PWD/box/a"
printf '{"agrees":true,"why":"it is small"}' | value 2 claude
decide yes 1
is "$(jq -c '[.plan.model.name, .plan.model.validator.name, (.plan.model.asks | length), .outcome.result]' ended)" '["gemini-pro","claude",2,"fixed"]' \
	'two models, one decision'
is "$(git -C ops show --format= --name-only HEAD | grep -c '^transcripts/[0-9a-f][0-9a-f]/[0-9a-f]*\.json$')" 2 'both transcripts are in its commit'
is "$(git -C ops show --format= --name-only HEAD | wc -l)" 3 'with the decision, and nothing else'
for digest in $(jq -r '.plan.model.asks[].transcript' ended); do
	is "$(git -C ops show "HEAD:transcripts/$(echo "$digest" | cut -c1-2)/$digest.json" | sha256sum | cut -c1-64)" "$digest" 'named by its bytes'
done
is "$(git -C ops status --short)" '' 'the work tree has them'
cp ended first
run hl-replay "$(id)"
is "$status $(results)" "0 $all_same" 'it is replayed'
mv state/transcripts kept
mkdir trap && printf '#!/bin/sh\ntouch %s/ran\n' "$PWD" >trap/hl-llm && chmod +x trap/hl-llm
cp "$HL_BIN/hl-replay" trap/
PATH=$PWD/trap:$PATH run trap/hl-replay "$(id)"
is "$status $(results)" "0 $all_same" 'from the history alone'
[ ! -e ran ]
ok $? 'and no model is asked'
hl-record <applied >out 2>err
is "$(git -C ops rev-list --count HEAD)" 2 'the same decision again is no commit'

# ---- asked, and nobody there
afresh
mv kept state/transcripts
decide yes ignore
is "$(jq -c '.plan.model | [.failed, .asks[0].reason]' ended)" '["none","none"]' 'no model answers'
run hl-replay "$(id)"
is "$status $(results)" "0 triage:same plan:same approval:same record:same" 'that is replayed, too'

# ---- what is not as it was
at() { # SED-SCRIPT: in every transcript of the first case, committed over it
	for digest in $(jq -r '.plan.model.asks[].transcript' first); do
		sed -i "$1" "ops/transcripts/$(echo "$digest" | cut -c1-2)/$digest.json"
	done
	git -C ops commit -qam tamper
	run hl-replay "$(jq -r .id first)"
	git -C ops reset -q --hard HEAD~1
}
at 's/<IP_1>/<IP_2>/'
is "$status $(results)" '1 triage:same plan:differs approval:same outcome:same record:same' 'a byte of a transcript'
like "$(cat err)" "transcript '[0-9a-f]*' was altered" 'which is said'
kept=$(git -C ops rev-parse HEAD)
git -C ops rm -qr transcripts && git -C ops commit -qm gone
run hl-replay "$(jq -r .id first)"
is "$status $(results)" "0 $all_same" 'gone from the history, it is still in the state directory'
mv state/transcripts kept
run hl-replay "$(jq -r .id first)"
is "$status $(results)" '1 triage:same plan:differs approval:same outcome:same record:same' 'gone from there, too'
like "$(cat err)" "transcript '[0-9a-f]\{64\}' is neither in the history nor in the state directory" 'which is said'
mv kept state/transcripts
git -C ops reset -q --hard "$kept"
sed 's/Find out/Find quickly/' -i data/goals/incident.md
run hl-replay "$(jq -r .id first)"
is "$status $(results)" '1 triage:same plan:differs approval:same outcome:same record:same' 'another question than the one that was asked'
is "$(jq -r '.differences[]?.at' out)" /plan/model/asks/0/asked 'and which'
sed 's/Find quickly/Find out/' -i data/goals/incident.md
victim=$(jq -r .record.path first)
sed -i 's/somebody removed it/nobody removed it/' "ops/$victim"
git -C ops commit -qam tamper
run hl-replay "$(jq -r .id first)"
like "$(jq -r '.differences[]?.at' out | paste -sd' ' -)" '/plan/model/cause' 'words of a model that it did not say'
git -C ops reset -q --hard "$kept"
run hl-replay --at HEAD "$(jq -r .id first)"
is "$status $(results)" '0 triage:same plan:same' 'what if: the same question has the same answer'
sed -i 's/blast_radius: none/blast_radius: single_pod/' ops/tools/box.yaml
commit_ops 'another tool'
run hl-replay --at HEAD "$(jq -r .id first)"
is "$status $(results)" '65 triage:same plan:cannot' 'another question would need a model'
git -C ops reset -q --hard "$kept"

# ---- what must not get into the history
afresh
proposal 1 "$PWD/box/b"
printf '{"agrees":true,"why":"it is small"}' | value 2 claude
sed -i "s/<IP_1>/'\$(cat token)'/" bin/hl-llm
printf 'gh%s_%s' p 0123456789abcdefghijABCDEFGHIJ456789 >token
sed -i "s/'\$(cat token)'/$(cat token)/" bin/hl-llm
decide yes 1
is_status 65 'a transcript with a secret'
like "$(cat err)" "transcript '[0-9a-f]*': exchanges\[0\].sent\[0\].content: looks like a GitHub token" 'stops the decision, and says where'
unlike "$(cat err)" "$(cat token)" 'never the secret'
is "$(git -C ops rev-parse HEAD)" "$kept" 'nothing is committed'
sed -i "s/$(cat token)/<SECRET_1>/" bin/hl-llm
afresh
proposal 1 "$PWD/box/c"
printf '{"agrees":true,"why":"it is small"}' | value 2 claude
nth=$((nth + 1))
rm -rf state/transcripts
printf '{"kind":"signal","status":"firing","labels":{"alertname":"Odd","instance":"i%s","dir":"%s/box/c"},"starts_at":"2026-11-21T03:59:00Z"}\n' $nth "$PWD" |
	hl-triage 2>err | bin/hl-plan 2>>err | hl-ask --by alice --answer yes --answer 1 2>>err | hl-apply >applied 2>>err
for file in state/transcripts/*; do echo >>"$file"; done
run hl-record <applied
cp out ended
is "$status $(git -C ops show --format= --name-only HEAD | wc -l)" '0 1' 'transcripts that are not what they say are left out, the decision is recorded'
like "$(cat err)" 'recorded without its transcript .*: transcript .* was altered' 'which is said'
run hl-replay "$(id)"
is "$status $(results)" '1 triage:same plan:differs approval:same outcome:same record:same' 'and its replay says so'
done_testing
