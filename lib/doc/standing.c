#include "doc/standing.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "doc/bound.h"

/* A group that comes back more often than this before one case of it has ended does not hold. */
#define AGAIN_MAX 1000

enum class {
	CLASS_NONE,
	CLASS_SUCCESS,
	CLASS_PENDING,
	CLASS_RECURRED,
	CLASS_FAILED,
	CLASS_UNVERIFIED
};

double standing_needed(enum level to, enum blast blast)
{
	if (blast >= BLAST_SINGLE_NODE)
		return 0.95;
	switch (to) {
	case LEVEL_SUGGEST:
		return 0.50;
	case LEVEL_AUTO_NOTIFY:
		return 0.70;
	case LEVEL_AUTO:
		return 0.85;
	case LEVEL_OBSERVE:
	case LEVEL_ASK_HUMAN:
		break;
	}
	return 0;
}

static const struct trial *trial_at(const struct trials *t, size_t i)
{
	return &t->all[t->mine[i]];
}

/* When the group came again after this trial ended: a later case, or a later event of the same. */
static bool came_again(const struct trials *t, uint32_t i, uint32_t within)
{
	const struct trial *one = &t->all[i];
	int64_t until = (int64_t)one->at + within;
	uint32_t next = t->again[i];

	for (int steps = 0; next != TRIAL_NONE; next = t->again[next], steps++) {
		const struct trial *later = &t->all[next];
		uint32_t when = later->opened == one->opened ? later->at : later->opened;

		if (when >= one->at)
			return when < until;
		if (steps == AGAIN_MAX)
			return true;
	}
	return false;
}

/* Whether what hl chose was carried out, and how that went. */
static enum class class_of(
	const struct trials *t, const struct standing_terms *terms, size_t position) {
	const struct trial *one = trial_at(t, position);
	bool done = one->decision == TRIAL_AUTO || one->decision == TRIAL_APPROVED;

	if (!done || !(one->flags & TRIAL_CHOSEN_BY_HL) || one->flags & TRIAL_DRILL)
		return CLASS_NONE;
	switch ((enum trial_result)one->result){
		case TRIAL_FIXED : if (came_again(t, t->mine[position],
					       (uint32_t)terms->recurs_s)) return CLASS_RECURRED;
		return one->at + terms->recurs_s > terms->now_s ? CLASS_PENDING : CLASS_SUCCESS;
		case TRIAL_FAILED : case TRIAL_ROLLED_BACK : return CLASS_FAILED;
		case TRIAL_UNVERIFIED : return CLASS_UNVERIFIED;
		case TRIAL_NOTHING : case TRIAL_WAITING : case TRIAL_REFUSED : case TRIAL_DRILLED : break;
	}
return CLASS_NONE;
}

static bool is_current(const struct trial *one, const struct standing_terms *terms)
{
	return one->steps == terms->steps && one->at + terms->window_s >= terms->now_s;
}

/* A person said yes or no to what hl proposed, and if yes it was tried. */
static bool is_choice(const struct trial *one)
{
	bool tried = one->result != TRIAL_NOTHING && one->result != TRIAL_WAITING &&
		     one->result != TRIAL_REFUSED;

	if (one->flags & TRIAL_DRILL)
		return false;
	return one->decision == TRIAL_REJECTED || (one->decision == TRIAL_APPROVED && tried);
}

bool standing_counts(const struct standing *s, const struct trials *t,
	const struct standing_terms *terms, size_t position)
{
	const struct trial *one = trial_at(t, position);
	enum class class;

	if (position < s->from || !is_current(one, terms))
		return false;
	class = class_of(t, terms, position);
	return (class != CLASS_NONE && class != CLASS_PENDING) || is_choice(one);
}

/* Behind the last fall of the level, from one trial to the next or from the last to what it is now.
 */
