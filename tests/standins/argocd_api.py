# A stand-in for the API of Argo CD: radarr syncs well, broken fails, busy already has an operation. An operation is in the
# application until it has been looked at twice; what the status says before is of the one before.
#
#	argocd_api.py LOG
import sys
import web

LOOKS = 2
apps = {n: {"metadata": {"name": n}, "spec": {"project": "default", "source": {"helm": {"parameters": [{"value": "do-not-show"}]}}},
            "status": {"sync": {"status": "OutOfSync", "revision": "abc"}, "health": {"status": "Healthy"},
                       "operationState": {"phase": "Succeeded", "message": "the one before"}, "history": [{"id": 1}, {"id": 2}]},
            "looks": 0} for n in ("radarr", "broken", "busy")}
apps["busy"]["operation"] = {"sync": {}}


def shown(app):
    return {k: v for k, v in app.items() if k != "looks"}


def find(call):
    app = apps.get(call.parts[0])
    project = call.query.get("project") or (call.body or {}).get("project")
    if not app:
        return None, (404, {"error": "x", "code": 5, "message": f'applications.argoproj.io "{call.parts[0]}" not found'}) \
            if project else (403, {"error": "permission denied", "code": 7, "message": "permission denied"})
    return app, None


def get(call):
    app, refusal = find(call)
    if refusal:
        return refusal
    if app.get("operation") and call.parts[0] != "busy":
        app["looks"] += 1
        if app["looks"] > LOOKS:
            ok = call.parts[0] != "broken"
            del app["operation"]
            app["status"]["operationState"] = {"phase": "Succeeded" if ok else "Failed", "message": "this one"}
            app["status"]["sync"]["status"] = "Synced" if ok else "OutOfSync"
        elif app["looks"] == LOOKS:
            app["status"]["operationState"] = {"phase": "Running"}
    return 200, shown(app)


def operate(call):
    app, refusal = find(call)
    if refusal:
        return refusal
    if app.get("operation"):
        return 400, {"error": "x", "code": 9, "message": "another operation is already in progress"}
    if call.body.get("dryRun") is not False or ("id" in call.body and call.body["id"] not in (1, 2)):
        return 400, {"error": "x", "code": 3, "message": "application does not have deployment id"}
    app.update(operation={"sync": {}}, looks=0)
    return 200, shown(app)


def terminate(call):
    app, refusal = find(call)
    if refusal:
        return refusal
    if not app.pop("operation", None):
        return 400, {"error": "x", "code": 3, "message": "Unable to terminate operation. No operation is in progress"}
    return 200, {}


def allowed(headers):
    if headers.get("Authorization") != "Bearer argo-token":
        return 401, {"error": "invalid session", "code": 16, "message": "invalid session: signature is invalid"}


ONE = r"/api/v1/applications/([^/]+)"
web.serve([
    ("GET", "/api/version", lambda c: (200, {"Version": "v3.1.0"})),
    ("GET", "/api/v1/applications", lambda c: (200, {"metadata": {}, "items": [
        {"metadata": {"name": n}, "status": a["status"]} for n, a in apps.items()] if "fields" in c.query else None})),
    ("GET", ONE, get), ("POST", ONE + "/sync", operate), ("POST", ONE + "/rollback", operate), ("DELETE", ONE + "/operation", terminate),
    ("GET", ONE + "/events", lambda c: (200, {"items": [{"reason": "OperationCompleted", "message": "m"}]})),
], allowed, sys.argv[1])
