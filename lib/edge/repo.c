#include "edge/git2.h"

#include <stdarg.h>

#include "base/mem.h"

/*
 * git_libgit2_init reads the system's CA bundle where libgit2 is built with mbedTLS: 5 to 12 ms of
 * a program that never opens a connection. This definition stands in front of the library's and
 * loads nothing. It fails closed: with no authority known, a TLS peer would be refused. Where
 * libgit2 uses another TLS library nobody calls it.
 */
int mbedtls_x509_crt_parse_file(void *chain, const char *path);
int mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
	(void)chain;
	(void)path;
	return 0;
}

int git2_fail(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	const git_error *last = git_error_last();
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	if (last && last->message)
		return err_set(e, kind, "%s: %s", what, last->message);
	return err_set(e, kind, "%s", what);
}

/* Whether it opens when nobody asks who owns it: libgit2 1.5 reports a wrong owner as "not found".
 */
static bool only_owner_is_wrong(const char *path)
{
	git_repository *git = NULL;
	int rc;

	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	rc = git_repository_open(&git, path);
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1);
	git_repository_free(git);
	return rc == 0;
}

static int open_failed(const char *path, int rc, struct err *e)
{
	if (rc == GIT_EOWNER || only_owner_is_wrong(path))
		return err_set(e, ERR_CONFIG,
			"repository '%s' belongs to another user: give it to this one, or allow it with "
			"git config --global --add safe.directory '%s'",
			path, path);
	if (rc == GIT_ENOTFOUND)
		return err_set(e, ERR_UNAVAILABLE,
			"no git repository at '%s': make one with hl init", path);
	return git2_fail(e, ERR_UNAVAILABLE, "cannot open repository '%s'", path);
}

static struct repo *repo_take(git_repository *git, const char *path, struct err *e)
{
	struct repo *r = mem_new(sizeof *r);

	r->git = git;
	r->path = mem_text(path);
	if (git_repository_odb(&r->odb, git)) {
		git2_fail(e, ERR_UNAVAILABLE, "cannot open the objects of '%s'", path);
		repo_free(r);
		return NULL;
	}
	return r;
}

static void library_begin(void)
{
	git_libgit2_init(); /* counts; it stays for the life of the process */
	/* Else a directory of more than a hundred files is unpacked again for each file that is
	 * read. */
	git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, (size_t)1 << 20);
	git_error_clear();
}

struct repo *repo_open(const char *path, struct err *e)
{
	git_repository *git = NULL;
	int rc;

	library_begin();
	rc = git_repository_open(&git, path);
	if (rc) {
		open_failed(path, rc, e);
		return NULL;
	}
	return repo_take(git, path, e);
}

struct repo *repo_init(const char *path, bool bare, struct err *e)
{
	git_repository_init_options options;
	git_repository *git = NULL;

	library_begin();
	if (git_repository_open(&git, path) == 0)
		return repo_take(git, path, e);
	if (only_owner_is_wrong(path)) {
		open_failed(path, GIT_EOWNER, e);
		return NULL;
	}
	git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
	options.flags = GIT_REPOSITORY_INIT_MKPATH | (bare ? GIT_REPOSITORY_INIT_BARE : 0);
	options.initial_head = "main";
	if (git_repository_init_ext(&git, path, &options)) {
		git2_fail(e, ERR_OUTPUT, "cannot make a repository at '%s'", path);
		return NULL;
	}
	return repo_take(git, path, e);
}

void repo_free(struct repo *r)
{
	if (!r)
		return;
	git_tree_free(r->tree);
	git_odb_free(r->odb);
	git_repository_free(r->git);
	free(r->path);
	free(r);
}

const char *repo_path(const struct repo *r)
{
	return r->path;
}

bool repo_is_bare(const struct repo *r)
{
	return git_repository_is_bare(r->git);
}

int repo_head(struct repo *r, char commit[REPO_ID], struct err *e)
{
	git_oid id;
	int rc = git_reference_name_to_id(&id, r->git, "HEAD");

	if (rc == GIT_ENOTFOUND)
		return err_set(e, ERR_CONFIG,
			"repository '%s' has no commit on its branch yet: make one with hl init",
			r->path);
	if (rc)
		return git2_fail(e, ERR_CONFIG, "cannot read HEAD of '%s'", r->path);
	git_oid_tostr(commit, REPO_ID, &id);
	return 0;
}

