# What the benches share. Source it first:
#
#	. "$HL_TOP/tests/bench/lib.sh"
#	data=$(data alerts-100k.jsonl awk -v count=100000 -f "$HL_TOP/tests/bench/alerts.awk")
#	compare 'one stage' cpu '>=' 20 "hl-plan <$data" "jq -c . <$data"
#	figure 'memory' 4000 KiB '<=' 16384
#	bench_end
#
# Both sides of a comparison run in turn, ROUNDS times; what counts is the median of the ratios of each
# round, because the machine's own speed comes and goes. Figures that do not depend on the load
# (instructions, bytes) are compared as they are.
: "${HL_TOP:?run by make bench}" "${HL_BENCH:?}" "${HL_BIN:?}"
ROUNDS=${ROUNDS:-5}
PATH=$HL_BIN:$HL_BENCH:$PATH
LC_ALL=C.UTF-8
export PATH LC_ALL
bench_missed=0
bench_data=$HL_BENCH/data

# A file that COMMAND writes to standard output, made once and kept. Prints its path.
data() { # NAME COMMAND...
	bench_file=$bench_data/$1
	shift
	if [ ! -e "$bench_file" ]; then
		mkdir -p "$bench_data" && "$@" >"$bench_file.new" && mv "$bench_file.new" "$bench_file" || return 1
	fi
	echo "$bench_file"
}

# Prints "clock cpu rss" of a shell command; its output is thrown away.
cost() { # SHELL-COMMAND
	measure -- sh -c "$1"
}

judge() { # NAME TEXT VALUE OP BAR
	if awk "BEGIN {exit !($3 $4 $5)}"; then
		printf '%-6s %-44s %s (%s %s)\n' ok "$1" "$2" "$4" "$5"
	else
		printf '%-6s %-44s %s (%s %s)\n' MISSED "$1" "$2" "$4" "$5"
		bench_missed=1
	fi
}

# A figure that needs no peer.
figure() { # NAME VALUE UNIT OP BAR
	judge "$1" "$2 $3" "$2" "$4" "$5"
}

# With '>=', how many times as much THEIRS takes as OURS; with '<=', OURS by THEIRS.
compare() { # NAME clock|cpu '>='|'<=' BAR OURS THEIRS
	bench_column=1
	[ "$2" = clock ] || bench_column=2
	bench_round=0
	: >"$bench_data.rounds"
	while [ $bench_round -lt "$ROUNDS" ]; do
		bench_ours=$(cost "$5") && bench_theirs=$(cost "$6") || {
			printf '%-6s %-44s a command failed\n' MISSED "$1"
			bench_missed=1
			return 1
		}
		echo "$bench_ours $bench_theirs" >>"$bench_data.rounds"
		bench_round=$((bench_round + 1))
	done
	bench_result=$(awk -v c=$bench_column -v op="$3" '
		function median(a, n,   i, j, t) {
			for (i = 2; i <= n; i++)
				for (j = i; j > 1 && a[j - 1] > a[j]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
			return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
		}
		{ o[NR] = $c; t[NR] = $(c + 3); r[NR] = op == ">=" ? t[NR] / o[NR] : o[NR] / t[NR] }
		END { printf "%.3f %.4f %.4f", median(r, NR), median(o, NR), median(t, NR) }' "$bench_data.rounds")
	rm -f "$bench_data.rounds"
	# shellcheck disable=SC2086 # three words
	set -- "$1" "$2" "$3" "$4" $bench_result
	judge "$1" "$5 x: $6 s of $2, peer $7 s" "$5" "$3" "$4"
}

# The largest resident set of a shell command, in KiB.
memory() { # SHELL-COMMAND
	cost "$1" | cut -d' ' -f3
}

# Instructions that a command executes, by valgrind's callgrind: the same on every run.
instructions() { # INPUT COMMAND...
	bench_input=$1
	shift
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" <"$bench_input" 2>&1 >/dev/null |
		sed -n 's/.*Collected : //p'
}

skip_bench() { # WHY
	echo "skipped: $1"
	exit 0
}

bench_end() {
	exit $bench_missed
}
