# programs: zpool zfs
# A stand-in for zpool(8) and zfs(8): one healthy pool `tank`, one degraded pool `old`; the grammar of the manuals,
# their columns and messages. What changes something is kept in FOLDER/zfs.json and told in FOLDER/log.
#
#	zfs.py zpool|zfs FOLDER WORD...
import json, sys
import argv

call = argv.Call(sys.argv[3:])
state = argv.State(sys.argv[2], "zfs", {
    "pools": {"tank": {"health": "ONLINE", "scrub": "none", "devices": {"sda": "ONLINE", "sdb": "ONLINE"}, "errors": 0},
              "old": {"health": "DEGRADED", "scrub": "none", "devices": {"sdc": "ONLINE", "sdd": "FAULTED"}, "errors": 3}},
    "datasets": ["tank", "tank/media", "tank/home", "old"], "snapshots": []})
pools = state.value["pools"]
SIZES = {"size": "1000", "allocated": "780", "free": "220", "capacity": "78", "fragmentation": "12"}


def pool_of(name):
    if name not in pools:
        call.fail(f"cannot open '{name}': no such pool")
    return pools[name]


def zpool_list(_):
    options, names = call.options({"-H": None, "-p": None, "-o": str}, (0, 9))
    columns = options["-o"].split(",")
    if set(columns) - set(SIZES) - {"name", "health"}:
        call.usage("invalid property")
    for name in names or pools:
        row = dict(SIZES, name=name, health=pool_of(name)["health"])
        print("\t".join(row[c] for c in columns) if "-H" in options else " ".join(row[c] for c in columns))


def zpool_status(_):
    options, names = call.options({"-p": None, "-x": None, "-j": None, "--json-int": None, "-P": None, "-L": None}, (0, 9))
    for name in names:
        pool_of(name)
    chosen = {n: p for n, p in pools.items() if not names or n in names}
    if "-j" in options:
        whole = {n: {"name": n, "state": p["health"], "pool_guid": 1, "error_count": p["errors"], "vdevs": {}} for n, p in chosen.items()}
        print(json.dumps({"output_version": {"command": "zpool status", "vers_major": 0, "vers_minor": 1}, "pools": whole}))
        return
    if "-x" in options:
        chosen = {n: p for n, p in chosen.items() if p["health"] != "ONLINE"}
        if not chosen:
            print("all pools are healthy")
    for name, p in chosen.items():
        print(f"  pool: {name}\n state: {p['health']}\n  scan: {p['scrub']}\nconfig:\n\n\tNAME\tSTATE\tREAD WRITE CKSUM")
        for device, health in p["devices"].items():
            print(f"\t  {device}\t{health}\t0\t0\t{p['errors']}")
        print(f"\nerrors: {p['errors'] or 'No known data errors'}")


def zpool_scrub(_):
    options, (name,) = call.options({"-s": None, "-p": None, "-w": None}, (1, 1))
    p = pool_of(name)
    running = p["scrub"] == "running"
    if ("-s" in options or "-p" in options) and not running:
        call.fail(f"cannot {'cancel' if '-s' in options else 'pause'} scrubbing {name}: there is no active scrub")
    if not options and running:
        call.fail(f"cannot scrub {name}: currently scrubbing; use 'zpool scrub -s' to cancel scrub")
    p["scrub"] = "canceled" if "-s" in options else "paused" if "-p" in options else "running"


def zpool_clear(_):
    _, names = call.options({}, (1, 2))
    pool_of(names[0])["errors"] = 0


def zpool_device(verb):
    _, (name, device) = call.options({"-t": None, "-e": None}, (2, 2))
    p = pool_of(name)
    if device not in p["devices"]:
        call.fail(f"cannot {verb} {device}: no such device in pool")
    p["devices"][device] = "OFFLINE" if verb == "offline" else "ONLINE"
    p["health"] = "ONLINE" if set(p["devices"].values()) == {"ONLINE"} else "DEGRADED"


def zfs_list(_):
    options, names = call.options({"-H": None, "-p": None, "-r": None, "-d": int, "-t": str, "-s": str, "-o": str}, (0, 9))
    for name in names:
        if name not in state.value["datasets"]:
            call.fail(f"cannot open '{name}': dataset does not exist")
    if options["-t"] == "snapshot":
        for s in state.value["snapshots"]:
            if s.split("@")[0] in names:
                print("\t".join({"name": s, "used": "0", "creation": "1763697600"}[c] for c in options["-o"].split(",")))
        return
    for d in state.value["datasets"]:
        if any(d == n or d.startswith(n + "/") for n in names):
            row = {"name": d, "used": "10", "available": "220", "referenced": "10", "mountpoint": "/" + d}
            print("\t".join(row[c] for c in options["-o"].split(",")))


def zfs_snapshot(verb):
    _, (name,) = call.options({"-r": None} if verb == "snapshot" else {}, (1, 1))
    dataset, at, _ = name.partition("@")
    if not at:
        call.fail(f"cannot {verb} '{name}': not a snapshot")
    kept = state.value["snapshots"]
    if dataset not in state.value["datasets"] or (verb != "snapshot" and name not in kept):
        call.fail(f"cannot open '{name}': dataset does not exist" if verb != "destroy" else f"could not find any snapshots to destroy; check snapshot names.")
    if verb == "snapshot":
        if name in kept:
            call.fail(f"cannot create snapshot '{name}': dataset already exists")
        kept.append(name)
    elif verb == "destroy":
        kept.remove(name)
    elif [s for s in kept if s.startswith(dataset + "@")][-1] != name:
        call.fail(f"cannot rollback to '{name}': more recent snapshots or bookmarks exist")


verbs = {"zpool": {"list": zpool_list, "status": zpool_status, "scrub": zpool_scrub, "clear": zpool_clear, "offline": zpool_device,
                   "online": zpool_device},
         "zfs": {"list": zfs_list, "snapshot": zfs_snapshot, "rollback": zfs_snapshot, "destroy": zfs_snapshot}}[sys.argv[1]]
words = " ".join(call.words)
verb = call.verb(list(verbs))
verbs[verb](verb)
state.save()
if verb not in ("list", "status"):
    state.log(f"{sys.argv[1]} {words}")
