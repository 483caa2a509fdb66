#include "doc/answer.h"

#include "base/utf8.h"
#include "base/when.h"

const char *const answer_words[] = {"approve", "yes", "no", "snooze", "ignore", "reject", "custom",
	"investigate", "quit", "details", "help", "done", "failed", NULL};

#define WORD_MAX 32

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Takes the first word off, in lower case; cut when it is too long to be one of ours. */
static void take_word(struct str *rest, char word[WORD_MAX])
{
	size_t n = 0, kept = 0;

	while (n < rest->n && !strchr(" \t:,", rest->p[n])) {
		if (kept < WORD_MAX - 1)
			word[kept++] = lower(rest->p[n]);
		n++;
	}
	word[kept] = '\0';
	*rest = str_trim((struct str){rest->p + n, rest->n - n});
}

static int number(struct str s, int64_t *n)
{
	*n = 0;
	if (!s.n || s.n > 4)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return -1;
		*n = *n * 10 + (s.p[i] - '0');
	}
	return *n > 0 ? 0 : -1;
}

static int word_of(const char *word)
{
	static const struct {
		const char *brief;
		enum answer_word word;
	} briefs[] = {{"y", ANSWER_YES}, {"n", ANSWER_NO}, {"q", ANSWER_QUIT}, {"?", ANSWER_HELP},
		{"expected", ANSWER_NO}};

	for (int i = 0; answer_words[i]; i++)
		if (strcmp(word, answer_words[i]) == 0)
			return i;
	for (size_t i = 0; i < sizeof briefs / sizeof *briefs; i++)
		if (strcmp(word, briefs[i].brief) == 0)
			return (int)briefs[i].word;
	return -1;
}

static int unknown(struct str whole, const char *word, struct err *e)
{
	const char *near = str_nearest(word, answer_words);

	if (near)
		return err_set(e, ERR_USAGE, "'%.*s': did you mean '%s'?",
			whole.n > 60 ? 60 : (int)whole.n, whole.p, near);
	return err_set(e, ERR_USAGE,
		"'%.*s' is no answer: say a number, approve, ignore, snooze 2h, "
		"details or help",
		whole.n > 60 ? 60 : (int)whole.n, whole.p);
}

static int parse_number(struct str whole, struct answer *a, struct err *e)
{
	if (number(whole, &a->solution) == 0)
		return 0;
	return err_set(e, ERR_USAGE, "'%.*s': one number, of the solution to carry out",
		whole.n > 60 ? 60 : (int)whole.n, whole.p);
}

static int parse_snooze(struct str span, struct answer *a, struct err *e)
{
	if (!span.n)
		return err_set(e, ERR_USAGE, "for how long? Such as: snooze 2h");
	if (span_parse(span, &a->span_ms) || a->span_ms < WHEN_SECOND)
		return err_set(
			e, ERR_USAGE, "'%.*s' is no time such as 30m, 2h or 1d", STR_ARG(span));
	if (a->span_ms > ANSWER_SNOOZE_MAX)
		return err_set(e, ERR_USAGE,
			"'%.*s' is more than 30d; what is always expected belongs in policy",
			STR_ARG(span));
	return 0;
}

/* What stands behind the word: nothing; or a reason behind a colon; or, for "no", "expected". */
static int parse_reason(struct str whole, struct str rest, struct answer *a, struct err *e)
{
	bool takes_text = a->word == ANSWER_NO || a->word == ANSWER_IGNORE ||
			  a->word == ANSWER_REJECT || a->word == ANSWER_CUSTOM ||
			  a->word == ANSWER_DONE || a->word == ANSWER_FAILED;

	if (rest.n && (rest.p[0] == ':' || rest.p[0] == ',')) {
		a->text = str_trim((struct str){rest.p + 1, rest.n - 1});
		rest.n = takes_text ? 0 : rest.n;
	} else if (a->word == ANSWER_NO && str_is(rest, "expected")) {
		rest.n = 0;
	}
	if (a->word == ANSWER_CUSTOM && (rest.n || !a->text.n))
		return err_set(e, ERR_USAGE,
			"say what to do behind a colon, such as: custom: restart all of them");
	if (rest.n && takes_text)
		return err_set(e, ERR_USAGE, "a reason stands behind a colon: %s: %.*s",
			answer_words[a->word], rest.n > 60 ? 60 : (int)rest.n, rest.p);
	if (rest.n)
		return err_set(e, ERR_USAGE, "'%.*s': '%s' stands alone",
			whole.n > 60 ? 60 : (int)whole.n, whole.p, answer_words[a->word]);
	return 0;
}

int answer_parse(struct str text, struct answer *a, struct err *e)
{
	struct answer got = {.word = ANSWER_SOLUTION};
	struct str whole = str_trim(text), rest = whole;
	char word[WORD_MAX];
	int at, rc;

	if (!whole.n)
		return err_set(e, ERR_USAGE, "an empty answer");
	if (!utf8_is_text(whole)) /* it goes into a record, and from there into a commit */
		return err_set(e, ERR_USAGE, "an answer that is not UTF-8");
	take_word(&rest, word);
	at = word_of(word);
	if (is_digit(whole.p[0])) {
		rc = parse_number(whole, &got, e);
	} else if (at < 0) {
		return unknown(whole, word, e);
	} else {
		got.word = (enum answer_word)at;
		if (got.word == ANSWER_SNOOZE) {
			rc = parse_snooze(rest, &got, e);
		} else if (got.word == ANSWER_APPROVE && rest.n) {
			got.word = ANSWER_SOLUTION;
			rc = parse_number(rest, &got, e);
		} else {
			rc = parse_reason(whole, rest, &got, e);
		}
	}
	if (rc == 0)
		*a = got;
	return rc;
}
