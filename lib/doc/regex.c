#include "doc/regex.h"

#include <stdlib.h>

#include "base/mem.h"
#include "doc/literals.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define PATTERN_MAX 4096
#define STEPS_MAX   100000 /* of matching: a few milliseconds */
#define HEAP_MAX    1024   /* KiB */
#define JIT_AFTER   100    /* uses: compiling costs more than that many matches are worth */

struct regex {
	char *pattern;
	uint32_t options; /* PCRE2's, of its own */
	bool wrong;
	char **texts; /* what matches starts with, or is (exact): most texts are refused by these
			 alone */
	size_t n_texts;
	bool exact;
	unsigned uses;
	pcre2_code *code;
	pcre2_match_data
		*data; /* kept only once there is machine code: the interpreter's holds 20 KiB */
	pcre2_match_context *limits;
};

static pcre2_code *compile(const struct regex *r, int *code, size_t *at)
{
	uint32_t options =
		r->options | PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	pcre2_code *compiled = NULL;

	*code = PCRE2_ERROR_NOMEMORY;
	*at = 0;
	if (context) {
		pcre2_set_max_pattern_length(context, PATTERN_MAX);
		compiled = pcre2_compile(
			(PCRE2_SPTR)r->pattern, PCRE2_ZERO_TERMINATED, options, code, at, context);
	}
	pcre2_compile_context_free(context);
	return compiled;
}

static int report(const char *pattern, int code, size_t at, struct err *e)
{
	PCRE2_UCHAR why[256];

	pcre2_get_error_message(code, why, sizeof why);
	return err_set(e, ERR_CONFIG, "regular expression '%.200s' is wrong at character %zu: %s",
		pattern, at + 1, (const char *)why);
}

/* In one block, since they are read together and often. */
static void keep_literals(struct regex *r)
{
	char *texts[LITERALS_MAX], *to;
	size_t n = literals_read(r->pattern, texts, &r->exact), bytes = 0;

	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		bytes += strlen(texts[i]) + 1;
	r->texts = mem_new(n * sizeof *r->texts + bytes);
	to = (char *)(r->texts + n);
	for (size_t i = 0; i < n; i++) {
		size_t size = strlen(texts[i]) + 1;

		r->texts[i] = memcpy(to, texts[i], size);
		to += size;
		free(texts[i]);
	}
	r->n_texts = n;
}

static struct regex *make(const char *pattern, uint32_t options)
{
	struct regex *r = mem_new(sizeof *r);

	r->pattern = mem_text(pattern);
	r->options = options;
	return r;
}

struct regex *regex_lazy(const char *pattern, bool whole)
{
	struct regex *r = make(pattern, whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0);

	if (whole)
		keep_literals(r);
	return r;
}

/* Frees what does not compile. */
static struct regex *compiled(struct regex *r, struct err *e)
{
	size_t at;
	int code;

	r->code = compile(r, &code, &at);
	if (r->code)
		return r;
	report(r->pattern, code, at, e);
	regex_free(r);
	return NULL;
}

struct regex *regex_new(const char *pattern, bool whole, struct err *e)
{
	return compiled(regex_lazy(pattern, whole), e);
}

struct regex *regex_seek_new(const char *pattern, bool any_case, struct err *e)
{
	return compiled(
		make(pattern, PCRE2_MATCH_INVALID_UTF | (any_case ? PCRE2_CASELESS : 0)), e);
}

void regex_free(struct regex *r)
{
	if (!r)
		return;
	free(r->texts);
	pcre2_match_data_free(r->data);
	pcre2_match_context_free(r->limits);
	pcre2_code_free(r->code);
	free(r->pattern);
	free(r);
}

/* On first use: the code of a lazy one, and the limits. */
static bool ready(struct regex *r)
{
	size_t at;
	int code;

	if (r->limits)
		return true;
	if (r->wrong)
		return false;
	if (!r->code)
		r->code = compile(r, &code, &at);
	if (r->code)
		r->limits = pcre2_match_context_create(NULL);
	if (!r->limits) {
		r->wrong = true;
		return false;
	}
	pcre2_set_match_limit(r->limits, STEPS_MAX);
	pcre2_set_heap_limit(r->limits, HEAP_MAX);
	return true;
}

/*
 * Where machine code is forbidden (a hardened unit) the interpreter stays. $HL_NO_JIT asks for that
 * too: valgrind takes the wide loads of machine code for errors.
 */
static void hasten(struct regex *r)
{
	if (getenv("HL_NO_JIT"))
		return;
	if (pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE) == 0)
		r->data = pcre2_match_data_create(1, NULL);
}

static bool starts(const struct regex *r, struct str text)
{
	for (size_t i = 0; i < r->n_texts; i++)
		if (r->exact ? str_is(text, r->texts[i]) : str_starts(text, r->texts[i]))
			return true;
	return false;
}

/* Where the match is goes to `found`, unless that is NULL. */
static int run(struct regex *r, struct str text, size_t from, struct str *found)
{
	PCRE2_SPTR subject = (PCRE2_SPTR)(text.p ? text.p : "");
	pcre2_match_data *data;
	int rc;

	if (r->uses < JIT_AFTER && ++r->uses == JIT_AFTER)
		hasten(r);
	data = r->data ? r->data : pcre2_match_data_create(1, NULL);
	if (!data)
		return -1;
	rc = pcre2_match(r->code, subject, text.n, from, 0, data, r->limits);
	if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
		rc = pcre2_match(r->code, subject, text.n, from, PCRE2_NO_JIT, data, r->limits);
	if (rc > 0 && found) {
		const size_t *ends = pcre2_get_ovector_pointer(data);

		*found = (struct str){text.p + ends[0], ends[1] > ends[0] ? ends[1] - ends[0] : 0};
	}
	if (data != r->data)
		pcre2_match_data_free(data);
	if (rc == PCRE2_ERROR_NOMATCH)
		return 0;
	return rc >= 0 ? 1 : -1;
}

int regex_try(struct regex *r, struct str text)
{
	if (r->n_texts) {
		bool maybe = starts(r, text);

		if (!maybe || r->exact)
			return maybe;
	}
	return ready(r) ? run(r, text, 0, NULL) : -1;
}

int regex_find(struct regex *r, struct str text, size_t from, size_t *at, size_t *n)
{
	struct str found = STR_NONE;
	int rc = ready(r) ? run(r, text, from, &found) : -1;

	if (rc == 1) {
		*at = (size_t)(found.p - text.p);
		*n = found.n;
	}
	return rc;
}

bool regex_match(struct regex *r, struct str text)
{
	return regex_try(r, text) == 1;
}

size_t regex_texts(const struct regex *r, char *const **texts, bool *exact)
{
	*texts = r->texts;
	*exact = r->exact;
	return r->n_texts;
}

void regex_quote(struct buf *into, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < 0x80 && c > ' ' && strchr("\\^$.|?*+()[]{}-/#&~", c))
			buf_putc(into, '\\');
		buf_putc(into, (char)c);
	}
}
