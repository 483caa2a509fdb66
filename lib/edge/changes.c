#include "edge/changes.h"

#include "edge/git2.h"

#define DEPTH 32 /* of directories */

struct compare {
	struct repo *repo;
	repo_each_fn *each;
	void *arg;
	struct buf path;
	struct err *e;
};

static int compare_trees(struct compare *c, git_tree *then, git_tree *now, int depth);

/* The tree of an entry, or NULL for none; -1 when it cannot be read. */
static int open_tree(struct compare *c, const git_tree_entry *entry, git_tree **tree)
{
	*tree = NULL;
	if (!entry)
		return 0;
	if (git_tree_lookup(tree, c->repo->git, git_tree_entry_id(entry)))
		return git2_fail(c->e, ERR_DATA, "cannot read '%s' in '%s'", buf_text(&c->path),
			c->repo->path);
	return 0;
}

static int compare_directories(
	struct compare *c, const git_tree_entry *then, const git_tree_entry *now, int depth)
{
	git_tree *old = NULL, *new = NULL;
	int rc = -1;

	if (depth == DEPTH)
		return err_set(c->e, ERR_DATA, "'%s' is too deep", buf_text(&c->path));
	buf_putc(&c->path, '/');
	if (open_tree(c, then, &old) == 0 && open_tree(c, now, &new) == 0)
		rc = compare_trees(c, old, new, depth + 1);
	git_tree_free(old);
	git_tree_free(new);
	return rc;
}

static int tell(struct compare *c, const git_tree_entry *entry)
{
	char id[REPO_ID];

	git_oid_tostr(id, sizeof id, git_tree_entry_id(entry));
	return c->each(c->arg, buf_text(&c->path), id, c->e) ? -1 : 0;
}

/* One name: `then` NULL when it is new; `now` NULL does not come here. */
static int compare_entry(
	struct compare *c, const git_tree_entry *then, const git_tree_entry *now, int depth)
{
	size_t base = c->path.n;
	int rc;

	if (then && git_oid_equal(git_tree_entry_id(then), git_tree_entry_id(now)))
		return 0;
	buf_puts(&c->path, git_tree_entry_name(now));
	if (then && git_tree_entry_type(then) != git_tree_entry_type(now))
		rc = 1;
	else if (git_tree_entry_type(now) == GIT_OBJECT_TREE)
		rc = compare_directories(c, then, now, depth);
	else if (then)
		rc = 1;
	else
		rc = git_tree_entry_type(now) == GIT_OBJECT_BLOB ? tell(c, now) : 0;
	c->path.n = base;
	if (c->path.p)
		c->path.p[base] = '\0';
	return rc;
}

/* Both are sorted in git's order, so they are walked side by side. */
static int compare_trees(struct compare *c, git_tree *then, git_tree *now, int depth)
{
	size_t n_then = then ? git_tree_entrycount(then) : 0, n_now = git_tree_entrycount(now);
	size_t at = 0;
	int rc = 0;

	for (size_t i = 0; i < n_now && rc == 0; i++) {
		const git_tree_entry *one = git_tree_entry_byindex(now, i);
		const git_tree_entry *was = at < n_then ? git_tree_entry_byindex(then, at) : NULL;
		int order = was ? git_tree_entry_cmp(was, one) : 1;

		if (order < 0)
			return 1; /* it is gone */
		at += order == 0;
		rc = compare_entry(c, order == 0 ? was : NULL, one, depth);
	}
	return rc ? rc : at < n_then;
}

/* 1 with the tree at `dir` in the commit (NULL when absent), 0 when there is no such commit. */
static int tree_at(struct repo *r, const char *commit, const char *dir, git_tree **tree)
{
	git_tree_entry *entry = NULL;
	git_commit *c = NULL;
	git_tree *root = NULL;
	git_oid id;
	int rc = 0;

	*tree = NULL;
	if (!*commit)
		return 1;
	if (git_oid_fromstr(&id, commit) == 0 && git_commit_lookup(&c, r->git, &id) == 0 &&
		git_commit_tree(&root, c) == 0) {
		rc = 1;
		if (git_tree_entry_bypath(&entry, root, dir) == 0)
			git_tree_lookup(tree, r->git, git_tree_entry_id(entry));
	}
	git_tree_entry_free(entry);
	git_tree_free(root);
	git_commit_free(c);
	return rc;
}

int changes_each(struct repo *r, const char *then, const char *now, const char *dir,
	repo_each_fn *each, void *arg, struct err *e)
{
	struct compare c = {.repo = r, .each = each, .arg = arg, .path = BUF_INIT(1 << 16), .e = e};
	git_tree *old = NULL, *new = NULL;
	int rc = 1;

	if (!tree_at(r, now, dir, &new)) {
		rc = git2_fail(e, ERR_DATA, "no commit '%s' in '%s'", now, r->path);
	} else if (tree_at(r, then, dir, &old)) {
		buf_putf(&c.path, "%s/", dir);
		if (new)
			rc = compare_trees(&c, old, new, 0);
		else
			rc = old != NULL;
	}
	git_tree_free(old);
	git_tree_free(new);
	buf_clear(&c.path);
	return rc;
}
