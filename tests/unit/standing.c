/*
 * What moves a runbook and what does not. A history is written as one word a trial, in the order of
 *time, a day apart: f fixed   F failed   R rolled back   U unverified   x rejected   w waiting   e
 *expired a fixed, alone       d fixed, but not the solution that was recommended s fixed, with
 *other steps            r fixed, and the same group comes again an hour later after a digit: the
 *runbook's level from there on.
 *
 * Drills: D good   B failed   V unverified   N rejected   W refused
 */
#include "doc/standing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define DAY   86400
#define START 1700000000
#define MANY  512

struct made {
	struct trial all[MANY];
	uint32_t again[MANY], mine[MANY];
	size_t count;
};

static void add(struct made *m, struct trial t)
{
	assert_true(m->count < MANY);
	m->again[m->count] = TRIAL_NONE;
	m->mine[m->count] = (uint32_t)m->count;
	m->all[m->count++] = t;
}

static void make(struct made *m, const char *history)
{
	unsigned level = LEVEL_ASK_HUMAN;
	uint32_t at = START;

	memset(m, 0, sizeof *m);
	for (const char *p = history; *p; p++) {
		struct trial t = {.group = m->count,
			.opened = at,
			.at = at + 60,
			.solution = 7,
			.steps = 1,
			.event = 1,
			.decision = TRIAL_APPROVED,
			.result = TRIAL_FIXED,
			.flags = TRIAL_CHOSEN_BY_HL};

		if (*p >= '0' && *p <= '4') {
			level = (unsigned)(*p - '0');
			continue;
		}
		if (*p == ' ')
			continue;
		t.level = level & 15;
		at += DAY;
		switch (*p) {
		case 'F':
			t.result = TRIAL_FAILED;
			break;
		case 'R':
			t.result = TRIAL_ROLLED_BACK;
			t.flags |= TRIAL_UNDONE;
			break;
		case 'U':
			t.result = TRIAL_UNVERIFIED;
			break;
		case 'w':
			t.result = TRIAL_WAITING;
			break;
		case 'x':
			t.decision = TRIAL_REJECTED;
			t.result = TRIAL_NOTHING;
			break;
		case 'e':
			t.decision = TRIAL_EXPIRED;
			t.result = TRIAL_NOTHING;
			break;
		case 'a':
			t.decision = TRIAL_AUTO;
			break;
		case 'D':
			t.result = TRIAL_DRILLED;
			t.flags |= TRIAL_DRILL | TRIAL_UNDONE;
			break;
		case 'B':
			t.result = TRIAL_FAILED;
			t.flags |= TRIAL_DRILL;
			break;
		case 'V':
			t.result = TRIAL_UNVERIFIED;
			t.flags |= TRIAL_DRILL;
			break;
		case 'N':
			t.decision = TRIAL_REJECTED;
			t.result = TRIAL_NOTHING;
			t.flags |= TRIAL_DRILL;
			break;
		case 'W':
			t.result = TRIAL_REFUSED;
			t.flags |= TRIAL_DRILL;
			break;
		case 'd':
			t.flags = 0;
			t.solution = 8;
			break;
		case 's':
			t.steps = 2;
			break;
		default:
			assert_non_null(strchr("fr", *p));
		}
		add(m, t);
		if (*p == 'r') {
			struct trial once_more = t;

			once_more.opened = t.at + 3600;
			once_more.at = once_more.opened + 60;
			once_more.decision = TRIAL_IGNORED;
			once_more.result = TRIAL_NOTHING;
			m->again[m->count - 1] = (uint32_t)m->count;
			add(m, once_more);
		}
	}
}

static struct standing_terms terms_of(enum level level)
{
	return (struct standing_terms){.level = level,
		.steps = 1,
		.min_approvals = 5,
		.min_success_rate = 0.95,
		.max_blast = -1,
		.recurs_s = DAY / 2,
		.window_s = 1000 * DAY,
		.now_s = START + (int64_t)MANY * DAY,
		.effect = EFFECT_CHANGE,
		.blast = BLAST_SINGLE_SERVICE,
		.undo_optional = BLAST_SINGLE_SERVICE};
}

static struct standing judge(const char *history, const struct standing_terms *terms)
{
	static struct made m;
	struct trials t = {.all = m.all, .again = m.again, .mine = m.mine};
	struct standing s;

