# Four writers on one branch, every other run of theirs killed at any moment, against one writer who is left in peace.
# Batches of ten decisions; a batch that was killed is fed in again until it went through.
. "$HL_TOP/tests/bench/lib.sh"
command -v git >/dev/null || skip_bench 'no git'
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export HL_STATE="$work/state" HL_REPO="$work/ours" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=o GIT_AUTHOR_EMAIL=o@x GIT_COMMITTER_NAME=o GIT_COMMITTER_EMAIL=o@x
batches=80
git init -q -b main "$work/checked-out"
git -C "$work/checked-out" commit -q --allow-empty -m start
git clone -q --bare "$work/checked-out" "$work/bare"
mkdir "$work/in"
for b in $(seq $batches); do
	awk -v count=10 -v from=$((b * 10)) -v day=200 -f "$HL_TOP/tests/bench/decisions.awk" >"$work/in/$b"
done
cat >"$work/writer" <<'W'
# FIRST STEP KILLS: every STEPth batch from FIRST; with KILLS 1 every other run is given 5 to 64 ms to live
seed=$1
b=$1
while [ "$b" -le "$BATCHES" ]; do
	while :; do
		seed=$(((seed * 1103515245 + 12345) % 2147483648))
		if [ "$3" = 1 ] && [ $((seed / 65536 % 2)) -ne 0 ]; then
			timeout -s KILL "$(printf '0.%03d' $((seed / 262144 % 60 + 5)))" hl-record <"$IN/$b" >/dev/null 2>>"$LOG"
		else
			hl-record <"$IN/$b" >/dev/null 2>>"$LOG"
		fi
		status=$?
		[ $status -eq 0 ] && break
		[ $status -eq 137 ] && echo killed >>"$KILLED"
	done
	b=$((b + $2))
done
W
export BATCHES=$batches IN="$work/in" LOG="$work/log" KILLED="$work/killed"
again="rm -rf $work/ours $work/state; cp -a $work/bare $work/ours"
four="$again; for w in 1 2 3 4; do sh $work/writer \$w 4 1 & done; wait"
one="$again; sh $work/writer 1 1 0"

sh -c "$four" || exit 1
echo "       $(wc -l <"$KILLED") runs were killed for $batches batches"
lost=$((batches * 10 - $(git -C "$HL_REPO" ls-tree -r --name-only HEAD | wc -l)))
figure 'decisions lost' $lost '' '<=' 0
figure 'commits beyond one a decision' $(($(git -C "$HL_REPO" rev-list --count HEAD) - 1 - batches * 10)) '' '<=' 0
figure 'complaints of git fsck --strict' "$(git -C "$HL_REPO" fsck --strict --full --no-dangling 2>&1 | wc -l)" '' '<=' 0
figure 'locks that a killed one left to the next' "$(grep -c 'is held by' "$LOG")" '' '<=' 0
compare 'one writer in peace by four killed' clock '>=' 0.8 "$four" "$one"
bench_end
