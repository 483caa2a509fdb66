# A stand-in for Prometheus' HTTP API v1.
import service

s = service.Service(missing=(404, "404 page not found\n"), refused=lambda why: (400, {"status": "error", "errorType": "bad_data", "error": why}))


def ok(data, **more):
    return 200, {"status": "success", "data": data, **more}


def evaluated(r, answer):
    query = r.body["query"]
    if query.endswith("("):
        return 400, {"status": "error", "errorType": "bad_data", "error": 'invalid parameter "query": 1:4: parse error: unclosed left parenthesis'}
    if query == "slow":
        return 422, {"status": "error", "errorType": "execution", "error": "query processing would load too many samples"}
    return answer


@s.on("GET", "/-/ready")
def ready(r):
    return 200, "Prometheus Server is Ready.\n"


@s.on("GET", "/api/v1/status/buildinfo")
def buildinfo(r):
    return ok({"version": "3.14.0"})


@s.on("POST", "/api/v1/query", body="form")
def query(r):
    return evaluated(r, ok({"resultType": "vector", "result": [{"metric": {"job": "node"}, "value": [float(r.body.get("time", "1763697600")), "NaN"]}]}))


@s.on("POST", "/api/v1/query_range", body="form")
def query_range(r):
    if int(r.body["end"]) < int(r.body["start"]):
        return 400, {"status": "error", "errorType": "bad_data", "error": "end timestamp must not be before start time"}
    return evaluated(r, ok({"resultType": "matrix", "result": [{"metric": {}, "values": [[int(r.body["start"]), "1"], [int(r.body["end"]), r.body["step"]]]}]}))


@s.on("GET", "/api/v1/alerts")
def alerts(r):
    return ok({"alerts": [{"labels": {"alertname": "TargetDown"}, "annotations": {}, "state": "firing", "activeAt": "2026-11-21T03:00:00Z", "value": "0e+00"}]})


@s.on("GET", "/api/v1/rules", query={"type"})
def rules(r):
    return ok({"groups": [{"name": "lab", "file": "r.yml", "interval": 1, "rules": [{"type": service.one(r, "type", "recording"), "name": "up:sum", "health": "ok"}]}]})


@s.on("GET", "/api/v1/targets", query={"state"})
def targets(r):
    return ok({"activeTargets": [{"scrapeUrl": "http://x/metrics", "health": "down", "lastError": "connection refused"}], "droppedTargets": []})


@s.on("GET", "/api/v1/series", query={"match[]", "start", "limit"})
def series(r):
    return ok([{"__name__": "up", "match": service.one(r, "match[]")}])


@s.on("GET", "/api/v1/label/{name}/values")
def values(r, name):
    return ok(["node", "web"] if name == "job" else [])


s.serve()
