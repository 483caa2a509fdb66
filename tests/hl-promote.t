# hl-promote: up by proof, down at once, and the sum can be done again.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

make_ops
cat >>ops/policy.yaml <<'END'
undo_optional: single_pod
identity: {name: keeper, mail: keeper@localhost}
END
cat >ops/runbooks/box-gone.yaml <<'END'
# Looked after by alice.
id: box-gone
trigger: {alert: BoxGone}
solutions:
  - id: make-it      # quick
    steps:
      - {id: make, tool: box.mkdir, args: {path: "{labels.dir}"}}
    verify: [{tool: box.has, args: {path: "{labels.dir}"}}]
    human_selected: 0
automation_level: ask_human   # raised by hl-promote
recurs_within: 1h
END
at() { # RFC3339: the clock of git and of hl
	HL_NOW=$1 GIT_AUTHOR_DATE=$1 GIT_COMMITTER_DATE=$1
	export HL_NOW GIT_AUTHOR_DATE GIT_COMMITTER_DATE
}
at 2026-11-01T00:00:00Z
commit_ops begin
digest() { # of the runbook's steps as they are now
	triaged 00000000000000aa '"box-gone"' | hl-plan 2>/dev/null | jq -r .plan.runbook.steps_digest
}
steps=$(digest)
level() { # of the runbook in force
	git -C ops show HEAD:runbooks/box-gone.yaml | sed -n 's/^automation_level: \([a-z_]*\).*/\1/p'
}

# A decision at DAY (of November) at noon, an hour of outcome later; not committed yet.
decide() { # DAY GROUP RESULT [DECISION [AGREED-WITH]]
	dir=ops/decisions/2026/11/$1
	mkdir -p "$dir"
	jq -n --arg day "$1" --arg group "$2" --arg result "$3" --arg decision "${4:-approved}" \
		--argjson solution "${5:-1}" --arg steps "$steps" --arg level "$(level)" '
		{kind: "case", id: "202611\($day)T120000Z-\($group)", opened_at: "2026-11-\($day)T12:00:00Z",
		title: "BoxGone", signals: [], triage: {verdict: "problem"},
		plan: {runbook: {id: "box-gone", path: "runbooks/box-gone.yaml", level: $level, steps_digest: $steps},
			solutions: [{n: 1, id: "make-it"}, {n: 2, id: "other"}], recommended: 1},
		approval: {decision: $decision, by: "alice", via: "terminal", at: "2026-11-\($day)T12:01:00Z",
			solution: $solution, agreed: ($solution == 1)}}
		+ if $result == "-" then {} else {outcome: {result: $result, at: "2026-11-\($day)T12:02:00Z",
			undo: (if $result == "rolled_back" then [{id: "make", tool: "box.rmdir", ok: true}] else [] end)}} end' \
		>"$dir/202611$1T120000Z-$2.json"
}
group() { # N: a fingerprint
	printf '%016x' "${1#0}" # 08 would be octal
}

# ---- nothing to learn from
run hl-promote
is_status 0 'a history without decisions is fine'
is "$(cat out err)" '' 'and gives nothing'

