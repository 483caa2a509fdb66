#include "flow/rehearsal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/when.h"
#include "doc/argv.h"
#include "doc/exchange.h"
#include "doc/run.h"
#include "doc/step.h"
#include "edge/journal.h"
#include "flow/account.h"
#include "flow/permit.h"

struct lookup {
	const json_t *args;
	json_t *lent; /* the last name that stays as it is */
};

static const json_t *look(void *arg, struct str name, struct err *e)
{
	struct lookup *l = arg;
	char *key = mem_copy(name.p, name.n);
	const json_t *value = json_object_get(l->args, key);

	if (str_starts(name, "env.") || str_starts(name, "secret.")) {
		json_decref(l->lent);
		value = l->lent = json_sprintf("{%s}", key);
	} else if (!value) {
		err_set(e, ERR_CONFIG, "'{%s}' is no argument of the tool", key);
	}
	free(key);
	return value;
}

/* For a request, where what has no value is left out, and more names mean something. */
static const json_t *look_softly(void *arg, struct str name, struct err *e)
{
	static const char *const kept[] = {"env.", "secret.", "time.", "random", "answer:"};
	struct lookup *l = arg;
	char *key = mem_copy(name.p, name.n);
	const json_t *value = json_object_get(l->args, key);

	(void)e;
	for (size_t i = 0; !value && i < sizeof kept / sizeof *kept; i++)
		if (str_starts(name, kept[i])) {
			json_decref(l->lent);
			value = l->lent = json_sprintf("{%s}", key);
		}
	free(key);
	return value;
}

/* Quoted where a shell would need it. */
static void put_word(struct buf *into, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "@%+=:,./_-{}";

	if (*word && strspn(word, plain) == strlen(word)) {
		buf_puts(into, word);
		return;
	}
	buf_putc(into, '\'');
	for (; *word; word++)
		if (*word == '\'')
			buf_puts(into, "'\\''");
		else
			buf_putc(into, *word);
	buf_putc(into, '\'');
}

static int put_argv(const struct tool *t, const json_t *args, struct buf *into, struct err *e)
{
	struct lookup l = {.args = args};
	struct argv_values values = {.declared = t->args, .args = args, .lookup = look, .arg = &l};
	struct words argv = {.count = 0};
	int rc = argv_fill(t->run, &values, &argv, e);

	for (size_t i = 0; rc == 0 && i < argv.count; i++) {
		buf_puts(into, i ? " " : "");
		put_word(into, argv.items[i]);
	}
	words_clear(&argv);
	json_decref(l.lent);
	return rc;
}

/* "POST http://nas/queue/films/pause json={"for":60}" */
static int put_request(const struct tool *t, const json_t *args, struct buf *into, struct err *e)
{
	static const char *const parts[] = {"query", "json", "form", "multipart", "text"};
	struct lookup l = {.args = args};
	json_t *filled = exchange_fill(t->call, look_softly, &l, e);

	if (filled) {
		buf_putf(into, "%s ", json_string_value(json_object_get(filled, "method")));
		put_word(into, json_string_value(json_object_get(filled, "url")));
	}
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const json_t *part = json_object_get(filled, parts[i]);

		if (!part || (json_is_object(part) && !json_object_size(part)))
			continue;
		buf_putf(into, " %s=", parts[i]);
		json_put(into, part);
	}
	json_decref(filled);
	json_decref(l.lent);
	return filled ? 0 : -1;
}

static void put_mcp(const struct tool *t, const json_t *args, struct buf *into)
{
	buf_putf(into, "%s of the server '%s' ",
		json_string_value(json_object_get(t->call, "tool")),
		json_string_value(json_object_get(t->call, "of")));
	json_put(into, args);
}

int rehearsal_command(const struct tool *t, const json_t *args, struct buf *into, struct err *e)
{
	if (t->way == TOOL_RUN)
		return put_argv(t, args, into, e);
	if (t->way == TOOL_HTTP)
		return put_request(t, args, into, e);
	put_mcp(t, args, into);
	return 0;
}

static int show_call(
	struct ops *o, const char *what, const char *id, const json_t *call, struct err *e)
{
	const struct tool *t = permit_call(o, call, e);
	struct buf command = BUF_INIT(BUF_RECORD);
	int rc = -1;

	if (t && rehearsal_command(t, json_object_get(call, "args"), &command, e) == 0) {
		msg_say("  %s '%s': %s: %s", what, id, t->name, buf_text(&command));
		rc = 0;
	}
	buf_clear(&command);
	return rc;
}

static int show_preflight(const struct applier *a, const struct permit *p, struct err *e)
{
	const struct catalogue *c = ops_catalogue(a->ops, e);
	const struct policy *policy = ops_policy(a->ops, e);
	const json_t *broken;
	json_t *results;
	int rc = 0;

	if (!c || !policy)
		return -1;
	results = account_checks(c, policy, json_object_get(p->solution, "preflight"));
	broken = account_broken(results, NULL);
	if (broken)
		rc = err_set(e, ERR_DENIED, "pre-flight check '%s': %s",
			json_string_value(json_object_get(broken, "title")),
			json_string_value(json_object_get(broken, "why")));
	json_decref(results);
	return rc;
}

/* What no tool does. */
static void show_other(const char *id, const json_t *step)
{
	const json_t *files = json_object_get(step, "files"), *file;
	struct buf text = BUF_INIT(65536);
	size_t i;

	json_array_foreach (files, i, file)
		buf_putf(&text, "%s%s", i ? ", " : " ",
			json_string_value(json_object_get(file, "path")));
	if (step_kind(step) == STEP_HUMAN)
		buf_putf(&text, " a person does it: %s",
			json_string_value(json_object_get(step, "title")));
	msg_say("  step '%s': %s:%s", id, step_kinds[step_kind(step)], buf_text(&text));
	buf_clear(&text);
}

static int show_steps(const struct applier *a, const struct permit *p, struct err *e)
{
	for (size_t i = 0; i < p->count; i++) {
		const json_t *step = json_array_get(p->steps, p->order[i]);
		const json_t *undo = json_object_get(step, "undo");
		const char *id = json_string_value(json_object_get(step, "id"));

		if (!step_calls(step)) {
			show_other(id, step);
			continue;
		}
		if (show_call(a->ops, "step", id, step, e) ||
			(json_is_object(undo) && show_call(a->ops, "undo of", id, undo, e)))
			return -1;
	}
	return 0;
}

/* 1 the case was begun or ended before, and that was said; 0 not; -1 error. */
static int show_journal(const struct permit *p, struct err *e)
{
	json_t *lines = journal_peek(p->case_id, e);
	struct run run = {.begin = NULL};
	int rc = lines ? run_read(&run, lines, p->digest, e) : -1;

	if (rc == 0 && run.outcome)
		msg_say("case '%s': it was applied before: nothing would be run", p->case_id);
	else if (rc == 0 && run.begin)
		msg_say("case '%s': it was interrupted: the checks would be asked before anything "
			"else",
			p->case_id);
	json_decref(lines);
	return rc ? -1 : run.begin != NULL;
}

int rehearsal_show(const struct applier *a, const json_t *whole_case, struct err *e)
{
	struct permit p;
	int before;

	if (permit_read(&p, whole_case, e))
		return -1;
	before = show_journal(&p, e);
	if (before)
		return before < 0 ? -1 : 0;
	if (permit_check(&p, a->ops, a->memory, when_now(), false, e) || show_preflight(a, &p, e))
		return -1;
	msg_say("case '%s': would run", p.case_id);
	return show_steps(a, &p, e);
}
