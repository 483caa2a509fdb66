# hl-mcp under a storm of 1,000 calls, over a pipe and over HTTP: how many in a second of processor time, its
# children's included (each runs a program, /bin/true), and whether it leaves a descriptor, a process or memory behind.
. "$HL_TOP/tests/bench/lib.sh"
[ -x "$HL_BIN/hl-mcp" ] || skip_bench 'hl-mcp is not built'
work=$(mktemp -d "${TMPDIR:-/tmp}/hl-bench.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir -p "$work/data/toolsets" "$work/data/goals"
cat >"$work/data/toolsets/t.yaml" <<'END'
toolset: t
description: nothing
tools:
  - {name: t.nothing, description: does nothing, effect: read, run: ["true"]}
END
unset HL_REPO
HL_DATA=$work/data HL_STATE=$work/state
export HL_DATA HL_STATE

python3 - "$HL_BIN/hl-mcp" >"$work/figures" <<'END'
import http.client, json, os, subprocess, sys, urllib.parse

CALLS, ROUND = 1000, 16
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}


def call(n):
    return json.dumps({"jsonrpc": "2.0", "id": n, "method": "tools/call",
                       "params": {"name": "t_nothing", "_meta": META}}).encode()


def cpu(pid):
    """Seconds of the processor, with those of children that ended."""
    with open(f"/proc/{pid}/stat") as f:
        return sum(map(int, f.read().rsplit(")", 1)[1].split()[11:15])) / os.sysconf("SC_CLK_TCK")


def state(pid):
    """Open descriptors, children, resident KiB."""
    with open(f"/proc/{pid}/status") as f:
        rss = [int(line.split()[1]) for line in f if line.startswith("VmRSS")][0]
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        return len(os.listdir(f"/proc/{pid}/fd")), len(f.read().split()), rss


def storm(name, pid, some):
    some(0, 64)  # what is allocated once
    before, start = state(pid), cpu(pid)
    some(64, CALLS)
    took = cpu(pid) - start
    after = state(pid)
    print(name, round(CALLS / took), after[0] - before[0], after[1], after[2] - before[2])


server = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def over_pipe(first, n):
    for at in range(first, first + n, ROUND):
        ids = range(at, min(at + ROUND, first + n))
        server.stdin.write(b"".join(call(i) + b"\n" for i in ids))
        server.stdin.flush()
        for _ in ids:
            assert json.loads(server.stdout.readline())["result"]["isError"] is False


storm("pipe", server.pid, over_pipe)
server.stdin.close()
server.wait()
server = subprocess.Popen([sys.argv[1], "--listen", "0"], stdout=subprocess.PIPE)
url = urllib.parse.urlparse(server.stdout.readline().decode().strip())
connection = http.client.HTTPConnection(url.hostname, url.port)


def over_http(first, n):
    for i in range(first, first + n):
        connection.request("POST", "/mcp", call(i), {
            "Content-Type": "application/json", "Accept": "application/json", "Mcp-Name": "t_nothing",
            "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call"})
        assert json.loads(connection.getresponse().read())["result"]["isError"] is False


storm("http", server.pid, over_http)
server.terminate()
END
[ -s "$work/figures" ] || { echo 'MISSED the storm broke off'; exit 1; }
while read -r way rate fds children kib; do
	figure "calls a CPU second, $way" "$rate" calls '>=' 150
	figure "descriptors left after 1,000, $way" "$fds" descriptors '<=' 0
	figure "processes left, $way" "$children" processes '<=' 0
	figure "more memory after 1,000, $way" "$kib" KiB '<=' 512
done <"$work/figures"
bench_end