int repo_resolve(struct repo *r, const char *name, char commit[REPO_ID], struct err *e)
{
	size_t n = strlen(name);
	git_commit *c = NULL;
	git_oid id;

	if (strcmp(name, "HEAD") == 0)
		return repo_head(r, commit, e);
	if (n < 4 || n >= REPO_ID || name[strspn(name, "0123456789abcdef")] ||
		git_oid_fromstrn(&id, name, n) || git_commit_lookup_prefix(&c, r->git, &id, n))
		return err_set(e, ERR_UNAVAILABLE, "no commit '%s' in '%s'", name, r->path);
	git_oid_tostr(commit, REPO_ID, git_commit_id(c));
	git_commit_free(c);
	return 0;
}

/* The root tree of a commit, kept open: reads of one run are all of one commit. */
static git_tree *root_of(struct repo *r, const char *commit, struct err *e)
{
	git_commit *c = NULL;
	git_oid id;

	if (r->tree && strcmp(r->root, commit) == 0)
		return r->tree;
	git_tree_free(r->tree);
	r->tree = NULL;
	r->root[0] = '\0';
	if (git_oid_fromstr(&id, commit) || git_commit_lookup(&c, r->git, &id)) {
		git2_fail(e, ERR_DATA, "no commit '%s' in '%s'", commit, r->path);
		return NULL;
	}
	if (git_commit_tree(&r->tree, c)) {
		r->tree = NULL;
		git2_fail(e, ERR_DATA, "cannot read the tree of commit '%s' in '%s'", commit,
			r->path);
	} else {
		git_oid_tostr(r->root, sizeof r->root, git_commit_id(c));
	}
	git_commit_free(c);
	return r->tree;
}

/* 1 with the entry's id and type, 0 absent, -1 error. */
static int find_entry(struct repo *r, const char *commit, const char *path, git_oid *id,
	git_object_t *type, struct err *e)
{
	git_tree *root = root_of(r, commit, e);
	git_tree_entry *entry = NULL;
	int rc;

	if (!root)
		return -1;
	if (!*path) {
		*id = *git_tree_id(root);
		*type = GIT_OBJECT_TREE;
		return 1;
	}
	rc = git_tree_entry_bypath(&entry, root, path);
	if (rc == GIT_ENOTFOUND)
		return 0;
	if (rc)
		return git2_fail(e, ERR_DATA, "cannot find '%s' in commit %.12s", path, commit);
	*id = *git_tree_entry_id(entry);
	*type = git_tree_entry_type(entry);
	git_tree_entry_free(entry);
	return 1;
}

int repo_find(struct repo *r, const char *commit, const char *path, char id[REPO_ID], struct err *e)
{
	git_object_t type;
	git_oid oid;
	int rc = find_entry(r, commit, path, &oid, &type, e);

	if (rc > 0)
		git_oid_tostr(id, REPO_ID, &oid);
	return rc;
}

static int read_blob(
	struct repo *r, const git_oid *id, const char *name, struct buf *into, struct err *e)
{
	git_blob *blob = NULL;
	int rc = 0;

	if (git_blob_lookup(&blob, r->git, id))
		return git2_fail(e, ERR_DATA, "cannot read '%s' in '%s'", name, r->path);
	if (buf_put(into, git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob)))
		rc = err_set(e, ERR_DATA, "'%s' is larger than %zu bytes", name, into->max);
	git_blob_free(blob);
	return rc;
}

int repo_read(struct repo *r, const char *commit, const char *path, struct buf *into, struct err *e)
{
	git_object_t type;
	git_oid id;
	int rc = find_entry(r, commit, path, &id, &type, e);

	if (rc <= 0)
		return rc;
	if (type != GIT_OBJECT_BLOB)
		return err_set(e, ERR_CONFIG, "'%s' is not a file", path);
	return read_blob(r, &id, path, into, e) ? -1 : 1;
}

int repo_blob(struct repo *r, const char *id, struct buf *into, struct err *e)
{
	git_oid oid;

	if (git_oid_fromstr(&oid, id))
		return err_set(e, ERR_DATA, "'%s' is no object id", id);
	return read_blob(r, &oid, id, into, e);
}

