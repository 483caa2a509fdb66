# hl-http makes the requests that it reads, and prints what they come to.
. "$HL_TOP/tests/tap.sh"

servers=
trap 'kill $servers 2>/dev/null' EXIT
serve() { # PORTFILE LOG [CERTIFICATE KEY]
	python3 "$HL_TOP/tests/standins/http_server.py" "$@" 2>server.err &
	servers="$servers $!"
	i=0; while [ ! -e "$1" ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done
}
ask() { # JSON with HOST and OTHER in it
	printf '%s\n' "$1" | sed "s|HOST|127.0.0.1:$port|g; s|OTHER|127.0.0.1:$other|g" >request
	run hl-http <request
}
serve port log
serve other otherlog
port=$(cat port) other=$(cat other)

ask '{"url": "http://HOST/echo"}'
is_status 0 'a request'
is "$(jq -r '.method + " " + .path + " " + .headers.accept' out)" 'GET /echo application/json' 'asks for JSON'
ask '{"url": "http://HOST/echo", "query": {"a": "x y&z", "b": ["1", 2], "c": true}, "pick": "/query"}'
is "$(cat out)" '"a=x%20y%26z&b=1&b=2&c=true"' 'a query is encoded, a list repeats its name'
ask '{"url": "http://HOST/echo?x=1", "query": {"a": 1}, "pick": "/query"}'
is "$(cat out)" '"x=1&a=1"' 'and goes behind the one of the URL'
ask '{"method": "POST", "url": "http://HOST/echo", "json": {"a": [1, "é"]}}'
is "$(jq -r '.method + .headers["content-type"] + .body' out)" 'POSTapplication/json{"a":[1,"é"]}' 'JSON is sent'
ask '{"method": "PUT", "url": "http://HOST/echo", "form": {"a": "b=c", "d": [1, 2]}}'
is "$(jq -r '.method + .headers["content-type"] + .body' out)" \
	'PUTapplication/x-www-form-urlencodeda=b%3Dc&d=1&d=2' 'a form'
ask '{"method": "POST", "url": "http://HOST/echo", "text": "<a/>", "type": "application/xml"}'
is "$(jq -r '.headers["content-type"] + .body' out)" 'application/xml<a/>' 'text'
ask '{"method": "POST", "url": "http://HOST/echo", "multipart": {"a": "1", "b": "x y"}}'
is "$(jq -r '.body' out | tr -d '\r' | sed 's/^--[0-9a-f]*/--B/' | tr '\n' '|')" \
	'--B|Content-Disposition: form-data; name="a"||1|--B|Content-Disposition: form-data; name="b"||x y|--B--||' 'parts'
ask '{"method": "POST", "url": "http://HOST/echo"}'
is "$(jq -r '.headers["content-length"]' out)" 0 'a POST without a body says so'
ask '{"url": "http://HOST/echo", "headers": {"X-A": "b", "Accept": "text/csv"}, "basic": {"user": "u", "password": "p:q"}}'
is "$(jq -r '.headers | .["x-a"] + .accept + .authorization' out)" 'btext/csvBasic dTpwOnE=' 'headers and Basic'
ask '{"url": "http://HOST/echo", "headers": {"X-A": "b\r\nX-B: c"}}'
is_status 65 'a header with a line end is refused'
ask '{"method": "POST", "url": "http://HOST/echo", "text": "x", "type": "text/plain\r\nX-B: c"}'
is_status 65 'so is such a type'
ask '{"url": "http://HOST/a/%2e%2e/../echo"}'
is "$(tail -n 1 log | jq -r .path)" '/a/%2e%2e/../echo' 'a path is sent as it is'
http_proxy=http://127.0.0.1:1 ask '{"url": "http://HOST/echo"}'
is_status 0 'no proxy of the environment'

ask '{"url": "http://HOST/chunked"}'
is "$(cat out)" '{"pieces":3}' 'chunks'
ask '{"url": "http://HOST/empty/204"}'
is "$(cat out)" '{"status":204}' 'nothing but a status'
ask '{"url": "http://HOST/empty/503", "ok_status": [200, 503]}'
is "$(cat out)" '{"status":503}' 'a status that is no failure'
ask '{"url": "http://HOST/broken"}'
is_status 1 'what is not JSON'
like "$(cat err)" "^hl-http: GET http://127.0.0.1:$port/broken: the answer is not JSON" 'is said'
ask '{"url": "http://HOST/broken", "output": "text"}'
is "$(cat out)" '{"a": ' 'but may be text'
ask '{"url": "http://HOST/cut", "retry": false}'
is_status 69 'a body that was cut off'
is "$(cat out)" '' 'is none'
ask '{"url": "http://HOST/huge/30000", "output_max": 20000}'
is_status 1 'too much'
like "$(cat err)" 'more than 20000 bytes' 'is said'
ask '{"url": "http://HOST/huge/17000000"}'
is_status 1 'far too much'
like "$(cat err)" 'body is more than 16777216 bytes' 'is not taken in'
ask '{"url": "http://HOST/long/80000"}'
is_status 1 'headers without end'
like "$(cat err)" 'headers are more than' 'neither'

ask '{"url": "http://HOST/status/404?key=hunter2", "query": {"token": "hunter3"}, "basic": {"user": "u", "password": "hunter4"}}'
is_status 1 'a status that is a failure'
is "$(cat err)" "hl-http: GET http://127.0.0.1:$port/status/404: 404 Not Found: it says 404" \
	'is said with the message of the server, and without the query'
ask '{"url": "http://me:hunter2@HOST/status/404"}'
is "$(grep -c hunter2 err)" 0 'nor a user of the URL'
ask '{"url": "http://HOST/status/400", "error": ["/nothing", "/detail/why"]}'
like "$(cat err)" '400 Bad Request: the deeper reason$' 'error says where the message is'
ask '{"url": "http://HOST/html", "retry": false}'
like "$(cat err)" '500 Internal Server Error$' 'no page for browsers'
ask '{"url": "http://HOST/echo", "ok": {"/method": "PUT"}}'
is_status 1 'an answer that does not hold'
like "$(cat err)" '"GET", expected "PUT"' 'is said to'
ask '{"url": "http://HOST/echo", "pick": "/nothing/here"}'
is_status 1 'a part that is not there'
ask '{"url": "http://HOST/echo", "pick": "/method", "output": "text"}'
is "$(cat out)" 'GET' 'a text that was picked'

ask '{"url": "http://HOST/flaky/2/a"}'
is "$(cat out)" '{"tries":2}' 'what reads is asked again'
ask '{"url": "http://HOST/later/0/a"}'
is "$(cat out)" '{"tries":2}' 'when the server says'
ask '{"url": "http://HOST/later/100/b", "timeout_ms": 2000}'
is_status 1 'not when that is too late'
ask '{"url": "http://HOST/dated/a"}'
is "$(cat out)" '{"tries":2}' 'also as a date'
ask '{"url": "http://HOST/flaky/2/b", "retry": false}'
is_status 1 'unless it must not be'
ask '{"method": "POST", "url": "http://HOST/flaky/2/c"}'
is_status 1 'what changes something is not'
ask '{"method": "POST", "url": "http://HOST/flaky/2/d", "idempotent": true}'
is_status 0 'unless it is idempotent'
ask '{"method": "POST", "url": "http://HOST/later/0/d"}'
is_status 0 'or was refused for now'
ask '{"method": "POST", "url": "http://HOST/dated/d"}'
is_status 0 'or told when'
ask '{"method": "POST", "url": "http://HOST/close"}'
is_status 69 'a connection that breaks'
like "$(cat err)" 'whether it was done is not known$' 'leaves it open'
is "$(grep -c '"path": "/close"' log)" 1 'and is not made again'
ask '{"method": "POST", "url": "http://HOST/kept"}'
is "$(cat out)" '{"tries":2}' 'nor behind our back: it has a connection that nobody closes just then'
ask '{"url": "http://127.0.0.1:1/x?key=hunter2", "retry": false}'
is_status 69 'nobody there'
is "$(grep -c hunter2 err)" 0 'no query in that, either'
ask '{"url": "http://HOST/slow/20", "timeout_ms": 300}'
is_status 69 'a timeout'
ask '{"url": "http://HOST/drip", "timeout_ms": 300}'
is_status 69 'of the whole'
ask '{"url": "http://HOST/echo", "timeout_ms": 9223372036854775807}'
is_status 65 'a time that is none is refused'

secret='"headers": {"Authorization": "Bearer hunter2", "X-Key": "hunter2"}'
ask '{"url": "http://HOST/to/302?/echo", '"$secret"'}'
is "$(jq -r '.headers["x-key"]' out)" hunter2 'a redirect to the same place has the headers'
for status in 301 302 303 307 308; do
	ask '{"url": "http://HOST/to/'$status'?http://OTHER/echo", "basic": {"user": "u", "password": "hunter2"}, '"$secret"'}'
	is "$status $(jq -r '.path' out)" "$status /echo" 'one to another place is followed'
done
is "$(grep -c 'hunter2\|uthorization\|x-key' otherlog)" 0 'but no credentials go there'
ask '{"url": "http://HOST/to/302?http://OTHER/to/302?http://HOST/echo", '"$secret"'}'
is "$(jq -r '.headers["x-key"]' out)" null 'nor back from there'
ask '{"method": "POST", "url": "http://HOST/to/307?/echo", "json": {"a": 1}}'
is "$(jq -r '.method + .body' out)" 'POST{"a":1}' 'what changes something follows a 307 to the same place'
before=$(wc -l <otherlog)
ask '{"method": "POST", "url": "http://HOST/to/307?http://OTHER/echo?x=1", "json": {}}'
is_status 1 'not to another'
like "$(cat err)" "it is at http://127.0.0.1:$other/echo now" 'and names it'
ask '{"method": "POST", "url": "http://HOST/to/302?/echo", "json": {}}'
is_status 1 'nor any other'
is "$(wc -l <otherlog)" "$before" 'nobody was asked'
ask '{"url": "http://HOST/to/302?/to/302?/to/302?/to/302?/to/302?/to/302?/echo"}'
is_status 1 'too many redirects'
ask '{"url": "http://HOST/to/302?file:///etc/passwd"}'
is_status 1 'a redirect to a file'
is "$(cat out)" '' 'gives nothing'
ask '{"url": "file:///etc/passwd"}'
is_status 65 'nor does a URL'

items='[1,2,3,4,5]'
ask '{"url": "http://HOST/links", "pages": {"next": "link"}}'
is "$(jq -c '[[.items[].n], .more]' out)" "[$items,null]" 'pages by Link'
ask '{"url": "http://HOST/cursor", "pages": {"next": "/next", "param": "cursor", "items": "/result/items"}}'
is "$(jq -c '[.items[].n]' out)" "$items" 'by a cursor'
ask '{"url": "http://HOST/relative", "pages": {"next": "/next", "items": "/items"}}'
is "$(jq -c '[.items[].n]' out)" "$items" 'by a URL in the answer'
ask '{"url": "http://HOST/headers", "pages": {"next": "X-Next-Token", "param": "next_token"}}'
is "$(jq -c '[.items[].n]' out)" "$items" 'by a header'
ask '{"url": "http://HOST/numbers", "pages": {"param": "page", "size": "size", "per": 2, "items": "/records"}}'
is "$(jq -c '[.items[].n]' out)" "$items" 'by number'
ask '{"url": "http://HOST/numbers", "pages": {"param": "page", "total": "/total", "items": "/records"}}'
is "$(jq -c '[.items[].n]' out)" "$items" 'up to a total'
ask '{"url": "http://HOST/links", "pages": {"next": "link", "most": 2}}'
is "$(jq -c '[[.items[].n], .more]' out)" '[[1,2,3,4],true]' 'at most so many, and says so'
ask '{"url": "http://HOST/away", "pages": {"next": "link"}}'
is_status 1 'a page at another host is not asked for'
ask '{"url": "http://HOST/to/302?http://OTHER/links", "pages": {"next": "link"}, '"$secret"'}'
is_status 1 'nor is the next one where a redirect led'
is "$(grep -c 'hunter2\|uthorization\|x-key' otherlog)" 0 'and no credentials go there'
ask '{"url": "http://HOST/heavy", "pages": {"next": "link", "most": 1000}}'
is_status 1 'pages that are too heavy together are given up'
like "$(cat err)" 'the pages together are more than 67108864 bytes' 'and it says why'
ask '{"url": "http://HOST/echo", "pages": {"next": "link"}}'
is_status 1 'what is no list'

wait='"wait": {"url": "http://HOST/tasks/{answer:/data}/status", "until": {"/data/status": "stopped"}, "ok": {"/data/exitstatus": "OK"}, "every": "50ms"}'
ask '{"method": "POST", "url": "http://HOST/tasks", "pick": "/data/path", '"$wait"'}'
is "$(cat out)" '"/tasks/UPID%3Aa%2Fb%3A1/status"' 'what goes on is waited for, its name one part'
ask '{"method": "POST", "url": "http://HOST/tasks", "text": "fail", '"$wait"'}'
is_status 1 'and may fail'
like "$(cat err)" 'accepted, and failed: .*"no space"' 'which is said'
ask '{"method": "POST", "url": "http://HOST/tasks", "timeout_ms": 400, "wait": {"url": "http://HOST/echo", "until": {"/method": "PUT"}, "every": "100ms"}}'
is_status 1 'one that does not end'
like "$(cat err)" 'not known: still not done' 'is not known to have happened'

python3 "$HL_TOP/tests/standins/http_server.py" unix.sock unixlog 2>server.err &
servers="$servers $!"
i=0; while [ ! -S unix.sock ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done
ask '{"url": "http://docker/echo", "socket": "'"$PWD"'/unix.sock", "pick": "/path"}'
is "$(cat out)" '"/echo"' 'a Unix socket'
ask '{"url": "http://docker/to/302?http://HOST/echo", "socket": "'"$PWD"'/unix.sock"}'
is_status 1 'that nothing leads away from'

if command -v openssl >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
		-addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' 2>/dev/null
	pin=sha256//$(openssl x509 -in cert.pem -pubkey -noout | openssl pkey -pubin -outform der |
		openssl dgst -sha256 -binary | openssl base64)
	serve tls tlslog cert.pem key.pem
	tls=$(cat tls)
	ask '{"url": "https://127.0.0.1:'$tls'/echo"}'
	is_status 69 'a certificate that nobody knows is refused'
	is "$(cat tlslog 2>/dev/null)" '' 'before anything is sent'
	ask '{"url": "https://127.0.0.1:'$tls'/echo", "tls": {"ca": "'"$PWD"'/cert.pem"}}'
	is_status 0 'unless its authority is named'
	ask '{"url": "https://127.0.0.1:'$tls'/echo", "tls": {"pin": "'$pin'"}}'
	is_status 0 'or its key is pinned'
	ask '{"url": "https://127.0.0.1:'$tls'/echo", "tls": {"pin": "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}'
	is_status 69 'another key is refused'
	like "$(cat err)" 'not the one that is pinned' 'and says so'
	ask '{"url": "http://HOST/echo", "tls": {"pin": "'$pin'"}}'
	is_status 65 'a pin without TLS protects nothing'
	ask '{"url": "https://127.0.0.1:'$tls'/to/302?http://HOST/echo", "tls": {"pin": "'$pin'"}}'
	is_status 1 'a redirect out of TLS is not followed'
	like "$(cat err)" 'from https to http' 'and says so'
else
	skip 'TLS' 'no openssl here'
fi

ask '{"url": "http://HOST/echo", "pick": "/path"}
{"url": "http://HOST/chunked", "pick": "/pieces"}'
is "$(cat out)" '"/echo"
3' 'a line each'
run hl-http </dev/null
is_status 0 'nothing to do'
is "$(cat out)" '' 'gives nothing'
ask 'nonsense'
is_status 65 'what is not JSON'
like "$(cat err)" 'stdin:1' 'is named'
ask '{"url": "http://HOST/echo", "mehtod": "GET"}'
is_status 65 'a key that there is not'
like "$(cat err)" "did you mean 'method'" 'but nearly'
ask '{"kind": "signal"}'
is_status 65 'a record of another kind'
run hl-http --help
is_status 0 'help'
run hl-http --jsn
is_status 64 'an unknown option'
run hl-http x
is_status 64 'an operand'
if [ -e /dev/full ]; then
	hl-http <request >/dev/full 2>err
	printf '{"url": "http://127.0.0.1:%s/echo"}\n' "$port" | hl-http >/dev/full 2>err
	is $? 74 'lost output'
fi
done_testing
