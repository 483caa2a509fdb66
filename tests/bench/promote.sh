#!/bin/sh
# Learning from 100,000 decisions: from nothing, against git log --raw of the same history; then from 100
# more, against from nothing.
. "$HL_TOP/tests/bench/lib.sh"

make_history() { # DIRECTORY
	git init -q --bare -b main "$1.new" &&
		awk -v count=100000 -f "$HL_TOP/tests/bench/history.awk" | git -C "$1.new" fast-import --quiet &&
		git -C "$1.new" branch then main &&
		awk -v from=100000 -v count=100 -f "$HL_TOP/tests/bench/history.awk" | git -C "$1.new" fast-import --quiet &&
		mv "$1.new" "$1"
}

dir=$bench_data/promote
mkdir -p "$dir"
[ -e "$dir/ops.git" ] || make_history "$dir/ops.git" || exit 1
HL_REPO=$dir/ops.git HL_STATE=$dir/state HL_DATA=$HL_TOP HL_NOW=2026-11-21T04:00:00Z
export HL_REPO HL_STATE HL_DATA HL_NOW

cold="rm -rf '$HL_STATE/cache'; hl-promote -nq"
compare 'promote: 100,000 decisions from nothing' clock '<=' 1 "$cold" "git -C '$HL_REPO' log --raw main"
figure 'promote: memory' "$(memory "$cold")" KiB '<=' 131072

# What is remembered is the commit before the last hundred; so few are not written down again.
rm -rf "$HL_STATE/cache"
git -C "$HL_REPO" symbolic-ref HEAD refs/heads/then
hl-promote -nq >/dev/null
git -C "$HL_REPO" symbolic-ref HEAD refs/heads/main
HL_STATE=$dir/cold
compare 'promote: 100 more' cpu '<=' 0.01 "HL_STATE='$dir/state' hl-promote -nq" "rm -rf '$dir/cold/cache'; hl-promote -nq"
bench_end
