# Tests of the shipped toolsets. Source it after tap.sh and ops.sh, then call toolsets_begin.
#
#	standin docker DIR...		bin/docker, a stand-in for the program, which keeps its state in DIR
#	reads docker.containers [KEY=VALUE...]	a tool that looks, run as a person would; the observation is in ./out
#	fails docker.container name=x	the same, and it has to be a failure
#	acts docker.stop name=web	a tool that acts, the only way there is: a runbook, a plan, an approval,
#					hl-apply; the case is in ./out
#	undone docker.stop name=web	the same with a check that cannot hold, so that hl-apply takes it back
#	sees FILTER WANTED NAME		what jq makes of ./out
#	covered docker			at the end: every tool of the toolset was run
toolsets_begin() {
	HL_REPO=$PWD/ops HL_PATH=$PWD/bin:/usr/local/bin:/usr/bin:/bin
	export HL_REPO HL_PATH
	mkdir -p ops/runbooks ops/tools bin
	: >ran
	git init -q -b main ops
	git -C ops config user.name t && git -C ops config user.email t@localhost
	printf 'mode: mature\ncaps: {none: auto, single_pod: auto, single_service: auto, single_node: auto, cluster: auto}\n' \
		>ops/policy.yaml
	cat >ops/tools/never.yaml <<-END
		toolset: never
		tools: [{name: never.holds, effect: read, run: [echo, no]}]
	END
	calls=0
	commit_ops "ops"
}

# The stand-in is python, found by its whole path: a tool's environment is a clean one.
standin() { # PROGRAM [ARGUMENT...]
	printf '#!/bin/sh\nexec %s -B %s/tests/standins/%s %s "$@"\n' "$(python3 -c 'import sys; print(sys.executable)')" \
		"$HL_TOP" "$(standin_file "$1")" "$*" >"bin/$1"
	chmod +x "bin/$1"
}

standin_file() { # PROGRAM: the file that stands in for it
	grep -lE "^(# )?programs:.*\\b$1\\b" "$HL_TOP"/tests/standins/*.py | sed 's,.*/,,'
}

# Starts a server in the background and waits until it prints its first line, which is put in $said. It ends with the test.
serve() { # PROGRAM [ARGUMENT...]
	program=$1
	shift
	mkfifo serve.pipe
	python3 -B "$HL_TOP/tests/standins/$program" "$@" >serve.pipe 2>serve.err &
	servers="${servers-} $!"
	read -r said <serve.pipe
	rm serve.pipe
	trap 'kill $servers 2>/dev/null' EXIT
}

reads() { # TOOL [KEY=VALUE...]
	echo "$1" >>ran
	run hl-tool run "$@"
	is_status 0 "$*"
}

fails() { # TOOL [KEY=VALUE...]
	run hl-tool run "$@"
	is_status 1 "$*, which has to fail"
}

sees() { # JQ-FILTER WANTED NAME
	is "$(jq -rc "$1" out)" "$2" "$3"
}

# One runbook that calls TOOL, planned for an alert that asks for it and approved by a person.
called() { # CHECK TOOL [KEY=VALUE...]
	check=$1 tool=$2
	shift 2
	calls=$((calls + 1))
	jq -n --arg tool "$tool" --argjson verify "$check" '{id: "call", trigger: {alert: "BoxGone"}, automation_level: "ask_human",
		solutions: [{id: "go", verify: $verify, steps: [{id: "one", tool: $tool, args: ([$ARGS.positional[]
		| index("=") as $i | {key: .[:$i], value: (.[$i + 1:] | gsub("(?<b>[{}])"; .b + .b))}] | from_entries)}]}]}' \
		--args "$@" >ops/runbooks/call.yaml
	commit_ops "call $calls"
	triaged "$(printf '%016x' $calls)" '"call"' | hl-plan >planned 2>err && approve 1 <planned >approved 2>>err || cat err
	run hl-apply -q <approved
}

acts() { # TOOL [KEY=VALUE...]
	echo "$1" >>ran
	called '[]' "$@"
	sees '.outcome | [.result, (.steps[] | .ok)] | join(" ")' 'unverified true' "$*"
	[ "$(jq -r '.outcome.steps[0].ok' out)" = true ] || jq -c .outcome out | sed 's/^/#   /'
}

undone() { # TOOL [KEY=VALUE...]
	echo "$1" >>ran
	called '[{"tool": "never.holds", "args": {}, "expect": {"/text": "yes"}}]' "$@"
	sees '.outcome | [.result, (.undo[] | .ok)] | join(" ")' 'rolled_back true' "$*, taken back"
	[ "$(jq -r .outcome.result out)" = rolled_back ] || jq -c .outcome out | sed 's/^/#   /'
}

refused() { # TOOL [KEY=VALUE...]: an argument that the declaration does not let through
	run hl-tool run "$@"
	is_status 65 "$*, which is refused"
}

covered() { # TOOLSET...
	for set in "$@"; do
		is "$(hl-tool list --json | jq -r --arg s "$set" 'select(.toolset == $s).name' | grep -vxFf ran)" '' \
			"every tool of the toolset $set was run"
	done
}

secret() { # NAME VALUE
	mkdir -p "$HL_STATE/secrets"
	(umask 077 && printf '%s\n' "$2" >"$HL_STATE/secrets/$1")
}
