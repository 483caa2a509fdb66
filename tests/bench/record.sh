# Decisions, each its own durable commit. Many in one run against git fast-import, which gets its stream ready
# made; one in a run against git add and git commit.
. "$HL_TOP/tests/bench/lib.sh"
command -v git >/dev/null || skip_bench 'no git'
cases=$(data decisions-10k.jsonl awk -v count=10000 -v day=200 -f "$HL_TOP/tests/bench/decisions.awk")
one=$(data decisions-one.jsonl awk -v count=1 -v from=20000 -f "$HL_TOP/tests/bench/decisions.awk")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export HL_STATE="$work/state" HL_REPO="$work/ours" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=o GIT_AUTHOR_EMAIL=o@x GIT_COMMITTER_NAME=o GIT_COMMITTER_EMAIL=o@x
unset HL_NOW

git init -q -b main "$work/checked-out"
echo 'mode: verbose' >"$work/checked-out/policy.yaml"
git -C "$work/checked-out" add . && git -C "$work/checked-out" commit -qm policy
git clone -q --bare "$work/checked-out" "$work/bare"
again="rm -rf $work/ours $work/theirs $work/state; cp -a $work/bare $work/ours; cp -a $work/bare $work/theirs"

sh -c "$again" && hl-record <"$cases" >/dev/null || exit 1
[ "$(git -C "$HL_REPO" rev-list --count HEAD)" -eq 10001 ] || { echo 'MISSED not a commit each'; exit 1; }
git -C "$HL_REPO" fsck --strict --full >/dev/null 2>&1 || { echo 'MISSED not sound'; exit 1; }
figure 'bytes on disk a decision' $(($(du -sb "$HL_REPO/objects/pack" | cut -f1) / 10000)) B '<=' 1024
figure 'files for all of them' "$(find "$HL_REPO/objects/pack" -type f | wc -l)" '' '<=' 6
figure 'memory' "$(sh -c "$again"; memory "hl-record <$cases")" KiB '<=' 262144
git -C "$HL_REPO" fast-export HEAD >"$work/stream"
compare '10,000 decisions against fast-import' clock '>=' 1 "$again; hl-record <$cases" \
	"$again; git -C $work/theirs fast-import --quiet --force <$work/stream"

# Ten runs of one decision, each a process: what they are in is as it was left by earlier ones.
for i in 0 1 2 3 4 5 6 7 8 9; do
	awk -v count=1 -v from=$((20000 + i)) -f "$HL_TOP/tests/bench/decisions.awk" >"$work/$i.json"
done
again="rm -rf $work/ours $work/theirs; cp -a $work/checked-out $work/ours; cp -a $work/checked-out $work/theirs"
sh -c "$again" && hl-record <"$one" >/dev/null
ours="$again; for i in 0 1 2 3 4 5 6 7 8 9; do hl-record <$work/\$i.json; done"
theirs() { # GIT-OPTION
	echo "$again; cd $work/theirs; for i in 0 1 2 3 4 5 6 7 8 9; do
		cp $work/\$i.json \$i.json; git $1 add \$i.json; git $1 commit -qm \$i; done"
}
compare 'one against add and commit, both durable' clock '<=' 1 "$ours" "$(theirs '-c core.fsync=all')"
# As it comes git syncs none of what these two write: not the same work, but what people are used to.
compare 'the same, git syncing nothing' clock '<=' 1 "$ours" "$(theirs '-c core.fsync=committed,-loose-object')"
compare 'the same, git syncing nothing, CPU' cpu '<=' 1 "$ours" "$(theirs '-c core.fsync=committed,-loose-object')"
bench_end
