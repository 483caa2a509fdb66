#include "flow/mcpd_change.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/when.h"
#include "doc/plan.h"
#include "doc/secret.h"
#include "edge/spool.h"
#include "flow/planner.h"
#include "flow/progress.h"
#include "flow/request.h"
#include "wire/mcp_serve.h"

struct mcpd_change {
	struct memory *memory; /* NULL until it is needed */
};

struct mcpd_change *mcpd_change_new(void)
{
	return mem_new(sizeof(struct mcpd_change));
}

void mcpd_change_free(struct mcpd_change *c)
{
	if (!c)
		return;
	memory_close(c->memory);
	free(c);
}

json_t *mcpd_change_told(const struct ground *g, const char *id, int64_t now, struct err *e)
{
	json_t *progress = progress_of(g->ops, id, now, e), *result;
	struct buf words = BUF_INIT(65536);

	if (!progress)
		return mcp_serve_failed(e->text);
	progress_words(progress, &words);
	result = mcp_serve_told(buf_text(&words), progress);
	buf_clear(&words);
	return result;
}

static const char *id_of(const json_t *whole_case)
{
	return json_string_value(json_object_get(whole_case, "id"));
}

/* A person must be able to say yes to it. */
static int check_plan(const json_t *plan, struct err *e)
{
	const char *problem = json_string_value(
		json_array_get(json_object_get(plan, "problems"), 0));

	if (!plan_recommended(plan))
		return err_set(e, ERR_DATA, "%s", problem ? problem : "it cannot be planned");
	if (plan_level(plan) == LEVEL_OBSERVE)
		return err_set(e, ERR_DENIED,
			"policy only observes here: nothing of this blast radius may be approved");
	return 0;
}

/* What would keep its decision out of the history must not get into the spool. */
static int check_secret(json_t *whole_case, struct err *e)
{
	struct buf place = BUF_INIT(4096);
	const char *rule = secret_in_tree(json_object_get(whole_case, "request"), &place);

	buf_clear(&place);
	return rule ? err_set(e, ERR_DATA,
			      "the arguments hold what looks like %s: secrets are named, not given",
			      rule)
		    : 0;
}

static int check_room(const struct ground *g, struct err *e)
{
	long waiting = progress_waiting(e);

	if (waiting < 0)
		return -1;
	if (waiting >= g->policy->mcp.open)
		return err_set(e, ERR_AGAIN,
			"%ld cases that programs asked for wait for a person already, and policy "
			"lets no more than %" PRId64 " wait (mcp.open)",
			waiting, g->policy->mcp.open);
	return 0;
}

static int park(json_t *whole_case, struct err *e)
{
	struct buf line = BUF_INIT(BUF_RECORD);
	int rc;

	json_put(&line, whole_case);
	rc = line.full ? err_set(e, ERR_DATA, "the case would be longer than a record may be")
		       : spool_put(id_of(whole_case), buf_str(&line), e);
	buf_clear(&line);
	if (rc == 0)
		msg_say("case '%s' opened: %s, %s", id_of(whole_case),
			json_string_value(json_object_get(whole_case, "title")),
			json_string_value(pointer_get(whole_case, "/triage/why")));
	return rc;
}

/* Plans and parks a new case. */
static int open_case(struct mcpd_change *c, const struct ground *g, json_t *whole_case, int64_t now,
	struct err *e)
{
	struct planner p = {.ops = g->ops, .now = now};
	json_t *plan;

	if (check_secret(whole_case, e) || check_room(g, e))
		return -1;
	if (!c->memory && !(c->memory = memory_open(e)))
		return -1;
	p.memory = c->memory;
	plan = planner_plan(&p, whole_case, e);
	if (!plan)
		return -1;
	json_object_set_new(whole_case, "plan", plan);
	return check_plan(plan, e) ? -1 : park(whole_case, e);
}

json_t *mcpd_change_propose(struct mcpd_change *c, const struct ground *g, const struct tool *t,
	const json_t *args, const char *client)
{
	char by[REQUEST_BY + 1], *recent = NULL;
	struct request r = {.by = by, .tool = t->name, .args = args};
	int64_t now = when_now();
	struct err e = ERR_INIT;
	json_t *whole_case = NULL, *result;

	snprintf(by, sizeof by, "mcp:%s", client);
	if (g->ops)
		whole_case = request_case(g->ops, &r, now, &e);
	else
		err_set(&e, ERR_UNAVAILABLE,
			"there is no ops repo, so nothing can be approved; make one with hl init");
	if (whole_case && !json_object_get(whole_case, "plan")) {
		recent = progress_recent(whole_case, now, g->policy->budget.cooldown_ms);
		if (!recent)
			open_case(c, g, whole_case, now, &e);
	}
	result = e.kind ? mcp_serve_failed(e.text)
			: mcpd_change_told(g, recent ? recent : id_of(whole_case), now, &e);
	free(recent);
	json_decref(whole_case);
	return result;
}
