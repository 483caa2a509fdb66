#include "flow/replayer.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/when.h"
#include "doc/decision.h"
#include "edge/spool.h"
#include "flow/ledger.h"
#include "json/stream.h"

#define FILE_MAX ((size_t)2 * BUF_RECORD)

struct replayer {
	struct ops *ops;
	char head[REPO_ID], at[REPO_ID];
	struct replay replay;
};

struct replayer *replayer_new(const char *at, replay_each_fn *each, void *arg, struct err *e)
{
	struct replayer *r = mem_new(sizeof *r);

	r->ops = ops_open(e);
	if (r->ops && at && repo_resolve(ops_repo(r->ops), at, r->at, e) == 0)
		r->replay.at = r->at;
	if (e->kind) {
		replayer_free(r);
		return NULL;
	}
	memcpy(r->head, ops_commit(r->ops), REPO_ID);
	r->replay.repo = ops_repo(r->ops);
	r->replay.head = r->head;
	r->replay.past = past_new(r->replay.repo);
	r->replay.each = each;
	r->replay.arg = arg;
	past_start(r->replay.past, r->head);
	return r;
}

void replayer_free(struct replayer *r)
{
	if (!r)
		return;
	replay_clear(&r->replay);
	past_free(r->replay.past);
	ops_free(r->ops);
	free(r);
}

/* ---- one text ---- */

/* "" when the history has no decision of this event. */
static int find_recorded(
	struct replayer *r, const char *id, struct scan_value whole, char path[DECISION_PATH], struct err *e)
{
	struct buf bytes = BUF_INIT(FILE_MAX);
	struct decision d = {.message = NULL};
	json_t *tree = scan_load(whole);
	int rc = 0;

	decision_event(tree, d.event);
	json_decref(tree);
	*path = '\0';
	for (unsigned event = 1; rc >= 0 && !*path; event++) {
		rc = ledger_find(r->replay.repo, r->head, id, event, path, &bytes, e);
		if (rc <= 0)
			break;
		if (!decision_same(&d, buf_str(&bytes)))
			*path = '\0';
	}
	if (rc == 0)
		*path = '\0';
	buf_clear(&bytes);
	return rc < 0 ? -1 : 0;
}

/* `name` for messages; path NULL: to be found. */
static int replay_text(
	struct replayer *r, const char *name, struct str text, const char *path, struct err *e)
{
	static const char *const keys[] = {"kind", "id"};
	char id[CASE_ID] = "", found[DECISION_PATH];
	struct scan_value values[2];
	struct replay_case c = {.id = id, .path = path};
	struct scan_error fault;
	struct str plain;

	if (scan_object(text, keys, values, 2, &fault))
		return err_set(e, ERR_DATA, "%s: byte %zu: %s", name, fault.at, fault.why);
	if (!scan_is(values[0], STR("case")) || !scan_plain(values[1], &plain) ||
		plain.n >= sizeof id)
		return err_set(e, ERR_DATA, "%s: is no case", name);
	memcpy(id, plain.p, plain.n);
	if (!decision_is_id(id))
		return err_set(e, ERR_DATA, "%s: id: not a time and a fingerprint", name);
	c.whole = (struct scan_value){SCAN_OBJECT, str_trim(text)};
	if (!path && find_recorded(r, id, c.whole, found, e))
		return -1;
	c.path = path ? path : found;
	return replay_run(&r->replay, &c, e);
}

/* ---- in the history ---- */

static int replay_path(struct replayer *r, const char *path, struct err *e)
{
	struct buf bytes = BUF_INIT(FILE_MAX);
	int rc = repo_read(r->replay.repo, r->head, path, &bytes, e);

	if (rc > 0)
		rc = replay_text(r, path, buf_str(&bytes), path, e) ? -1 : 1;
	buf_clear(&bytes);
	return rc;
}

