# What a plan wanted and no tool can do is noted in the ops repo, with the decision, and nothing of it gets lost.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
make_ops
commit_ops start

case_json() { # DIGITS GAPS: a case that was answered
	triaged "00000000000000$1" '' | jq -c --argjson gaps "$2" '. + {plan: {solutions: [], recommended: null, gaps: $gaps, why: "w",
		autonomy: {level: "ask_human", why: []}}, approval: {decision: "ignored", by: "alice", via: "terminal", at: "2026-11-21T04:00:00Z"}}'
}
volume='[{"wanted": "Grow a volume", "why": "it is full"}]'
show() { git -C ops show "HEAD:$1"; }
files() { git -C ops ls-tree -r --name-only HEAD gaps/ | tr '\n' ' '; }

case_json a1 "$volume" >one
run hl-record <one
is_status 0 'a decision with a gap'
gap=$(files)
like "$gap" '^gaps/grow-a-volume-[0-9a-f]\{8\}\.json $' 'a file named after what was wanted'
gap=${gap% }
is "$(git -C ops show --name-only --format= HEAD | sort | sed 's/-[0-9a-f]*\.json$//' | tr '\n' ' ')" 'decisions/2026/11/21/20261121T035900Z gaps/grow-a-volume ' 'in the same commit'
is "$(show "$gap" | jq -c .)" '{"wanted":"Grow a volume","why":"it is full","count":1,"first_at":"2026-11-21T04:00:00Z","last_at":"2026-11-21T04:00:00Z","cases":["20261121T035900Z-00000000000000a1"]}' 'says what, why and when'

before=$(git -C ops rev-parse HEAD)
run hl-record <one
is "$(git -C ops rev-parse HEAD)" "$before" 'the same again changes nothing'

# What people wrote stays.
show "$gap" | jq '. + {note: "we buy disks in spring"}' >ops/"$gap"
commit_ops 'a note'
case_json a2 '[{"wanted": "grow a  VOLUME!", "why": "again"}]' >two
HL_NOW=2026-11-22T05:00:00Z run hl-record <two
is "$(show "$gap" | jq -c '[.count, .note, .why, .first_at, .last_at, (.cases | length)]')" \
	'[2,"we buy disks in spring","it is full","2026-11-21T04:00:00Z","2026-11-22T05:00:00Z",2]' 'counted again, with the note'

# Other words, another file; a batch; nothing that is no name.
case_json a3 '[{"wanted": "../../policy.yaml", "why": "x"}, {"wanted": "\u97f3", "why": ""}, {"wanted": "", "why": ""}, {"wanted": 7}]' >three
case_json a4 "$volume" | cat three - >together
run hl-record --batch <together
is_status 0 'a batch'
like "$(files)" '^gaps/[0-9a-f]\{8\}\.json gaps/grow-a-volume-[0-9a-f]*\.json gaps/policy-yaml-[0-9a-f]*\.json $' 'a path is words'
is "$(show "$gap" | jq .count)" 3 'the batch counts'
is "$(git -C ops show HEAD:policy.yaml | head -1)" 'mode: mature' 'and nothing else was written'

# A file that is not ours any more is left alone, and the decision is recorded all the same.
echo 'done: see tools/lvm.yaml' >ops/"$gap"
commit_ops 'answered'
case_json a5 "$volume" >five
run hl-record <five
is "$status $(show "$gap")" '0 done: see tools/lvm.yaml' 'what is no such object stays'
git -C ops rm -rq gaps && echo x >ops/gaps && commit_ops 'no directory'
case_json a6 "$volume" >six
run hl-record <six
is "$status $(jq -r .record.path out)" '0 decisions/2026/11/21/20261121T035900Z-00000000000000a6.json' 'not even a file in the way keeps a decision out'
git -C ops rm -q gaps && git -C ops commit -qm 'room again'

# Many at once: each is counted.
pids=
for k in 1 2 3 4 5 6 7 8; do
	case_json "b$k" "$volume" >"many$k"
	hl-record <"many$k" >"out$k" 2>"err$k" &
	pids="$pids $!"
done
bad=0
for pid in $pids; do wait "$pid" || bad=$((bad + 1)); done
is "$bad $(show "$gap" | jq -c '[.count, (.cases | unique | length)]')" '0 [8,8]' 'eight writers at once, eight counted'
run hl status
like "$(cat out)" '^missing  1 ability that no tool has: gaps/' 'hl status says so'
case_json c1 '[{"wanted": "use a token '"$(printf 'gh%s_%s' p 0123456789abcdefghijABCDEFGHIJ012345)"'", "why": ""}]' >secret
run hl-record <secret
is_status 65 'a secret in it stops the commit'
done_testing
