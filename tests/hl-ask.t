# hl-ask: answers from policy, from a script, from a person at a terminal, and what is parked.
. "$HL_TOP/tests/tap.sh"

case_json() { # ID VERDICT LEVEL [JQ-EDIT]: a planned case with its digest
	jq -cn --arg id "$1" --arg verdict "$2" --arg level "$3" '{kind: "case", id: $id,
	  opened_at: "2026-11-21T03:47:00Z", title: "DiskFull on nas:9100: /srv is 91 % full", severity: "warning",
	  signals: [{kind: "signal", id: "9c2e51d0a7b3f644-20261121T034700Z", source: "alertmanager", status: "firing", name: "DiskFull", severity: "warning",
	    labels: {alertname: "DiskFull", instance: "nas:9100", mountpoint: "/srv"},
	    annotations: {summary: "/srv is 91 % full", description: "It was 60 % yesterday."},
	    starts_at: "2026-11-21T03:47:00Z", fingerprint: "9c2e51d0a7b3f644", url: "http://prometheus:9090/graph"}],
	  context: [{kind: "observation", tool: "host.disks", args: {}, host: "nas", at: "2026-11-21T03:59:00Z", ok: true,
	    data: {filesystems: [{mountpoint: "/srv", used_percent: 91}]}, took_ms: 12}],
	  basis: "0123456789012345678901234567890123456789",
	  triage: {verdict: $verdict, why: "alert DiskFull fires and runbook disk-full knows it", at: "2026-11-21T03:48:00Z",
	    runbooks: ["disk-full"], signals: 1, count: 3, flapping: false},
	  plan: {at: "2026-11-21T03:48:00Z", basis: "0123456789012345678901234567890123456789",
	    runbook: {id: "disk-full", path: "runbooks/disk-full.yaml", level: $level, steps_digest: ("0" * 64)},
	    solutions: [
	      {n: 1, id: "prune", title: "Delete old downloads", impact: "none", risk: "low", reversible: false,
	       effect: "destroy", blast_radius: "single_service",
	       steps: [{id: "prune", tool: "files.prune", args: {path: "/srv/downloads", older_than_days: 30}, needs: [], undo: null}],
	       preflight: [], verify: [{tool: "host.disks", args: {path: "/srv"}, expect: {"/used_percent": {"<": 85}}, within: "30s"}]},
	      {n: 2, id: "restart", title: "Restart the downloader", impact: "30s restart", risk: "low", reversible: true,
	       effect: "change", blast_radius: "single_service",
	       steps: [{id: "restart", tool: "systemd.restart", args: {unit: "down loader.service"}, needs: [],
	         undo: {tool: "systemd.start", args: {unit: "down loader.service"}}}],
	       preflight: [], verify: [{tool: "systemd.unit", args: {}, title: "the downloader runs"}]}],
	    recommended: 1, invariants: [], offers: ["investigate", "ignore", "custom"],
	    autonomy: {level: $level, why: ["mode verbose caps at ask_human"]}, problems: [],
	    why: "runbook disk-full matches and offers 2 solutions", expires_at: "2026-11-21T15:48:00Z", digest: ""}}
	  | '"${4:-.}" >case.tmp
	digest=$(jq -cS '{case: .id, plan: (.plan | del(.digest))}' case.tmp | tr -d '\n' | sha256sum | cut -d' ' -f1)
	jq -c --arg d "$digest" '.plan.digest = $d' case.tmp
}
A=20261121T034700Z-9c2e51d0a7b3f644
B=20261121T035100Z-00000000000000b0
field() { jq -rc "$1" out; }
parked() { ls "$HL_STATE/spool" 2>/dev/null | paste -sd' ' -; }
fresh() { rm -rf "$HL_STATE"; }
nobody() { run setsid -w hl-ask "$@"; } # no terminal to ask at
person() { # COMMAND [PROMPT ANSWER]...: at a terminal; what it showed in ./seen, records in ./out, messages in ./err
	command=$1
	shift
	: >out
	TERM=xterm python3 "$HL_TOP/tests/helpers/terminal.py" "$command" "$@" >seen.raw
	status=$?
	sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g; s/\r//g' seen.raw >seen
}

