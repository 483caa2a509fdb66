# hl-mcp: programs look at once and ask for changes; over a pipe and over HTTP, in both eras of the protocol.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

make_ops
mkdir -p ops/docs/net ops/inventory ops/goals
echo '# The network' >'ops/docs/net/a b.md'
printf 'the key is AKIA''QWERTYUIOPASDFGH and\n' >ops/docs/secret.md
printf '\377\376' >ops/inventory/blob
printf -- '---\nname: look\ndescription: look around\n---\nLook at the box.\n' >ops/goals/look.md
cat >ops/tools/slow.yaml <<END
toolset: slow
description: things that take their time
tools:
  - name: slow.wait
    description: wait for a file
    effect: read
    args: {path: {type: string, pattern: "^/"}}
    run: [/bin/sh, $PWD/wait.sh, "{path}"]
    timeout: 60s
END
printf '#!/bin/sh\necho "$$" >"$1.pid"\nwhile [ ! -e "$1" ]; do sleep 0.02; done\necho waited\n' >wait.sh
commit_ops tools
HL_STATE=$PWD/state
export HL_STATE
META='"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"new one","version":"1"}}'

hello() { # [VERSION]: what opens a connection of the older era
	printf '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"%s","capabilities":{},"clientInfo":{"name":"robot/1","version":"1"}}}\n' "${1-2025-11-25}"
	printf '{"jsonrpc":"2.0","method":"notifications/initialized"}\n'
}

ask() { # METHOD [PARAMS] [ID]
	printf '{"jsonrpc":"2.0","id":%s,"method":"%s","params":%s}\n' "${3-1}" "$1" "${2-{\}}"
}

call() { # TOOL ARGUMENTS [ID]
	ask tools/call "{\"name\":\"$1\",\"arguments\":$2}" "${3-1}"
}

old() { # one request in the older era; the answer in ./out
	{ hello; cat; } | hl-mcp "$@" 2>err | jq -c 'select(.id != 0)' >out
}

# ---- the handshake and the lists ----

hello | hl-mcp >out 2>err
is_status_0=$?
is "$is_status_0" 0 'the end of standard input ends it'
is "$(jq -c '[.id, .result.protocolVersion, .result.serverInfo.name, (.result.capabilities | keys)]' out)" \
	'[0,"2025-11-25","hl-mcp",["prompts","resources","tools"]]' 'it says hello, and answers no notification'
for v in 2024-11-05 2025-03-26 2025-06-18; do
	is "$(hello $v | hl-mcp | jq -r .result.protocolVersion)" $v "it speaks $v"
done
is "$(hello 1999-01-01 | hl-mcp | jq -r .result.protocolVersion)" 2025-11-25 'and offers its latest to who speaks something else'

ask tools/list | old
is "$(jq -r '[.result.tools[].name] | join(" ")' out)" \
	'hl_case box_count box_fail box_has box_mkdir box_rmdir box_tally box_wipe slow_wait' 'the catalogue, with its own tool first'
is "$(jq -c '.result.tools[] | select(.name == "box_has") | [.annotations.readOnlyHint, .inputSchema.required, .outputSchema.required]' out)" \
	'[true,["path"],["text"]]' 'a tool that reads says so, what it takes and what it gives'
is "$(jq -c '.result.tools[] | select(.name == "box_wipe") | [.annotations.readOnlyHint, .annotations.destructiveHint]' out)" \
	'[false,true]' 'a tool that destroys says so'
like "$(jq -r '.result.tools[] | select(.name == "box_mkdir") | .description' out)" 'opens a case' 'and one that changes says what calling it does'
ask tools/list | old --toolset slow
is "$(jq -r '[.result.tools[].name] | join(" ")' out)" 'hl_case slow_wait' '--toolset limits them'
call box_has '{"path":"/"}' | old --toolset slow
is "$(jq -r .error.code out)" -32602 'also when one is called'
run hl-mcp --toolset slwo </dev/null
is_status 64 'a toolset that is not there is a wrong command line'
like "$(cat err)" "did you mean 'slow'" 'with a better name'
ask tools/list '{"cursor":"x"}' | old
is "$(jq -r .error.code out)" -32602 'a cursor that was not given out is refused'

# ---- calls that read ----

call box_has "{\"path\":\"$PWD/box\"}" | old
is "$(jq -c '[.result.isError, .result.structuredContent.text, .result.content[0].text]' out)" \
	"[false,\"$PWD/box\",\"$PWD/box\"]" 'a tool that reads runs at once'
