# A stand-in for Alertmanager's API v2, with one alert. A silence that was made is seen, active until it is ended.
import service, uuid

s = service.Service(missing=(404, None), refused=lambda why: (400, why))
silences = {}
alert = {"labels": {"alertname": "DiskFull", "instance": "nas", "severity": "critical"}, "annotations": {}, "receivers": [{"name": "hl"}],
         "fingerprint": "0123456789abcdef", "startsAt": "2026-11-21T03:00:00Z", "updatedAt": "2026-11-21T03:00:00Z", "endsAt": "2026-11-21T05:00:00Z"}


def silenced():
    return [i for i, one in silences.items() if one["status"]["state"] == "active" and
            all(alert["labels"].get(m["name"]) == m["value"] for m in one["matchers"])]


def current():
    by = silenced()
    return {**alert, "status": {"state": "suppressed" if by else "active", "silencedBy": by, "inhibitedBy": [], "mutedBy": []}}


@s.on("GET", "/api/v2/status")
def status(r):
    return 200, {"cluster": {"status": "ready", "peers": []}, "versionInfo": {"version": "0.34.0"}, "config": {"original": "a: <secret>"}, "uptime": "2026-11-20T00:00:00Z"}


@s.on("GET", "/api/v2/receivers")
def receivers(r):
    return 200, [{"name": "hl"}]


@s.on("GET", "/api/v2/alerts", query={"active", "silenced", "inhibited", "unprocessed", "filter", "receiver"})
def alerts(r):
    if {service.one(r, "silenced"), service.one(r, "inhibited")} - {"true", "false"}:
        return 400, "failed to parse boolean"
    wanted = r.query.get("filter", [])
    if any("=" not in f for f in wanted):
        return 400, "bad matcher format: " + wanted[0]
    one = current()
    hidden = one["status"]["silencedBy"] and service.one(r, "silenced") == "false"
    return 200, [] if hidden or any(f != 'severity="critical"' for f in wanted) else [one]


@s.on("GET", "/api/v2/alerts/groups")
def groups(r):
    return 200, [{"labels": {}, "receiver": {"name": "hl"}, "alerts": [current()]}]


@s.on("GET", "/api/v2/silences")
def list_silences(r):
    return 200, list(silences.values())


@s.on("POST", "/api/v2/silences", body="json")
def make(r):
    if r.body["endsAt"] <= "2026-11-21T04:00:00Z":
        return 400, "bad silence: end time can't be in the past"
    if set(r.body) != {"matchers", "startsAt", "endsAt", "createdBy", "comment"}:
        return 422, {"code": 602, "message": "a member is missing"}
    id = str(uuid.uuid4())
    silences[id] = {"id": id, **r.body, "status": {"state": "active"}}
    return 200, {"silenceID": id}


@s.on("GET", "/api/v2/silence/{id}")
def get(r, id):
    return (200, silences[id]) if id in silences else (404, None)


@s.on("DELETE", "/api/v2/silence/{id}")
def expire(r, id):
    if id not in silences:
        return 404, None
    silences[id]["status"]["state"] = "expired"
    return 200, None


s.serve()
