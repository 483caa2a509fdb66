#include "doc/scrub_rules.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"

#define LEAST_WORD  3
#define LEAST_MOST  400 /* a shape that asks for more bytes finds nothing */
#define BEGINS_MOST 40

static const char *const class_names[] = {"alnum", "word", "name", "dotted", "base32", "base64",
	"hex", "lower", "path", NULL};

static bool is_any(unsigned char c, const char *more)
{
	return c && strchr(more, c);
}

bool scrub_in(enum scrub_class class, unsigned char c)
{
	bool alnum = c < 0x80 && isalnum(c);

	switch (class) {
	case SCRUB_ALNUM:
		return alnum;
	case SCRUB_WORD:
		return alnum || c == '_';
	case SCRUB_NAME:
		return alnum || is_any(c, "_-");
	case SCRUB_DOTTED:
		return alnum || is_any(c, "_-.=");
	case SCRUB_BASE32:
		return c < 0x80 && (isupper(c) || is_any(c, "234567"));
	case SCRUB_BASE64:
		return alnum || is_any(c, "+/=");
	case SCRUB_HEX:
		return c < 0x80 && isxdigit(c);
	case SCRUB_LOWER:
		return c < 0x80 && (islower(c) || isdigit(c));
	case SCRUB_PATH:
		return alnum || is_any(c, "+/");
	case SCRUB_DIGIT:
		return c < 0x80 && isdigit(c);
	case SCRUB_LOCAL:
		return alnum || is_any(c, "._%+-");
	case SCRUB_DOMAIN:
		return alnum || is_any(c, ".-");
	case SCRUB_ADDRESS:
		return c < 0x80 && (isxdigit(c) || is_any(c, ":."));
	case SCRUB_VALUE:
		return c > ' ' && !is_any(c, "\"'`,;&|<>()");
	case SCRUB_TEXT:
		return alnum || c >= 0x80;
	case SCRUB_LINE:
		return c != '\n' && c != '\r';
	case SCRUB_NO_DIGIT:
		return !(c < 0x80 && isdigit(c));
	case SCRUB_NO_LETTER:
		return !(c < 0x80 && isalpha(c));
	case SCRUB_CLASSES:
		break;
	}
	return false;
}

static int add_shape(struct scrub_rules *r, const struct node *shape, struct err *e)
{
	static const char *const known[] = {"what", "begins", "of", "least", "exact", NULL};
	struct node begins = node_get(shape, "begins"), least_node = node_get(shape, "least");
	const char *what = node_text(shape, "what", NULL, e);
	int of = node_choice(shape, "of", class_names, -1, e);
	int64_t least = node_integer(shape, "least", 1, e);
	bool exact = node_bool(shape, "exact", false, e);

	if (e->kind || node_known(shape, known, e) || node_is_array(&begins, e))
		return -1;
	if (least < 1 || least > LEAST_MOST)
		return node_fail(&least_node, e, "must be 1 to %d", LEAST_MOST);
	if (!node_count(&begins))
		return node_fail(shape, e, "'begins' is missing: a list of texts");
	for (size_t i = 0; i < node_count(&begins); i++) {
		struct node one = node_at(&begins, i);
		const char *text = json_string_value(one.v);
		struct scrub_shape s = {.begins = text, .what = what,
			.of = (enum scrub_class)of, .least = (size_t)least, .exact = exact};

		s.length = text ? json_string_length(one.v) : 0;
		if (s.length < 2 || s.length > BEGINS_MOST || !isalnum((unsigned char)*text))
			return node_fail(&one, e, "must be a text of 2 to %d bytes that begins "
				"with a letter or digit", BEGINS_MOST);
		r->shapes = mem_room(r->shapes, r->n_shapes, &r->cap_shapes, sizeof *r->shapes);
		r->shapes[r->n_shapes++] = s;
	}
	return 0;
}

static int add_words(struct words *to, const struct node *list, struct err *e)
{
	if (node_is_array(list, e))
		return -1;
	for (size_t i = 0; i < node_count(list); i++) {
		struct node one = node_at(list, i);

		if (!json_is_string(one.v) || !json_string_length(one.v))
			return node_fail(&one, e, "must be a text");
		words_add(to, json_string_value(one.v));
	}
	return 0;
}

static int take(struct scrub_rules *r, const struct node *root, struct err *e)
{
	static const char *const known[] = {"shapes", "names", "headers", "domains", "allow", "patterns", NULL};
	static const char *const known_names[] = {"password", "token", NULL};
	struct node shapes = node_get(root, "shapes"), names = node_get(root, "names"),
		    headers = node_get(root, "headers"), domains = node_get(root, "domains"),
		    allow = node_get(root, "allow"), passwords = node_get(&names, "password"),
		    tokens = node_get(&names, "token"), patterns = node_get(root, "patterns");

	if (node_is_object(root, e) || node_known(root, known, e) || node_is_array(&shapes, e) ||
		node_is_array(&patterns, e) || node_is_object(&names, e) || node_known(&names, known_names, e))
		return -1;
	for (size_t i = 0; i < node_count(&shapes); i++) {
		struct node one = node_at(&shapes, i);

		if (add_shape(r, &one, e))
			return -1;
	}
	for (size_t i = 0; i < node_count(&patterns); i++) {
		struct node one = node_at(&patterns, i);

		if (scrub_rules_pattern(r, &one, e))
			return -1;
	}
	return add_words(&r->passwords, &passwords, e) || add_words(&r->tokens, &tokens, e) ||
			       add_words(&r->headers, &headers, e) ||
			       add_words(&r->domains, &domains, e) || add_words(&r->allow, &allow, e)
		       ? -1
		       : 0;
}