call box_has '{"path":"/no/such"}' | old
is "$(jq -c '[.result.isError, .result.structuredContent]' out)" '[true,null]' 'its failure is a result, with why'
like "$(jq -r '.result.content[0].text' out)" 'exited with status' 'in words'
call box_has '{"path":"relative"}' | old
is "$(jq -c .result.isError out)" true 'so are wrong arguments'
call box_has '{"path":"/","-x":1}' | old
like "$(jq -r '.result.content[0].text' out)" "'-x': not known" 'and unknown ones'
for odd in '' ../x 'box;id' '$(id)' 'box has' hl_case2; do
	call "$odd" '{}' | old
	is "$(jq -r .error.code out)" -32602 "'$odd' is no tool"
done
ask tools/call '{"name":"box_has","arguments":[]}' | old
is "$(jq -r .error.code out)" -32602 'arguments are an object'

{ call slow_wait "{\"path\":\"$PWD/go\"}" 1; call box_has '{"path":"/"}' 2; } >calls
mkfifo pipe
{ hello; cat calls; cat pipe; } | hl-mcp 2>err >out &
server=$!
for i in $(seq 200); do grep -q '"id":2' out && break; sleep 0.05; done
like "$(jq -c '.id' out | tr '\n' ' ')" '^0 2 $' 'a fast call does not wait for a slow one'
touch go
for i in $(seq 200); do grep -q '"id":1' out && break; sleep 0.05; done
is "$(jq -r 'select(.id == 1) | .result.structuredContent.text' out)" waited 'which is answered when it ends'
: >pipe
wait $server
{ hello; call slow_wait "{\"path\":\"$PWD/never\"}" 1; cat pipe; } | hl-mcp 2>err >out &
server=$!
{
	for i in $(seq 200); do [ -s never.pid ] && break; sleep 0.05; done
	printf '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\n'
	ask ping '{}' 5
} >pipe
wait $server
is "$(jq -c .id out | tr '\n' ' ')" '0 5 ' 'a call that is cancelled is not answered'
for i in $(seq 200); do kill -0 "$(cat never.pid)" 2>/dev/null || break; sleep 0.05; done
kill -0 "$(cat never.pid)" 2>/dev/null
ok "$([ $? -ne 0 ]; echo $?)" 'and its program is ended'

# ---- calls that change ----

call box_mkdir "{\"path\":\"$PWD/box/a\"}" | old
cp out first
id=$(jq -r .result.structuredContent.case first)
is "$(jq -r .result.structuredContent.state first)" waiting 'a tool that changes something opens a case'
like "$(jq -r '.result.content[0].text' first)" 'hl-ask --parked | hl-apply | hl-record' 'and says how a person approves it'
ok "$([ ! -e box/a ]; echo $?)" 'it was not run'
schema_ok case 'the case is as its schema has it' <"state/spool/$id.json"
is "$(jq -r .request.by "state/spool/$id.json")" mcp:robot_1 'it says who asked, made plain'
is "$(jq -r .plan.autonomy.level "state/spool/$id.json")" ask_human 'and that a person decides, in a policy that lets hl act alone'
call box_mkdir "{\"path\":\"$PWD/box/a\"}" | old
is "$(jq -r .result.structuredContent.case out)" "$id" 'asking again is the same case'
call hl_case "{\"case\":\"$id\"}" | old
is "$(jq -r .result.structuredContent.state out)" waiting 'hl_case tells where it stands'
hl-ask --parked --answer approve --by alice </dev/null 2>err | hl-apply 2>>err >applied
ok "$([ -d box/a ]; echo $?)" 'a person approves, and it is done'
call hl_case "{\"case\":\"$id\"}" | old
is "$(jq -c '[.result.structuredContent.state, .result.structuredContent.outcome.steps[0].ok]' out)" '["done",true]' 'then the outcome is told'
call box_mkdir "{\"path\":\"$PWD/box/a\"}" | old
is "$(jq -c '.result.structuredContent | [.case, .state]' out)" "[\"$id\",\"done\"]" 'also to who asks for the same a moment later'
hl-record <applied >recorded 2>err
rm -rf state/runs
call hl_case "{\"case\":\"$id\"}" | old
is "$(jq -r .result.structuredContent.state out)" 'done' 'and later, from the history'
call box_mkdir "{\"path\":\"$PWD/box/b\"}" | old
id=$(jq -r .result.structuredContent.case out)
hl-ask --parked --answer 'reject: not now' --by alice </dev/null 2>err | hl-record >out 2>err
call hl_case "{\"case\":\"$id\"}" | old
is "$(jq -c '.result.structuredContent | [.state, .approval.decision, .approval.reason]' out)" '["answered","rejected","not now"]' 'a no is told, too'
for bad in '"20261121T041300Z-0000000000000000"' '"../../etc/passwd"' 5; do
	call hl_case "{\"case\":$bad}" | old
	is "$(jq -r .result.isError out)" true "case $bad is none"
