/* A server's tools as a toolset, for people to review: block YAML, texts in quotes. */
#include "base/msg.h"
#include "base/utf8.h"
#include "json/node.h"
#include "wire/mcp.h"

#define TITLE_MOST 200

static void indent(struct buf *into, int depth)
{
	buf_putf(into, "%*s", depth * 2, "");
}

static bool is_plain_key(const char *s)
{
	static const char *const taken[] = {"null", "true", "false", "Null", "NULL", "True", "TRUE",
		"False", "FALSE", NULL};

	for (int i = 0; taken[i]; i++)
		if (strcmp(s, taken[i]) == 0)
			return false;
	if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z')))
		return false;
	while ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || *s == '_' ||
		(*s >= '0' && *s <= '9'))
		s++;
	return !*s;
}

/* What would not be seen in a review, or ends a line in YAML. */
static bool is_hidden(struct str character)
{
	struct buf safe = BUF_INIT(64);
	bool hidden;

	if (character.n == 1 && *character.p != 0x7f)
		return false;
	msg_safe(&safe, character, false);
	hidden = !str_eq(buf_str(&safe), character);
	buf_clear(&safe);
	return hidden;
}

/* A scalar as JSON, with the escapes of YAML for what is hidden. */
static void put_scalar(struct buf *into, const json_t *v)
{
	struct buf plain = BUF_INIT(into->max);
	size_t n;

	json_put(&plain, v);
	into->full = into->full || plain.full;
	for (size_t i = 0; i < plain.n; i += n) {
		uint32_t code = 0;

		n = utf8_at(plain.p + i, plain.n - i, &code);
		n = n ? n : 1;
		if (is_hidden((struct str){plain.p + i, n}))
			buf_putf(into, "\\U%08x", (unsigned)code);
		else
			buf_put(into, plain.p + i, n);
	}
	buf_clear(&plain);
}

static void put_text(struct buf *into, const char *s)
{
	json_t *text = json_string(s);

	put_scalar(into, text);
	json_decref(text);
}

static void put_value(struct buf *into, const json_t *v, int depth);

static void put_key(struct buf *into, const char *key)
{
	if (is_plain_key(key))
		buf_puts(into, key);
	else
		put_text(into, key);
	buf_putc(into, ':');
}

/* What stands behind "key:" or "-". */
static void put_value(struct buf *into, const json_t *v, int depth)
{
	const char *key;
	size_t i;
	json_t *one;

	if (!json_object_size(v) && !json_array_size(v)) { /* 0 for scalars, too */
		buf_putc(into, ' ');
		put_scalar(into, v);
		buf_putc(into, '\n');
		return;
	}
	buf_putc(into, '\n');
	json_object_foreach ((json_t *)v, key, one) {
		indent(into, depth);
		put_key(into, key);
		put_value(into, one, depth + 1);
	}
	json_array_foreach (v, i, one) {
		indent(into, depth);
		buf_putc(into, '-');
		put_value(into, one, depth + 1);
	}
}

/* A text for a place where braces mean something. */
static json_t *literal(const json_t *text)
{
	struct buf out = BUF_INIT(1 << 20);
	json_t *v;

	for (const char *s = json_string_value(text); s && *s; s++) {
		buf_putc(&out, *s);
		if (*s == '{' || *s == '}')
			buf_putc(&out, *s);
	}
	v = json_string(buf_text(&out));
	buf_clear(&out);
	return v;
}

static void put_server(struct buf *into, const char *name, const json_t *server)
{
	json_t *copy = json_object(), *run = json_array(), *word;
	size_t i;

	json_array_foreach (json_object_get(server, "run"), i, word)
		json_array_append_new(run, literal(word));
	if (json_array_size(run))
		json_object_set(copy, "run", run);
	else
		json_object_set_new(copy, "url", literal(json_object_get(server, "url")));
	buf_puts(into, "servers:\n  ");
	put_key(into, name);
	put_value(into, copy, 2);
	json_decref(run);
	json_decref(copy);
}

