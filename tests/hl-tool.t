# hl-tool shows the catalogue, runs what only looks, and nothing else.
. "$HL_TOP/tests/tap.sh"

run hl-tool list
is_status 0 'list works without an ops repo'
like "$(cat out)" '^systemd.stop  *change ' 'name and effect'
is "$(ls "$HL_STATE" 2>/dev/null)" '' 'and makes nothing'
run hl-tool list 'host.*'
is "$(grep -cv '^host\.' out)" 0 'a glob'
run hl-tool list no-such
is "$status $(cat out)" '0 ' 'nothing is named so'
like "$(cat err)" "no tool is named like 'no-such'" 'and that is said'
run hl-tool list --json
is "$(jq -r 'select(.effect == "destroy").name' out | grep '^files')" files.delete 'as JSON'
is "$(jq -s 'map(select(.effect != "read" and .blast_radius == null)) | length' out)" 0 'what acts says how far'

run hl-tool describe systemd.stop
like "$(cat out)" '^undo .*systemd.start' 'describe says what undoes it'
run hl-tool describe host.disk
is_status 64 'no such tool'
like "$(cat err)" "did you mean 'host.disks'" 'but nearly'
run hl-tool describe host_disks --json
is "$(jq -r .name out)" host.disks "the seeds' spelling"

run hl-tool run host.memory
is_status 0 'a tool that looks is run'
is "$(jq -c '[.kind, .tool, .args, .ok, .at]' out | sed 's/04:00:00[^Z]*Z/NOW/')" \
	'["observation","host.memory",{},true,"2026-11-21TNOW"]' 'and gives an observation'
run hl-tool run host.processes top=3
is "$(jq -c '[.args.top, (.data.top | length)]' out)" '[3,3]' 'a text counts as the number it is'
run hl-tool run host.processes --args '{"top": 2}'
is "$(jq -c '[.args.top, (.data.top | length)]' out)" '[2,2]' 'arguments as JSON'

run hl-tool run systemd.restart unit=nginx
is_status 77 'what acts is refused'
like "$(cat err)" 'say: hl-plan --tool systemd.restart ' 'with where it belongs'
is "$(cat out)" '' 'and nothing is printed'
run hl-tool run systemd.unit unit=--help
is_status 65 'a text that would be an option is refused'
run hl-tool run systemd.unit 'unit=a b'
is_status 65 'and one that the pattern refuses'
run hl-tool run host.process
is_status 65 'a missing argument'
run hl-tool run host.memory colour=red
is_status 65 'an unknown one'
run hl-tool run host.memory colour
is_status 64 'no key=value'
run hl-tool run host.processes top=3 top=4
is_status 64 'the same argument twice'
like "$(cat err)" "argument 'top' is given twice" 'is no choice that hl makes'
run hl-tool run host.memory --args '[1]'
is_status 64 'no object'

mkdir -p bin data/toolsets
cat >data/toolsets/t.yaml <<'X'
toolset: t
tools:
  - {name: t.absent, effect: read, run: [no-such-program]}
  - {name: t.env, effect: read, run: [env], output: lines}
  - {name: t.some, effect: read, run: [env], env: {SOME: "{env.SOME}"}, output: lines}
  - {name: t.need, effect: read, run: [env], env: {SOME: "x{env.SOME}"}, output: lines}
  - {name: t.quote, effect: read, args: {x: {type: string}}, run: [printf, "<%s>", "{x}"]}
  - {name: t.slow, effect: read, run: [sleep, "20"]}
X
HL_DATA=$PWD/data; export HL_DATA
run hl-tool run t.absent
is_status 1 'an absent program'
is "$(jq -c '[.ok, .absent, .error]' out)" "[false,true,\"'no-such-program' is not installed here\"]" 'is said to be absent'
LEAK=secret run hl-tool run t.env
is "$(jq -r '.data.lines[]' out | cut -d= -f1 | sort | tr '\n' ' ')" 'HL_DATA HL_NOW HL_STATE HOME LC_ALL PATH ' 'a clean environment'
run hl-tool run t.some
is_status 0 'a variable that is not set is not passed on'
is "$(jq -r '.data.lines[]' out | grep -c SOME)" 0 'not even empty'
SOME=x run hl-tool run t.some
is "$(jq -r '.data.lines[]' out | grep SOME)" 'SOME=x' 'one that is set is'
run hl-tool run t.need
is_status 1 'where it is only a part of what is passed, it has to be set'
like "$(jq -r .error out)" "'SOME' is not set" 'and is named'
run hl-tool run t.quote "x=\$(touch pwned); \`id\` {x} \"'"
is "$(jq -r .data.text out)" "<\$(touch pwned); \`id\` {x} \"'>" 'an argument stays one word, whatever it holds'
run hl-tool run t.slow --deadline 200ms
is_status 1 'a deadline'
like "$(cat err)" 'after 200ms' 'is kept'

