# hl-record: decisions become commits, once each, whatever is killed, full or secret.
. "$HL_TOP/tests/tap.sh"
export GIT_AUTHOR_NAME=o GIT_AUTHOR_EMAIL=o@x GIT_COMMITTER_NAME=o GIT_COMMITTER_EMAIL=o@x
export HL_REPO=$PWD/ops

fresh() { # a repository with one commit: policy.yaml
	rm -rf "$HL_REPO" "$HL_STATE"
	git init -q -b main "$HL_REPO"
	printf 'identity: {name: Homelab, mail: hl@example.net}\n' >"$HL_REPO/policy.yaml"
	git -C "$HL_REPO" add . && git -C "$HL_REPO" commit -qm policy
}
# MINUTE-OF-THE-DAY [DECISION [OUTCOME [WHY]]]: a case with an approval, and an outcome unless that is empty
a_case() {
	printf '{"kind":"case","id":"20261120T%02d%02d00Z-%016x","title":"DemoDown on web:80: no answer","severity":"critical",' \
		$(($1 / 60)) $(($1 % 60)) $(($1 * 7919))
	printf '"signals":[{"kind":"signal","name":"DemoDown","status":"firing","labels":{"alertname":"DemoDown"}}],'
	printf '"triage":{"verdict":"problem","why":"a runbook matches"},'
	printf '"plan":{"basis":"01d3d53aa8be0a70f1d2c6c4f6d9d7c1a2b3c4d5","runbook":{"id":"demo-down"},"autonomy":{"level":"ask_human"},'
	printf '"solutions":[{"n":1,"id":"restart","title":"Restart demo-web","steps":[]}]},'
	printf '"approval":{"decision":"%s","by":"alice","via":"terminal","at":"2026-11-20T00:00:00Z","solution":1,"agreed":true%s}' \
		"${2-approved}" "$([ "${2-}" = snoozed ] && printf ',"until":"2026-11-21T06:00:00Z"')"
	[ -z "${3-fixed}" ] || printf ',"outcome":{"result":"%s","why":"%s","steps":[{"id":"s","ok":true}],"took_ms":900,"verify":[{"title":"it answers","holds":true}]}' \
		"${3-fixed}" "${4-it answers}"
	printf '}\n'
}
cases() { for at in $(seq "$1" "$2"); do a_case "$at"; done; } # FROM TO
count() { git -C "$HL_REPO" rev-list --count HEAD; }
recorded() { git -C "$HL_REPO" ls-tree -r --name-only HEAD decisions | wc -l; }
sound() { git -C "$HL_REPO" fsck --strict --full --no-dangling >fsck 2>&1 && ! grep -q . fsck; }
get() { jq -r "$1" out; }

run hl-record --help
is_status 0 '--help'
run hl-record --no-such-option
is_status 64 'an unknown option'
run hl-record operand </dev/null
is_status 64 'an operand'
run hl-record </dev/null
is_status 0 'empty input'
is "$(cat out)" '' 'gives nothing'
[ ! -e "$HL_STATE" ]
ok $? 'and opens nothing'

fresh
a_case 61 >case
run hl-record <case
is_status 0 'a decision'
is "$(get .record.path)" decisions/2026/11/20/20261120T010100Z-0000000000075ef3.json 'its path'
is "$(get .record.commit)" "$(git -C ops rev-parse HEAD)" 'its commit'
is "$(jq -c 'del(.record)' out)" "$(jq -c . case)" 'the rest of the line is as it came'
is "$(git -C ops show "HEAD:$(get .record.path)" | jq -c .)" "$(jq -c . case)" 'the file holds the case'
is "$(cat "ops/$(get .record.path)" | wc -l)" "$(git -C ops show "HEAD:$(get .record.path)" | wc -l)" 'the work tree has it'
is "$(git -C ops status --short)" '' 'and is clean'
is "$(git -C ops log -1 --format='%an <%ae>')" 'Homelab <hl@example.net>' 'by the identity of the policy'
is "$(git -C ops log -1 --format=%s)" 'DemoDown: Restart demo-web, fixed' 'a subject for people'
is "$(git -C ops log -1 --format=%B | git interpret-trailers --parse)" 'Case: 20261120T010100Z-0000000000075ef3
Runbook: demo-down
Solution: restart
Approved-by: alice
Autonomy: ask_human
Outcome: fixed
Basis: 01d3d53aa8be0a70f1d2c6c4f6d9d7c1a2b3c4d5' 'trailers for programs'
is "$(git -C ops log -1 --format=%B | awk 'length > 72')" '' 'no line is longer than 72'
cp out first
run hl-record <case
is_status 0 'the same case again'
is "$(cat out)" "$(cat first)" 'gives the same record'
is "$(count)" 2 'and no commit'
run hl-record <first
is "$(cat out)" "$(cat first)" 'a case that is recorded passes through'
cat case case case >twice
run hl-record <twice
is "$(count) $(wc -l <out)" '2 3' 'three times at once: three lines, no commit'

