#include "doc/case_code.h"

#include <stdint.h>

#include "base/sha.h"

static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ", digits[] = "23456789";

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static int hex(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

char *case_code(const char *id, char code[CASE_CODE])
{
	char sha[SHA_HEX];

	sha_hex(str_of(id), sha);
	for (size_t i = 0; i + 1 < CASE_CODE; i++) {
		int n = hex(sha[2 * i]) * 16 + hex(sha[2 * i + 1]);

		code[i] = i % 2 ? digits[n % 8] : letters[n % 24];
	}
	code[CASE_CODE - 1] = '\0';
	return code;
}

size_t case_code_apart(const char *code, const char *other)
{
	size_t n = 0;

	while (code[n] && code[n] == other[n])
		n++;
	n = (n + 1) | 1; /* it ends with a letter */
	if (n < CASE_CODE_LEAST)
		return CASE_CODE_LEAST;
	return n < CASE_CODE ? n : CASE_CODE - 1;
}

bool case_code_is(struct str text)
{
	if (text.n < CASE_CODE_LEAST || text.n >= CASE_CODE || text.n % 2 == 0)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = upper(text.p[i]);

		if (!strchr(i % 2 ? digits : letters, c) || !c)
			return false;
	}
	return true;
}

bool case_code_means(struct str text, const char *code)
{
	for (size_t i = 0; i < text.n; i++)
		if (upper(text.p[i]) != code[i]) /* the code's end differs, too */
			return false;
	return text.n >= CASE_CODE_LEAST;
}
