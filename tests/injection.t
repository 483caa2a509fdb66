# Whatever a value holds, it stays the one argument that the declaration makes of it, or is refused: nothing in it is run,
# filled in, or read as an option. The values are in samples/escapes.jsonl: what is known to get a command out of a shell, or
# out of a program that takes the value for an option, an expression, a file, a template.
. "$HL_TOP/tests/tap.sh"

corpus=$HL_TOP/tests/samples/escapes.jsonl
mkdir -p data/toolsets inside "$HL_STATE/secrets"
echo hunter2 >"$HL_STATE/secrets/token" && chmod 600 "$HL_STATE/secrets/token"
HL_DATA=$PWD/data; export HL_DATA
echo 'import json, os, sys; print(json.dumps([sys.argv[1:], os.environ["X"]]))' >words.py
cat >data/toolsets/i.yaml <<X
toolset: i
tools:
  - name: i.plain
    effect: read
    cwd: $PWD/inside
    args: {x: {type: string}, list: {type: array, items: {type: string}, default: []}}
    env: {X: "{x}"}
    run: [python3, $PWD/words.py, "{x}", "--name={x}", "a{x}b{x}", [-l, "{list}"]]
    output: json
  - name: i.lax
    effect: read
    cwd: $PWD/inside
    args: {x: {type: string, dash: true, multiline: true, max_length: 1048576}, list: {type: array, items: {type: string, dash: true, multiline: true}, default: []}}
    env: {X: "{x}", TOKEN: "{secret.token}"}
    run: [python3, $PWD/words.py, "{x}", "--name={x}", "a{x}b{x}", [-l, "{list}"]]
    output: json
X

# What is given, and the words that have to arrive.
jq -c '{x: ., list: [., "x"]}' "$corpus" >given
jq -c '[[., "--name=" + ., "a" + . + "b" + ., "-l", ., "-l", "x"], .]' "$corpus" >wanted

count=0 plain=0 refused=0 wrong=0
exec 3<given 4<wanted
while IFS= read -r value; do
	count=$((count + 1))
	IFS= read -r args <&3
	IFS= read -r wanted <&4
	hl-tool run i.lax --args "$args" >out 2>err || { echo "# lax, $value: $(cat err)"; wrong=$((wrong + 1)); continue; }
	[ "$(jq -c .data.items out)" = "$wanted" ] || { echo "# lax, $value became $(cat out)"; wrong=$((wrong + 1)); }
	hl-tool run i.plain --args "$args" >out 2>err
	status=$?
	case $value in
	'"-'* | *'\n'* | *'\r'*) must=65 ;;
	*) must=0 ;;
	esac
	[ $status = $must ] || { echo "# $value: status $status"; wrong=$((wrong + 1)); }
	if [ $status = 0 ]; then
		plain=$((plain + 1))
		[ "$(jq -c .data.items out)" = "$wanted" ] || { echo "# $value became $(cat out)"; wrong=$((wrong + 1)); }
	else
		refused=$((refused + 1))
		! LC_ALL=C grep -q '[^ -~]' err || { echo "# $value drives the terminal: $(od -c err)"; wrong=$((wrong + 1)); }
	fi
	! grep -q hunter2 out err || { echo "# $value got the secret"; wrong=$((wrong + 1)); }
	[ -z "$(ls -A inside)" ] || { echo "# $value made $(ls -A inside)"; wrong=$((wrong + 1)); rm -rf inside/*; }
done <"$corpus"
is "$wrong" 0 "each of $count values is one argument or is refused, and nothing comes of it"
ok "$([ "$count" -ge 100 ] && [ "$plain" -ge 60 ] && [ "$refused" -ge 30 ]; echo $?)" "$plain arrived, $refused were refused"

# What JSON cannot say, and what no command line can.
run hl-tool run i.lax --args '{"x": "a\u0000b"}'
[ "$status" -eq 64 ] || [ "$status" -eq 65 ]
ok $? 'a NUL is refused'
run hl-tool run i.lax "x=$(printf 'a\377b')"
[ "$status" -eq 64 ] || [ "$status" -eq 65 ]
ok $? 'what is no UTF-8 is refused'
run hl-tool run i.lax "x=$(printf '\300\257etc')"
[ "$status" -eq 64 ] || [ "$status" -eq 65 ]
ok $? 'and so is an overlong encoding'
head -c 4097 /dev/zero | tr '\0' a >long
run hl-tool run i.plain "x=$(cat long)"
is_status 65 'a value is only so long'
head -c 60000 /dev/zero | tr '\0' a >long
run hl-tool run i.lax "x=$(cat long)"
is "$(jq '.data.items[0][2] | length' out)" 120002 'a word can be as long as the system takes'
head -c 70000 /dev/zero | tr '\0' a >long
run hl-tool run i.lax "x=$(cat long)"
is_status 65 'but no longer, and is not cut'

# Negative numbers are texts that start with '-', too.
cat >data/toolsets/n.yaml <<X
toolset: n
tools:
  - {name: n.int, effect: read, args: {n: {type: integer}}, run: [echo, "{n}"]}
  - {name: n.list, effect: read, args: {n: {type: array, items: {type: number}}}, run: [echo, ["{n}"]]}
  - {name: n.min, effect: read, args: {n: {type: integer, min: -20}}, run: [echo, "{n}"]}
X
run hl-tool run n.int n=-5
is_status 65 'a negative number is refused'
like "$(cat err)" "argument 'n': is negative and would be read as an option" 'and said why'
run hl-tool run n.list --args '{"n": [1, -0.5]}'
is_status 65 'in a list, too'
run hl-tool run n.min n=-5
is "$(jq -r .data.text out)" -5 'but for one that says so'
run hl-tool run n.min n=-21
is_status 65 'as far as it says'

# hl-tool check says where a declaration leaves a word open.
run hl-tool check data/toolsets/i.yaml
is_status 0 'a word that may be anything is no error'
like "$(cat err)" "i.yaml:8:[0-9]*: tools\[0\].run\[2\]: '{x}' begins a word" 'but is warned of, at its place'
is "$(grep -c 'begins a word' err)" 4 'once for each'
run hl-tool check -q data/toolsets/i.yaml
is "$(cat err)" '' 'not with -q'
done_testing