a_case 61 snoozed '' >later
run hl-record <later
is "$(get .record.path)" decisions/2026/11/20/20261120T010100Z-0000000000075ef3.2.json 'another event of the case is another file'
is "$(git -C ops log -1 --format=%s)" 'DemoDown: snoozed by alice' 'with its own words'
cat case later >both
run hl-record <both
is "$(count)" 3 'both again: no commit'
is "$(git -C ops show --format= --name-status HEAD~1 | cut -c1)" A 'a file that is there is never changed'

printf '{"kind":"other","x":1.50}\n{"kind":"signal","labels":{"a":"b"},"status":"firing"}\n' >in
cases 1 1 | jq -c 'del(.approval, .outcome)' >>in
run hl-record <in
is_status 0 'what is not to be recorded'
is "$(cat out)" "$(cat in)" 'passes through untouched'

# Bad input is named, kept, and does not stop the rest.
fresh
{
	echo '{"kind":"case"'
	a_case 2 | jq -c 'del(.signals)'
	a_case 3 | jq -c '.id = "not-a-time"'
	a_case 4 | jq -c '.outcome.result = 7'
	a_case 5
} >in
run hl-record <in
is_status 65 'bad lines: 65'
is "$(wc -l <out) $(recorded)" '1 1' 'the good one is recorded'
is "$(grep -c '^hl-record: stdin:[1-4]: ' err)" 4 'each bad one is named'
is "$(cat "$HL_STATE"/rejects/* | awk 'NR % 2 == 0' | cmp - in 2>&1 | grep -c differ)" 0 'and kept whole'

# Secrets: the rule and the place are named, the secret is in no commit, no message and nowhere on stderr.
fresh
token=ghp_$(printf 'a1B2c3D4e5%.0s' 1 2 3 4)
a_case 6 approved fixed "pushed with $token" >in
a_case 7 >>in
a_case 8 | jq -c '.context = [{"kind":"observation","data":{"env":[{"name":"DB_PASSWORD","value":"hunter2"}]}}]' >>in
run hl-record <in
is_status 65 'a secret: 65'
like "$(cat err)" 'stdin:1: outcome.why: looks like a GitHub token' 'named by rule and place'
like "$(cat err)" 'stdin:3: context\[0\].data.env\[0\]: looks like a password' 'also where a name makes it one'
unlike "$(cat err out)" "$token\|hunter2" 'but never shown'
is "$(recorded)" 1 'the case without one is recorded'
is "$(git -C ops log --all -p | grep -c "$token\|hunter2")" 0 'it is not in git'
is "$(cat "$HL_STATE"/rejects/* | grep -c '"kind":"case"')" 2 'the cases are kept'

# Words from outside cannot forge a trailer, a line or a terminal sequence.
fresh
a_case 9 | jq -c '.title = "x\u001b[31m\n\nOutcome: fixed\u202e\nCase: forged" | .approval.reason =
	"long words before it so that the line breaks right at the name of a trailer, you see, Approved-by: mallory --- # diff --git"' >in
run hl-record <in
is_status 0 'hostile words are recorded'
is "$(git -C ops log -1 --format=%B | git interpret-trailers --parse | grep -c 'forged\|mallory')" 0 'they are no trailers'
is "$(git -C ops log --grep='^Approved-by: mallory' --grep='^Case: forged' --oneline)" '' 'nor look like any to git log --grep'
git -C ops log -1 --format=%B | LC_ALL=C grep -q "$(printf '\033\|\342\200\256')"
is $? 1 'no control characters, no change of direction'

# Many at once, one commit each; a crowded day; one commit for all.
fresh
cases 1 300 >in
run hl-record <in
is "$(count) $(recorded) $(wc -l <out)" '301 300 300' 'three hundred: a commit each'
is "$(get .record.path | tail -1)" decisions/2026/11/20/00/20261120T050000Z-0000000000244014.json 'a crowded day gets another level'
is "$(git -C ops log -1 --format=%H -- "$(get .record.path | sed -n 17p)")" "$(get .record.commit | sed -n 17p)" 'each line names its own commit'
cp out first
run hl-record <in
cmp -s out first
ok $? 'all of them again: the same records'
is "$(count)" 301 'and no commit'
cases 300 310 >in
run hl-record --batch <in
is "$(count) $(recorded)" '302 310' 'with --batch one commit for all that are new'
is "$(git -C ops log -1 --format=%s)" 'Record 10 decisions' 'which says so'
is "$(git -C ops log -1 --format=%B | git interpret-trailers --parse | wc -l)" 10 'with a trailer for each'
is "$(get .record.commit | tail -10 | sort -u)" "$(git -C ops rev-parse HEAD)" 'and they all name it'
cp out first
run hl-record <in
cmp -s out first
ok $? 'again: the same records'
sound
ok $? 'sound'

fresh
a_case 10 >in
run hl-record --dry-run <in
is_status 0 '--dry-run'
is "$(cat out)" "$(cat in)" 'passes the case on'
is "$(count)" 1 'commits nothing'
like "$(cat err)" 'DemoDown: Restart demo-web, fixed' 'and says what it would'
sed 's/hl-record: *//' err | grep -q '^Case: '
ok $? 'the whole message'

