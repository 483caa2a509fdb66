# Packages of Python for peers, in build/peers or where HL_PEERS says, and servers that end with the test. Source it after tap.sh.
peers=${HL_PEERS:-$HL_TOP/build/peers}
servers=
trap 'kill $servers 2>/dev/null; wait' EXIT
trap 'exit 1' INT TERM
command -v curl >curl.where || skip_all 'curl is not installed'

# Sets $python to one that has the packages, which are installed once; a version is part of their names.
venv() { # NAME PACKAGE==VERSION...
	name=$1
	shift
	python=$peers/$name/bin/python
	[ "$(cat "$peers/$name/has" 2>/dev/null)" = "$*" ] && return
	mkdir -p "$peers"
	python3 -m venv "$peers/$name" >venv.log 2>&1 || skip_all 'python3 makes no virtual environment'
	"$python" -m pip install -q --disable-pip-version-check "$@" >pip.log 2>&1 ||
		skip_all "$* cannot be installed: $(tail -n 1 pip.log)"
	echo "$*" >"$peers/$name/has"
}

free_port() { # these servers do not say which one they chose
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Runs a server that listens on 127.0.0.1:$port, and waits until PATH there is found.
serve() { # PATH COMMAND...
	path=$1
	shift
	"$@" >server.log 2>&1 &
	servers="$servers $!"
	i=0
	until curl -sf -o /dev/null "http://127.0.0.1:$port$path"; do
		i=$((i + 1))
		[ $i -lt 600 ] || { tail -n 20 server.log | sed 's/^/# /'; skip_all "$1 does not answer"; }
		sleep 0.2
	done
}
