# A stand-in for the API of Proxmox VE: two nodes, a virtual machine (100), a container (200), and a virtual
# machine whose disk cannot do snapshots (101). What acts answers with the UPID of a task. A snapshot is seen
# running once, the other tasks have ended when they are first looked at. What a task does is done when it ends.
import service

s = service.Service(allowed=lambda r: r.headers.get("Authorization") == "PVEAPIToken=hl@pve!ops=token-0815",
                    denied=(401, {"data": None, "message": "no such token\n"}), missing=(501, {"data": None, "message": "not implemented\n"}),
                    refused=lambda why: (400, {"data": None, "message": "Parameter verification failed.\n", "errors": {"x": why}}))
guests = {100: {"kind": "qemu", "node": "pve1", "name": "docker", "status": "running", "memory": 4096, "cores": 2},
          101: {"kind": "qemu", "node": "pve1", "name": "raw", "status": "stopped", "memory": 1024, "cores": 1},
          200: {"kind": "lxc", "node": "pve1", "name": "dns", "status": "running", "memory": 512, "cores": 1}}
snapshots = {vmid: {} for vmid in guests}
tasks = {}


def guest(node, kind, vmid):
    g = guests.get(int(vmid))
    return g if g and (g["node"], g["kind"]) == (node, kind) else None


def none(vmid):
    return 500, {"data": None, "message": f"Configuration file 'nodes/pve1/qemu-server/{vmid}.conf' does not exist\n"}


def task(node, type, id, does, ends="OK"):
    upid = f"UPID:{node}:{0x1000 + len(tasks):08X}:00ABCDEF:6740A000:{type}:{id}:hl@pve!ops:"
    tasks[upid] = {"seen": 0, "does": does, "ends": ends, "type": type, "id": str(id), "node": node}
    return 200, {"data": upid}


def takes(r, *names):
    strange = set(r.body) - set(names)
    if strange:
        raise ValueError(f"property is not defined in schema: {sorted(strange)}")


def on(method, path, **more):
    return s.on(method, "/api2/json" + path, **more)


@on("GET", "/version")
def version(r):
    return 200, {"data": {"version": "8.4.1", "release": "8.4", "repoid": "abc"}}


@on("GET", "/nodes")
def nodes(r):
    return 200, {"data": [{"node": n, "status": "online", "cpu": 0.1, "maxcpu": 8, "mem": 1, "maxmem": 2, "uptime": 99} for n in ("pve1", "pve2")]}


@on("GET", "/cluster/status")
def cluster(r):
    return 200, {"data": [{"type": "cluster", "name": "lab", "nodes": 2, "quorate": 1, "version": 3},
                          {"type": "node", "name": "pve1", "nodeid": 1, "online": 1, "local": 1}]}


@on("GET", "/cluster/resources", query={"type"})
def resources(r):
    return 200, {"data": [{"id": f"{g['kind']}/{i}", "type": g["kind"], "vmid": i, "node": g["node"], "name": g["name"], "status": g["status"]}
                          for i, g in guests.items()] if service.one(r, "type") == "vm" else []}


@on("GET", "/cluster/tasks")
def all_tasks(r):
    return 200, {"data": [{"upid": u, "type": t["type"], "node": t["node"], "status": t["ends"]} for u, t in tasks.items()]}


@on("GET", "/nodes/{node}/tasks/{upid}/status")
def task_status(r, node, upid):
    t = tasks.get(upid)
    if not t or t["node"] != node:
        return 500, {"data": None, "message": "no such task\n"}
    t["seen"] += 1
    takes = 2 if t["type"] == "qmsnapshot" else 1
    if t["seen"] < takes:
        return 200, {"data": {"status": "running", "upid": upid, "type": t["type"], "id": t["id"], "node": node}}
    if t["seen"] == takes and t["ends"] in ("OK", "WARNINGS: 1"):
        t["does"]()
    return 200, {"data": {"status": "stopped", "exitstatus": t["ends"], "upid": upid, "type": t["type"], "id": t["id"], "node": node}}


@on("GET", "/nodes/{node}/tasks/{upid}/log", query={"start", "limit"})
def task_log(r, node, upid):
    return 200, {"data": [{"n": 1, "t": "snapshotting 'drive-scsi0'"}, {"n": 2, "t": "TASK " + tasks[upid]["ends"]}]}