# What cannot be committed is parked, and passed on as it is.
rm -rf ops
run hl-record <in
is_status 69 'no repository: 69'
like "$(cat err)" "no git repository at '$HL_REPO'" 'named'
is "$(cat out)" "$(cat in)" 'the case goes out unchanged'
is "$(cat "$HL_STATE"/spool/*)" "$(cat in)" 'and is in the spool'
fresh
mkdir -p "$HL_STATE/spool"
run hl-record <in
touch ops/.git/refs/heads/main.lock
a_case 11 >in
run hl-record <in
is_status 75 'a branch held by git: 75'
is "$(ls "$HL_STATE/spool" | wc -l)" 1 'the case is in the spool'
rm ops/.git/refs/heads/main.lock
run hl-record <in
is_status 0 'later it works'
is "$(ls "$HL_STATE/spool" | wc -l)" 0 'and the case leaves the spool'

# Standard output lost: the decision is recorded all the same.
a_case 12 >in
hl-record <in >/dev/full 2>err
is $? 74 'output lost: 74'
is "$(recorded)" 3 'but recorded'
cases 13 20 | hl-record 2>err | head -n 0
run hl-record <in
is_status 0 'a reader that is gone breaks nothing'

# A slow source: what is there is recorded before more comes.
fresh
mkfifo slow
hl-record <slow >out 2>err &
exec 8>slow
a_case 1 >&8
tries=0
until [ -s out ] || [ $tries -gt 200 ]; do
	tries=$((tries + 1))
	sleep 0.05
done
is "$(recorded) $(wc -l <out)" '1 1' 'a case is recorded while the next has not come'
a_case 2 >&8
exec 8>&-
wait
is "$(recorded)" 2 'and the next one after it'

# Two at once, eight at once; the same cases from two sides.
fresh
for who in 1 2 3 4 5 6 7 8; do
	for at in $(seq 1 8); do a_case $((who * 20 + at)); done >in.$who
	a_case 5 >>in.$who
	hl-record <in.$who >out.$who 2>err.$who || echo "$who failed: $(cat err.$who)" >>failed &
done
wait
is "$(cat failed 2>/dev/null)" '' 'eight at once: none fails'
is "$(recorded) $(count)" '65 66' 'every decision is there, the common one once'
is "$(cat out.* | jq -r 'select(.id | startswith("20261120T0005")) | .record.commit' | sort -u | wc -l)" 1 'and all agree on its commit'
sound
ok $? 'sound'
is "$(git -C ops status --short)" '' 'the work tree came along'

# Killed before each call that changes a file; then the same stream again.
if [ -n "${HL_SANITIZE-}" ]; then
	skip 'killed at every call' 'no preload under the sanitizer'
	skip 'failed at every call' 'no preload under the sanitizer'
else
	fresh
	cases 1 2 | hl-record >/dev/null 2>&1
	cp -a ops ops.0
	cp -a "$HL_STATE" state.0
	cases 3 5 >in
	again() { rm -rf ops "$HL_STATE" && cp -a ops.0 ops && cp -a state.0 "$HL_STATE"; }
	LD_PRELOAD=$HL_HELPERS/kill_at.so HL_COUNT_TO=$PWD/calls hl-record <in >out 2>err
	calls=$(cat calls)
	bad=
	for at in $(seq 1 "$calls"); do
		again
		env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_KILL_AT="$at" hl-record <in >out 2>err
		[ $? -eq 137 ] || bad="$bad $at:not-killed"
		hl-record <in >out 2>err || bad="$bad $at:blocked"
		[ "$(count) $(recorded) $(jq -r .record.commit out | sort -u | wc -l)" = '6 5 3' ] || bad="$bad $at:lost"
		sound || bad="$bad $at:unsound"
		[ -z "$(git -C ops status --short)" ] || bad="$bad $at:dirty"
	done
	is "$bad" '' "killed before each of $calls calls: the next run records each case once"
	bad=
	for at in $(seq 1 "$calls"); do
		again
		env LD_PRELOAD="$HL_HELPERS/fail_at.so" HL_FAIL_FROM="$at" hl-record <in >out 2>err
		status=$?
		case $status in 0 | 69 | 70 | 74 | 75) ;; *) bad="$bad $at:status-$status" ;; esac
		case $(recorded) in 2 | 5) ;; *) bad="$bad $at:part" ;; esac
		[ "$status" -ne 0 ] || [ "$(recorded)" -eq 5 ] || bad="$bad $at:lost"
		hl-record <in >out 2>err || bad="$bad $at:blocked"
		[ "$(count) $(recorded)" = '6 5' ] || bad="$bad $at:lost-for-good"
		sound || bad="$bad $at:unsound"
	done
	is "$bad" '' 'a disk that is full from each of them on: said, and made up for by the next run'
fi
done_testing
