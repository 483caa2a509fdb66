# What lib/edge/commits leaves in a repository, seen by git: sound, complete, and the operator's own edits untouched.
. "$HL_TOP/tests/tap.sh"
export GIT_AUTHOR_NAME=o GIT_AUTHOR_EMAIL=o@x GIT_COMMITTER_NAME=o GIT_COMMITTER_EMAIL=o@x
commits=$HL_HELPERS/commits
lines() { seq "$1" "$2" | sed 's/.*/d\/x\/f&.txt	hello &/'; } # FROM TO
put() { run "$commits" "$@"; }                                          # REPO [--one] <lines
sound() { git -C "$1" fsck --strict --full --no-dangling >fsck 2>&1 && ! grep -q . fsck; }
count() { git -C "$1" rev-list --count HEAD; }

lines 1 300 >in
put work <in
is_status 0 'three hundred commits in one go'
sound work
ok $? 'git fsck --strict has nothing to say'
is "$(count work)" 300 'one commit a line'
is "$(git -C work show HEAD:d/x/f123.txt)" 'hello 123' 'the content is there'
is "$(git -C work status --short)" '' 'the work tree came along'
is "$(ls work/.git/objects/pack | wc -l)" 2 'in one pack with its index'
is "$(ls work/.git/hl)" turn 'nothing else is left behind'
is "$(git -C work log -g --oneline | wc -l)" 1 'the reflog has the move'
is "$(git -C work log -1 --format='%an <%ae> %s')" 'T x <t@example.net> test: a commit' 'by the name given, made harmless'
git -C work verify-pack -v work/.git/objects/pack/*.idx >chains 2>/dev/null || git verify-pack -v work/.git/objects/pack/*.idx >chains
like "$(cat chains)" 'chain length = 50' 'trees are deltas'
unlike "$(cat chains)" 'chain length = 51' 'and no chain is longer than 50'

printf 'd/x/f1.txt\nnew/y\tn\nd/x/f2.txt\tchanged\n' >in
put work --one <in
is "$(git -C work show --stat=60 --format= HEAD | sed 's/ *|.*//' | tr -d ' \n')" 'd/x/f1.txtd/x/f2.txtnew/y3fileschanged,2insertions(+),2deletions(-)' 'a file removed, added and changed in one commit'
is "$(git -C work status --short)" '' 'all three in the work tree too'

# The operator's edits: an edited file, a staged one, an untracked one in the way.
echo mine >work/d/x/f3.txt
echo staged >work/d/x/f4.txt
git -C work add d/x/f4.txt
echo here >work/d/x/untracked
git -C work status --short >before
printf 'd/x/f3.txt\ttheirs\nd/x/f4.txt\ttheirs\nd/x/untracked\ttheirs\nd/x/f5.txt\ttheirs\n' >in
put work --one <in
is_status 0 'a commit over edits of the operator is made'
is "$(cat work/d/x/f3.txt work/d/x/f4.txt work/d/x/untracked work/d/x/f5.txt)" "mine
staged
here
theirs" 'their files stay, the clean one comes along'
is "$(git -C work ls-files -s d/x/f4.txt | cut -d' ' -f2)" "$(echo staged | git hash-object --stdin)" 'what was staged stays staged'
like "$(cat err)" "'d/x/untracked' in the work tree of 'work' was left as it is" 'and it is said'
is "$(git -C work show HEAD:d/x/f3.txt)" theirs 'the commit has the new content'
git -C work reset -q --hard

ln -s /tmp work/link
git -C work add link && git -C work commit -qm link
rm -r work/new && ln -s "$PWD" work/new
printf 'new/z\tescape\n' | "$commits" work >out 2>err
[ ! -e z ]
ok $? 'a symbolic link in the work tree is not followed'
rm work/new && git -C work reset -q --hard

# A tree that git would never check out, in what a run that was killed left to be brought along.
mkdir -p escape && cp -a work escape/tree
evil=$(echo evil | git -C escape/tree hash-object -w --stdin)
tree_of() { # NAME KIND ID: a tree with that one entry
	case $2 in tree) mode=040000 ;; *) mode=100644 ;; esac
	printf '%s %s %s\t%s\n' $mode "$2" "$3" "$1" | git -C escape/tree mktree
}
for name in .. .git .GIT git~1; do
	was=$(git -C escape/tree rev-parse HEAD)
	top=$(tree_of "$name" tree "$(tree_of escaped blob "$evil")")
	git -C escape/tree update-ref HEAD "$(git -C escape/tree commit-tree -p HEAD -m evil "$top")"
	mkdir -p escape/tree/.git/hl && printf %s "$was" >escape/tree/.git/hl/behind
	printf 'ok\tok\n' | "$commits" escape/tree >out 2>err
	like "$(cat err)" "'$name/escaped' in the work tree of .* no file may have such a name" "a file in '$name' is named"
	is "$(find escape -name escaped)" '' 'and not written'
	git -C escape/tree update-ref HEAD "$was"
	rm -f escape/tree/ok
	git -C escape/tree reset -q --hard
done

