# A stand-in for a Kubernetes API server, for the real kubectl(1): discovery, lists, objects, patches, the scale and eviction
# subresources, logs, metrics. It prints its port. Each change is a line in LOG. A caller without the token gets 401.
#
#	kubernetes_api.py LOG CERTIFICATE KEY	(TLS: kubectl sends no token without)
#
# Node n1 is ready. In namespace media: deployment radarr (2 pods, revision 2; revision 1 is kept), whose pods are radarr-a
# (ready) and radarr-b (crashes, last killed for memory), daemon set agent, and a pod alone that nothing made.
import copy, http.server, json, re, select, ssl, sys, urllib.parse

log_path, certificate, key = sys.argv[1:4]
SECRET = "do-not-show"


def meta(name, namespace="media", **more):
    return dict({"name": name, "namespace": namespace, "uid": "u-" + name, "resourceVersion": "1", "generation": 1,
                 "creationTimestamp": "2026-11-01T00:00:00Z"}, **more)


def template(image):
    return {"metadata": {"labels": {"app": "radarr"}}, "spec": {"containers": [
        {"name": "radarr", "image": image, "env": [{"name": "KEY", "value": SECRET}], "resources": {}}]}}


def owner(kind, name):
    return [{"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": "u-" + name, "controller": True}]


def pod(name, ready, labels, owners, node="n1"):
    state = {"running": {"startedAt": "2026-11-01T00:00:00Z"}} if ready else {"waiting": {"reason": "CrashLoopBackOff", "message": "m"}}
    last = {} if ready else {"terminated": {"reason": "OOMKilled", "exitCode": 137}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta(name, labels=labels, ownerReferences=owners),
            "spec": dict(template("radarr:2")["spec"], nodeName=node),
            "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True" if ready else "False"}],
                       "containerStatuses": [{"name": "radarr", "ready": ready, "restartCount": 0 if ready else 7, "image": "radarr:2",
                                              "imageID": "", "state": state, "lastState": last}]}}


def replica_set(name, revision, image, replicas):
    labels = {"app": "radarr", "pod-template-hash": name[-1]}
    shape = template(image)
    shape["metadata"]["labels"] = labels
    return {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta(name, labels=labels, ownerReferences=owner("Deployment", "radarr"),
            annotations={"deployment.kubernetes.io/revision": revision}),
            "spec": {"replicas": replicas, "selector": {"matchLabels": labels}, "template": shape}, "status": {"replicas": replicas}}


made = {"app": "radarr", "pod-template-hash": "2"}
everything = {
    ("deployments", "media", "radarr"): {
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": meta("radarr", labels={"app": "radarr"}, annotations={"deployment.kubernetes.io/revision": "2"}),
        "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "radarr"}}, "template": template("radarr:2")},
        "status": {"observedGeneration": 99, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2}},
    ("deployments", "media", "stuck"): {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta("stuck", labels={"app": "stuck"}),
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "stuck"}}, "template": template("stuck:1")},
        "status": {"observedGeneration": 99, "replicas": 1, "updatedReplicas": 1, "unavailableReplicas": 1,
                   "conditions": [{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]}},
    ("replicasets", "media", "radarr-1"): replica_set("radarr-1", "1", "radarr:1", 0),
    ("replicasets", "media", "radarr-2"): replica_set("radarr-2", "2", "radarr:2", 2),
    ("daemonsets", "media", "agent"): {
        "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": meta("agent"),
        "spec": {"selector": {"matchLabels": {"app": "agent"}}, "template": template("agent:1")},
        "status": {"desiredNumberScheduled": 1, "numberReady": 1, "updatedNumberScheduled": 1, "numberAvailable": 1}},
    ("pods", "media", "radarr-a"): pod("radarr-a", True, made, owner("ReplicaSet", "radarr-2")),
    ("pods", "media", "radarr-b"): pod("radarr-b", False, made, owner("ReplicaSet", "radarr-2")),
    ("pods", "media", "agent-x"): pod("agent-x", True, {"app": "agent"}, owner("DaemonSet", "agent")),
    ("pods", "media", "alone"): pod("alone", True, {}, [], node="n2"),
    ("namespaces", "", "media"): {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "media"}},
    ("nodes", "", "n1"): {
        "apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1", "uid": "u-n1", "resourceVersion": "1"}, "spec": {},
        "status": {"conditions": [{"type": "MemoryPressure", "status": "False"}, {"type": "Ready", "status": "True"}],
                   "nodeInfo": {"kubeletVersion": "v1.32.4"}}},
    ("events", "media", "e1"): {
        "apiVersion": "v1", "kind": "Event", "metadata": meta("e1"), "type": "Warning", "reason": "BackOff",
        "message": 'Back-off "restarting"\nfailed', "count": 5, "lastTimestamp": "2026-11-21T03:59:00Z",
        "involvedObject": {"kind": "Pod", "namespace": "media", "name": "radarr-b"}},
    ("persistentvolumeclaims", "media", "config"): {
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": meta("config"),
        "spec": {"storageClassName": "fast", "resources": {"requests": {"storage": "5Gi"}}}, "status": {"phase": "Pending"}}}
