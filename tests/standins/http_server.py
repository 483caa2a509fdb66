"""A server over HTTP that behaves badly on request. Arguments: the file that gets its port, the log of
what it was asked (a line of JSON each); then, for TLS, a certificate and a key.

The path says what it does:
    /echo             what it was asked, as JSON
    /status/N[/MORE]  status N with {"message": "it says N"}
    /flaky/N/KEY      503 until it was asked N times for KEY, then {"tries": N}
    /later/S/KEY      429 with Retry-After: S the first time; the Unix time of every request for KEY after
    /dated/KEY        503 with a Retry-After date in the past the first time
    /to/STATUS?URL    a redirect
    /slow/S           headers after S seconds
    /drip             a body that never ends, a byte at a time
    /huge/N           N bytes
    /long/N           a header of N bytes
    /broken           not JSON
    /cut              a body that ends before its length
    /chunked          JSON in chunks
    /empty/N          status N without a body
    /html             a page for browsers, with status 500
    /close            no answer at all
    /kept             429 the first time, on a connection that is kept; no answer to the next request on it
    /links?page=N  /cursor?cursor=N  /headers?next_token=N  /numbers?page=N&size=S  /relative?n=N
                      five records in pages of two
    /away             a page whose next is at another host
    /heavy            12 MiB, and a next page that is as heavy
    /tasks  (POST)    202 {"data": "UPID:a/b:1"}
    /tasks/ID/status  running twice, then stopped; exitstatus OK, or for an ID that starts with "bad" not
"""
import base64, http.server, json, os, socketserver, ssl, sys, threading, time
from urllib.parse import parse_qs, unquote, urlsplit

port_file, log_file = sys.argv[1:3]
counts, lock = {}, threading.Lock()
RECORDS = [{"n": n} for n in range(1, 6)]


def count(key):
    with lock:
        counts[key] = counts.get(key, 0) + 1
        return counts[key]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, value, **headers):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    requests = 0  # on this connection

    def handle_any(self):
        self.requests += 1
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode("utf-8", "replace")
        url = urlsplit(self.path)
        asked = {"method": self.command, "path": url.path, "query": url.query,
                 "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body}
        with lock, open(log_file, "a") as log:
            log.write(json.dumps(asked) + "\n")
        parts = url.path.strip("/").split("/")
        getattr(self, "on_" + parts[0], self.on_unknown)(asked, parts[1:], parse_qs(url.query))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = handle_any

    def on_unknown(self, asked, parts, query):
        self.reply(404, {"error": "no such path"})

    def on_echo(self, asked, parts, query):
        self.reply(200, asked)

    def on_status(self, asked, parts, query):
        self.reply(int(parts[0]), {"message": "it says " + parts[0], "detail": {"why": "the deeper reason"}})

    def on_flaky(self, asked, parts, query):
        tries = count(asked["path"])
        if tries < int(parts[0]):
            self.reply(503, {"message": "not yet"})
        else:
            self.reply(200, {"tries": tries})

    def on_later(self, asked, parts, query):
        if count(asked["path"]) == 1:
            self.reply(429, {}, Retry_After=parts[0])
        else:
            self.reply(200, {"tries": counts[asked["path"]]})

    def on_dated(self, asked, parts, query):
        if count(asked["path"]) == 1:
            self.reply(503, {}, Retry_After="Sun, 06 Nov 1994 08:49:37 GMT")
        else:
            self.reply(200, {"tries": counts[asked["path"]]})

    def on_to(self, asked, parts, query):
        self.reply(int(parts[0]), {}, Location=unquote(asked["query"]))

    def on_slow(self, asked, parts, query):
        time.sleep(float(parts[0]))
        self.reply(200, {})

    def on_drip(self, asked, parts, query):
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                self.wfile.write(b" ")
                time.sleep(0.05)
        except OSError:
            pass

    def on_huge(self, asked, parts, query):
        self.reply(200, {"text": "x" * int(parts[0])})

    def on_long(self, asked, parts, query):
        self.send_response(200)
        for i in range(int(parts[0]) // 1000):
            self.send_header("X-%d" % i, "y" * 1000)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def on_broken(self, asked, parts, query):
        self.reply(200, b'{"a": ')

    def on_cut(self, asked, parts, query):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b'{"a": 1}')
        self.close_connection = True

    def on_chunked(self, asked, parts, query):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in (b'{"pie', b'ces": ', b"3}"):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def on_empty(self, asked, parts, query):
        self.send_response(int(parts[0]))
        if parts[0] != "204":
            self.send_header("Content-Length", "0")
        self.end_headers()

    def on_html(self, asked, parts, query):
        self.reply(500, b"<html><body>Oh no</body></html>")

    def on_close(self, asked, parts, query):
        count(asked["path"])
        self.close_connection = True

    def on_kept(self, asked, parts, query):
        tries = count(asked["path"])
        if tries == 1:
            self.reply(429, {}, Retry_After="0")
        elif tries == 2 and self.requests > 1:
            self.close_connection = True
        else:
            self.reply(200, {"tries": tries})

    # Pages.

    def on_links(self, asked, parts, query):
        page = int(query.get("page", ["1"])[0])
        more = {"Link": '</links?page=1>; rel="first", </links?page=%d>; rel="next"' % (page + 1)} \
            if page < 3 else {"Link": '</links?page=1>; rel="first"'}
        self.reply(200, RECORDS[page * 2 - 2:page * 2], **more)

    def on_cursor(self, asked, parts, query):
        at = int(query.get("cursor", ["0"])[0])
        self.reply(200, {"result": {"items": RECORDS[at:at + 2]}, "next": at + 2 if at + 2 < 5 else None})

    def on_relative(self, asked, parts, query):
        at = int(query.get("n", ["0"])[0])
        self.reply(200, {"items": RECORDS[at:at + 2], "next": "?n=%d" % (at + 2) if at + 2 < 5 else ""})

    def on_headers(self, asked, parts, query):
        at = int(query.get("next_token", ["0"])[0])
        self.reply(200, RECORDS[at:at + 2], **({"X_Next_Token": str(at + 2)} if at + 2 < 5 else {}))

    def on_numbers(self, asked, parts, query):
        page, size = int(query["page"][0]), int(query.get("size", ["2"])[0])
        self.reply(200, {"total": 5, "records": RECORDS[(page - 1) * size:page * size]})

    def on_away(self, asked, parts, query):
        self.reply(200, RECORDS, Link='<http://localhost:1/x?y=z>; rel="next"')

    def on_heavy(self, asked, parts, query):
        self.reply(200, b"[1]" + b" " * (12 << 20), Link='</heavy>; rel="next"')

    # What goes on after the answer.

    def on_tasks(self, asked, parts, query):
        if self.command == "POST":
            self.reply(202, {"data": ("bad" if "fail" in asked["body"] else "") + "UPID:a/b:1"})
        elif count(asked["path"]) < 3:
            self.reply(200, {"data": {"status": "running", "path": asked["path"]}})
        else:
            self.reply(200, {"data": {"status": "stopped", "path": asked["path"],
                                      "exitstatus": "no space" if parts[0].startswith("bad") else "OK"}})


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def get_request(self):
        request, _ = super().get_request()
        return request, ("unix", 0)


if port_file.endswith(".sock"):
    server = UnixServer(port_file, Handler)
else:
    server = Server(("127.0.0.1", 0), Handler)
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3], sys.argv[4])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with open(port_file + ".new", "w") as f:
        f.write(str(server.server_address[1]))
    os.rename(port_file + ".new", port_file)
server.serve_forever()
