# Every command has a manual, a test that names it, help that fits a terminal, and a manual whose
# SYNOPSIS and options are those of --help.
. "$HL_TOP/tests/tap.sh"
cd "$HL_TOP" || exit 1

usage() { # the usage lines of --help, blanks folded
	"$HL_BIN/$1" --help | sed -n '/^usage: /,/^$/p' | sed 's/^usage: //; s/ *| */|/g; s/^ *//' | tr -s ' \n' ' '
}

synopsis() {
	mandoc -T ascii -O width=500 "man/$1.1" | sed 's/.\x08//g' | sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' |
		sed '1d;$d; s/ *| */|/g; s/^ *//' | tr -s ' \n' ' '
}

for c in cmd/*.c; do
	name=$(basename "$c" .c)
	ok "$([ -e "man/$name.1" ]; echo $?)" "$name has a manual"
	[ -e "man/$name.1" ] || continue
	is "$(synopsis "$name" | sed 's/^ //; s/ $//')" "$(usage "$name" | sed 's/ $//')" "$name: SYNOPSIS is --help's"
	undocumented=$("$HL_BIN/$name" --list-options | cut -f1 | sed -n 's/^--\([a-z-]*\).*/\1/p' |
		grep -vxE 'quiet|verbose|help|version|list-options' | while read -r option; do
		grep -qE "(Fl|,) -$option( |\$)" "man/$name.1" || echo "--$option"
	done)
	is "$undocumented" '' "$name: every option is in the manual"
	grep -lqE "(^|[^a-z-])$name([^a-z-]|\$)" tests/*.t tests/*/*.t
	ok $? "$name is named by a test"
	is "$("$HL_BIN/$name" --help | awk 'length > 100' | head -n 1)" '' "$name: help fits 100 columns"
	grep -q '^\.Sh EXIT STATUS' "man/$name.1" && grep -q '^\.Sh EXAMPLES' "man/$name.1"
	ok $? "$name: the manual has EXIT STATUS and EXAMPLES"
done
is "$(for p in man/*.[157]; do mandoc -T lint -W warning "$p"; done 2>&1)" '' 'the manuals are clean mdoc'
is "$(for p in man/*.[157]; do grep -hoE '^\.Xr (hl[a-z-]*) ([157])' "$p"; done | sort -u | while read -r _ n s; do
	[ -e "man/$n.$s" ] || echo "$n($s)"; done)" '' 'every manual that is referred to exists'
done_testing
