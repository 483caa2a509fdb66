#include "doc/output.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"

static struct str without_line_end(struct str s)
{
	while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

/* A NUL is no text either: most of what reads our records cannot hold it. */
static json_t *repaired(struct str s)
{
	struct buf clean = BUF_INIT(SIZE_MAX / 2);
	json_t *text;

	while (s.n) {
		uint32_t code;
		size_t n = *s.p ? utf8_at(s.p, s.n, &code) : 0;

		if (n)
			buf_put(&clean, s.p, n);
		else
			buf_puts(&clean, "\xef\xbf\xbd");
		s.p += n ? n : 1;
		s.n -= n ? n : 1;
	}
	text = json_stringn(buf_text(&clean), clean.n);
	buf_clear(&clean);
	return text;
}

json_t *output_text(struct str s)
{
	json_t *text = s.n && memchr(s.p, '\0', s.n) ? NULL : json_stringn(s.p ? s.p : "", s.n);

	return text ? text : repaired(s);
}

static json_t *wrap(const char *key, json_t *value)
{
	json_t *object = json_object();

	json_object_set_new(object, key, value);
	return object;
}

static json_t *parse_lines(struct str printed)
{
	json_t *lines = json_array();
	struct str line;

	while (str_split(&printed, '\n', &line))
		json_array_append_new(lines, output_text(without_line_end(line)));
	return wrap("lines", lines);
}

/* One JSON value; what is wrong is said with its line in the output. */
static json_t *load(struct str text, unsigned long line, struct err *e)
{
	json_error_t why;
	json_t *v = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);

	if (!v)
		err_set(e, ERR_DATA, "line %lu of its output is not JSON: %s",
			line + (unsigned long)why.line - 1, why.text);
	return v;
}

static json_t *parse_json(struct str printed, struct err *e)
{
	json_t *v;

	if (!str_trim(printed).n) {
		err_set(e, ERR_DATA, "it printed nothing, where JSON was expected");
		return NULL;
	}
	v = load(printed, 1, e);
	if (!v || json_is_object(v))
		return v;
	return wrap(json_is_array(v) ? "items" : "value", v);
}

static json_t *parse_jsonl(struct str printed, struct err *e)
{
	json_t *items = json_array(), *v;
	unsigned long number = 0;
	struct str line;

	while (str_split(&printed, '\n', &line)) {
		number++;
		if (!str_trim(line).n)
			continue;
		v = load(line, number, e);
		if (!v) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items, v);
	}
	return wrap("items", items);
}

/* A key that comes again (systemctl show does so for lists) has its values on lines of their own.
 */
static void add_pair(json_t *pairs, struct str key, struct str value)
{
	json_t *name = output_text(key), *v = output_text(value);
	const json_t *was = json_object_get(pairs, json_string_value(name));

	if (was) {
		json_t *both = json_sprintf("%s\n%s", json_string_value(was), json_string_value(v));

		json_decref(v);
		v = both;
	}
	json_object_set_new(pairs, json_string_value(name), v);
	json_decref(name);
}

static json_t *parse_pairs(struct str printed, struct err *e)
{
	json_t *pairs = json_object();
	unsigned long number = 0;
	struct str line;

	while (str_split(&printed, '\n', &line)) {
		const char *equals;

		number++;
		line = without_line_end(line);
		if (!line.n)
			continue;
		equals = memchr(line.p, '=', line.n);
		if (!equals || equals == line.p || memchr(line.p, '\0', line.n)) {
			err_set(e, ERR_DATA, "line %lu of its output is not Key=value", number);
			json_decref(pairs);
			return NULL;
		}
		add_pair(pairs, (struct str){line.p, (size_t)(equals - line.p)},
			(struct str){equals + 1, line.n - (size_t)(equals - line.p) - 1});
	}
	return pairs;
}

json_t *output_parse(enum tool_output kind, struct str printed, struct err *e)
{
	switch (kind) {
	case OUTPUT_TEXT:
		return wrap("text", output_text(without_line_end(printed)));
	case OUTPUT_LINES:
		return parse_lines(printed);
	case OUTPUT_OWN:
	case OUTPUT_JSON:
		return parse_json(printed, e);
	case OUTPUT_JSONL:
		return parse_jsonl(printed, e);
	case OUTPUT_PAIRS:
		return parse_pairs(printed, e);
	}
	err_set(e, ERR_BUG, "output of kind %d", (int)kind);
	return NULL;
}