GROUPS = {"apps/v1": {"deployments": "Deployment", "replicasets": "ReplicaSet", "statefulsets": "StatefulSet", "daemonsets": "DaemonSet",
                      "controllerrevisions": "ControllerRevision", "deployments/scale": "Scale"},
          "v1": {"pods": "Pod", "pods/log": "Pod", "pods/eviction": "Eviction", "nodes": "Node", "namespaces": "Namespace", "events": "Event",
                 "persistentvolumeclaims": "PersistentVolumeClaim"},
          "policy/v1": {"poddisruptionbudgets": "PodDisruptionBudget"}, "authorization.k8s.io/v1": {"selfsubjectaccessreviews": "SelfSubjectAccessReview"},
          "metrics.k8s.io/v1beta1": {"pods": "PodMetrics", "nodes": "NodeMetrics"}}


def resources(group):
    def one(name, kind):
        found = {"name": name, "singularName": "", "kind": kind, "namespaced": kind not in ("Node", "Namespace", "NodeMetrics", "SelfSubjectAccessReview"),
                 "verbs": ["create", "delete", "get", "list", "patch", "update", "watch"]}
        if name == "pods/eviction":
            found.update(group="policy", version="v1")
        if name.endswith("/scale"):
            found.update(group="autoscaling", version="v1")
        return found
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group, "resources": [one(n, k) for n, k in GROUPS[group].items()]}


def value_at(thing, path):
    for part in path.split("."):
        thing = thing.get(part, "") if isinstance(thing, dict) else ""
    return str(thing)


def selected(thing, query):
    labels = thing["metadata"].get("labels") or {}
    for term in filter(None, re.split(r",(?![^(]*\))", query.get("labelSelector", [""])[0])):
        name, equals, wanted = term.partition("=")
        if name not in labels or (equals and labels[name] != wanted.lstrip("=")):
            return False
    return all(value_at(thing, t.split("=")[0]) == t.split("=")[1] for t in query.get("fieldSelector", [""])[0].split(",") if t)


def merge(old, new):
    """A strategic merge patch as far as it is used here: containers and environments are merged by name."""
    for key, value in new.items():
        if key.startswith("$"):
            continue
        if value is None:
            old.pop(key, None)
        elif isinstance(value, dict):
            merge(old.setdefault(key, {}), value)
        elif isinstance(value, list) and key in ("containers", "env"):
            for item in value:
                match = [o for o in old.get(key, []) if o["name"] == item["name"]]
                merge(match[0], item) if match else old.setdefault(key, []).append(item)
        else:
            old[key] = value


