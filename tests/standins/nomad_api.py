# A stand-in for the API of Nomad: two servers, three nodes in pages of two, the job web (version 3) with one allocation.
#
#	nomad_api.py LOG
import sys
import web

ALLOCATION, NODE = "11111111-2222-3333-4444-555555555555", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
nodes = [{"ID": NODE[:-1] + str(i), "Name": f"n{i}", "Status": "ready", "SchedulingEligibility": "eligible", "Drain": False} for i in range(3)]
summary = {"JobID": "web", "Summary": {"web": {"Queued": 0, "Running": 1, "Failed": 2, "Lost": 0}}}
allocation = {"ID": ALLOCATION, "JobID": "web", "ClientStatus": "running", "TaskStates": {"web": {"State": "running", "Restarts": 4}}}


def paged(rows):
    def answer(call):
        first = int(call.query.get("next_token", "0"))
        if "per_page" not in call.query:
            return 200, rows
        return 200, rows[first:first + 2], {"X-Nomad-NextToken": str(first + 2)} if first + 2 < len(rows) else {}
    return answer


def job(function):
    """Only web, in the namespace default; errors are plain text."""
    def answer(call):
        if call.query.get("namespace") != "default":
            return 400, "missing namespace"
        return function(call) if call.parts[0] == "web" else (404, "job not found")
    return answer


def body(wanted, value):
    def answer(call):
        return (200, value) if set(call.body) == set(wanted) else (400, f"wrong keys: {sorted(call.body)}")
    return answer


def revert(call):
    if call.body["JobVersion"] not in range(5):
        return 404, f"job version {call.body['JobVersion']} not found"
    return body({"JobID", "JobVersion"}, {"EvalID": "e"})(call)


def filtered(call):
    if call.query.get("filter") != 'ClientStatus == "failed" or ClientStatus == "lost"':
        return 400, "failed to read filter expression"
    return 200, [dict(allocation, ClientStatus="failed")]


def logs(call):
    if call.query.get("plain") != "true" or call.query.get("origin") != "end":
        return 400, "not as it should be"
    return 200, f"{call.query['task']} {call.query['type']} {call.query['offset']}\n"


def allowed(headers):
    if headers.get("X-Nomad-Token") != "nomad-token":
        return 403, "Permission denied"


JOB, done = r"/v1/job/([^/]+)", {"EvalID": "e"}
web.serve([
    ("GET", "/v1/status/leader", lambda c: (200, '"10.0.0.1:4647"')),
    ("GET", "/v1/agent/health", lambda c: (500, {"server": {"ok": False, "message": "No cluster leader"}, "client": {"ok": True, "message": "ok"}})),
    ("GET", "/v1/operator/autopilot/health", lambda c: (429, {"Healthy": False, "FailureTolerance": 0, "Servers": []})),
    ("GET", "/v1/nodes", paged(nodes)),
    ("GET", "/v1/jobs", paged([{"ID": f"j{i}", "Status": "running"} for i in range(5)])),
    ("GET", JOB + "/summary", job(lambda c: (200, summary))),
    ("GET", JOB + "/allocations", job(lambda c: (200, [allocation]))),
    ("GET", JOB + "/evaluations", job(lambda c: (200, [{"ID": "e", "Status": "blocked"}]))),
    ("GET", JOB + "/deployment", job(lambda c: (200, {"ID": "d", "Status": "successful"}))),
    ("GET", "/v1/allocations", filtered),
    ("GET", f"/v1/client/fs/logs/{ALLOCATION}", logs),
    ("PUT", f"/v1/client/allocation/{ALLOCATION}/restart", body({"AllTasks"}, {})),
    ("PUT", f"/v1/allocation/{ALLOCATION}/stop", lambda c: (200, done)),
    ("PUT", JOB + "/evaluate", job(body({"JobID", "Namespace", "EvalOptions"}, done))),
    ("PUT", JOB + "/revert", job(revert)),
    ("PUT", JOB + "/scale", job(body({"Count", "Target", "Message"}, done))),
    ("DELETE", JOB, job(lambda c: (200, done) if c.query.get("purge") == "false" else (400, "purge"))),
    ("PUT", JOB + "/periodic/force", job(lambda c: (200, done))),
    ("PUT", r"/v1/node/([0-9a-f-]{36})/drain", lambda c: (200, {"NodeModifyIndex": 1}) if "DrainSpec" in c.body else (400, "no drain spec")),
    ("PUT", r"/v1/node/([0-9a-f-]{36})/eligibility", body({"Eligibility"}, {"NodeModifyIndex": 1})),
    ("PUT", "/v1/system/gc", lambda c: (200, "")),
], allowed, sys.argv[1])
