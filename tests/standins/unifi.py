# A stand-in for the UniFi network application behind a console (/proxy/network). A failure is told by meta.rc.
import service

s = service.Service(allowed=lambda r: r.headers.get("X-API-KEY") == "key-0815", denied=(401, {"meta": {"rc": "error", "msg": "api.err.LoginRequired"}, "data": []}),
                    missing=(404, {"meta": {"rc": "error", "msg": "api.err.NotFound"}, "data": []}),
                    refused=lambda why: (400, {"meta": {"rc": "error", "msg": why}, "data": []}))
clients = {"aa:bb:cc:00:00:01": {"mac": "aa:bb:cc:00:00:01", "hostname": "phone", "blocked": False}}
known = {"stat/health": [{"subsystem": "wan", "status": "ok"}], "stat/device": [{"mac": "aa:bb:cc:00:00:99", "name": "switch", "state": 1}],
         "stat/device-basic": [{"mac": "aa:bb:cc:00:00:99", "name": "switch", "state": 1}], "stat/sysinfo": [{"version": "9.5.21"}],
         "list/alarm": [{"key": "EVT_SW_Lost_Contact", "msg": "switch lost"}]}


def ok(data):
    return 200, {"meta": {"rc": "ok"}, "data": data}


def bad(msg):
    return 200, {"meta": {"rc": "error", "msg": msg}, "data": []}


@s.on("GET", "/proxy/network/api/s/{site}/{group}/{what}")
def get(r, site, group, what):
    if site != "default":
        return 400, {"meta": {"rc": "error", "msg": "api.err.NoSiteContext"}, "data": []}
    if (group, what) == ("stat", "sta"):
        return ok([c for c in clients.values()])
    return ok(known[group + "/" + what])


@s.on("POST", "/proxy/network/api/s/{site}/cmd/stamgr", body="json")
def stamgr(r, site):
    client = clients.get(r.body["mac"])
    if not client:
        return bad("api.err.UnknownStation")
    match r.body["cmd"]:
        case "block-sta":
            client["blocked"] = True
        case "unblock-sta":
            client["blocked"] = False
        case "kick-sta":
            pass
        case _:
            return bad("api.err.UnknownCommand")
    return ok([client])


@s.on("POST", "/proxy/network/api/s/{site}/cmd/devmgr", body="json")
def devmgr(r, site):
    if r.body["mac"] != "aa:bb:cc:00:00:99":
        return bad("api.err.UnknownDevice")
    if r.body["cmd"] == "power-cycle":
        return ok([]) if isinstance(r.body["port_idx"], int) and r.body["port_idx"] < 9 else bad("api.err.InvalidTarget")
    return ok([]) if (r.body["cmd"], r.body.get("reboot_type")) == ("restart", "soft") else bad("api.err.UnknownCommand")


s.serve()
