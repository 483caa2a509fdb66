#!/bin/sh
# Runs the benches named, or all: each is a script beside this one. Fails when a bar is missed.
#
#	make bench                    all
#	make bench BENCH='pass scan'  some
: "${HL_TOP:?run by make bench}"
here=$HL_TOP/tests/bench
# shellcheck disable=SC2046 # names, one word each
[ $# -gt 0 ] || set -- $(cd "$here" && ls -- *.sh | sed 's/\.sh$//' | grep -vx -e run -e lib)
missed=
for bench; do
	[ -r "$here/$bench.sh" ] || { echo "run.sh: no bench '$bench'" >&2; exit 64; }
	echo "# $bench"
	sh "$here/$bench.sh" || missed="$missed $bench"
done
[ -z "$missed" ] || { echo "missed:$missed" >&2; exit 1; }
