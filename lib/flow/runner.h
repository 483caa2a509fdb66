/*
 * runner: runs catalogue tools and makes observations of what came out; hl-observation(5).
 */
#ifndef HL_FLOW_RUNNER_H
#define HL_FLOW_RUNNER_H

#include "doc/policy.h"
#include "doc/tool.h"

/*
 * Runs one tool and waits. Arguments are checked first (args.h), policy's deny list too (p may be
 *NULL). deadline_ms 0: the tool's own timeout; never longer than it. Returns an observation
 *	{"kind":"observation","tool":..,"args":{..},"host":..,"at":..,"ok":true,"data":{..},"took_ms":..}
 * or {.., "ok":false,"error":"...",..} when the program failed, timed out, printed what it should
 *not, or cannot be run; with "absent":true when it is not installed. NULL only when the call is
 *wrong (ERR_DATA, ERR_DENIED) or no process could be made. Caller decrefs.
 *
 * The program's environment: PATH, LC_ALL=C.UTF-8, HOME, HL_STATE, those of HL_NOW, HL_PATH,
 *HL_DATA and HL_REPO that are set, and the tool's `env`. The value of a secret that the tool was
 *given is cut out of what it printed.
 */
json_t *runner_run(const struct tool *t, const json_t *args, const struct policy *p,
	int64_t deadline_ms, struct err *e);

/*
 * Many at once, each with its own deadline; `done` is called as each ends, in no order. A call that
 * is wrong gives an observation that says so, like one that failed: it must not stop the others.
 */
struct runner_call {
	const struct tool *tool;
	const json_t *args;
	int64_t deadline_ms;
};
typedef int runner_done_fn(void *arg, size_t which, json_t *observation /* lent */, struct err *e);
int runner_run_all(const struct runner_call *calls, size_t n, const struct policy *p,
	runner_done_fn *done, void *arg, struct err *e);

/*
 * Runs a check (check.h): 1 it holds, 0 not and `why` (may be NULL) says so, -1 the call is wrong:
 * no such tool, one that changes things (ERR_DENIED), wrong arguments. Waits for as long as the
 * check's `within`. The last observation is given in *observation when that is not NULL.
 */
int runner_check(const struct catalogue *c, const json_t *check, const struct policy *p,
	struct buf *why, json_t **observation, struct err *e);

#endif
