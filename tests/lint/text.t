# What every text file of the project keeps.
. "$HL_TOP/tests/tap.sh"
cd "$HL_TOP" || exit 1
files=$(git ls-files '*.c' '*.h' '*.sh' '*.t' '*.yaml' '*.md' '*.[157]' Makefile completions 2>/dev/null)
[ -n "$files" ] || skip_all 'not a git checkout'

is "$(echo "$files" | grep -v samples | xargs grep -nE '[ 	]+$' | head -n 5)" '' 'no blanks at the ends of lines'
is "$(git ls-files '*.c' '*.h' | xargs grep -nP '^ +[^ *]' | head -n 5)" '' 'C is indented with tabs'
is "$(git ls-files 'lib/*.[ch]' 'cmd/*.c' | xargs awk '{ line = $0; n = 0; for (i = 1; i <= length(line); i++) n += (substr(line, i, 1) == "\t") ? 8 - n % 8 : 1; if (n > 120) print FILENAME ":" FNR }' | head -n 5)" '' 'no line of C beyond 120 columns'
if command -v shellcheck >/dev/null; then
	is "$(shellcheck -s sh -S warning -e SC1091,SC2034,SC2154 deps.sh tests/*.sh tests/*.t tests/lint/*.t 2>&1 | head -n 20)" '' 'shellcheck is quiet'
else
	skip 'shellcheck is quiet' 'shellcheck is not installed'
fi
for sh in bash zsh fish; do
	case $sh in bash) f=completions/hl.bash ;; zsh) f=completions/_hl ;; fish) f=completions/hl.fish ;; esac
	if command -v $sh >/dev/null; then
		$sh -n $f
		ok $? "$f is well-formed $sh"
	else
		skip "$f is well-formed $sh" "$sh is not installed"
	fi
done
done_testing
