"""An MCP server for tests, over stdio or HTTP, of either era, that can behave badly.

	mcp_server.py [--era legacy|modern|dual] [--version V] [--probe error|code0|silent|die]
	              [--pages N|endless] [--log FILE] [--hints JSON]
	mcp_server.py --http [--sse] [--session] [--expire N] [--old] ...	prints its port

What a tool does is told by its name: see `tools`. Every message that comes in is written to the
log, one a line; over HTTP with the headers beside it.
"""
import argparse
import http.server
import json
import os
import sys
import threading
import time

MODERN = "2026-07-28"
META = "io.modelcontextprotocol/"
a = argparse.ArgumentParser()
a.add_argument("--era", default="legacy")
a.add_argument("--version", default="")
a.add_argument("--probe", default="error")
a.add_argument("--pages", default="1")
a.add_argument("--log")
a.add_argument("--hints", default="{}")
a.add_argument("--describe", default="")
a.add_argument("--stubborn", action="store_true")
a.add_argument("--http", action="store_true")
a.add_argument("--sse", action="store_true")
a.add_argument("--session", action="store_true")
a.add_argument("--expire", type=int, default=0)
a.add_argument("--old", action="store_true")
a.add_argument("--token", default="")
option = a.parse_args()
lock = threading.Lock()


def log(what):
    if option.log:
        with lock, open(option.log, "a") as f:
            f.write(json.dumps(what) + "\n")


def schema(**properties):
    return {"type": "object", "properties": properties, "required": list(properties)}


TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
tools = [{"name": n, "description": (option.describe or "the tool " + n) + "\nmore", "inputSchema": s,
          "annotations": json.loads(option.hints)} for n, s in {
    "echo": schema(text=TEXT), "add": schema(a=NUMBER, b=NUMBER), "list": schema(), "fail": schema(),
    "lines": schema(), "picture": schema(), "env": schema(), "ask": schema(), "crash": schema(),
    "rubbish": schema(), "flood": schema(), "silent": schema(), "slow": schema(), "late": schema(),
    "huge": schema(), "notify": schema(), "input": schema(), "batch": schema(), "getThings": schema(),
    "where": {"type": "object", "properties": {"region": {**TEXT, "x-mcp-header": "Region"}, "n": NUMBER}},
}.items()]
if option.era != "legacy":
    tools.append({"name": "badheader", "inputSchema": {"type": "object", "properties": {
        "x": {**TEXT, "x-mcp-header": "no such"}}}})


def say_text(text, **more):
    return {"content": [{"type": "text", "text": text}], **more}


