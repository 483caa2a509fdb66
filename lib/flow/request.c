#include "flow/request.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/msg.h"
#include "base/sha.h"
#include "base/utf8.h"
#include "base/when.h"
#include "doc/case.h"
#include "doc/plan.h"
#include "doc/title.h"
#include "edge/spool.h"
#include "flow/workflows.h"

static const struct source from_case = {"case", NULL, ERR_DATA};

/* Who asks, and what for. Names of tools and workflows are short, too. */
static bool is_said(const char *text)
{
	return text && utf8_is_line(str_of(text)) && strlen(text) <= REQUEST_BY;
}

static int check(const struct request *r, struct err *e)
{
	if (!is_said(r->by))
		return err_set(e, ERR_DATA,
			"request.by: who asks must be one line of at most %d bytes", REQUEST_BY);
	if (!r->tool == !r->workflow)
		return err_set(e, ERR_DATA, "request: names not one tool or one workflow");
	if (!is_said(r->tool ? r->tool : r->workflow))
		return err_set(e, ERR_DATA, "request: the name is none");
	if (r->args && !json_is_object(r->args))
		return err_set(e, ERR_DATA, "request.args: must be an object");
	return 0;
}

int request_read(struct request *r, const json_t *whole_case, struct err *e)
{
	struct node root = node_root((json_t *)whole_case, &from_case);
	struct node asked = node_get(&root, "request");

	*r = (struct request){.by = NULL};
	if (!node_there(&asked))
		return 0;
	if (node_is_object(&asked, e))
		return -1;
	r->by = node_text(&asked, "by", NULL, e);
	r->tool = node_text_or_null(&asked, "tool", e);
	r->workflow = node_text_or_null(&asked, "workflow", e);
	r->args = json_object_get(asked.v, "args");
	return e->kind != ERR_NONE || check(r, e) ? -1 : 1;
}

void request_what(const struct request *r, struct buf *into)
{
	buf_puts(into, r->tool ? "tool '" : "workflow '");
	msg_safe(into, str_of(r->tool ? r->tool : r->workflow), false);
	buf_putc(into, '\'');
}

/* ---- what is done about it ---- */

/* One step, called as its tool is. */
static json_t *tool_solution(
	const struct proposal_ground *g, const struct request *r, json_t *problems, struct err *e)
{
	const struct tool *t = catalogue_find(g->catalogue, r->tool);
	const char *name = t ? t->name : r->tool;
	struct proposal_ground literal = *g;
	struct solution s = {.id = name,
		.title = t && t->description ? t->description : name,
		.reversible = -1,
		.success_rate = -1};
	json_t *solution;

	literal.literal = true;
	s.steps = json_pack("[{s:s, s:s, s:o, s:[]}]", "id", name, "tool", name, "args",
		r->args ? json_deep_copy(r->args) : json_object(), "needs");
	solution = proposal_solution(&literal, &s, 1, problems, e);
	json_decref(s.steps);
	return solution;
}

json_t *request_solution(struct ops *o, const struct proposal_ground *g, const struct request *r,
	json_t *problems, struct err *e)
{
	if (check(r, e))
		return NULL;
	if (r->tool)
		return tool_solution(g, r, problems, e);
	return workflows_solution(o, g, r->workflow, r->args, problems, e);
}

/* ---- the case ---- */

/* The arguments as the tool takes them, so that asking for a default by name is the same case. */
static json_t *checked_args(struct ops *o, const struct request *r, struct err *e)
{
	struct proposal_ground g = {.catalogue = ops_catalogue(o, e), .policy = ops_policy(o, e)};
	json_t *problems = json_array(), *args = NULL, *solution, *step;
	const struct tool *t;
	size_t i;

	solution = g.catalogue && g.policy ? request_solution(o, &g, r, problems, e) : NULL;
	t = solution && r->tool ? catalogue_find(g.catalogue, r->tool) : NULL;
	json_array_foreach (json_object_get(solution, "steps"), i, step)
		if (t && strcmp(json_string_value(json_object_get(step, "id")), t->name) == 0)
			args = json_incref(json_object_get(step, "args"));
	if (solution && !args)
		args = r->args ? json_deep_copy(r->args) : json_object();
	json_decref(solution);
	json_decref(problems);
	return args;
}

/* {"tool": name, "args": {..}}: what makes two requests one. */
static json_t *subject_of(const struct request *r, const char *name, json_t *args)
{
	return json_pack("{s:s, s:O}", r->tool ? "tool" : "workflow", name, "args", args);
}

static uint64_t fingerprint_of(const json_t *subject)
{
	char *text = json_canonical(subject), hex[SHA_HEX];

	sha_hex(str_of(text), hex);
	free(text);
	hex[16] = '\0';
	return strtoull(hex, NULL, 16);
}

