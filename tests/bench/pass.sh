# Records that a stage has nothing to do with: hl hands them on as the bytes they came in, jq reads
# and writes them. One stage, and six in a pipe.
. "$HL_TOP/tests/bench/lib.sh"
alerts=$(data other-100k.jsonl awk -v count=100000 -v distinct=10000 -v kind=other -f "$HL_TOP/tests/bench/alerts.awk")
fewer=$(data other-50k.jsonl head -50000 "$alerts")
line=$(data other-long.jsonl awk 'BEGIN {printf "{\"kind\":\"other\",\"text\":\""; for (i = 0; i < 15000; i++) printf "%1000s", "x"; print "\"}"}')
HL_STATE=$HL_BENCH/data/state
export HL_STATE

# The stages of the loop; what is not built yet is stood in for by one that is.
six=
for stage in triage plan ask apply record plan; do
	[ -x "$HL_BIN/hl-$stage" ] || stage=plan
	six="$six${six:+ | }hl-$stage"
done
six_jq="jq -c . | jq -c . | jq -c . | jq -c . | jq -c . | jq -c ."

sh -c "$six" <"$alerts" | cmp -s - "$alerts" || { echo "MISSED the stages change what they pass on"; exit 1; }
compare 'one stage' cpu '>=' 20 "hl-plan <$fewer" "jq -c . <$fewer"
compare 'six stages in a pipe' cpu '>=' 20 "($six) <$fewer" "($six_jq) <$fewer"
figure 'memory, lines of 0.7 KB' "$(memory "hl-plan <$alerts")" KiB '<=' 16384
figure 'memory, one line of 15 MB' "$(memory "hl-plan <$line")" KiB '<=' 65536
bench_end