case_json $A problem ask_human >a
case_json $B problem ask_human '.title = "second"' >b
case_json $A unsure ask_human >unsure

# What every command does.
run hl-ask --help
is_status 0 '--help'
run hl-ask --nonsense
is_status 64 'an unknown option'
run hl-ask operand
is_status 64 'an operand'
nobody </dev/null
is_status 0 'empty input'
is "$(cat out err)" '' 'gives nothing'
is "$(ls -A "$HL_STATE" 2>/dev/null)" '' 'and makes nothing'
printf '%s\n' '{"kind":"other", "x":1 }' '{"kind":"signal","labels":{"a":"b"},"status":"firing"}' >in
jq -c '.approval = {decision: "approved"}' a >>in
jq -c 'del(.plan)' a >>in
jq -c '.triage.verdict = "expected" | del(.plan)' a >>in
nobody <in
ok "$(cmp -s in out; echo $?)" 'what is not to be asked about passes untouched'
is "$(parked)" '' 'and nothing is parked'
printf '%s\n' '{"kind":"case","id":"../x","signals":[]}' '{"kind":"case","id":"x"}' 'nonsense' >bad
cat a >>bad
run hl-ask --answer ignore <bad
is_status 65 'bad lines'
is "$(wc -l <out)" 1 'do not stop the good one'
like "$(cat err)" 'stdin:1: case whose id is not a plain name' 'each is named'
like "$(cat err)" 'stdin:2: case without signals' 'with the reason'
hl-ask --answer ignore <a >/dev/full 2>err
is "$?" 74 'output that is lost is noticed'
{ yes "$(cat in)" | head -50000 | hl-ask; echo $? >status; } | head -1 >out
is "$(wc -l <out)" 1 'a reader that goes away'

# A script's answers.
fresh
run hl-ask --answer approve --by alice <a
is_status 0 'approve'
is "$(field '.approval | [.decision, .by, .via, .at, .solution, .agreed] | @csv')" \
	'"approved","alice","answer","2026-11-21T04:00:00Z",1,true' 'names who, how, when and what'
is "$(field .approval.digest)" "$(jq -r .plan.digest a)" 'and the digest of the plan'
is "$(sed 's/,"approval":.*/}/' out)" "$(cat a)" 'the record is the bytes it was, with one key more'
run hl-ask --answer 2 <a
is "$(field '.approval | [.decision, .solution, .agreed] | @csv')" '"approved",2,false' 'another than the one recommended'
cat a a >twice
run hl-ask --answer 1 <twice
is "$(sort -u out | wc -l)" 1 'the same line twice gets the same answer'
run hl-ask --answer ignore <a
is "$(field '.approval | [.decision, .solution, .reason] | @csv')" '"ignored",,' 'ignore'
run hl-ask --answer 'no: backup night' <a
is "$(field '.approval | [.decision, .reason] | @csv')" '"ignored","expected: backup night"' 'no: it is expected'
run hl-ask --answer 'reject: too risky' <a
is "$(field '.approval | [.decision, .reason] | @csv')" '"rejected","too risky"' 'reject'
run hl-ask --answer 'custom: restart all arr' <a
is "$(field '.approval | [.decision, .reason] | @csv')" '"rejected","custom: restart all arr"' 'custom'
run hl-ask --answer 'snooze 2h' <a
is "$(field '.approval | [.decision, .until] | @csv')" '"snoozed","2026-11-21T06:00:00Z"' 'snooze'
for answer in approve 2 ignore 'no: x' 'reject: x' 'custom: x' 'snooze 2h'; do
	hl-ask --answer "$answer" <a
done >every
case_json $A problem auto | hl-ask >>every
case_json $A problem auto '.plan.expires_at = "2026-11-21T04:00:00Z"' | hl-ask >>every 2>err
is "$(wc -l <every)" 9 'every sort of answer'
schema_ok case 'is a valid case' <every
run hl-ask --answer aprove <a
is_status 64 'a typo on the command line'
like "$(cat err)" "did you mean 'approve'" 'is named before anything is read'
is "$(cat out)$(parked)" '' 'and changes nothing'
run hl-ask --answer ignore --by "$(printf 'a\nb')" <a
is_status 64 'a name of two lines'
run hl-ask --answer details <a
is_status 64 'an answer that decides nothing'
like "$(cat err)" "'details' decides nothing; parked" 'parks the case'
fresh
run hl-ask --answer 3 <a
is_status 64 'a solution that is not there'
is "$(cat out)" '' 'is no answer'
is "$(parked)" "$A.json" 'and the case is parked'