static bool is_about(const json_t *whole_case, const json_t *subject)
{
	const json_t *asked = json_object_get(whole_case, "request"), *wanted;
	const char *key;

	json_object_foreach ((json_t *)subject, key, wanted)
		if (!json_equal(wanted, json_object_get(asked, key)))
			return false;
	return true;
}

/* The parked case, when it is about the same and can still be answered. */
static json_t *parked(const char *id, const json_t *subject, int64_t now)
{
	struct buf line = BUF_INIT(BUF_RECORD);
	struct err ignored = ERR_INIT;
	json_t *one = NULL, *plan;

	if (spool_get(id, &line, &ignored) > 0)
		one = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, NULL);
	buf_clear(&line);
	plan = json_object_get(one, "plan");
	if (one && is_about(one, subject) && plan && now < plan_expires(plan))
		return one;
	json_decref(one);
	return NULL;
}

/* *open: the case that waits for the same; NULL: none does. */
static int find_open(
	const json_t *subject, uint64_t fingerprint, int64_t now, json_t **open, struct err *e)
{
	char hex[FINGERPRINT_HEX], **ids = NULL;
	long n = spool_list(&ids, e);

	fingerprint_format(fingerprint, hex);
	*open = NULL;
	for (long i = 0; i < n; i++) {
		if (!*open && str_ends(str_of(ids[i]), hex))
			*open = parked(ids[i], subject, now);
		free(ids[i]);
	}
	free(ids);
	return n < 0 ? -1 : 0;
}

/* A text that is one word goes as it is, anything else as JSON, which is one line. */
static void put_value(struct buf *into, const json_t *v)
{
	const char *text = json_string_value(v);

	if (text && *text && !text[strcspn(text, " \"'\\")] && utf8_is_line(str_of(text)))
		msg_safe(into, str_of(text), false);
	else
		json_put(into, v);
}

/* "Run zfs.destroy dataset=tank/old": in a list of cases the name alone says too little. */
static json_t *title_of(const char *name, const json_t *args)
{
	struct buf title = BUF_INIT(BUF_RECORD), one = BUF_INIT(BUF_RECORD);
	const char *key;
	json_t *v, *text;

	buf_putf(&title, "Run %s", name);
	json_object_foreach ((json_t *)args, key, v) {
		buf_reset(&one);
		buf_putf(&one, " %s=", key);
		put_value(&one, v);
		if (title.n + one.n > TITLE_MAX - 4) {
			buf_puts(&title, " …");
			break;
		}
		buf_putstr(&title, buf_str(&one));
	}
	text = json_stringn(buf_text(&title), title.n);
	buf_clear(&one);
	buf_clear(&title);
	return text;
}

static json_t *new_case(const struct request *r, const char *commit, const char *name,
	const json_t *subject, int64_t now)
{
	char id[CASE_ID], at[WHEN_TEXT];
	json_t *asked = json_pack("{s:s, s:s}", "by", r->by, "at", when_format(now, at));

	json_object_update(asked, (json_t *)subject);
	return json_pack("{s:s, s:s, s:s, s:o, s:s, s:[], s:[], s:s, s:o, "
			 "s:{s:s, s:o, s:s, s:[], s:i, s:i, s:b}}",
		"kind", "case", "id", case_id(now, fingerprint_of(subject), id), "opened_at", at,
		"title", title_of(name, json_object_get(subject, "args")), "severity", "info", "signals", "context",
		"basis", commit, "request", asked, "triage", "verdict", "problem", "why",
		json_sprintf("asked for by %s", r->by), "at", at, "runbooks", "signals", 0, "count",
		1, "flapping", 0);
}

/* What is asked for, with the name that the catalogue has for it (lent). NULL: it cannot be done. */
static json_t *read_subject(
	struct ops *o, const struct request *r, const char **name, struct err *e)
{
	json_t *args = check(r, e) ? NULL : checked_args(o, r, e), *subject;
	const struct tool *t;

	if (!args)
		return NULL;
	t = r->tool ? catalogue_find(ops_catalogue(o, e), r->tool) : NULL;
	*name = t ? t->name : r->workflow;
	subject = subject_of(r, *name, args);
	json_decref(args);
	return subject;
}

json_t *request_new(struct ops *o, const struct request *r, int64_t now, struct err *e)
{
	const char *name;
	json_t *subject = read_subject(o, r, &name, e), *one = NULL;

	if (subject)
		one = new_case(r, ops_commit(o), name, subject, now);
	json_decref(subject);
	return one;
}

json_t *request_case(struct ops *o, const struct request *r, int64_t now, struct err *e)
{
	const char *name;
	json_t *subject = read_subject(o, r, &name, e), *open = NULL;

	if (subject && find_open(subject, fingerprint_of(subject), now, &open, e) == 0 && !open)
		open = new_case(r, ops_commit(o), name, subject, now);
	json_decref(subject);
	return open;
}