class Peer:
    """One client, whatever the transport: `send` writes a message to it."""

    def __init__(self, send, raw=None):
        self.send, self.raw = send, raw
        self.answers, self.told = {}, threading.Event()

    def note(self, method, **params):
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, id, method):
        self.send({"jsonrpc": "2.0", "id": id, "method": method})

    def call(self, m):
        name, args = m["params"]["name"], m["params"].get("arguments") or {}
        token = m["params"].get("_meta", {}).get("progressToken")
        if name == "echo":
            return say_text(args["text"])
        if name == "add":
            return say_text("", structuredContent={"sum": args["a"] + args["b"]})
        if name == "list":
            return say_text("", structuredContent=[1, 2])
        if name == "fail":
            return say_text("the disk is full", isError=True)
        if name == "lines":
            return say_text("one\ntwo")
        if name == "picture":
            return {"content": [{"type": "text", "text": "look"}, {"type": "image", "data": "QUJD", "mimeType": "x/y"}]}
        if name == "env":
            return say_text("\n".join(sorted(os.environ)))
        if name == "crash":
            sys.stderr.write("out of memory\nin frob()\n")
            sys.stderr.flush()
            os._exit(3)
        if name == "rubbish":
            self.raw("Debugger listening\n{\"jsonrpc\": \"2.0\"\n\n")
        if name == "flood":
            while True:
                self.raw("nonsense\n")
        if name == "silent":
            if option.http:
                time.sleep(20)
            return None
        if name == "slow":
            for i in (1, 2, 3):
                self.note("notifications/progress", progressToken=token, progress=i, total=3, message="step")
        if name == "late":
            self.send({"jsonrpc": "2.0", "id": m["id"] - 1, "result": say_text("old news")})
            self.send({"jsonrpc": "2.0", "id": "other", "result": {}})
        if name == "huge":
            self.raw("x" * (17 << 20) + "\n")
        if name == "notify":
            self.note("notifications/tools/list_changed")
        if name == "batch":
            self.raw(json.dumps([{"jsonrpc": "2.0", "method": "notifications/x"},
                                 {"jsonrpc": "2.0", "id": m["id"], "result": say_text("in a batch")}]) + "\n")
            return None
        if name == "input":
            return {"resultType": "input_required", "requestState": "s"}
        if name == "where":
            return say_text(json.dumps(args))
        return say_text("done")

    def page(self, cursor):
        if option.pages == "endless":
            return {"tools": tools[:1], "nextCursor": "again"}
        n, at = int(option.pages), int(cursor or 0)
        size = (len(tools) + n - 1) // n
        page = {"tools": tools[at * size:(at + 1) * size]}
        return {**page, "nextCursor": str(at + 1)} if at + 1 < n else page

    def answer(self, m):
        method, params = m["method"], m.get("params", {})
        modern = params.get("_meta", {}).get(META + "protocolVersion")
        if method == "server/discover" and option.era == "legacy":
            if option.probe == "die":
                os._exit(1)
            if option.probe == "silent":
                return None
            raise RpcError(0 if option.probe == "code0" else -32601, "what?")
        if option.era == "modern" and not modern:
            raise RpcError(-32022, "old", {"supported": [MODERN], "requested": "?"})
        if modern and option.era != "legacy":
            extra = {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"}
            if method == "server/discover":
                return {"supportedVersions": [MODERN], "capabilities": {"tools": {}}, **extra}
        else:
            extra = {}
        if method == "initialize":
            return {"protocolVersion": option.version or params["protocolVersion"],
                    "capabilities": {"tools": {}}, "serverInfo": {"name": "s", "version": "0"}}
        if method == "tools/list":
            return {**self.page(params.get("cursor")), **extra}
        if method == "tools/call":
            if params["name"] not in [t["name"] for t in tools]:
                raise RpcError(-32602, "no such tool")
            result = self.call(m)
            return result and {**extra, **result}
        raise RpcError(-32601, "what?")

    def handle(self, m):
        if "method" not in m or "id" not in m:
            return None
        try:
            result = self.answer(m)
            return result and {"jsonrpc": "2.0", "id": m["id"], "result": result}
        except RpcError as e:
            return {"jsonrpc": "2.0", "id": m["id"], "error": e.args[0]}


class RpcError(Exception):
    def __init__(self, code, message, data=None):
        super().__init__({"code": code, "message": message, **({"data": data} if data else {})})


def stdio():
    def raw(text):
        sys.stdout.write(text)
        sys.stdout.flush()
    peer = Peer(lambda m: raw(json.dumps(m) + "\n"), raw)
    asked = None
    for line in sys.stdin:
        m = json.loads(line)
        log(m)
        if m.get("params", {}).get("name") == "ask" and m["method"] == "tools/call":
            asked, replies = m, []
            peer.ask("r1", "roots/list")
            peer.ask("r2", "ping")
            continue
        if asked and "method" not in m:
            replies.append(m.get("result", m.get("error", {}).get("code")))
            if len(replies) == 2:
                peer.send({"jsonrpc": "2.0", "id": asked["id"], "result": say_text(json.dumps(replies))})
            continue
        answer = peer.handle(m)
        if answer:
            peer.send(answer)
    if option.stubborn:
        time.sleep(60)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sessions, count, waiting = [], 0, {}

    def log_message(self, *args):
        pass

    def reply(self, status, body=b"", kind="application/json", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def event(self, text):
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def do_GET(self):
        if not option.old:
            return self.reply(405)
        self.stream()
        self.event("event: endpoint\ndata: /messages?session_id=7\n\n")
        Handler.waiting["7"] = self
        Handler.gone = threading.Event()
        Handler.gone.wait(20)

    def do_DELETE(self):
        log({"method": "DELETE", "headers": {k.lower(): v for k, v in self.headers.items()}})
        self.reply(200)

    def do_POST(self):
        m = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        head = {k.lower(): v for k, v in self.headers.items()}
        log({**m, "headers": head})
        if option.token and head.get("authorization") != "Bearer " + option.token:
            return self.reply(401)
        if option.old:
            if not self.path.startswith("/messages"):
                return self.reply(405)
            self.reply(202, b"Accepted", "text/plain")
            to = Handler.waiting["7"]
            answer = Peer(lambda x: to.event("data: " + json.dumps(x) + "\n\n")).handle(m)
            if answer:
                to.event("event: message\ndata: " + json.dumps(answer) + "\n\n")
            return None
        if option.session and m.get("method") not in ("initialize", "server/discover"):
            Handler.count += 1
            if head.get("mcp-session-id") not in Handler.sessions:
                return self.reply(400)
            if Handler.count == option.expire:
                Handler.sessions.clear()
                return self.reply(404)
        if "id" not in m or "method" not in m:
            return self.reply(202)
        wrong = self.mismatch(m, head)
        if wrong:
            return self.reply(400, json.dumps({"jsonrpc": "2.0", "id": m["id"], "error": {
                "code": -32020, "message": wrong}}).encode())
        extra = {}
        if option.session and m["method"] == "initialize":
            Handler.sessions.append("s%d" % len(Handler.sessions))
            extra["Mcp_Session_Id"] = Handler.sessions[-1]
        if option.sse and m["method"] not in ("initialize", "server/discover"):
            return self.as_stream(m)
        answer = Peer(lambda x: None).handle(m)
        status = 200
        if "error" in (answer or {}):
            status = 404 if answer["error"]["code"] == -32601 and option.era != "legacy" else 400
        return self.reply(status, json.dumps(answer).encode(), **extra)

    def mismatch(self, m, head):
        modern = m.get("params", {}).get("_meta", {}).get(META + "protocolVersion")
        if not modern or option.era == "legacy":
            return None
        if head.get("mcp-protocol-version") != modern or head.get("mcp-method") != m["method"]:
            return "headers differ from the body"
        if m["method"] == "tools/call" and head.get("mcp-name") != m["params"]["name"]:
            return "the name differs from the body"
        return None

    def as_stream(self, m):
        self.stream()
        self.event(": hello\n\nid: 1\ndata:\n\n")
        send = lambda x: self.event("event: message\r\ndata: " + json.dumps(x) + "\r\n\r\n")
        if m.get("params", {}).get("name") == "ask" and m["method"] == "tools/call":
            send({"jsonrpc": "2.0", "id": "r1", "method": "roots/list"})
        answer = Peer(send, lambda text: self.event("data: " + text + "\n\n")).handle(m)
        if answer:
            half = json.dumps(answer, indent=1).split("\n")
            self.event("".join("data: " + part + "\n" for part in half) + "\n")
        self.event("")


if option.http:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()
else:
    if option.stubborn:
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    stdio()
