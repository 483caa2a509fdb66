"""A storm of calls through hl-mcp, one process that stays. Arguments: how many calls, a word that stands in the
command line of each server that is started for them, and the tools to call in turn.

Prints how many descriptors hl-mcp has more at the end than after the first calls, how many children it has
left, how many processes with that word there are, and how many calls a second it made."""
import json, os, subprocess, sys, time

calls, mark, tools = int(sys.argv[1]), sys.argv[2].encode(), sys.argv[3:]
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
AT_ONCE = 4
server = subprocess.Popen(["hl-mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def call(n):
    params = {"name": tools[n % len(tools)], "arguments": {"a": n, "b": 1}, "_meta": META}
    return json.dumps({"jsonrpc": "2.0", "id": n, "method": "tools/call", "params": params}).encode() + b"\n"


def storm(first, end):
    for at in range(first, end, AT_ONCE):
        ids = range(at, min(at + AT_ONCE, end))
        server.stdin.write(b"".join(map(call, ids)))
        server.stdin.flush()
        for _ in ids:
            answer = json.loads(server.stdout.readline())
            if str(answer["id"] + 1) not in json.dumps(answer["result"]):
                sys.exit("not a sum: %s" % answer)


def descriptors():
    return len(os.listdir("/proc/%d/fd" % server.pid))


def marked():
    found = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                found += mark in f.read().split(b"\0") and int(pid) != os.getpid()
        except OSError:
            pass
    return found


warm = 2 * AT_ONCE
storm(0, warm)
before, start = descriptors(), time.monotonic()
storm(warm, warm + calls)
took = time.monotonic() - start
with open("/proc/%d/task/%d/children" % (server.pid, server.pid)) as f:
    children = len(f.read().split())
print(descriptors() - before, children, marked(), round(calls / took))
server.stdin.close()
server.wait()
