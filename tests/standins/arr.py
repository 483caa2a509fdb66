# A stand-in for Sonarr, Radarr (API v3) or Prowlarr (API v1): arr.py LOG sonarr|radarr|prowlarr. The queue has
# 120 items, so it takes two pages of 100; what is removed from it is gone. RssSync is seen
# queued, then started, then completed; other commands have ended when they are first looked at, that for number 13 badly.
import service, sys

app = sys.argv[2]
base = "/api/v1" if app == "prowlarr" else "/api/v3"
s = service.Service(allowed=lambda r: r.headers.get("X-Api-Key") == "key-0815-" + app, denied=(401, {"message": "Unauthorized"}),
                    missing=(404, {"message": "NotFound"}),
                    refused=lambda why: (400, [{"propertyName": "x", "errorMessage": why, "severity": "error"}]))
queue = {i: {"id": i, "title": f"item {i}", "size": 100.0, "sizeleft": 0.0, "status": "completed", "trackedDownloadState": "importBlocked",
             "statusMessages": [{"title": "x", "messages": ["no files found"]}], "protocol": "torrent"} for i in range(1, 121)}
commands = {}
things = {1: {"id": 1, "title": "One", "monitored": True}}
known = {"sonarr": {"SeriesSearch", "SeasonSearch", "RefreshSeries", "MissingEpisodeSearch", "RssSync", "CheckHealth"},
         "radarr": {"MoviesSearch", "RefreshMovie", "MissingMoviesSearch", "RssSync"},
         "prowlarr": {"ApplicationIndexerSync", "CheckHealth"}}[app]


def page(r, records):
    number, size = int(service.one(r, "page", "1")), int(service.one(r, "pageSize", "10"))
    return 200, {"page": number, "pageSize": size, "sortKey": "x", "sortDirection": "ascending", "totalRecords": len(records),
                 "records": records[(number - 1) * size:number * size]}


@s.on("GET", "/ping", open_to_all=True)
def ping(r):
    return 200, {"status": "OK"}


@s.on("GET", base + "/system/status")
def status(r):
    return 200, {"appName": app.capitalize(), "instanceName": app.capitalize(), "version": "4.0.1", "isDocker": True}


@s.on("GET", base + "/health")
def health(r):
    return 200, [{"source": "IndexerStatusCheck", "type": "warning", "message": "Indexers unavailable: X", "wikiUrl": "http://w"}]


@s.on("POST", base + "/command", body="json")
def command(r):
    if r.body["name"] not in known:
        return 400, {"message": "Unknown command"}
    subject = r.body.get("seriesId") or (r.body.get("seriesIds") or r.body.get("movieIds") or [0])[0]
    if not isinstance(subject, int):
        return 400, {"message": "The JSON value could not be converted"}
    id = len(commands) + 1
    commands[id] = {"id": id, "name": r.body["name"], "commandName": r.body["name"], "status": "queued", "subject": subject}
    return 201, {k: v for k, v in commands[id].items() if k != "subject"}


@s.on("GET", base + "/command/{id}")
def command_status(r, id):
    c = commands.get(int(id))
    if not c:
        return 404, {"message": "NotFound"}
    slow = c["name"] == "RssSync" and c["status"] == "queued"
    c["status"] = "started" if slow else "failed" if c["subject"] == 13 else "completed"
    return 200, {k: v for k, v in c.items() if k != "subject"}


if app == "prowlarr":
    @s.on("GET", base + "/indexer")
    def indexers(r):
        return 200, [{"id": 1, "name": "X", "enable": True, "protocol": "torrent"}]

    @s.on("GET", base + "/indexerstatus")
    def indexer_status(r):
        return 200, [{"indexerId": 1, "disabledTill": "2026-11-21T05:00:00Z", "mostRecentFailure": "2026-11-21T04:00:00Z"}]

    @s.on("GET", base + "/indexerstats")
    def indexer_stats(r):
        return 200, {"indexers": [{"indexerId": 1, "numberOfQueries": 7}]}

    @s.on("GET", base + "/search", query={"query", "type", "indexerIds", "categories"})
    def search(r):
        return 200, [{"guid": "g", "indexerId": 1, "title": service.one(r, "query")}]
