# What is private does not leave for a model in the cloud: canaries in everything that is told to one,
# in every form, and not one of them in what is sent.
. "$HL_TOP/tests/tap.sh"
python3 -c '' 2>/dev/null || skip_all 'no python3 here'
canaries() { python3 "$HL_TOP/tests/canaries.py" "$@"; }

# Whose names are private.
mkdir -p ops/inventory
{ printf 'privacy:\n  never_send: []\n  rules: [{name: badge, pattern: "BDG-\\\\d{6}", kind: person}]\n  names:\n'
	canaries names 3000 | sed 's/kanarie/    - Ada Kanarie/'; } >ops/policy.yaml
{ echo 'hosts:'; canaries names 3000 | sed 's/.*/  &: {}/'; } >ops/inventory/all.yaml
git init -q -b main ops
git -C ops config user.name t && git -C ops config user.email t@localhost
git -C ops add -A && git -C ops commit -qm 'whose names are private'
HL_REPO=$PWD/ops && export HL_REPO

# --- the gate by itself: every kind, in every form, in every place ---
kinds='token email host user ip ip6 mac phone card iban known person badge'
for encoding in '' :base64 :url :u; do
	for kind in $kinds; do printf 'a {{%s%s}} is, ' "$kind" "$encoding"; done
done >text
printf 'PGPASSWORD={{word}} x, "api_secret": "{{word}}", {{word:json}}, {{phrase:json}} end' >>text
text() { canaries plant planted <text; }
quoted() { text | jq -Rs .; }
: >asks
ask() { jq -c . >>asks; } # one on standard input
ask <<X
{"model": "m", "messages": [{"role": "system", "content": $(quoted)}, {"role": "user", "content": $(quoted)}]}
X
ask <<X
{"model": "m", "messages": [{"role": "user", "content": "data"}, {"role": "tool", "call": $(quoted), "name": $(quoted), "content": $(quoted), "failed": true}]}
X
ask <<X
{"model": "m", "messages": [{"role": "assistant", "content": $(quoted), "native": {"x": $(quoted)},
	"calls": [{"id": $(quoted), "name": $(quoted), "args": {"a": $(quoted), $(quoted): [$(quoted), {"password": "$(echo '{{phrase}}' | canaries plant planted)"}]}}]}]}
X
ask <<X
{"model": "m", "messages": [], "tools": [{"name": $(quoted), "description": $(quoted), "schema": {"properties": {$(quoted): {"enum": [$(quoted)], "default": $(quoted)}}}}],
	"schema": {"description": $(quoted), "properties": {$(quoted): {"const": $(quoted)}}}}
X
# documents in texts, in documents in texts
document() { printf '{"observations": [{"data": {"text": %s, "lines": [%s]}, "error": %s}], %s: {"env": [{"name": "A_PASSWORD", "value": "%s"}]}, "n": %s}' \
	"$(quoted)" "$(quoted)" "$(quoted)" "$(quoted)" "$(echo '{{phrase}}' | canaries plant planted)" "$(echo '{{card}}' | canaries plant planted)"; }
ask <<X
{"model": "m", "messages": [{"role": "user", "content": $(document | jq -c . | jq -Rs .)}, {"role": "user", "content": $(document | jq . | jq -Rs .)},
	{"role": "tool", "call": "1", "name": "t", "content": $( { echo 'it printed'; document | jq -c '{inner: tojson}'; } | jq -Rs .)}]}
X
"$HL_HELPERS/egress" <asks >sent 2>err
is "$?:$(wc -l <sent):$(grep -c '"why"' sent)" '0:5:0' 'the gate lets them pass'
canaries look planted sent >found
ok $? "and none of $(wc -l <planted) canaries"
grep -v planted found | cut -c1-300 | sed 's/^/# /'
"$HL_HELPERS/egress" local <asks >sent 2>err
canaries look planted sent >found
is "$(grep -c 'gh''p_kanarie\|words of kanarie\|zx9-kanarie' found):$(grep -c '10\.77\.' found | sed 's/[1-9][0-9]*/some/')" '0:some' 'a model in the house is told all but secrets'
git -C ops show HEAD:policy.yaml | sed 's/^  never_send.*/  cloud: never/' >ops/policy.yaml; git -C ops commit -qam never
"$HL_HELPERS/egress" <asks >sent 2>err
is "$(grep -c 'cloud: never' sent)" 5 'or nothing leaves at all'
done_testing
