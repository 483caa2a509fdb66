#include "edge/object.h"

#include <fcntl.h>
#include <stdio.h>

#include "base/file.h"
#include "base/path.h"
#include "base/sha1.h"
#include "edge/git2.h"

void object_name(enum object_type type, struct str bytes, struct object_id *id)
{
	static const char *const names[] = {
		[OBJECT_COMMIT] = "commit", [OBJECT_TREE] = "tree", [OBJECT_BLOB] = "blob"};
	struct sha1 s;
	char head[32];
	int n = snprintf(head, sizeof head, "%s %zu", names[type], bytes.n);

	sha1_begin(&s);
	sha1_add(&s, (struct str){head, (size_t)n + 1}); /* the NUL belongs to it */
	sha1_add(&s, bytes);
	sha1_end(&s, id->b);
}

char *object_hex(const struct object_id *id, char hex[REPO_ID])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof id->b; i++) {
		hex[2 * i] = digits[id->b[i] >> 4];
		hex[2 * i + 1] = digits[id->b[i] & 15];
	}
	hex[2 * sizeof id->b] = '\0';
	return hex;
}

int object_from_hex(const char *hex, struct object_id *id)
{
	git_oid oid;

	if (strlen(hex) != REPO_ID - 1 || git_oid_fromstr(&oid, hex))
		return -1;
	memcpy(id->b, oid.id, sizeof id->b);
	return 0;
}

static git_oid oid_of(const struct object_id *id)
{
	git_oid oid;

	git_oid_fromraw(&oid, id->b);
	return oid;
}

int object_read(struct repo *r, const struct object_id *id, enum object_type type, struct buf *into,
	struct err *e)
{
	git_odb_object *object = NULL;
	git_oid oid = oid_of(id);
	char hex[REPO_ID];
	int rc = 0;

	object_hex(id, hex);
	if (git_odb_read(&object, r->odb, &oid))
		return git2_fail(e, ERR_DATA, "cannot read object %s of '%s'", hex, r->path);
	if ((int)git_odb_object_type(object) != (int)type)
		rc = err_set(
			e, ERR_DATA, "object %s of '%s' is not of the type expected", hex, r->path);
	else if (buf_put(into, git_odb_object_data(object), git_odb_object_size(object)))
		rc = err_set(e, ERR_DATA, "object %s is larger than %zu bytes", hex, into->max);
	git_odb_object_free(object);
	return rc;
}

/* The indexer names its files by the content; `name` gets that name without its ending. */
static int build_index(
	struct repo *r, struct str pack, const char *work, struct buf *name, struct err *e)
{
	git_indexer_progress progress = {0};
	git_indexer *indexer = NULL;
	int rc = -1;

	if (git_indexer_new(&indexer, work, 0444, NULL, NULL)) {
		git2_fail(e, ERR_OUTPUT, "cannot write a pack for '%s'", r->path);
		return -1;
	}
	if (git_indexer_append(indexer, pack.p, pack.n, &progress) ||
		git_indexer_commit(indexer, &progress))
		git2_fail(e, ERR_OUTPUT, "cannot write a pack for '%s'", r->path);
	else
		rc = buf_putf(name, "pack-%s", git_indexer_name(indexer));
	git_indexer_free(indexer);
	return rc;
}

/* "DIR/NAME.pack" */
static char *file_name(const char *dir, const char *name, const char *ending)
{
	struct buf path = BUF_INIT(8192);

	return buf_putf(&path, "%s/%s%s", dir, name, ending) ? NULL : buf_take(&path);
}

/*
 * Syncs files together: all of them are on their way before the first is waited for, so that the
 * file system's journal takes them in one go. Where the hint means nothing it costs nothing.
 */
static int sync_files(char *const *paths, int *fds, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		fds[i] = open(paths[i], O_RDONLY | O_CLOEXEC);
		if (fds[i] < 0)
			return err_sys(e, ERR_OUTPUT, "cannot open '%s'", paths[i]);
		posix_fadvise(fds[i], 0, 0, POSIX_FADV_DONTNEED);
	}
	for (size_t i = 0; i < n; i++)
		if (fsync(fds[i]))
			return err_sys(e, ERR_OUTPUT, "cannot sync '%s'", paths[i]);
	return 0;
}

/* The index last: a pack without one does not exist for git. */
static int move_in(const char *work, const char *objects, const char *name, struct err *e)
{
	char *from[2] = {file_name(work, name, ".pack"), file_name(work, name, ".idx")};
	char *to[2] = {file_name(objects, name, ".pack"), file_name(objects, name, ".idx")};
	int fds[2] = {-1, -1}, rc = -1;

	if (!from[0] || !from[1] || !to[0] || !to[1])
		err_set(e, ERR_OUTPUT, "file name too long: '%s'", objects);
	else
		rc = sync_files(from, fds, 2, e);
	for (int i = 0; i < 2 && rc == 0; i++)
		if (rename(from[i], to[i]))
			rc = err_sys(e, ERR_OUTPUT, "cannot rename '%s' to '%s'", from[i], to[i]);
	for (int i = 0; i < 2; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		free(from[i]);
		free(to[i]);
	}
	return rc;
}

static int all_there(struct repo *r, const struct object_id *ids, size_t n, struct err *e)
{
	char hex[REPO_ID];

	for (size_t i = 0; i < n; i++) {
		git_oid oid = oid_of(&ids[i]);

		if (!git_odb_exists(r->odb, &oid))
			return err_set(e, ERR_BUG, "object %s was written to '%s' and is not there",
				object_hex(&ids[i], hex), r->path);
	}
	return 0;
}

int object_install(struct repo *r, struct str pack, const char *work, const struct object_id *ids,
	size_t n, struct err *e)
{
	char *objects = path_join(git_repository_commondir(r->git), "objects/pack");
	struct buf name = BUF_INIT(256);
	int rc = -1;

	if (build_index(r, pack, work, &name, e))
		goto out;
	if (move_in(work, objects, name.p, e) || file_sync_dir(objects, e))
		goto out;
	rc = all_there(r, ids, n, e);
out:
	buf_clear(&name);
	free(objects);
	return rc;
}
