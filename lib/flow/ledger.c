#include "flow/ledger.h"

#include "base/hash.h"
#include "base/mem.h"
#include "doc/gap.h"
#include "edge/commits.h"
#include "flow/past.h"

enum { EVENTS = 1000 }; /* of one case; a loop that writes more than that is broken */
enum { GAPS = 8, GAP_FILE = 1 << 20 };

struct writing {
	struct repo *repo;
	struct ledger_entry *entries;
	size_t n;
	const struct ledger_how *how;
	struct table recent; /* path -> entry of this chain that is there */
	struct past *past;
	char tip[REPO_ID]; /* where it starts */
	struct buf scratch;
};

static uint64_t hash_of(struct str s)
{
	return hash_add(HASH_START, s);
}

/* The commit that brought the entry's file; the tip where the history does not tell. */
static int find_past(struct writing *w, struct ledger_entry *entry, struct err *e)
{
	struct past_found found = {.at = 0};
	int rc = past_find(w->past, entry->decision.id, entry->path, &found, e);

	memcpy(entry->commit, rc > 0 ? found.commit : w->tip, REPO_ID);
	if (rc > 0)
		entry->at = found.at;
	return rc < 0 ? -1 : 0;
}

/* The nth event of the case where it is now. 1 with its bytes in scratch and its path, 0 none, -1
 * error. */
static int read_event(struct writing *w, struct commits *c, const char *id, unsigned n,
	char path[DECISION_PATH], struct err *e)
{
	int rc = 0;

	for (int crowded = 0; crowded < 2 && rc == 0; crowded++) {
		buf_reset(&w->scratch);
		rc = commits_read(c, decision_path(id, n, crowded, path), &w->scratch, e);
	}
	return rc;
}

/* Where the entry is, or where it has to go (fresh). */
static int place(struct writing *w, struct commits *c, struct ledger_entry *entry, struct err *e)
{
	const struct decision *d = &entry->decision;
	char day[DECISION_PATH];
	unsigned event = 1;
	long count;
	int rc = 0;

	for (; event <= EVENTS; event++) {
		rc = read_event(w, c, d->id, event, entry->path, e);
		if (rc <= 0 || decision_same(d, buf_str(&w->scratch)))
			break;
	}
	if (rc < 0)
		return -1;
	entry->fresh = rc == 0;
	if (!entry->fresh)
		return 0;
	if (event > EVENTS)
		return err_set(e, ERR_DATA, "case '%s' has %d decisions already", d->id, EVENTS);
	count = commits_count(c, decision_day(d->id, day), e);
	if (count < 0)
		return -1;
	decision_path(d->id, event, count >= DECISION_CROWD, entry->path);
	return 0;
}

static struct commits_about about(const struct writing *w, const char *message)
{
	return (struct commits_about){
		.message = message, .name = w->how->name, .mail = w->how->mail, .at = w->how->at};
}

/* A decision that is there: brought by an entry before it in this chain, or by a commit of the
 * past. */
static int find_again(struct writing *w, size_t i, struct err *e)
{
	struct ledger_entry *entry = &w->entries[i];
	uint32_t before = table_get(&w->recent, hash_of(str_of(entry->path)));

	if (before != TABLE_NONE && strcmp(w->entries[before].path, entry->path) == 0) {
		memcpy(entry->commit, w->entries[before].commit, REPO_ID);
		entry->at = w->entries[before].at;
		return 0;
	}
	return find_past(w, entry, e);
}

/* A gap, on what stands in the tree by now. What is in its way (ERR_DATA) keeps no decision out. */
static int put_gap(struct writing *w, struct commits *c, const struct decision *d,
	const json_t *gap, const char *path, struct err *e)
{
	struct buf file = BUF_INIT(GAP_FILE);
	struct commits_file put = {.path = path};
	struct err why = ERR_INIT;
	int there;

	buf_reset(&w->scratch);
	there = commits_read(c, path, &w->scratch, &why);
	if (there >= 0 && gap_note(gap, d->id, w->how->at, there ? buf_str(&w->scratch) : STR_NONE,
				  &file) && !file.full) {
		put.bytes = buf_str(&file);
		commits_put(c, &put, &why);
	}
	buf_clear(&file);
	return why.kind == ERR_NONE || why.kind == ERR_DATA ? 0
							     : err_set(e, why.kind, "%s", why.text);
}

/* What its plan missed, into the same commit. */
static int put_gaps(struct writing *w, struct commits *c, const struct decision *d, struct err *e)
{
	char path[GAP_PATH];
	json_t *gap;
	size_t i;

	json_array_foreach (d->gaps, i, gap)
		if (i < GAPS && gap_path(gap, path) == 0 && put_gap(w, c, d, gap, path, e))
			return -1;
	return 0;
}

