# hl-init: the ops repo. Judged by git itself.
. "$HL_TOP/tests/tap.sh"

run hl-init --help
is_status 0 '--help'
run hl-init --bogus
is_status 64 'an unknown option'
run hl-init one two
is_status 64 'two directories'

run hl-init
is_status 0 'without a directory, in the state directory'
git -C "$HL_STATE/ops" fsck --strict >fsck 2>&1
is $? 0 'git fsck is content'
is "$(git -C "$HL_STATE/ops" status --porcelain)" '' 'the work tree is clean'
is "$(git -C "$HL_STATE/ops" rev-list --count HEAD)" 1 'one commit'
ok "$([ -f "$HL_STATE/ops/policy.yaml" ]; echo $?)" 'policy.yaml is there'
run hl-doctor
is_status 0 'hl-doctor finds nothing bad'
run hl-runbook check
is_status 0 'the example runbook is right'

head=$(git -C "$HL_STATE/ops" rev-parse HEAD)
run hl-init
is_status 78 'a second time changes nothing'
is "$(git -C "$HL_STATE/ops" rev-parse HEAD)" "$head" 'the head is where it was'

HL_STATE=$PWD/other
run hl-init "$PWD/elsewhere/ops"
is_status 0 'in a directory of our own choice'
is "$(readlink "$PWD/other/ops")" "$PWD/elsewhere/ops" 'the state directory points at it'
run hl-status
like "$(cat out)" 'mode verbose' 'and later commands find it'

HL_STATE=$PWD/third
run hl-init --bare "$PWD/bare.git"
is_status 0 'bare'
is "$(git --git-dir=bare.git rev-parse --is-bare-repository)" true 'it is bare'
is "$(git --git-dir=bare.git fsck --strict 2>&1)" '' 'and sound'

HL_STATE=$PWD/fourth
printf 'not a directory' >file
run hl-init file/ops
ok "$([ "$status" -ge 64 ] && [ "$status" -lt 128 ]; echo $?)" 'a place that cannot be made is a clear error'
like "$(cat err)" "file" 'which names it'
done_testing
