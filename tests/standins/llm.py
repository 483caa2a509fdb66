"""A stand-in for the services of models: OpenAI's chat completions, Anthropic's Messages, Gemini's generateContent and Ollama's
chat, told apart by the path. Arguments: the file that gets its port, the script, the log.

The script has a line of JSON for each request, in turn; the last one stays. What a line can have:
    {"text": "fine", "calls": [{"name": "host_load", "args": {}}], "end": "length", "usage": [7, 2], "model": "m"}
                                  an answer, in the form of the interface; all at once, or streamed where it is asked to be
    {"status": 429, "headers": {"Retry-After": "1"}, "body": {..} or "text"}     instead of one
    {"raw": "..", "type": "text/html"}                                           a 200 with these bytes
and with any of them
    "slow": MS    before it answers          "cut": N     the connection ends after N bytes of the body
    "drip": MS    between the pieces of a stream          "close": true   no answer at all
    "break": N    an error event after N pieces of a stream
    "echo": true  the text is what the user said last     "obey": true    the last call is made with what the last tool said

A request that the interface would refuse is refused, in its form, and the script does not move on. The log has a line for each:
{"api", "method", "path", "headers", "body", "connection"}.
"""
import http.server, json, re, socketserver, sys, threading, time

port_file, script_file, log_file = sys.argv[1:4]
lock = threading.Lock()
KEY = "good-key-of-nobody"
NAME = re.compile(r"^[A-Za-z0-9_-]{1,64}$")


class Refused(Exception):
    def __init__(self, status, kind, message):
        self.status, self.kind, self.message = status, kind, message


def need(condition, message, status=400, kind="invalid_request_error"):
    if not condition:
        raise Refused(status, kind, message)


def next_line():
    with lock:
        lines = [l for l in open(script_file).read().split("\n") if l.strip()]
        if len(lines) > 1:
            open(script_file, "w").write("\n".join(lines[1:]) + "\n")
        return json.loads(lines[0])


def words(obj, *names):
    for name in obj:
        need(name in names, f"unknown parameter: '{name}'")


def check_key(given, api):
    if given is None:
        return  # a service in the house needs none
    need(given == KEY, "Incorrect API key provided: " + given, 401, "authentication_error")


# --- what each interface takes ---

def check_openai(h, path, body):
    auth = h.get("Authorization")
    check_key(auth[7:] if auth and auth.startswith("Bearer ") else auth, "openai")
    words(body, "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "response_format", "tools", "tool_choice",
          "stream", "stream_options")
    need(isinstance(body.get("model"), str), "you must provide a model parameter")
    need(isinstance(body.get("messages"), list) and body["messages"], "'messages' is too short")
    waiting = []
    for m in body["messages"]:
        need(m.get("role") in ("system", "user", "assistant", "tool"), "no such role")
        if m["role"] == "tool":
            need(m.get("tool_call_id") in waiting, "a tool message without a call before it")
            waiting.remove(m["tool_call_id"])
            need(isinstance(m.get("content"), str), "a tool message without content")
            continue
        need(not waiting, "an assistant message with 'tool_calls' must be followed by tool messages")
        parts = m.get("content")
        if isinstance(parts, list) and parts:
            need(all(p["type"] == "text" and isinstance(p["text"], str) for p in parts), "content has a part that is no text")
        else:
            need(isinstance(parts, str) or (m["role"] == "assistant" and m.get("tool_calls")), "content is missing")
        for c in m.get("tool_calls", []):
            need(c["type"] == "function" and NAME.match(c["function"]["name"]), "bad tool call")
            need(isinstance(json.loads(c["function"]["arguments"]), dict), "arguments")
            waiting.append(c["id"])
    need(not waiting, "tool messages are missing")
    for t in body.get("tools", []):
        need(t["type"] == "function" and NAME.match(t["function"]["name"]), "bad name of a function")
        need(t["function"]["parameters"].get("type") == "object", "parameters must be an object")
    need(body.get("tools") != [], "tools is empty")
    f = body.get("response_format")
    if f:
        need(f["type"] == "json_schema" and NAME.match(f["json_schema"]["name"]), "response_format")
        if f["json_schema"].get("strict"):
            strict(f["json_schema"]["schema"])


def strict(schema):
    if schema.get("type") == "object":
        need(schema.get("additionalProperties") is False, "Invalid schema: 'additionalProperties' is required to be supplied and to be false")
        need(set(schema.get("properties", {})) == set(schema.get("required", [])), "Invalid schema: 'required' has to have every key")
    for one in list(schema.get("properties", {}).values()) + [schema[k] for k in ("items",) if k in schema]:
        strict(one)


