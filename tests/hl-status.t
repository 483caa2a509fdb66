# hl-status, hl-halt, hl-resume.
. "$HL_TOP/tests/tap.sh"

for c in hl-status hl-halt hl-resume hl-doctor; do
	run $c --help
	is_status 0 "$c --help"
	run $c --bogus
	is_status 64 "$c with an unknown option"
done
run hl-status
is_status 0 'before anything is set up'
like "$(cat out)" 'hl init' 'it names the first step'
hl-init -q
run hl-status
like "$(cat out)" 'halted   no' 'not halted'
like "$(cat out)" 'waiting  0 cases' 'nothing waits'

run hl-halt moving the rack
is_status 0 'halt'
run hl-status
like "$(cat out)" 'YES: 2026-11-21T04:00:00Z .*moving the rack' 'says since when and why'
run hl-doctor
like "$(cat out)" 'note .*halted' 'the doctor notes it'
run hl-resume
is_status 0 'resume'
run hl-resume
is_status 0 'resume again is no error'
like "$(cat err)" 'there was no halt' 'and says so'
run hl-status
like "$(cat out)" 'halted   no' 'not halted any more'

# A line that drives a terminal stays text.
mkdir -p "$HL_STATE"
printf '2026 x \033[2Jhidden' >"$HL_STATE/halt"
run hl-status
unlike "$(cat out)" "$(printf '\033')" 'control characters are made visible'
hl-resume -q

run hl-doctor
is_status 0 'nothing bad'
echo 'mode: bold' >"$HL_STATE/ops/policy.yaml"
run hl-doctor
is_status 0 'an edit that is not committed is not in force'
like "$(cat out)" "note .*policy.yaml.*not in force" 'and is pointed at'
git -C "$HL_STATE/ops" -c user.name=t -c user.email=t@example.org commit -qam 'bold'
run hl-doctor
is_status 1 'committed, it is bad'
like "$(cat out)" 'BAD .*policy.yaml:1:.*mode' 'with file, line and key'
done_testing
