#include "doc/pattern.h"

#define LOOK_BACK 64 /* before where a search begins: for \b and (?<=..) */

static size_t back(size_t from)
{
	return from > LOOK_BACK ? from - LOOK_BACK : 0;
}

/* Where a character begins. */
static size_t aligned(struct str text, size_t at)
{
	while (at < text.n && ((unsigned char)text.p[at] & 0xc0) == 0x80)
		at++;
	return at;
}

/* Within [from, to) of a line: 1 and where in the line, 0, or -1. */
static int find_in_window(
	struct regex *r, struct str line, size_t from, size_t to, size_t *at, size_t *n)
{
	size_t start = back(from);
	struct str text = {line.p + start, to - start};
	int rc;

	while ((rc = regex_find(r, text, from - start, at, n)) == 1) {
		*at += start;
		if (*n)
			return 1;
		from = aligned(line, *at + 1);
		if (from >= to)
			return 0;
	}
	return rc;
}

static bool find_in_line(struct regex *r, struct str line, size_t from, size_t *at, size_t *n)
{
	const size_t step = PATTERN_WINDOW - PATTERN_OVERLAP;

	for (size_t w = from; w < line.n; w = aligned(line, w + step)) {
		size_t to = line.n - w > PATTERN_WINDOW ? w + PATTERN_WINDOW : line.n;
		int rc = find_in_window(r, line, w, to, at, n);

		if (rc < 0) {
			*at = from;
			*n = line.n - from;
			return true;
		}
		if (rc == 1 && (to == line.n || *at < w + step)) {
			if (to < line.n && *at + *n == to)
				*n = line.n - *at;
			return true;
		}
		if (to == line.n)
			break;
	}
	return false;
}

bool pattern_find(struct regex *r, struct str text, size_t from, size_t *at, size_t *n)
{
	size_t start = from = aligned(text, from);

	while (start > back(from) && text.p[start - 1] != '\n')
		start--;
	while (from < text.n) {
		const char *end = memchr(text.p + from, '\n', text.n - from);
		size_t stop = end ? (size_t)(end - text.p) : text.n;

		if (find_in_line(r, (struct str){text.p + start, stop - start}, from - start, at, n)) {
			*at += start;
			return true;
		}
		start = from = stop + 1;
	}
	return false;
}
