# A stand-in for the API 2.0 of MAAS: the machine abc123, and OAuth 1.0 with PLAINTEXT signatures, each nonce once.
#
#	maas_api.py LOG
import re, sys
import web

seen, power = set(), {"state": "on"}
MACHINE = {"system_id": "abc123", "hostname": "node1", "status_name": "Deployed", "power_state": "on"}


def allowed(headers):
    given = dict(re.findall(r"(\w+)=([^,\s]+)", headers.get("Authorization", "").removeprefix("OAuth ")))
    known = {"oauth_version": "1.0", "oauth_signature_method": "PLAINTEXT", "oauth_consumer_key": "consumer", "oauth_token": "token",
             "oauth_signature": "&secret"}
    nonce = given.pop("oauth_nonce", "")
    if not re.fullmatch(r"\d{10}", given.pop("oauth_timestamp", "")) or not nonce or nonce in seen or given != known:
        return 401, "Authorization Error: Invalid API key."
    seen.add(nonce)


def machine(call):
    if call.parts[0] != "abc123":
        return 404, "Not Found"
    if call.query.get("op") == "query_power_state":
        return 200, power
    return (200, MACHINE) if not call.query else (400, f"Unrecognised signature: GET {call.query}")


def operate(call):
    fields = {"power_on": {"comment"}, "power_off": {"comment", "stop_mode"}, "lock": {"comment"}, "unlock": {"comment"},
              "deploy": {"comment", "distro_series"}, "release": {"comment"}}
    op = call.query.get("op")
    if call.parts[0] != "abc123":
        return 404, "Not Found"
    if op not in fields or set(call.fields) != fields[op]:
        return 400, f"Unrecognised signature: POST {call.query} {sorted(call.fields)}"
    if op == "power_on" and power["state"] == "on" and call.fields["comment"] == "refuse":
        return 409, "Machine is on already"
    power["state"] = {"power_on": "on", "power_off": "off"}.get(op, power["state"])
    return 200, MACHINE


web.serve([
    ("GET", "/MAAS/api/2.0/version/", lambda c: (200, {"version": "3.5.0", "subversion": "", "capabilities": []})),
    ("GET", "/MAAS/api/2.0/machines/", lambda c: (200, [MACHINE])),
    ("GET", "/MAAS/api/2.0/machines/([^/]+)/", machine),
    ("POST", "/MAAS/api/2.0/machines/([^/]+)/", operate),
], allowed, sys.argv[1])
