# What is in force: which runbook an alert finds, and the cache that makes it quick.
. "$HL_TOP/tests/tap.sh"
git init -q -b main ops
export HL_REPO=$PWD/ops
mkdir -p ops/runbooks/deep
commit() { git -C ops add -A && git -C ops -c user.name=t -c user.email=t@example.org commit -qm t; }
runbook() { # ID TRIGGER
	printf 'id: %s\ntrigger: %s\nsolutions: [{id: a, action: x.y}]\n' "$1" "$2"
}
runbook disk '{alert: DiskFull}' >ops/runbooks/disk.yaml
runbook disk-nas '{match: {alertname: DiskFull, instance: "/nas.*/"}}' >ops/runbooks/deep/nas.yml
runbook any-disk '{match: {alertname: "/Disk.*/"}}' >ops/runbooks/any.yaml
runbook by-level "{match: 'severity=\"critical\", team!=\"b\"'}" >ops/runbooks/level.yaml
cp "$HL_TOP/tests/samples/radarr-memory-pressure.yaml" ops/runbooks/radarr.yaml
echo 'notes, not a runbook: [' >ops/runbooks/README.md
commit

found() { # LABELS [EXPR]: the ids of the runbooks, best first
	rm -f "$HL_STATE"/hl.db*
	printf '{"kind":"signal","status":"firing","labels":{%s},"starts_at":"2026-11-21T03:59:00Z","url":"http://p/graph?g0.expr=%s\\u0026g0.tab=1"}\n' \
		"$1" "$2" | hl-triage 2>err | jq -r '.triage.runbooks | join(" ")'
}
is "$(found '"alertname":"DiskFull","instance":"web:1"')" 'any-disk disk' 'by name and by expression'
is "$(found '"alertname":"DiskFull","instance":"nas:1"')" 'disk-nas any-disk disk' 'more conditions first'
is "$(found '"alertname":"Diskless"')" 'any-disk' 'an expression matches the whole value'
is "$(found '"alertname":"X","severity":"critical"')" 'by-level' 'by another label'
is "$(found '"alertname":"X","severity":"critical","team":"b"')" '' 'unless a condition says no'
is "$(found '"alertname":"Mem","pod":"radarr-0"' 'sum%28container_memory_usage_bytes%29+%3E+1e9')" 'radarr-memory-pressure-001' \
	'by the metric that the expression names'
is "$(found '"alertname":"Mem","pod":"sonarr-0"' 'container_memory_usage_bytes+%3E+1e9')" '' 'when the labels match'
is "$(found '"alertname":"Mem","pod":"radarr-0"' 'container_memory_usage_bytes_total')" '' 'and the name is the whole word'
is "$(found '"alertname":"Mem","pod":"radarr-0"' 'f%28%22a%5C%22container_memory_usage_bytes%22%29')" '' 'not one in quotes'
is "$(found '"alertname":"Mem","pod":"radarr-0"')" '' 'nor without an expression'
is "$(cat err)" '' 'and nothing is said'

cache=$(ls "$HL_STATE"/cache/triggers-*)
is "$(basename "$cache")" "triggers-$(git -C ops rev-parse HEAD:runbooks)" 'the cache is named for the tree'
cp "$cache" good
before=$(ls -i "$cache")
found '"alertname":"DiskFull"' >/dev/null
is "$(ls -i "$cache")" "$before" 'and is left alone when it is right'
for damage in 'cut off' empty 'one byte' 'another version' noise; do
	case $damage in
	'cut off') head -c 150 good >"$cache" ;;
	empty) : >"$cache" ;;
	'one byte') sed 's/DiskFull/DiskFuls/' good >"$cache" ;;
	'another version') sed 's/^hl triggers 3/hl triggers 4/' good >"$cache" ;;
	noise) head -c 5000 /dev/urandom >"$cache" ;;
	esac
	is "$(found '"alertname":"DiskFull","instance":"web:1"')" 'any-disk disk' "a damaged cache ($damage) harms nothing"
	is "$(cat err)" '' "$damage: in silence"
	cmp -s good "$cache"
	ok $? "$damage: and is made again"
done
rm -r "$HL_STATE/cache"
: >"$HL_STATE/cache"
is "$(found '"alertname":"Diskless"')" 'any-disk' 'a cache that cannot be written harms nothing'
rm "$HL_STATE/cache"

echo 'id: [' >ops/runbooks/broken.yaml
runbook disk '{alert: Other}' >ops/runbooks/zz.yaml
commit
for time in first cached; do
	is "$(found '"alertname":"DiskFull","instance":"web:1"')" 'any-disk disk' "$time: a broken runbook does not stop the others"
	like "$(cat err)" '^hl-triage: runbooks/broken.yaml:2:1: .*: this runbook is left out$' "$time: it is named, with its place"
	like "$(cat err)" "runbooks/zz.yaml: its id 'disk' is that of 'runbooks/disk.yaml' too" "$time: so is an id that two claim"
	is "$(found '"alertname":"Other"')" '' "$time: the second is left out"
done
is "$(ls "$HL_STATE"/cache | wc -l | tr -d ' ')" 1 'an older cache is removed'

runbook gone '{alert: Gone}' >ops/runbooks/gone.yaml
is "$(found '"alertname":"Gone"')" '' 'what is not committed is not in force'
git -C ops rm -rq --cached runbooks
git -C ops -c user.name=t -c user.email=t@example.org commit -qm none
is "$(found '"alertname":"DiskFull"')" '' 'no runbooks at all is fine'
is "$(cat err)" '' 'and nothing is said'

# The catalogue: the repo's toolsets over the installed ones.
mkdir -p data/toolsets ops/tools
printf 'toolset: a\ntools: [{name: a.one, effect: read, run: [/bin/true]}]\n' >data/toolsets/a.yaml
export HL_DATA=$PWD/data
runbook r '{alert: A}' | sed 's/x.y/a.two/' >r.yaml
run hl-runbook check r.yaml
is_status 78 'the installed toolset lacks the tool'
printf 'toolset: a\ntools: [{name: a.two, effect: read, run: [/bin/true]}]\n' >ops/tools/a.yaml
commit
run hl-runbook check r.yaml
is_status 0 'the one of the repo has it'
sed -i 's/a.two/a.one/' r.yaml
run hl-runbook check r.yaml
is_status 78 'and stands in place of the installed one'

# Goals: likewise.
mkdir -p data/goals ops/goals
goal() { printf -- '---\nname: %s\ntools: [%s]\n---\n' "$1" "$2"; }
goal morning a.gone >data/goals/morning.md
goal evening a.two >data/goals/evening.md
goal other a.two >data/goals/wrong.md
goal morning a.two >ops/goals/morning.md
commit
run hl-gather --goal morning
is_status 0 'the goal of the repo stands before the installed one'
like "$(cat out)" '"tool":"a.two"' 'and its tools are run'
run hl-gather --goal evening
is_status 0 'the installed one is there too'
run hl-gather --goal wrong
is_status 78 'a goal under another name than its own'
like "$(cat err)" "name is 'other', which should be that of its file, 'wrong'" 'is told so'
run hl-gather --goal absent
is_status 64 'no such goal'
done_testing
