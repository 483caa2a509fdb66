#!/bin/sh
# 10,000 triggers, 5 % with an expression for the alert's name, against 100,000 alerts: the index
# and the loop that tries them all with regexec. CPU time by alert; both find the same.
. "$HL_TOP/tests/bench/lib.sh"

ratios=
for round in 1 2 3 4 5; do
	loop=$(match naive 500)
	ratios="$ratios $(echo "$loop $(match index 100000)" | awk '{print $2 / $1 / ($5 / $4)}')"
done
median=$(printf '%s\n' $ratios | sort -n | sed -n 3p)
figure 'matching: the loop, by alert, over the index' "$median" x '>=' 500
figure 'matching: triggers found by the loop' "${loop##* }" '' '==' "$(match index 500 | cut -d' ' -f3)"
bench_end