int scrub_rules_take(struct scrub_rules *r, json_t *tree, const struct source *source, struct err *e)
{
	struct node root = node_root(tree, source);

	r->trees = mem_grow(r->trees, r->n_trees + 1, sizeof *r->trees);
	r->trees[r->n_trees++] = tree; /* the shapes' texts live in it */
	return take(r, &root, e);
}

/* ---- words that the operator keeps ---- */

static size_t first_word(struct str s)
{
	size_t n = 0;

	while (n < s.n && scrub_in(SCRUB_TEXT, (unsigned char)s.p[n]))
		n++;
	return n;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static uint64_t hash_of(struct str word)
{
	uint64_t h = HASH_START;

	for (size_t i = 0; i < word.n; i++)
		h = hash_add_byte(h, (unsigned char)lower(word.p[i]));
	return h;
}

static char *lowered(const char *text)
{
	char *copy = mem_text(text);

	for (char *p = copy; *p; p++)
		*p = lower(*p);
	return copy;
}

void scrub_rules_word(struct scrub_rules *r, int kind, const char *text)
{
	struct str trimmed = str_trim(str_of(text));
	char *copy = mem_copy(trimmed.p ? trimmed.p : "", trimmed.n);
	uint64_t hash;

	if (trimmed.n < LEAST_WORD || !first_word(str_of(copy))) {
		free(copy);
		return;
	}
	r->words = mem_room(r->words, r->n_words, &r->cap_words, sizeof *r->words);
	r->words[r->n_words] = (struct scrub_word){
		.text = lowered(copy), .length = trimmed.n, .kind = kind};
	hash = hash_of((struct str){copy, first_word(str_of(copy))});
	r->words[r->n_words].next = table_get(&r->by_first, hash);
	table_put(&r->by_first, hash, (uint32_t)r->n_words++);
	free(copy);
}

const struct scrub_word *scrub_rules_find(const struct scrub_rules *r, struct str text)
{
	const struct scrub_word *best = NULL;
	size_t n = r->n_words ? first_word(text) : 0;
	uint32_t at = n && n < 256 ? table_get(&r->by_first, hash_of((struct str){text.p, n}))
				   : TABLE_NONE;

	for (; at != TABLE_NONE; at = r->words[at].next) {
		const struct scrub_word *w = &r->words[at];
		size_t i = 0;

		while (i < w->length && i < text.n && lower(text.p[i]) == w->text[i])
			i++;
		if (i == w->length && (i == text.n || !scrub_in(SCRUB_TEXT, (unsigned char)text.p[i])) &&
			(!best || w->length > best->length))
			best = w;
	}
	return best;
}

void scrub_rules_domain(struct scrub_rules *r, const char *domain)
{
	char *copy = lowered(domain + (*domain == '.'));

	if (*copy)
		words_add(&r->domains, copy);
	free(copy);
}

void scrub_rules_allow(struct scrub_rules *r, const char *text)
{
	words_add(&r->allow, text);
}

bool scrub_rules_allows(const struct scrub_rules *r, struct str text)
{
	for (size_t i = 0; i < r->allow.count; i++)
		if (strlen(r->allow.items[i]) == text.n &&
			strncasecmp(r->allow.items[i], text.p, text.n) == 0)
			return true;
	return false;
}

int scrub_rules_pattern(struct scrub_rules *r, const struct node *n, struct err *e)
{
	struct scrub_pattern p;

	if (scrub_pattern_load(&p, n, e))
		return -1;
	r->patterns = mem_grow(r->patterns, r->n_patterns + 1, sizeof *r->patterns);
	r->patterns[r->n_patterns++] = p;
	return 0;
}

static int by_begin(const void *a, const void *b)
{
	const struct scrub_shape *x = a, *y = b;
	int d = (unsigned char)*x->begins - (unsigned char)*y->begins;

	return d ? d : x->length < y->length ? 1 : x->length > y->length ? -1 : 0;
}

void scrub_rules_ready(struct scrub_rules *r)
{
	size_t at = 0;

	if (r->n_shapes)
		qsort(r->shapes, r->n_shapes, sizeof *r->shapes, by_begin);
	for (size_t b = 0; b <= 256; b++) {
		while (at < r->n_shapes && (unsigned char)*r->shapes[at].begins < b)
			at++;
		r->first[b] = at;
	}
	for (int b = 0; b < 256; b++)
		for (int c = 0; c < SCRUB_CLASSES; c++)
			if (scrub_in((enum scrub_class)c, (unsigned char)b))
				r->classes[b] |= UINT32_C(1) << c;
}

void scrub_rules_clear(struct scrub_rules *r)
{
	for (size_t i = 0; i < r->n_words; i++)
		free(r->words[i].text);
	for (size_t i = 0; i < r->n_trees; i++)
		json_decref(r->trees[i]);
	for (size_t i = 0; i < r->n_patterns; i++)
		scrub_pattern_clear(&r->patterns[i]);
	free(r->patterns);
	free(r->words);
	free(r->trees);
	free(r->shapes);
	table_clear(&r->by_first);
	words_clear(&r->passwords);
	words_clear(&r->tokens);
	words_clear(&r->headers);
	words_clear(&r->domains);
	words_clear(&r->allow);
	*r = (struct scrub_rules){.shapes = NULL};
}
