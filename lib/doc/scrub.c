#include "doc/scrub.h"

#include <ctype.h>
#include <strings.h>

#include "doc/scrub_form.h"
#include "doc/telling.h"

#define NAME_MOST  64

const char *const scrub_kind_names[] = {"SECRET", "IP", "MAC", "EMAIL", "PHONE", "CARD", "IBAN",
	"HOST", "PERSON", "USER", "LITERAL", NULL};

static bool in(const struct scrub_scan *s, enum scrub_class class, size_t at)
{
	return at < s->text.n &&
	       (s->rules->classes[(unsigned char)s->text.p[at]] >> class & 1);
}

/* How many bytes of the class follow; see the header on the cost of it. */
static size_t run(struct scrub_scan *s, enum scrub_class class, size_t at)
{
	size_t from = s->run[class].from, to = s->run[class].to, n = at;

	if (at >= from && at < to)
		return to - at;
	while (in(s, class, n)) {
		if (n == from && from < to) {
			n = to;
			break;
		}
		n++;
	}
	if (n > at) {
		s->run[class].from = at;
		s->run[class].to = n;
	}
	return n - at;
}

static bool begins(const struct scrub_scan *s, size_t at, const char *text, size_t n)
{
	return s->text.n - at >= n && memcmp(s->text.p + at, text, n) == 0;
}

static bool begins_any_case(const struct scrub_scan *s, size_t at, const char *text, size_t n)
{
	return s->text.n - at >= n && strncasecmp(s->text.p + at, text, n) == 0;
}

static bool found(struct scrub_span *span, size_t at, size_t n, enum scrub_kind kind, const char *what)
{
	if (n)
		*span = (struct scrub_span){.at = at, .n = n, .kind = kind, .what = what};
	return n > 0;
}

/* ---- a name beside a value ---- */

static struct telling_names names_of(const struct scrub_rules *r)
{
	static const char *const none[] = {NULL};

	return (struct telling_names){
		r->passwords.count ? (const char *const *)r->passwords.items : none,
		r->tokens.count ? (const char *const *)r->tokens.items : none};
}

const char *scrub_pair(const struct scrub_rules *rules, struct str name, struct str value)
{
	struct telling_names names = names_of(rules);
	enum telling telling = telling_of(&names, name);

	if (telling != TELLS_PASSWORD && memchr(value.p ? value.p : "", ' ', value.n)) /* about it */
		return NULL;
	return telling_judge(telling, value, false, telling_has_both(value));
}

/* The name that ends before `at`, over a blank and quotes. */
static struct str name_before(const struct scrub_scan *s, size_t at)
{
	size_t end = at, start;

	while (end && at - end < 3 && memchr(" \"'", s->text.p[end - 1], 3))
		end--;
	for (start = end; start && end - start < NAME_MOST && in(s, SCRUB_NAME, start - 1);)
		start--;
	return (struct str){s->text.p + start, end - start};
}

static bool is_header(const struct scrub_rules *r, struct str name)
{
	for (size_t i = 0; i < r->headers.count; i++)
		if (strlen(r->headers.items[i]) == name.n &&
			strncasecmp(r->headers.items[i], name.p, name.n) == 0)
			return true;
	return false;
}

/* "Authorization: Bearer ...": what stands behind the scheme, to the end of the line or quote. */
static bool header(struct scrub_scan *s, size_t at, struct scrub_span *span)
{
	static const char *const schemes[] = {"Bearer ", "Basic ", "Token ", "Digest ", NULL};
	size_t end;

	while (at < s->text.n && memchr(" \t\"'\\", s->text.p[at], 5))
		at++;
	for (size_t i = 0; schemes[i]; i++)
		if (begins_any_case(s, at, schemes[i], strlen(schemes[i])))
			at += strlen(schemes[i]);
	if (at < s->text.n && memchr("$%{<*", s->text.p[at], 5))
		return false; /* filled in elsewhere */
	end = at + run(s, SCRUB_LINE, at);
	for (size_t i = at; i < end; i++)
		if (memchr("\"'\\", s->text.p[i], 3))
			end = i;
	if (telling_is_placeholder((struct str){s->text.p + at, end - at}))
		return false;
	return found(span, at, end - at, SCRUB_SECRET, "a header that lets in");
}

/* telling_has_both, where it was measured already: pairs may stand in each other's values. */
static bool has_both(struct scrub_scan *s, size_t at, size_t n)
{
	return run(s, SCRUB_NO_DIGIT, at) < n && run(s, SCRUB_NO_LETTER, at) < n;
}

