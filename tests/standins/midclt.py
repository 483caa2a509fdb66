# programs: midclt
# A stand-in for midclt(1) of TrueNAS: one call a process, its arguments JSON where they read as that, and the methods that
# the toolset calls with the arguments that their definitions have.
#
#	midclt.py midclt FOLDER WORD...
import json, sys
import argv

call = argv.Call(sys.argv[3:], usage_status=2)
state = argv.State(sys.argv[2], "truenas", {"snapshots": [], "apps": {"jellyfin": "RUNNING"}, "alerts": {"u-1": False}})
words = list(call.words)
if call.words[:1] != ["--uri"] or call.words[2:3] != ["-K"] or call.words[4:5] != ["call"]:
    call.usage("midclt --uri URI -K KEYFILE call [-j] METHOD [ARG ...]")
if not call.words[1].startswith("wss://"):
    call.fail("cannot connect")
if open(call.words[3]).read().strip() != "1-secretkey":
    call.fail("Invalid API key")
del call.words[:5]
waits = call.words[:1] == ["-j"]
method, *given = call.words[waits:]


def value(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


args = [value(a) for a in given]
POOL = {"name": "tank", "status": "ONLINE", "healthy": True, "warning": False, "status_detail": None, "size": 1000, "allocated": 780,
        "free": 220, "scan": {"function": "SCRUB", "state": "FINISHED"}, "topology": {"data": []}}
DISK = {"name": "sda", "model": "STANDIN", "serial": "S1", "size": 1000, "type": "HDD", "pool": "tank", "passwd": "never"}


def query(rows):
    filters, options = (args + [[], {}])[:2]
    for field, operator, wanted in filters:
        rows = [r for r in rows if (r[field] == wanted if operator == "=" else r[field] in wanted)]
    if "select" in options:
        rows = [{k: r[k] for k in options["select"]} for r in rows]
    if options.get("get"):
        if not rows:
            call.fail("[ENOENT] None: Object does not exist")
        return rows[0]
    return rows


def scrub():
    name, action = args
    if name != "tank" or action not in ("START", "STOP", "PAUSE"):
        call.fail(f"[EINVAL] pool.scrub.scrub: unknown pool {name}")
    return 7


def create():
    (options,) = args
    name = f"{options['dataset']}@{options['name']}"
    if set(options) != {"dataset", "name"} or name in state.value["snapshots"]:
        call.fail(f"[EEXIST] {name}")
    state.value["snapshots"].append(name)
    return {"id": name}


def delete():
    if args[0] not in state.value["snapshots"]:
        call.fail(f"[ENOENT] {args[0]} not found")
    state.value["snapshots"].remove(args[0])
    return True


def app(verb):
    if args[0] not in state.value["apps"] or not waits:
        call.fail(f"[ENOENT] app {args[0]} does not exist")
    state.value["apps"][args[0]] = "STOPPED" if verb == "stop" else "RUNNING"


def dismiss():
    if args[0] not in state.value["alerts"]:
        call.fail("[ENOENT] no such alert")
    state.value["alerts"][args[0]] = True


methods = {
    "core.ping": lambda: "pong", "system.info": lambda: {"version": "25.10.0", "hostname": "nas"},
    "alert.list": lambda: [{"uuid": u, "level": "WARNING", "formatted": "Pool tank is 78% full", "dismissed": d}
                           for u, d in state.value["alerts"].items()],
    "pool.query": lambda: query([POOL]), "disk.query": lambda: query([DISK]),
    "service.query": lambda: [{"service": "cifs", "state": "RUNNING", "enable": True}],
    "app.query": lambda: query([{"name": n, "state": s, "version": "1.0", "upgrade_available": True, "config": {}}
                                for n, s in state.value["apps"].items()]),
    "core.get_jobs": lambda: query([{"id": 7, "method": "pool.scrub.scrub", "state": "FAILED", "progress": {}, "error": "x",
                                     "time_started": 1, "time_finished": 2}]),
    "pool.snapshot.query": lambda: query([{"id": s, "name": s, "dataset": s.split("@")[0]} for s in state.value["snapshots"]]),
    "pool.scrub.scrub": scrub, "pool.snapshot.create": create, "pool.snapshot.delete": delete, "alert.dismiss": dismiss,
    "app.start": lambda: app("start"), "app.stop": lambda: app("stop"), "app.redeploy": lambda: app("redeploy")}
if method not in methods:
    call.fail(f"Method '{method}' not found")
answer = methods[method]()
print(answer if isinstance(answer, str) else json.dumps(answer))
state.save()
state.log(" ".join(call.words))
