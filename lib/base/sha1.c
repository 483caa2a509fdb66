#include "base/sha1.h"

static uint32_t rotate(uint32_t x, int n)
{
	return x << n | x >> (32 - n);
}

static uint32_t load(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void store(unsigned char *p, uint32_t x)
{
	p[0] = (unsigned char)(x >> 24);
	p[1] = (unsigned char)(x >> 16);
	p[2] = (unsigned char)(x >> 8);
	p[3] = (unsigned char)x;
}

/* The message schedule is a ring of 16 words: word t depends on none older than t - 16. */
#define WORD(t)                                                                                    \
	(w[(t)&15] = rotate(                                                                       \
		 w[((t) + 13) & 15] ^ w[((t) + 8) & 15] ^ w[((t) + 2) & 15] ^ w[(t)&15], 1))

#define ROUND(f, k, word)                                                                          \
	do {                                                                                       \
		uint32_t next = rotate(a, 5) + (f) + e + (k) + (word);                             \
		e = d;                                                                             \
		d = c;                                                                             \
		c = rotate(b, 30);                                                                 \
		b = a;                                                                             \
		a = next;                                                                          \
	} while (0)

static void digest_block(struct sha1 *s, const unsigned char *p)
{
	uint32_t a = s->h[0], b = s->h[1], c = s->h[2], d = s->h[3], e = s->h[4];
	uint32_t w[16];

	for (int t = 0; t < 16; t++) {
		w[t] = load(p + (size_t)4 * (size_t)t);
		ROUND(d ^ (b & (c ^ d)), UINT32_C(0x5a827999), w[t]);
	}
	for (int t = 16; t < 20; t++)
		ROUND(d ^ (b & (c ^ d)), UINT32_C(0x5a827999), WORD(t));
	for (int t = 20; t < 40; t++)
		ROUND(b ^ c ^ d, UINT32_C(0x6ed9eba1), WORD(t));
	for (int t = 40; t < 60; t++)
		ROUND((b & c) | (d & (b | c)), UINT32_C(0x8f1bbcdc), WORD(t));
	for (int t = 60; t < 80; t++)
		ROUND(b ^ c ^ d, UINT32_C(0xca62c1d6), WORD(t));
	s->h[0] += a;
	s->h[1] += b;
	s->h[2] += c;
	s->h[3] += d;
	s->h[4] += e;
}

void sha1_begin(struct sha1 *s)
{
	*s = (struct sha1){.h = {UINT32_C(0x67452301), UINT32_C(0xefcdab89), UINT32_C(0x98badcfe),
				   UINT32_C(0x10325476), UINT32_C(0xc3d2e1f0)}};
}

void sha1_add(struct sha1 *s, struct str bytes)
{
	size_t have = s->length % 64;
	const unsigned char *p = (const unsigned char *)bytes.p;
	size_t n = bytes.n;

	if (n == 0)
		return;
	s->length += n;
	if (have) {
		size_t part = n < 64 - have ? n : 64 - have;

		memcpy(s->block + have, p, part);
		if (have + part < 64)
			return;
		digest_block(s, s->block);
		p += part;
		n -= part;
	}
	for (; n >= 64; p += 64, n -= 64)
		digest_block(s, p);
	memcpy(s->block, p, n);
}

void sha1_end(struct sha1 *s, unsigned char digest[SHA1_SIZE])
{
	static const char zeros[64] = {0};
	uint64_t bits = s->length * 8;
	size_t have = s->length % 64;
	unsigned char tail[8];

	store(tail, (uint32_t)(bits >> 32));
	store(tail + 4, (uint32_t)bits);
	sha1_add(s, (struct str){"\x80", 1});
	sha1_add(s, (struct str){zeros, have < 56 ? 55 - have : 119 - have});
	sha1_add(s, (struct str){(const char *)tail, 8});
	for (int i = 0; i < 5; i++)
		store(digest + (size_t)4 * (size_t)i, s->h[i]);
}