static size_t fresh_from(const struct trials *t, enum level now)
{
	for (size_t i = t->count; i > 0; i--) {
		int after = i < t->count ? trial_at(t, i)->level : (int)now;

		if (trial_at(t, i - 1)->level > after)
			return i;
	}
	return 0;
}

static void blame(struct standing *s, const struct trials *t, size_t position)
{
	if (s->blame == TRIAL_NONE && trial_at(t, position)->level >= LEVEL_SUGGEST)
		s->blame = t->mine[position];
}

static void count_choice(struct standing *s, const struct trials *t, size_t position)
{
	const struct trial *one = trial_at(t, position);

	if (!is_choice(one))
		return;
	s->chosen++;
	if (one->decision == TRIAL_REJECTED) {
		s->rejected++;
		blame(s, t, position);
	} else if (one->flags & TRIAL_CHOSEN_BY_HL) {
		s->agreed++;
		s->approvals++;
	}
}

static struct standing_solution *solution_of(struct standing_solution *all, size_t n, uint32_t name)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].name == name)
			return &all[i];
	return NULL;
}

static void count_outcome(struct standing *s, const struct trials *t, size_t position,
	enum class class, struct standing_solution *solution)
{
	if (class == CLASS_PENDING)
		s->pending++;
	if (class == CLASS_NONE || class == CLASS_PENDING)
		return;
	s->n++;
	s->k += class == CLASS_SUCCESS;
	s->recurred += class == CLASS_RECURRED;
	s->failed += class == CLASS_FAILED;
	s->unverified += class == CLASS_UNVERIFIED;
	if (solution) {
		solution->n++;
		solution->k += class == CLASS_SUCCESS;
	}
	if (class == CLASS_RECURRED || class == CLASS_FAILED)
		blame(s, t, position);
}

/* The last one counts; one that was refused was none. */
static void count_drill(struct standing *s, const struct trial *one)
{
	if (one->flags & TRIAL_DRILL &&
		(one->result == TRIAL_DRILLED || one->result == TRIAL_FAILED ||
			one->result == TRIAL_UNVERIFIED))
		s->drill_failed = one->result != TRIAL_DRILLED;
}

static void count(struct standing *s, const struct trials *t, const struct standing_terms *terms,
	struct standing_solution *solutions, size_t n_solutions)
{
	s->from = fresh_from(t, terms->level);
	for (size_t i = 0; i < t->count; i++) {
		const struct trial *one = trial_at(t, i);
		struct standing_solution *solution = solution_of(
			solutions, n_solutions, one->solution);

		if (solution && one->decision == TRIAL_APPROVED && is_choice(one))
			solution->selected++;
		if (one->steps != terms->steps) {
			s->other_steps++;
			s->other_alone = one->level >= LEVEL_AUTO_NOTIFY;
		}
		if (!is_current(one, terms))
			continue;
		s->undone = s->undone || (one->flags & TRIAL_UNDONE);
		count_drill(s, one);
		if (i < s->from)
			continue;
		count_choice(s, t, i);
		count_outcome(s, t, i, class_of(t, terms, i), solution);
	}
	s->bound = bound_lower(s->k, s->n, BOUND_CONFIDENCE);
}

static void say(struct standing *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct standing *s, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	json_array_append_new(s->why, json_string(text));
}

static const char *times(int64_t n)
{
	return n == 1 ? "" : "s";
}