def check_anthropic(h, path, body):
    need(h.get("anthropic-version") == "2023-06-01", "anthropic-version: header is required")
    check_key(h.get("x-api-key"), "anthropic")
    words(body, "model", "max_tokens", "messages", "system", "tools", "tool_choice", "temperature", "output_config", "stream")
    need(isinstance(body.get("max_tokens"), int), "max_tokens: Field required")
    need(body.get("messages"), "messages: at least one message is required")
    need(body["messages"][0]["role"] == "user", "messages: first message must use the \"user\" role")
    waiting = set()
    for m in body["messages"]:
        need(m["role"] in ("user", "assistant"), "messages: unexpected role")
        blocks = m["content"] if isinstance(m["content"], list) else [{"type": "text", "text": m["content"]}]
        need(blocks, "messages: content is empty")
        results = {b["tool_use_id"] for b in blocks if b["type"] == "tool_result"}
        need(results == waiting, "messages: `tool_use` ids were found without `tool_result` blocks immediately after")
        waiting = set()
        for b in blocks:
            if b["type"] == "text":
                need(b["text"], "messages: text content blocks must be non-empty")
            if b["type"] == "tool_use":
                waiting.add(b["id"])
    need(not waiting, "messages: tool_result blocks are missing")
    for t in body.get("tools", []):
        words(t, "type", "name", "description", "input_schema")
        need(NAME.match(t["name"]) and t["input_schema"]["type"] == "object" and t.get("type", "custom") == "custom", "tools: bad")
    form = body.get("output_config", {}).get("format")
    if form:
        closed(form["schema"])


def closed(schema):
    for word in schema:
        need(word not in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"),
             f"output_config.format.schema: For '{schema.get('type')}' type, property '{word}' is not supported")
    if schema.get("type") == "object":
        need(schema.get("additionalProperties") is False, "output_config.format.schema: additionalProperties must be false")
    for one in list(schema.get("properties", {}).values()) + [schema[k] for k in ("items",) if k in schema]:
        closed(one)


def camel(tree):
    """Names may be written as_this, too; those in a schema or in arguments are somebody else's."""
    if isinstance(tree, list):
        return [camel(one) for one in tree]
    if not isinstance(tree, dict):
        return tree
    out = {}
    for name, value in tree.items():
        name = re.sub("_([a-z])", lambda m: m[1].upper(), name)
        out[name] = value if name.lower().endswith(("schema", "parameters", "args", "response")) else camel(value)
    return out


def check_gemini(h, path, body):
    check_key(h.get("x-goog-api-key"), "gemini")
    body = camel(body)
    words(body, "model", "contents", "systemInstruction", "generationConfig", "tools", "toolConfig", "safetySettings")
    need(body.get("contents"), "* GenerateContentRequest.contents: contents is not specified")
    for c in body["contents"]:
        need(c["role"] in ("user", "model"), "Please use a valid role: user, model.")
        need(c["parts"], "parts must not be empty")
        for p in c["parts"]:
            need(len(set(p) & {"text", "functionCall", "functionResponse"}) == 1, "required oneof field 'data' must have one initialized field")
            need(p.get("text") != "", "a part is empty")
    config = body.get("generationConfig", {})
    words(config, "maxOutputTokens", "temperature", "responseMimeType", "responseSchema", "responseJsonSchema")
    need("responseJsonSchema" not in config or config.get("responseMimeType") == "application/json", "responseMimeType")
    for t in body.get("tools") or []:
        for f in t["functionDeclarations"]:
            words(f, "name", "description", "parameters", "parametersJsonSchema")
            need(re.match(r"^[A-Za-z_][A-Za-z0-9_.:-]{0,127}$", f["name"]), "name of a function")


def check_ollama(h, path, body):
    words(body, "model", "messages", "tools", "format", "options", "stream", "think", "keep_alive")
    need(body.get("model") != "missing", f"model '{body.get('model')}' not found", 404)
    for m in body["messages"]:
        need(m["role"] in ("system", "user", "assistant", "tool"), "no such role")
        for c in m.get("tool_calls", []):
            need(isinstance(c["function"]["arguments"], dict), "arguments must be an object")
    words(body.get("options", {}), "num_ctx", "num_predict", "temperature")


def error_of(api, status, kind, message):
    if api == "gemini":
        return {"error": {"code": status, "message": message, "status": "INVALID_ARGUMENT" if status == 400 else "UNAUTHENTICATED"}}
    if api == "anthropic":
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}
    if api == "ollama":
        return {"error": message}
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


# --- what each answers ---

