# A stand-in for Grafana's HTTP API: its own alerting, as Prometheus and Alertmanager answer, sources of data,
# dashboards and annotations.
import service, uuid

s = service.Service(allowed=lambda r: r.headers.get("Authorization") == "Bearer token-0815",
                    denied=(401, {"message": "Invalid API key", "messageId": "api-key.invalid", "statusCode": 401, "traceID": ""}), missing=(404, {"message": "Not found"}))
silences = {}


@s.on("GET", "/api/health", open_to_all=True)
def health(r):
    return 200, {"commit": "abc", "database": "ok", "version": "12.3.0"}


@s.on("GET", "/api/prometheus/grafana/api/v1/alerts")
def alerts(r):
    return 200, {"status": "success", "data": {"alerts": [{"labels": {"alertname": "Hot"}, "annotations": {}, "state": "Alerting", "value": "91"}]}}


@s.on("GET", "/api/prometheus/grafana/api/v1/rules")
def rules(r):
    return 200, {"status": "success", "data": {"groups": [{"name": "lab", "file": "folder", "rules": [{"name": "Hot", "state": "firing", "health": "ok"}]}]}}


@s.on("GET", "/api/alertmanager/grafana/api/v2/silences")
def list_silences(r):
    return 200, list(silences.values())


@s.on("POST", "/api/alertmanager/grafana/api/v2/silences", body="json")
def make(r):
    if r.body["endsAt"] <= "2026-11-21T04:00:00Z":
        return 400, {"message": "bad silence: end time can't be in the past"}
    id = str(uuid.uuid4())
    silences[id] = {"id": id, **r.body, "status": {"state": "active"}}
    return 202, {"silenceID": id}


@s.on("DELETE", "/api/alertmanager/grafana/api/v2/silence/{id}")
def expire(r, id):
    if id not in silences:
        return 404, {"message": "silence not found"}
    silences[id]["status"]["state"] = "expired"
    return 200, {"message": "silence deleted"}


@s.on("GET", "/api/datasources")
def datasources(r):
    return 200, [{"id": 1, "uid": "prom", "name": "Prometheus", "type": "prometheus"}]


@s.on("GET", "/api/datasources/uid/{uid}/health")
def datasource_health(r, uid):
    if uid == "dead":
        return 400, {"status": "ERROR", "message": "connection refused"}
    return (200, {"status": "OK", "message": "Successfully queried the Prometheus API."}) if uid == "prom" else (404, {"message": "Data source not found"})


@s.on("GET", "/api/search", query={"query", "type", "limit"})
def search(r):
    return 200, [{"uid": "d1", "title": "Nodes", "type": "dash-db", "url": "/d/d1/nodes"}]


@s.on("POST", "/api/annotations", body="json")
def annotate(r):
    return 200, {"message": "Annotation added", "id": 7}


s.serve()
