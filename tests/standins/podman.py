# programs: podman
# A stand-in for podman(1) 4: web runs and is healthy, db fails its health check, old has exited with 137.
#
#	podman.py podman FOLDER WORD...
import json, re, sys
import argv

call = argv.Call(sys.argv[3:], usage_status=125)
state = argv.State(sys.argv[2], "podman", {"web": "running", "db": "running", "old": "exited"})
boxes = state.value
words = " ".join(call.words)
HEALTH = {"web": "healthy", "db": "unhealthy"}


def need(name):
    if name not in boxes:
        call.fail(f'Error: no container with name or ID "{name}" found: no such container', 125)
    return name


def filtered(options):
    found = [n for n, s in boxes.items() if "--all" in options or s in ("running", "paused")]
    key, _, value = options.get("--filter", "").partition("=")
    if key not in ("", "status", "health"):
        call.usage(f"invalid filter {key}")
    return [n for n in found if not key or value == (boxes[n] if key == "status" else HEALTH.get(n))]


def details(name):
    return {".Name": name, ".ImageName": "docker.io/library/nginx:1.27", ".RestartCount": 0, ".HostConfig.Memory": 0,
            ".HostConfig.RestartPolicy": {"Name": "always", "MaximumRetryCount": 0},
            ".State": {"Status": boxes[name], "ExitCode": 137 if name == "old" else 0, "OOMKilled": name == "old",
                       "Health": {"Status": HEALTH.get(name, "")}}}


def move(verb):
    options, names = call.options({"--time": int} if verb in ("stop", "restart") else {}, (1, 1))
    name = need(names[0])
    if verb == "unpause" and boxes[name] != "paused":
        call.fail(f'Error: "{name}" is not paused, can\'t unpause: container state improper', 125)
    boxes[name] = {"stop": "exited", "pause": "paused"}.get(verb, "running")
    print(name)


verb = call.verb(["version", "ps", "container", "healthcheck", "logs", "stats", "system", "images", "image", "volume", "auto-update", "start",
                  "stop", "restart", "pause", "unpause", "rm"])
if verb in ("start", "stop", "restart", "pause", "unpause"):
    move(verb)
elif verb == "version":
    call.options({"--format": ["json"]})
    print(json.dumps({"Client": {"Version": "4.9.0"}}))
elif verb == "ps":
    options, _ = call.options({"--all": None, "--filter": str, "--format": ["json"]})
    print(json.dumps([{"Id": n[0] * 64, "Names": [n], "State": boxes[n], "ExitCode": 137 if n == "old" else 0, "Ports": None}
                      for n in filtered(options)]))
elif verb == "container":
    call.verb(["inspect"])
    options, (name,) = call.options({"--format": str}, (1, 1))
    known = details(need(name))
    print(re.sub(r"{{json ([.A-Za-z]+)}}", lambda m: json.dumps(known[m[1]]), options["--format"]))
elif verb == "healthcheck":
    call.verb(["run"])
    _, (name,) = call.options({}, (1, 1))
    if name not in HEALTH:
        call.fail(f"Error: container {need(name)} is not running", 125)
    if HEALTH[name] != "healthy":
        print("unhealthy")
        sys.exit(1)
elif verb == "logs":
    options, (name,) = call.options({"--tail": int, "--since": str, "--timestamps": None}, (1, 1))
    need(name)
    print("2026-11-21T04:00:00Z to standard output")
    print("2026-11-21T04:00:00Z to standard error", file=sys.stderr)
elif verb == "stats":
    call.options({"--no-stream": None, "--format": ["json"]})
    print(json.dumps([{"name": n, "cpu_percent": "0.10%"} for n, s in boxes.items() if s == "running"]))
elif verb == "system":
    call.verb(["df"])
    call.options({"--format": ["{{json .}}"]})
    print("\n".join(json.dumps({"Type": t, "Total": 1, "Reclaimable": "0B (0%)"}) for t in ("Images", "Containers", "Local Volumes")))
elif verb == "images":
    call.options({"--format": ["json"]})
    print(json.dumps([{"Id": "d" * 64, "Names": ["docker.io/library/nginx:1.27"], "Size": 1000}]))
elif verb == "image":
    call.verb(["prune"])
    call.options({"--force": None, "--filter": str})
elif verb == "volume":
    call.verb(["ls"])
    call.options({"--format": ["json"]})
    print(json.dumps([{"Name": "data"}]))
elif verb == "auto-update":
    options, _ = call.options({"--dry-run": None, "--rollback": None, "--format": ["json"]})
    print(json.dumps([{"Unit": "web.service", "Updated": "pending"}]) if "--format" in options else "UNIT CONTAINER")
elif verb == "rm":
    _, (name,) = call.options({}, (1, 1))
    if boxes[need(name)] == "running":
        call.fail(f"Error: cannot remove container {name} as it is running", 2)
    del boxes[name]
state.save()
if verb in ("start", "stop", "restart", "pause", "unpause", "rm", "image") or words == "auto-update --rollback":
    state.log(words)