done
call box_mkdir '{"path":"relative"}' | old
is "$(jq -r .result.isError out)" true 'wrong arguments open no case'
call box_mkdir '{"path":"/AKIA''QWERTYUIOPASDFGH"}' | old
like "$(jq -r '.result.content[0].text' out)" 'looks like' 'nor what holds a secret'
is "$(ls state/spool)" '' 'the spool is as empty as it was'

cat >>ops/policy.yaml <<-END
	tools: {deny: [box.fail]}
	mcp: {allow: ["box.*"], deny: [box.wipe], open: 2}
END
commit_ops policy
ask tools/list | old
is "$(jq -r '[.result.tools[].name] | join(" ")' out)" 'hl_case box_count box_has box_mkdir box_rmdir box_tally' 'policy filters what is offered'
call box_wipe '{"path":"/x"}' | old
is "$(jq -r .error.code out)" -32602 'and what can be asked for'
{ for i in 1 2 3; do call box_mkdir "{\"path\":\"/x$i\"}" $i; done; } | old
is "$(jq -r .result.isError out | tr '\n' ' ')" 'false false true ' 'no more cases wait than policy lets'
like "$(jq -r '.result.content[0].text' out | tail -n 1)" 'mcp.open' 'and the refusal says which rule'
printf 'mode: mature\ncaps: {single_service: observe}\n' >ops/policy.yaml
commit_ops observe
call box_mkdir '{"path":"/y"}' | old
like "$(jq -r '.result.content[0].text' out)" 'only observes' 'what nobody may approve opens no case'
rm -f state/spool/*
printf 'mode: nonsense\n' >ops/policy.yaml
commit_ops broken
run hl-mcp </dev/null
is_status 78 'a policy that does not load stops it'
printf 'mode: mature\n' >ops/policy.yaml
commit_ops good

# ---- resources and prompts ----

call box_mkdir '{"path":"/z"}' | old
id=$(jq -r .result.structuredContent.case out)
ask resources/list | old
like "$(jq -r '[.result.resources[].uri] | join(" ")' out)" "^hl://cases/$id .*hl://docs/net/a%20b.md .*hl://decisions/" 'what can be read is listed'
read_it() { ask resources/read "{\"uri\":\"$1\"}" | old; }
read_it hl://docs/net/a%20b.md
is "$(jq -c '.result.contents[0] | [.mimeType, .text]' out)" '["text/markdown","# The network\n"]' 'a document'
read_it "hl://cases/$id"
is "$(jq -r '.result.contents[0].text | fromjson | .id' out)" "$id" 'a case that waits'
for uri in hl://docs/none hl://docs/../policy.yaml hl://policy.yaml hl://tools/box.yaml file:///etc/passwd hl://cases/../hl.db hl://docs/%00 hl://docs/%; do
	read_it "$uri"
	is "$(jq -c .error.code out)" -32002 "$uri cannot be read"
done
read_it hl://docs/secret.md
like "$(jq -r .error.message out)" 'withheld' 'a text with a secret is withheld'
unlike "$(cat out)" QWERTY 'all of it'
read_it hl://inventory/blob
like "$(jq -r .error.message out)" 'not text' 'what is no text is not shown'
ask resources/templates/list | old
like "$(jq -r '[.result.resourceTemplates[].uriTemplate] | join(" ")' out)" 'hl://decisions/{+path}' 'templates say how URIs are made'
ask prompts/list | old
is "$(jq -c '.result.prompts' out)" '[{"name":"look","description":"look around"}]' 'goals are prompts'
ask prompts/get '{"name":"look"}' | old
like "$(jq -r '.result.messages[0].content.text' out)" 'Look at the box' 'with their words'
ask prompts/get '{"name":"../policy"}' | old
is "$(jq -r .error.code out)" -32602 'an unknown one is refused'
for i in $(seq 120); do echo "$i" >"ops/docs/d$i.md"; done
commit_ops many
ask resources/list | old
is "$(jq -c '[(.result.resources | length), .result.nextCursor]' out)" '[100,"100"]' 'long lists come in pages'
ask resources/list '{"cursor":"100"}' | old
ok "$([ "$(jq '.result.resources | length' out)" -gt 20 ]; echo $?)" 'and the rest with the cursor'

# ---- the newer era ----

for method in server/discover tools/list resources/list resources/templates/list prompts/list; do
	ask $method "{$META}" | hl-mcp >out 2>err
	is "$(jq -c '[.result.resultType, (.result.ttlMs >= 0), .result.cacheScope, .result._meta["io.modelcontextprotocol/serverInfo"].name]' out)" \
		'["complete",true,"private","hl-mcp"]' "$method needs no handshake"
done
ask tools/call "{\"name\":\"box_rmdir\",\"arguments\":{\"path\":\"/q\"},$META}" | hl-mcp >out 2>err
is "$(jq -r .request.by "state/spool/$(jq -r .result.structuredContent.case out).json")" mcp:new_one 'the name of the client comes with the request'
ask initialize "{$META}" | hl-mcp >out 2>err
is "$(jq -r .error.code out)" -32601 'there is no initialize in it'
ask tools/list '{"_meta":{"io.modelcontextprotocol/protocolVersion":"2030-01-01","io.modelcontextprotocol/clientCapabilities":{}}}' | hl-mcp >out
is "$(jq -c '[.error.code, .error.data.supported]' out)" '[-32022,["2026-07-28"]]' 'another revision is refused with the one there is'
ask tools/list '{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}' | hl-mcp >out
is "$(jq -r .error.code out)" -32602 'so is a request that does not say what the client can do'

# ---- rubbish ----

ask tools/list | hl-mcp >out 2>err
is "$(jq -r .error.code out)" -32600 'before the handshake nothing is answered'
ask ping | hl-mcp >out
is "$(jq -c .result out)" '{}' 'but ping'
bad() { printf '%b\n' "$1" | hl-mcp 2>err >out; }
bad 'nonsense'
is "$(jq -c '[.error.code, .id]' out)" '[-32700,null]' 'what is no JSON'
bad '{"jsonrpc":"2.0","id":1,"method":"ping"}\\377'
is "$(jq -c .error.code out)" -32700 'what is no UTF-8'
bad '[]'
is "$(jq -c .error.code out)" -32600 'an empty list'
bad '{"jsonrpc":"2.0","id":null,"method":"ping"}'
is "$(jq -c .error.code out)" -32600 'null is no id'
bad '{"jsonrpc":"1.0","id":1,"method":"ping"}'
is "$(jq -c .error.code out)" -32600 'another JSON-RPC'
bad '{"jsonrpc":"2.0","id":1,"method":"no/such\\u0007"}'
is "$(jq -c .error.code out)" -32601 'an unknown method'
bad '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}'
is "$(jq -c .error.code out)" -32700 'a name that comes twice'
bad '{"jsonrpc":"2.0","id":1,"result":{}}\n{"jsonrpc":"2.0","method":"no/such"}\n\n'
is "$(cat out)" '' 'answers, unknown notifications and empty lines are passed over'
{ head -c 17000000 /dev/zero | tr '\0' x; echo; ask ping; } | hl-mcp >out 2>err
is "$(jq -c '.error.code // .result' out | tr '\n' ' ')" '-32700 {} ' 'a line that is too long is answered and passed over'
printf '%s' "$(ask ping)" | hl-mcp >out
is "$(jq -c .result out)" '{}' 'the last line may lack its end'
{ hello 2025-03-26; echo "[$(ask ping '{}' 7),$(ask ping '{}' 8),{\"jsonrpc\":\"2.0\",\"method\":\"x\"}]"; } | hl-mcp | tail -n 1 >out
is "$(jq -c 'map(.id)' out)" '[7,8]' 'a list of requests gets a list of answers, in the one revision that has them'
{ hello; echo "[$(ask ping)]"; } | hl-mcp | tail -n 1 >out
is "$(jq -c .error.code out)" -32600 'and not in others'
ask ping | hl-mcp >/dev/full 2>err
is $? 74 'standard output that is lost is noticed'

# ---- over HTTP ----

cat >send.py <<'END'
"""send.py URL METHOD BODY [HEADER: VALUE ...]: status and session on the first line, the body after it."""
import http.client, sys, urllib.parse
url = urllib.parse.urlparse(sys.argv[1])
c = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
c.putrequest(sys.argv[2], url.path, skip_host=True)
headers = {"Host": url.netloc, "Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
headers.update(h.split(": ", 1) for h in sys.argv[4:])
for name, value in headers.items():
    if value:
        c.putheader(name, value)
body = sys.stdin.buffer.read() if sys.argv[3] == "-" else sys.argv[3].encode()
c.putheader("Content-Length", str(len(body)))
c.endheaders()
try:
    c.send(body)
except OSError:
    pass
r = c.getresponse()
print(r.status, r.getheader("Mcp-Session-Id") or "-")
sys.stdout.write(r.read().decode())
END
serve() { # OPTIONS: sets $url and $server
	rm -f url
	hl-mcp --listen "$@" >url 2>err &
	server=$!
	for i in $(seq 200); do [ -s url ] && break; sleep 0.05; done
	url=$(cat url)
}
http() { python3 send.py "$url" "$@" >out 2>&1; status=$(sed -n '1s/ .*//p' out); body=$(sed 1d out); }
modern() { # METHOD PARAMS-INSIDE [HEADER...]
	m=$1 p=$2
	shift 2
	http POST "$(ask "$m" "{${p:+$p,}$META}")" 'MCP-Protocol-Version: 2026-07-28' "Mcp-Method: $m" "$@"
}

