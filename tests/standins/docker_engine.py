# A stand-in for the docker engine: its published HTTP API (v1.43) on a Unix socket, for the real docker(1).
#
#	docker_engine.py SOCKET LOG
#
# Three containers: web (healthy), db (fails its health check) and old (exited with 137, out of memory).
# What changes something is a line in LOG. What it does not know is a 404, as with the engine.
import http.server, json, os, re, socketserver, struct, sys, urllib.parse

path, log_path = sys.argv[1:3]


def container(id, name, state, status, health, code=0, oom=False):
    return {"id": id * 64, "name": name, "state": state, "status": status, "health": health, "code": code, "oom": oom,
            "memory": 268435456, "restarts": 0}


containers = {c["name"]: c for c in (
    container("a", "web", "running", "Up 3 hours (healthy)", "healthy"),
    container("b", "db", "running", "Up 3 hours (unhealthy)", "unhealthy"),
    container("c", "old", "exited", "Exited (137) 2 days ago", None, 137, True))}


def find(name):
    for c in containers.values():
        if name == c["name"] or (len(name) >= 12 and c["id"].startswith(name)):
            return c
    return None


def summary(c):
    return {"Id": c["id"], "Names": ["/" + c["name"]], "Image": "nginx:1.27", "ImageID": "sha256:" + "d" * 64,
            "Command": "nginx", "Created": 1700000000, "Ports": [], "Labels": {"app": c["name"]}, "State": c["state"],
            "Status": c["status"], "HostConfig": {"NetworkMode": "bridge"}, "NetworkSettings": {"Networks": {}}, "Mounts": []}


def details(c):
    state = {"Status": c["state"], "Running": c["state"] == "running", "Paused": c["state"] == "paused", "OOMKilled": c["oom"],
             "Dead": False, "Pid": 77, "ExitCode": c["code"], "Error": ""}
    if c["health"]:
        state["Health"] = {"Status": c["health"], "FailingStreak": 3 if c["health"] == "unhealthy" else 0, "Log": []}
    return {"Id": c["id"], "Name": "/" + c["name"], "Image": "sha256:" + "d" * 64, "RestartCount": c["restarts"], "State": state,
            "Config": {"Image": "nginx:1.27", "Env": ["PASSWORD=do-not-show"], "Labels": {}, "Tty": False},
            "HostConfig": {"RestartPolicy": {"Name": "unless-stopped", "MaximumRetryCount": 0}, "Memory": c["memory"]}}


def chosen(query):
    filters = json.loads(query.get("filters", ["{}"])[0])
    wanted = {k: (list(v) if isinstance(v, dict) else v) for k, v in filters.items()}
    if set(wanted) - {"status", "health"}:
        return None
    found = [c for c in containers.values() if query.get("all", ["0"])[0] == "1" or c["state"] in ("running", "paused")]
    if "status" in wanted:
        found = [c for c in found if c["state"] in wanted["status"]]
    if "health" in wanted:
        found = [c for c in found if c["health"] in wanted["health"]]
    return found


usage = {"cpu_usage": {"total_usage": 100, "percpu_usage": [100]}, "system_cpu_usage": 1000, "online_cpus": 1}
stats = {"read": "2026-11-21T04:00:00Z", "pids_stats": {"current": 3}, "cpu_stats": usage, "precpu_stats": usage,
         "memory_stats": {"usage": 1048576, "limit": 268435456, "stats": {}}, "networks": {}, "blkio_stats": {}}
image = {"Id": "sha256:" + "d" * 64, "RepoTags": ["nginx:1.27"], "RepoDigests": [], "Created": 1700000000, "Size": 1000,
         "SharedSize": 0, "Containers": 3, "Labels": {}, "ParentId": ""}
