# Each toolset that comes with hl has an entry in hl-toolsets(7) that names what it needs, and a test that runs each of its tools.
. "$HL_TOP/tests/tap.sh"
page=$HL_TOP/man/hl-toolsets.7

entry() { # TOOLSET: what stands between its tag and the next
	awk -v name="$1" '/^\.It Cm |^\.El|^\.S[hs] / { on = 0 } /^\.It Cm / { for (i = 3; i <= NF; i++) if ($i == name) on = 1 } on' "$page"
}

names() { # FILE: the variables, secrets and programs of a toolset
	grep -ohE '\{env\.[A-Za-z0-9_]+\}|\{secret\.[A-Za-z0-9_.-]+\}' "$1" | sed 's/^{[a-z]*\.//; s/}$//'
	hl-tool list --json | jq -r --arg s "$(basename "$1" .yaml)" 'select(.toolset == $s) | .run // empty
		| if .[0] == "sh" and (.[4] | type == "string" and test("^[a-z]")) then .[0], .[4] else .[0] end'
}

for file in "$HL_TOP"/toolsets/*.yaml; do
	set=$(basename "$file" .yaml)
	is "$(sed -n 's/^toolset: //p' "$file")" "$set" "$set: the file is called like the toolset"
	entry "$set" >entry
	ok "$([ -s entry ]; echo $?)" "$set: hl-toolsets(7) has it"
	is "$(names "$file" | sort -u | while read -r name; do grep -qwF -e "$name" entry || echo "$name"; done)" '' \
		"$set: and what it needs"
	case $set in
	host | systemd | journal | files | git) ;; # tested with the programs that they are made of
	*)
		grep -qE "^covered (.* )?$set( |\$)" "$HL_TOP"/tests/*.t "$HL_TOP"/tests/peers/*.t
		ok $? "$set: a test runs each of its tools"
		;;
	esac
done
is "$(sed -n 's/^\.It Cm //p' "$page" | tr -s ' ,' '\n' | while read -r set; do
	[ -e "$HL_TOP/toolsets/$set.yaml" ] || echo "$set"; done)" '' 'there is nothing in hl-toolsets(7) that does not exist'
done_testing
