#include "flow/runner.h"

#include <errno.h>

#include "base/mem.h"
#include "base/when.h"
#include "doc/expect.h"
#include "flow/call.h"

#define AT_ONCE   32  /* processes of one runner_run_all */
#define RETRY_MIN 200 /* ms between the tries of a check, doubled up to RETRY_MAX */
#define RETRY_MAX 2000

json_t *runner_run(const struct tool *t, const json_t *args, const struct policy *p,
	int64_t deadline_ms, struct err *e)
{
	struct proc_set *set = proc_set_new();
	struct proc_result r = PROC_RESULT_INIT;
	struct err why = ERR_INIT;
	struct call c;
	json_t *o = NULL;
	void *tag;

	if (call_prepare(&c, t, args, p, deadline_ms, &why)) {
		if (why.kind == ERR_UNAVAILABLE)
			o = call_observe_failure(&c, args, str_of(why.text), 0);
		else
			err_set(e, why.kind, "%s", why.text);
	} else if (call_start(&c, set, NULL, e) == 0 && proc_set_wait(set, &r, &tag, e) == 1) {
		o = call_observe(&c, &r);
	}
	proc_result_clear(&r);
	proc_set_free(set);
	call_clear(&c);
	return o;
}

struct batch {
	const struct runner_call *calls;
	struct call *ready;
	const struct policy *policy;
	runner_done_fn *done;
	void *arg;
};

static int hand_over(struct batch *b, size_t which, json_t *o, struct err *e)
{
	int rc = b->done(b->arg, which, o, e);

	json_decref(o);
	return rc;
}

static int batch_start(struct batch *b, size_t i, struct proc_set *set, struct err *e)
{
	const struct runner_call *call = &b->calls[i];
	struct call *c = &b->ready[i];
	struct err why = ERR_INIT;

	if (call_prepare(c, call->tool, call->args, b->policy, call->deadline_ms, &why) == 0 &&
		call_start(c, set, c, &why) == 0)
		return 0;
	return hand_over(b, i, call_observe_failure(c, call->args, str_of(why.text), 0), e);
}

int runner_run_all(const struct runner_call *calls, size_t n, const struct policy *p,
	runner_done_fn *done, void *arg, struct err *e)
{
	struct batch b = {.calls = calls, .policy = p, .done = done, .arg = arg};
	struct proc_set *set = proc_set_new();
	struct proc_result r = PROC_RESULT_INIT;
	size_t next = 0;
	int rc = 0;
	void *tag;

	b.ready = mem_array(n + 1, sizeof *b.ready);
	while (rc == 0) {
		while (rc == 0 && next < n && proc_set_running(set) < AT_ONCE)
			rc = batch_start(&b, next++, set, e);
		if (rc)
			break;
		rc = proc_set_wait(set, &r, &tag, e);
		if (rc <= 0)
			break;
		rc = hand_over(&b, (size_t)((struct call *)tag - b.ready), call_observe(tag, &r), e);
		proc_result_clear(&r);
		r = (struct proc_result)PROC_RESULT_INIT;
	}
	proc_set_free(set);
	for (size_t i = 0; i < n; i++)
		call_clear(&b.ready[i]);
	free(b.ready);
	return rc;
}

static const struct tool *check_tool(const struct catalogue *c, const json_t *check, struct err *e)
{
	const char *name = json_string_value(json_object_get(check, "tool"));
	const struct tool *t = name ? catalogue_find(c, name) : NULL;
	const char *near = name && !t ? catalogue_nearest(c, name) : NULL;

	if (!t)
		err_set(e, ERR_DATA, "check: no tool '%s' in the catalogue%s%s%s", name ? name : "",
			near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
	else if (t->effect != EFFECT_READ)
		err_set(e, ERR_DENIED, "check: the tool '%s' changes things; a check only looks",
			t->name);
	else
		return t;
	return NULL;
}

static int judge(const json_t *check, const json_t *o, struct buf *why)
{
	const json_t *expect = json_object_get(check, "expect");

	if (json_is_true(json_object_get(o, "ok")))
		return expect_holds(expect, json_object_get(o, "data"), why);
	if (why)
		buf_puts(why, json_string_value(json_object_get(o, "error")));
	return 0;
}

static void rest(int64_t ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

int runner_check(const struct catalogue *c, const json_t *check, const struct policy *p,
	struct buf *why, json_t **observation, struct err *e)
{
	const struct tool *t = check_tool(c, check, e);
	const char *within = json_string_value(json_object_get(check, "within"));
	int64_t span = 0, until, pause = RETRY_MIN;
	size_t said = why ? why->n : 0;
	json_t *o = NULL;
	int rc = -1;

	if (!t)
		return -1;
	if (within && span_parse(str_of(within), &span))
		return err_set(e, ERR_DATA, "check: within: '%s' is no time such as 30s", within);
	until = when_tick() + span;
	for (;; pause = pause * 2 < RETRY_MAX ? pause * 2 : RETRY_MAX) {
		int64_t left = until - when_tick();

		if (why && why->n > said) /* only the last try's reason counts */
			why->p[why->n = said] = '\0';
		json_decref(o);
		/* Within a second it may still answer; the whole of its own timeout would be past
		 * the end. */
		o = runner_run(t, json_object_get(check, "args"), p,
			span ? (left > 1000 ? left : 1000) : 0, e);
		rc = o ? judge(check, o, why) : -1;
		left = until - when_tick();
		if (rc || left <= 0)
			break;
		rest(left < pause ? left : pause);
	}
	if (observation && rc >= 0)
		*observation = json_incref(o);
	json_decref(o);
	return rc;
}
