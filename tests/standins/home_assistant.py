# A stand-in for Home Assistant's REST API. A light's state changes when a service is called; an entity that
# does not exist is no error to a service; switch.stuck does not do as it is told.
import service

s = service.Service(allowed=lambda r: r.headers.get("Authorization") == "Bearer token-0815", denied=(401, "401: Unauthorized"),
                    missing=(404, "404: Not Found"))
states = {e: {"entity_id": e, "state": state, "attributes": {"friendly_name": name, **more}, "last_changed": "2026-11-21T04:00:00+00:00",
              "last_updated": "2026-11-21T04:00:00+00:00"} for e, state, name, more in (
    ("light.kitchen", "off", "Kitchen", {}), ("light.hall", "on", "Hall", {"brightness": 180}), ("switch.stuck", "off", "Stuck", {}),
    ("switch.pump", "on", "Pump", {}), ("climate.living", "heat", "Living room", {"temperature": 20.0}),
    ("automation.night", "on", "Night", {"last_triggered": None}))}
services = {"homeassistant": ["turn_on", "turn_off", "reload_all"], "light": ["turn_on", "turn_off"], "automation": ["trigger"],
            "climate": ["set_temperature"], "switch": ["toggle"]}
EACH = ("[{% for s in states.light %}{{ dict(entity_id=s.entity_id, state=s.state, name=s.name) | to_json }}"
        "{{ ',' if not loop.last }}{% endfor %}]")


@s.on("GET", "/api/")
def ping(r):
    return 200, {"message": "API running."}


@s.on("GET", "/api/config")
def config(r):
    return 200, {"version": "2026.11.1", "components": ["light"], "time_zone": "UTC", "location_name": "Home"}


@s.on("GET", "/api/states")
def all_states(r):
    return 200, list(states.values())


@s.on("GET", "/api/states/{id}")
def one_state(r, id):
    return (200, states[id]) if id in states else (404, {"message": "Entity not found."})


@s.on("GET", "/api/services")
def all_services(r):
    return 200, [{"domain": d, "services": {n: {"description": n, "fields": {}} for n in names}} for d, names in services.items()]


@s.on("GET", "/api/history/period/{start}", query={"filter_entity_id", "end_time", "minimal_response", "no_attributes"})
def history(r, start):
    ids = service.one(r, "filter_entity_id")
    if not ids:
        return 400, {"message": "filter_entity_id is missing"}
    return 200, [[states[i]] for i in ids.split(",") if i in states]


@s.on("GET", "/api/logbook/{start}", query={"entity"})
def logbook(r, start):
    return 200, [{"when": start, "name": "Kitchen", "entity_id": service.one(r, "entity"), "state": "off"}]


@s.on("POST", "/api/template", body="json")
def template(r):
    asked = r.body["template"]
    for domain in ("light", "climate", "automation"):
        if asked == EACH.replace("light", domain):
            found = [e for e in states if e.startswith(domain + ".")]
            return 200, "[" + ",".join('{"entity_id":"%s","state":"%s","name":"%s"}' % (
                e, states[e]["state"], states[e]["attributes"]["friendly_name"]) for e in found) + "]"
    if asked == "{{ states('light.hall') }}":
        return 200, states["light.hall"]["state"]
    return 400, {"message": "Error rendering template: TemplateSyntaxError: unexpected end"}


@s.on("GET", "/api/error_log")
def error_log(r):
    return 200, "2026-11-21 03:00:00 ERROR (MainThread) [homeassistant.components.zha] no answer\n"


@s.on("POST", "/api/config/core/check_config")
def check_config(r):
    return 200, {"result": "valid", "errors": None}


@s.on("POST", "/api/services/{domain}/{name}", query={"return_response"}, body="json")
def call(r, domain, name):
    if name not in services.get(domain, []):
        return 400, {"message": f"Service {domain}.{name} not found."}
    state = states.get(r.body.get("entity_id"))
    if set(r.body) - {"entity_id", "brightness", "temperature"}:
        return 400, {"message": "extra keys not allowed"}
    if not state or state["entity_id"] == "switch.stuck":
        return 200, []
    if name in ("turn_on", "turn_off"):
        state["state"] = name[5:]
        state["attributes"].update({k: r.body[k] for k in ("brightness",) if k in r.body})
    if name == "toggle":
        state["state"] = "off" if state["state"] == "on" else "on"
    if name == "trigger":
        state["attributes"]["last_triggered"] = "2026-11-21T04:00:00+00:00"
    if name == "set_temperature":
        state["attributes"]["temperature"] = r.body["temperature"]
    return 200, [state]


s.serve()
