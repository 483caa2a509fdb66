#include "doc/gap.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/sha.h"
#include "base/when.h"
#include "doc/prose.h"
#include "json/node.h"

enum { WORDS = 48, DIGITS = 8 };

/* Whoever wrote the case wrote this. */
static json_t *line_of(const json_t *gap, const char *key)
{
	const json_t *text = json_object_get(gap, key);
	struct buf line = BUF_INIT(8192);
	json_t *plain;

	if (json_is_string(text))
		prose_plain(&line, (struct str){json_string_value(text), json_string_length(text)},
			GAP_LINE);
	plain = json_stringn(buf_text(&line), line.n);
	buf_clear(&line);
	return plain;
}

/* Lower case, one '-' for whatever is no letter or digit. */
static void put_words(struct buf *to, const char *s)
{
	for (; *s; s++)
		if (isalnum((unsigned char)*s))
			buf_putc(to, (char)tolower((unsigned char)*s));
		else if (to->n && to->p[to->n - 1] != '-')
			buf_putc(to, '-');
	while (to->n && to->p[to->n - 1] == '-')
		to->p[--to->n] = '\0';
}

int gap_path(const json_t *gap, char path[GAP_PATH])
{
	json_t *wanted = line_of(gap, "wanted");
	struct buf words = BUF_INIT(8192);
	char hex[SHA_HEX];
	int rc = -1;

	put_words(&words, json_string_value(wanted));
	if (json_string_length(wanted)) {
		/* what has no letters of ours is told apart by its bytes */
		sha_hex(words.n ? buf_str(&words) : str_of(json_string_value(wanted)), hex);
		snprintf(path, GAP_PATH, GAP_ROOT "/%.*s%s%.*s.json",
			(int)(words.n < WORDS ? words.n : WORDS), buf_text(&words),
			words.n ? "-" : "", DIGITS, hex);
		rc = 0;
	}
	buf_clear(&words);
	json_decref(wanted);
	return rc;
}

static bool is_noted(const json_t *cases, const char *case_id)
{
	json_t *one;
	size_t i;

	json_array_foreach (cases, i, one)
		if (json_is_string(one) && strcmp(json_string_value(one), case_id) == 0)
			return true;
	return false;
}

static json_t *file_new(const json_t *gap, int64_t at)
{
	char text[WHEN_TEXT];

	return json_pack("{s:o, s:o, s:i, s:s, s:s, s:[]}", "wanted", line_of(gap, "wanted"), "why",
		line_of(gap, "why"), "count", 0, "first_at", when_format(at, text), "last_at", text,
		"cases");
}

/* A member a line: what people read, and what two branches merge. */
static void put_file(struct buf *into, const json_t *file)
{
	const char *key, *before = "{\n  ";
	json_t *v;

	json_object_foreach ((json_t *)file, key, v) {
		json_t *name = json_string(key);

		buf_puts(into, before);
		json_put(into, name);
		buf_puts(into, ": ");
		json_put(into, v);
		before = ",\n  ";
		json_decref(name);
	}
	buf_puts(into, "\n}\n");
}

int gap_note(const json_t *gap, const char *case_id, int64_t at, struct str now, struct buf *into)
{
	json_t *file = now.p ? json_loadb(now.p, now.n, JSON_REJECT_DUPLICATES, NULL)
			     : file_new(gap, at);
	json_t *cases = json_object_get(file, "cases"), *count = json_object_get(file, "count");
	char text[WHEN_TEXT];
	int rc = 0;

	if (json_is_array(cases) && json_is_integer(count) && !is_noted(cases, case_id)) {
		json_object_set_new(
			file, "count", json_integer(json_integer_value(count) + 1));
		json_object_set_new(file, "last_at", json_string(when_format(at, text)));
		json_array_append_new(cases, json_string(case_id));
		while (json_array_size(cases) > GAP_CASES)
			json_array_remove(cases, 0);
		put_file(into, file);
		rc = 1;
	}
	json_decref(file);
	return rc;
}
