# hl-mcp-call calls tools of MCP servers of every revision, whatever they do.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/storm.sh"
server="python3 $HL_TOP/tests/standins/mcp_server.py"

call() { # TOOL [KEY=VALUE ...] -- OPTION...: of the stand-in
	words=
	while [ "$1" != -- ]; do
		words="$words $1"
		shift
	done
	shift
	run hl-mcp-call -v call $words -- $server "$@"
}

request() { # JSON-MEMBERS OPTION...: as the runner does it
	members=$1
	shift
	jq -nc --args "{server: {run: (\"$server\" / \" \" + \$ARGS.positional)}} + {$members}" -- "$@" | jq -c --arg cwd "$PWD" ".server.cwd = \$cwd" >request
	run hl-mcp-call <request
}

for v in 2024-11-05 2025-03-26 2025-06-18 2025-11-25; do
	call add a=2 b=40 -- --version $v
	is "$status $(cat out) $(head -n 1 err)" '0 {"sum":42} ' "revision $v"
	run hl-mcp-call -v list -- $server --version $v
	is "$(head -n 1 err)" "hl-mcp-call: revision $v" 'is settled on'
done
call add a=2 b=40 -- --era modern --log log
is "$status $(cat out)" '0 {"sum":42}' 'revision 2026-07-28'
is "$(jq -r '.method' log | tr '\n' ' ')" 'server/discover tools/list tools/call ' 'has no handshake'
is "$(jq -r '.params._meta | [.["io.modelcontextprotocol/protocolVersion"], (.["io.modelcontextprotocol/clientCapabilities"] | tostring)] | join(" ")' log |
	sort -u)" '2026-07-28 {}' 'and says in each request what it is'
rm -f log
call echo text=hi -- --era dual --log log
is "$(cat out)" '{"text":"hi"}' 'a server of both eras'
unlike "$(cat log)" initialize 'is met in the modern one'
for probe in error code0 silent die; do
	rm -f log
	call echo text=hi -- --probe $probe --log log
	is "$status $(cat out)" '0 {"text":"hi"}' "an old server whose answer to the probe is: $probe"
done
is "$(jq -r .method log | tr '\n' ' ')" \
	'server/discover initialize notifications/initialized tools/list tools/call ' 'is greeted, after a restart'
call echo text=hi -- --version 1999-01-01
is_status 69 'a revision that we do not speak'
like "$(cat err)" "revision '1999-01-01'" 'is named'

run hl-mcp-call list -- $server --pages 4
is "$(wc -l <out)" "$(hl-mcp-call list -- $server | wc -l)" 'a list in pages is read to its end'
like "$(head -n 1 out)" '^echo  the tool echo$' 'a tool a line'
run hl-mcp-call list --json -- $server
is "$(jq -r 'select(.name == "add").inputSchema.required | join(" ")' out)" 'a b' 'as the server declares it'
run hl-mcp-call list -- $server --pages endless
is_status 65 'one without end is refused'
call echo text=hi -- --pages 4 --log pages
is "$(grep -c tools/list pages)" 1 'only as many pages are read as it takes'

call list --
is "$(cat out)" '{"items":[1,2]}' 'a list'
call lines --
is "$(cat out)" '{"text":"one\ntwo"}' 'a text'
call picture --
is "$(cat out)" '{"text":"look","content":[{"type":"image","mimeType":"x/y","size":3}]}' 'more than text'
call env --
is "$(cat out)" '{"text":"HOME\nLC_ALL\nPATH"}' 'a server gets nothing of our environment'
call batch --
is "$(cat out)" '{"text":"in a batch"}' 'an answer in a batch'
call ask --
is "$(cat out)" '{"text":"[-32601, {}]"}' 'a server that asks is told that we offer nothing, but ping'
call late --
is "$(cat out)" '{"text":"done"}' 'answers to something else are no answers'
call notify --
is "$(cat out)" '{"text":"done"}' 'news before the answer'
call slow --
like "$(cat err)" '3/3 step' 'progress is told'
call rubbish --
is "$status $(cat out)" '0 {"text":"done"}' 'a server that prints what is no message is borne'
like "$(cat err)" 'no message of MCP: Debugger listening' 'and named'