run hl-mcp --listen 0.0.0.0:0
is_status 78 'an address that others reach needs a token'
run hl-mcp --listen 0:0:0
is_status 64 'an address that is none is a wrong command line'
run hl-mcp --token x
is_status 64 '--token goes with --listen'
serve 0
like "$url" '^http://127.0.0.1:[0-9]*/mcp$' 'it listens on the loopback interface, and says where'
http POST "$(hello | head -n 1)"
session=$(sed -n '1s/.* //p' out)
is "$status" 200 'a session begins'
like "$session" '^[0-9a-f]\{32\}$' 'with an id'
http POST "$(ask tools/list)" "Mcp-Session-Id: $session" 'MCP-Protocol-Version: 2025-11-25'
is "$status $(echo "$body" | jq -r '.result.tools[0].name')" '200 hl_case' 'and goes on with it'
http POST '{"jsonrpc":"2.0","method":"notifications/initialized"}' "Mcp-Session-Id: $session"
is "$status$body" 202 'a notification is accepted'
http POST "$(ask tools/list)"
is "$status" 400 'without it there is no session'
http POST "$(ask tools/list)" 'Mcp-Session-Id: 00000000000000000000000000000000'
is "$status" 404 'nor with an unknown one'
http POST "$(ask tools/list)" "Mcp-Session-Id: $session" 'MCP-Protocol-Version: 1999-01-01'
is "$status" 400 'a revision that nobody knows is refused'
http GET '' "Mcp-Session-Id: $session"
is "$status" 405 'there is no stream to get'
http DELETE '' "Mcp-Session-Id: $session"
is "$status" 204 'a session can be ended'
http POST "$(ask tools/list)" "Mcp-Session-Id: $session"
is "$status" 404 'and is gone then'

