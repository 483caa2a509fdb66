# TAP for shell tests. Source it, make assertions, end with `done_testing`.
#
#	. "$HL_TOP/tests/tap.sh"
#	run hl-triage <input            # sets $status; output in ./out, messages in ./err
#	is_status 0 'empty input is fine'
#	is "$(cat out)" '' 'and gives nothing'
#	done_testing
n=0
failures=0

ok() { # STATUS NAME: status 0 passes
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		failures=$((failures + 1))
		echo "not ok $n - $2"
	fi
}

is() { # GOT WANTED NAME
	if [ "$1" = "$2" ]; then
		ok 0 "$3"
	else
		ok 1 "$3"
		printf '%s\n' "$1" | sed 's/^/#      got: /'
		printf '%s\n' "$2" | sed 's/^/#   wanted: /'
	fi
}

like() { # TEXT BASIC-REGEX NAME
	if printf '%s\n' "$1" | grep -q -e "$2"; then
		ok 0 "$3"
	else
		ok 1 "$3"
		printf '%s\n' "$1" | sed 's/^/#      got: /'
		echo "#   wanted something like: $2"
	fi
}

unlike() { # TEXT BASIC-REGEX NAME
	if printf '%s\n' "$1" | grep -q -e "$2"; then
		ok 1 "$3"
		printf '%s\n' "$1" | sed 's/^/#      got: /'
		echo "#   wanted nothing like: $2"
	else
		ok 0 "$3"
	fi
}

# A crash is never "failed as expected": a status over 128 is shown as what it is.
run() { # COMMAND...: output to ./out, messages to ./err
	"$@" >out 2>err
	status=$?
	[ "$status" -lt 128 ] || echo "# $1 died of a signal: status $status"
}

is_status() { # WANTED NAME
	if [ "$status" -eq "$1" ]; then
		ok 0 "$2"
	else
		ok 1 "$2"
		echo "#      got status $status, wanted $1"
		sed 's/^/#   err: /' err
	fi
}

# Every line of standard input satisfies schemas/KIND.json, and there is one. Redirect a file: at the end
# of a pipe, in a process of its own, it could not count.
schema_ok() { # KIND [NAME] <records
	cat >schema.in
	schema_faults=$(python3 "$HL_TOP/tests/schema.py" "$HL_TOP/schemas/$1.json" <schema.in 2>&1)
	schema_status=$?
	[ -s schema.in ] || { schema_status=1 schema_faults='there is no record'; }
	ok "$schema_status" "${2-each record is a $1 as its schema has it}"
	[ "$schema_status" -eq 0 ] || printf '%s\n' "$schema_faults" | sed 's/^/#   /'
	rm -f schema.in
}

skip() { # NAME REASON
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

skip_all() { # REASON
	echo "1..0 # SKIP $1"
	exit 0
}

done_testing() {
	echo "1..$n"
	[ "$failures" -eq 0 ]
}