volume = {"Name": "data", "Driver": "local", "Mountpoint": "/v", "Scope": "local", "Labels": None, "Options": None,
          "CreatedAt": "2026-11-21T04:00:00Z", "UsageData": {"Size": 10, "RefCount": 1}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def address_string(self):
        return "unix"

    def answer(self, status, value=None, raw=None):
        body = raw if raw is not None else b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("API-Version", "1.43")
        self.send_header("OSType", "linux")
        if status != 204:
            self.send_header("Content-Type", "application/json" if raw is None else "application/vnd.docker.multiplexed-stream")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do(self):
        url = urllib.parse.urlsplit(self.path)
        where, query = re.sub(r"^/v1\.\d+", "", url.path), urllib.parse.parse_qs(url.query)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.route(f"{self.command} {where}", query, json.loads(body) if body else {})

    do_GET = do_POST = do_DELETE = do_HEAD = do

    def route(self, what, query, body):
        plain = {
            "GET /_ping": lambda: "OK", "HEAD /_ping": lambda: "OK",
            "GET /version": lambda: {"Version": "24.0.7", "ApiVersion": "1.43", "MinAPIVersion": "1.12", "Os": "linux",
                                     "Arch": "amd64", "Components": [{"Name": "Engine", "Version": "24.0.7", "Details": {}}]},
            "GET /images/json": lambda: [image],
            "GET /volumes": lambda: {"Volumes": [] if '"dangling":{"true"' in query.get("filters", [""])[0] else [volume], "Warnings": []},
            "GET /system/df": lambda: {"LayersSize": 1000, "Images": [image], "Containers": [dict(summary(c), SizeRw=5)
                                       for c in containers.values()], "Volumes": [volume], "BuildCache": []},
            "GET /containers/json": lambda: [summary(c) for c in chosen(query)] if chosen(query) is not None else None,
        }
        if what in plain:
            value = plain[what]()
            return self.answer(200, value) if value is not None else self.answer(400, {"message": "invalid filter"})
        if what in ("POST /images/prune", "POST /build/prune"):
            self.note(what + (" " + query["filters"][0] if "filters" in query else ""))
            return self.answer(200, {"ImagesDeleted": [], "CachesDeleted": [], "SpaceReclaimed": 0})
        match = re.fullmatch(r"(GET|POST|DELETE) /containers/([^/]+)(?:/(\w+))?", what)
        if not match:
            return self.answer(404, {"message": "page not found"})
        c = find(match[2])
        if not c:
            return self.answer(404, {"message": f"No such container: {match[2]}"})
        self.one(match[1], match[3], c, query, body)

    def one(self, method, verb, c, query, body):
        moves = {"start": "running", "stop": "exited", "restart": "running", "pause": "paused", "unpause": "running"}
        if (method, verb) == ("GET", "json"):
            return self.answer(200, details(c))
        if (method, verb) == ("GET", "stats"):
            return self.answer(200, dict(stats, id=c["id"], name="/" + c["name"]))
        if (method, verb) == ("GET", "logs"):
            lines = [(1, "to standard output"), (2, "to standard error")]
            return self.answer(200, raw=b"".join(struct.pack(">BxxxL", kind, len(text) + 1) + text.encode() + b"\n"
                                                 for kind, text in lines))
        if method == "POST" and verb in moves:
            if verb == "unpause" and c["state"] != "paused":
                return self.answer(409, {"message": f"Container {c['name']} is not paused"})
            c["state"] = moves[verb]
            self.note(f"{verb} {c['name']}" + (f" t={query['t'][0]}" if "t" in query else ""))
            return self.answer(204)
        if (method, verb) == ("POST", "update"):
            c["memory"] = body["Memory"]
            self.note(f"update {c['name']} {body['Memory']} {body['MemorySwap']}")
            return self.answer(200, {"Warnings": []})
        if (method, verb) == ("DELETE", None):
            if c["state"] == "running":
                return self.answer(409, {"message": f"cannot remove container \"/{c['name']}\": container is running"})
            del containers[c["name"]]
            self.note(f"remove {c['name']}")
            return self.answer(204)
        self.answer(404, {"message": "page not found"})

    def note(self, text):
        with open(log_path, "a") as f:
            f.write(text + "\n")


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def get_request(self):
        request, _ = super().get_request()
        return request, ("unix", 0)


server = Server(path, Handler)
print("ready", flush=True)
server.serve_forever()
