# A stand-in for a Netdata agent's API v1.
import service

s = service.Service(missing=(404, "File does not exist, or is not accessible: "), refused=lambda why: (400, why))
alarm = {"id": 1, "name": "disk_space_usage", "chart": "disk_space./", "status": "WARNING", "value": 91.2, "units": "%"}


@s.on("GET", "/api/v1/info")
def info(r):
    return 200, {"version": "v2.8.0", "uid": "u", "mirrored_hosts": ["nas"], "alarms": {"normal": 90, "warning": 1, "critical": 0}}


@s.on("GET", "/api/v1/alarms", query={"all", "active"})
def alarms(r):
    # A word alone: "all=true" is not "all" to Netdata, which then shows those that are raised.
    return 200, {"hostname": "nas", "status": True, "alarms": {"disk_space./.usage": alarm, **({"cpu": {"status": "CLEAR"}} if r.query.get("all") == [""] else {})}}


@s.on("GET", "/api/v1/alarm_log", query={"after"})
def alarm_log(r):
    return 200, [{"unique_id": int(service.one(r, "after", "0")) + 1, "name": "disk_space_usage", "status": "WARNING", "old_status": "CLEAR"}]


@s.on("GET", "/api/v1/charts")
def charts(r):
    return 200, {"hostname": "nas", "charts": {"system.cpu": {"id": "system.cpu", "units": "percentage"}}}


@s.on("GET", "/api/v1/data", query={"chart", "after", "points", "group", "format"})
def data(r):
    if service.one(r, "chart") != "system.cpu":
        return 404, "Chart is not found: " + service.one(r, "chart")
    if not service.one(r, "after").startswith("-") or service.one(r, "format") != "json":
        return 400, "stand-in: not as it was to be"
    return 200, {"labels": ["time", "user", "system"], "data": [[1763697600, 12.5, 3.1]] * int(service.one(r, "points"))}


s.serve()
