# A flood: a million signals of 0.7 KB, of ten thousand distinct alerts, each firing again and again. hl-triage
# reads, validates, deduplicates, groups, judges and remembers them; the peers read and deduplicate.
# jq holds all of its input in memory, so it is given a fifth of it.
. "$HL_TOP/tests/bench/lib.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/hl-bench.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
awk -v count=1000000 -v distinct=10000 -f "$HL_TOP/tests/bench/alerts.awk" >"$work/million"
head -200000 "$work/million" >"$work/fifth"
cat >"$work/dedupe.py" <<'END'
import json, sys
seen = {}
for line in sys.stdin:
    alert = json.loads(line)
    seen.setdefault(alert["fingerprint"], alert)
for alert in seen.values():
    print(json.dumps(alert))
END
unset HL_REPO
HL_STATE=$work/state
export HL_STATE
ours="rm -rf $work/state; hl-triage -q"
compare 'a million signals against Python' cpu '>=' 3 "$ours <$work/million" "python3 $work/dedupe.py <$work/million"
compare '200,000 signals against jq' cpu '>=' 10 "$ours <$work/fifth" \
	"jq -sc 'group_by(.fingerprint)[] | .[0]' <$work/fifth"
figure 'memory, 10,000 distinct' "$(memory "$ours <$work/million")" KiB '<=' $((16384 + 640))
if command -v valgrind >/dev/null; then
	head -50000 "$work/fifth" >"$work/few"
	rm -rf "$work/state"
	few=$(instructions "$work/few" hl-triage -q)
	rm -rf "$work/state"
	more=$(instructions "$work/fifth" hl-triage -q)
	figure 'a signal that repeats an alert' $(((more - few) / 150000)) instructions '<=' 10500
fi
bench_end
