# Records that a stage has nothing to do with: hl hands them on as the bytes they came in, jq reads
# and writes them. One stage, and six in a pipe.
. "$HL_TOP/tests/bench/lib.sh"
alerts=$(data other-100k.jsonl awk -v count=100000 -v distinct=10000 -v kind=other -f "$HL_TOP/tests/bench/alerts.awk")
fewer=$(data other-20k.jsonl head -20000 "$alerts")
line=$(data other-long.jsonl awk 'BEGIN {printf "{\"kind\":\"other\",\"text\":\""; for (i = 0; i < 15000; i++) printf "%1000s", "x"; print "\"}"}')
ours=pass

$ours <"$alerts" | cmp -s - "$alerts" || { echo "MISSED $ours changes what it passes on"; exit 1; }
compare 'one stage' cpu '>=' 20 "$ours <$fewer" "jq -c . <$fewer"
compare 'six stages in a pipe' cpu '>=' 20 \
	"$ours <$fewer | $ours | $ours | $ours | $ours | $ours" \
	"jq -c . <$fewer | jq -c . | jq -c . | jq -c . | jq -c . | jq -c ."
figure 'memory, lines of 0.7 KB' "$(memory "$ours <$alerts")" KiB '<=' 8192
figure 'memory, one line of 15 MB' "$(memory "$ours <$line")" KiB '<=' 65536
bench_end
