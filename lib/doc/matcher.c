#include "doc/matcher.h"

#include <stdlib.h>

#include "base/mem.h"

static const char *const op_names[] = {"=", "!=", "=~", "!~"};

static bool is_regex(enum matcher_op op)
{
	return op == MATCHER_REGEX || op == MATCHER_NOT_REGEX;
}

static void put(struct matchers *m, const char *name, enum matcher_op op, const char *value,
	struct regex *regex_taken)
{
	size_t n = strlen(name) + 1;
	char *both = mem_array(1, n + strlen(value) + 1);

	memcpy(both, name, n);
	memcpy(both + n, value, strlen(value));
	m->items = mem_room(m->items, m->count, &m->cap, sizeof *m->items);
	m->items[m->count++] = (struct matcher){both, both + n, op, regex_taken};
}

int matchers_add(
	struct matchers *m, const char *name, enum matcher_op op, const char *value, struct err *e)
{
	struct regex *regex = NULL;

	if (!*name)
		return err_set(e, ERR_CONFIG, "a matcher without a label name");
	if (is_regex(op) && !(regex = regex_new(value, true, e)))
		return err_prefix(e, "label '%s': ", name);
	put(m, name, op, value, regex);
	return 0;
}

void matchers_add_checked(
	struct matchers *m, const char *name, enum matcher_op op, const char *value)
{
	put(m, name, op, value, is_regex(op) ? regex_lazy(value, true) : NULL);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(const char **at)
{
	while (is_blank(**at))
		(*at)++;
}

/*
 * After the opening quote, to behind the closing one: \n, \" and \\ as Alertmanager has them;
 * other backslashes stay.
 */
static int read_quoted(const char **at, struct buf *into)
{
	const char *p = *at;

	for (; *p && *p != '"'; p++) {
		if (*p == '\\' && (p[1] == '"' || p[1] == '\\' || p[1] == 'n')) {
			p++;
			buf_putc(into, *p == 'n' ? '\n' : *p);
		} else {
			buf_putc(into, *p);
		}
	}
	*at = *p ? p + 1 : p;
	return *p ? 0 : -1;
}

static int read_name(const char **at, struct buf *into)
{
	size_t n;

	if (**at == '"') {
		(*at)++;
		return read_quoted(at, into);
	}
	n = strcspn(*at, "=!~,{}\" \t\r\n");
	buf_put(into, *at, n);
	*at += n;
	return n ? 0 : -1;
}

static int read_op(const char **at, enum matcher_op *op)
{
	static const enum matcher_op longest_first[] = {
		MATCHER_REGEX, MATCHER_NOT_REGEX, MATCHER_NOT_EQUAL, MATCHER_EQUAL};

	for (size_t i = 0; i < 4; i++) {
		const char *name = op_names[longest_first[i]];

		if (strncmp(*at, name, strlen(name)) == 0) {
			*at += strlen(name);
			*op = longest_first[i];
			return 0;
		}
	}
	return -1;
}

/* Without quotes a value goes to the next comma, or to a brace that closes the list. */
static int read_value(const char **at, struct buf *into)
{
	struct str value = {*at, 0};

	if (**at == '"') {
		(*at)++;
		return read_quoted(at, into);
	}
	value.n = strcspn(*at, ",\"");
	*at += value.n;
	value = str_trim(value);
	if (!**at && value.n && value.p[value.n - 1] == '}' && !memchr(value.p, '{', value.n)) {
		*at = value.p + value.n - 1;
		value = str_trim((struct str){value.p, value.n - 1});
	}
	buf_putstr(into, value);
	return **at == '"' ? -1 : 0;
}

static int read_one(
	struct matchers *m, const char **at, struct buf *name, struct buf *value, struct err *e)
{
	enum matcher_op op;

	buf_reset(name);
	buf_reset(value);
	if (read_name(at, name))
		return err_set(e, ERR_CONFIG, "label name expected at '%.40s'", *at);
	skip_blanks(at);
	if (read_op(at, &op))
		return err_set(e, ERR_CONFIG, "one of = != =~ !~ expected at '%.40s'", *at);
	skip_blanks(at);
	if (read_value(at, value))
		return err_set(
			e, ERR_CONFIG, "a quote is missing in the value of '%s'", buf_text(name));
	return matchers_add(m, buf_text(name), op, buf_text(value), e);
}

static int read_list(
	struct matchers *m, const char *at, struct buf *name, struct buf *value, struct err *e)
{
	bool braced;

	skip_blanks(&at);
	braced = *at == '{';
	at += braced;
	skip_blanks(&at);
	while (*at && *at != '}') {
		if (read_one(m, &at, name, value, e))
			return -1;
		skip_blanks(&at);
		if (*at && *at != ',' && *at != '}')
			return err_set(e, ERR_CONFIG, "a comma is expected at '%.40s'", at);
		at += *at == ',';
		skip_blanks(&at);
	}
	if (*at == '}' && braced) {
		at++;
		braced = false;
	}
	skip_blanks(&at);
	if (*at || braced)
		return err_set(e, ERR_CONFIG, "%s expected at '%.40s'",
			braced ? "a closing brace is" : "nothing more is", at);
	return 0;
}

int matchers_parse(struct matchers *m, const char *text, struct err *e)
{
	struct buf name = BUF_INIT(BUF_RECORD), value = BUF_INIT(BUF_RECORD);
	int rc = read_list(m, text, &name, &value, e);

	buf_clear(&name);
	buf_clear(&value);
	return rc;
}

/* The pattern between slashes, or an empty view. */
static struct str between_slashes(const char *text)
{
	size_t n = strlen(text);

