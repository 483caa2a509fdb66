# Instructions for each byte read, validated, looked into and passed on: what a stage costs at
# least. Counted, so the same on every machine of this kind.
. "$HL_TOP/tests/bench/lib.sh"
command -v valgrind >/dev/null || skip_bench 'valgrind is not installed'
base=$(instructions /dev/null pass)
per_byte() { # NAME BAR FILE
	bench_n=$(instructions "$3" pass)
	figure "$1" "$(awk "BEGIN {printf \"%.2f\", ($bench_n - $base) / $(wc -c <"$3")}")" instructions/byte '<=' "$2"
}

signals=$(data signals-20k.jsonl awk -v count=20000 -v distinct=10000 -f "$HL_TOP/tests/bench/alerts.awk")
escapes=$(data escapes.jsonl awk 'BEGIN {
	for (i = 0; i < 5000; i++)
		printf "{\"kind\":\"x\",\"a\":\"%s\",\"b\":\"%s\"}\n", "line\\nnext \\\"word\\\" \\u00e9 \\\\ \\/", "Größe naïve 数据 данные" }')
numbers=$(data numbers.jsonl awk 'BEGIN {
	for (i = 0; i < 5000; i++)
		printf "{\"kind\":\"x\",\"v\":[%d,%d.25,-%d,%de-3,true,null,[],{}]}\n", i, i * 7, i * 7919, i }')
wide=$(data wide.jsonl awk 'BEGIN {
	for (i = 0; i < 50; i++) {
		printf "{\"kind\":\"x\""
		for (k = 0; k < 2000; k++)
			printf ",\"label_number_%d\":\"value %d\"", k, k * i
		print "}"
	} }')
per_byte 'signals' 10 "$signals"
per_byte 'escapes and other scripts' 40 "$escapes"
per_byte 'numbers and nesting' 40 "$numbers"
per_byte 'objects of 2000 members' 40 "$wide"
bench_end