modern tools/list ''
is "$status" 200 'the newer era needs no session'
modern tools/call "\"name\":\"box_has\",\"arguments\":{\"path\":\"/\"}" 'Mcp-Name: box_has'
is "$status $(echo "$body" | jq -r .result.structuredContent.text)" '200 /' 'a tool is called'
modern tools/call '"name":"box_has","arguments":{"path":"/"}' 'Mcp-Name: =?base64?Ym94X2hhcw==?='
is "$status" 200 'with a name that is written in base 64'
modern tools/call '"name":"box_has","arguments":{"path":"/"}' 'Mcp-Name: box_mkdir'
is "$status $(echo "$body" | jq -r .error.code)" '400 -32020' 'a header that says another name than the body is refused'
modern tools/list '' 'Mcp-Method: prompts/list'
is "$status $(echo "$body" | jq -r .error.code)" '400 -32020' 'so is one with another method'
modern no/such ''
is "$status $(echo "$body" | jq -r .error.code)" '404 -32601' 'an unknown method is not found'
modern resources/read '"uri":"hl://docs/none"' 'Mcp-Name: hl://docs/none'
is "$(echo "$body" | jq -r .error.code)" -32602 'an unknown resource has the code of this era'

http POST "$(ask ping)" 'Host: evil.example'
is "$status" 403 'another Host is refused: a page elsewhere may have our address under its name'
http POST "$(ask ping)" 'Host: 127.0.0.1.evil.example'
is "$status" 403 'also one that begins like ours'
http POST "$(ask ping)" 'Origin: https://evil.example'
is "$status" 403 'so is another origin'
modern tools/list '' 'Origin: http://127.0.0.1:80@evil.example'
is "$status" 403 'nor one that only begins like ours'
modern tools/list '' 'Origin: http://localhost' 'origin: https://evil.example'
is "$status" 400 'a header that there is one of stands there once'
modern tools/list '' 'Transfer-Encoding: chunked'
is "$status" 400 'and a body has one length'
http POST "$(ask ping)" 'Origin: null'
is "$status" 403 'and none'
modern tools/list '' 'Origin: http://localhost:3000'
is "$status" 200 'an origin of this host is welcome'
http POST 'x' 'Content-Type: text/plain'
is "$status" 415 'a body of another type is refused'
http POST 'x'
is "$status $(echo "$body" | jq -r .error.code)" '400 -32700' 'and one that is no JSON'
http POST "$(ask ping)" 'Accept: text/html'
is "$status" 406 'who does not take JSON is told so'
head -c 5000000 /dev/zero >long
http POST - <long
is "$status" 413 'a body that is too long is refused'
url=${url%/mcp}/other http POST x
is "$status" 404 'there is nothing elsewhere'

