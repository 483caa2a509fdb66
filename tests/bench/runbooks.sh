# Starting with 10,000 runbooks that have not changed: what a run that matches one alert costs, against
# git looking for a word in them, and against parsing them.
. "$HL_TOP/tests/bench/lib.sh"
[ -x "$HL_BIN/hl-triage" ] || skip_bench 'there is no hl-triage'

ops=$HL_BENCH/data/runbooks-10k
if [ ! -d "$ops/.git" ]; then
	mkdir -p "$ops/runbooks"
	awk -v dir="$ops/runbooks" 'BEGIN {
		for (i = 0; i < 10000; i++) {
			name = sprintf(i % 20 ? "Svc%05dDown" : "/Svc%05d(Down|Slow)/", i)
			file = sprintf("%s/svc-%05d.yaml", dir, i)
			printf "id: svc-%05d\ntrigger:\n  match: {alertname: \"%s\", instance: \"/node-%d[0-9]*:9100/\"}\n" \
				"solutions:\n  - id: restart\n    impact: some seconds\n    risk: low\n    steps:\n" \
				"      - {tool: systemd.restart, args: {unit: \"{labels.unit}\"}}\n    verify:\n" \
				"      - {tool: systemd.unit, args: {unit: \"{labels.unit}\"}, expect: {/ActiveState: active}}\n", \
				i, name, i % 10 > file
			close(file)
		}
	}'
	git init -q -b main "$ops"
	git -C "$ops" add runbooks
	git -C "$ops" -c user.name=bench -c user.email=bench@localhost -c gc.auto=0 commit -qm runbooks
	git -C "$ops" repack -adq
fi
HL_REPO=$ops HL_STATE=$HL_BENCH/data/runbooks-state
export HL_REPO HL_STATE
signal=$HL_BENCH/data/runbooks-signal
printf '{"kind":"signal","status":"firing","labels":{"alertname":"Svc00041Down","instance":"node-1:9100"},"starts_at":"2026-11-21T03:59:00Z"}\n' >"$signal"
one="rm -f $HL_STATE/hl.db*; hl-triage"

rm -rf "$HL_STATE"
figure 'the runbook is found' "$(sh -c "$one <$signal" | jq -r '.triage.runbooks | length')" runbook '==' 1
figure 'the first time, 10,000 parsed' "$(rm -rf "$HL_STATE"; cost "hl-triage <$signal" | cut -d' ' -f2)" 's of CPU' '<=' 3
compare 'from the cache, and git grep' cpu '<=' 1.0 "$one <$signal" "git -C $ops grep -c alertname HEAD -- runbooks"
compare 'from the cache, and without' cpu '>=' 5 "$one <$signal" "rm -rf $HL_STATE/cache; $one <$signal"
figure 'from the cache' "$(rm -f "$HL_STATE"/hl.db*; instructions "$signal" hl-triage)" instructions '<=' 150000000
bench_end
