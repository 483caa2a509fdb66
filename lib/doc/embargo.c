#include "doc/embargo.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "doc/pattern.h"

#define KIND_MOST 10

static const char *text_at(const struct privacy *p, size_t i)
{
	return p->never_send ? json_string_value(json_array_get(p->never_send, i))
			     : privacy_never_send[i];
}

struct embargo *embargo_new(const struct privacy *p, struct err *e)
{
	struct embargo *m = mem_new(sizeof *m);
	size_t n = 0;

	while (text_at(p, n))
		n++;
	m->patterns = mem_array(n + 1, sizeof *m->patterns);
	m->texts = mem_array(n + 1, sizeof *m->texts);
	for (; m->count < n; m->count++) {
		m->texts[m->count] = text_at(p, m->count);
		m->patterns[m->count] = regex_seek_new(m->texts[m->count], true, e);
		if (!m->patterns[m->count]) {
			embargo_free(m);
			return NULL;
		}
	}
	return m;
}

void embargo_free(struct embargo *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->count; i++)
		regex_free(m->patterns[i]);
	free(m->patterns);
	free(m->texts);
	free(m);
}

/* "<IP_1>" at text.p[at]: its length, or 0. */
static size_t placeholder(struct str text, size_t at)
{
	size_t n = at + 1, digits;

	while (n < text.n && n - at <= KIND_MOST && isupper((unsigned char)text.p[n]))
		n++;
	if (n == at + 1 || n >= text.n || text.p[n] != '_')
		return 0;
	for (digits = ++n; n < text.n && n - digits < KIND_MOST && isdigit((unsigned char)text.p[n]);)
		n++;
	return n > digits && n < text.n && text.p[n] == '>' ? n + 1 - at : 0;
}

static void without_placeholders(struct str text, struct buf *into)
{
	size_t n;

	for (size_t i = 0; i < text.n; i += n) {
		n = text.p[i] == '<' ? placeholder(text, i) : 0;
		buf_putc(into, n ? ' ' : text.p[i]);
		n += !n;
	}
}

const char *embargo_on(const struct embargo *m, struct str text)
{
	struct buf bare = BUF_INIT(text.n + 1);
	const char *hit = NULL;
	size_t at, n;

	without_placeholders(text, &bare);
	for (size_t i = 0; i < m->count && !hit; i++)
		if (pattern_find(m->patterns[i], buf_str(&bare), 0, &at, &n))
			hit = m->texts[i];
	buf_clear(&bare);
	return hit;
}

static const char *on_texts(const struct embargo *m, const json_t *v)
{
	const char *hit = NULL, *key;
	json_t *one;
	size_t i;

	if (json_is_string(v))
		return embargo_on(m, (struct str){json_string_value(v), json_string_length(v)});
	json_array_foreach (v, i, one)
		if ((hit = on_texts(m, one)))
			return hit;
	json_object_foreach ((json_t *)v, key, one)
		if ((hit = embargo_on(m, str_of(key))) || (hit = on_texts(m, one)))
			return hit;
	return NULL;
}

const char *embargo_on_tree(const struct embargo *m, const json_t *tree)
{
	struct buf text = BUF_INIT(4 * BUF_RECORD);
	const char *hit;

	json_put(&text, tree);
	hit = text.full ? "(too large to be looked at)" : embargo_on(m, buf_str(&text));
	buf_clear(&text);
	return hit ? hit : on_texts(m, tree);
}
