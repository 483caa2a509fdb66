# A stand-in for the API of a Consul agent: a cluster of three of which one failed, the service web on two nodes.
#
#	consul_api.py LOG
import sys
import web

servers = [{"Name": f"s{i}", "Healthy": i != 2, "Voter": True, "Leader": i == 0} for i in range(3)]


def autopilot(call):
    return 429, {"Healthy": False, "FailureTolerance": 0, "Servers": servers}


def maintenance(call):
    if call.query.get("enable") not in ("true", "false"):
        return 400, "Missing value for enable"
    if call.parts and call.parts[0] != "web-1":
        return 404, f'Unknown service ID "{call.parts[0]}". Ensure that the service ID is passed, not the service name.'
    return 200, ""


def service(call):
    rows = [{"Node": {"Node": n}, "Service": {"Service": "web"}, "Checks": [{"Status": s}]} for n, s in (("a", "passing"), ("b", "critical"))]
    if call.parts[0] != "web":
        rows = []
    return 200, [r for r in rows if "passing" not in call.query or r["Checks"][0]["Status"] == "passing"]


def allowed(headers):
    if headers.get("X-Consul-Token") != "consul-token":
        return 403, "Permission denied: token with AccessorID '' lacks permission"


CHECK = {"Node": "b", "CheckID": "web", "Status": "critical", "Output": "timeout", "ServiceName": "web"}
web.serve([
    ("GET", "/v1/status/leader", lambda c: (200, '"10.1.10.12:8300"')),
    ("GET", "/v1/status/peers", lambda c: (200, ["10.1.10.12:8300", "10.1.10.11:8300"])),
    ("GET", "/v1/operator/autopilot/health", autopilot),
    ("GET", "/v1/operator/raft/configuration", lambda c: (200, {"Servers": servers, "Index": 1})),
    ("GET", "/v1/agent/members", lambda c: (200, [{"Name": "a", "Status": 1}, {"Name": "b", "Status": 4}])),
    ("GET", "/v1/health/state/(critical|warning|passing|any)", lambda c: (200, [CHECK] if c.parts[0] in ("critical", "any") else [])),
    ("GET", "/v1/catalog/services", lambda c: (200, {"consul": [], "web": ["http"]})),
    ("GET", "/v1/health/service/([^/]+)", service),
    ("GET", "/v1/health/node/([^/]+)", lambda c: (200, [dict(CHECK, Node=c.parts[0])])),
    ("PUT", "/v1/agent/maintenance", maintenance),
    ("PUT", "/v1/agent/service/maintenance/([^/]+)", maintenance),
    ("PUT", "/v1/agent/force-leave/([^/]+)", lambda c: (200, "") if c.parts[0] == "b" else (500, "agent: No node found with name '" + c.parts[0] + "'")),
], allowed, sys.argv[1])
