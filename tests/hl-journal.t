# hl-journal, on a journal that a stand-in for journalctl prints.
. "$HL_TOP/tests/tap.sh"

mkdir bin
{ # It is run with an environment of nothing: it has to be told where it is.
	echo '#!/bin/sh'
	echo "HOME=$HOME"
	cat <<'X'
# Keeps its arguments, and prints the entries behind the cursor that is asked for.
echo "$*" >>"$HOME/calls"
for a; do
	case $a in
	--after-cursor=bad) echo 'Failed to seek to cursor: Invalid argument' >&2; exit 1 ;;
	--after-cursor=*) after=${a#--after-cursor=} ;;
	esac
done
[ ! -e "$HOME/status" ] || { echo 'No journal files were opened due to insufficient permissions.' >&2; exit "$(cat "$HOME/status")"; }
awk -v after="${after-}" 'after == "" { print; next } seen { print } index($0, "\"__CURSOR\":\"" after "\"") { seen = 1 }' "$HOME/journal"
X
} >bin/journalctl
chmod +x bin/journalctl
HL_PATH=$PWD/bin:/usr/bin:/bin; export HL_PATH
entry() { # CURSOR UNIT MESSAGE
	printf '{"__CURSOR":"%s","__REALTIME_TIMESTAMP":"1795233600000000","PRIORITY":"3","_SYSTEMD_UNIT":"%s","MESSAGE":%s}\n' "$@" >>"$HOME/journal"
}
entry s=1 a.service '"connection from 10.0.0.1 port 4711 refused"'
entry s=2 a.service '"connection from 10.0.0.2 port 4712 refused"'
entry s=3 b.service '"connection from 10.0.0.2 port 4712 refused"'
entry s=4 a.service null
entry s=5 a.service '[255,104,105]'

run hl-journal errors
is_status 0 'the first look'
is "$(jq -c '[.count, .distinct, .continued]' out)" '[5,4,false]' 'an hour back'
is "$(jq -c '.shapes[0] | [.count, .unit, .shape, .last_at]' out)" \
	'[2,"a.service","connection from <ip> port <n> refused","2026-11-21T04:00:00Z"]' 'by shape and unit'
like "$(cat "$HOME/calls")" '--since=@1795230000' 'an hour back from now'
run hl-journal errors
is "$(jq -c '[.count, .continued]' out)" '[0,true]' 'the second goes on where the first ended'
entry s=6 a.service '"again 7"'
run hl-journal errors
is "$(jq -c '[.count, .shapes[0].shape]' out)" '[1,"again <n>"]' 'and sees only what is new'
run hl-journal errors --cursor other
is "$(jq .count out)" 6 'another name has its own place'
echo bad >"$HL_STATE/cursors/journal"
run hl-journal errors
is_status 0 'a place that is gone is no failure'
is "$(jq -c '[.count, .continued]' out)" '[6,false]' 'it looks an hour back'
rm -r "$HL_STATE/cursors"
run hl-journal digest --since 2h --top 1
is "$(jq -c '[.count, (.shapes | length)]' out)" '[6,1]' 'a digest'
like "$(tail -n 1 "$HOME/calls")" '--since=@1795226400' 'of that span'
ok "$([ ! -e "$HL_STATE/cursors" ]; echo $?)" 'leaves no trace'

if [ -e /dev/full ]; then
	hl-journal errors >/dev/full 2>err
	is $? 74 'lost output'
	ok "$([ ! -e "$HL_STATE/cursors/journal" ]; echo $?)" 'keeps the place'
fi
entry s=7 a.service '"x"'
echo 'no json' >>"$HOME/journal"
run hl-journal digest
is_status 65 'what is not JSON is named'
echo 1 >"$HOME/status"
run hl-journal digest
is_status 69 'a journal that may not be read'
like "$(cat err)" 'insufficient permissions' 'says why'
mkdir none
HL_PATH=$PWD/none run hl-journal digest
is_status 69 'without journalctl'
is "$(cat err)" "hl-journal: 'journalctl' is not installed here" 'it says so'

run hl-journal
is_status 64 'nothing to do is a usage error'
run hl-journal errors --cursor ../x
is_status 64 'a cursor is a file name'
run hl-journal --help
is_status 0 'help'
run hl-journal --follow
is_status 64 'an unknown option'
done_testing