	if (n < 2 || text[0] != '/' || text[n - 1] != '/')
		return STR_NONE;
	return (struct str){text + 1, n - 2};
}

/* A scalar of the mapping form as text: YAML reads 9100 as a number, labels are texts. */
static int scalar(const struct node *n, struct buf *into, struct err *e)
{
	if (json_is_string(n->v) && strlen(json_string_value(n->v)) == json_string_length(n->v))
		return buf_puts(into, json_string_value(n->v));
	if (json_is_integer(n->v))
		return buf_putf(into, "%lld", (long long)json_integer_value(n->v));
	if (json_is_boolean(n->v))
		return buf_puts(into, json_is_true(n->v) ? "true" : "false");
	return node_fail(n, e, "not a text");
}

static int add_at(struct matchers *m, const struct node *n, enum matcher_op op, const char *value,
	struct err *e)
{
	struct err why = ERR_INIT;

	if (matchers_add(m, n->key, op, value, &why) == 0)
		return 0;
	return node_fail(n, e, "%s", why.text);
}

static int load_scalar(struct matchers *m, const struct node *n, struct err *e)
{
	struct buf text = BUF_INIT(BUF_RECORD);
	int rc = scalar(n, &text, e);

	if (rc == 0) {
		struct str pattern = between_slashes(buf_text(&text));

		if (pattern.n) {
			text.p[text.n - 1] = '\0';
			rc = add_at(m, n, MATCHER_REGEX, text.p + 1, e);
		} else {
			rc = add_at(m, n, MATCHER_EQUAL, buf_text(&text), e);
		}
	}
	buf_clear(&text);
	return rc;
}

/* Any of: one expression with an alternative for each. */
static int load_any_of(struct matchers *m, const struct node *list, struct err *e)
{
	struct buf all = BUF_INIT(BUF_RECORD), text = BUF_INIT(BUF_RECORD);
	int rc = node_count(list) ? 0 : node_fail(list, e, "an empty list matches nothing");

	for (size_t i = 0; rc == 0 && i < node_count(list); i++) {
		struct node one = node_at(list, i);
		struct str pattern;

		buf_reset(&text);
		if ((rc = scalar(&one, &text, e)))
			break;
		if (i)
			buf_putc(&all, '|');
		pattern = between_slashes(buf_text(&text));
		if (pattern.n)
			buf_putf(&all, "(?:%.*s)", STR_ARG(pattern));
		else
			regex_quote(&all, buf_str(&text));
	}
	if (rc == 0)
		rc = add_at(m, list, MATCHER_REGEX, buf_text(&all), e);
	buf_clear(&all);
	buf_clear(&text);
	return rc;
}

static int load_mapping(struct matchers *m, const struct node *n, struct err *e)
{
	const char *key;
	json_t *v;

	json_object_foreach (n->v, key, v) {
		struct node one = node_get(n, key);
		int rc = json_is_array(v) ? load_any_of(m, &one, e) : load_scalar(m, &one, e);

		if (rc)
			return -1;
	}
	return 0;
}

static int load_text(struct matchers *m, const struct node *n, struct err *e)
{
	struct err why = ERR_INIT;

	if (!json_is_string(n->v))
		return node_fail(n, e, "not a text such as alertname=\"DiskFull\"");
	if (matchers_parse(m, json_string_value(n->v), &why))
		return node_fail(n, e, "%s", why.text);
	return 0;
}

int matchers_load(struct matchers *m, const struct node *n, struct err *e)
{
	if (!node_there(n))
		return 0;
	if (json_is_object(n->v))
		return load_mapping(m, n, e);
	if (!json_is_array(n->v))
		return load_text(m, n, e);
	for (size_t i = 0; i < node_count(n); i++) {
		struct node one = node_at(n, i);

		if (load_text(m, &one, e))
			return -1;
	}
	return 0;
}

static bool holds(const struct matcher *m, struct str value)
{
	switch (m->op) {
	case MATCHER_EQUAL:
		return str_is(value, m->value);
	case MATCHER_NOT_EQUAL:
		return !str_is(value, m->value);
	case MATCHER_REGEX:
		return regex_try(m->regex, value) == 1;
	case MATCHER_NOT_REGEX:
		return regex_try(m->regex, value) == 0;
	}
	return false;
}

bool matchers_match(struct matchers *m, const struct labels *l)
{
	for (int dear = 0; dear < 2; dear++)
		for (size_t i = 0; i < m->count; i++) {
			const struct matcher *one = &m->items[i];

			if (is_regex(one->op) == dear &&
				!holds(one, labels_get(l, str_of(one->name))))
				return false;
		}
	return true;
}

void matchers_text(const struct matchers *m, struct buf *into)
{
	for (size_t i = 0; i < m->count; i++) {
		buf_putf(
			into, "%s%s%s\"", i ? "," : "", m->items[i].name, op_names[m->items[i].op]);
		for (const char *p = m->items[i].value; *p; p++) {
			if (*p == '\n')
				buf_puts(into, "\\n");
			else if (*p == '"' || *p == '\\')
				buf_putf(into, "\\%c", *p);
			else
				buf_putc(into, *p);
		}
		buf_putc(into, '"');
	}
}

void matchers_clear(struct matchers *m)
{
	for (size_t i = 0; i < m->count; i++) {
		free(m->items[i].name);
		regex_free(m->items[i].regex);
	}
	free(m->items);
	*m = (struct matchers)MATCHERS_INIT;
}