/* At '=' or ':': is what comes before a secret's name, and what comes behind its value? */
static bool pair(struct scrub_scan *s, struct scrub_span *span)
{
	struct str name = name_before(s, s->at), value;
	size_t behind = s->at + 1;
	bool prose = s->text.p[s->at] == ':';
	struct telling_names names = names_of(s->rules);
	enum telling telling;
	const char *what;
	char quote = 0;

	if (!name.n)
		return false;
	if (prose && is_header(s->rules, name))
		return header(s, behind, span);
	telling = telling_of(&names, name);
	if (telling == TELLS_NOTHING)
		return false;
	if (behind < s->text.n && memchr("=>", s->text.p[behind], 2)) /* := == => */
		behind++;
	while (behind < s->text.n && behind - s->at < 8 && memchr(" \t\"'`\\", s->text.p[behind], 6)) {
		if (strchr("\"'`", s->text.p[behind]))
			quote = s->text.p[behind];
		behind++;
	}
	value = (struct str){s->text.p + behind, run(s, SCRUB_VALUE, behind)};
	if (quote && telling == TELLS_PASSWORD && value.n) { /* it may hold blanks, until its quote */
		size_t most = s->text.n - behind < 256 ? s->text.n - behind : 256;
		const char *end = memchr(value.p, quote, most);

		if (end && !memchr(value.p, '\n', (size_t)(end - value.p)))
			value.n = (size_t)(end - value.p);
	}
	if (value.n && value.p[value.n - 1] == '\\')
		value.n--; /* of an escaped quote */
	what = telling_judge(telling, value, prose && !quote, has_both(s, behind, value.n));
	return what && found(span, behind, value.n, SCRUB_SECRET, what);
}

/* ---- what stands in a place for a secret ---- */

/* Whether there is anything to find in a part that would be passed over. */
static bool hides_something(const struct scrub_scan *s, struct str part)
{
	struct scrub_scan inner = scrub_open(s->rules, part, s->kinds);
	struct scrub_span span;

	return scrub_next(&inner, &span);
}

/* "://user:password@host", at the colon. A user that is a secret itself goes with it. */
static bool url_password(struct scrub_scan *s, struct scrub_span *span)
{
	size_t start = s->at + 3, end, last = 0, colon = 0;

	if (!begins(s, s->at, "://", 3))
		return false;
	for (end = start; end < s->text.n && end - start < 1024 &&
			  !memchr("/?# \t\r\n\"'", s->text.p[end], 9);
		end++) {
		if (begins(s, end, "://", 3))
			return false; /* that one is looked at in its turn */
		if (s->text.p[end] == '@')
			last = end;
		if (s->text.p[end] == ':' && !colon)
			colon = end;
	}
	if (!last || !colon || last <= colon + 1 ||
		telling_is_placeholder((struct str){s->text.p + colon + 1, last - colon - 1}))
		return false;
	if (hides_something(s, (struct str){s->text.p + start, colon - start}))
		return found(span, start, last - start, SCRUB_SECRET, "a password in a URL");
	return found(span, colon + 1, last - colon - 1, SCRUB_SECRET, "a password in a URL");
}

/* From BEGIN to the end of END, or of the text: a log may be cut off. */
static bool private_key(struct scrub_scan *s, struct scrub_span *span)
{
	static const char end_mark[] = "-----END ";
	size_t line = 0, end;
	bool is_private = false;

	if (!begins(s, s->at, "-----BEGIN ", 11))
		return false;
	for (line = s->at + 11; line < s->text.n && line - s->at < FORM_MOST; line++) {
		if (begins(s, line, "PRIVATE KEY", 11))
			is_private = true;
		if (s->text.p[line] == '\n' || begins(s, line, "-----", 5))
			break;
	}
	if (!is_private)
		return false;
	for (end = line; end < s->text.n; end++)
		if (s->text.p[end] == '-' && begins(s, end, end_mark, 9))
			break;
	for (size_t i = end + 9; end < s->text.n && i < s->text.n && i - end < FORM_MOST; i++)
		if (begins(s, i, "-----", 5))
			return found(span, s->at, i + 5 - s->at, SCRUB_SECRET, "a private key");
	return found(span, s->at, s->text.n - s->at, SCRUB_SECRET, "a private key");
}