cat >data/toolsets/s.yaml <<'X'
toolset: s
tools:
  - {name: s.show, effect: read, env: {TOKEN: "{secret.token}"}, run: [sh, -c, 'echo "it is $TOKEN"; echo "$TOKEN" >&2'], ok_status: [0]}
  - {name: s.fail, effect: read, env: {TOKEN: "{secret.token}"}, run: [sh, -c, 'echo "bad token $TOKEN" >&2; exit 1']}
X
run hl-tool run s.show
is_status 1 'a secret that is not there'
like "$(jq -r .error out)" "no secret 'token'" 'is named'
mkdir -p "$HL_STATE/secrets"
echo hunter2 >"$HL_STATE/secrets/token"
chmod 644 "$HL_STATE/secrets/token"
run hl-tool run s.show
is_status 1 'one that others can read is refused'
chmod 600 "$HL_STATE/secrets/token"
run hl-tool run s.show
is "$(jq -r .data.text out)" 'it is [secret token]' 'a secret reaches the program, and is cut out of what it prints'
run hl-tool run s.fail
is "$(cat out err | grep -c hunter2)" 0 'also out of its errors'
printf 'quote"back\\sl/ash' >"$HL_STATE/secrets/token"
cat >said <<'X'
bad {"t": "quote\"back\\sl\/ash"} quote\"back\\sl/ash quote"back\sl/ash
X
cat >data/toolsets/s2.yaml <<X
toolset: s2
tools:
  - {name: s2.json, effect: read, env: {TOKEN: "{secret.token}"}, run: [cat, $PWD/said]}
X
run hl-tool run s2.json
is "$(jq -r .data.text out)" 'bad {"t": "[secret token]"} [secret token] [secret token]' 'also as JSON writes it'
: >"$HL_STATE/secrets/token"
run hl-tool run s.show
like "$(jq -r .error out)" "the secret 'token' is empty" 'an empty one is none'
mkdir credentials && echo from-systemd >credentials/token
CREDENTIALS_DIRECTORY=$PWD/credentials; export CREDENTIALS_DIRECTORY
run hl-tool run s.fail
is "$(jq -r .error out)" "'sh' exited with status 1: bad token [secret token]" "systemd's credentials come first"
unset CREDENTIALS_DIRECTORY

cat >data/toolsets/k.yaml <<X
toolset: k
tools:
  - {name: k.look, effect: read, run: [sh, -c, 'echo \$\$ >$PWD/pid; exec sleep 60']}
X
hl-tool run k.look >out 2>err &
tool=$!
i=0; while [ ! -s pid ] && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
kill -9 $tool; wait $tool 2>/dev/null
i=0; while kill -0 "$(cat pid)" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$(cat pid)/status" 2>/dev/null && [ $i -lt 100 ]; do
	sleep 0.05
	i=$((i + 1))
done
ok "$([ -s pid ] && [ $i -lt 100 ]; echo $?)" 'a program that only looks ends with the tool that asked, however that ends'

mkdir -p "$HL_STATE"
echo 'tools: {deny: [t.quote]}' >policy.yaml
git init -q ops && cp policy.yaml ops/ && git -C ops add -A &&
	git -C ops -c user.name=a -c user.email=a@b commit -qm x
run hl-tool --repo "$PWD/ops" run t.quote x=1
is_status 77 'what policy denies is refused'
run hl-tool --repo "$PWD/nowhere" list
[ "$status" -ne 0 ]
ok $? 'an ops repo that was named has to be there'

run hl-tool check data/toolsets/t.yaml "$HL_TOP"/toolsets/*.yaml
is_status 0 'the installed toolsets are right'
printf 'toolset: t\ntools:\n  - {name: t.x, effect: look, run: [true]}\n' >bad.yaml
run hl-tool check bad.yaml
is_status 78 'a wrong one'
like "$(cat err)" 'bad.yaml:3:' 'is named with its line'
printf 'toolset: t\ntools:\n  - {name: t.x, effect: read, run: ["sh", "-c", "{cmd}"]}\n' >bad.yaml
run hl-tool check bad.yaml
is_status 78 'an argument that is not declared'

run hl-tool
is_status 64 'nothing to do is a usage error'
run hl-tool list a b
is_status 64 'too much to do'
run hl-tool --help
is_status 0 'help'
run hl-tool --jsn
is_status 64 'an unknown option'
if [ -e /dev/full ]; then
	hl-tool run t.quote x=1 >/dev/full 2>err
	is $? 74 'lost output'
	hl-tool list >/dev/full 2>err
	is $? 74 'lost list'
fi

# Installed wherever somebody likes, it finds what was installed with it.
mkdir -p prefix/bin prefix/share/hl/toolsets
cp "$HL_BIN/hl-tool" prefix/bin/
printf 'toolset: near\ntools:\n  - {name: near.by, effect: read, run: ["true"]}\n' >prefix/share/hl/toolsets/near.yaml
run env -u HL_DATA HL_STATE="$PWD/none" prefix/bin/hl-tool list
like "$(cat out)" '^near.by ' 'the toolsets beside its own bin are the installed ones'
is "$(wc -l <out)" 1 'and no others'
done_testing
