#include "edge/commits.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/lock.h"
#include "base/mem.h"
#include "base/path.h"
#include "edge/branch.h"
#include "edge/checkout.h"
#include "edge/git2.h"
#include "edge/spine.h"

enum { TURN_WAIT_MS = 60000, TRIES = 10 };

struct commits {
	struct repo *repo;
	int turn;     /* the lock file */
	char *work;   /* our own directory in the repository: leftovers in it are ours to remove */
	char *branch; /* "refs/heads/main" */
	struct object_id from, tip; /* where the branch is, and where the chain ends */
	bool has_from, has_tip;
	int64_t tip_at; /* committer time of the tip, seconds */
	char tip_hex[REPO_ID];
	struct spine *spine;
	struct pack *pack;
	size_t added;
	struct buf who, why, behind; /* of the last commit: for the reflog */
};

/* "committer Name <mail> SECONDS ZONE" in the head of a commit; 0 where there is none. */
static int64_t committer_time(struct str commit)
{
	struct str line;
	long long at = 0;

	while (str_split(&commit, '\n', &line) && line.n)
		if (str_starts(line, "committer ")) {
			const char *p = line.p + line.n;

			while (p > line.p && p[-1] != '>')
				p--;
			at = strtoll(p, NULL, 10); /* stops at the blank before the zone */
		}
	return at > 0 ? at : 0;
}

static int read_commit(struct commits *c, struct object_id *tree, struct err *e)
{
	struct buf raw = BUF_INIT(BUF_RECORD);
	char hex[REPO_ID];
	int rc = object_read(c->repo, &c->tip, OBJECT_COMMIT, &raw, e);

	if (rc == 0 && (raw.n < 46 || !str_starts(buf_str(&raw), "tree ")))
		rc = err_set(e, ERR_DATA, "commit %s is damaged", c->tip_hex);
	if (rc == 0) {
		memcpy(hex, raw.p + 5, REPO_ID - 1);
		hex[REPO_ID - 1] = '\0';
		if (object_from_hex(hex, tree))
			rc = err_set(e, ERR_DATA, "commit %s is damaged", c->tip_hex);
		c->tip_at = committer_time(buf_str(&raw));
	}
	buf_clear(&raw);
	return rc;
}

/* Starts an empty chain on what the branch is now. */
static int start(struct commits *c, struct err *e)
{
	struct object_id tree;
	int rc = branch_tip(c->repo, c->branch, &c->from, e);

	spine_free(c->spine);
	pack_free(c->pack);
	c->spine = NULL;
	c->pack = NULL;
	c->added = 0;
	c->tip_at = 0;
	c->tip_hex[0] = '\0';
	if (rc < 0)
		return -1;
	c->has_from = c->has_tip = rc;
	c->tip = c->from;
	if (c->has_tip) {
		object_hex(&c->tip, c->tip_hex);
		if (read_commit(c, &tree, e))
			return -1;
	}
	c->spine = spine_new(c->repo, c->has_tip ? &tree : NULL);
	c->pack = pack_new();
	return 0;
}

/* Packs that a killed run did not finish. */
static void tidy(const char *work)
{
	DIR *dir = opendir(work);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (strncmp(entry->d_name, "pack", 4) == 0 || strncmp(entry->d_name, "tmp", 3) == 0)
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}

static int take_turn(struct commits *c, struct err *e)
{
	const char *git = git_repository_commondir(c->repo->git);
	char *lock;

	c->work = path_join(git, "hl");
	if (mkdir(c->work, 0777) && errno != EEXIST)
		return err_sys(e, ERR_OUTPUT, "cannot create directory '%s'", c->work);
	lock = path_join(c->work, "turn");
	c->turn = lock_take(lock, TURN_WAIT_MS, e);
	free(lock);
	if (c->turn < 0)
		return -1;
	tidy(c->work);
	return 0;
}

struct commits *commits_begin(struct repo *r, struct err *e)
{
	struct commits *c = mem_new(sizeof *c);

	c->repo = r;
	c->turn = -1;
	c->who = BUF_INIT(1024);
	c->why = BUF_INIT(1024);
	c->behind = BUF_INIT(65536);
	c->branch = branch_of_head(r, e);
	if (c->branch && take_turn(c, e) == 0 && start(c, e) == 0)
		return c;
	commits_free(c);
	return NULL;
}

void commits_free(struct commits *c)
{
	if (!c)
		return;
	spine_free(c->spine);
	pack_free(c->pack);
	lock_drop(c->turn);
	buf_clear(&c->who);
	buf_clear(&c->why);
	buf_clear(&c->behind);
	free(c->work);
	free(c->branch);
	free(c);
}

const char *commits_tip(const struct commits *c)
{
	return c->tip_hex;
}

int64_t commits_at(const struct commits *c)
{
	return c->tip_at * 1000;
}

const char *commits_behind(const struct commits *c)
{
	return buf_text(&c->behind);
}