/* What it was decided by, into the same commit. A name is a digest: what is there is the same. */
static int put_beside(struct writing *w, struct commits *c, const struct ledger_entry *entry,
	struct err *e)
{
	for (size_t i = 0; i < entry->n_beside; i++) {
		const struct ledger_file *f = &entry->beside[i];
		struct commits_file file = {f->path, f->bytes};
		int there;

		buf_reset(&w->scratch);
		there = commits_read(c, f->path, &w->scratch, e);
		if (there < 0 || (!there && commits_put(c, &file, e)))
			return -1;
	}
	return 0;
}

/* One entry: found again, or into the tree and, with a commit each, into the chain. */
static int add_one(struct writing *w, struct commits *c, size_t i, struct err *e)
{
	struct ledger_entry *entry = &w->entries[i];
	struct commits_about one = about(w, entry->decision.message);
	struct commits_file file = {.path = entry->path};

	if (place(w, c, entry, e))
		return -1;
	if (!entry->fresh)
		return find_again(w, i, e);
	table_put(&w->recent, hash_of(str_of(entry->path)), (uint32_t)i);
	if (put_gaps(w, c, &entry->decision, e) || put_beside(w, c, entry, e))
		return -1;
	buf_reset(&w->scratch);
	decision_file(&entry->decision, &w->scratch);
	if (w->scratch.full)
		return err_set(
			e, ERR_DATA, "the decision of case '%s' is too large", entry->decision.id);
	file.bytes = buf_str(&w->scratch);
	if (w->how->one_commit)
		return commits_put(c, &file, e);
	if (commits_add(c, &file, 1, &one, entry->commit, e))
		return -1;
	entry->at = commits_at(c);
	return 0;
}

/* With one commit for all the files are in the tree; this is the commit. */
static int add_commit(struct writing *w, struct commits *c, struct err *e)
{
	const struct decision **fresh = mem_array(w->n, sizeof *fresh);
	char *message = NULL, id[REPO_ID];
	struct commits_about all;
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < w->n; i++)
		if (w->entries[i].fresh)
			fresh[n++] = &w->entries[i].decision;
	if (n) {
		message = decision_message_of(fresh, n);
		all = about(w, message);
		rc = commits_add(c, NULL, 0, &all, id, e);
	}
	for (size_t i = 0; i < w->n && n && rc == 0; i++) {
		uint32_t before = table_get(&w->recent, hash_of(str_of(w->entries[i].path)));

		if (before == TABLE_NONE ||
			strcmp(w->entries[before].path, w->entries[i].path) != 0)
			continue;
		memcpy(w->entries[i].commit, id, REPO_ID);
		w->entries[i].at = commits_at(c);
	}
	free(message);
	free(fresh);
	return rc;
}

/* The whole chain on what the branch is now; again when it moved. */
static int add_all(void *arg, struct commits *c, struct err *e)
{
	struct writing *w = arg;

	table_clear(&w->recent);
	memcpy(w->tip, commits_tip(c), REPO_ID);
	past_start(w->past, w->tip);
	for (size_t i = 0; i < w->n; i++)
		if (add_one(w, c, i, e))
			return -1;
	return w->how->one_commit ? add_commit(w, c, e) : 0;
}

int ledger_write(struct repo *r, struct ledger_entry *entries, size_t n,
	const struct ledger_how *how, struct buf *behind, struct err *e)
{
	struct writing w = {.repo = r,
		.entries = entries,
		.n = n,
		.how = how,
		.recent = TABLE_INIT,
		.past = past_new(r),
		.scratch = BUF_INIT(2 * BUF_RECORD)};
	struct commits *c = commits_begin(r, e);
	int rc = -1;

	if (c && add_all(&w, c, e) == 0)
		rc = commits_end(c, add_all, &w, e);
	if (rc == 0)
		buf_puts(behind, commits_behind(c));
	commits_free(c);
	table_clear(&w.recent);
	past_free(w.past);
	buf_clear(&w.scratch);
	return rc;
}

int ledger_find(struct repo *r, const char *commit, const char *id, unsigned event,
	char path[DECISION_PATH], struct buf *into, struct err *e)
{
	int rc = 0;

	for (int crowded = 0; crowded < 2 && rc == 0; crowded++) {
		buf_reset(into);
		rc = repo_read(r, commit, decision_path(id, event, crowded, path), into, e);
	}
	return rc;
}

struct telling {
	ledger_each_fn *each;
	void *arg;
};

static int tell(void *arg, const char *path, const char *blob, struct err *e)
{
	struct telling *t = arg;
	struct ledger_item item = {.path = path, .blob = blob};

	if (decision_of_path(path, item.id, &item.event))
		return 0;
	return t->each(t->arg, &item, e);
}

int ledger_each(struct repo *r, const char *commit, ledger_each_fn *each, void *arg, struct err *e)
{
	struct telling t = {each, arg};

	return repo_each(r, commit, DECISION_ROOT, tell, &t, e);
}