# ---- four are not enough, five are
for day in 02 03 04 05; do decide $day "$(group $day)" fixed; done
at 2026-11-06T00:00:00Z
commit_ops 'four decisions'
run hl-promote
is_status 0 'four of four'
is "$(jq -r '[.from, .to, .n, .k, .approvals] | join(" ")' out)" 'ask_human ask_human 4 4 4' 'stay'
is "$(jq -r '.bound * 1000 | floor' out)" 472 'the bound is that of Clopper and Pearson'
is "$(jq -r '.why[0]' out)" '4 of 4 held: a success rate of 0.473 is certain, suggest asks for 0.50 (5 of 5)' 'it says why'
is "$(git -C ops rev-list --count HEAD)" 2 'without a commit'
decide 06 "$(group 6)" fixed
commit_ops 'a fifth'
at 2026-11-06T12:30:00Z
run hl-promote
is "$(jq -r '[.n, .pending, .to] | join(" ")' out)" '4 1 ask_human' 'a fix counts once its window has passed'
at 2026-11-07T00:00:00Z
run hl-promote --dry-run
is_status 0 'a dry run'
is "$(jq -r .to out)" suggest 'says what would be done'
like "$(cat err)" 'box-gone: would go from ask_human to suggest: 5 of 5, at least 0.549' 'for a person too'
is "$(git -C ops rev-list --count HEAD)" 3 'and changes nothing'
run hl-promote
is_status 0 'five of five'
is "$(jq -r '[.from, .to, .n, .k] | join(" ")' out)" 'ask_human suggest 5 5' 'go up one level'
is "$(jq -r .commit out)" "$(git -C ops rev-parse HEAD)" 'in a commit'
is "$(git -C ops show --format= HEAD | grep '^[-+][^-+]')" "$(printf '%s\n' '-    human_selected: 0' \
	'-automation_level: ask_human   # raised by hl-promote' '+    human_selected: 5' '+    success_rate: 1.0' \
	'+automation_level: suggest   # raised by hl-promote')" 'that changes what a person would change'
is "$(git -C ops log -1 --format='%an %ae %ct')" 'keeper keeper@localhost 1794009600' 'by the identity in policy'
is "$(git -C ops log -1 --format=%s)" 'box-gone: promote from ask_human to suggest' 'with a subject'
is "$(git -C ops log -1 --format='%(trailers:key=Runbook,valueonly)%(trailers:key=Promoted-from,valueonly)%(trailers:key=Promoted-to,valueonly)%(trailers:key=Evidence,valueonly)' | tr '\n' ,)" \
	'box-gone,ask_human,suggest,n=5 k=5 bound=0.5492,,' 'and trailers that git reads'
is "$(git -C ops log -1 --format='%(trailers:key=Decisions,valueonly)')" \
	"5 sha256=$(git -C ops ls-tree -r --name-only HEAD decisions | sha256sum | cut -d' ' -f1)" 'over the decisions that counted'
is "$(git -C ops log -1 --format=%b | grep -c '^    decisions/')" 5 'which are named'
is "$(cat ops/runbooks/box-gone.yaml)" "$(git -C ops show HEAD:runbooks/box-gone.yaml)" 'the work tree goes along'
run hl-promote
is "$(jq -r .to out)" suggest 'again: nothing more to do'
is "$(git -C ops rev-list --count HEAD)" 4 'and no commit'

# ---- up to acting alone
for day in 07 08 09 10; do decide $day "$(group $day)" fixed; done
at 2026-11-11T00:00:00Z
commit_ops 'nine of nine'
run hl-promote
is "$(jq -r '[.from, .to, .n] | join(" ")' out)" 'suggest auto_notify 9' 'nine of nine act alone, where policy covers the undo'
run hl-promote --verify
is_status 0 'the sums hold'
is "$(jq -r '[.from, .to, .holds] | join(" ")' out)" "$(printf 'ask_human suggest true\nsuggest auto_notify true')" 'each of them'

# ---- down at once
decide 11 "$(group 11)" fixed auto
decide 12 "$(group 12)" failed auto
at 2026-11-13T00:00:00Z
commit_ops 'one failure'
run hl-promote
is_status 0 'after a failure'
is "$(jq -r '[.from, .to, .why[0]] | join(" ")' out)" 'auto_notify ask_human it failed' 'it asks again'
is "$(level)" ask_human 'in the file'
like "$(git -C ops log -1 --format=%b)" 'decisions/2026/11/12/20261112T120000Z-000000000000000c.json' 'the commit names the decision'
is "$(git -C ops log -1 --format='%(trailers:key=Demoted-from,valueonly)%(trailers:key=Demoted-to,valueonly)' | tr '\n' ,)" 'auto_notify,ask_human,,' 'and has its trailers'
run hl-promote
is "$(jq -r '[.to, .n] | join(" ")' out)" 'ask_human 0' 'what was shown before counts no more'
for day in 13 14 15 16; do decide $day "$(group $day)" fixed; done
decide 17 "$(group 16)" fixed
at 2026-11-18T00:00:00Z
commit_ops 'five more'
run hl-promote
is "$(jq -r '[.to, .n] | join(" ")' out)" 'suggest 5' 'five new ones bring it back'
decide 18 "$(group 18)" - rejected
at 2026-11-18T13:00:00Z
commit_ops 'rejected'
run hl-promote
is "$(jq -r '[.to, .why[0]] | join(" ")' out)" 'ask_human a person rejected it' 'a rejection brings it down'

