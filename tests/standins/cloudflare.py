# A stand-in for Cloudflare's API v4 below /client/v4: one zone of 150 records, so that there are two pages of
# 100, and a tunnel. What is changed is seen in the lists.
import service

s = service.Service(allowed=lambda r: r.headers.get("Authorization") == "Bearer token-0815",
                    denied=(403, {"success": False, "errors": [{"code": 9109, "message": "Invalid access token"}], "messages": [], "result": None}),
                    missing=(404, {"success": False, "errors": [{"code": 7003, "message": "Could not route to it"}], "messages": [], "result": None}),
                    refused=lambda why: (400, {"success": False, "errors": [{"code": 1004, "message": why}], "messages": [], "result": None}))
ZONE, ACCOUNT, TUNNEL = "a" * 32, "b" * 32, "c0ffee00-0000-4000-8000-000000000001"
records = {f"{i:032x}": {"id": f"{i:032x}", "type": "A", "name": f"h{i}.example.com", "content": f"192.0.2.{i % 250}", "ttl": 1, "proxied": False}
           for i in range(1, 151)}


def ok(result, **more):
    return 200, {"success": True, "errors": [], "messages": [], "result": result, **more}


def page(r, found):
    number, size = int(service.one(r, "page", "1")), int(service.one(r, "per_page", "20"))
    part = found[(number - 1) * size:number * size]
    return ok(part, result_info={"page": number, "per_page": size, "count": len(part), "total_count": len(found),
                                 "total_pages": -(-len(found) // size)})


def on(method, path, **more):
    return s.on(method, "/client/v4" + path, **more)


def failed(code, message, status=400):
    return status, {"success": False, "errors": [{"code": code, "message": message}], "messages": [], "result": None}


@on("GET", "/user/tokens/verify")
def verify(r):
    return ok({"id": "t", "status": "active"})


@on("GET", "/zones", query={"name", "page", "per_page"})
def zones(r):
    return page(r, [z for z in [{"id": ZONE, "name": "example.com", "status": "active"}] if service.one(r, "name", z["name"]) == z["name"]])


@on("GET", "/zones/{zone}/dns_records", query={"page", "per_page", "type", "name.exact"})
def list_records(r, zone):
    if zone != ZONE:
        return failed(7003, "Could not route to /zones/" + zone, 404)
    return page(r, [x for x in records.values() if service.one(r, "name.exact", x["name"]) == x["name"] and service.one(r, "type", x["type"]) == x["type"]])


@on("POST", "/zones/{zone}/dns_records", body="json")
def create(r, zone):
    if not isinstance(r.body["ttl"], int) or not isinstance(r.body["proxied"], bool):
        return failed(9005, "Content is invalid")
    if any((x["type"], x["name"], x["content"]) == (r.body["type"], r.body["name"], r.body["content"]) for x in records.values()):
        return failed(81058, "An identical record already exists.")
    id = f"{len(records) + 1000:032x}"
    records[id] = {"id": id, **r.body}
    return ok(records[id])


@on("GET", "/zones/{zone}/dns_records/export")
def export(r, zone):
    return 200, "".join(f"{x['name']}.\t{x['ttl']}\tIN\t{x['type']}\t{x['content']}\n" for x in records.values())


@on("GET", "/zones/{zone}/dns_records/{id}")
def get(r, zone, id):
    return ok(records[id]) if id in records else failed(81044, "Record does not exist.", 404)


@on("PATCH", "/zones/{zone}/dns_records/{id}", body="json")
def patch(r, zone, id):
    if id not in records:
        return failed(81044, "Record does not exist.", 404)
    if r.body.get("content") == "not-an-address":  # the answer's status is good, the answer is not
        return 200, {"success": False, "errors": [{"code": 9005, "message": "Content for A record must be a valid IPv4 address."}], "result": None}
    records[id].update(r.body)
    return ok(records[id])


@on("DELETE", "/zones/{zone}/dns_records/{id}")
def delete(r, zone, id):
    return ok({"id": id}) if records.pop(id, None) else failed(81044, "Record does not exist.", 404)


@on("POST", "/zones/{zone}/purge_cache", body="json")
def purge(r, zone):
    return ok({"id": zone}) if r.body == {"purge_everything": True} else failed(1012, "Request must contain one of purge_everything")


@on("GET", "/accounts/{account}/cfd_tunnel", query={"is_deleted", "page", "per_page", "name"})
def tunnels(r, account):
    return page(r, [{"id": TUNNEL, "name": "home", "status": "healthy", "connections": []}] if account == ACCOUNT else [])


@on("GET", "/accounts/{account}/cfd_tunnel/{tunnel}/connections")
def connections(r, account, tunnel):
    return ok([{"id": "k", "version": "2026.1.0", "conns": [{"colo_name": "fra03"}]}])


@on("GET", "/accounts/{account}/cfd_tunnel/{tunnel}/configurations")
def configurations(r, account, tunnel):
    return ok({"config": {"ingress": [{"hostname": "h1.example.com", "service": "http://web:80"}, {"service": "http_status:404"}]}})


s.serve()