long commits_count(struct commits *c, const char *path, struct err *e)
{
	return spine_count(c->spine, path, e);
}

int commits_read(struct commits *c, const char *path, struct buf *into, struct err *e)
{
	struct object_id id;
	int rc = spine_find(c->spine, path, &id, e);

	if (rc <= 0)
		return rc;
	rc = pack_read(c->pack, &id, into, e);
	if (rc)
		return rc;
	return object_read(c->repo, &id, OBJECT_BLOB, into, e) ? -1 : 1;
}

/* Names and addresses end at '<', '>' and line ends, for git: those are left out. */
static void put_person(struct buf *to, const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= ' ' && !strchr("<>", *text))
			buf_putc(to, *text);
}

static void put_who(struct buf *to, const struct commits_about *about, int64_t at)
{
	buf_reset(to);
	put_person(to, about->name);
	buf_puts(to, " <");
	put_person(to, about->mail);
	buf_putf(to, "> %lld +0000", (long long)at);
}

static void put_subject(struct buf *to, const char *message)
{
	size_t n = strcspn(message, "\n");

	buf_reset(to);
	buf_put(to, message, n < 200 ? n : 200);
}

static int put_commit(struct commits *c, const struct object_id *tree,
	const struct commits_about *about, struct err *e)
{
	int64_t at = about->at / 1000;
	struct buf raw = BUF_INIT(BUF_RECORD);
	size_t n = strlen(about->message);
	char hex[REPO_ID];
	int rc;

	if (at < c->tip_at)
		at = c->tip_at;
	put_who(&c->who, about, at);
	put_subject(&c->why, about->message);
	buf_putf(&raw, "tree %s\n", object_hex(tree, hex));
	if (c->has_tip)
		buf_putf(&raw, "parent %s\n", c->tip_hex);
	buf_putf(&raw, "author %s\ncommitter %s\n\n", buf_text(&c->who), buf_text(&c->who));
	buf_put(&raw, about->message, n);
	if (n == 0 || about->message[n - 1] != '\n')
		buf_putc(&raw, '\n');
	if (raw.full || c->who.full)
		rc = err_set(e, ERR_DATA, "a commit message or a name is too long");
	else
		rc = pack_put(c->pack, OBJECT_COMMIT, buf_str(&raw), NULL, STR_NONE, &c->tip, e);
	buf_clear(&raw);
	c->tip_at = at;
	return rc;
}

int commits_put(struct commits *c, const struct commits_file *file, struct err *e)
{
	struct object_id blob;

	if (!file->bytes.p)
		return spine_set(c->spine, file->path, NULL, e);
	if (pack_put(c->pack, OBJECT_BLOB, file->bytes, NULL, STR_NONE, &blob, e))
		return -1;
	return spine_set(c->spine, file->path, &blob, e);
}

int commits_add(struct commits *c, const struct commits_file *files, size_t n,
	const struct commits_about *about, char id[REPO_ID], struct err *e)
{
	struct object_id tree;

	for (size_t i = 0; i < n; i++)
		if (commits_put(c, &files[i], e))
			return -1;
	if (spine_write(c->spine, c->pack, &tree, e) || put_commit(c, &tree, about, e))
		return -1;
	c->has_tip = true;
	c->added++;
	object_hex(&c->tip, c->tip_hex);
	if (id)
		memcpy(id, c->tip_hex, REPO_ID);
	return 0;
}

/* 0 done, 1 the branch has moved, -1 error. */
static int try_end(struct commits *c, struct err *e)
{
	const struct object_id *ids, *old = c->has_from ? &c->from : NULL;
	struct object_id now;
	struct str stream;
	size_t n;
	int rc = branch_tip(c->repo, c->branch, &now, e);

	if (rc < 0)
		return -1;
	if ((bool)rc != c->has_from || (rc && !object_same(&now, &c->from)))
		return 1; /* seen early: no pack for nothing */
	stream = pack_finish(c->pack, e);
	ids = pack_ids(c->pack, &n);
	if (!stream.n || object_install(c->repo, stream, c->work, ids, n, e) ||
		checkout_note(c->repo, old, e))
		return -1;
	return branch_move(
		c->repo, c->branch, c->work, old, &c->tip, buf_text(&c->who), buf_str(&c->why), e);
}

int commits_end(struct commits *c, commits_again_fn *again, void *arg, struct err *e)
{
	int rc = 1;

	for (int tries = 0; c->added && rc == 1; tries++) {
		rc = try_end(c, e);
		if (rc < 0)
			return -1;
		if (rc == 1 && (!again || tries == TRIES))
			return err_set(e, ERR_AGAIN,
				"'%s' of '%s' is being moved by others: try again", c->branch,
				c->repo->path);
		if (rc == 1 && (start(c, e) || again(arg, c, e)))
			return -1;
	}
	if (c->has_tip)
		checkout_bring(c->repo, &c->tip, &c->behind);
	c->from = c->tip;
	c->has_from = c->has_tip;
	return 0;
}
