#include "flow/past.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

/* A commit that names a case in a trailer. */
struct mention {
	char commit[REPO_ID], parent[REPO_ID];
	int64_t at;
	uint32_t older; /* that names the same case, or TABLE_NONE */
};

struct past {
	struct repo *repo;
	char next[REPO_ID]; /* to be read; "" at the beginning of time */
	struct mention *mentions;
	size_t n, cap;
	struct table first, last; /* hash of a case's id -> its newest and its oldest mention */
};

static uint64_t hash_of(struct str s)
{
	return hash_add(HASH_START, s);
}

struct past *past_new(struct repo *r)
{
	struct past *p = mem_new(sizeof *p);

	p->repo = r;
	return p;
}

void past_start(struct past *p, const char *tip)
{
	table_clear(&p->first);
	table_clear(&p->last);
	p->n = 0;
	memcpy(p->next, tip, REPO_ID);
}

void past_free(struct past *p)
{
	if (!p)
		return;
	table_clear(&p->first);
	table_clear(&p->last);
	free(p->mentions);
	free(p);
}

static void mention(struct past *p, const struct repo_commit *c, struct str name)
{
	uint64_t hash = hash_of(name);
	uint32_t newer = table_get(&p->last, hash), at = (uint32_t)p->n;
	struct mention m = {.at = c->at * 1000, .older = TABLE_NONE};

	memcpy(m.commit, c->id, REPO_ID);
	memcpy(m.parent, c->parent, REPO_ID);
	p->mentions = mem_room(p->mentions, p->n, &p->cap, sizeof m);
	p->mentions[p->n++] = m;
	if (newer == TABLE_NONE)
		table_put(&p->first, hash, at);
	else
		p->mentions[newer].older = at;
	table_put(&p->last, hash, at);
}

/* Reads one more commit. 1, 0 at the end, -1 error. */
static int step(struct past *p, struct err *e)
{
	struct repo_commit c = {.message = NULL};
	struct str rest, line;

	if (!p->next[0])
		return 0;
	if (repo_commit_load(p->repo, p->next, &c, e))
		return -1;
	rest = str_of(c.message);
	while (str_split(&rest, '\n', &line))
		if (str_starts(line, "Case: "))
			mention(p, &c, (struct str){line.p + 6, line.n - 6});
	memcpy(p->next, c.parent, REPO_ID);
	repo_commit_clear(&c);
	return 1;
}

static int brought(struct past *p, const struct mention *m, const char *path, struct err *e)
{
	char id[REPO_ID];
	int rc = repo_find(p->repo, m->commit, path, id, e);

	if (rc <= 0 || !m->parent[0])
		return rc;
	rc = repo_find(p->repo, m->parent, path, id, e);
	return rc < 0 ? -1 : !rc;
}

/* The next mention of the case, behind this one (TABLE_NONE: the first). 1, 0 none, -1 error. */
static int next_mention(struct past *p, uint64_t hash, uint32_t *at, struct err *e)
{
	int rc = 1;

	for (;;) {
		uint32_t next = *at == TABLE_NONE ? table_get(&p->first, hash)
						  : p->mentions[*at].older;

		if (next != TABLE_NONE) {
			*at = next;
			return 1;
		}
		rc = step(p, e);
		if (rc <= 0)
			return rc;
	}
}

int past_find(struct past *p, const char *case_id, const char *path, struct past_found *found,
	struct err *e)
{
	uint64_t hash = hash_of(str_of(case_id));
	uint32_t at = TABLE_NONE;
	int rc;

	while ((rc = next_mention(p, hash, &at, e)) > 0) {
		rc = brought(p, &p->mentions[at], path, e);
		if (rc < 0)
			return -1;
		if (rc == 0)
			continue;
		memcpy(found->commit, p->mentions[at].commit, REPO_ID);
		found->at = p->mentions[at].at;
		return 1;
	}
	return rc;
}