# ---- what is no evidence
decide 19 "$(group 1)" fixed
mkdir -p ops/decisions/2026/11/19
sed 's/T120000Z/T123000Z/; s/T12:00:00Z/T12:30:00Z/' "ops/decisions/2026/11/19/20261119T120000Z-$(group 1).json" |
	jq 'del(.outcome) | .approval.decision = "ignored"' >"ops/decisions/2026/11/19/20261119T123000Z-$(group 1).json"
decide 20 "$(group 2)" unverified
decide 21 "$(group 3)" waiting
decide 22 "$(group 4)" refused
decide 23 "$(group 5)" - expired
decide 24 "$(group 6)" fixed approved 2
at 2026-11-25T00:00:00Z
commit_ops 'no evidence'
run hl-promote
is "$(jq -r '[.n, .k, .failures, .chosen, .agreed] | join(" ")' out)" '2 0 1 3 2' \
	'coming again is a failure; unverified is no success; waiting, refused, expired and another solution count for nothing'

# ---- the steps change
sed -i 's/id: make, tool/id: make-now, tool/' ops/runbooks/box-gone.yaml
commit_ops 'other steps'
run hl-promote -n
is "$(jq -r .n out)" 0 'evidence starts over when the steps change'
like "$(jq -r '.why[]' out)" 'the steps have changed: ' 'and it says so'

# ---- evidence ages
steps=$(digest)
for day in 25 26 27 28 29; do decide $day "$(group $day)" fixed; done
at 2026-12-01T00:00:00Z
commit_ops 'five of the new steps'
run hl-promote -n
is "$(jq -r .to out)" suggest 'five of the new steps would do'
at 2027-06-20T00:00:00Z
run hl-promote -n
is "$(jq -r '[.to, .n] | join(" ")' out)" 'ask_human 0' 'not half a year later'

# ---- an undo that was never exercised, a blast radius, a tool that is not there
at 2026-12-01T00:00:00Z
run hl-promote
is "$(level)" suggest 'up again'
for i in 31 32 33 34; do decide 30 "$(group $i)" fixed; done
sed -i 's/^undo_optional.*/undo_optional: none/' ops/policy.yaml
at 2026-12-02T00:00:00Z
commit_ops 'undo matters'
run hl-promote
like "$(jq -r '.why[]' out)" 'its undo has never been exercised' 'no acting alone without an undo that was seen to work'
printf 'promotion_criteria: {blast_radius: none}\n' >>ops/runbooks/box-gone.yaml
sed -i 's/^undo_optional.*/undo_optional: single_pod/' ops/policy.yaml
commit_ops 'narrow'
run hl-promote
like "$(jq -r '.why[]' out)" 'its blast radius is single_pod, promotion_criteria allow none' "the runbook's own criteria are kept"
sed -i '/^promotion_criteria/d' ops/runbooks/box-gone.yaml
mv ops/tools/box.yaml box.yaml
commit_ops 'no tools'
run hl-promote
like "$(jq -r '.why[]' out)" "its tool 'box.mkdir' is not in the catalogue" 'nor without its tools'
mv box.yaml ops/tools/box.yaml
commit_ops 'tools'
run hl-promote
is "$(jq -r .to out)" auto_notify 'with them it goes up'

