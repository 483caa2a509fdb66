#include "doc/reply.h"

#include "base/utf8.h"
#include "base/when.h"
#include "doc/case_code.h"

#define WORD_MAX 16
#define SAID_MAX 2000 /* bytes of one line that is understood */

const char reply_help[] =
	"1, 2, ..          do that solution; approve: the one recommended\n"
	"yes / no          is it a problem? no: it is expected\n"
	"snooze 2h, defer  ask again later, or tomorrow\n"
	"ignore / reject   do nothing; reject: the plan is wrong\n"
	"custom: TEXT      something else should be done\n"
	"details           show more\n"
	"done / failed: WHY   of a task\n"
	"auto / ask / investigate   what to do next time\n"
	"undo              take back what was done\n"
	"status, weekly, halt, resume, help\n"
	"Say the code first when more than one is open: K7Q 1";

static const struct {
	const char *word;
	enum reply_kind kind;
} commands[] = {{"status", REPLY_STATUS}, {"weekly", REPLY_WEEKLY}, {"auto", REPLY_AUTO},
	{"ask", REPLY_ASK}, {"undo", REPLY_UNDO}, {"halt", REPLY_HALT}, {"resume", REPLY_RESUME},
	{"help", REPLY_HELP}, {"?", REPLY_HELP}};

/* For a did-you-mean beside those of answer.h. */
static const char *const more_words[] = {
	"status", "weekly", "auto", "ask", "undo", "halt", "resume", "defer", NULL};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether s begins with the word, in either case, and it ends there; then it is taken off. */
static bool take_word(struct str *s, const char *word)
{
	size_t n = strlen(word);

	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(s->p[i]) != word[i])
			return false;
	if (s->n > n && !strchr(" \t:,.!", s->p[n]))
		return false;
	*s = str_trim((struct str){s->p + n, s->n - n});
	return true;
}

/* The first word, without a sign behind it. */
static struct str first_word(struct str s)
{
	size_t n = 0;

	while (n < s.n && !strchr(" \t:,", s.p[n]))
		n++;
	return (struct str){s.p, n};
}

static void take_code(struct str *s, struct str *code)
{
	struct str first = first_word(*s), rest;

	if (!case_code_is(first))
		return;
	*code = first;
	rest = (struct str){s->p + first.n, s->n - first.n};
	if (rest.n && (rest.p[0] == ':' || rest.p[0] == ','))
		rest = (struct str){rest.p + 1, rest.n - 1};
	*s = str_trim(rest);
}

static bool is_secret_word(struct str s)
{
	if (s.n != REPLY_WORD)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghjkmnpqrstuvwxyz23456789", lower(s.p[i])) || !s.p[i])
			return false;
	return true;
}

/* "approve !k3x9qa" */
static void take_secret_word(struct str *s, struct str *word)
{
	const char *at = s->n > REPLY_WORD ? s->p + s->n - REPLY_WORD - 1 : NULL;
	struct str last;

	if (!at || *at != '!' || (at > s->p && !strchr(" \t", at[-1])))
		return;
	last = (struct str){at + 1, REPLY_WORD};
	if (!is_secret_word(last))
		return;
	*word = last;
	*s = str_trim((struct str){s->p, (size_t)(at - s->p)});
}

/* "PR 47", "#47", "pr #47": at the end, behind a word. */
static void take_pr(struct str *s, int64_t *pr)
{
	struct str rest = *s, verb = first_word(*s), said;
	int64_t n = 0;

	rest = str_trim((struct str){rest.p + verb.n, rest.n - verb.n});
	said = rest;
	take_word(&rest, "pr");
	if (rest.n && rest.p[0] == '#')
		rest = (struct str){rest.p + 1, rest.n - 1};
	if (rest.p == said.p || !rest.n || rest.n > 9)
		return;
	for (size_t i = 0; i < rest.n; i++) {
		if (rest.p[i] < '0' || rest.p[i] > '9')
			return;
		n = n * 10 + (rest.p[i] - '0');
	}
	*pr = n;
	*s = verb;
}

/* Tomorrow, or when it is said. */
static int parse_defer(struct str rest, struct reply *r, struct err *e)
{
	r->answer = (struct answer){.word = ANSWER_SNOOZE, .span_ms = WHEN_DAY};
	if (!rest.n)
		return 0;
	if (span_parse(rest, &r->answer.span_ms) || r->answer.span_ms < WHEN_SECOND ||
		r->answer.span_ms > ANSWER_SNOOZE_MAX)
		return err_set(e, ERR_USAGE, "'%.*s' is no time such as 2h or 1d, of at most 30d",
			rest.n > 60 ? 60 : (int)rest.n, rest.p);
	return 0;
}

