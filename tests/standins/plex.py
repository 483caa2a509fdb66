# A stand-in for Plex and for Tautulli, which stands under /tautulli. One session plays until it is ended.
import service


def allowed(r):
    if r.path.startswith("/tautulli/"):
        return service.one(r, "apikey") == "tautulli-0815" and "X-Plex-Token" not in r.headers
    return r.headers.get("X-Plex-Token") == "plex-0815" and r.headers.get("Accept") == "application/json"


s = service.Service(allowed=allowed, denied=(401, {"response": {"result": "error", "message": "Invalid apikey", "data": {}}}),
                    missing=(404, "<html><h1>404 Not Found</h1></html>"))
sessions = {"abc-1": {"title": "Film", "type": "movie", "User": {"title": "alice"}, "Player": {"title": "tv", "state": "playing"},
                      "Session": {"id": "abc-1", "bandwidth": 9000, "location": "lan"}}}


def container(**members):
    return 200, {"MediaContainer": {"size": 1, **members}}


@s.on("GET", "/identity", open_to_all=True)
def identity(r):
    return container(machineIdentifier="m", version="1.41.0", claimed=True)


@s.on("GET", "/status/sessions")
def now(r):
    return container(**({"Metadata": list(sessions.values())} if sessions else {}))


@s.on("GET", "/status/sessions/terminate", query={"sessionId", "reason"})
def terminate(r):
    return (200, "") if sessions.pop(service.one(r, "sessionId"), None) else (404, "")


@s.on("GET", "/library/sections")
def sections(r):
    return container(Directory=[{"key": "1", "title": "Films", "type": "movie"}])


@s.on("GET", "/library/sections/{key}/recentlyAdded", query={"X-Plex-Container-Start", "X-Plex-Container-Size"})
def recent(r, key):
    return container(Metadata=[{"title": "New"}])


@s.on("GET", "/library/sections/{key}/refresh")
def refresh(r, key):
    return (200, "") if key == "1" else (404, "")


@s.on("DELETE", "/library/sections/{key}/refresh")
def cancel(r, key):
    return 200, ""


@s.on("GET", "/hubs/search", query={"query", "limit"})
def search(r):
    return container(Hub=[{"type": "movie", "Metadata": [{"title": service.one(r, "query")}]}])


@s.on("GET", "/activities")
def activities(r):
    return container(Activity=[{"type": "library.update.section", "progress": 40}])


@s.on("GET", "/tautulli/api/v2", query={"apikey", "cmd", "length", "time_range", "session_id", "message"})
def tautulli(r):
    def said(data, result="success", message=None, status=200):
        return status, {"response": {"result": result, "message": message, "data": data}}
    match service.one(r, "cmd"):
        case "server_status":
            return said({"connected": True})
        case "get_activity":
            return said({"stream_count": str(len(sessions)), "sessions": [{"session_id": i, "user": "alice"} for i in sessions]})
        case "get_history":
            return said({"recordsTotal": 1, "data": [{"title": "Film", "asked": service.one(r, "length")}]})
        case "get_libraries":
            return said([{"section_id": "1", "section_name": "Films", "count": "12"}])
        case "get_home_stats":
            return said([{"stat_id": "top_movies", "rows": [], "days": service.one(r, "time_range")}])
        case "terminate_session":  # 200, whether it worked or not
            if sessions.pop(service.one(r, "session_id"), None):
                return said({}, message="Session terminated.")
            return said({}, "error", "Failed to terminate session: Invalid session_id (" + service.one(r, "session_id") + ")")
    return said({}, "error", "Unknown command", 400)


s.serve()