# An unsure case is first asked whether it is a problem.
fresh
run hl-ask --answer approve <unsure
is_status 64 'approving what was not yet called a problem'
like "$(cat err)" 'first: is this a problem' 'says what comes first'
run hl-ask --answer yes <unsure
is_status 64 'yes alone does not approve'
is "$(cat out)" '' 'anything'
run hl-ask --answer yes --answer 2 <unsure
is "$(field '.approval | [.decision, .solution] | @csv')" '"approved",2' 'yes, then a number'
run hl-ask --answer no <unsure
is "$(field '.approval | [.decision, .reason] | @csv')" '"ignored","expected"' 'no'
cat unsure b >both
run hl-ask --answer yes --answer approve <both
is "$(field .approval.decision | paste -sd' ' -)" 'approved approved' 'one list serves both sorts of case'
run hl-ask --answer yes <a
is_status 64 'yes is never an approval'

# Policy answers.
fresh
case_json $A problem auto | setsid -w hl-ask >out 2>err
is "$(field '.approval | [.decision, .by, .via, .solution, .agreed] | @csv')" '"auto","hl","policy",1,true' 'auto'
is "$(cat err)" '' 'in silence'
case_json $A problem auto_notify | setsid -w hl-ask >out 2>err
is "$(field .approval.decision)" auto 'auto_notify'
like "$(cat err)" '^hl-ask:      Runs     files.prune path=/srv/downloads older_than_days=30$' 'says exactly what will be done'
case_json $A unsure auto | setsid -w hl-ask >out 2>err
is "$(cat out)$(parked)" "$A.json" 'what is unsure is never done alone'
fresh
case_json $A problem auto '.plan.recommended = null' | setsid -w hl-ask >out 2>err
is "$(cat out)$(parked)" "$A.json" 'nor what nobody recommends'
case_json $A problem auto '.plan.expires_at = "2026-11-21T04:00:00Z"' | setsid -w hl-ask >out 2>err
is "$(field '.approval | [.decision, .solution] | @csv')" '"expired",' 'an expired plan is not carried out'
case_json $A problem observe >observe
run hl-ask --answer approve <observe
is_status 77 'observe: nothing may be approved'
is "$(cat out)" '' 'by anybody'
run hl-ask --answer ignore <observe
is "$(field .approval.decision)" ignored 'but it may be ignored'

# A plan that was changed after it was made.
fresh
jq -c '.plan.solutions[0].steps[0].args.path = "/"' a >changed
for answer in approve ignore; do
	run hl-ask --answer $answer <changed
	is_status 65 "a changed plan, $answer"
	like "$(cat err)" "stdin:1: $A: plan.digest: " 'is rejected'
done
is "$(cat out)$(parked)" '' 'and neither passed on nor parked'
jq -c '.id = "other"' a >changed
run hl-ask --answer approve <changed
is_status 65 'so is a plan of another case'
case_json $A problem auto '.plan.solutions[0].steps[0].needs = ["x"]' >changed
run hl-ask <changed
is_status 65 'and one that is no plan'
like "$(cat err)" "plan.solutions\[0\].steps\[0\].needs\[0\]: no step 'x'" 'with the place'