def openai_answer(line, body):
    message = {"role": "assistant", "content": line.get("text"), "refusal": None}
    if line.get("calls"):
        message["tool_calls"] = [{"id": f"call_{i}", "type": "function", "function": {"name": c["name"], "arguments": c["args"] if isinstance(c["args"], str) else json.dumps(c["args"])}}
                                 for i, c in enumerate(line["calls"])]
    end = line.get("end") or ("tool_calls" if line.get("calls") else "stop")
    out = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": line.get("model", body["model"]),
           "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": end}]}
    if line.get("usage"):
        i, o = line["usage"]
        out["usage"] = {"prompt_tokens": i, "completion_tokens": o, "total_tokens": i + o}
    return out


def anthropic_answer(line, body):
    content = [{"type": "text", "text": line["text"]}] if line.get("text") else []
    content += [{"type": "tool_use", "id": f"toolu_{i}", "name": c["name"], "input": c["args"]} for i, c in enumerate(line.get("calls", []))]
    end = {"length": "max_tokens"}.get(line.get("end"), line.get("end")) or ("tool_use" if line.get("calls") else "end_turn")
    i, o = line.get("usage", [0, 0])
    return {"id": "msg_1", "type": "message", "role": "assistant", "model": line.get("model", body["model"]), "content": content,
            "stop_reason": end, "stop_sequence": None, "usage": {"input_tokens": i, "output_tokens": o}}


def gemini_answer(line, body):
    parts = [{"text": line["text"]}] if line.get("text") else []
    parts += [{"functionCall": {"name": c["name"], "args": c["args"]}, "thoughtSignature": "c2lnbg=="} for c in line.get("calls", [])]
    end = {"length": "MAX_TOKENS"}.get(line.get("end"), line.get("end")) or "STOP"
    i, o = line.get("usage", [0, 0])
    return {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": end, "index": 0}],
            "usageMetadata": {"promptTokenCount": i, "candidatesTokenCount": o, "totalTokenCount": i + o}, "modelVersion": "gemini-x"}


def ollama_answer(line, body):
    message = {"role": "assistant", "content": line.get("text", "")}
    if line.get("calls"):
        message["tool_calls"] = [{"function": {"name": c["name"], "arguments": c["args"]}} for c in line["calls"]]
    i, o = line.get("usage", [0, 0])
    return {"model": body["model"], "created_at": "2026-01-01T00:00:00Z", "message": message, "done": True,
            "done_reason": line.get("end", "stop"), "prompt_eval_count": i, "eval_count": o}


def pieces(text):
    return [text[i:i + 5] for i in range(0, len(text or ""), 5)]


def openai_stream(line, body):
    base = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": body["model"]}
    for p in pieces(line.get("text")):
        yield "data: " + json.dumps({**base, "choices": [{"index": 0, "delta": {"content": p}, "finish_reason": None}]}) + "\n\n"
    for i, c in enumerate(line.get("calls", [])):
        args = json.dumps(c["args"])
        yield "data: " + json.dumps({**base, "choices": [{"index": 0, "delta": {"tool_calls": [{"index": i, "id": f"call_{i}", "type": "function", "function": {"name": c["name"], "arguments": ""}}]}, "finish_reason": None}]}) + "\n\n"
        for p in pieces(args):
            yield "data: " + json.dumps({**base, "choices": [{"index": 0, "delta": {"tool_calls": [{"index": i, "function": {"arguments": p}}]}, "finish_reason": None}]}) + "\n\n"
    yield "data: " + json.dumps({**base, "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls" if line.get("calls") else "stop"}]}) + "\n\n"
    if body.get("stream_options", {}).get("include_usage") and line.get("usage"):
        i, o = line["usage"]
        yield "data: " + json.dumps({**base, "choices": [], "usage": {"prompt_tokens": i, "completion_tokens": o}}) + "\n\n"
    yield "data: [DONE]\n\n"


def anthropic_stream(line, body):
    def event(kind, **more):
        return f"event: {kind}\ndata: " + json.dumps({"type": kind, **more}) + "\n\n"
    i, o = line.get("usage", [0, 0])
    yield event("message_start", message={"id": "msg", "type": "message", "role": "assistant", "model": body["model"], "content": [], "usage": {"input_tokens": i, "output_tokens": 1}})
    n = 0
    if line.get("text"):
        yield event("content_block_start", index=n, content_block={"type": "text", "text": ""})
        for p in pieces(line["text"]):
            yield event("content_block_delta", index=n, delta={"type": "text_delta", "text": p})
        yield event("content_block_stop", index=n)
        n += 1
    for c in line.get("calls", []):
        yield event("content_block_start", index=n, content_block={"type": "tool_use", "id": f"toolu_{n}", "name": c["name"], "input": {}})
        for p in pieces(json.dumps(c["args"])):
            yield event("content_block_delta", index=n, delta={"type": "input_json_delta", "partial_json": p})
        yield event("content_block_stop", index=n)
        n += 1
    yield event("message_delta", delta={"stop_reason": "tool_use" if line.get("calls") else "end_turn", "stop_sequence": None}, usage={"output_tokens": o})
    yield event("message_stop")


