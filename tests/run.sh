#!/bin/sh
# Runs one test (a .t script or a unit test's binary) in a temporary directory of its own, with home,
# time zone, locale and clock fixed, and removes the directory after.
set -u
case $1 in /*) test=$1 ;; *) test=$PWD/$1 ;; esac
tmp=$(mktemp -d "${TMPDIR:-/tmp}/hl-test.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
mkdir "$tmp/home" && cd "$tmp" || exit 1
HOME=$tmp/home TMPDIR=$tmp TZ=UTC LC_ALL=C.UTF-8 HL_NOW=${HL_NOW-2026-11-21T04:00:00Z}
HL_STATE=$tmp/state HL_DATA=$HL_TOP PATH=$HL_BIN:$PATH
GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export HOME TMPDIR TZ LC_ALL HL_NOW HL_STATE HL_DATA PATH GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL
unset HL_REPO STATE_DIRECTORY XDG_STATE_HOME XDG_CONFIG_HOME XDG_DATA_HOME NO_COLOR
# In a session of its own: hl-ask is not to find the terminal of whoever runs the tests.
session=$(command -v setsid) && session="$session -w"
# A test that hangs is a failure that somebody should see.
limit="timeout -k 5 ${HL_TEST_SECONDS:-900}"
# Under valgrind: a unit test itself, and for a script every hl program that it runs.
if [ -n "${HL_VALGRIND-}" ]; then
	valgrind="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite"
	mkdir "$tmp/valgrind"
	for program in "$HL_BIN"/*; do
		printf '#!/bin/sh\nexec %s %s "$@"\n' "$valgrind" "$program" >"$tmp/valgrind/${program##*/}"
		chmod +x "$tmp/valgrind/${program##*/}"
	done
	PATH=$tmp/valgrind:$PATH
fi
case $test in
*.t) $session $limit sh "$test" ;;
*) $session $limit ${valgrind-} "$test" ;;
esac