# git holds the index: the commit is made, and the next run makes up for the work tree.
touch work/.git/index.lock
lines 400 400 >in
put work <in
is_status 0 'a locked index does not stop a commit'
like "$(cat err)" 'index.lock' 'and is named'
rm work/.git/index.lock
lines 401 401 >in
put work <in
is "$(git -C work status --short)" '' 'the next run brings both along'

# git holds the branch.
touch work/.git/refs/heads/main.lock
put work <in
is_status 75 'a branch locked by git: try again'
like "$(cat err)" 'main.lock.*remove that file' 'with a way out'
rm work/.git/refs/heads/main.lock

git -C work checkout -q --detach
put work <in
is_status 78 'a detached HEAD is refused'
git -C work checkout -q main

printf 'd\tx\n' | "$commits" work >out 2>err
is $? 65 'a file where a directory is: refused'
for path in ../x .git/config a/../b /abs a//b .GIT/x; do
	printf '%s\tx\n' "$path" | "$commits" work >out 2>err
	is $? 65 "not a path of ours: $path"
done

# Bare, packed refs, an index of another version, a linked work tree.
git init -q --bare -b main bare
lines 1 3 >in
put bare <in
git -C bare pack-refs --all
lines 4 5 >in
put bare <in
is "$(count bare)" 5 'a bare repository, its refs packed in between'
sound bare
ok $? 'is sound'
git -C work worktree add -q ../linked -b side
lines 500 500 >in
put linked <in
is "$(git -C linked status --short)$(git -C linked show side:d/x/f500.txt)" 'hello 500' 'a linked work tree has its own branch and index'
unlike "$(git -C work log --oneline --name-only main)" f500 'and leaves the others alone'

# A later clock does not go back.
HL_NOW=2020-01-01T00:00:00Z "$commits" bare <in >out 2>err
is "$(git -C bare log -1 --format=%ct)" "$(git -C bare log -1 --skip=1 --format=%ct)" 'committer times do not decrease'

# Eight at once, and git itself in between.
mkdir -p race && git init -q -b main race
git -C race commit -q --allow-empty -m start
for who in 1 2 3 4 5 6 7 8; do
	(for i in 1 2 3 4 5; do printf 'w%s/f%s\tx\n' $who $i | "$commits" race >/dev/null 2>>race.err || echo failed; done) >>race.out &
done
for i in 1 2 3; do git -C race commit -q --allow-empty -m "by git $i" 2>/dev/null || :; done
wait
is "$(cat race.out)" '' 'eight writers at once: none fails'
is "$(git -C race ls-tree -r --name-only HEAD | wc -l)" 40 'every file of theirs is in the tree'
is "$(git -C race log --format=%s | grep -c 'test: a commit')" 40 'each with its commit'
sound race
ok $? 'sound'

# Killed before each call that changes a file: the branch is at the old commit or the new, and the next run works.
if [ -n "${HL_SANITIZE-}" ]; then
	skip 'killed at every call' 'no preload under the sanitizer'
else
	lines 1 2 >first
	lines 3 4 >second
	put killed <first
	cp -a killed once
	LD_PRELOAD=$HL_HELPERS/kill_at.so HL_COUNT_TO=$PWD/calls "$commits" once <second >out 2>err
	calls=$(cat calls)
	bad=
	at=1
	while [ "$at" -le "$calls" ]; do
		for half in '' 1; do
			rm -rf again && cp -a killed again
			env LD_PRELOAD="$HL_HELPERS/kill_at.so" HL_KILL_AT="$at" ${half:+HL_KILL_HALF=1} "$commits" again <second >out 2>err
			[ $? -eq 137 ] || bad="$bad $at:not-killed"
			case $(count again) in 2 | 4) ;; *) bad="$bad $at:part" ;; esac
			lines 5 5 | "$commits" again >out 2>err || bad="$bad $at:blocked"
			sound again || bad="$bad $at:unsound"
			[ -z "$(git -C again status --short)" ] || bad="$bad $at:dirty"
			[ "$(ls again/.git/hl)" = turn ] || bad="$bad $at:litter"
			git -C again commit -q --allow-empty -m 'by git' || bad="$bad $at:git-blocked"
		done
		at=$((at + 1))
	done
	is "$bad" '' "killed at each of $calls calls: sound, and the next run brings everything along"

	bad=
	at=1
	while [ "$at" -le "$calls" ]; do
		for how in AT FROM; do
			rm -rf again && cp -a killed again
			env LD_PRELOAD="$HL_HELPERS/fail_at.so" HL_FAIL_"$how"="$at" "$commits" again <second >out 2>err
			status=$?
			case $status in 0 | 74 | 75 | 69) ;; *) bad="$bad $at:$how:$status" ;; esac
			[ "$status" -ne 0 ] || [ "$(count again)" -eq 4 ] || bad="$bad $at:$how:lost"
			case $(count again) in 2 | 4) ;; *) bad="$bad $at:$how:part" ;; esac
			lines 5 5 | "$commits" again >out 2>err || bad="$bad $at:$how:blocked"
			sound again || bad="$bad $at:$how:unsound"
		done
		at=$((at + 1))
	done
	is "$bad" '' 'a disk that fills up at each of them: an error or a commit, and the repository is sound'
fi
done_testing