# ---- the same from cold and from the cache
decide 30 "$(group 99)" fixed
at 2026-12-03T00:00:00Z
commit_ops 'one more'
hl-promote -n >warm 2>/dev/null
rm -rf "$HL_STATE/cache"
hl-promote -n >cold 2>/dev/null
is "$(cat warm)" "$(cat cold)" 'what is read anew is what was remembered'
ok "$([ -s "$HL_STATE/cache/decisions" ]; echo $?)" 'it is remembered'
printf 'x' | dd of="$HL_STATE/cache/decisions" bs=1 seek=200 conv=notrunc 2>/dev/null
hl-promote -n >again 2>/dev/null
is "$(cat again)" "$(cat cold)" 'a damaged memory is not believed'
git -C ops rm -q -r decisions/2026/11/30
commit_ops 'history is rewritten'
hl-promote -n >warm 2>/dev/null
rm -rf "$HL_STATE/cache"
hl-promote -n >cold 2>/dev/null
is "$(cat warm)" "$(cat cold)" 'a decision that is gone is noticed'
git -C ops reset -q --hard HEAD~1

# ---- proofs
run hl-promote --verify
is_status 0 'all of it holds'
is "$(jq -r '.to' out | tr '\n' ' ')" 'suggest auto_notify ask_human suggest ask_human suggest auto_notify ' 'in the order it happened'
sed 's/^automation_level: auto_notify/automation_level: auto/' ops/runbooks/box-gone.yaml >new && cp new ops/runbooks/box-gone.yaml
commit_ops 'by hand'
run hl-promote --verify
is_status 0 'a level that a person raised is no fault'
like "$(cat err)" 'box-gone from auto_notify to auto by hand, without evidence' 'but is told'
is "$(jq -c 'select(.by_hand) | [.from, .to, .holds]' out)" '["auto_notify","auto",false]' 'in a record too'
git -C ops reset -q --hard HEAD~1
cp new ops/runbooks/box-gone.yaml
git -C ops commit -q -a -m "$(printf 'box-gone: promote from auto_notify to auto\n\nTrust me.\n\nRunbook: box-gone\nPromoted-from: auto_notify\nPromoted-to: auto\nEvidence: n=19 k=19 bound=0.8541\nDecisions: 19 sha256=00')"
run hl-promote --verify
is_status 1 'a promotion that claims what is not there'
like "$(cat err)" 'box-gone from auto_notify to auto does not hold: the evidence gives auto_notify' 'is named, and why'
git -C ops reset -q --hard HEAD~1

# ---- the usual
run hl-promote box-gone
is_status 0 'one runbook by name'
is "$(jq -r .runbook out)" box-gone 'is judged'
run hl-promote no-such
is_status 64 'one that is not there is an error'
like "$(cat err)" "no runbook 'no-such'" 'and named'
run hl-promote --help
is_status 0 '--help'
run hl-promote --unknown
is_status 64 'an unknown option'
run hl-promote --verify box-gone
is_status 64 '--verify takes no operand'
if [ -e /dev/full ]; then
	hl-promote -n >/dev/full 2>err
	status=$?
	is_status 74 'a full disk is noticed'
else
	skip 'a full disk is noticed' 'no /dev/full'
fi
HL_REPO=$PWD/nowhere
run hl-promote
is_status 69 'without a repo'
HL_REPO=$PWD/ops
git clone -q --bare ops bare.git
HL_REPO=$PWD/bare.git
hl-promote -n >bare 2>/dev/null
HL_REPO=$PWD/ops
hl-promote -n >worktree 2>/dev/null
is "$(cat bare)" "$(cat worktree)" 'a bare repo will do'
printf '{' >"ops/decisions/2026/11/29/20261129T120000Z-$(group 77).json"
commit_ops 'broken'
run hl-promote
is_status 65 'a decision that is not JSON stops it'
like "$(cat err)" "decision 'decisions/2026/11/29/20261129T120000Z-000000000000004d.json' is not JSON" 'and is named'
done_testing