call fail --
is_status 1 'a tool that fails'
like "$(cat err)" 'the tool failed: the disk is full' 'says why'
is "$(cat out)" '' 'and prints nothing'
call flood --
is_status 65 'rubbish without end'
call huge --
is_status 65 'a line that is too long'
like "$(cat err)" 'a line of more than 16777216 bytes' 'says so'
call crash --
is_status 69 'a server that dies'
like "$(cat err)" "exited with status 3: out of memory in frob()" 'is quoted'
call input -- --era modern
is_status 69 'a tool that wants to ask a person'
run hl-mcp-call call silent --timeout 2s -- $server --log log2
is_status 75 'no answer in time'
is "$(jq -r 'select(.method == "notifications/cancelled").params.requestId' log2)" \
	"$(jq -r 'select(.method == "tools/call").id' log2)" 'the server is told that nobody waits'
call frob --
is_status 65 'no such tool'
call ech text=hi --
like "$(cat err)" "did you mean 'echo'" 'but nearly'
call add a=x b=1 --
is_status 65 'an argument that does not fit the schema'
like "$(cat err)" "argument 'a': must be of type integer" 'is named'
call add a=1 --
like "$(cat err)" "argument 'b': missing" 'so is one that is missing'
run hl-mcp-call call add --args '{"a": 1}' b=2 -- $server
is "$(cat out)" '{"sum":3}' 'arguments as JSON'
run hl-mcp-call list -- no-such-server
is "$status $(cat err)" "69 hl-mcp-call: 'no-such-server' is not installed here" 'no such program'
run hl-mcp-call list
is_status 64 'no server'
run hl-mcp-call frob x
is_status 64 'no such verb'

request 'tool: "echo", arguments: {text: "a\nb"}'
is "$status $(cat out)" '0 {"text":"a\nb"}' 'a request'
request 'tool: "lines", output: "lines"'
is "$(cat out)" '{"lines":["one","two"]}' 'with a kind of output'
request 'tool: "lines", output: "json"'
is_status 65 'that it is not of'
request 'tool: "echo", arguments: {text: "x"}, effect: "read"' --hints '{"readOnlyHint": true}'
is_status 0 'declared as read, and the server agrees'
request 'tool: "echo", arguments: {text: "x"}, effect: "read"' --hints '{"readOnlyHint": false}' --log log3
is_status 77 'declared as read, and the server says otherwise'
like "$(cat err)" 'readOnlyHint: false.*: declare it as destroy' 'what to declare'
unlike "$(cat log3)" tools/call 'and it is not called'
request 'tool: "echo", arguments: {text: "x"}, effect: "read"' --hints '{"destructiveHint": true}'
is_status 77 'likewise for what destroys'
request 'tool: "echo", arguments: {text: "x"}, effect: "destroy"' --hints '{"readOnlyHint": false}'
is_status 0 'declared as what it is'
pin=$(hl-mcp-call import lab -- $server | sed -n '/name: lab.echo/,/pin/s/.*pin: "\(.*\)"/\1/p')
request "tool: \"echo\", arguments: {text: \"x\"}, pin: \"$pin\""
is_status 0 'the tool that was reviewed'
request "tool: \"echo\", arguments: {text: \"x\"}, pin: \"$pin\"" --describe 'now with extras'
is_status 77 'the tool has changed'
like "$(cat err)" "'echo' is not what was reviewed" 'and is named'
printf '{"tool": "x"}' >request
run hl-mcp-call <request
is_status 65 'a request without a server'
printf '{"server": {"run": []}, "tool": "x"}' >request
run hl-mcp-call <request
is_status 65 'a server without a program'
printf 'nonsense' >request
run hl-mcp-call <request
is_status 65 'no JSON'
like "$(cat err)" '^hl-mcp-call: stdin: no JSON' 'says so'
run hl-mcp-call </dev/null
is_status 65 'an empty request'
call echo "text=$(printf '\033[31m')" --
unlike "$(cat out)" "$(printf '\033')" 'nothing that drives a terminal'