/* "getAlerts" -> "get_alerts": the words that a tool's name is made of. */
static void put_word(struct buf *into, const char *name)
{
	size_t from = into->n;

	for (const char *s = name; *s && into->n - from < 100; s++) {
		bool upper = *s >= 'A' && *s <= 'Z';
		char c = (char)(upper ? *s + 'a' - 'A' : *s);
		bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (upper && s > name && s[-1] >= 'a' && s[-1] <= 'z')
			buf_putc(into, '_');
		buf_putc(into, letter || c == '-' ? c : '_');
	}
	if (into->n == from)
		buf_puts(into, "tool");
}

/* A name of its own. */
static void put_name(struct buf *into, const char *set, const char *tool, json_t *seen)
{
	struct buf name = BUF_INIT(300);
	size_t base;

	buf_putf(&name, "%s.", set);
	put_word(&name, tool);
	base = name.n;
	for (int n = 2; json_object_get(seen, name.p); n++) {
		name.n = base;
		buf_putf(&name, "-%d", n);
	}
	json_object_set_new(seen, name.p, json_true());
	buf_putf(into, "  - name: %s\n", name.p);
	buf_clear(&name);
}

/* The first line of the server's words: enough to choose by; all of them are in the pin. */
static void put_description(struct buf *into, const char *text)
{
	size_t n = text ? strcspn(text, "\r\n") : 0;
	json_t *line;

	if (!n)
		return;
	if (n > TITLE_MOST)
		for (n = TITLE_MOST; ((unsigned char)text[n] & 0xc0) == 0x80; n--)
			;
	line = json_stringn(text, n);
	buf_puts(into, "    description: ");
	put_scalar(into, line);
	buf_putc(into, '\n');
	json_decref(line);
}

static void put_claim(struct buf *into, const json_t *tool)
{
	static const char *const hints[] = {
		"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"};
	size_t from;

	buf_puts(into, "    # the server says:");
	from = into->n;
	for (int i = 0; i < 4; i++)
		if (mcp_hint(tool, hints[i]) >= 0)
			buf_putf(into, "%s %s: %s", into->n > from ? "," : "", hints[i],
				mcp_hint(tool, hints[i]) ? "true" : "false");
	buf_puts(into, into->n > from ? "\n" : " nothing of what it does\n");
}

static void put_tool(
	struct buf *into, const char *set, const char *server, const json_t *tool, json_t *seen)
{
	const char *name = json_string_value(json_object_get(tool, "name"));
	bool mild = mcp_hint(tool, "destructiveHint") == 0 || mcp_hint(tool, "readOnlyHint") == 1;
	char pin[SHA_HEX];

	put_name(into, set, name, seen);
	put_description(into, json_string_value(json_object_get(tool, "description")));
	put_claim(into, tool);
	buf_putf(into, "    effect: %s\n    blast_radius: single_service\n",
		mild ? "change" : "destroy");
	buf_puts(into, "    mcp:\n      server: ");
	put_text(into, server);
	buf_puts(into, "\n      tool: ");
	put_text(into, name);
	buf_putf(into, "\n      pin: \"%s\"\n    schema:", mcp_pin(tool, pin));
	put_value(into, json_object_get(tool, "inputSchema"), 3);
}

void mcp_toolset(const char *name, const json_t *server, const json_t *tools, struct buf *into)
{
	json_t *seen = json_object(), *one;
	size_t i;

	buf_putf(into,
		"# Made by hl-tool import. Review it: what each tool does is for you to say\n"
		"# (effect, blast_radius); one that only reads is effect: read, without blast_radius.\n"
		"toolset: %s\n",
		name);
	put_server(into, name, server);
	buf_puts(into, json_array_size(tools) ? "tools:\n" : "tools: []\n");
	json_array_foreach (tools, i, one)
		put_tool(into, name, name, one, seen);
	json_decref(seen);
}
