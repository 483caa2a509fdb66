# A stand-in for what Uptime Kuma serves over HTTP: the metrics, with an API key as the password of any user,
# and status pages, which anybody may read.
import base64, service


def allowed(r):
    kind, _, text = r.headers.get("Authorization", "").partition(" ")
    return kind == "Basic" and base64.b64decode(text).decode().partition(":")[2] == "uk1_0815"


s = service.Service(allowed=allowed, denied=(401, ""), missing=(404, {"status": "fail", "msg": "Not Found"}))


@s.on("GET", "/metrics")
def metrics(r):
    labels = 'monitor_name="nas",monitor_type="ping",monitor_url="https://",monitor_hostname="nas",monitor_port="null"'
    return 200, ("# HELP monitor_status Monitor Status (1 = UP, 0= DOWN, 2= PENDING, 3= MAINTENANCE)\n# TYPE monitor_status gauge\n"
                 f"monitor_status{{{labels}}} 0\nmonitor_response_time{{{labels}}} -1\n")


@s.on("GET", "/api/status-page/{slug}", open_to_all=True)
def page(r, slug):
    if slug != "home":
        return 404, {"ok": False, "msg": "Status Page Not Found"}
    return 200, {"config": {"slug": "home", "title": "Home"}, "incident": None, "publicGroupList": [{"id": 1, "name": "Hosts", "monitorList": [{"id": 1, "name": "nas"}]}]}


@s.on("GET", "/api/status-page/heartbeat/{slug}", open_to_all=True)
def heartbeats(r, slug):
    return 200, {"heartbeatList": {"1": [{"status": 0, "time": "2026-11-21 03:59:00.000", "msg": "", "ping": None}]}, "uptimeList": {"1_24": 0.98}}


s.serve()