run hl-tool import Lab -- no-such-server
is_status 64 'a name that no toolset can have'
like "$(cat err)" "'Lab' is no name of a toolset" 'is refused before the server is asked'
hl-tool import lab -- $server >lab.yaml
run hl-tool check lab.yaml
is_status 0 'what import prints is a toolset'
is "$(grep -c 'effect: read$' lab.yaml)" 0 'in which nothing is read'
is "$(sed -n '/lab.echo/,/effect/s/ *effect: //p' lab.yaml)" destroy 'that a server says nothing of destroys'
like "$(cat lab.yaml)" 'name: lab.get_things' 'names are ours'
is "$(hl-mcp-call import lab -- $server --hints '{"destructiveHint": false}' | sed -n '/lab.echo/,/effect/p' |
	sed -n 's/^    effect: //p; s/^    # //p')" "the server says: destructiveHint: false
change" 'a claim is shown, and believed to be a change'
# A direction that is turned round, a line end of YAML, a tag that nobody sees, DEL.
hidden=$(printf 'safe \342\200\256evil \302\205x: 1\342\200\250y \363\240\201\201z \177')
hl-mcp-call import lab -- $server --describe "$hidden" >hidden.yaml
run hl-tool check hidden.yaml
is_status 0 'hidden characters in a description do not break it'
is "$(sed -n 's/^    description: "safe/safe/p' hidden.yaml | head -n 1)" \
	'safe \U0000202eevil \U00000085x: 1\U00002028y \U000e0041z \U0000007f"' 'and can be seen'

# Nothing is left behind: neither a server that will not end, nor one whose client is ended.
run hl-mcp-call call echo text=hi -- $server --stubborn --log stubborn
is "$status $(cat out)" '0 {"text":"hi"}' 'a server that will not end'
is "$(pgrep -f -- "--log stubborn" | wc -l | tr -d ' ')" 0 'is ended'
hl-mcp-call call silent -- $server --stubborn --log ended >/dev/null 2>&1 &
pid=$!
until grep -q tools/call ended 2>/dev/null; do sleep 0.05; done
kill -TERM $pid
wait $pid
is "$?" 75 'ended by a signal'
is "$(pgrep -f -- "--log ended" | wc -l | tr -d ' ')" 0 'the server ends too'
like "$(cat ended)" notifications/cancelled 'and was told'
i=0 bad=0
while [ $i -lt 15 ]; do
	i=$((i + 1))
	hl-mcp-call call crash -- $server --log storm >/dev/null 2>&1
	[ $? -eq 69 ] || bad=$((bad + 1))
done
is "$bad $(pgrep -f -- "--log storm" | wc -l | tr -d ' ')" '0 0' 'a storm of crashes leaves no process'

# A server is contained as its declaration says, or not started.
contained() { # CONTAIN
	jq -nc --argjson c "$1" --args '{server: {run: $ARGS.positional, contain: $c}, tool: "echo", arguments: {text: "hi"}}' -- \
		$server --log "$PWD/held" >request
	run hl-mcp-call <request
}
contained '{"cpu": "10s", "memory": "1G"}'
is "$status $(cat out)" '0 {"text":"hi"}' 'a server with bounds'
rm -f held
contained '{"read_only": true}'
case $(cat err) in
*'cannot contain'*) skip 'a read-only file system' 'namespaces are not allowed here' ;;
*) ok "$([ ! -e held ]; echo $?)" 'one that cannot write does not' ;;
esac
contained '{"user": "hl-no-such-user"}'
is_status 69 'what cannot be granted'
like "$(cat err)" "cannot contain '.*python3': cannot become the user 'hl-no-such-user'" 'is refused, and said why'
contained '{"usr": "nobody"}'
is_status 65 'a key that is none'
like "$(cat err)" "contain.usr: unknown key: did you mean" 'is named'

# As a tool of a toolset.
mkdir -p data/toolsets "$HL_STATE/secrets"
echo hunter2 >"$HL_STATE/secrets/mcp" && chmod 600 "$HL_STATE/secrets/mcp"
cat >data/toolsets/m.yaml <<X
toolset: m
servers:
  here: {run: [python3, $HL_TOP/tests/standins/mcp_server.py], env: {TOKEN: "{secret.mcp}"}}
