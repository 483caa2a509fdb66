# What a tool is not let do: each key of `contain` really holds, as root and as somebody else, and what cannot be
# granted stops the tool.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/contain.sh"

chmod 755 .
mkdir -p data/toolsets open
chmod 777 open
HL_DATA=$PWD/data; export HL_DATA

# Somebody listens on the loopback, until we end.
python3 - >port <<'X' &
import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(64)
print(s.getsockname()[1], flush=True)
s.settimeout(300)
while True: s.accept()[0].close()
X
listener=$!
trap 'kill $listener 2>/dev/null' EXIT
i=0; while [ ! -s port ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done
port=$(cat port)

# Makes processes that wait, until it may not, says how many, and ends them.
cat >open/fork.py <<'X'
import os, signal
children = []
try:
    while len(children) < 40:
        pid = os.fork()
        if pid == 0:
            signal.pause()
        children.append(pid)
except OSError:
    pass
print("few" if len(children) <= 8 else "many", len(children))
for pid in children:
    os.kill(pid, signal.SIGKILL)
X
cat >data/toolsets/c.yaml <<X
toolset: c
tools:
  - {name: c.write, effect: read, run: [sh, -c, 'echo x >$PWD/open/free && echo wrote; rm -f $PWD/open/free']}
  - {name: c.readonly, effect: read, contain: {read_only: true}, run: [sh, -c, 'echo x >/dev/null; echo x >$PWD/open/held || echo held']}
  - {name: c.remount, effect: read, contain: {read_only: true}, run: [sh, -c, 'mount -o remount,rw,bind / || mount -o remount,rw / || echo held']}
  - {name: c.connect, effect: read, run: [bash, -c, 'echo </dev/tcp/127.0.0.1/$port && echo connected']}
  - {name: c.network, effect: read, contain: {network: false}, run: [bash, -c, '(echo </dev/tcp/127.0.0.1/$port) 2>&1 && echo connected; tail -n +3 /proc/net/dev']}
  - {name: c.tmp, effect: read, contain: {private_tmp: true, read_only: true}, run: [sh, -c, 'ls -A /tmp /var/tmp; echo x >/tmp/hl-mine && cat /tmp/hl-mine']}
  - {name: c.full, effect: read, contain: {private_tmp: true, memory: 4M}, run: [dd, if=/dev/zero, of=/tmp/much, bs=64k, count=128]}
  - {name: c.eat, effect: read, run: [python3, -c, 'x = bytearray(200 << 20); print(len(x) >> 20)']}
  - {name: c.memory, effect: read, contain: {memory: 128M}, run: [python3, -c, 'x = bytearray(200 << 20); print(len(x) >> 20)']}
  - {name: c.cpu, effect: read, contain: {cpu: 1s}, timeout: 60s, run: [sh, -c, 'while :; do :; done']}
  - {name: c.processes, effect: read, contain: {processes: 8}, run: [python3, $PWD/open/fork.py]}
  - {name: c.bounded, effect: read, contain: {processes: 8, user: nobody}, run: [python3, $PWD/open/fork.py]}
  - {name: c.user, effect: read, contain: {user: nobody}, run: [id]}
  - {name: c.wait, effect: read, contain: {user: nobody}, run: [sh, -c, 'echo \$\$ >$PWD/open/pid; exec sleep 60']}
  - {name: c.daemon, effect: read, contain: {user: daemon}, run: [id]}
  - {name: c.nowhere, effect: read, contain: {user: hl-no-such-user}, run: [id]}
  - {name: c.status, effect: read, run: [cat, /proc/self/status], output: lines}
  - {name: c.privileges, effect: read, contain: {privileges: true}, run: [cat, /proc/self/status], output: lines}
  - {name: c.all, effect: read, contain: {user: nobody, read_only: true, network: false, private_tmp: true, memory: 256M, processes: 20, cpu: 10s}, run: [sh, -c, 'id -un; ls -A /tmp; echo x >/var/hl-held || echo held']}
X

if [ "$(id -u)" = 0 ]; then
	contained root
	run hl-tool run c.remount
	like "$(text)" held 'root: a read-only file system cannot be made writable again'
	run hl-tool run c.user
	like "$(text)" '^uid=65534(nobody) gid=65534[^ ]* groups=65534[^ ]*$' 'root: it is the user, with no group of ours'
	run hl-tool run c.bounded
	like "$(text)" '^few' 'root: so many processes of the user'
	run hl-tool run c.all
	is "$(text)" "nobody
held" 'root: everything at once'
	run hl-tool run c.processes
	is_status 1 'root: a number of processes is refused where nothing would hold it'
	like "$(text)" "cannot contain '.*python3': cannot limit root to 8 processes: say a 'user'" 'root: and said why'
	run hl-tool run c.nowhere
	is_status 1 'root: a user that is not there'
	like "$(text)" "cannot become the user 'hl-no-such-user': there is none" 'root: is named'
	# What the kernel refuses, after the fork.
	if command -v setpriv >/dev/null; then
		run setpriv --bounding-set=-sys_admin hl-tool run c.readonly
		is_status 1 'root without CAP_SYS_ADMIN: the tool is not run'
		like "$(text)" "^cannot contain '.*sh': it cannot be given namespaces of its own: Operation not permitted" 'and said why'
		run setpriv --bounding-set=-setpcap hl-tool run c.network
		like "$(text)" "^cannot contain '.*bash': its capabilities cannot be dropped" 'nor with ways out that cannot be closed'
		run setpriv --bounding-set=-setuid hl-tool run c.user
		like "$(text)" "^cannot contain '.*id': it cannot become the user" 'nor as somebody that it was not to be'
	fi
	hl-tool run c.wait >out 2>err &
	tool=$!
	i=0; while [ ! -s open/pid ] && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
	kill -9 $tool; wait $tool 2>/dev/null
	i=0; while kill -0 "$(cat open/pid)" 2>/dev/null && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
	ok "$([ -s open/pid ] && [ $i -lt 100 ]; echo $?)" 'root: what only looks ends with us, as another user, too'
fi

# The same as somebody who is not root.
if [ "$(id -u)" != 0 ]; then
	contained user
	others user
elif command -v setpriv >/dev/null && setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$HL_BIN/hl-tool"; then
	mkdir nobody && chown 65534:65534 nobody
	HL_STATE=$PWD/nobody HOME=$PWD/nobody; export HL_STATE HOME
	as='setpriv --reuid=65534 --regid=65534 --clear-groups'
	if $as unshare -U true 2>/dev/null; then
		contained 'not root' $as
		others 'not root' $as
	else
		skip 'not root' 'user namespaces are not allowed here'
		run $as hl-tool run c.readonly
		like "$(text)" 'cannot contain' 'not root: without user namespaces it is refused'
	fi
	run $as hl-tool run c.user
	like "$(text)" '^uid=65534' 'not root: the user one is already'
else
	skip 'not root' 'setpriv is not here, or the programs cannot be reached'
fi

# What is declared wrongly.
wrong() { # CONTAIN MESSAGE
	printf 'toolset: w\ntools:\n  - {name: w.x, effect: read, run: [id], contain: %s}\n' "$1" >w.yaml
	run hl-tool check w.yaml
	is_status 78 "$1 is refused"
	like "$(cat err)" "$2" "and said why: $2"
}
wrong '{usr: nobody}' 'w.yaml:3:[0-9]*: tools\[0\].contain.usr: unknown key: did you mean'
wrong '{user: "-x"}' "contain.user: '-x' is no name of a user"
wrong '{user: "a b"}' 'no name of a user'
wrong '{user: 0}' 'contain.user: must be'
wrong '{read_only: 1}' 'contain.read_only: must be true or false'
wrong '{network: none}' 'contain.network: must be true or false'
wrong '{memory: 256MB}' 'contain.memory: must be a size such as 256M'
wrong '{memory: 12}' 'at least 1M'
wrong '{memory: 99999999999999999999G}' 'must be a size'
wrong '{memory: -5}' 'must be a size'
wrong '{processes: 0}' 'contain.processes: must be from 1'
wrong '{cpu: 10}' 'contain.cpu: must be a time'
wrong '{cpu: 10ms}' 'contain.cpu: must be from 1s'
wrong '[a]' 'contain: must be an object'

# A toolset's default, and what a tool says over it.
cat >data/toolsets/c.yaml <<X
toolset: c
contain: {read_only: true, network: false}
tools:
  - {name: c.default, effect: read, run: [sh, -c, 'echo x >$PWD/open/d || echo held; grep -c : /proc/net/dev']}
  - {name: c.own, effect: read, contain: {read_only: false}, run: [sh, -c, 'echo x >$PWD/open/d && echo wrote; grep -c : /proc/net/dev']}
X
run hl-tool run c.default
case $(text) in
*'cannot contain'*) skip 'the default of a toolset' 'namespaces are not allowed here' ;;
*)
	is "$(text)" "held
1" 'a tool has what its toolset says'
	run hl-tool run c.own
	is "$(text)" "wrote
1" 'but for what it says itself'
	;;
esac
printf 'toolset: w\ncontain: {memory: 1}\ntools: []\n' >w.yaml
run hl-tool check w.yaml
like "$(cat err)" 'w.yaml:2:[0-9]*: contain.memory: must be a size' 'a wrong default is placed'
printf 'toolset: w\ncontain: {network: false}\ntools:\n  - {name: w.x, effect: read, http: {url: "http://127.0.0.1/"}}\n' >w.yaml
run hl-tool check w.yaml
like "$(cat err)" 'contain.network is false, and http needs the network' 'http without a network is no tool'
done_testing