/* Header and claims of a JSON web token, each base64 of an object, so each starts with "ey". */
static size_t web_token(struct scrub_scan *s)
{
	size_t first = run(s, SCRUB_NAME, s->at), second, third;

	if (first < 17 || !begins(s, s->at + first, ".ey", 3))
		return 0;
	second = run(s, SCRUB_NAME, s->at + first + 1);
	if (second < 17)
		return 0;
	third = s->at + first + 1 + second;
	if (third < s->text.n && s->text.p[third] == '.')
		third += 1 + run(s, SCRUB_NAME, third + 1);
	return third - s->at;
}

/* A Telegram bot's: digits, ":A", 34 more. */
static size_t bot_token(struct scrub_scan *s)
{
	size_t digits = run(s, SCRUB_DIGIT, s->at);

	if (digits < 5 || digits > 16 || !begins(s, s->at + digits, ":A", 2) ||
		run(s, SCRUB_NAME, s->at + digits + 2) != 34)
		return 0;
	return digits + 36;
}

static bool shape(struct scrub_scan *s, struct scrub_span *span)
{
	unsigned char c = (unsigned char)s->text.p[s->at];

	for (size_t i = s->rules->first[c]; i < s->rules->first[c + 1]; i++) {
		const struct scrub_shape *shape = &s->rules->shapes[i];
		size_t n;

		if (!begins(s, s->at, shape->begins, shape->length))
			continue;
		n = run(s, shape->of, s->at + shape->length);
		if (n == shape->least || (n > shape->least && !shape->exact))
			return found(span, s->at, shape->length + n, SCRUB_SECRET, shape->what);
	}
	if (c == 'e' && found(span, s->at, web_token(s), SCRUB_SECRET, "a JSON web token"))
		return true;
	return isdigit(c) && found(span, s->at, bot_token(s), SCRUB_SECRET, "a Telegram bot token");
}

/* ---- persons and machines ---- */

static bool wants(const struct scrub_scan *s, enum scrub_kind kind)
{
	return s->kinds >> kind & 1;
}

/* At the first byte of a local part. */
static size_t email(struct scrub_scan *s, size_t at)
{
	static const char *const units[] = {".service", ".socket", ".timer", ".target", ".mount",
		".path", ".slice", ".scope", ".device", NULL};
	size_t local = run(s, SCRUB_LOCAL, at), host, n, last;

	if (at + local >= s->text.n || s->text.p[at + local] != '@' || local > 64)
		return 0;
	host = at + local + 1;
	n = run(s, SCRUB_DOMAIN, host);
	while (n && memchr(".-", s->text.p[host + n - 1], 2))
		n--;
	for (last = n < 256 ? n : 0; last && isalpha((unsigned char)s->text.p[host + last - 1]);)
		last--;
	if (last < 2 || n - last < 2 || s->text.p[host + last - 1] != '.')
		return 0;
	for (size_t i = 0; units[i]; i++)
		if (str_ends((struct str){s->text.p + host, n}, units[i]))
			return 0;
	if (local == 3 && begins(s, at, "git", 3) && host + n < s->text.n && s->text.p[host + n] == ':')
		return 0; /* git@host:path is a place */
	return local + 1 + n;
}

/* At the first byte of a run of letters, digits, dots and hyphens: a name in one of the domains. */
static size_t host_in_domain(struct scrub_scan *s)
{
	size_t n = run(s, SCRUB_DOMAIN, s->at);
	struct str name = {s->text.p + s->at, n};

	if (n < 4 || n > 255 || !memchr(name.p, '.', n))
		return 0;
	while (name.n && name.p[name.n - 1] == '.')
		name.n--;
	for (size_t i = 0; i < s->rules->domains.count; i++) {
		const char *domain = s->rules->domains.items[i];
		size_t length = strlen(domain);

		if (name.n >= length && strncasecmp(name.p + name.n - length, domain, length) == 0 &&
			(name.n == length || name.p[name.n - length - 1] == '.'))
			return name.n;
	}
	return 0;
}

static bool after_version(const struct scrub_scan *s)
{
	return s->at >= 8 && begins_any_case(s, s->at - 8, "version ", 8);
}

