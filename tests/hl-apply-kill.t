# hl-apply killed before every call that changes a file: no step and no undo ever runs twice, and nothing
# is lost. What each did is counted in files.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
[ -z "${HL_SANITIZE:-}${HL_VALGRIND:-}" ] || skip_all 'a preload does not go with it'

make_ops
cat >ops/runbooks/box.yaml <<END
id: box
trigger: {alert: BoxGone}
solutions:
  - id: works
    steps:
      - {id: one, tool: box.tally, args: {file: "$PWD/box/one"}}
      - {id: two, tool: box.tally, args: {file: "$PWD/box/two"}, needs: [one]}
    verify:
      - {tool: box.has, args: {path: "$PWD/box/one"}}
      - {tool: box.has, args: {path: "$PWD/box/two"}}
  - id: fails
    steps:
      - {id: one, tool: box.tally, args: {file: "$PWD/box/one"}}
      - {id: two, tool: box.tally, args: {file: "$PWD/box/two"}, needs: [one]}
    verify: [{tool: box.has, args: {path: /nonexistent/thing}}]
END
commit_ops one
triaged aaaaaaaaaaaaaaaa '"box"' | hl-plan >planned
approve 1 <planned >works
approve 2 <planned >fails

count_of() { # FILE: how often it was counted
	[ -e "box/$1" ] && wc -l <"box/$1" || echo 0
}
fresh() {
	rm -rf box state && mkdir box
}
killed() { # N CASE
	env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_KILL_AT="$1" hl-apply -q <"$2" >out 2>err
}
calls() { # CASE: how many there are
	fresh
	env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_COUNT_TO="$PWD/calls" hl-apply -q <"$1" >/dev/null 2>&1
	cat calls
}

# Whatever the state, the case brought again comes to an end, with nothing run twice.
brought_again() { # N CASE WANTED
	hl-apply -q <"$2" >again 2>>err
	result=$(jq -r .outcome.result again)
	counts="$(count_of one) $(count_of two) $(count_of one.undone) $(count_of two.undone)"
	case "$counts" in
	*[2-9]* | *[0-9][0-9]*) echo "# killed at $1: counts $counts, $result" && return 1 ;;
	esac
	case "$result $counts" in
	"fixed 1 1 0 0" | "rolled_back 1 1 1 1") ;;
	unverified*' '[01]' 0 0')
		jq -r .outcome.why again | grep -q "step '\(one\|two\)' was interrupted" ||
			{ echo "# killed at $1: $(cat again)"; return 1; }
		;;
	"failed 1 1 "*) # an undo was cut off
		jq -e '.outcome.undo | any(.error == "interrupted: nobody knows whether it was done")' again >/dev/null ||
			{ echo "# killed at $1: $(cat again)"; return 1; }
		;;
	*) echo "# killed at $1: counts $counts, $result" && return 1 ;;
	esac
	hl-apply -q <"$2" >once_more 2>>err
	cmp -s again once_more || { echo "# killed at $1: another outcome the next time"; return 1; }
}

for how in whole torn; do
	[ $how = torn ] && export HL_KILL_HALF=1
	for case in works fails; do
		[ $how,$case = torn,fails ] && continue # the same journal
		last=$(calls $case)
		bad=0 dead=0 resumed=0 seen=
		at=1
		while [ "$at" -le "$last" ]; do
			fresh
			killed "$at" $case
			[ $? -eq 137 ] && dead=$((dead + 1))
			# Every other time --resume comes first, as it does after a reboot.
			if [ $((at % 2)) -eq 0 ]; then
				hl-apply -q --resume >resumed 2>>err
				[ -s resumed ] && resumed=$((resumed + 1))
			fi
			brought_again "$at" $case || bad=$((bad + 1))
			if [ $((at % 2)) -eq 0 ] && [ -s resumed ]; then
				[ "$(jq -c .outcome resumed)" = "$(jq -c .outcome again)" ] ||
					{ echo "# killed at $at: --resume saw another outcome"; bad=$((bad + 1)); }
			fi
			seen="$seen $(jq -r .outcome.result again)"
			at=$((at + 1))
		done
		is "$bad" 0 "$case, $how, killed at each of $last calls: nothing runs twice, nothing is lost"
		is "$dead" "$last" 'each time it died'
		[ "$resumed" -gt 4 ]
		ok $? "--resume finished what was begun ($resumed times)"
		case $seen in *unverified*) ok 0 'a step that was cut off is told' ;; *) ok 1 'a step that was cut off is told' ;; esac
		case "$case $seen" in works*fixed* | fails*rolled_back*) ok 0 'and else it comes to its end' ;; *) ok 1 'and else it comes to its end' ;; esac
	done
done
unset HL_KILL_HALF

# A disk that fills up at any moment: a step whose intent cannot be written is not run.
last=$(calls works)
bad=0
at=1
while [ "$at" -le "$last" ]; do
	fresh
	env LD_PRELOAD="$HL_HELPERS/fail_at.so" HL_FAIL_AT="$at" hl-apply -q <works >out 2>err
	status=$?
	[ "$status" -lt 128 ] || { echo "# failed at $at: status $status"; bad=$((bad + 1)); }
	brought_again "$at" works || bad=$((bad + 1))
	at=$((at + 1))
done
is "$bad" 0 "each of $last calls failing: nothing runs twice, nothing is lost"

# Two at once: one runs it, both have the outcome.
fresh
hl-apply -q <works >first 2>err &
hl-apply -q <works >second 2>>err
wait
is "$(count_of one) $(count_of two)" '1 1' 'two at once run it once'
cmp -s first second
ok $? 'and both have the same outcome'

# A damaged journal is no licence to start over.
fresh
killed 999999 works
sed -i 2d state/runs/*.jsonl && sed -i '2s/.*/{"event"/' state/runs/*.jsonl
run hl-apply <works
is_status 65 'a damaged journal is an error'
like "$(cat err)" 'damaged at line 2' 'and is named'
cmp -s out works
ok $? 'the case goes on as it was'
is "$(count_of one)" 1 'and nothing is run'
done_testing
