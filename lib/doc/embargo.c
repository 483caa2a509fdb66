#include "doc/embargo.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "doc/disguise.h"
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

static const char *match(const struct embargo *m, struct str text)
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

const char *embargo_on(const struct embargo *m, struct str text)
{
	const char *hit = match(m, text);
	struct decoded plain;

	if (hit || !disguise_escapes(text, &plain))
		return hit;
	hit = match(m, buf_str(&plain.text));
	decoded_clear(&plain);
	return hit;
}
