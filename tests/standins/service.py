# What the stand-ins for HTTP services share. One declares what the published interface has:
#
#	s = service.Service(allowed=lambda r: r.headers.get("X-Key") == "good", denied=(401, {"message": "no"}))
#
#	@s.on("POST", "/api/things/{name}", query={"force"}, body="json")
#	def make(r, name):
#		return 201, {"name": name, "was": r.body}
#
#	s.serve()
#
# It listens on a port of its own choice on the loopback, prints it, and writes each request as a line into
# the file that is its first argument: method, path with query, body. It is strict: a path, a parameter of
# the query or a kind of body that was not declared is refused as the service refuses what is wrong, with
# "stand-in:" before the reason. A handler gives status and value: a text as text, None as no body, the rest as JSON; a third
# member holds more headers.
import http.server, json, re, sys, threading, urllib.parse


class Request:
    pass


def compiled(path):
    parts = re.split(r"\{([a-z]+)\}", path)
    text = "".join(re.escape(p) if i % 2 == 0 else f"(?P<{p}>[^/]+)" for i, p in enumerate(parts))
    return re.compile(text + r"\Z")


class Service:
    def __init__(self, allowed=lambda r: True, denied=(401, None), missing=(404, None), refused=lambda why: (400, {"message": why})):
        self.allowed, self.denied, self.missing, self.refused = allowed, denied, missing, refused
        self.routes, self.lock = [], threading.Lock()
        self.log = open(sys.argv[1], "a", buffering=1) if len(sys.argv) > 1 else None

    def on(self, method, path, query=(), body=None, open_to_all=False):
        def keep(handler):
            self.routes.append((method, compiled(path), set(query), body, open_to_all, handler))
            return handler
        return keep

    def parsed(self, r, kind):
        type = r.headers.get("Content-Type", "").split(";")[0]
        if kind is None:
            return None if not r.raw else ValueError("a body, where none is taken")
        if kind == "json":
            return json.loads(r.raw) if type == "application/json" else ValueError(f"a body of type {type!r}")
        if kind == "any" and not r.raw:
            return {}
        if type != "application/x-www-form-urlencoded":
            return ValueError(f"a body of type {type!r}")
        return dict(urllib.parse.parse_qsl(r.raw.decode(), keep_blank_values=True, strict_parsing=bool(r.raw)))

    def answer(self, r):
        known = [(route, m) for route in self.routes for m in [route[1].match(r.path)] if m]
        if not r.open_path(known) and not self.allowed(r):
            return self.denied
        if not known:
            return self.missing
        for (method, _, query, body, _, handler), m in known:
            if method != r.method:
                continue
            strange = set(r.query) - query
            if strange:
                return self.refused(f"stand-in: unknown parameter {sorted(strange)}")
            r.body = self.parsed(r, body)
            if isinstance(r.body, ValueError):
                return self.refused(f"stand-in: {r.body}")
            return handler(r, **{k: urllib.parse.unquote(v) for k, v in m.groupdict().items()})
        return self.refused(f"stand-in: {r.method} is not for {r.path}")

    def serve(self):
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def one(self):
                r = Request()
                path, _, query = self.path.partition("?")
                r.method, r.path, r.headers = self.command, path, self.headers
                r.query = {}
                for name, value in urllib.parse.parse_qsl(query, keep_blank_values=True):
                    r.query.setdefault(name, []).append(value)
                r.raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                r.open_path = lambda known: any(route[4] for route, _ in known)
                with service.lock:
                    if service.log:
                        service.log.write(" ".join([r.method, self.path, r.raw.decode(errors="replace")]).rstrip() + "\n")
                    try:
                        status, value, *headers = service.answer(r)
                    except ValueError as bad:
                        status, value, *headers = service.refused(f"stand-in: {bad}")
                self.reply(status, value, headers[0] if headers else {})

            def reply(self, status, value, headers):
                text = isinstance(value, str)
                body = b"" if value is None else value.encode() if text else json.dumps(value).encode()
                self.send_response(status)
                if value is not None:
                    self.send_header("Content-Type", "text/plain; charset=utf-8" if text else "application/json")
                for name, one in headers.items():
                    self.send_header(name, one)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = one

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        print(server.server_address[1], flush=True)
        server.serve_forever()


def one(r, name, default=None):
    """A parameter of the query that is given once."""
    return r.query.get(name, [default])[0]
