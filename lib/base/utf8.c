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