# Nobody there: parked, and answered later.
fresh
cat a b >both
nobody <both
is_status 0 'no terminal and no answer'
is "$(cat out)" '' 'is no consent'
is "$(parked)" "$A.json $B.json" 'the cases are parked'
is "$(cat err)" 'hl-ask: parked 2 cases; answer them with: hl-ask --parked | hl-apply | hl-record' 'and it says so'
nobody <both
is "$(parked)" "$A.json $B.json" 'the same cases again change nothing'
run hl-ask --unattended <a
is "$(cat out)" '' '--unattended asks nobody'
run hl-ask --list
is_status 0 '--list'
is "$(sed -n 1p out)" "$A  since 13m, expires in 11h  DiskFull on nas:9100: /srv is 91 % full" 'shows what is parked'
is "$(wc -l <out)" 2 'all of it'
nobody --parked
is_status 0 'parked cases and still nobody'
is "$(cat out)$(parked)" "$A.json $B.json" 'stay parked'
run hl-ask --parked --answer approve --by bob
is "$(field .approval.by | paste -sd' ' -)" 'bob bob' 'they are answered'
is "$(parked)" '' 'and leave the spool'
run hl-ask --unattended <a
hl-ask --parked --answer approve >/dev/full 2>err
is "$?" 74 'an answer that was not written'
is "$(parked)" "$A.json" 'leaves its case in the spool'
run hl-ask --answer ignore <a
is "$(parked)" '' 'an answer that came another way takes it out'
run hl-ask --unattended <a
HL_NOW=2026-11-22T04:00:00Z run setsid -w hl-ask --parked
is "$(field .approval.decision)" expired 'a parked plan expires'
is "$(parked)" '' 'and that is its outcome'
run hl-ask --unattended <a
echo '{"kind":"case"' >"$HL_STATE/spool/broken.json"
run hl-ask --parked --answer ignore
is_status 65 'a broken file in the spool'
is "$(field .approval.decision)" ignored 'does not stop the others'
is "$(parked)" '' 'and is taken out of the way'
like "$(cat "$HL_STATE"/rejects/*)" '^{"kind":"case"$' 'and kept'
# A file in the spool is no answer, and none stands in the way of the others.
fresh
hl-ask --unattended <a 2>err
hl-ask --answer approve --by alice <b >forged 2>err
cp forged "$HL_STATE/spool/$B.json"
cp "$HL_STATE/spool/$A.json" "$HL_STATE/spool/20261121T000000Z-0000000000000000.json"
mkdir "$HL_STATE/spool/20261121T000000Z-0000000000000001.json"
run hl-ask --parked --answer ignore
is_status 65 'what nobody parked in the spool'
is "$(jq -c '[.id,.approval.decision]' out)" "[\"$A\",\"ignored\"]" 'an approval in a file goes nowhere'
is "$(parked)" 20261121T000000Z-0000000000000001.json 'and leaves the spool'
is "$(grep -cFf forged "$HL_STATE"/rejects/*)" 1 'it is kept'
like "$(cat err)" 'spool: .*0000: its file has the name of another case' 'a case under the name of another is named'
like "$(cat err)" 'spool: .*0001: .* is no plain file' 'and so is what cannot be read'
rmdir "$HL_STATE"/spool/*.json

# What others could have put there is not asked about.
fresh
hl-ask --unattended <a 2>err
mv "$HL_STATE/spool/$A.json" elsewhere
ln -s "$PWD/elsewhere" "$HL_STATE/spool/$A.json"
run hl-ask --list
is_status 65 'a link in the spool'
like "$(cat err)" 'is no plain file' 'is not followed'
rm "$HL_STATE/spool/$A.json"
mv elsewhere "$HL_STATE/spool/$A.json"
chmod 777 "$HL_STATE/spool"
run hl-ask --parked --answer approve
is_status 65 'a spool that others can write in'
like "$(cat err)" 'others can write in .*spool.: chmod 700 it' 'is said to be so'
is "$(cat out)" '' 'and nothing of it is answered'
chmod 700 "$HL_STATE/spool"
run hl-ask --parked --answer approve
is_status 0 'mended, it is'

fresh
person 'hl-ask --parked --list'
is "$status" 0 'nothing is parked'

# A person at a terminal, in the middle of a pipeline.
fresh
person 'hl-ask --by alice <a >out 2>err' '> ' aprove 'did you mean' '' '> ' details 'Seen host.disks' '' '> ' approve
is "$status" 0 'asked at the terminal'
is "$(field '.approval | [.decision, .by, .via, .solution] | @csv')" '"approved","alice","terminal",1' 'and answered'
is "$(parked)" '' 'nothing stays in the spool'
for shown in 'DiskFull on nas:9100: /srv is 91 % full' 'warning, since 2026-11-21 03:47 UTC (13m ago), fired 3 times' \
	'1. Delete old downloads (recommended)' 'Impact   none' 'Risk     low, cannot be taken back, DESTROYS' \
	'Blast    single_service' 'Runs     files.prune path=/srv/downloads older_than_days=30' 'Undo     none' \
	'Verify   host.disks path=/srv gives {"/used_percent":{"<":85}} within 30s' '2. Restart the downloader' \
	'Runs     systemd.restart unit="down loader.service"' 'Undo     systemd.start unit="down loader.service"' \
	'Asks     mode verbose caps at ask_human' "'aprove': did you mean 'approve'?" 'mountpoint: /srv' 'approved: 1'; do
	grep -qF -- "$shown" seen
	ok $? "it shows: $shown"
done
is "$(awk 'length > 80' seen)" '' 'in eighty columns'
like "$(cat seen.raw)" "$(printf '\033\\[1m')" 'in colour'
person 'NO_COLOR=1 hl-ask <a >out 2>err' '> ' quit
unlike "$(cat seen.raw)" "$(printf '\033\\[1m')" 'or without'
is "$(parked)" "$A.json" 'quit parks'
fresh
person 'cat a b | hl-ask >out 2>err' '> ' q
is "$(cat out)" '' 'quit answers nothing'
is "$(parked)" "$A.json $B.json" 'and parks the rest, too'
like "$(cat err)" 'parked 2 cases' 'and says so'
for key in '^C' '^D'; do
	fresh
	person 'trap : INT; cat a b | hl-ask >out 2>err' '> ' "$key"
	is "$status" 0 "$key"
	is "$(cat out)$(parked)" "$A.json $B.json" 'loses nothing'
done
fresh
person 'cat a b | hl-ask >out 2>err' '> ' half^I '> ' 'snooze 30m' 'second' '' '> ' investigate
is "$(field '.approval | [.decision, .until] | @csv')" '"snoozed","2026-11-21T04:30:00Z"' 'one snoozed'
is "$(parked)" "$B.json" 'and one to be looked into'
fresh
person 'cat unsure | hl-ask >out 2>err' 'Is this a problem?' '' '> ' 1 'first: is this' '' '> ' y 'Runs' '' '> ' 2
is "$(field '.approval | [.decision, .solution] | @csv')" '"approved",2' 'an unsure case: yes, then 2'
is "$(sed -n '/Is this a problem/,/first: is this/p' seen | grep -c Runs)" 0 'the plan comes only after the yes'
person 'hl-ask <observe >out 2>err' '> ' approve 'nothing may be approved' '' '> ' 'ignore: known'
is "$(field '.approval | [.decision, .reason] | @csv')" '"ignored","known"' 'observing, ignored'
person 'hl-ask <a >out 2>err' '> ' app^I
is "$(field .approval.decision)" approved 'Tab completes'
rm -rf "$HL_STATE/history"
person 'cat a b | hl-ask >out 2>err' '> ' 'reject: not now' 'second' '' '> ' "$(printf '\033[A')"
is "$(field .approval.reason | paste -sd, -)" 'not now,not now' 'the last answer comes back with the arrow'
is "$(cat "$HL_STATE/history/hl-ask")" 'reject: not now' 'and is kept'

# A person may think for longer than the plan is good.
fresh
until=$(($(date +%s) + 2))
case_json $A problem ask_human ".plan.expires_at = ($until | todate)" >soon
person "unset HL_NOW; hl-ask <soon >out 2>err & while [ \$(date +%s) -le $until ]; do :; done; echo time is up; wait" \
	'time is up' approve
is "$(field '.approval | [.decision, .by, .via, .solution] | @csv')" '"expired","hl","policy",' 'approved too late'
is "$(parked)" '' 'has expired'

# The parked cases are what is meant where nothing is piped in.
fresh
run hl-ask --unattended <a
person 'hl-ask | cat >out' '> ' approve
is "$(field .approval.decision)" approved 'hl-ask at a prompt takes what is parked'
is "$(parked)" '' 'and it leaves the spool'
run hl-ask --unattended <a
person 'hl-ask --parked'
is "$status" 64 'answers that would go to the terminal'
like "$(cat seen)" 'hl-ask --parked | hl-apply | hl-record' 'are refused with the right words'
person 'cat a | hl-ask' '> ' approve
is "$(parked)" "$A.json" 'and those of a pipeline without an end do not empty the spool'

# Killed while a person thinks: the case is in the spool.
fresh
(until [ -s pid ] && [ -e "$HL_STATE/spool/$A.json" ]; do :; done; kill -9 "$(cat pid)") &
rm -f pid
person 'sh -c "echo \$\$ >pid; exec hl-ask <a >out 2>err"'
wait
is "$status" 137 'killed while it asks'
is "$(cat out)$(parked)" "$A.json" 'the case is parked'

# Killed before every call that changes a file, also in the middle of a write: each case is in the spool, or its
# answer is out, or (while it is being parked) it comes again with the next delivery.
whole() { # FILE: the ids of the whole lines of answers in it
	sed -n '/}$/p' "$1" | jq -rR 'fromjson? | select(.approval) | .id'
}
killed() { # N
	fresh
	hl-ask --unattended <both 2>/dev/null
	env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_KILL_AT="$1" hl-ask --parked --answer approve >out 2>err
	[ $? -eq 137 ] || return 1
	for id in $A $B; do
		[ -e "$HL_STATE/spool/$id.json" ] || whole out | grep -qx "$id" || return 1
	done
	hl-ask --parked --answer approve >out2 2>err
	{ whole out; whole out2; } | sort -u | paste -sd' ' - | grep -qx "$A $B" && [ -z "$(parked)" ]
}
parking() { # N
	fresh
	env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_KILL_AT="$1" hl-ask --unattended <both >out 2>err
	[ $? -eq 137 ] || return 1
	for file in "$HL_STATE"/spool/*.json; do
		[ ! -e "$file" ] || jq -e .plan.digest "$file" >/dev/null || return 1
	done
	hl-ask --unattended <both 2>/dev/null
	[ "$(parked)" = "$A.json $B.json" ]
}
sweep() { # NAME HOW COMMAND...: the preload counts the calls of COMMAND, then each is the last
	name=$1 how=$2 bad=
	shift 2
	env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_COUNT_TO="$PWD/count" "$@" >/dev/null 2>&1 <both
	calls=$(cat count)
	for half in '' 1; do
		at=1
		while [ "$at" -le "$calls" ]; do
			HL_KILL_HALF=$half
			[ -n "$half" ] && export HL_KILL_HALF || unset HL_KILL_HALF
			$how "$at" || bad="$bad $at${half:+half}"
			at=$((at + 1))
		done
	done
	unset HL_KILL_HALF
	is "$bad" '' "$name: killed at each of $calls calls"
	ok "$([ "$calls" -ge 4 ]; echo $?)" 'and there were some'
}
cat a b >both
if [ -n "${HL_SANITIZE-}" ]; then
	skip 'killed at every call' 'no preload under the sanitizer'
else
	fresh
	sweep parking parking hl-ask --unattended
	sweep 'answering what is parked' killed hl-ask --parked --answer approve
fi

# What comes from outside cannot drive the terminal, nor hide what would be run.
fresh
case_json $A problem ask_human '.title = "\u001b]0;x\u0007 \u202eevil" | .plan.solutions[0].title = "a\nb\u001b[2J"
	| .plan.solutions[0].steps[0].args.path = ("/" + ("x" * 300) + " \u001b[8m/etc")' >evil
person 'hl-ask <evil >out 2>err' '> ' ignore
unlike "$(cat seen.raw)" "$(printf '\033\\(\\]0\\|\\[2J\\|\\[8m\\)')" 'escape sequences are made visible'
like "$(tr '\n' ' ' <seen | sed 's/\\ *//g')" 'x\{300\}' 'a long argument is shown whole'
is "$(awk 'length > 80' seen)" '' 'broken by us and not by the terminal'
like "$(cat seen)" '/etc"' 'to its end'
done_testing
