/*
 * call: one call of a tool, made ready, started, and told as an observation. runner.h is what the
 * rest of hl uses.
 *
 * Whatever the way, what is done is done by a child process. For `run` it is the program itself.
 * For the others it is a program of hl's own that reads one line of JSON, so that a secret is in
 * neither its arguments nor its environment, and prints the result or says on standard error what
 * went wrong:
 *
 *	http  hl-http(1)      the filled exchange (doc/exchange.h)
 *	mcp   hl-mcp-call(1)  {"server": {...filled...}, "tool": "read_text_file", "arguments": {...},
 *	                      "pin": "sha256hex", "effect": "read", "timeout_ms": 60000}
 */
#ifndef HL_FLOW_CALL_H
#define HL_FLOW_CALL_H

#include "doc/policy.h"
#include "doc/tool.h"
#include "edge/proc.h"
#include "flow/filling.h"

/* Made ready: nothing in it is looked up again. */
struct call {
	const struct tool *tool;
	json_t *args; /* with defaults; NULL when they were wrong */
	struct words argv, env;
	struct buf input; /* for its standard input */
	struct filling filling;
	int64_t at, timeout_ms;
};

/*
 * 0, or -1: ERR_DATA or ERR_DENIED, the call is wrong; ERR_UNAVAILABLE, it is right but cannot be
 * made here. To be cleared either way. `deadline_ms` (0: none) shortens the tool's own timeout.
 */
int call_prepare(struct call *c, const struct tool *t, const json_t *args, const struct policy *p,
	int64_t deadline_ms, struct err *e);
void call_clear(struct call *c); /* accepts one that is zeroed */

int call_start(const struct call *c, struct proc_set *set, void *tag, struct err *e);

/* What came out, as an observation (given). Secrets are cut out of the result, in place. */
json_t *call_observe(const struct call *c, struct proc_result *r);

/* An observation of a call that came to nothing. `args` (may be NULL) as they were asked for. */
json_t *call_observe_failure(
	const struct call *c, const json_t *args, struct str why, int64_t took_ms);

#endif
