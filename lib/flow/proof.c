#include "flow/proof.h"

#include <stdlib.h>

#include "base/mem.h"
#include "flow/judgement.h"

/* A commit that has to be looked at: it claims a move, or it touched runbooks. */
struct step {
	char commit[REPO_ID], parent[REPO_ID];
	int64_t at;
	char *message;
};

struct history {
	struct repo *repo;
	struct learner *learner;
	struct step *steps; /* the newest first */
	size_t count, cap;
	proof_each_fn *each;
	void *arg;
};

/* What the trailers say. All are views into the message. */
struct claim {
	struct str runbook, from, to, evidence;
};

/* The value of the last line "name: value", as a trailer is one. */
static bool trailer(const char *message, const char *name, struct str *value)
{
	struct str rest = str_of(message), line;
	size_t n = strlen(name);
	bool found = false;

	while (str_split(&rest, '\n', &line))
		if (str_starts(line, name) && line.n > n + 2 && line.p[n] == ':' &&
			line.p[n + 1] == ' ') {
			*value = (struct str){line.p + n + 2, line.n - n - 2};
			found = true;
		}
	return found;
}

static bool read_claim(const char *message, struct claim *c)
{
	struct str decisions;

	if (!trailer(message, "Runbook", &c->runbook) ||
		!trailer(message, "Evidence", &c->evidence) ||
		!trailer(message, "Decisions", &decisions))
		return false;
	/* Both lines, one behind the other, as judgement.evidence has them. */
	c->evidence.p -= strlen("Evidence: ");
	c->evidence.n = (size_t)(decisions.p + decisions.n - c->evidence.p) + 1;
	return decisions.p > c->evidence.p &&
	       ((trailer(message, "Promoted-from", &c->from) &&
			trailer(message, "Promoted-to", &c->to)) ||
		       (trailer(message, "Demoted-from", &c->from) &&
			       trailer(message, "Demoted-to", &c->to)));
}

static void runbooks_of(struct repo *r, const char *commit, char id[REPO_ID])
{
	struct err ignored = ERR_INIT;

	id[0] = '\0';
	if (*commit && repo_find(r, commit, "runbooks", id, &ignored) <= 0)
		id[0] = '\0';
}

static int gather(struct history *h, const char *head, struct err *e)
{
	char at[REPO_ID], here[REPO_ID], before[REPO_ID];

	memcpy(at, head, REPO_ID);
	runbooks_of(h->repo, at, here);
	while (*at) {
		struct repo_commit c = {.message = NULL};

		if (repo_commit_load(h->repo, at, &c, e))
			return -1;
		runbooks_of(h->repo, c.parent, before);
		if (strcmp(here, before) != 0) {
			struct step *s;

			h->steps = mem_room(h->steps, h->count, &h->cap, sizeof *h->steps);
			s = &h->steps[h->count++];
			memcpy(s->commit, c.id, REPO_ID);
			memcpy(s->parent, c.parent, REPO_ID);
			s->at = c.at;
			s->message = c.message;
			c.message = NULL;
		}
		memcpy(at, c.parent, REPO_ID);
		memcpy(here, before, REPO_ID);
		repo_commit_clear(&c);
	}
	return 0;
}

static int tell(struct history *h, const struct step *s, const struct claim *c, const char *why,
	struct err *e)
{
	char *runbook = mem_copy(c->runbook.p, c->runbook.n),
	     *from = mem_copy(c->from.p, c->from.n);
	char *to = mem_copy(c->to.p, c->to.n);
	struct proof p = {.runbook = runbook, .from = from, .to = to, .why = why};
	int rc;

	memcpy(p.commit, s->commit, REPO_ID);
	rc = h->each(h->arg, &p, e);
	free(runbook);
	free(from);
	free(to);
	return rc;
}

/* The level of the runbook in the commit; -1: there is none. */
static int level_at(const char *commit, const char *runbook)
{
	struct err ignored = ERR_INIT;
	struct ops *o = ops_open_at(commit, &ignored);
	const struct runbook *r = o ? ops_runbook(o, runbook, &ignored) : NULL;
	int level = r ? (int)r->level : -1;

	ops_free(o);
	return level;
}