@on("GET", "/nodes/{node}/{kind}")
def of_node(r, node, kind):
    return 200, {"data": [{"vmid": i, "name": g["name"], "status": g["status"]} for i, g in guests.items() if (g["node"], g["kind"]) == (node, kind)]}


@on("GET", "/nodes/{node}/{kind}/{vmid}/status/current")
def current(r, node, kind, vmid):
    g = guest(node, kind, vmid)
    return (200, {"data": {"vmid": int(vmid), "name": g["name"], "status": g["status"], "cpus": g["cores"]}}) if g else none(vmid)


@on("GET", "/nodes/{node}/{kind}/{vmid}/config")
def config(r, node, kind, vmid):
    g = guest(node, kind, vmid)
    return (200, {"data": {"name": g["name"], "memory": str(g["memory"]), "cores": g["cores"], "digest": "d" * 40}}) if g else none(vmid)


@on("PUT", "/nodes/{node}/{kind}/{vmid}/config", body="form")
def configure(r, node, kind, vmid):
    takes(r, "memory", "cores")
    g = guest(node, kind, vmid)
    if not g:
        return none(vmid)
    g.update({k: int(v) for k, v in r.body.items()})
    return 200, {"data": None}


@on("POST", "/nodes/{node}/{kind}/{vmid}/status/{verb}", body="any")
def power(r, node, kind, vmid, verb):
    g = guest(node, kind, vmid)
    becomes = {"start": "running", "stop": "stopped", "shutdown": "stopped", "reboot": "running", "suspend": "paused", "resume": "running"}
    if not g:
        return none(vmid)
    takes(r, *(["timeout"] if verb in ("shutdown", "reboot") else []))
    ends = "VM 100 already running" if verb == "start" and g["status"] == "running" else "OK"
    return task(node, {"qemu": "qm", "lxc": "vz"}[kind] + verb, vmid, lambda: g.update(status=becomes[verb]), ends)


@on("POST", "/nodes/{node}/qemu/{vmid}/migrate", body="form")
def migrate(r, node, vmid):
    takes(r, "target", "online")
    g = guest(node, "qemu", vmid)
    return task(node, "qmigrate", vmid, lambda: g.update(node=r.body["target"]))


@on("POST", "/nodes/{node}/vzdump", body="form")
def vzdump(r, node):
    takes(r, "vmid", "storage", "mode")
    ok = (r.body["storage"], r.body["mode"]) == ("backups", "snapshot")
    return task(node, "vzdump", r.body["vmid"], lambda: None, "WARNINGS: 1" if ok else "could not get storage information")


@on("GET", "/nodes/{node}/{kind}/{vmid}/snapshot")
def list_snapshots(r, node, kind, vmid):
    if not guest(node, kind, vmid):
        return none(vmid)
    return 200, {"data": [{"name": n, "description": d["description"], "snaptime": 1763697600} for n, d in snapshots[int(vmid)].items()]
                 + [{"name": "current", "description": "You are here!", "running": 1}]}


@on("POST", "/nodes/{node}/{kind}/{vmid}/snapshot", body="form")
def snapshot(r, node, kind, vmid):
    takes(r, "snapname", "description", *(["vmstate"] if kind == "qemu" else []))
    g = guest(node, kind, vmid)
    if not g:
        return none(vmid)
    name = r.body["snapname"]
    if name in snapshots[int(vmid)]:
        return 500, {"data": None, "message": f"snapshot name '{name}' already used\n"}
    return task(node, "qmsnapshot", vmid, lambda: snapshots[int(vmid)].update({name: {"description": r.body["description"], "was": dict(g)}}),
                "snapshot feature is not available" if g["name"] == "raw" else "OK")


@on("POST", "/nodes/{node}/{kind}/{vmid}/snapshot/{name}/rollback", body="any")
def rollback(r, node, kind, vmid, name):
    takes(r)
    g, kept = guest(node, kind, vmid), snapshots[int(vmid)]
    if name not in kept:
        return 500, {"data": None, "message": f"snapshot '{name}' does not exist\n"}
    return task(node, "qmrollback", vmid, lambda: g.update(kept[name]["was"]))


@on("DELETE", "/nodes/{node}/{kind}/{vmid}/snapshot/{name}", query={"force"})
def forget(r, node, kind, vmid, name):
    if name not in snapshots[int(vmid)]:
        return 500, {"data": None, "message": f"snapshot '{name}' does not exist\n"}
    return task(node, "qmdelsnapshot", vmid, lambda: snapshots[int(vmid)].pop(name))


s.serve()
