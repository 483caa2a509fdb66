#include "flow/looks.h"

#include <string.h>

#include "base/msg.h"
#include "flow/runner.h"

static bool is_named(const struct looks *l, const char *name)
{
	size_t i;
	json_t *one;

	json_array_foreach (l->names, i, one)
		if (strcmp(json_string_value(one), name) == 0)
			return true;
	return false;
}

/* NULL, with the reason. */
static const struct tool *usable(const struct looks *l, const char *name, struct err *e)
{
	const struct tool *t = catalogue_find(l->catalogue, name);
	const char *near = t ? NULL : catalogue_nearest(l->catalogue, name);

	if (!t)
		err_set(e, ERR_USAGE, "no tool is called '%.100s'%s%s%s", name,
			near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
	else if (t->effect != EFFECT_READ)
		err_set(e, ERR_DENIED, "'%s' changes something: a model only looks", t->name);
	else if (l->policy && policy_denies(l->policy, t->name))
		err_set(e, ERR_DENIED, "'%s' is denied by policy (tools.deny)", t->name);
	return e->kind ? NULL : t;
}

int looks_check(const struct looks *l, struct err *e)
{
	size_t i;
	json_t *one;

	json_array_foreach (l->names, i, one)
		if (!usable(l, json_string_value(one), e))
			return -1;
	return 0;
}

json_t *looks_declarations(const struct looks *l)
{
	json_t *list = json_array(), *one;
	size_t i;

	json_array_foreach (l->names, i, one) {
		struct err ignored = ERR_INIT;
		const struct tool *t = usable(l, json_string_value(one), &ignored);

		if (t)
			json_array_append_new(list,
				json_pack("{s:s,s:s,s:o}", "name", t->name, "description",
					t->description ? t->description : t->name, "schema",
					tool_schema(t)));
	}
	return list;
}

/* The document, or where it is too large its first bytes as a text in another. */
static void tell(const json_t *observation, struct buf *into)
{
	static const char *const told[] = {"tool", "ok", "data", "error", "absent", NULL};
	json_t *document = json_object(), *cut;
	struct buf text = BUF_INIT(BUF_RECORD);
	size_t n = LOOKS_DATA;

	for (size_t i = 0; told[i]; i++)
		if (json_object_get(observation, told[i]))
			json_object_set(document, told[i], json_object_get(observation, told[i]));
	json_put(&text, document);
	if (text.n > LOOKS_DATA) {
		while (n && ((unsigned char)text.p[n] & 0xc0) == 0x80)
			n--;
		cut = json_pack("{s:O,s:I,s:o}", "tool", json_object_get(document, "tool"),
			"cut_from_bytes", (json_int_t)text.n, "beginning", json_stringn(text.p, n));
		json_put(into, cut);
		json_decref(cut);
	} else {
		buf_putstr(into, buf_str(&text));
	}
	buf_clear(&text);
	json_decref(document);
}

static bool refuse(struct buf *into, const char *why)
{
	json_t *document = json_pack("{s:s}", "error", why);

	json_put(into, document);
	json_decref(document);
	return false;
}

bool looks_at(const struct looks *l, const json_t *call, int64_t left_ms, struct buf *into)
{
	const char *name = json_string_value(json_object_get(call, "name"));
	const char *refused = json_string_value(json_object_get(call, "refused"));
	const struct tool *t;
	struct err why = ERR_INIT;
	json_t *observation;
	bool ok;

	if (json_object_get(call, "bad"))
		return refuse(into, "the arguments are no JSON object");
	if (refused)
		return refuse(into, refused);
	if (!is_named(l, name))
		return refuse(into, "this tool is not offered");
	t = usable(l, name, &why);
	if (!t)
		return refuse(into, why.text);
	if (left_ms < 1)
		return refuse(into, "there is no time left to look");
	msg_progress("looking with %s", t->name);
	observation = runner_run(t, json_object_get(call, "args"), l->policy, left_ms, &why);
	if (!observation)
		return refuse(into, why.text);
	ok = json_is_true(json_object_get(observation, "ok"));
	tell(observation, into);
	json_decref(observation);
	return ok;
}
