# Guards: a snapshot is made before the change, or the change is not made; and it is the way back.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"

make_ops
# A vault is a directory. vault.note and vault.half cannot be undone by themselves, and are guarded.
cat >snapshot.sh <<'END'
[ ! -e "$2" ] && cp -a "$1" "$2"
END
cat >rollback.sh <<'END'
[ -d "$2" ] && rm -rf "$1" && cp -a "$2" "$1" && echo x >>"$2.back"
END
cat >note.sh <<'END'
echo "$2" >>"$1/notes" && echo x >>"$1.ran"
END
cat >half.sh <<'END'
echo half >>"$1/notes" && exit 1
END
toolset() { # ROLLBACK-EFFECT ROLLBACK-LINE
	cat <<-END
		toolset: vault
		guard:
		  tool: vault.snapshot
		  args: {path: "{path}", name: "{path}.hl-{case.short}"}
		  from: single_service
		  $2
		tools:
		  - name: vault.snapshot
		    effect: change
		    blast_radius: none
		    args: {path: {type: string, pattern: "^/"}, name: {type: string, pattern: "^/"}}
		    run: [/bin/sh, $PWD/snapshot.sh, "{path}", "{name}"]
		    undo: {tool: vault.rollback, args: {path: "{path}", name: "{name}"}}
		  - name: vault.rollback
		    effect: $1
		    blast_radius: single_node
		    args: {path: {type: string, pattern: "^/"}, name: {type: string, pattern: "^/"}}
		    run: [/bin/sh, $PWD/rollback.sh, "{path}", "{name}"]
		  - name: vault.note
		    effect: change
		    blast_radius: single_service
		    args: {path: {type: string, pattern: "^/"}, word: {type: string, default: hello}}
		    run: [/bin/sh, $PWD/note.sh, "{path}", "{word}"]
		  - name: vault.half
		    effect: change
		    blast_radius: single_service
		    args: {path: {type: string, pattern: "^/"}}
		    run: [/bin/sh, $PWD/half.sh, "{path}"]
		  - name: vault.lock
		    description: reaches less far than the guard asks for
		    effect: change
		    blast_radius: single_pod
		    args: {path: {type: string, pattern: "^/"}}
		    run: [touch, "{path}/lock"]
	END
}
toolset change >ops/tools/vault.yaml
v='path: "{labels.dir}"'
has() { # the check that a path is there
	echo "[{tool: box.has, args: {path: \"$1\"}}]"
}
cat >ops/runbooks/vault.yaml <<END
id: vault
trigger: {alert: BoxGone}
automation_level: auto
solutions:
  - id: works
    steps:
      - {id: first, tool: vault.note, args: {$v}}
      - {id: second, tool: vault.note, args: {$v, word: again}, needs: [first]}
    verify: $(has '{labels.dir}/notes')
    human_selected: 5
    success_rate: 1.0
  - id: fails-in-the-middle
    steps:
      - {id: note, tool: vault.note, args: {$v}}
      - {id: half, tool: vault.half, args: {$v}, needs: [note]}
      - {id: never, tool: box.count, args: {file: "{labels.dir}.count"}, needs: [half]}
    verify: $(has /nonexistent/thing)
  - id: does-not-help
    steps:
      - {id: make, tool: box.mkdir, args: {path: "{labels.dir}.made"}}
      - {id: note, tool: vault.note, args: {$v}, needs: [make]}
    verify: $(has /nonexistent/thing)
  - id: goes-further
    steps:
      - {id: note, tool: vault.note, args: {$v}}
      - {id: lock, tool: vault.lock, args: {$v}, needs: [note]}
    verify: $(has /nonexistent/thing)
  - id: never-gets-there
    steps:
      - {id: note, tool: vault.note, args: {$v}, needs: [fail]}
      - {id: fail, tool: box.fail}
    verify: $(has /)
  - id: two-vaults
    steps:
      - {id: guard-1, tool: vault.note, args: {$v}}
      - {id: other, tool: vault.note, args: {path: "$PWD/box/b"}}
    verify: $(has /)
  - id: late
    steps:
      - {id: note, tool: vault.note, args: {$v}, needs: [before]}
      - {id: before, tool: box.count, args: {file: "{labels.dir}.count"}}
    verify: $(has /)
  - id: only-half
    steps: [{id: half, tool: vault.half, args: {$v}}]
    verify: $(has /)
END
commit_ops one