struct walk {
	repo_each_fn *each;
	void *arg;
	struct buf path;
	struct err *e;
	bool stopped; /* by `each`, which set the error */
};

static int walk_entry(const char *dir, const git_tree_entry *entry, void *arg)
{
	struct walk *w = arg;
	size_t base = w->path.n;
	char id[REPO_ID];
	int rc;

	if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
		return 0;
	git_oid_tostr(id, sizeof id, git_tree_entry_id(entry));
	buf_puts(&w->path, dir);
	buf_puts(&w->path, git_tree_entry_name(entry));
	rc = w->each(w->arg, buf_text(&w->path), id, w->e);
	w->path.n = base;
	w->stopped = rc < 0;
	return rc < 0 ? -1 : 0;
}

int repo_each(struct repo *r, const char *commit, const char *dir, repo_each_fn *each, void *arg,
	struct err *e)
{
	struct walk w = {.each = each, .arg = arg, .path = BUF_INIT(1 << 20), .e = e};
	git_tree *tree = NULL;
	git_object_t type;
	git_oid id;
	int rc = find_entry(r, commit, dir, &id, &type, e);

	if (rc <= 0)
		return rc;
	if (type != GIT_OBJECT_TREE)
		return err_set(e, ERR_CONFIG, "'%s' is not a directory", dir);
	if (git_tree_lookup(&tree, r->git, &id))
		return git2_fail(e, ERR_DATA, "cannot read '%s' in '%s'", dir, r->path);
	if (*dir) {
		buf_puts(&w.path, dir);
		buf_putc(&w.path, '/');
	}
	rc = git_tree_walk(tree, GIT_TREEWALK_PRE, walk_entry, &w);
	if (rc && !w.stopped)
		git2_fail(e, ERR_DATA, "cannot read '%s' in '%s'", dir, r->path);
	buf_clear(&w.path);
	git_tree_free(tree);
	return rc ? -1 : 0;
}

int repo_commit_load(struct repo *r, const char *id, struct repo_commit *c, struct err *e)
{
	git_commit *commit = NULL;
	git_oid oid;

	if (git_oid_fromstr(&oid, id) || git_commit_lookup(&commit, r->git, &oid))
		return git2_fail(e, ERR_DATA, "no commit '%s' in '%s'", id, r->path);
	git_oid_tostr(c->id, sizeof c->id, &oid);
	c->parent[0] = '\0';
	if (git_commit_parentcount(commit))
		git_oid_tostr(c->parent, sizeof c->parent, git_commit_parent_id(commit, 0));
	c->at = git_commit_time(commit);
	c->message = mem_text(git_commit_message_raw(commit));
	git_commit_free(commit);
	return 0;
}

void repo_commit_clear(struct repo_commit *c)
{
	free(c->message);
	c->message = NULL;
}

static int tell_paths(git_diff *diff, repo_each_fn *each, void *arg, struct err *e)
{
	size_t n = git_diff_num_deltas(diff);

	for (size_t i = 0; i < n; i++) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);

		if (each(arg, d->new_file.path ? d->new_file.path : d->old_file.path, "", e))
			return -1;
	}
	return 0;
}

int repo_uncommitted(struct repo *r, const char *dir, repo_each_fn *each, void *arg, struct err *e)
{
	git_diff_options options;
	char *only[] = {(char *)dir};
	char head[REPO_ID];
	git_diff *diff = NULL;
	git_tree *root;
	int rc;

	if (repo_is_bare(r))
		return 0;
	if (repo_head(r, head, e) || !(root = root_of(r, head, e)))
		return -1;
	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.flags = GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS |
			GIT_DIFF_DISABLE_PATHSPEC_MATCH;
	if (*dir)
		options.pathspec = (git_strarray){.strings = only, .count = 1};
	if (git_diff_tree_to_workdir(&diff, r->git, root, &options))
		return git2_fail(
			e, ERR_UNAVAILABLE, "cannot compare the work tree of '%s'", r->path);
	rc = tell_paths(diff, each, arg, e);
	git_diff_free(diff);
	return rc;
}
