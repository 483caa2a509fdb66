# hl: the front door.
. "$HL_TOP/tests/tap.sh"

run hl --help
is_status 0 '--help'
like "$(cat out)" 'usage: hl \[options\] COMMAND' 'help shows the usage'
run hl --version
like "$(cat out)" '^hl [0-9]' 'and the version'
run hl
is_status 64 'no command is a usage error'
like "$(cat err)" 'hl demo' 'which says where to begin'
run hl triaj
is_status 64 'an unknown command is a usage error'
like "$(cat err)" "did you mean 'triage'" 'with a did-you-mean'
run hl --bogus
is_status 64 'an unknown option'
run hl ../bin/hl-triage
is_status 64 'a command is a name, not a path'
run hl tool --version
is_status 0 'hl NAME runs hl-NAME'
like "$(cat out)" '^hl-tool ' 'with its own options'
run hl doctor --no-such
is_status 64 'and its exit status is passed on'
hl --help >/dev/full 2>err
is $? 74 'help that is lost gives 74'
done_testing
