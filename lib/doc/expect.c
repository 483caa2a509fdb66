#include "doc/expect.h"

#include <stdlib.h>

#include "doc/regex.h"

#define SHOWN 160 /* bytes of a value in a reason */

enum op {
	OP_LESS,
	OP_AT_MOST,
	OP_MORE,
	OP_AT_LEAST,
	OP_EQUAL,
	OP_UNEQUAL,
	OP_MATCHES,
	OP_CONTAINS,
	OP_EMPTY,
	OP_EXISTS,
	OP_IN,
	OP_NOT
};

static const char *const op_names[] = {"<", "<=", ">", ">=", "==", "!=", "matches", "contains",
	"empty", "exists", "in", "not", NULL};

static int op_of(const char *name)
{
	for (int i = 0; op_names[i]; i++)
		if (strcmp(op_names[i], name) == 0)
			return i;
	return -1;
}

/* Is it well-formed? */

static int check_condition(const struct node *n, struct err *e);

static int check_regex(const struct node *n, struct err *e)
{
	struct err why = ERR_INIT;
	struct regex *r;

	if (!json_is_string(n->v))
		return node_fail(n, e, "must be a regular expression in quotes");
	r = regex_new(json_string_value(n->v), false, &why);
	if (!r)
		return node_fail(n, e, "%s", why.text);
	regex_free(r);
	return 0;
}

static bool is_scalar(const json_t *v)
{
	return v && !json_is_object(v) && !json_is_array(v);
}

static int check_op(const struct node *n, enum op op, struct err *e)
{
	switch (op) {
	case OP_LESS:
	case OP_AT_MOST:
	case OP_MORE:
	case OP_AT_LEAST:
		return json_is_number(n->v) ? 0 : node_fail(n, e, "must be a number");
	case OP_EMPTY:
	case OP_EXISTS:
		return json_is_boolean(n->v) ? 0 : node_fail(n, e, "must be true or false");
	case OP_MATCHES:
		return check_regex(n, e);
	case OP_IN:
		return json_is_array(n->v) ? 0 : node_fail(n, e, "must be a list");
	case OP_NOT:
		return check_condition(n, e);
	case OP_EQUAL:
	case OP_UNEQUAL:
	case OP_CONTAINS:
		break;
	}
	return is_scalar(n->v) ? 0 : node_fail(n, e, "must be one value");
}

static int check_condition(const struct node *n, struct err *e)
{
	const char *name;
	json_t *v;

	if (!json_is_object(n->v))
		return 0;
	if (!node_count(n))
		return node_fail(n, e, "an empty condition");
	if (node_known(n, op_names, e))
		return -1;
	json_object_foreach (n->v, name, v) {
		struct node one = node_get(n, name);

		if (check_op(&one, (enum op)op_of(name), e))
			return -1;
	}
	return 0;
}

int expect_check(const struct node *expect, struct err *e)
{
	const char *pointer;
	json_t *v;

	if (!node_there(expect))
		return 0;
	if (node_is_object(expect, e))
		return -1;
	json_object_foreach (expect->v, pointer, v) {
		struct node one = node_get(expect, pointer);

		if (pointer[0] != '/' && pointer[0] != '\0')
			return node_fail(&one, e,
				"what is looked at starts with '/': did you mean '/%s'?", pointer);
		if (check_condition(&one, e))
			return -1;
	}
	return 0;
}

/* Does it hold? */

/* A text that reads as a number counts as it: many programs print numbers, few print JSON. */
static bool number_of(const json_t *v, double *number)
{
	json_t *read = NULL;

	if (json_is_string(v))
		read = json_loadb(
			json_string_value(v), json_string_length(v), JSON_DECODE_ANY, NULL);
	if (json_is_number(v) || json_is_number(read)) {
		*number = json_number_value(read ? read : v);
		json_decref(read);
		return true;
	}
	json_decref(read);
	return false;
}

static bool equal(const json_t *v, const json_t *wanted)
{
	double a, b;

	if (json_is_number(wanted))
		return number_of(v, &a) && number_of(wanted, &b) && a == b;
	return json_equal(v, wanted);
}

static bool compare(enum op op, const json_t *v, const json_t *wanted)
{
	double a, b;

	if (!number_of(v, &a) || !number_of(wanted, &b))
		return false;
	return op == OP_LESS ? a < b : op == OP_AT_MOST ? a <= b : op == OP_MORE ? a > b : a >= b;
}

