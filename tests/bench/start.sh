# Starting: a stage that is given nothing, against a program that does nothing and one that reads
# JSON. A stage opens no repository and no database before its first record.
. "$HL_TOP/tests/bench/lib.sh"

HL_STATE=$HL_BENCH/data/state
export HL_STATE

for stage in triage plan ask apply record; do
	program=$HL_BIN/hl-$stage
	[ -x "$program" ] || continue
	# A program started a hundred times, since one start is too short to measure.
	if ldd "$program" | grep -q libgit2; then
		compare "hl-$stage, which can read git" cpu '<=' 0.333 \
			"measure -n 100 -- $program" "measure -n 100 -- jq -n 1"
	else
		compare "hl-$stage" cpu '<=' 1.5 "measure -n 100 -- $program" "measure -n 100 -- true"
	fi
done
bench_end