else:
    one, id_key, unknown = ("series", "seriesId", "includeUnknownSeriesItems") if app == "sonarr" else ("movie", "movieId", "includeUnknownMovieItems")
    number = "tvdbId" if app == "sonarr" else "tmdbId"

    @s.on("GET", base + "/diskspace")
    def diskspace(r):
        return 200, [{"path": "/tv", "label": "", "freeSpace": 10, "totalSpace": 100}]

    @s.on("GET", base + "/rootfolder")
    def rootfolder(r):
        return 200, [{"id": 1, "path": "/media", "accessible": True, "freeSpace": 10}]

    @s.on("GET", base + "/qualityprofile")
    def profiles(r):
        return 200, [{"id": 4, "name": "HD-1080p"}]

    @s.on("GET", base + "/queue", query={"page", "pageSize", unknown})
    def get_queue(r):
        return page(r, list(queue.values()))

    @s.on("GET", base + "/queue/status")
    def queue_status(r):
        return 200, {"totalCount": len(queue), "count": len(queue), "unknownCount": 0, "errors": False, "warnings": True}

    @s.on("DELETE", base + "/queue/{id}", query={"removeFromClient", "blocklist", "skipRedownload", "changeCategory"})
    def remove(r, id):
        if {service.one(r, "removeFromClient"), service.one(r, "blocklist"), service.one(r, "skipRedownload")} - {"true", "false"}:
            return 400, [{"propertyName": "blocklist", "errorMessage": "not valid", "severity": "error"}]
        return (200, {}) if queue.pop(int(id), None) else (404, {"message": "NotFound"})

    @s.on("POST", base + "/queue/grab/{id}", body="json")
    def queue_grab(r, id):
        return (200, {}) if int(id) in queue else (404, {"message": "NotFound"})

    @s.on("GET", f"{base}/{one}")
    def all_things(r):
        return 200, list(things.values())

    @s.on("GET", f"{base}/{one}/lookup", query={"term"})
    def lookup(r):
        return 200, [{"title": service.one(r, "term"), number: 71663, "year": 1989}]

    @s.on("GET", f"{base}/{one}/{{id}}")
    def thing(r, id):
        return (200, things[int(id)]) if int(id) in things else (404, {"message": "NotFound"})

    @s.on("POST", f"{base}/{one}", body="json")
    def add(r):
        for key, type in ((number, int), ("title", str), ("qualityProfileId", int), ("rootFolderPath", str)):
            if not isinstance(r.body.get(key), type):
                return 400, [{"propertyName": key, "errorMessage": f"'{key}' must not be empty.", "severity": "error"}]
        if any(t.get(number) == r.body[number] for t in things.values()):
            return 400, [{"propertyName": number, "errorMessage": "This has already been added", "severity": "error"}]
        id = max(things) + 1
        things[id] = {"id": id, **r.body}
        return 201, things[id]

    @s.on("GET", base + "/wanted/missing", query={"page", "pageSize", "monitored"})
    def missing(r):
        return page(r, [{"id": 9, "title": "not there"}])

    @s.on("GET", base + "/history", query={"page", "pageSize", "sortKey", "sortDirection", "eventType"})
    def history(r):
        return page(r, [{"id": i, "eventType": "grabbed", "date": "2026-11-21T04:00:00Z"} for i in range(60)])

    @s.on("GET", base + "/calendar", query={"start", "end"})
    def calendar(r):
        return 200, [{"title": "soon", "airDateUtc": service.one(r, "start")}]

    @s.on("GET", base + "/release", query={"episodeId" if app == "sonarr" else "movieId"})
    def releases(r):
        return 200, [{"guid": "http://x/1?a=b&c=d", "indexerId": 1, "title": "x", "rejected": False, "rejections": []}]

    @s.on("POST", base + "/release", body="json")
    def grab(r):
        known = (r.body["guid"], r.body["indexerId"]) == ("http://x/1?a=b&c=d", 1)
        return (200, r.body) if known else (404, {"message": "Couldn't find requested release in cache, cache timeout probably expired."})

s.serve()