def gemini_stream(line, body):
    for p in pieces(line.get("text")):
        yield "data: " + json.dumps({"candidates": [{"content": {"role": "model", "parts": [{"text": p}]}}]}) + "\r\n\r\n"
    last = gemini_answer({**line, "text": ""}, body)
    yield "data: " + json.dumps(last) + "\r\n\r\n"


def ollama_stream(line, body):
    for p in pieces(line.get("text")):
        yield json.dumps({"model": body["model"], "message": {"role": "assistant", "content": p}, "done": False}) + "\n"
    yield json.dumps(ollama_answer({**line, "text": ""}, body)) + "\n"


def said_last(body):
    texts = re.findall(r'"(?:content|text|output)": ("(?:[^"\\]|\\.)*")', json.dumps(body))
    return json.loads(texts[-1]) if texts else ""


APIS = [("openai", re.compile(r"^(/v1)?/chat/completions$"), check_openai, openai_answer, openai_stream),
        ("anthropic", re.compile(r"^/v1/messages$"), check_anthropic, anthropic_answer, anthropic_stream),
        ("gemini", re.compile(r"^/v1beta/models/[^/]+:(generateContent|streamGenerateContent\?alt=sse)$"), check_gemini, gemini_answer, gemini_stream),
        ("ollama", re.compile(r"^/api/chat$"), check_ollama, ollama_answer, ollama_stream)]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, kind, body, cut=None, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if cut is None else body[:cut])
        if cut is not None:
            self.close_connection = True

    def stream(self, line, kind, events):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for n, e in enumerate(events):
            if n == line.get("break"):
                e = "data: " + json.dumps({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}) + "\n\n"
                events = None
            self.wfile.write(b"%x\r\n%s\r\n" % (len(e.encode()), e.encode()))
            self.wfile.flush()
            if events is None:
                break
            if n + 1 == line.get("cut"):
                self.close_connection = True
                return
            time.sleep(line.get("drip", 0) / 1000)
        self.wfile.write(b"0\r\n\r\n")

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = [a for a in APIS if a[1].match(self.path)]
        api, _, check, answer, stream = found[0] if found else ("openai", None, None, None, None)
        with lock, open(log_file, "a") as log:
            log.write(json.dumps({"api": api, "method": "POST", "path": self.path, "headers": dict(self.headers), "body": raw.decode("utf-8", "backslashreplace"),
                                  "connection": self.client_address[1]}) + "\n")
        try:
            need(found, "Not Found", 404, "not_found_error")
            try:
                body = json.loads(raw)
                need("json" in self.headers.get("Content-Type", "") or api == "ollama", "We could not parse the JSON body of your request")
                check(self.headers, self.path, body)
            except (KeyError, TypeError, ValueError) as e:
                raise Refused(400, "invalid_request_error", f"malformed request: {e!r}")
        except Refused as r:
            self.reply(r.status, "application/json", json.dumps(error_of(api, r.status, r.kind, r.message)).encode())
            return
        line = next_line()
        time.sleep(line.get("slow", 0) / 1000)
        if line.get("close"):
            self.close_connection = True
            return
        if line.get("echo"):
            line["text"] = said_last(body)
        try:
            self.answer(line, api, body, answer, stream)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def answer(self, line, api, body, answer, stream):
        if "status" in line:
            text = line.get("body", "")
            text = text if isinstance(text, str) else json.dumps(text)
            self.reply(line["status"], "text/html" if text.startswith("<") else "application/json", text.encode(), line.get("cut"), **line.get("headers", {}))
        elif "raw" in line:
            self.reply(200, line.get("type", "application/json"), line["raw"].encode(), line.get("cut"))
        elif body.get("stream") or "stream" in self.path:
            self.stream(line, "application/x-ndjson" if api == "ollama" else "text/event-stream", stream(line, body))
        else:
            self.reply(200, "application/json", json.dumps(answer(line, body)).encode(), line.get("cut"), **line.get("headers", {}))


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", 0), Handler)
with open(port_file + ".new", "w") as f:
    f.write(str(server.server_address[1]))
import os
os.rename(port_file + ".new", port_file)
server.serve_forever()