	make(&m, history);
	t.count = m.count;
	standing_judge(&s, &t, terms, NULL, 0);
	return s;
}

static void moves(void **state)
{
	static const struct {
		const char *history;
		enum level level, to;
		int n, k;
	} cases[] = {
		{"", LEVEL_ASK_HUMAN, LEVEL_ASK_HUMAN, 0, 0},
		{"ffff", LEVEL_ASK_HUMAN, LEVEL_ASK_HUMAN, 4, 4},
		{"fffff", LEVEL_ASK_HUMAN, LEVEL_SUGGEST, 5, 5},
		{"fffff", LEVEL_OBSERVE, LEVEL_OBSERVE, 0, 0},
		{"ffffffff", LEVEL_SUGGEST, LEVEL_SUGGEST, 8, 8},
		{"fffff2ffff", LEVEL_SUGGEST, LEVEL_AUTO_NOTIFY, 9, 9},
		/* one level at a time, however much there is */
		{"ffffffffffffffffffffffffffffffffffffffff", LEVEL_ASK_HUMAN, LEVEL_SUGGEST, 40,
			40},
		{"fffff2ffff3aaaaaaaaa", LEVEL_AUTO_NOTIFY, LEVEL_AUTO_NOTIFY, 18, 18},
		{"fffff2ffff3aaaaaaaaaa", LEVEL_AUTO_NOTIFY, LEVEL_AUTO, 19, 19},
		{"fffff2ffff3aaaaaaaaaa4aa", LEVEL_AUTO, LEVEL_AUTO, 21, 21},
		/* no person approved it often enough */
		{"faaaaaaaaaaaaaaaaaaaaaaaa", LEVEL_AUTO_NOTIFY, LEVEL_AUTO_NOTIFY, 25, 25},
		/* what counts for nothing, and what counts against */
		{"ffffweeww", LEVEL_ASK_HUMAN, LEVEL_ASK_HUMAN, 4, 4},
		{"ffffd", LEVEL_ASK_HUMAN, LEVEL_ASK_HUMAN, 4, 4},
		{"fffffd", LEVEL_ASK_HUMAN, LEVEL_ASK_HUMAN, 5, 5},
		{"sssssssffff", LEVEL_ASK_HUMAN, LEVEL_ASK_HUMAN, 4, 4},
		{"fffffU", LEVEL_ASK_HUMAN, LEVEL_ASK_HUMAN, 6, 5},
		{"fffffr", LEVEL_ASK_HUMAN, LEVEL_ASK_HUMAN, 6, 5},
		{"Fffffffffffffffffffffff", LEVEL_ASK_HUMAN, LEVEL_SUGGEST, 23, 22},
		{"Fffffffffffff", LEVEL_ASK_HUMAN, LEVEL_ASK_HUMAN, 13, 12},
		/* down */
		{"fffff2F", LEVEL_SUGGEST, LEVEL_ASK_HUMAN, 6, 5},
		{"fffff2R", LEVEL_SUGGEST, LEVEL_ASK_HUMAN, 6, 5},
		{"fffff2r", LEVEL_SUGGEST, LEVEL_ASK_HUMAN, 6, 5},
		{"fffff2x", LEVEL_SUGGEST, LEVEL_ASK_HUMAN, 5, 5},
		{"fffff2U", LEVEL_SUGGEST, LEVEL_SUGGEST, 6, 5},
		{"fffff2ffff3aaF", LEVEL_AUTO_NOTIFY, LEVEL_ASK_HUMAN, 12, 11},
		{"fffff2ffff3aaFaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", LEVEL_AUTO_NOTIFY, LEVEL_ASK_HUMAN,
			41, 40},
		/* a failure while it asked is no fall */
		{"Fffffffffffffffffffffff2f", LEVEL_SUGGEST, LEVEL_AUTO_NOTIFY, 24, 23},
		/* after a fall, by us or by a person, only what is new counts */
		{"fffff2ffff3aaF", LEVEL_ASK_HUMAN, LEVEL_ASK_HUMAN, 0, 0},
		{"fffff2ffff3aaF1ffff", LEVEL_ASK_HUMAN, LEVEL_ASK_HUMAN, 4, 4},
		{"fffff2ffff3aaF1fffff", LEVEL_ASK_HUMAN, LEVEL_SUGGEST, 5, 5},
		{"fffff2ffff3aaF1fffff2fff", LEVEL_SUGGEST, LEVEL_SUGGEST, 8, 8},
		{"fffff2ffff3aaF1fffff2ffff", LEVEL_SUGGEST, LEVEL_AUTO_NOTIFY, 9, 9},
		{"fffff2ffff3aaaaaaaaaa", LEVEL_SUGGEST, LEVEL_SUGGEST, 0, 0},
		/* other steps that acted alone */
		{"3sss", LEVEL_AUTO_NOTIFY, LEVEL_ASK_HUMAN, 0, 0},
		{"3sssa", LEVEL_AUTO_NOTIFY, LEVEL_AUTO_NOTIFY, 1, 1},
		{"1sss", LEVEL_AUTO_NOTIFY, LEVEL_AUTO_NOTIFY, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct standing_terms terms = terms_of(cases[i].level);
		struct standing s = judge(cases[i].history, &terms);

		if (s.to != cases[i].to || s.n != cases[i].n || s.k != cases[i].k)
			fail_msg("'%s' at %s: to %s, %d of %d", cases[i].history,
				level_names[cases[i].level], level_names[s.to], (int)s.k, (int)s.n);
		assert_int_equal(json_array_size(s.why) == 0, s.to > cases[i].level);
		standing_clear(&s);
	}
}

static const char nine[] = "fffffffff",
		  sixty[] = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

static enum level to_of(const char *history, const struct standing_terms *terms, const char *why)
{
	struct standing s = judge(history, terms);
	enum level to = s.to;

	if (why && !strstr(json_string_value(json_array_get(s.why, 0)), why))
		fail_msg("'%s' lacks '%s'", json_string_value(json_array_get(s.why, 0)), why);
	standing_clear(&s);
	return to;
}

static void terms_that_bind(void **state)
{
	struct standing_terms t = terms_of(LEVEL_SUGGEST);

	(void)state;
	assert_int_equal(to_of(nine, &t, NULL), LEVEL_AUTO_NOTIFY);
	t.undo_optional = -1;
	assert_int_equal(to_of(nine, &t, "its undo has never been exercised"), LEVEL_SUGGEST);
	assert_int_equal(to_of("1R1fffffffffffffffffffffffff", &t, NULL), LEVEL_AUTO_NOTIFY);
	t.effect = EFFECT_READ;
	assert_int_equal(to_of(nine, &t, NULL), LEVEL_AUTO_NOTIFY);
	t = terms_of(LEVEL_SUGGEST);
	t.effect = EFFECT_DESTROY;
	assert_int_equal(to_of(sixty, &t, "it destroys something"), LEVEL_SUGGEST);
	t = terms_of(LEVEL_SUGGEST);
	t.max_blast = BLAST_SINGLE_POD;
	assert_int_equal(to_of(nine, &t, "its blast radius is single_service"), LEVEL_SUGGEST);
	t = terms_of(LEVEL_SUGGEST);
	t.lacks_tool = "x.y";
	assert_int_equal(to_of(nine, &t, "its tool 'x.y' is not in the catalogue"), LEVEL_SUGGEST);
	t = terms_of(LEVEL_ASK_HUMAN);
	t.min_approvals = 12;
	assert_int_equal(to_of(nine, &t, "9 approvals by a person"), LEVEL_ASK_HUMAN);
	t = terms_of(LEVEL_ASK_HUMAN);
	t.min_success_rate = 1;
	assert_int_equal(
		to_of("Fffffffffffffffffffffffff", &t, "a success rate of 0.96"), LEVEL_ASK_HUMAN);
	t = terms_of(LEVEL_ASK_HUMAN);
	t.blast = BLAST_SINGLE_NODE;
	assert_int_equal(
		to_of("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", &t, "58 of 58"),
		LEVEL_ASK_HUMAN);
	assert_int_equal(to_of(sixty, &t, NULL), LEVEL_SUGGEST);
}

/* An undo is known by the last drill of it; a drill is no trial of anything else. */
static void drills(void **state)
{
	static const char failed[] = "the last drill of its undo failed", never[] = "has never been exercised";
	static const struct {
		const char *history;
		int undo_optional;
		const char *why; /* NULL: it goes up */
	} cases[] = {
		{"fffff2ffffD", -1, NULL},
		{"fffff2Dffff", -1, NULL},
		{"Dfffff2ffff", -1, NULL},
		{"fffff2ffffN", -1, never},
		{"fffff2ffffW", -1, never},
		{"fffff2ffffB", -1, failed},
		{"fffff2ffffV", -1, failed},
		{"fffff2ffffDB", -1, failed},
		{"fffff2ffffDV", -1, failed},
		{"fffff2ffffBD", -1, NULL},
		{"fffff2ffffBDN", -1, NULL},
		{"fffff2ffffDW", -1, NULL},
		/* known not to work is worse than not known */
		{"fffff2ffffB", BLAST_CLUSTER, failed},
		{"fffff2ffffN", BLAST_CLUSTER, NULL},
		/* no success, and no failure either */
		{"fffff2fffD", -1, "8 of 8"},
		{"fffff2fffDDDDDD", -1, "8 of 8"},
	};
	struct standing_terms t = terms_of(LEVEL_ASK_HUMAN);

	(void)state;
	assert_int_equal(to_of("fffffB", &t, NULL), LEVEL_SUGGEST); /* there a person still asks */
	assert_int_equal(to_of("DDDDD", &t, "0 of 0"), LEVEL_ASK_HUMAN);
	t.level = LEVEL_SUGGEST;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		t.undo_optional = cases[i].undo_optional;
		if (to_of(cases[i].history, &t, cases[i].why) != (cases[i].why ? LEVEL_SUGGEST : LEVEL_AUTO_NOTIFY))
			fail_msg("'%s'", cases[i].history);
	}
}

