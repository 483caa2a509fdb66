# hl-triage: from signals to cases, as a person would see it.
. "$HL_TOP/tests/tap.sh"

sig() { # NAME INSTANCE STATUS STARTS [ENDS [MORE-MEMBERS]]
	printf '{"kind":"signal","source":"alertmanager","status":"%s","name":"%s","severity":"warning",' "$3" "$1"
	printf '"labels":{"alertname":"%s","instance":"%s"},"annotations":{"summary":"it is bad"},' "$1" "$2"
	printf '"starts_at":"%s"%s%s}\n' "$4" "${5:+,\"ends_at\":\"$5\"}" "${6:+,$6}"
}
fired() { sig "$1" "$2" firing "2026-11-21T$3Z"; }
ended() { sig "$1" "$2" resolved "2026-11-21T$3Z" "2026-11-21T$4Z"; }
triage() { run hl-triage; }
at() { # TIME: the clock of what follows
	HL_NOW=2026-11-21T$1Z
}
verdicts() { jq -r '.triage.verdict' out | paste -sd' ' -; }
why() { jq -r '.triage.why' out; }
id() { jq -r '.id' out; }
field() { jq -rc "$1" out; }
fresh() { rm -rf "$HL_STATE"; at 04:00:00; }
park() { # the cases of ./out are parked, as hl-ask does it
	mkdir -p "$HL_STATE/spool"
	jq -rc '.id' out | while read -r case_id; do
		grep -F "\"id\":\"$case_id\"" out >"$HL_STATE/spool/$case_id.json"
	done
}
settle() { # CASE HOW AT [UNTIL]: as hl-record does it
	printf '%s %s %s %s\n' "$1" "$2" "$3" "${4-0}" | "$HL_HELPERS/settle" || echo "# settle failed"
}
repo() { # POLICY: an ops repo with that policy and what is in ./runbooks
	rm -rf ops && git init -q ops && mkdir ops/runbooks && printf '%s\n' "$1" >ops/policy.yaml
	[ ! -d runbooks ] || cp runbooks/* ops/runbooks/
	git -C ops add -A && git -C ops -c user.name=t -c user.email=t@localhost commit -qm ops
	HL_REPO=$PWD/ops
	export HL_REPO
}
no_repo() { unset HL_REPO; }

# What every command does.
run hl-triage --help
is_status 0 '--help'
like "$(head -1 out)" '^hl-triage - ' '--help says what it is for'
run hl-triage --nonsense
is_status 64 'an unknown option'
run hl-triage operand
is_status 64 'an operand'
run hl-triage </dev/null
is_status 0 'empty input'
is "$(cat out err)" '' 'gives nothing'
is "$(ls -A "$HL_STATE" 2>/dev/null)" '' 'and nothing is made before the first signal'
fired A n1 03:59:00 | run hl-triage >/dev/null
fresh
fired A n1 03:59:00 >in
hl-triage <in >/dev/full 2>err
is "$?" 74 'output that is lost is noticed'
run hl-triage <in
is "$(verdicts)" unsure 'and the case is handed out by the next run'
fresh
yes "$(fired A n1 03:59:00)" | head -20000 | sed 's/n1/n&/;=' | sed -n 'N;s/\([0-9]*\)\n\(.*\)"nn1"/\2"n\1"/p' >many
{ hl-triage <many 2>err; echo $? >status; } | head -1 >out
is "$(wc -l <out)" 1 'a reader that goes away'
is "$(cat err)" '' 'ends it quietly'

# A first case.
fresh
fired DiskFull nas:9100 03:59:00.25 >in
run hl-triage <in
is_status 0 'one signal'
is "$(field '[.kind, .opened_at, .title, .severity, .basis, .context]')" \
	'["case","2026-11-21T03:59:00Z","DiskFull on nas:9100: it is bad","warning",null,[]]' 'becomes a case'
like "$(id)" '^20261121T035900Z-[0-9a-f]\{16\}$' 'whose id says when and what'
is "$(field '.signals[0]')" "$(jq -c . in)" 'with the signal whole'
schema_ok case 'as the schema has it' <out
is "$(field '.triage | [.verdict, .runbooks, .signals, .count, .flapping, .at]')" \
	'["unsure",[],1,1,false,"2026-11-21T04:00:00Z"]' 'that nothing decides'
like "$(why)" 'no ops repo yet.*hl init' 'and why: there is no ops repo'
is "$(field .triage.seen)" '{}' 'nothing that was remembered had a part in it'
first=$(id)
run hl-triage -v <in
like "$(cat err)" "no ops repo at '.*state/ops'" '-v says so too'

# The same again.
is "$(verdicts) $(id)" "unsure $first" 'in nobody'\''s hands: handed on again under the same id'
like "$(why)" 'in nobody.s hands though open since 2026-11-21T03:59:00Z' 'and it says so'
is "$(field .triage.count)" 1 'the same delivery is not counted'
is "$(field .triage.seen)" '{"fresh":false}' 'what was remembered is said for the record'
park
for turn in 2 3; do
	run hl-triage <in
	is "$(verdicts) $(id)" "duplicate $first" "parked: a duplicate, turn $turn"
done
is "$(why)" "part of case $first, open since 2026-11-21T03:59:00Z" 'that names the case'
rm -r "$HL_STATE/spool"; mkdir -p "$HL_STATE/runs"; : >"$HL_STATE/runs/$first.jsonl"
run hl-triage <in
is "$(verdicts)" duplicate 'a case with a journal is in hand, too'
cat in in in | run hl-triage
run sh -c 'cat in in in | hl-triage'
is "$(field .triage.count)" 1 'three times in one batch is one line'
rm "$HL_STATE"/hl.db*; rmdir "$HL_STATE/spool" 2>/dev/null
run hl-triage <in
is "$(verdicts) $(id)" "duplicate $first" 'also when hl.db is lost'

# It fires again; it is resolved; it comes back.
fresh
fired A n1 03:50:00 >in
run hl-triage <in
first=$(id); park
fired A n1 03:55:00 >in2
run hl-triage <in2
is "$(verdicts) $(id) $(field .triage.count)" "duplicate $first 2" 'a new start is counted'
like "$(why)" 'fired 2 times' 'and told'
run hl-triage <in2
is "$(field .triage.count)" 2 'once'
run hl-triage <in
is "$(field .triage.count)" 2 'and late news of the first start are not'
ended A n1 03:55:00 03:58:00 >in3
run hl-triage <in3
is "$(verdicts) $(id)" "resolved $first" 'resolved: the case is said to be'
is "$(why)" 'resolved at 2026-11-21T03:58:00Z' 'and when'
is "$(jq -c '.resolved' "$HL_STATE/spool/$first.json")" '{"at":"2026-11-21T04:00:00Z"}' 'the parked case stays, marked'
schema_ok case 'and is a case as the schema has it' <"$HL_STATE/spool/$first.json"
before=$(cat "$HL_STATE/spool/$first.json")
run hl-triage <in3
is "$(verdicts) $(id)" "resolved $first" 'told twice: the same'
is "$(cat "$HL_STATE/spool/$first.json")" "$before" 'and marked once'
run hl-triage <in2
is "$(verdicts) $(id)" "resolved $first" 'a late repetition of what has ended does not open it again'
fired A n1 03:59:30 >in4
run hl-triage <in4
is "$(verdicts) $(id | cut -c1-16)" 'unsure 20261121T035930Z' 'firing again is a new case'
is "$(field .triage.count)" 1 'that has fired once'
at 09:00:00
ended A n1 03:59:30 04:00:00 | { run hl-triage; }
ended A n1 03:59:30 04:00:00 >in5
run hl-triage <in5
run hl-triage <in4
is "$(verdicts)" unsure 'hours after its end a repetition is believed'
unlike "$(id)" '20261121T035930Z' 'as a new case'

# Fired and resolved in one batch; only resolved.
fresh
{ fired A n1 03:50:00; ended A n1 03:50:00 03:51:00; } >in
run hl-triage <in
is "$(verdicts) $(field '.signals | length')" 'resolved 1' 'fired and resolved in one batch'
ended B n1 03:50:00 03:52:00 >in
run hl-triage <in
is "$(verdicts) $(why)" 'resolved resolved at 2026-11-21T03:52:00Z' 'resolved before it was seen to fire'
{ ended C n1 03:50:00 03:52:00; fired C n1 03:53:00; } >in
run hl-triage <in
is "$(verdicts) $(field .triage.count)" 'unsure 2' 'resolved, then firing: twice in one batch'

# Groups.
fresh
for i in 1 2 3; do
	printf '{"kind":"signal","status":"firing","labels":{"alertname":"Disk","instance":"n1","mount":"/%s"},"starts_at":"2026-11-21T03:5%s:00Z"}\n' $i $((6 - i))
done >in
fired Other n1 03:00:00 >>in
run hl-triage <in
is "$(verdicts)" 'unsure unsure' 'one case a group'
is "$(jq -c 'select(.title | startswith("Disk")) | [.title, .opened_at, (.signals | length), .triage.signals]' out)" \
	'["Disk on n1 (and 2 more)","2026-11-21T03:53:00Z",3,3]' 'opened by its earliest signal, with all'
park
printf '{"kind":"signal","status":"firing","labels":{"alertname":"Disk","instance":"n1","mount":"/4"},"starts_at":"2026-11-21T03:59:00Z"}\n' >in2
run hl-triage <in2
is "$(verdicts) $(field .triage.signals) $(field '.signals | length')" 'duplicate 4 1' 'a fourth joins the open case'
sed 's/firing/resolved/' in | head -3 >in3
run hl-triage <in3
is "$(verdicts) $(field .triage.signals)" 'duplicate 4' 'some resolved: still open'
sed 's/firing/resolved/' in2 >in4
run hl-triage <in4
is "$(verdicts)" resolved 'all resolved: closed'
for i in $(seq 150); do
	printf '{"kind":"signal","status":"firing","labels":{"alertname":"Many","instance":"n1","n":"%s"}}\n' "$i"
done >in
run hl-triage <in
is "$(field '[(.signals | length), .triage.signals]')" '[100,150]' 'a hundred signals whole, all counted'
repo 'group_by: [job]'
fresh
{ fired A n1 03:50:00; fired B n2 03:50:00; } >in
run hl-triage <in
is "$(wc -l <out)" 1 'policy says what makes a group'
no_repo

# Flapping.
repo 'flapping: {times: 2, window: 1h}'
fresh
i=0
for m in 10 20 30; do
	{ fired F n1 03:$m:00; ended F n1 03:$m:00 03:$m:30; } >in
	run hl-triage <in
done
is "$(field .triage.flapping)" true 'two returns in the window are flapping'
like "$(why)" 'flapping: it came back 2 times within 1h' 'and the reason says so'
fired F n1 03:40:00 >in
run hl-triage <in
is "$(verdicts) $(field .triage.flapping)" 'unsure true' 'while it fires, too'
is "$(field .triage.seen)" '{"returns":3}' 'how often is kept for the record'
ended F n1 02:00:00 02:00:30 >in
run hl-triage <in
is "$(field .triage.seen.stale)" '[0]' 'and which signal is late news'
schema_ok case 'as the schema has it' <out
at 06:00:00
fired F n1 05:59:00 >in
run hl-triage <in
is "$(field .triage.flapping)" false 'not for ever'
no_repo

# What people said.
fresh
fired A n1 03:50:00 >in
run hl-triage <in
first=$(id)
settle "$first" ignored 2026-11-21T04:00:00Z
run hl-triage <in
is "$(verdicts) $(id)" "duplicate $first" 'a settled case that still fires'
is "$(why)" "still fires, but case $first was settled (ignored) at 2026-11-21T04:00:00Z; asked about again from 2026-11-21T08:00:00Z" 'says until when'
at 08:00:00
run hl-triage <in
is "$(verdicts) $(id | cut -c1-16)" 'unsure 20261121T080000Z' 'then it is asked about again, as a new case'
second=$(id)
settle "$second" fixed 2026-11-21T08:01:00Z
at 08:05:00
run hl-triage <in
is "$(verdicts)" duplicate 'fixed, and told once more'
fired A n1 08:04:00 >in2
run hl-triage <in2
is "$(verdicts) $(id | cut -c1-16)" 'unsure 20261121T080400Z' 'fixed, and it fires anew: a new case'
third=$(id)
settle "$third" snoozed 2026-11-21T08:06:00Z 2026-11-21T10:00:00Z
run hl-triage <in2
is "$(verdicts) $(why)" 'snoozed snoozed until 2026-11-21T10:00:00Z' 'snoozed'
at 10:00:00
run hl-triage <in2
is "$(verdicts) $(id)" "unsure $third" 'the snooze is over: handed on again, the same case'
# What ended badly and still fires is asked about again soon, not after ask_again.
for how in failed rolled_back unverified refused; do
	fresh
	at 04:00:00
	run hl-triage <in
	bad=$(id)
	settle "$bad" $how 2026-11-21T04:01:00Z
	at 04:02:00
	run hl-triage <in
	like "$(verdicts) $(why)" "^duplicate .*$how.*again from 2026-11-21T04:11:00Z" "$how: not at once"
	at 04:11:00
	run hl-triage <in
	is "$(verdicts) $(id | cut -c1-16)" 'unsure 20261121T041100Z' "$how: but after the cooldown, as a new case"
done
fresh
settle "$third" ignored 2026-11-21T04:00:00Z
run hl-triage <in2
is "$(verdicts) $(id)" "duplicate $third" 'settled, though hl-triage never remembered it'

# Policy and runbooks.
mkdir -p runbooks
cat >runbooks/disk.yaml <<'END'
id: disk-full
trigger: {alert: DiskFull}
solutions: [{id: clean, steps: [{tool: host.disks}]}]
END
cat >runbooks/disk-nas.yaml <<'END'
id: disk-full-nas
trigger: {match: 'alertname="DiskFull", instance=~"nas.*"'}
solutions: [{id: clean, steps: [{tool: host.disks}]}]
END
cat >runbooks/radarr.yaml <<'END'
id: radarr-memory-pressure-001
trigger:
  metric: container_memory_usage_bytes{pod=~"radarr.*"}
  condition: "> 90%"
solutions: [{id: clean, steps: [{tool: host.disks}]}]
END
repo 'silences:
  - {match: alertname="Noise", why: the fan is on order, until: 2026-11-21T05:00:00Z}
expected:
  - {match: alertname="Backup", why: the backup loads the disks at night}'
fresh
fired DiskFull nas:9100 03:50:00 >in
run hl-triage <in
is "$(verdicts) $(field '.triage.runbooks')" 'problem ["disk-full-nas","disk-full"]' 'runbooks, the one that says more first'
is "$(why)" "2 runbooks know it, first of all 'disk-full-nas'" 'and why'
is "$(field .basis)" "$(git -C ops rev-parse HEAD)" 'with the commit in force'
fired DiskFull web:9100 03:50:00 >in
run hl-triage <in
is "$(why)" "runbook 'disk-full' knows it" 'one runbook'
sig Mem n1 firing 2026-11-21T03:50:00Z '' '"url":"http://p:9090/graph?g0.expr=container_memory_usage_bytes%7Bpod%3D~%22radarr.%2A%22%7D+%3E+9e%2B08&g0.tab=1"' |
	sed 's/"instance"/"pod":"radarr-0","instance"/' >in
run hl-triage <in
is "$(field '.triage.runbooks')" '["radarr-memory-pressure-001"]' 'by the metric of the alert'\''s expression'
fired Noise n1 03:50:00 >in
run hl-triage <in
is "$(verdicts) $(why)" 'snoozed silenced by policy until 2026-11-21T05:00:00Z: the fan is on order' 'a silence'
at 05:00:00
run hl-triage <in
is "$(verdicts)" unsure 'that ends'
at 04:00:00
fired Backup n1 03:50:00 >in
run hl-triage <in
is "$(verdicts) $(why)" 'expected expected: the backup loads the disks at night' 'what policy expects'
fired Other n1 03:50:00 >in
run hl-triage <in
is "$(verdicts) $(why)" 'unsure no runbook knows it and no rule expects it' 'nothing decides it'
HL_REPO=$PWD/nowhere run hl-triage <in
is_status 69 'a repo that was named and is not there'
repo 'groupby: [x]'
run hl-triage <in
is_status 78 'a policy that is wrong'
like "$(cat err)" 'policy.yaml:1.*groupby.*did you mean' 'is named, with what was meant'
no_repo

# Bad input.
fresh
{
	echo '{"kind":"signal","labels":{"a":"b"}}'
	echo '{"kind":"signal","status":"burning","labels":{"a":"b"}}'
	echo '{"kind":"signal","status":"firing"}'
	echo '{"kind":"signal","status":"firing","labels":{}}'
	echo '{"kind":"signal","status":"firing","labels":{"a":1}}'
	echo '{"kind":"signal","status":"firing","labels":["a"]}'
	echo '{"kind":"signal","status":"firing","labels":{"a":"b"},"starts_at":"yesterday"}'
	echo '{"kind":"signal","status":"firing","labels":{"a":"b"},"starts_at":7}'
	echo '{"kind":"signal","status":"firing","labels":{"a":"b"},"ends_at":"x"}'
	echo '{"kind":"case"}'
	echo 'no json'
	fired A n1 03:50:00
} >in
run hl-triage <in
is_status 65 'bad lines'
is "$(wc -l <out) $(verdicts)" '1 unsure' 'do not stop the good one'
is "$(grep -c '^hl-triage: stdin:' err)" 12 'each is named, and the first once more'
like "$(sed -n 1p err)" 'stdin:1: signal without status' 'by line and path'
like "$(sed -n 2p err)" 'stdin:2: status: not one of firing, resolved' 'status'
like "$(sed -n 5p err)" "stdin:5: label 'a' is not a text" 'labels'
like "$(sed -n 7p err)" 'stdin:7: starts_at: ' 'time'
is "$(awk 'NR % 2 == 0' "$HL_STATE"/rejects/2026-11-21)" "$(head -11 in)" 'and kept whole'
awk 'BEGIN {printf "{\"kind\":\"signal\",\"status\":\"firing\",\"labels\":{\"a\":\"b\"},\"x\":\""; for (i = 0; i < 1100; i++) printf "%1000s", "x"; print "\"}"}' >in
run hl-triage <in
is_status 65 'a signal that no case can hold'

# What is missing has a default; odd texts do no harm.
fresh
printf '{"kind":"signal","status":"firing","labels":{"job":"x\\u001b[2J","severity":"page"},"annotations":{"summary":"line one\\nline two \\u202e %s"},"starts_at":"0001-01-01T00:00:00Z"}\n' \
	"$(head -c 400 /dev/zero | tr '\0' x)" >in
run hl-triage <in
is "$(field '[.opened_at, .severity]')" '["2026-11-21T04:00:00Z","critical"]' 'no start is now; the label tells the severity'
like "$(field .title)" '^alert: line one line two \\xe2\\x80\\xae x*…$' 'a title is one line, cut and harmless'
printf '{"kind":"signal","status":"firing","labels":{"job":"x\\u001b[2J","severity":"page"}}\n' >in
HL_NOW=2026-11-21T04:10:00Z run hl-triage <in
is "$(field .triage.count)" 1 'without a start a repetition is no new one'

# What is not ours passes through untouched.
fresh
printf '%s\n' '{ "kind": "else", "x" : 1.50 }' '{"kind":"case","id":"x-1","signals":[],"triage":{"verdict":"unsure"},"z":[1, 2]}' >in
run hl-triage <in
is "$(cat out)" "$(cat in)" 'other kinds and cases pass as they came'
is "$(ls -A "$HL_STATE" 2>/dev/null)" '' 'and need no database'

# Real payloads of Alertmanager, through hl-gather.
samples=$HL_TOP/tests/samples/alertmanager
HL_NOW=2026-12-31T00:00:00Z
from() { # SAMPLE
	hl-gather --from "$samples/$1.json" >signals 2>err || echo "# hl-gather: $(cat err)"
	run hl-triage <signals
	is_status 0 "$1"
	schema_ok case "$1: cases as the schema has them" <out
	is "$(jq -r '.signals[].fingerprint' out | sort -u)" "$(jq -r '.alerts[].fingerprint' "$samples/$1.json" | sort -u)" "$1: every alert"
}
for sample in webhook-firing-single webhook-firing-groupby-all-escapes webhook-mixed-firing-resolved-truncated \
	webhook-resolved-group webhook-resolved-single webhook-firing-group-truncated; do
	rm -rf "$HL_STATE"
	from $sample
	ids=$(id | sort)
	from $sample
	is "$(id | sort)" "$ids" "$sample: twice is the same cases"
done

# Observations go to the signals that name their tool.
{
	echo '{"kind":"observation","tool":"host.disks","args":{},"host":"nas","at":"2026-11-21T03:59:00Z","ok":true,"data":{"x":1},"took_ms":1}'
	echo '{"kind":"observation","tool":"host.memory","args":{},"host":"nas","at":"2026-11-21T03:59:00Z","ok":true,"data":{},"took_ms":1}'
	echo '{"kind":"signal","source":"hl-gather","status":"firing","labels":{"alertname":"D","host":"nas"},"annotations":{"tool":"host.disks"}}'
	echo '{"kind":"signal","source":"x","status":"firing","labels":{"alertname":"E","host":"nas"}}'
} >in
fresh
run hl-triage <in
is "$(jq -c '[.context[].tool]' out | paste -sd' ' -)" '["host.disks"] []' 'as context, and nowhere else'

# A live pipe: a case leaves while more is awaited, and a repeating group is quiet.
fresh
mkfifo pipe
hl-triage <pipe >out 2>err &
pid=$!
exec 3>pipe
fired A n1 03:50:00 >&3
for i in $(seq 500); do [ -s out ] && break; perl -e 'select undef, undef, undef, 0.01'; done
is "$(wc -l <out)" 1 'a case leaves as soon as nothing more is there'
fired A n1 03:50:00 >&3
fired A n1 03:51:00 >&3
fired B n1 03:51:00 >&3
exec 3>&-
wait $pid
is "$(jq -r '[.title, .triage.verdict] | join(" ")' out | paste -sd';' -)" 'A on n1: it is bad unsure;B on n1: it is bad unsure' \
	'what repeats itself within a minute is not told again'
fired A n1 03:51:00 >in
run hl-triage <in
is "$(field .triage.count)" 2 'but counted'

# Two at once: everything once or under the same id, nothing lost.
fresh
for i in $(seq 300); do fired "A$((i % 50))" "n$i" 03:50:00; done >in
hl-triage <in >out1 2>err1 & one=$!
hl-triage <in >out2 2>err2 & two=$!
wait $one; s1=$?
wait $two; s2=$?
is "$s1 $s2 $(cat err1 err2)" '0 0 ' 'two at once both succeed'
is "$(cat out1 out2 | jq -r .id | sort -u | wc -l)" 300 'and agree on the cases'
run hl-triage <in
is "$(field .triage.count | sort -u)" 1 'that fired once each'

# Killed before any call that changes a file: the next run hands on what was not handed on.
if [ -n "${HL_SANITIZE-}" ]; then
	skip 'killed at every call' 'no preload under the sanitizer'
else
	for i in 1 2 3; do fired "K$i" n1 03:50:00; done >in
	fresh
	LD_PRELOAD=$HL_HELPERS/kill_at.so HL_COUNT_TO=$PWD/calls hl-triage <in >out 2>err
	wanted=$(jq -r .id out | sort)
	lost=
	k=1
	while [ $k -le "$(cat calls)" ]; do
		fresh
		env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_KILL_AT=$k hl-triage <in >killed 2>err
		hl-triage <in >again 2>err || lost="$lost $k(status)"
		[ "$(cat killed again | jq -r 'select(.triage.verdict == "unsure") | .id' | sort -u)" = "$wanted" ] || lost="$lost $k"
		hl-triage <in >third 2>>err
		[ "$(jq -r '[.id, .triage.count] | join(" ")' third | sort)" = "$(echo "$wanted" | sed 's/$/ 1/')" ] || lost="$lost $k(count)"
		k=$((k + 1))
	done
	is "$lost" '' "killed before each of $(cat calls) calls, nothing is lost and nothing counted twice"
fi

# A database that is no database.
fresh
mkdir -p "$HL_STATE"
head -c 5000 /dev/zero | tr '\0' x >"$HL_STATE/hl.db"
run hl-triage <in
is_status 78 'a damaged database'
like "$(cat err)" "hl.db' is damaged.*move it away" 'is named, with what to do'

done_testing