/* 1: it is one; 0: it is none; -1: nearly, and e says what is wrong. */
static int parse_command(struct str s, struct reply *r, struct err *e)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		struct str rest = s;

		if (!take_word(&rest, commands[i].word))
			continue;
		while (rest.n && strchr(":,.!", rest.p[0]))
			rest = str_trim((struct str){rest.p + 1, rest.n - 1});
		if (rest.n && commands[i].kind != REPLY_HALT)
			return err_set(e, ERR_USAGE, "'%s' stands alone", commands[i].word);
		r->kind = commands[i].kind;
		r->text = rest;
		return 1;
	}
	return 0;
}

/* What a word nearly is, of all that can be said here. */
static const char *nearest(struct str s)
{
	struct str first = first_word(s);
	char word[WORD_MAX];
	const char *near;

	if (!first.n || first.n >= sizeof word)
		return NULL;
	for (size_t i = 0; i < first.n; i++)
		word[i] = lower(first.p[i]);
	word[first.n] = '\0';
	near = str_nearest(word, more_words);
	return near ? near : str_nearest(word, answer_words);
}

static int parse_answer(struct str s, struct reply *r, bool *near, struct err *e)
{
	const char *meant;

	if (answer_parse(s, &r->answer, e) == 0) {
		if (r->answer.word == ANSWER_HELP)
			r->kind = REPLY_HELP;
		return 0;
	}
	meant = nearest(s);
	*near = meant || (s.p[0] >= '0' && s.p[0] <= '9');
	for (size_t i = 0; meant && more_words[i]; i++)
		if (meant == more_words[i]) {
			err_clear(e);
			err_set(e, ERR_USAGE, "'%.*s': did you mean '%s'?",
				s.n > 60 ? 60 : (int)s.n, s.p, meant);
		}
	return -1;
}

int reply_parse(struct str text, struct reply *r, bool *near, struct err *e)
{
	struct reply got = {.kind = REPLY_ANSWER};
	struct str s = str_trim(text), rest;
	int rc;

	*near = false;
	if (!s.n || s.n > SAID_MAX)
		return err_set(e, ERR_USAGE, "nothing, or too much, was said");
	if (!utf8_is_line(s))
		return err_set(e, ERR_USAGE, "one line, please, of plain text");
	take_secret_word(&s, &got.word);
	take_code(&s, &got.code);
	take_pr(&s, &got.pr);
	rest = s;
	rc = parse_command(s, &got, e);
	*near = rc < 0;
	if (rc == 0 && take_word(&rest, "defer")) {
		rc = parse_defer(rest, &got, e);
		*near = true;
	} else if (rc == 0) {
		rc = parse_answer(s, &got, near, e);
	}
	*near = *near || got.code.n || got.word.n || got.pr;
	if (rc < 0)
		return -1;
	*r = got;
	return 0;
}

/* ---- reactions ---- */

static const struct {
	const char *sign;
	enum answer_word word;
} reactions[] = {
	{"\xF0\x9F\x91\x8D", ANSWER_APPROVE}, {"+1", ANSWER_APPROVE}, {"thumbsup", ANSWER_APPROVE},
	{"\xF0\x9F\x91\x8E", ANSWER_REJECT}, {"-1", ANSWER_REJECT}, {"thumbsdown", ANSWER_REJECT},
	{"\xE2\x8F\xB0", ANSWER_SNOOZE}, {"alarm_clock", ANSWER_SNOOZE}};

/* Without what only says how it is drawn: U+FE0F, and U+1F3FB to U+1F3FF, the colours of a skin. */
static struct str without_looks(struct str s)
{
	for (;;) {
		if (str_ends(s, "\xEF\xB8\x8F"))
			s.n -= 3;
		else if (s.n > 4 && memcmp(s.p + s.n - 4, "\xF0\x9F\x8F", 3) == 0 &&
			 (unsigned char)s.p[s.n - 1] >= 0xBB)
			s.n -= 4;
		else
			return s;
	}
}

int reply_reaction(struct str reaction, struct reply *r)
{
	struct str s = without_looks(reaction);

	for (size_t i = 0; i < sizeof reactions / sizeof *reactions; i++)
		if (str_is(s, reactions[i].sign)) {
			*r = (struct reply){.kind = REPLY_ANSWER,
				.answer = {.word = reactions[i].word, .span_ms = WHEN_HOUR},
				.thumb = reactions[i].word != ANSWER_SNOOZE};
			return 0;
		}
	return -1;
}

void reply_settle_thumb(struct reply *r, bool unsure)
{
	if (r->thumb && unsure)
		r->answer.word = r->answer.word == ANSWER_APPROVE ? ANSWER_YES : ANSWER_NO;
}