def patch_list(thing, patch):
    for step in patch:
        *path, last = step["path"].strip("/").split("/")
        into = thing
        for part in path:
            into = into[part]
        into[last] = step["value"]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, value, status=200, kind="application/json"):
        body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status, reason, message, **details):
        self.answer({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason,
                     "details": details, "code": status}, status)

    def note(self, text):
        with open(log_path, "a") as f:
            f.write(text + "\n")

    def do(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Authorization") != "Bearer t0ken":
            return self.refuse(401, "Unauthorized", "Unauthorized")
        url = urllib.parse.urlsplit(self.path)
        self.route(url.path, urllib.parse.parse_qs(url.query),
                   json.loads(body) if body.startswith((b"{", b"[")) else body)  # a review comes as protobuf

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do

    def route(self, path, query, body):
        if path == "/version":
            return self.answer({"major": "1", "minor": "32", "gitVersion": "v1.32.4"})
        if path == "/api":
            return self.answer({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})
        if path == "/apis":
            return self.answer({"kind": "APIGroupList", "apiVersion": "v1", "groups": [
                {"name": g.split("/")[0], "versions": [{"groupVersion": g, "version": g.split("/")[1]}],
                 "preferredVersion": {"groupVersion": g, "version": g.split("/")[1]}} for g in GROUPS if "/" in g]})
        match = re.fullmatch(r"/(?:api|apis)/(v1|[a-z0-9.]+/v[0-9a-z]+)(?:/(.*))?", path)
        if not match or match[1] not in GROUPS:
            return self.refuse(404, "NotFound", "the server could not find the requested resource")
        if not match[2]:
            return self.answer(resources(match[1]))
        self.object(match[1], match[2], query, body)

    def object(self, group, rest, query, body):
        match = re.fullmatch(r"(?:namespaces/([^/]+)/)?([a-z]+)(?:/([^/]+))?(?:/([a-z]+))?", rest)
        namespace, what, name, sub = match.groups()
        if what == "selfsubjectaccessreviews":
            return self.answer({"kind": GROUPS[group][what], "apiVersion": group, "metadata": {}, "spec": {},
                                "status": {"allowed": b"delete" not in body}}, 201)
        if group.startswith("metrics"):
            usage = {"cpu": "12m", "memory": "345Mi"}
            item = ({"metadata": {"name": "n1"}, "usage": usage} if what == "nodes" else
                    {"metadata": {"name": "radarr-a", "namespace": "media"}, "containers": [{"name": "radarr", "usage": usage}]})
            return self.answer({"kind": GROUPS[group][what] + "List", "apiVersion": group, "metadata": {}, "items": [item]})
        if what not in GROUPS[group]:
            return self.refuse(404, "NotFound", "the server could not find the requested resource")
        if not name:
            return self.list(group, what, namespace, query)
        thing = everything.get((what, namespace or "", name))
        if not thing:
            return self.refuse(404, "NotFound", f'{what} "{name}" not found', name=name, kind=what)
        self.one(what, thing, sub, query, body)

    def list(self, group, what, namespace, query):
        if "watch" in query:  # nothing happens here; the client goes when it has seen enough
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.flush()
            select.select([self.connection], [], [], 30)
            self.close_connection = True
            return
        items = [o for (w, n, _), o in everything.items() if w == what and (not namespace or n == namespace) and selected(o, query)]
        self.answer({"kind": GROUPS[group][what] + "List", "apiVersion": group, "metadata": {"resourceVersion": "1"}, "items": items})

    def one(self, what, thing, sub, query, body):
        name = f"{what}/{thing['metadata']['name']}"
        if sub == "log":
            return self.answer(" ".join(f"{k}={v[0]}" for k, v in sorted(query.items())) + "\nlast line\n", kind="text/plain")
        if sub == "scale":
            return self.scale(name, thing, body)
        if sub == "eviction":
            del everything[(what, thing["metadata"]["namespace"], thing["metadata"]["name"])]
            self.note(f"evict {name}")
            return self.answer({"kind": "Status", "apiVersion": "v1", "status": "Success"}, 201)
        if self.command == "GET":
            return self.answer(thing)
        if self.command == "DELETE":
            del everything[(what, thing["metadata"]["namespace"], thing["metadata"]["name"])]
            self.note(f"delete {name}")
            return self.answer(thing)
        if self.command == "PATCH":
            before = copy.deepcopy(thing)
            patch_list(thing, body) if isinstance(body, list) else merge(thing, body)
            if thing != before:
                self.note(f"patch {name} {self.headers['Content-Type'].split('/')[1].split('+')[0]}" +
                          "".join(f" {k}={self.shown(thing, k)}" for k in ("image", "memory", "paused", "unschedulable", "restartedAt")
                                  if self.shown(thing, k) != self.shown(before, k)))
            return self.answer(thing)
        self.refuse(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")

    def shown(self, thing, key):
        spec = thing["spec"]
        shape = spec.get("template", {"metadata": {}, "spec": {"containers": [{}]}})
        box = shape["spec"]["containers"][0]
        resources = box.get("resources") or {}
        return {"image": box.get("image"), "paused": spec.get("paused"), "unschedulable": spec.get("unschedulable"),
                "memory": f"{(resources.get('requests') or {}).get('memory')}..{(resources.get('limits') or {}).get('memory')}",
                "restartedAt": bool((shape["metadata"].get("annotations") or {}).get("kubectl.kubernetes.io/restartedAt"))}[key]

    def scale(self, name, thing, body):
        if self.command in ("PUT", "PATCH"):
            wanted = body["spec"].get("replicas", 0)  # nothing is left out
            thing["spec"]["replicas"] = thing["status"]["replicas"] = thing["status"]["readyReplicas"] = wanted
            self.note(f"scale {name} {wanted}")
        self.answer({"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": thing["metadata"],
                     "spec": {"replicas": thing["spec"]["replicas"]}, "status": {"replicas": thing["spec"]["replicas"]}})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(certificate, key)
server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_address[1], flush=True)
server.serve_forever()