static bool contains(const json_t *v, const json_t *wanted)
{
	size_t i;
	json_t *one;

	if (json_is_string(v))
		return json_is_string(wanted) &&
		       strstr(json_string_value(v), json_string_value(wanted));
	json_array_foreach (v, i, one)
		if (equal(one, wanted))
			return true;
	return false;
}

static bool is_empty(const json_t *v)
{
	if (json_is_string(v))
		return json_string_length(v) == 0;
	return (json_is_array(v) && !json_array_size(v)) ||
	       (json_is_object(v) && !json_object_size(v));
}

static bool has_size(const json_t *v)
{
	return json_is_string(v) || json_is_array(v) || json_is_object(v);
}

/* 1, 0, or -1 when it cannot be said: that must not become a yes behind a `not`. */
static int matches(const json_t *v, const json_t *pattern)
{
	struct err ignored = ERR_INIT;
	struct regex *r;
	int rc;

	if (!json_is_string(v))
		return -1;
	r = regex_new(json_string_value(pattern), false, &ignored);
	rc = r ? regex_try(r, (struct str){json_string_value(v), json_string_length(v)}) : -1;
	regex_free(r);
	return rc;
}

static int among(const json_t *v, const json_t *list)
{
	size_t i;
	json_t *one;

	json_array_foreach (list, i, one)
		if (equal(v, one))
			return 1;
	return 0;
}

static int holds(const json_t *condition, const json_t *v);

/*
 * What is absent (or null) meets nothing but `exists: false`: a question that has no answer is
 * not a yes.
 */
static int op_holds(enum op op, const json_t *v, const json_t *wanted)
{
	bool there = v && !json_is_null(v);
	int rc;

	if (op == OP_EXISTS)
		return there == json_is_true(wanted);
	if (op == OP_NOT) {
		rc = holds(wanted, v);
		return rc < 0 ? -1 : !rc;
	}
	if (!there)
		return -1;
	switch (op) {
	case OP_EQUAL:
		return equal(v, wanted);
	case OP_UNEQUAL:
		return !equal(v, wanted);
	case OP_MATCHES:
		return matches(v, wanted);
	case OP_CONTAINS:
		return contains(v, wanted);
	case OP_EMPTY:
		return has_size(v) ? is_empty(v) == json_is_true(wanted) : -1;
	case OP_IN:
		return among(v, wanted);
	default:
		return compare(op, v, wanted);
	}
}

static int holds(const json_t *condition, const json_t *v)
{
	const char *name;
	json_t *wanted;
	int all = 1;

	if (!json_is_object(condition)) {
		if (json_is_null(condition))
			return !v || json_is_null(v);
		return v && !json_is_null(v) ? equal(v, condition) : -1;
	}
	json_object_foreach ((json_t *)condition, name, wanted) {
		int op = op_of(name);
		int rc = op < 0 ? -1 : op_holds((enum op)op, v, wanted);

		if (rc < 0)
			return -1;
		all = all && rc;
	}
	return all;
}

static void put_json(struct buf *why, const json_t *v)
{
	char *text = json_canonical(v);
	size_t n = strlen(text), shown = n > SHOWN ? SHOWN : n;

	while (shown < n && shown > 0 && ((unsigned char)text[shown] & 0xc0) == 0x80)
		shown--;
	buf_put(why, text, shown);
	if (shown < n)
		buf_puts(why, "...");
	free(text);
}

static void put_condition(struct buf *why, const json_t *condition)
{
	const char *name, *between = "";
	json_t *wanted;

	if (!json_is_object(condition)) {
		put_json(why, condition);
		return;
	}
	json_object_foreach ((json_t *)condition, name, wanted) {
		buf_putf(why, "%s%s ", between, name);
		if (strcmp(name, "not") == 0)
			put_condition(why, wanted);
		else
			put_json(why, wanted);
		between = " and ";
	}
}

static void put_why(struct buf *why, const char *pointer, const json_t *condition, const json_t *v)
{
	buf_putf(why, "%s is ", pointer[0] ? pointer : "the whole");
	if (v)
		put_json(why, v);
	else
		buf_puts(why, "absent");
	buf_puts(why, ", expected ");
	put_condition(why, condition);
}

int expect_holds(const json_t *expect, json_t *data, struct buf *why)
{
	const char *pointer;
	json_t *condition;

	json_object_foreach ((json_t *)expect, pointer, condition) {
		json_t *v = pointer_get(data, pointer);

		if (holds(condition, v) > 0)
			continue;
		if (why)
			put_why(why, pointer, condition, v);
		return 0;
	}
	return 1;
}
