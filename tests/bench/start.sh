# Starting: a stage that is given nothing, against a program that does nothing and one that reads
# JSON. A stage opens no repository and no database before its first record.
. "$HL_TOP/tests/bench/lib.sh"

times() { # a program started a hundred times
	echo "measure -n 100 -- $1"
}

for stage in triage plan ask apply record promote; do
	[ -x "$HL_BIN/hl-$stage" ] || continue
	compare "hl-$stage against true" cpu '<=' 1.5 "$(times "hl-$stage -q")" "$(times /bin/true)"
done
bench_end