serial=0
fresh() {
	rm -rf box state/runs state/hl.db* && mkdir -p box/a box/b && echo before >box/a/notes && echo before >box/b/notes
}
planned() { # a case of its own each time, planned, in ./planned
	fresh
	serial=$((serial + 1))
	triaged "$(printf '%016x' $((serial + 0xabc00000)))" '"vault"' | hl-plan >planned 2>planned.err
}
applied() { # N
	approve "$1" <planned >approved
	run hl-apply <approved
}
outcome() { jq -rc ".outcome|$1" out; }
solution() { jq -rc --arg id "$1" ".plan.solutions[]|select(.id==\$id)|$2" planned; }
ran() { outcome '[(.steps[].id), (.undo[]|"-\(.id)")]|join(" ")'; }

# ---- the plan
planned
is "$(cat planned.err)" '' 'nothing is amiss'
is "$(solution works '[.steps[]|[.id,.tool,(.needs|join("+"))]|join(" ")]|join(",")')" \
	'guard-1 vault.snapshot ,first vault.note guard-1,second vault.note first+guard-1' 'one guard, before all that need it'
is "$(solution works '.steps[0].args')" "{\"path\":\"$PWD/box/a\",\"name\":\"$PWD/box/a.hl-20261121t035900z-00000000\"}" \
	'with the arguments of the step, and a name of the case'
is "$(solution works '.steps[0]|[.guard,.undo.tool]')" '[{"rollback":"auto"},"vault.rollback"]' 'and its way back'
is "$(solution works '[.effect,.blast_radius,.reversible]')" '["change","single_node",true]' 'the solution reaches as far as the rollback, and can be taken back'
is "$(solution two-vaults '[.steps[]|[.id,.tool]|join(" ")]|join(",")')" \
	'guard-2 vault.snapshot,guard-1 vault.note,guard-3 vault.snapshot,other vault.note' 'one for each vault, with ids that are free'
is "$(solution late '[.steps[].id]|join(" ")')" 'before guard-1 note' 'no earlier than has to be'
is "$(solution goes-further '.steps[2]|[.id,.needs]')" '["lock",["note"]]' 'what reaches less far is not guarded'
schema_ok case 'the plan is as the schema has it' <planned
cp planned plan.before
serial=$((serial - 1))
planned
is "$(jq -c .plan.solutions planned)" "$(jq -c .plan.solutions plan.before)" 'the same case gives the same guards'

# ---- it works
planned
applied 1
is_status 0 'a guarded solution is run'
is "$(outcome .result)" fixed 'and works'
is "$(ran)" 'guard-1 first second' 'the snapshot first'
is "$(cat box/a.hl-*/notes)" before 'it holds what was there before'
is "$(cat box/a/notes)" 'before
hello
again' 'and stays when all went well'
schema_ok case 'the outcome is as the schema has it' <out

# ---- it does not
planned
applied 2
is_status 1 'a failure in the middle'
is "$(outcome .result)" rolled_back 'is rolled back'
is "$(ran)" 'guard-1 note half -guard-1' 'by the guard, once'
is "$(cat box/a/notes)" before 'with what the failed step left'
is "$(ls box/a.count 2>/dev/null)" '' 'and nothing after it is run'

planned
applied 3
is "$(outcome .result)" rolled_back 'steps with and without an undo'
is "$(ran)" 'make guard-1 note -guard-1 -make' 'go back in order'
is "$(ls box/a.made 2>/dev/null; cat box/a/notes)" before 'both'

planned
applied 4
is "$(outcome .result)" failed 'what another step did after the snapshot'
is "$(ran)" 'guard-1 note lock' 'is not destroyed by a rollback'
is "$(cat box/a/notes)" 'before
hello' 'it stays'
like "$(outcome .why)" "the snapshot of step 'guard-1' is there, and going back to it is left to a person" 'and a person is told'

planned
applied 5
is "$(outcome .result)" failed 'when nothing was changed'
unlike "$(ran)" '-guard' 'there is nothing to roll back'
like "$(outcome .why)" 'there was nothing to undo$' 'and it says so'

# ---- the guard fails
planned
mkdir "box/a.hl-20261121t035900z-00000000"
applied 1
is_status 1 'a snapshot that cannot be made'
is "$(outcome .result)" failed 'ends it'
is "$(ran)" 'guard-1' 'nothing else is run'
is "$(cat box/a/notes)" before 'and nothing is changed'

# ---- the rollback fails
planned
mv rollback.sh rollback.kept && echo 'exit 3' >rollback.sh
applied 2
mv rollback.kept rollback.sh
is "$(outcome .result)" failed 'a rollback that fails'
is "$(outcome '.undo[0].ok')" false 'is told'