/* What evidence there is, for the case that it is not enough. */
static void judge_evidence(struct standing *s, const struct standing_terms *terms)
{
	enum level next = (enum level)(terms->level + 1);
	int64_t in_a_row = bound_needed(s->needed, BOUND_CONFIDENCE);

	if (s->bound < s->needed)
		say(s,
			"%lld of %lld held: a success rate of %.3f is certain, %s asks for %.2f "
			"(%lld of %lld)",
			(long long)s->k, (long long)s->n, s->bound, level_names[next], s->needed,
			(long long)in_a_row, (long long)in_a_row);
	if (s->n && (double)s->k / (double)s->n < terms->min_success_rate)
		say(s, "a success rate of %.3f, promotion_criteria ask for %.3f",
			(double)s->k / (double)s->n, terms->min_success_rate);
	if (s->approvals < terms->min_approvals)
		say(s, "%lld approval%s by a person, promotion_criteria ask for %lld",
			(long long)s->approvals, times(s->approvals),
			(long long)terms->min_approvals);
	if (s->chosen && (double)s->agreed / (double)s->chosen < terms->min_success_rate)
		say(s, "people chose what was recommended %lld of %lld times", (long long)s->agreed,
			(long long)s->chosen);
}

/* What no number of successes makes up for. */
static void judge_nature(struct standing *s, const struct standing_terms *terms)
{
	enum level next = (enum level)(terms->level + 1);

	if (terms->lacks_tool)
		say(s, "its tool '%s' is not in the catalogue", terms->lacks_tool);
	if (terms->max_blast >= 0 && (int)terms->blast > terms->max_blast)
		say(s, "its blast radius is %s, promotion_criteria allow %s",
			blast_names[terms->blast], blast_names[terms->max_blast]);
	if (next < LEVEL_AUTO_NOTIFY || terms->effect == EFFECT_READ)
		return;
	if (terms->effect == EFFECT_DESTROY)
		say(s, "it destroys something: that stays with people");
	else if (s->drill_failed)
		say(s, "the last drill of its undo failed: drill it again");
	else if (!s->undone && (int)terms->blast > terms->undo_optional)
		say(s,
			"its undo has never been exercised, and policy's undo_optional does not "
			"cover %s",
			blast_names[terms->blast]);
}

static void judge_up(struct standing *s, const struct standing_terms *terms)
{
	if (terms->level == LEVEL_AUTO) {
		say(s, "at the top");
		return;
	}
	if (terms->level == LEVEL_OBSERVE) {
		say(s, "observe: only a person takes it further");
		return;
	}
	s->needed = standing_needed((enum level)(terms->level + 1), terms->blast);
	judge_nature(s, terms);
	judge_evidence(s, terms);
	if (s->pending && json_array_size(s->why))
		say(s, "%lld more must first show that it lasts", (long long)s->pending);
	if (s->other_steps && json_array_size(s->why))
		say(s,
			"the steps have changed: %lld decision%s about what it did before do not "
			"count",
			(long long)s->other_steps, times(s->other_steps));
	if (json_array_size(s->why) == 0)
		s->to = (enum level)(terms->level + 1);
}

static void say_blame(struct standing *s, const struct trials *t)
{
	const struct trial *one = &t->all[s->blame];

	if (one->decision == TRIAL_REJECTED)
		say(s, "a person rejected it");
	else if (one->result == TRIAL_FIXED)
		say(s, "the problem came again after it was fixed");
	else
		say(s, "it %s",
			one->result == TRIAL_FAILED ? "failed" : "failed and was rolled back");
}

void standing_judge(struct standing *s, const struct trials *t, const struct standing_terms *terms,
	struct standing_solution *solutions, size_t n_solutions)
{
	memset(s, 0, sizeof *s);
	s->why = json_array();
	s->blame = TRIAL_NONE;
	s->to = terms->level;
	count(s, t, terms, solutions, n_solutions);
	if (terms->level >= LEVEL_SUGGEST && s->blame != TRIAL_NONE) {
		s->to = LEVEL_ASK_HUMAN;
		say_blame(s, t);
	} else if (terms->level >= LEVEL_AUTO_NOTIFY && s->other_alone && !s->n && !s->pending) {
		s->to = LEVEL_ASK_HUMAN;
		say(s, "its steps have changed, and nothing shows yet how the new ones do");
	} else {
		judge_up(s, terms);
	}
}

void standing_clear(struct standing *s)
{
	json_decref(s->why);
	s->why = NULL;
}
