#include "flow/briefing.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "doc/tool_names.h"
#include "json/node.h"

enum { LOOKS = 40, WORD = 64, DEPTH = 12, SHORTEST = 100 /* bytes of a tool as it is told */ };

void briefing_say(json_t *messages, const char *words)
{
	json_array_append_new(
		messages, json_pack("{s:s, s:s}", "role", "user", "content", words));
}

void briefing_show(json_t *messages, const json_t *document)
{
	struct buf text = BUF_INIT(BUF_RECORD);

	json_put(&text, document);
	briefing_say(messages, buf_text(&text));
	buf_clear(&text);
}

/* ---- the case ---- */

static size_t size_of(const json_t *v)
{
	struct buf text = BUF_INIT(BUF_RECORD);
	size_t n;

	json_put(&text, v);
	n = text.full ? BUF_RECORD : text.n;
	buf_clear(&text);
	return n;
}

/* The first bytes of a text, whole characters. */
static json_t *cut_text(const char *s, size_t n, size_t most)
{
	struct buf text = BUF_INIT(BUF_RECORD);
	json_t *cut;

	if (n <= most)
		return json_stringn(s, n);
	while (most && ((unsigned char)s[most] & 0xc0) == 0x80)
		most--;
	buf_put(&text, s, most);
	buf_puts(&text, "...");
	cut = json_stringn(buf_text(&text), text.n);
	buf_clear(&text);
	return cut;
}

/* A copy in which every text is short. */
static json_t *shorten(const json_t *v, int depth)
{
	json_t *copy, *one;
	const char *key;
	size_t i;

	if (json_is_string(v))
		return cut_text(json_string_value(v), json_string_length(v), BRIEFING_TEXT);
	if (!depth)
		return json_string("...");
	if (json_is_object(v)) {
		copy = json_object();
		json_object_foreach ((json_t *)v, key, one)
			json_object_set_new(copy, key, shorten(one, depth - 1));
		return copy;
	}
	if (!json_is_array(v))
		return json_incref((json_t *)v);
	copy = json_array();
	json_array_foreach (v, i, one)
		json_array_append_new(copy, shorten(one, depth - 1));
	return copy;
}

static json_t *pick(const json_t *from, const char *const *keys)
{
	json_t *picked = json_object();

	for (; *keys; keys++)
		if (json_object_get(from, *keys))
			json_object_set_new(
				picked, *keys, shorten(json_object_get(from, *keys), DEPTH));
	return picked;
}

/* Large data are told by their beginning. */
static json_t *observation_of(const json_t *one)
{
	static const char *const keys[] = {
		"tool", "args", "host", "at", "ok", "data", "error", NULL};
	json_t *told = pick(one, keys), *data = json_object_get(told, "data");
	struct buf text = BUF_INIT(BUF_RECORD);

	if (data) {
		json_put(&text, data);
		if (text.n > BRIEFING_DATA)
			json_object_set_new(told, "data",
				json_pack("{s:o, s:I}", "cut",
					cut_text(buf_text(&text), text.n, BRIEFING_DATA), "bytes",
					(json_int_t)text.n));
	}
	buf_clear(&text);
	return told;
}

static json_t *signal_of(const json_t *one)
{
	static const char *const keys[] = {"source", "status", "name", "severity", "labels",
		"annotations", "starts_at", "ends_at", NULL};

	return pick(one, keys);
}

/* As many as there is room for, from the front; *room is what is left. */
static void put_list(json_t *told, const char *key, const json_t *list,
	json_t *(*of)(const json_t *), size_t most, json_t *left_out)
{
	json_t *all = json_array(), *one;
	size_t i, used = 0;

	json_array_foreach (list, i, one) {
		json_t *short_one = of(one);

		used += size_of(short_one);
		if (used <= most)
			json_array_append(all, short_one);
		json_decref(short_one);
		if (used > most)
			break;
	}
	if (i < json_array_size(list))
		json_object_set_new(left_out, key,
			json_integer((json_int_t)(json_array_size(list) - i)));
	json_object_set_new(told, key, all);
}

json_t *briefing_case(const json_t *whole_case)
{
	static const char *const keys[] = {"id", "opened_at", "title", "severity", NULL};
	static const char *const of_triage[] = {
		"verdict", "why", "signals", "count", "flapping", NULL};
	json_t *told = pick(whole_case, keys), *left_out = json_object();

	json_object_set_new(
		told, "triage", pick(json_object_get(whole_case, "triage"), of_triage));
	put_list(told, "signals", json_object_get(whole_case, "signals"), signal_of,
		BRIEFING_CASE / 2, left_out);
	put_list(told, "context", json_object_get(whole_case, "context"), observation_of,
		BRIEFING_CASE / 2, left_out);
	if (json_object_size(left_out))
		json_object_set(told, "left_out", left_out);
	json_decref(left_out);
	return told;
}

/* ---- the tools ---- */

