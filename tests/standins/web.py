# What the stand-ins for HTTP APIs share: a server on a port of its own, which it prints, and a table of what is known there.
#
#	web.serve([("GET", r"/v1/jobs/(\w+)", function)], allowed, LOG)
#
# A function gets the call (method, path, parts, query, headers, body, fields) and returns a status and a value, or a
# status, a value and headers: an object or list goes as JSON, a text as it is. What is in no row is a 404 and a line in LOG that
# begins with "unknown"; what is refused by `allowed` is what that returns. Every call but GET is a line in LOG, too.
import email, http.server, json, re, urllib.parse


class Call:
    def __init__(self, handler, parts, query, body):
        self.method, self.headers, self.parts, self.query, self.body, self.fields = handler.command, handler.headers, parts, query, body, {}
        kind = handler.headers.get("Content-Type") or ""
        if body and kind.startswith("application/json"):
            self.body = json.loads(body)
        elif kind.startswith("multipart/form-data"):
            whole = email.message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
            self.fields = {p.get_param("name", header="content-disposition"): p.get_payload(decode=True).decode() for p in whole.get_payload()}

    def told(self, path):
        query = urllib.parse.urlencode(sorted(self.query.items()))
        body = json.dumps(self.fields or self.body, sort_keys=True) if self.fields or self.body else ""
        return " ".join(filter(None, [self.method, path + ("?" + query if query else ""), body]))


def serve(rows, allowed, log_path):
    def note(text):
        with open(log_path, "a") as f:
            f.write(text + "\n")

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args):
            pass

        def answer(self, status, value="", headers={}):
            body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain" if isinstance(value, str) else "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, text in headers.items():
                self.send_header(name, text)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def do(self):
            url = urllib.parse.urlsplit(self.path)
            query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            refusal = allowed(self.headers)
            if refusal:
                return self.answer(*refusal)
            for method, pattern, function in rows:
                match = re.fullmatch(pattern, url.path)
                if match and method == self.command:
                    call = Call(self, [urllib.parse.unquote(p) for p in match.groups()], query, body)
                    if method != "GET":
                        note(call.told(url.path))
                    return self.answer(*function(call))
            note(f"unknown {self.command} {self.path}")
            self.answer(404, "404 page not found")

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()
