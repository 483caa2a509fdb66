# The catalogue is kept, so that finding one tool of many costs little; what is found is the same.
. "$HL_TOP/tests/tap.sh"

mkdir -p data/toolsets "$HL_STATE"
HL_DATA=$PWD/data; export HL_DATA
set_of() { # NAME TOOL DESCRIPTION
	printf 'toolset: %s\ntools:\n  - {name: %s, description: %s, effect: read, args: {n: {type: integer, default: 1}}, run: [echo, "{n}"]}\n' \
		"$1" "$2" "$3"
}
set_of one one.look first >data/toolsets/one.yaml
set_of two two.look second >data/toolsets/two.yaml
kept() { find "$HL_STATE/cache" -name 'catalogue-*' 2>/dev/null | grep -c .; }

run hl-tool list --json
cp out cold
is "$(kept)" 1 'what was read is kept'
run hl-tool list --json
cmp -s out cold
ok $? 'and says the same when it is taken up again'
run hl-tool run two.look n=7
is "$(jq -r .data.text out | tr -d '\n')" 7 'a tool from it runs'
run hl-tool describe two_look
is_status 0 'the flat spelling is found in it'
run hl-tool describe two.lok
like "$(cat err)" "did you mean 'two.look'" 'and what is near'
run hl-tool run two.look n=x
is_status 65 'its arguments are checked'

set_of two two.look changed >data/toolsets/two.yaml
run hl-tool describe two.look
like "$(cat out)" changed 'a file that changed is read anew'
is "$(kept)" 1 'and the older one is gone'
set_of three three.look third >data/toolsets/three.yaml
run hl-tool describe three.look
is_status 0 'so is one that came'
rm data/toolsets/three.yaml
run hl-tool describe three.look
is_status 64 'and one that went is missed'

cache=$(ls "$HL_STATE"/cache/catalogue-*)
cp "$cache" good
for damage in 'cut off' empty 'one byte' 'another version' noise; do
	case $damage in
	'cut off') head -c 150 good >"$cache" ;;
	empty) : >"$cache" ;;
	'one byte') sed 's/first/fisrt/' good >"$cache" ;;
	'another version') sed 's/^hl catalogue 1/hl catalogue 2/' good >"$cache" ;;
	noise) head -c 5000 /dev/urandom >"$cache" ;;
	esac
	cmp -s good "$cache" && ok 1 "$damage: the damage was done"
	run hl-tool describe one.look
	like "$(cat out)" first "a damaged cache ($damage) harms nothing"
	cmp -s good "$cache"
	ok $? "$damage: and is made again"
done

printf 'toolset: one\ntools:\n  - {name: one.look, effect: red, run: [echo]}\n' >data/toolsets/one.yaml
run hl-tool list
is_status 78 'what is wrong is an error'
like "$(cat err)" 'one.yaml:3:' 'with its line'
run hl-tool list
is_status 78 'every time'
set_of other one.look again >data/toolsets/one.yaml
set_of another one.look again >data/toolsets/two.yaml
run hl-tool list
is_status 78 'one name in two sets'
like "$(cat err)" 'is declared in .*one.yaml. already' 'names both'
set_of one one.look first >data/toolsets/one.yaml
set_of two two.look second >data/toolsets/two.yaml

# An ops repo over it.
HL_REPO=$PWD/ops; export HL_REPO
mkdir -p ops/tools
git init -q -b main ops
set_of two two.listen ours >ops/tools/two.yaml
git -C ops add -A
git -C ops -c user.name=t -c user.email=t@localhost commit -qm tools
run hl-tool list
is "$(awk '{print $1}' out | tr '\n' ' ')" 'one.look two.listen ' 'the set of the repo replaces the installed one'
run hl-tool list
is "$(awk '{print $1}' out | tr '\n' ' ')" 'one.look two.listen ' 'from the cache, too'
set_of two two.listen uncommitted >ops/tools/two.yaml
run hl-tool describe two.listen
like "$(cat out)" ours 'what is not committed is not in force'
git -C ops -c user.name=t -c user.email=t@localhost commit -qam more
run hl-tool describe two.listen
like "$(cat out)" uncommitted 'once committed it is'

chmod 500 "$HL_STATE/cache"
rm -rf "$HL_STATE"
: >"$HL_STATE"
run hl-tool describe two.listen
is_status 0 'a state directory that is none harms nothing'
rm -f "$HL_STATE"
run hl-tool list
is_status 0 'nor one that is not there'
is "$(ls "$HL_STATE" 2>/dev/null)" '' 'and none is made'
done_testing