static void time_passes(void **state)
{
	struct standing_terms t = terms_of(LEVEL_ASK_HUMAN);
	struct standing s;

	(void)state;
	/* The last of five was an hour ago: that it lasts half a day is not seen yet. */
	t.now_s = START + 5 * DAY - DAY + 3600;
	s = judge("fffff", &t);
	assert_int_equal(s.n, 4);
	assert_int_equal(s.pending, 1);
	assert_int_equal(s.to, LEVEL_ASK_HUMAN);
	standing_clear(&s);
	/* The first of five is older than the window. */
	t.now_s = START + 20 * DAY;
	t.window_s = 19 * DAY + 120;
	s = judge("fffff", &t);
	assert_int_equal(s.n, 4);
	standing_clear(&s);
}

static void solutions(void **state)
{
	static struct made m;
	struct standing_terms terms = terms_of(LEVEL_ASK_HUMAN);
	struct standing_solution all[] = {{.name = 7}, {.name = 8}, {.name = 9}};
	struct trials t = {.all = m.all, .again = m.again, .mine = m.mine};
	struct standing s;
	size_t counted = 0;

	(void)state;
	make(&m, "sffUFdwxea");
	t.count = m.count;
	standing_judge(&s, &t, &terms, all, 3);
	assert_int_equal(all[0].selected, 5); /* those of other steps too: a person knew it */
	assert_int_equal(all[0].n, 5);
	assert_int_equal(all[0].k, 3);
	assert_int_equal(all[1].selected, 1);
	assert_int_equal(all[1].n, 0);
	assert_int_equal(all[2].selected, 0);
	assert_int_equal(s.approvals, 4);
	assert_int_equal(s.chosen, 6);
	assert_int_equal(s.agreed, 4);
	for (size_t i = 0; i < t.count; i++)
		counted += standing_counts(&s, &t, &terms, i);
	assert_int_equal(counted, 7); /* f f U F d x a */
	standing_clear(&s);
}

static void orders(void **state)
{
	struct trial a = {.opened = 1, .group = 5, .event = 1},
		     b = {.opened = 1, .group = 5, .event = 2};
	struct trial c = {.opened = 2, .group = 1, .event = 1};

	(void)state;
	assert_int_equal(sizeof(struct trial), 32);
	assert_true(trial_order(&a, &b) < 0);
	assert_true(trial_order(&c, &b) > 0);
	assert_int_equal(trial_order(&a, &a), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves),
		cmocka_unit_test(terms_that_bind),
		cmocka_unit_test(drills),
		cmocka_unit_test(time_passes),
		cmocka_unit_test(solutions),
		cmocka_unit_test(orders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