/* Words of at least three letters and digits, in lower case, as members. */
static void collect_words(json_t *words, const char *s)
{
	char word[WORD];
	size_t n = 0;

	for (;; s++) {
		if (isalnum((unsigned char)*s)) {
			if (n + 1 < sizeof word)
				word[n++] = (char)tolower((unsigned char)*s);
			continue;
		}
		word[n] = '\0';
		if (n >= 3)
			json_object_set_new(words, word, json_true());
		n = 0;
		if (!*s)
			return;
	}
}

static void collect_from(json_t *words, const json_t *v)
{
	const char *key;
	json_t *one;
	size_t i;

	if (json_is_string(v))
		collect_words(words, json_string_value(v));
	json_array_foreach (v, i, one)
		collect_from(words, one);
	json_object_foreach ((json_t *)v, key, one) {
		collect_words(words, key);
		collect_from(words, one);
	}
}

/* What the case is about: not what was observed, which speaks of everything. */
static json_t *words_of(const json_t *told)
{
	json_t *words = json_object(), *one;
	size_t i;

	collect_from(words, json_object_get(told, "title"));
	collect_from(words, json_object_get(told, "signals"));
	json_array_foreach (json_object_get(told, "context"), i, one)
		collect_from(words, json_object_get(one, "tool"));
	return words;
}

struct candidate {
	const struct tool *tool;
	size_t score;
};

static size_t score_of(const struct tool *t, const struct goal *g, const json_t *words)
{
	json_t *own = json_object(), *ignored;
	size_t score = 0;
	const char *word;

	collect_words(own, t->name);
	json_object_foreach (own, word, ignored)
		score += json_object_get(words, word) ? 4 : 0;
	json_object_clear(own);
	collect_words(own, t->description ? t->description : "");
	json_object_foreach (own, word, ignored)
		score += json_object_get(words, word) ? 1 : 0;
	json_decref(own);
	for (size_t i = 0; i < g->n_tools; i++)
		score += strcmp(g->tools[i].tool, t->name) == 0 ? 2 : 0;
	return score;
}

/* The better first; the catalogue's order, by name, among equals. */
static int by_score(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return strcmp(x->tool->name, y->tool->name);
}

/* {name: type} would do for most; the schema is what it is checked against. */
json_t *briefing_tool(const struct tool *t)
{
	json_t *schema = tool_schema(t);
	json_t *told = json_pack("{s:s, s:s*, s:s, s:s, s:o}", "tool", t->name, "does",
		t->description, "effect", effect_names[t->effect], "blast_radius",
		blast_names[t->blast], "args", json_object());

	json_object_set(told, "args", json_object_get(schema, "properties"));
	if (json_array_size(json_object_get(schema, "required")))
		json_object_set(told, "required", json_object_get(schema, "required"));
	json_decref(schema);
	return told;
}

json_t *briefing_tools(const struct catalogue *c, const struct policy *p, const struct goal *g,
	const json_t *told)
{
	struct candidate *all = mem_array(catalogue_count(c) + 1, sizeof *all);
	json_t *tools = json_array(), *words = words_of(told);
	size_t n = 0, used = 0;

	for (size_t i = 0; i < catalogue_count(c); i++) {
		const struct tool *t = catalogue_at(c, i);

		if (!policy_denies(p, t->name) && goal_may_use(g, t->name))
			all[n++] = (struct candidate){t, score_of(t, g, words)};
	}
	qsort(all, n, sizeof *all, by_score);
	for (size_t i = 0; i < n && used < BRIEFING_TOOLS - SHORTEST; i++) {
		json_t *one = briefing_tool(all[i].tool);
		size_t size = size_of(one);

		if (used + size <= BRIEFING_TOOLS) {
			json_array_append(tools, one);
			used += size;
		}
		json_decref(one);
	}
	json_decref(words);
	free(all);
	return tools;
}

static void add_look(json_t *looks, const struct catalogue *c, const struct policy *p, const char *name)
{
	const struct tool *t = name ? catalogue_find(c, name) : NULL;

	if (t && t->effect == EFFECT_READ && !policy_denies(p, t->name) &&
		json_array_size(looks) < LOOKS && !tool_names_has(looks, t->name))
		json_array_append_new(looks, json_string(t->name));
}

json_t *briefing_looks(const struct catalogue *c, const struct policy *p, const struct goal *g,
	const json_t *tools)
{
	json_t *looks = json_array(), *one;
	size_t i;

	for (i = 0; i < g->n_tools; i++)
		add_look(looks, c, p, g->tools[i].tool);
	for (i = 0; g->looks && i < catalogue_count(c); i++)
		if (tool_names_has(g->looks, catalogue_name_at(c, i)))
			add_look(looks, c, p, catalogue_name_at(c, i));
	if (g->may_use)
		json_array_foreach (tools, i, one)
			add_look(looks, c, p, json_string_value(json_object_get(one, "tool")));
	return looks;
}