python3 - "$url" "$META" "$PWD/hung" <<'END'
"""A client of the newer era that hangs up has cancelled."""
import os, socket, sys, time, urllib.parse
url = urllib.parse.urlparse(sys.argv[1])
body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow_wait","arguments":{"path":"%s"},%s}}' % (sys.argv[3], sys.argv[2])
s = socket.create_connection((url.hostname, url.port))
s.sendall(("POST /mcp HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nMCP-Protocol-Version: 2026-07-28\r\n"
           "Mcp-Method: tools/call\r\nMcp-Name: slow_wait\r\nContent-Length: %d\r\n\r\n%s" % (url.netloc, len(body), body)).encode())
while not os.path.exists(sys.argv[3] + ".pid"):
    time.sleep(0.02)
s.close()
END
for i in $(seq 200); do kill -0 "$(cat hung.pid)" 2>/dev/null || break; sleep 0.05; done
kill -0 "$(cat hung.pid)" 2>/dev/null
ok "$([ $? -ne 0 ]; echo $?)" 'a client that hangs up ends what it asked for'
modern tools/list ''
is "$status" 200 'and the others are served'
before=$(ls /proc/$server/fd | wc -l)
for i in 1 2 3 4 5 6 7 8; do modern tools/call '"name":"box_has","arguments":{"path":"/"}' 'Mcp-Name: box_has'; done
is "$(ls /proc/$server/fd | wc -l)" "$before" 'no descriptor is left open'
kill $server
wait $server 2>/dev/null

mkdir -m 700 state/secrets
(umask 077 && echo s3cret-of-mine >state/secrets/mcp)
printf 'mode: mature\nmcp: {token: mcp, origins: ["https://chat.home.lan"]}\n' >ops/policy.yaml
commit_ops token
serve 0.0.0.0:0
url=$(echo "$url" | sed 's/0\.0\.0\.0/127.0.0.1/')
modern tools/list ''
is "$status" 401 'with a token, who has none is refused'
modern tools/list '' 'Authorization: Bearer s3cret-of-min'
is "$status" 401 'nor is half of it enough'
modern tools/list '' 'Authorization: Bearer s3cret-of-mine' 'Host: nas.home.lan'
is "$status" 200 'who has it is served'
modern tools/list '' 'Authorization: Bearer s3cret-of-mine' 'Origin: https://chat.home.lan'
is "$status" 200 'also from an origin that policy names'
modern tools/list '' 'Authorization: Bearer s3cret-of-mine' 'Origin: http://localhost'
is "$status" 403 'and from no other'
unlike "$(tr '\0' ' ' <"/proc/$server/cmdline")$(cat err)" s3cret 'the token is in no command line and no message'
kill $server
wait $server 2>/dev/null

done_testing
