#include "base/utf8.h"

/* Indexed by the lead byte's high five bits. */
static const unsigned char lengths[32] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0,
	0, 0, 0, 0, 0, 2, 2, 2, 2, 3, 3, 4, 0};

size_t utf8_at(const char *s, size_t n, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *p = (const unsigned char *)s;
	size_t len = lengths[p[0] >> 3];
	uint32_t c;

	if (len == 0 || len > n)
		return 0;
	c = len == 1 ? p[0] : p[0] & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		c = c << 6 | (p[i] & 0x3fU);
	}
	if (c < least[len] || c > 0x10ffff || c >> 11 == 0x1b)
		return 0;
	*code = c;
	return len;
}

size_t utf8_put(uint32_t code, char out[4])
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (size_t i = len; i-- > 1; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(lead[len] | code);
	return len;
}

bool utf8_is_line(struct str s)
{
	uint32_t code;
	size_t n;

	for (size_t i = 0; i < s.n; i += n)
		if (!(n = utf8_at(s.p + i, s.n - i, &code)) || code < 0x20 || code == 0x7f)
			return false;
	return s.n > 0;
}

bool utf8_is_text(struct str s)
{
	uint32_t code;
	size_t n;

	for (size_t i = 0; i < s.n; i += n)
		if (!(n = utf8_at(s.p + i, s.n - i, &code)) || code == 0)
			return false;
	return true;
}

bool utf8_is_gap(uint32_t c)
{
	return c == 0xa0 || c == 0x115f || c == 0x1160 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
	       c == 0x202f || c == 0x205f || c == 0x2800 || c == 0x3000 || c == 0x3164 || c == 0xffa0;
}

/* East Asian Width W and F (UAX #11), by the blocks that hold them, and pictures. */
unsigned utf8_columns(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} wide[] = {{0x1100, 0x115f}, {0x231a, 0x231b}, {0x23e9, 0x23f3}, {0x25fd, 0x27bf},
		{0x2b1b, 0x2b55}, {0x2e80, 0xa4cf}, {0xa960, 0xa97f}, {0xac00, 0xd7a3},
		{0xf900, 0xfaff}, {0xfe10, 0xfe6f}, {0xff01, 0xff60}, {0xffe0, 0xffe6},
		{0x16fe0, 0x18dff}, {0x1aff0, 0x1b2ff}, {0x1f000, 0x1faff}, {0x20000, 0x3fffd}};

	for (size_t i = 0; i < sizeof wide / sizeof *wide && wide[i].first <= c; i++)
		if (c <= wide[i].last)
			return 2;
	return 1;
}
