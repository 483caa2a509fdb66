# hl-files deletes what it may, below where it may, and nothing else.
. "$HL_TOP/tests/tap.sh"

here=$(pwd -P)
make_tree() {
	rm -rf t outside
	mkdir -p t/a/b t/.hidden outside
	for f in t/x.log t/a/b/y.log t/a/.z.log t/a/keep.txt t/.hidden/h.log outside/v.log; do echo text >$f; done
	touch -d 2026-09-01 t/x.log t/a/b/y.log t/a/.z.log t/a/keep.txt t/.hidden/h.log outside/v.log
	echo text >t/a/new.log
	touch -d 2026-11-20 t/a/new.log
	ln -s ../../outside t/a/link
	ln -s ../../outside/v.log t/a/l.log
	ln outside/v.log t/hard.log
	mkfifo t/pipe.log && touch -d 2026-09-01 t/pipe.log
	mkdir t/dir.log && touch -d 2026-09-01 t/dir.log
}

make_tree
run hl-files delete --dry-run --allow '*.log' --older-than 30d "$here/t"
is_status 0 'a dry run'
is "$(jq -c '[.dry_run, .count, ([.deleted[].path] | sort)]' out)" \
	'[true,4,[".hidden/h.log","a/b/y.log","hard.log","x.log"]]' 'says what would go'
is "$(find t | wc -l | tr -d ' ')" 15 'and leaves all'
run hl-files delete --allow '*.log' --older-than 30d "$here/t"
is_status 0 'delete'
is "$(jq -c '[.dry_run, .count, .failed]' out)" '[false,4,[]]' 'says what went'
is "$(find t | sort | tr '\n' ' ')" \
	't t/.hidden t/a t/a/.z.log t/a/b t/a/keep.txt t/a/l.log t/a/link t/a/new.log t/dir.log t/pipe.log ' \
	'links, directories, new ones and other names stay'
is "$(cat outside/v.log)" text 'nothing outside was touched'
run hl-files delete --allow '*.log' --older-than 30d "$here/t"
is "$(jq .count out)" 0 'twice changes nothing'

make_tree
run hl-files delete --allow '*.txt  x.*' --older-than 30d "$here/t"
is "$(jq .count out)" 2 'several patterns in one'
run hl-files delete --allow '*.log' --older-than 30d "$here/t/a/link"
is_status 77 'a root that is a link is refused'
run hl-files delete --allow '*.log' --older-than 30d "$here/t/a/link/../b"
is_status 77 'so is one with a link or .. on the way'
run hl-files delete --allow '*' --older-than 30d ///
is_status 77 'and /'
run hl-files delete --allow '*' --older-than 30d t
is_status 64 'a relative one is a usage error'
run hl-files delete --older-than 30d "$here/t"
is_status 64 'without --allow nothing may go'
run hl-files delete --allow '*.log' "$here/t"
is_status 64 'nor without --older-than'
run hl-files delete --allow 'a/*.log' --older-than 30d "$here/t"
is_status 64 'a pattern is of a name'
run hl-files delete --allow '*.log' --older-than 30d /nowhere
is_status 69 'no such directory'
ok "$([ -e t/a/b/y.log ]; echo $?)" 'after all that the rest is there'

make_tree
run hl-files sizes "$here/t"
is_status 0 'sizes'
is "$(jq -c '[.files, .directories, .unreadable]' out)" '[10,4,0]' 'counts what is there'
is "$(jq '.bytes' out)" "$(($(du -sk t | cut -f1) * 1024 - $(stat -c %b t) * 512))" \
	'as much as du says, but for the directory itself'
run hl-files sizes --top 2 "$here/t"
is "$(jq '.largest | length' out)" 2 'as many as asked for'

run hl-files
is_status 64 'nothing to do is a usage error'
run hl-files shred "$here/t"
is_status 64 'so is what is not known'
run hl-files --help
is_status 0 'help'
run hl-files --force
is_status 64 'an unknown option'
if [ -e /dev/full ]; then
	hl-files sizes "$here/t" >/dev/full 2>err
	is $? 74 'lost output'
fi
done_testing
