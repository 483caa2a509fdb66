#include "doc/chat.h"

const char *const chat_ends[] = {"stop", "length", "calls", "refused", NULL};

enum role { ROLE_SYSTEM, ROLE_USER, ROLE_ASSISTANT, ROLE_TOOL };
static const char *const roles[] = {"system", "user", "assistant", "tool", NULL};

static int check_calls(const struct node *calls, struct err *e)
{
	static const char *const known[] = {"id", "name", "args", NULL};

	if (node_is_array(calls, e))
		return -1;
	for (size_t i = 0; i < node_count(calls); i++) {
		struct node one = node_at(calls, i), args = node_get(&one, "args");

		if (node_is_object(&one, e) || node_known(&one, known, e) ||
			!node_text(&one, "id", NULL, e) || !node_text(&one, "name", NULL, e) ||
			node_require(&one, "args", e) || node_is_object(&args, e))
			return -1;
	}
	return 0;
}

static int check_message(const struct node *m, struct err *e)
{
	static const char *const plain[] = {"role", "content", NULL};
	static const char *const said[] = {"role", "content", "calls", NULL};
	static const char *const result[] = {"role", "content", "call", "name", "failed", NULL};
	struct node calls = node_get(m, "calls");
	const char *const *known;
	int role;

	if (node_is_object(m, e))
		return -1;
	role = node_choice(m, "role", roles, -1, e);
	if (e->kind)
		return -1;
	known = role == ROLE_TOOL ? result : role == ROLE_ASSISTANT ? said : plain;
	if (node_known(m, known, e) || !node_text(m, "content", NULL, e))
		return -1;
	if (role == ROLE_TOOL) {
		node_text(m, "call", NULL, e);
		node_text(m, "name", NULL, e);
		node_bool(m, "failed", false, e);
	}
	return (calls.v && check_calls(&calls, e)) || e->kind ? -1 : 0;
}

int chat_check(const struct node *messages, struct err *e)
{
	if (node_is_array(messages, e))
		return -1;
	if (!node_count(messages))
		return node_fail(messages, e, "no messages");
	for (size_t i = 0; i < node_count(messages); i++) {
		struct node one = node_at(messages, i);

		if (check_message(&one, e))
			return -1;
	}
	return 0;
}

static json_t *text_of(struct str s)
{
	json_t *text = json_stringn(s.n ? s.p : "", s.n);

	return text ? text : json_string("(bytes that are no text)");
}

json_t *chat_message(const char *role, struct str content)
{
	return json_pack("{s:s,s:o}", "role", role, "content", text_of(content));
}

json_t *chat_result(const json_t *call, struct str content, bool failed)
{
	json_t *m = chat_message("tool", content);

	json_object_set(m, "call", json_object_get(call, "id"));
	json_object_set(m, "name", json_object_get(call, "name"));
	if (failed)
		json_object_set_new(m, "failed", json_true());
	return m;
}

/* What could not be read as arguments was no call that anybody can answer but with an error. */
static json_t *made_calls(const json_t *calls)
{
	json_t *made = json_array(), *one;
	size_t i;

	json_array_foreach (calls, i, one) {
		json_t *args = json_object_get(one, "args"), *copy = json_object();

		json_object_set(copy, "id", json_object_get(one, "id"));
		json_object_set(copy, "name", json_object_get(one, "name"));
		json_object_set_new(copy, "args", args ? json_incref(args) : json_object());
		json_array_append_new(made, copy);
	}
	return made;
}

json_t *chat_said(const json_t *answer)
{
	json_t *m = chat_message("assistant", str_of(chat_text(answer)));
	const json_t *calls = json_object_get(answer, "calls");
	json_t *native = json_object_get(answer, "native");

	if (json_array_size(calls))
		json_object_set_new(m, "calls", made_calls(calls));
	if (native)
		json_object_set(m, "native", native);
	return m;
}

bool chat_is(const json_t *message, const char *role)
{
	const char *is = json_string_value(json_object_get(message, "role"));

	return is && strcmp(is, role) == 0;
}

const char *chat_text(const json_t *answer)
{
	const char *text = json_string_value(json_object_get(answer, "text"));

	return text ? text : "";
}

bool chat_ended(const json_t *answer, const char *end)
{
	const char *how = json_string_value(json_object_get(answer, "end"));

	return how && strcmp(how, end) == 0;
}
