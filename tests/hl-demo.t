# hl-demo: the whole loop on a service that really fails; and hl-demo-service by itself.
. "$HL_TOP/tests/tap.sh"

run hl-demo --help
is_status 0 '--help'
run hl-demo --bogus
is_status 64 'an unknown option'
hl-demo </dev/null >out 2>err
is $? 64 'no terminal and no --yes'

mkdir svc
run hl-demo-service --help
is_status 0 'hl-demo-service --help'
run hl-demo-service start svc
is_status 0 'the service starts'
is "$(hl-demo-service probe svc | jq .up)" true 'and is up'
pid=$(cat svc/pid)
run hl-demo-service break svc
is "$(hl-demo-service probe svc | jq .up)" false 'broken, it is down'
run hl-demo-service restart svc
is "$(jq .up out)" true 'restarted, it is up'
ok "$([ "$(cat svc/pid)" != "$pid" ]; echo $?)" 'as another process'
run hl-demo-service stop svc
is "$(hl-demo-service probe svc | jq .up)" false 'stopped'

unset HL_NOW
run hl-demo --yes --dir "$PWD/place"
is_status 0 'the demo ends well'
is "$(jq -r .outcome.result place/cases.jsonl | sort | uniq -c | sed 's/^ *//')" '10 fixed' 'ten failures, ten mended'
is "$(jq -r .approval.decision place/cases.jsonl | sort | uniq -c | sed 's/^ *//' | tr '\n' ' ')" '9 approved 1 auto ' \
	'nine with approval, the last without'
is "$(git -C place/ops log --format=%B | grep -c '^Outcome: fixed$')" 10 'each is in the history'
is "$(git -C place/ops fsck --strict 2>&1)" '' 'which is sound'
is "$(git -C place/ops status --porcelain)" '' 'and the work tree is clean'
like "$(git -C place/ops show HEAD:runbooks/demo-service-down.yaml)" '^automation_level: auto_notify' 'the runbook was promoted'
like "$(git -C place/ops show HEAD:runbooks/demo-service-down.yaml)" '^# hl-promote raises this' 'its comments are kept'
HL_STATE=$PWD/place/state HL_REPO=$PWD/place/ops
export HL_REPO
run hl-promote --verify
is_status 0 'every promotion can be recomputed'
is "$(hl-demo-service probe place | jq .up)" false 'the service was stopped at the end'
done_testing