/* Why the claim does not hold: a static text or one in `why`; NULL when it does. */
static const char *compare(
	const struct claim *c, const struct judgement *v, const struct step *s, struct buf *why)
{
	const char *to = level_names[v->standing.to];
	int level;

	if (!str_is(c->from, level_names[v->from])) {
		buf_putf(why, "the level was %s", level_names[v->from]);
	} else if (!str_is(c->to, to)) {
		buf_putf(why, "the evidence gives %s: %s", to,
			json_array_size(v->standing.why)
				? json_string_value(json_array_get(v->standing.why, 0))
				: "it goes up one level at a time");
	} else if (c->evidence.n < strlen(v->evidence) - 1 ||
		   strncmp(c->evidence.p, v->evidence, strlen(v->evidence) - 1) != 0) {
		buf_putf(why, "the evidence at that time was: %s", v->evidence);
		for (size_t i = 0; i < why->n; i++)
			if (why->p[i] == '\n')
				why->p[i] = i + 1 == why->n ? '\0' : ' ';
	} else {
		level = level_at(s->commit, v->runbook);
		if (level < 0 || !str_is(c->to, level_names[level]))
			buf_puts(why, "the commit did not set the level that it says");
	}
	return why->n ? buf_text(why) : NULL;
}

static int prove(struct history *h, const struct step *s, const struct claim *c, struct err *e)
{
	char *runbook = mem_copy(c->runbook.p, c->runbook.n);
	struct buf why = BUF_INIT(4096);
	struct judgement v = {.runbook = NULL};
	struct err fault = ERR_INIT;
	struct ops *o = NULL;
	int rc = -1;

	if (!*s->parent) {
		rc = tell(h, s, c, "there is no history before it", e);
		goto out;
	}
	o = ops_open_at(s->parent, e);
	if (!o || learner_move(h->learner, s->parent, e))
		goto out;
	switch (judgement_make(&v, o, h->learner, runbook, s->at, &fault)) {
	case 1:
		rc = tell(h, s, c, compare(c, &v, s, &why), e);
		break;
	case 0:
		rc = tell(h, s, c, "there was no such runbook", e);
		break;
	default:
		rc = tell(h, s, c, fault.text, e);
	}
out:
	ops_free(o);
	judgement_clear(&v);
	buf_clear(&why);
	free(runbook);
	return rc;
}

/* One runbook file as it is in the commit: did a hand raise its level above ask_human? */
static int look(struct history *h, const struct step *s, struct ops *now, size_t i, struct err *e)
{
	const char *path = ops_runbook_path(now, i);
	struct err ignored = ERR_INIT;
	struct source source;
	char old[REPO_ID] = "", new[REPO_ID] = "";
	struct runbook *r = NULL;
	json_t *tree;
	int was, rc = 0;

	if (*s->parent && repo_find(h->repo, s->parent, path, old, &ignored) < 0)
		old[0] = '\0';
	if (repo_find(h->repo, s->commit, path, new, &ignored) <= 0 || strcmp(old, new) == 0)
		return 0;
	tree = ops_yaml(now, path, &source, &ignored);
	r = tree ? runbook_take(tree, &source, &ignored) : NULL;
	was = r && *s->parent ? level_at(s->parent, r->id) : -1;
	if (r && r->level > LEVEL_ASK_HUMAN && (int)r->level > was) {
		struct proof p = {.runbook = r->id,
			.from = was < 0 ? "nothing" : level_names[was],
			.to = level_names[r->level],
			.by_hand = true};

		memcpy(p.commit, s->commit, REPO_ID);
		rc = h->each(h->arg, &p, e);
	}
	runbook_free(r);
	return rc;
}

static int look_for_hands(struct history *h, const struct step *s, struct err *e)
{
	struct ops *now = ops_open_at(s->commit, e);
	size_t n;
	int rc = now ? 0 : -1;

	n = now ? ops_runbook_count(now, e) : 0;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = look(h, s, now, i, e);
	ops_free(now);
	return rc;
}

int proof_all(proof_each_fn *each, void *arg, struct err *e)
{
	struct history h = {.each = each, .arg = arg};
	struct ops *head = ops_open(e);
	int rc = -1;

	if (!head)
		return -1;
	h.repo = repo_open(repo_path(ops_repo(head)), e);
	if (!h.repo || gather(&h, ops_commit(head), e))
		goto out;
	rc = 0;
	for (size_t i = h.count; i > 0 && rc == 0; i--) {
		struct step *s = &h.steps[i - 1];
		struct claim c;

		if (!h.learner && *s->parent)
			h.learner = learner_open(h.repo, s->parent, LEARNER_NO_CACHE, e);
		if (!h.learner && *s->parent)
			rc = -1;
		else if (read_claim(s->message, &c))
			rc = prove(&h, s, &c, e);
		else
			rc = look_for_hands(&h, s, e);
	}
out:
	for (size_t i = 0; i < h.count; i++)
		free(h.steps[i].message);
	free(h.steps);
	learner_free(h.learner);
	repo_free(h.repo);
	ops_free(head);
	return rc;
}