# ---- changed plans
sealed() { # JQ: the plan changed and sealed anew, as one would who wants it to pass
	jq -c "$1" planned >forged
	python3 - <<-'END' >forged.sealed
		import hashlib, json
		case = json.load(open("forged"))
		case["plan"].pop("digest")
		text = json.dumps({"case": case["id"], "plan": case["plan"]}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
		case["plan"]["digest"] = hashlib.sha256(text.encode()).hexdigest()
		print(json.dumps(case))
	END
	approve 1 <forged.sealed >approved
}
forged() { # JQ NAME WHY
	sealed "$1"
	run hl-apply <approved
	is_status 77 "$2"
	is "$(outcome .result)" refused 'is refused'
	like "$(outcome .why)" "$3" 'and says why'
	is "$(cat box/a/notes; ls box)" 'before
a
b' 'nothing is run'
}
planned
forged '.plan.solutions[0].steps |= (.[1:] | map(.needs -= ["guard-1"]))' 'a plan without its guard' \
	"step 'first' has to be guarded by 'vault.snapshot'"
forged '.plan.solutions[0].steps[1].needs = []' 'a step that does not wait for it' "step 'first' has to be guarded"
forged '.plan.solutions[0].steps[0].args.path = "/tmp"' 'a guard of something else' "'guard-1' says that it is a guard, and guards nothing"
forged '.plan.solutions[0].steps[0].undo = null' 'a guard without rollback' 'guards nothing'
forged '.plan.solutions[0].steps[0].guard.rollback = "ask"' 'a guard that goes back otherwise' 'guards nothing'
forged '.plan.solutions[0].steps[0] |= del(.guard)' 'a guard that does not say so' "has to be guarded"
forged '.plan.solutions[0].steps[1].guard = {rollback: "auto"}' 'a step that says it is a guard' "says that it is a guard, and guards nothing"
sealed .
run hl-apply <approved
is "$(outcome .result)" fixed 'sealed by hand an honest one passes: it is the guard that is missed'

# ---- stale plans
planned
sed -i 's/^  from:.*/  from: single_pod/' ops/tools/vault.yaml && commit_ops 'guards reach further'
applied 4
is_status 77 'a plan from before a tool was guarded'
like "$(outcome .why)" "step 'lock' has to be guarded" 'is refused'
sed -i '/^    tool: vault.snapshot/d; s/^  from:.*/  from: single_service/' ops/tools/vault.yaml && commit_ops 'as before'
planned
printf 'tools: {deny: [vault.snapshot]}\n' >>ops/policy.yaml && commit_ops 'no snapshots'
applied 1
is "$(outcome .result)" refused 'policy denies the guard by now'
planned
is "$(jq -c '.plan.solutions|length' planned)" 0 'a solution whose guard cannot be made is not offered'
like "$(cat planned.err)" "solution 'works': step 'first': tool 'vault.note' may not be used without its guard: policy denies tool 'vault.snapshot'" 'and it says why'
sed -i '$d' ops/policy.yaml && commit_ops 'snapshots'

# ---- what somebody asks for
fresh
hl-plan --tool vault.note path="$PWD/box/a" >out 2>err
is "$(jq -r '[.plan.solutions[0].steps[].tool]|join(" ")' out)" 'vault.snapshot vault.note' 'a tool that is asked for by name is guarded, too'

# ---- left to a person
toolset destroy >ops/tools/vault.yaml && commit_ops 'rollback destroys'
planned
is "$(solution works '[.effect,.steps[0].guard.rollback]')" '["change","ask"]' 'a rollback that destroys is left to people'
applied 2
is "$(outcome .result)" failed 'so it fails'
is "$(ran)" 'guard-1 note half' 'and nothing is rolled back'
like "$(outcome .why)" 'left to a person$' 'and it says so'
is "$(cat box/a/notes)" 'before
hello
half' 'all is as the failure left it'
planned
applied 8
like "$(outcome .why)" "there was nothing to undo; the snapshot of step 'guard-1' is there" 'after a failure at once, too'
toolset destroy 'rollback: auto' >ops/tools/vault.yaml && commit_ops 'rollback destroys, and may'
planned
is "$(solution works '[.effect,.steps[0].guard.rollback]')" '["destroy","auto"]' 'unless it is declared'
is "$(jq -rc .plan.autonomy.level planned)" ask_human 'which is asked about then'
applied 2
is "$(outcome .result)" rolled_back 'and done'
toolset change >ops/tools/vault.yaml && commit_ops 'as in the beginning'

# ---- guards of other toolsets
other() { # GUARD: a toolset whose guard is in another one
	cat >ops/tools/other.yaml <<-END
		toolset: other
		tools:
		  - name: other.note
		    effect: change
		    blast_radius: none
		    args: {path: {type: string, pattern: "^/"}}
		    run: [touch, "{path}/other"]
		    guard: {tool: $1, args: {path: "{path}", name: "{path}.other-{case.short}"}}
	END
	commit_ops "other: $1"
	fresh
	hl-plan --tool other.note path="$PWD/box/a" >out 2>err
}
other vault.snapshot
is "$(jq -r '[.plan.solutions[0].steps[].tool]|join(" ")' out)" 'vault.snapshot other.note' 'a guard may be of another toolset'
run hl-tool describe other.note
like "$(cat out)" '^guarded by *vault.snapshot$' 'the tool says what guards it'
is "$(hl-tool describe --json other.note | jq -r .guard)" vault.snapshot 'to programs, too'
other vault.snapshots
is "$(jq -r '.plan.solutions|length' out)" 0 'one that is not there'
like "$(cat err)" "may not be used without its guard: no tool 'vault.snapshots' in the catalogue, did you mean 'vault.snapshot'?" 'is told'
other vault.note
like "$(cat err)" "may not be used without its guard: tool 'vault.note'" 'one that is given what it does not take'
sed -i 's/args: {path: "{path}", name: .*/args: {path: "{path}"}}/' ops/tools/other.yaml && commit_ops args
hl-plan --tool other.note path="$PWD/box/a" >out 2>err
is "$(jq -r '.plan.solutions|length' out)" 0 'one without a way back'
like "$(cat err)" "'vault.note' has no undo" 'is told, too'
git -C ops rm -q -f tools/other.yaml && commit_ops 'without it'

# ---- declarations
bad() { # SED-SCRIPT WHAT MESSAGE
	sed "$1" ops/tools/vault.yaml >data/toolsets/bad.yaml
	git -C ops rm -q --cached tools/vault.yaml && mv ops/tools/vault.yaml kept.yaml
	cp data/toolsets/bad.yaml ops/tools/vault.yaml && commit_ops "bad"
	run hl-tool list
	is_status 78 "$2"
	like "$(cat err)" "$3" 'is told'
	mv kept.yaml ops/tools/vault.yaml && rm -f data/toolsets/bad.yaml && commit_ops good
}
bad 's/^  tool: vault.snapshot/  tool: vault.lock/' 'a guard without undo' "bad.yaml:3:.*'vault.lock' has no undo: a guard's undo is the rollback"
bad 's/name: vault.snapshot/&\n    guard: {tool: vault.note}/' 'a guard that is guarded' 'has no undo'
bad 's/name: vault.rollback/&\n    guard: {tool: vault.rollback}/' 'a guard of itself' "cannot be its own guard\|has no undo"
bad 's/"{path}.hl-/"{file}.hl-/' 'a placeholder that a tool lacks' "'{file}' is no argument of '.*': give that tool a guard of its own, or guard: false"
bad 's/  from: .*/  from: everywhere/' 'an unknown radius' 'guard.from'
bad 's/name: vault.lock/&\n    guard: true/' 'a guard that is none' 'must be a guard such as'

# ---- killed before every call that changes a file
if [ -n "${HL_SANITIZE:-}${HL_VALGRIND:-}" ]; then
	skip 'killed at any moment' 'a preload does not go with it'
	done_testing
	exit
fi
planned
approve 2 <planned >approved
fresh
env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_COUNT_TO="$PWD/calls" hl-apply -q <approved >/dev/null 2>&1
snapshot=$(jq -r '.plan.solutions[1].steps[0].args.name' planned)
last=$(cat calls) at=1 bad=0 seen=
while [ "$at" -le "$last" ]; do
	fresh
	env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_KILL_AT="$at" hl-apply -q <approved >out 2>err
	hl-apply -q <approved >out 2>>err
	ran=$(cat box/a.ran 2>/dev/null | wc -l) back=$(cat box/a.hl-*.back 2>/dev/null | wc -l)
	result=$(outcome .result)
	case "$result $ran $back" in
	"rolled_back 1 1") is_back=1 ;;
	"unverified "[01]" 0") is_back=0 ;; # a step was cut off
	"failed 1 "[01]) is_back=0 ;;       # the rollback was
	*) is_back=0 bad=$((bad + 1)); echo "# killed at $at: $result, ran $ran, back $back: $(outcome .why)" ;;
	esac
	[ $is_back = 0 ] || [ "$(cat box/a/notes)" = before ] || { bad=$((bad + 1)); echo "# killed at $at: not as it was"; }
	[ "$ran" = 0 ] || [ -d "$snapshot" ] || { bad=$((bad + 1)); echo "# killed at $at: changed without a snapshot"; }
	case "$(outcome .why)" in *'nobody knows whether there is a snapshot'*)
		seen=yes
		[ "$ran" = 0 ] || { bad=$((bad + 1)); echo "# killed at $at: went on without a snapshot"; } ;;
	esac
	at=$((at + 1))
done
is "$bad" 0 "killed at each of $last calls: no change without its snapshot, no rollback twice"
is "$seen" yes 'a snapshot of which nobody knows is told'
done_testing
