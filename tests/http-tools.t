# A tool with http: is a request, and what it declares is checked when it is loaded.
. "$HL_TOP/tests/tap.sh"

server=
trap 'kill $server 2>/dev/null' EXIT
python3 "$HL_TOP/tests/standins/http_server.py" port log 2>server.err &
server=$!
i=0; while [ ! -e port ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done
API=http://127.0.0.1:$(cat port) && export API

mkdir -p data/toolsets "$HL_STATE/secrets"
printf 'hunter/2+\n' >"$HL_STATE/secrets/token" && chmod 600 "$HL_STATE/secrets/token"
HL_DATA=$PWD/data && export HL_DATA
cat >data/toolsets/api.yaml <<'X2'
toolset: api
http:
  base: "{env.API}/"
  headers: {X-Common: all, X-Token: "{secret.token}"}
  error: /detail/why
tools:
  - name: api.echo
    effect: read
    args:
      part: {type: string}
      word: {type: string, required: false}
      tags: {type: array, items: {type: string}, required: false}
      top: {type: integer, default: 5}
    http:
      url: "/echo/{part}"
      query: {word: "{word}", tag: "{tags}", top: "{top}", fixed: 1, of: "n-{top}"}
      headers: {X-Word: "{word}"}
  - name: api.send
    effect: read
    args:
      list: {type: array, items: {type: integer}, required: false}
      on: {type: boolean, default: true}
      text: {type: string, required: false}
    http:
      method: POST
      url: /echo
      json: {list: "{list}", on: "{on}", text: "{text}", deep: [{text: "it is {on}"}], id: "{random}", at: "{time.epoch}"}
      pick: /body
  - name: api.leak
    effect: read
    http:
      url: /echo
      query: {key: "{secret.token}"}
      basic: {user: me, password: "{secret.token}"}
  - name: api.fail
    effect: read
    http: {url: /status/404, query: {key: "{secret.token}"}}
  - name: api.lines
    effect: read
    http: {url: /broken}
    output: lines
  - name: api.list
    effect: read
    http: {url: /links, pages: {next: link}}
  - name: api.slow
    effect: read
    http: {url: /slow/20}
    timeout: 300ms
  - name: api.unset
    effect: read
    http: {url: /echo, tls: {ca: "{env.NO_SUCH_CA}"}}
  - name: api.pause
    effect: change
    blast_radius: single_service
    args: {queue: {type: string}}
    http: {method: POST, url: "/queue/{queue}/pause"}
X2
run hl-tool check data/toolsets/api.yaml
is_status 0 'a toolset with requests is right'

run hl-tool run api.echo 'part=a/b c?d'
is_status 0 'a request is made'
is "$(jq -r '.data.path' out)" '/echo/a%2Fb%20c%3Fd' 'an argument is one part of the path'
is "$(jq -r '.data.query' out)" 'top=5&fixed=1&of=n-5' 'what has no value is left out of the query'
is "$(jq -r '.data.headers | .["x-common"] + "," + (.["x-word"] // "-")' out)" 'all,-' 'and of the headers'
is "$(jq -c '[.tool, .ok, .args.top]' out)" '["api.echo",true,5]' 'and gives an observation'
run hl-tool run api.echo --args '{"part": "x", "word": "a&b=c", "tags": ["1", "2 3"]}'
is "$(jq -r '.data.query' out)" 'word=a%26b%3Dc&tag=1&tag=2%203&top=5&fixed=1&of=n-5' 'what has one stands there'
is "$(jq -r '.data.headers["x-word"]' out)" 'a&b=c' 'also in a header'
for part in '..' '.' '' 'a/../b' '..\b'; do
	run hl-tool run api.echo "part=$part"
	is_status 65 "a part of the path cannot be '$part'"
done
is "$(wc -l <log)" 2 'and nothing is asked'

run hl-tool run api.send --args '{"list": [1, 2], "text": "{on} \"q\""}'
is "$(jq -r '.data.value' out | jq -c '[.list, .on, .text, .deep[0].text, (.id | length), (.at | type)]')" \
	'[[1,2],true,"{on} \"q\"","it is true",32,"number"]' 'a body keeps the types of its values'
run hl-tool run api.send
is "$(jq -r '.data.value' out | jq -c 'keys')" '["at","deep","id","on"]' 'and leaves out what has none'

run hl-tool run api.leak
is "$(jq -r '.data.query + " " + .data.headers["x-token"] + " " + .data.headers.authorization' out)" \
	'key=[secret token] [secret token] Basic [secret basic]' 'a secret is sent, and cut out of what comes back'
is "$(jq -r .headers.authorization log | tail -n 1)" "Basic $(printf 'me:hunter/2+' | openssl base64)" 'also as it is encoded'
run hl-tool run api.fail
is_status 1 'an answer that is a failure'
is "$(jq -r .error out)" "GET $API/status/404: 404 Not Found: the deeper reason" 'is told with the message of the server'
is "$(cat out err | grep -c hunter)" 0 'and no secret'
run hl-tool run api.lines
is "$(jq -c .data.lines out)" '["{\"a\": "]' 'an answer that is lines'
run hl-tool run api.list
is "$(jq -c '[.data.items[].n]' out)" '[1,2,3,4,5]' 'pages are one list'
run hl-tool run api.slow
is_status 1 'a timeout'
like "$(jq -r .error out)" "^GET $API/slow/20: " 'names what was asked'
run hl-tool run api.unset
is_status 0 'an authority whose variable is not set is not asked for'
run env -u API hl-tool run api.list
like "$(jq -r .error out)" "variable 'API' is not set" 'a base whose variable is not set is'
API=127.0.0.1:1 run hl-tool run api.echo part=x
like "$(jq -r .error out)" "'127.0.0.1:1/echo/x' starts with neither 'http://' nor" 'one without a scheme is shown'
run hl-tool run api.pause queue=x
is_status 77 'what acts is refused here'
API=http://127.0.0.1:1 run hl-tool run api.echo part=x --deadline 300ms
is_status 1 'nobody there'

run hl-tool describe api.pause
like "$(cat out)" '^requests  *POST {env.API}/queue/{queue}/pause' 'describe says what is requested'
is "$(grep -c hunter out)" 0 'without secrets'
run hl-tool describe api.pause --json
is "$(jq -c '[.run, .http.method, .http.url]' out)" '[null,"POST","/queue/{queue}/pause"]' 'also as JSON'

wrong() { # HTTP WANTED [DEFAULTS]
	printf 'toolset: t\nhttp: %s\ntools:\n  - name: t.x\n    effect: read\n    args: {a: {type: string}, o: {type: string, required: false}, l: {type: array, items: {type: string}}}\n    http: %s\n' \
		"${3-{base: \"http://x\"\}}" "$1" >bad.yaml
	run hl-tool check bad.yaml
	[ "$status" -eq 78 ] && grep -q 'bad.yaml:[27]:[0-9]*:' err && grep -qF "$2" err
	ok $? "$2"
	[ "$status" -eq 78 ] && grep -qF "$2" err || sed 's/^/#   /' err
}
wrong '{}' "'url' is missing"
wrong '{url: /x, methd: GET}' "did you mean 'method'"
wrong '{url: /x, method: GETT}' 'not one of'
wrong '{url: x}' "must start with '/'"
wrong '{url: "/{b}"}' "'{b}' is no argument"
wrong '{url: "/{o}"}' 'may be absent'
wrong '{url: "/{l}"}' 'is a list'
wrong '{url: "http://{a}/x"}' 'cannot choose the host'
wrong '{url: "/x?k={secret.k}"}' 'put a secret in query, headers or basic'
wrong '{url: "/{{x}}"}' 'a brace in a URL'
wrong '{url: "/x y"}' 'a blank'
wrong '{url: /x, query: {a: {b: c}}}' 'must be a text'
wrong '{url: /x, query: {a: "x{o}"}}' 'may be absent'
wrong '{url: /x, headers: {a: [b]}}' 'must be a text'
wrong '{url: /x, json: {a: "{b}"}}' "'{b}' is no argument"
wrong '{url: /x, json: {}, form: {}}' 'one body'
wrong '{url: /x, type: a/b}' 'goes with text'
wrong '{url: /x, ok_status: [99]}' 'must be a status of HTTP'
wrong '{url: /x, ok: {"/a": {"<>": 1}}}' 'http.ok'
wrong '{url: /x, pick: a}' 'must be a JSON pointer'
wrong '{url: /x, error: [a]}' 'must be a JSON pointer'
wrong '{url: /x, pages: {}}' 'needs next'
wrong '{url: /x, pages: {next: X-Next}}' "a header needs 'param'"
wrong '{url: /x, pages: {next: link, most: 0}}' 'from 1 to 1000'
wrong '{url: /x, pages: {next: link}, pick: /a}' "'items' in pages"
wrong '{url: /x, wait: {url: /y}}' "'until' is missing"
wrong '{url: "/{answer:/x}"}' 'cannot stand here'
wrong '{url: /x, tls: {insecure: true}}' 'tls.insecure: unknown key'
wrong '{url: /x, basic: {user: "{env.HL_SECRET_X}"}}' 'write {secret.NAME}'
wrong '{url: /x}' 'needs a base' '{headers: {}}'
wrong '{url: /x}' "'{a}' is no argument" '{base: "http://x", headers: {X: "{a}"}}'
printf 'toolset: t\ntools:\n  - {name: t.x, effect: change, blast_radius: none, http: {url: "http://x"}}\n' >bad.yaml
run hl-tool check bad.yaml
like "$(cat err)" "'method' is missing" 'what changes something says how'
done_testing