/* Each returns how many there were, or -1. */
static int replay_events(struct replayer *r, const char *id, struct err *e)
{
	struct buf bytes = BUF_INIT(FILE_MAX);
	char path[DECISION_PATH];
	unsigned event = 1;
	int rc;

	for (;; event++) {
		rc = ledger_find(r->replay.repo, r->head, id, event, path, &bytes, e);
		if (rc <= 0)
			break;
		if (replay_text(r, path, buf_str(&bytes), path, e)) {
			rc = -1;
			break;
		}
	}
	buf_clear(&bytes);
	return rc < 0 ? -1 : (int)event - 1;
}

static int replay_parked(struct replayer *r, const char *id, struct err *e)
{
	struct buf line = BUF_INIT(FILE_MAX);
	int rc = spool_get(id, &line, e);

	if (rc > 0)
		rc = replay_text(r, id, buf_str(&line), "", e) ? -1 : 1;
	buf_clear(&line);
	return rc;
}

static int replay_file(struct replayer *r, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(FILE_MAX);
	int rc = file_exists(path) ? file_read(path, &text, e) : 1;

	if (rc == 0)
		rc = replay_text(r, path, buf_str(&text), NULL, e) ? -1 : 1;
	else if (rc > 0)
		rc = 0;
	buf_clear(&text);
	return rc;
}

/* ---- what a commit brought ---- */

struct brought {
	struct replayer *r;
	const char *parent; /* "" when it is the first */
	int count;
};

static int replay_brought(void *arg, const struct ledger_item *item, struct err *e)
{
	struct brought *b = arg;
	char id[REPO_ID];
	int rc = *b->parent ? repo_find(b->r->replay.repo, b->parent, item->path, id, e) : 0;

	if (rc)
		return rc < 0 ? -1 : 0;
	b->count++;
	return replay_path(b->r, item->path, e) < 0 ? -1 : 0;
}

static int replay_commit(struct replayer *r, const char *name, struct err *e)
{
	struct repo_commit c = {.message = NULL};
	struct brought b = {.r = r};
	struct err none = ERR_INIT;
	char id[REPO_ID];
	int rc;

	if (repo_resolve(r->replay.repo, name, id, &none))
		return 0;
	if (repo_commit_load(r->replay.repo, id, &c, e))
		return -1;
	b.parent = c.parent;
	rc = ledger_each(r->replay.repo, id, replay_brought, &b, e);
	repo_commit_clear(&c);
	return rc < 0 ? -1 : b.count;
}

int replayer_one(struct replayer *r, const char *name, struct err *e)
{
	int rc;

	if (decision_is_id(name)) {
		rc = replay_events(r, name, e);
		if (rc == 0)
			rc = replay_parked(r, name, e);
	} else {
		rc = str_starts(str_of(name), DECISION_ROOT "/") ? replay_path(r, name, e) : 0;
		if (rc == 0)
			rc = replay_commit(r, name, e);
		if (rc == 0)
			rc = replay_file(r, name, e);
	}
	if (rc == 0)
		return err_set(e, ERR_UNAVAILABLE,
			"'%s' is no case in '%s' or in the spool, no decision, no file, and no "
			"commit that brought one",
			name, repo_path(r->replay.repo));
	return rc < 0 ? -1 : 0;
}

/* ---- all ---- */

struct since {
	struct replayer *r;
	char id[CASE_ID]; /* of the first moment; it sorts as time does */
};

static int replay_since(void *arg, const struct ledger_item *item, struct err *e)
{
	struct since *s = arg;

	struct replay_case c = {.id = item->id, .path = item->path};
	struct replay_said said = {.of = &c, .stage = "record", .result = REPLAY_CANNOT};
	struct err why = ERR_INIT;

	if (strcmp(item->id, s->id) < 0 || replay_path(s->r, item->path, &why) >= 0)
		return 0;
	if (why.kind != ERR_DATA)
		return err_set(e, why.kind, "%s", why.text);
	said.why = why.text; /* one that is damaged does not hide the others */
	return s->r->replay.each(s->r->replay.arg, &said, e);
}

int replayer_all(struct replayer *r, int64_t since, struct err *e)
{
	struct since s = {.r = r};

	if (since != WHEN_NEVER)
		case_id(since, 0, s.id);
	return ledger_each(r->replay.repo, r->head, replay_since, &s, e);
}
