#include "doc/inquiry.h"

#include "doc/chat.h"
#include "doc/schema.h"

static int take_messages(struct inquiry *q, const struct node *root, struct err *e)
{
	struct node messages = node_get(root, "messages");
	const char *words = node_text_or_null(root, "system", e);
	const char *prompt = node_text_or_null(root, "prompt", e);
	json_t *one;
	size_t i;

	if (e->kind)
		return -1;
	if (!messages.v == !prompt)
		return node_fail(root, e, "needs 'messages' or 'prompt', and not both");
	if (messages.v && chat_check(&messages, e))
		return -1;
	q->messages = json_array();
	if (words && *words)
		json_array_append_new(q->messages, chat_message("system", str_of(words)));
	if (prompt)
		json_array_append_new(q->messages, chat_message("user", str_of(prompt)));
	json_array_extend(q->messages, messages.v);
	json_array_foreach (q->messages, i, one)
		if (chat_is(one, "user"))
			q->prompt = str_of(json_string_value(json_object_get(one, "content")));
	return 0;
}

static int check_names(const struct node *list, struct err *e)
{
	if (!node_there(list))
		return 0;
	if (node_is_array(list, e))
		return -1;
	for (size_t i = 0; i < node_count(list); i++) {
		struct node one = node_at(list, i);

		if (!json_is_string(one.v))
			return node_fail(&one, e, "must be a name");
	}
	return 0;
}

static int64_t bound(const struct node *bounds, const char *key, int64_t unsaid, struct err *e)
{
	struct node at = node_get(bounds, key);
	int64_t n = node_integer(bounds, key, unsaid, e);

	if (n < 0)
		node_fail(&at, e, "must not be below 0");
	return n;
}

static int take_bounds(struct inquiry *q, const struct node *root, struct err *e)
{
	static const char *const known[] = {"steps", "tokens", "time_ms", NULL};
	struct node bounds = node_get(root, "bounds");

	if (bounds.v && (node_is_object(&bounds, e) || node_known(&bounds, known, e)))
		return -1;
	q->steps = bound(&bounds, "steps", INQUIRY_STEPS, e);
	q->tokens = bound(&bounds, "tokens", INQUIRY_TOKENS, e);
	q->time_ms = bound(&bounds, "time_ms", INQUIRY_TIME_MS, e);
	return e->kind ? -1 : 0;
}

static int take(struct inquiry *q, const struct node *root, struct err *e)
{
	static const char *const known[] = {"kind", "stage", "case", "goal", "role", "system",
		"messages", "prompt", "schema", "tools", "bounds", "exclude", NULL};
	struct node schema = node_get(root, "schema"), tools = node_get(root, "tools");
	struct node exclude = node_get(root, "exclude");
	const char *kind;

	if (!json_is_object(root->v))
		return node_fail(root, e, "must be an object");
	kind = node_text(root, "kind", NULL, e);
	if (kind && strcmp(kind, "ask") != 0)
		return node_fail(root, e, "is no ask: its kind is '%.40s'", kind);
	q->stage = node_text(root, "stage", NULL, e);
	q->case_id = node_text_or_null(root, "case", e);
	q->goal = node_text_or_null(root, "goal", e);
	q->role = node_text_or_null(root, "role", e);
	if (e->kind || node_known(root, known, e) || check_names(&tools, e) ||
		check_names(&exclude, e) ||
		(node_there(&schema) && schema_check_declaration(&schema, e)))
		return -1;
	q->schema = node_there(&schema) ? schema.v : NULL;
	q->tools = node_count(&tools) ? tools.v : NULL;
	q->exclude = exclude.v;
	return take_bounds(q, root, e) || take_messages(q, root, e) ? -1 : 0;
}

int inquiry_take(struct inquiry *q, json_t *tree, const struct source *source, struct err *e)
{
	struct node root = node_root(tree, source);

	*q = (struct inquiry){.tree = tree};
	if (take(q, &root, e) == 0)
		return 0;
	inquiry_clear(q);
	return -1;
}

void inquiry_clear(struct inquiry *q)
{
	json_decref(q->messages);
	json_decref(q->tree);
	*q = (struct inquiry){.tree = NULL};
}

bool inquiry_excludes(const struct inquiry *q, const char *model)
{
	size_t i;
	json_t *one;

	json_array_foreach (q->exclude, i, one)
		if (strcmp(json_string_value(one), model) == 0)
			return true;
	return false;
}
