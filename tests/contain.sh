# What contain.t asks whoever runs the tools. Source it after tap.sh.
text() { # of the observation in ./out
	jq -r '.data.text // .error' out
}

contained() { # WHO [COMMAND...]
	who=$1
	shift
	run "$@" hl-tool run c.write
	is "$(text)" wrote "$who: uncontained, it writes"
	run "$@" hl-tool run c.readonly
	like "$(text)" '^held$' "$who: read-only, it does not, but /dev/null works"
	ok "$([ ! -e open/held ]; echo $?)" "$who: and nothing was written"
	run "$@" hl-tool run c.connect
	like "$(text)" connected "$who: uncontained, it connects"
	run "$@" hl-tool run c.network
	unlike "$(text)" connected "$who: without a network, it does not"
	is "$(text | grep -c '^ *[a-z0-9]*: *0')" 1 "$who: there is no interface but a loopback of its own"
	run "$@" hl-tool run c.tmp
	is "$(text)" "/tmp:

/var/tmp:
x" "$who: a private /tmp is empty, and can be written where all else cannot"
	ok "$([ ! -e /tmp/hl-mine ]; echo $?)" "$who: and is gone after"
	run "$@" hl-tool run c.full
	like "$(text)" ' 4194304 bytes' "$who: it holds no more than memory says"
	run "$@" hl-tool run c.eat
	is "$(text)" 200 "$who: uncontained, it eats"
	run "$@" hl-tool run c.memory
	like "$(text)" MemoryError "$who: with less memory, it does not"
	run "$@" hl-tool run c.cpu
	like "$(text)" 'ended by signal 24' "$who: an endless loop ends when its processor time is used up"
	run "$@" hl-tool run c.status
	is "$(jq -r '.data.lines[]' out | grep -c '^NoNewPrivs:.*1')" 1 "$who: no tool gains privileges"
	run "$@" hl-tool run c.privileges
	is "$(jq -r '.data.lines[]' out | grep -c '^NoNewPrivs:.*0')" 1 "$who: but one that says so"
}

# What only holds without root.
others() { # WHO [COMMAND...]
	who=$1
	shift
	run "$@" hl-tool run c.processes
	like "$(text)" '^few' "$who: so many processes, which are the tool's own"
	run "$@" hl-tool run c.daemon
	is_status 1 "$who: another user is refused"
	like "$(text)" "cannot become the user 'daemon': only root can" "$who: and said why"
}
