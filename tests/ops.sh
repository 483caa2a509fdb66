# A small ops repo for the tests of planning and applying: tools that do real things in ./box, so that a
# test can look at what was done. Source it after tap.sh, then call make_ops.
#
# The catalogue: box.mkdir (undone by box.rmdir), box.count (adds a line to a file: what ran twice has
# two), box.tally (the same, undone by a line in FILE.undone), box.fail, box.wipe (destroys), box.has (read: is there such a path?).
make_ops() {
	HL_REPO=$PWD/ops HL_DATA=$PWD/data # no installed toolset: the catalogue is what stands below
	export HL_REPO HL_DATA
	mkdir -p ops/runbooks ops/tools box data/toolsets data/goals
	git init -q -b main ops
	git -C ops config user.name t && git -C ops config user.email t@localhost
	printf '#!/bin/sh\necho x >>"$1"\n' >count.sh
	cat >ops/policy.yaml <<-END
		mode: mature
		caps: {none: auto, single_pod: auto, single_service: auto, single_node: ask_human, cluster: observe}
	END
	cat >ops/tools/box.yaml <<-END
		toolset: box
		description: things in a box
		tools:
		  - name: box.mkdir
		    description: make a directory
		    effect: change
		    blast_radius: single_pod
		    args: {path: {type: string, pattern: "^/"}}
		    run: [mkdir, "{path}"]
		    undo: {tool: box.rmdir, args: {path: "{path}"}}
		  - name: box.rmdir
		    description: remove an empty directory
		    effect: change
		    blast_radius: single_service
		    args: {path: {type: string, pattern: "^/"}}
		    run: [rmdir, "{path}"]
		  - name: box.count
		    description: add a line to a file
		    effect: change
		    blast_radius: single_pod
		    args: {file: {type: string, pattern: "^/"}}
		    run: [/bin/sh, $PWD/count.sh, "{file}"]
		  - name: box.tally
		    description: add a line to a file, and to another to take it back
		    effect: change
		    blast_radius: single_pod
		    args: {file: {type: string, pattern: "^/"}}
		    run: [/bin/sh, $PWD/count.sh, "{file}"]
		    undo: {tool: box.count, args: {file: "{file}.undone"}}
		  - name: box.fail
		    description: never works
		    effect: change
		    blast_radius: none
		    run: ["false"]
		  - name: box.wipe
		    description: destroy a directory
		    effect: destroy
		    blast_radius: single_node
		    args: {path: {type: string, pattern: "^/"}}
		    run: [rmdir, "{path}"]
		  - name: box.has
		    description: whether a path is there
		    effect: read
		    args: {path: {type: string, pattern: "^/"}}
		    run: [ls, -d, "{path}"]
		    output: text
	END
}

# Commits what stands in ./ops.
commit_ops() { # MESSAGE
	git -C ops add -A
	git -C ops commit -q -m "$1"
}

# A triaged case. RUNBOOKS is the inside of a JSON array.
triaged() { # ID-SUFFIX RUNBOOKS [VERDICT]
	printf '{"kind":"case","id":"20261121T035900Z-%s","opened_at":"2026-11-21T03:59:00Z","title":"BoxGone on nas",' "$1"
	printf '"severity":"warning","signals":[{"kind":"signal","labels":{"alertname":"BoxGone","dir":"%s/box/a","odd":"-rf"},' "$PWD"
	printf '"annotations":{"summary":"the box is gone"},"status":"firing"}],"context":[],'
	printf '"triage":{"verdict":"%s","why":"w","at":"2026-11-21T03:59:01Z","runbooks":[%s],"signals":1,"count":1,"flapping":false}}\n' "${3:-problem}" "$2"
}

# The case on standard input with these alerts instead; each directory is one in ./box.
with_alerts() { # STATUS:NAME:DIRECTORY...
	jq -c --arg box "$PWD/box/" '.signals = [$ARGS.positional[] | split(":") | {kind: "signal",
		labels: {alertname: .[1], dir: ($box + .[2])}, annotations: {}, status: .[0]}]
		| .triage.signals = (.signals | length)' --args "$@"
}

# Approves solution N of a planned case on standard input, as a person would with hl-ask.
approve() { # N
	jq -c --argjson n "$1" '. + {approval: {decision: "approved", by: "alice", via: "terminal",
		at: "2026-11-21T04:00:00Z", digest: .plan.digest, solution: $n, agreed: (.plan.recommended == $n)}}'
}

# What hl-ask says for a plan that may be run alone.
approve_alone() {
	jq -c '. + {approval: {decision: "auto", by: "hl", via: "policy", at: "2026-11-21T04:00:00Z",
		digest: .plan.digest, solution: .plan.recommended, agreed: true}}'
}