tools:
  - name: m.add
    effect: read
    schema: {type: object, properties: {a: {type: integer}, b: {type: integer}}, required: [a, b]}
    mcp: {server: here, tool: add}
  - {name: m.none, effect: read, mcp: {server: here, tool: no-such-tool}}
X
HL_DATA=$PWD/data run hl-tool run m.add --args '{"a": 2, "b": 40}'
is "$status $(jq -c '[.tool, .ok, .data]' out)" '0 ["m.add",true,{"sum":42}]' 'a tool of a toolset can be a tool of a server'
HL_DATA=$PWD/data run hl-tool run m.add --args '{"a": "x", "b": 40}'
is_status 65 'its schema is asked first'
HL_DATA=$PWD/data run hl-tool run m.none
is_status 1 'one that the server does not have'
like "$(jq -r .error out)" 'no-such-tool' 'is named'

storm 60 >figures
is "$(cut -d ' ' -f -3 figures)" '0 0 0' 'a storm of calls through hl-mcp leaves no descriptor, child or server'

# Over HTTP.
serve() { # OPTION...: sets $url and $server_pid
	rm -f port log
	$server --http --log log "$@" >port 2>/dev/null &
	server_pid=$!
	until [ -s port ]; do sleep 0.05; done
	url=http://127.0.0.1:$(cat port)/mcp
}

stop() {
	kill $server_pid
	wait $server_pid 2>/dev/null
}

for o in '' --sse --session '--sse --session' '--era modern' '--era dual --sse'; do
	serve $o
	run hl-mcp-call call add a=2 b=40 "$url"
	is "$status $(cat out)" '0 {"sum":42}' "a server over HTTP: ${o:-plain}"
	stop
done
is "$(jq -r '[.method, .headers["mcp-method"], .headers["mcp-name"], .headers["mcp-protocol-version"]] | join(" ")' log)" \
	'server/discover server/discover  2026-07-28
tools/list tools/list  2026-07-28
tools/call tools/call add 2026-07-28' 'in the modern era the headers say what is asked'
serve --era modern
run hl-mcp-call call where 'region=Zürich' n=3 "$url"
is "$(jq -r 'select(.method == "tools/call").headers | [.["mcp-param-region"], .["mcp-param-n"]] | join(" ")' log)" \
	'=?base64?WsO8cmljaA==?= ' 'and the parameters that want to be there'
run hl-mcp-call list "$url"
unlike "$(cat out)" badheader 'a tool whose header cannot be made is none'
run hl-mcp-call call fail "$url"
is_status 1 'a tool that fails'
run hl-mcp-call call silent --timeout 2s "$url"
is_status 75 'no answer in time'
stop
serve --session --sse --expire 2
run hl-mcp-call call add a=2 b=40 "$url"
is "$status $(cat out)" '0 {"sum":42}' 'a session that the server forgot is opened again'
is "$(grep -c '"initialize"' log)" 2 'once'
is "$(jq -r 'select(.method == "DELETE").headers["mcp-session-id"]' log)" s0 'and ended when we are done'
run hl-mcp-call -v call slow "$url"
like "$(cat err)" '3/3 step' 'progress in the stream of events'
run hl-mcp-call call ask "$url"
is "$(jq -c 'select(.id == "r1") | .error.code' log)" -32601 'a question in it is answered'
run hl-mcp-call call silent --timeout 2s "$url"
is "$status $(jq -r 'select(.method == "notifications/cancelled").method' log)" '75 notifications/cancelled' \
	'no answer in time: the server is told'
stop
serve --token s3cret
run hl-mcp-call list "$url"
is_status 69 'a server that wants a token'
like "$(cat err)" 'HTTP 401' 'says so'
printf '{"server": {"url": "%s", "headers": {"Authorization": "Bearer s3cret"}}, "tool": "echo", "arguments": {"text": "hi"}}' "$url" >request
run hl-mcp-call <request
is "$status $(cat out)" '0 {"text":"hi"}' 'which stands in the request'
stop
run hl-mcp-call list "$url"
is_status 69 'a server that is not there'
serve --old
run hl-mcp-call list "$url"
is_status 69 'one that knows the two endpoints of 2024-11-05 only'
like "$(cat err)" '2024-11-05' 'is told from one that is none'
stop
done_testing
