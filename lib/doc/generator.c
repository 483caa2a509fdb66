#include "doc/generator.h"

#define PARAMETER "g0.expr="

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A percent that is followed by no two digits stands for itself. */
static void decode(struct str s, struct buf *into)
{
	char *to = buf_room(into, s.n), *start = to;

	for (size_t i = 0; to && i < s.n; i++) {
		bool coded = s.p[i] == '%' && i + 2 < s.n && digit(s.p[i + 1]) >= 0 &&
			     digit(s.p[i + 2]) >= 0;

		if (coded)
			*to++ = (char)(digit(s.p[i + 1]) << 4 | digit(s.p[i + 2]));
		else
			*to++ = s.p[i] == '+' ? ' ' : s.p[i];
		i += coded ? 2 : 0;
	}
	if (to) {
		into->n += (size_t)(to - start);
		into->p[into->n] = '\0';
	}
}

void generator_expr(struct str url, struct buf *into)
{
	const char *query = url.n ? memchr(url.p, '?', url.n) : NULL;
	struct str rest, one;

	if (!query)
		return;
	rest = (struct str){query + 1, url.n - (size_t)(query + 1 - url.p)};
	while (str_split(&rest, '&', &one))
		if (str_starts(one, PARAMETER)) {
			decode((struct str){one.p + strlen(PARAMETER), one.n - strlen(PARAMETER)},
				into);
			return;
		}
}
