# A stand-in for OPNsense's API: an alias, a rule that is in force after an apply only, services. A failure of
# what was asked is a 200 with its words.
import base64, service

GOOD = "Basic " + base64.b64encode(b"key-0815:secret-0815").decode()
s = service.Service(allowed=lambda r: r.headers.get("Authorization") == GOOD, denied=(401, {"status": 401, "message": "Authentication Failed"}),
                    missing=(404, {"errorMessage": "Endpoint not found"}), refused=lambda why: (400, {"status": 400, "message": why}))
RULE = "3f2a1b4c-0000-4000-8000-00000000000a"
alias = {"blocked": ["198.51.100.7"]}
rule = {"enabled": "1", "action": "block", "interface": "wan", "description": "guests"}
in_force = dict(rule)
unbound = {"seen": 0}


def rows(found):
    return 200, {"rows": found, "rowCount": len(found), "total": len(found), "current": 1}


@s.on("GET", "/api/core/system/status")
def status(r):
    return 200, {"metadata": {"system": {"status": 2, "message": "No pending messages"}}}


@s.on("GET", "/api/diagnostics/system/{what}")
def diagnostics(r, what):
    known = {"system_information": {"name": "fw.lab.example", "versions": ["OPNsense 26.1"]}, "system_resources": {"memory": {"total": "8"}},
             "system_disk": {"devices": [{"mountpoint": "/", "used_pct": 12}]}, "system_temperature": [{"device": "cpu0", "temperature": "41"}]}
    return (200, known[what]) if what in known else s.missing


@s.on("GET", "/api/core/firmware/status")
def firmware(r):
    return 200, {"status": "update", "status_msg": "There are 3 updates available", "needs_reboot": "0"}


@s.on("GET", "/api/routes/gateway/status")
def gateways(r):
    return 200, {"items": [{"name": "WAN", "address": "203.0.113.1", "status": "none", "loss": "0.0 %", "delay": "5.1 ms"}], "status": "ok"}


@s.on("GET", "/api/diagnostics/interface/get_arp")
def arp(r):
    return 200, [{"mac": "aa:bb:cc:00:00:01", "ip": "192.168.1.10", "intf": "igb1", "hostname": "nas"}]


@s.on("GET", "/api/diagnostics/interface/get_interface_statistics")
def interfaces(r):
    return 200, {"statistics": {"[LAN] (igb1)": {"received-errors": 0}}}


@s.on("POST", "/api/core/service/search", body="json")
def services(r):
    return rows([{"id": "unbound", "name": "unbound", "description": "Unbound DNS", "running": 1, "locked": 0}])


@s.on("GET", "/api/core/service/search", query={"searchPhrase", "current", "rowCount"})
def look(r):
    unbound["seen"] += 1
    return rows([{"id": "unbound", "name": "unbound", "running": int(unbound["seen"] > 1)}] if service.one(r, "searchPhrase") == "unbound" else [])


@s.on("POST", "/api/core/service/restart/{name}", body="json")
def restart(r, name):  # ok, whatever the name is
    unbound["seen"] = 0
    return 200, {"result": "ok"}


@s.on("POST", "/api/firewall/filter/search_rule", body="json")
def rules(r):
    return rows([{"uuid": RULE, **rule}])


@s.on("GET", "/api/firewall/filter/get_rule/{uuid}")
def get_rule(r, uuid):
    return 200, {"rule": {**rule, "in_force": in_force["enabled"]}} if uuid == RULE else []


@s.on("POST", "/api/firewall/filter/toggle_rule/{uuid}/{on}", body="json")
def toggle(r, uuid, on):
    if uuid != RULE:
        return 200, {"result": "failed"}
    changed, rule["enabled"] = rule["enabled"] != on, on
    return 200, {"result": "Enabled" if on == "1" else "Disabled", "changed": changed}


@s.on("POST", "/api/firewall/filter/apply", body="json")
def apply(r):
    in_force.update(rule)
    return 200, {"status": "OK\n\n"}


@s.on("POST", "/api/firewall/alias/search_item", body="json")
def aliases(r):
    return rows([{"uuid": "u", "name": n, "type": "host", "content": "\n".join(a)} for n, a in alias.items()])


@s.on("GET", "/api/firewall/alias_util/list/{name}")
def entries(r, name):
    return rows([{"ip": a} for a in alias.get(name, [])])


@s.on("POST", "/api/firewall/alias_util/{verb}/{name}", body="json")
def change(r, verb, name):
    address = r.body["address"]
    if name not in alias:
        return 200, {"status": "failed", "status_msg": f"nonexistent alias {name}"}
    if address.count(".") != 3:
        return 200, {"status": "not_an_address"}
    kept = [a for a in alias[name] if a != address]
    alias[name] = kept + [address] if verb == "add" else kept
    return 200, {"status": "done"}


@s.on("POST", "/api/unbound/settings/search_host_override", body="json")
def overrides(r):
    return rows([{"uuid": "h", "hostname": "nas", "domain": "lab.example", "server": "192.168.1.10"}])


s.serve()
