# Instructions for each byte read, validated, looked into and passed on: what a stage costs at
# least. Counted, so the same on every machine of this kind.
. "$HL_TOP/tests/bench/lib.sh"
command -v valgrind >/dev/null || skip_bench 'valgrind is not installed'
per_byte() { # NAME BAR FILE
	bench_n=$(instructions "$3" pass)
	figure "$1" "$(awk "BEGIN {printf \"%.2f\", $bench_n / $(wc -c <"$3")}")" instructions/byte '<=' "$2"
}
awk_alerts="awk -v count=20000 -v distinct=10000 -f $HL_TOP/tests/bench/alerts.awk"
per_byte 'alerts' 10 "$(data alerts-20k.jsonl $awk_alerts)"
bench_end
