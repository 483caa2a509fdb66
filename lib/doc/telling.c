#include "doc/telling.h"

#include <ctype.h>
#include <strings.h>

#define NAME_MOST 64

bool telling_is_placeholder(struct str v)
{
	static const char *const words[] = {"true", "false", "null", "none", "redacted",
		"[redacted]", "changed", "missing", "required", "unset", "empty", "hidden", NULL};
	bool same = true;

	if (v.n == 0 || memchr("$%{<*/", v.p[0], 6))
		return true;
	for (size_t i = 1; i < v.n && same; i++)
		same = v.p[i] == v.p[0];
	for (size_t i = 0; words[i]; i++)
		if (v.n == strlen(words[i]) && strncasecmp(v.p, words[i], v.n) == 0)
			return true;
	return same || str_starts(v, "sha256:") || str_starts(v, "sha512:") ||
	       str_starts(v, "ENC[");
}

bool telling_has_both(struct str v)
{
	bool letter = false, digit = false;

	for (size_t i = 0; i < v.n && !(letter && digit); i++) {
		letter = letter || isalpha((unsigned char)v.p[i]);
		digit = digit || isdigit((unsigned char)v.p[i]);
	}
	return letter && digit;
}

/* The name of a thing, as Kubernetes and DNS have them ("ingress-tls-2026"), or a UUID. */
static bool is_thing(struct str v)
{
	size_t piece = 0, pieces = 1;

	for (size_t i = 0; i < v.n; i++) {
		unsigned char c = (unsigned char)v.p[i];

		if (c == '-' || c == '.') {
			piece = 0;
			pieces++;
		} else if (!(islower(c) || isdigit(c)) || ++piece > 15) {
			return false;
		}
	}
	return pieces > 1;
}

static bool ends_in(const char *flat, size_t n, const char *const *endings)
{
	for (; *endings; endings++) {
		size_t length = strlen(*endings);

		if (n >= length && memcmp(flat + n - length, *endings, length) == 0)
			return true;
	}
	return false;
}

enum telling telling_of(const struct telling_names *names, struct str name)
{
	char flat[NAME_MOST];
	size_t n = 0;

	if (name.n > NAME_MOST)
		name = (struct str){name.p + name.n - NAME_MOST, NAME_MOST};
	for (size_t i = 0; i < name.n; i++)
		if (isalnum((unsigned char)name.p[i]))
			flat[n++] = (char)tolower((unsigned char)name.p[i]);
	return ends_in(flat, n, names->passwords) ? TELLS_PASSWORD
	       : ends_in(flat, n, names->tokens)  ? TELLS_TOKEN
						  : TELLS_NOTHING;
}

const char *telling_judge(enum telling t, struct str value, bool prose, bool both)
{
	if (t == TELLS_NOTHING || telling_is_placeholder(value))
		return NULL;
	if (t == TELLS_PASSWORD && (prose ? value.n >= 6 && both : value.n >= 4))
		return "a password";
	if (t == TELLS_TOKEN && value.n >= 12 && both && !is_thing(value))
		return "a token or key";
	return NULL;
}