/* What begins where no letter or digit stands before. */
static bool at_word(struct scrub_scan *s, struct scrub_span *span)
{
	unsigned char c = (unsigned char)s->text.p[s->at];
	unsigned char before = s->at ? (unsigned char)s->text.p[s->at - 1] : ' ';
	const struct scrub_word *word;

	if (shape(s, span))
		return true;
	if (isxdigit(c) && before != ':' && before != '.' && before != '-') {
		if (wants(s, SCRUB_MAC) && found(span, s->at, form_mac(s->text, s->at), SCRUB_MAC,
						   "a MAC address"))
			return true;
		if (wants(s, SCRUB_IP) &&
			found(span, s->at, form_ipv6(s->text, s->at), SCRUB_IP, "an address"))
			return true;
	}
	if (isdigit(c) && before != '.' && !after_version(s) && wants(s, SCRUB_IP) &&
		found(span, s->at, form_ipv4(s->text, s->at), SCRUB_IP, "an address"))
		return true;
	if (isdigit(c) && before != '.' && before != '-' && wants(s, SCRUB_CARD) &&
		found(span, s->at, form_card(s->text, s->at), SCRUB_CARD, "a card number"))
		return true;
	if (isupper(c) && wants(s, SCRUB_IBAN) &&
		found(span, s->at, form_iban(s->text, s->at), SCRUB_IBAN, "an account number"))
		return true;
	if (wants(s, SCRUB_EMAIL) && !memchr("._%+-", before, 5) &&
		found(span, s->at, email(s, s->at), SCRUB_EMAIL, "an e-mail address"))
		return true;
	if (wants(s, SCRUB_HOST) && before != '.' && before != '-' &&
		found(span, s->at, host_in_domain(s), SCRUB_HOST, "a host"))
		return true;
	word = before < 0x80 ? scrub_rules_find(s->rules,
				       (struct str){s->text.p + s->at, s->text.n - s->at})
			     : NULL;
	return word && wants(s, (enum scrub_kind)word->kind) &&
	       found(span, s->at, word->length, (enum scrub_kind)word->kind, "a name");
}

/* The user in /home/NAME and /Users/NAME. */
static bool home(struct scrub_scan *s, struct scrub_span *span)
{
	size_t n = begins(s, s->at, "/home/", 6) ? 6 : begins(s, s->at, "/Users/", 7) ? 7 : 0;

	return n && found(span, s->at + n, run(s, SCRUB_NAME, s->at + n), SCRUB_USER, "a user's name");
}

/* "<IP_1>": what looks like a placeholder has to come back, too. */
static size_t literal(const struct scrub_scan *s)
{
	size_t n = s->at + 1, digits;

	while (n < s->text.n && n - s->at < 10 && isupper((unsigned char)s->text.p[n]))
		n++;
	if (n == s->at + 1 || n >= s->text.n || s->text.p[n] != '_')
		return 0;
	for (digits = ++n; n < s->text.n && n - digits < 10 && isdigit((unsigned char)s->text.p[n]);)
		n++;
	return n > digits && n < s->text.n && s->text.p[n] == '>' ? n + 1 - s->at : 0;
}

static bool at_mark(struct scrub_scan *s, struct scrub_span *span)
{
	switch (s->text.p[s->at]) {
	case '=':
		return pair(s, span);
	case ':':
		return url_password(s, span) || pair(s, span) ||
		       (wants(s, SCRUB_IP) && begins(s, s->at, "::", 2) &&
			       (!s->at || !in(s, SCRUB_ADDRESS, s->at - 1)) &&
			       found(span, s->at, form_ipv6(s->text, s->at), SCRUB_IP, "an address"));
	case '-':
		return private_key(s, span);
	case '<':
		return found(span, s->at, literal(s), SCRUB_LITERAL, "a placeholder");
	case '/':
		return wants(s, SCRUB_USER) && home(s, span);
	case '+':
		return wants(s, SCRUB_PHONE) && (!s->at || !in(s, SCRUB_ALNUM, s->at - 1)) &&
		       found(span, s->at, form_phone(s->text, s->at), SCRUB_PHONE, "a phone number");
	}
	return false;
}

struct scrub_scan scrub_open(const struct scrub_rules *rules, struct str text, unsigned kinds)
{
	return (struct scrub_scan){.rules = rules, .text = text,
		.kinds = kinds | 1u << SCRUB_LITERAL};
}

bool scrub_next(struct scrub_scan *s, struct scrub_span *span)
{
	bool inside = s->at && in(s, SCRUB_WORD, s->at - 1); /* of a word */

	while (s->at < s->text.n) {
		uint32_t classes = s->rules->classes[(unsigned char)s->text.p[s->at]];
		bool is_text = classes >> SCRUB_TEXT & 1;
		bool is = is_text ? !inside && at_word(s, span) : at_mark(s, span);

		if (is && !scrub_rules_allows(s->rules, (struct str){s->text.p + span->at, span->n})) {
			s->at = span->at + span->n;
			return true;
		}
		inside = is_text || s->text.p[s->at] == '_';
		s->at++;
	}
	return false;
}
