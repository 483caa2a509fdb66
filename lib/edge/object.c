#include "edge/object.h"

#include <fcntl.h>
#include <stdio.h>

#include "base/file.h"
#include "base/path.h"
#include "base/sha1.h"
#include "edge/git2.h"

void object_name(enum object_type type, struct str bytes, struct object_id *id)
{
	static const char *const names[] = {[OBJECT_COMMIT] = "commit", [OBJECT_TREE] = "tree",
		[OBJECT_BLOB] = "blob"};
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
		rc = err_set(e, ERR_DATA, "object %s of '%s' is not of the type expected", hex, r->path);
	else if (buf_put(into, git_odb_object_data(object), git_odb_object_size(object)))
		rc = err_set(e, ERR_DATA, "object %s is larger than %zu bytes", hex, into->max);
	git_odb_object_free(object);
	return rc;
}

/* The indexer names its files by the content; `name` gets that name without its ending. */
static int build_index(struct repo *r, struct str pack, const char *work, struct buf *name, struct err *e)
{
	git_indexer_progress progress = {0};
	git_indexer *indexer = NULL;
	int rc = -1;

	if (git_indexer_new(&indexer, work, 0444, NULL, NULL)) {
		git2_fail(e, ERR_OUTPUT, "cannot write a pack for '%s'", r->path);
		return -1;
	}
	if (git_indexer_append(indexer, pack.p, pack.n, &progress) || git_indexer_commit(indexer, &progress))
		git2_fail(e, ERR_OUTPUT, "cannot write a pack for '%s'", r->path);
	else
		rc = buf_putf(name, "pack-%s", git_indexer_name(indexer));
	git_indexer_free(indexer);
	return rc;
}

static int sync_file(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0 || fsync(fd))
		rc = err_sys(e, ERR_OUTPUT, "cannot sync '%s'", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int move(const char *work, const char *objects, const char *name, const char *ending,
	struct err *e)
{
	struct buf from = BUF_INIT(8192), to = BUF_INIT(8192);
	int rc = -1;

	if (buf_putf(&from, "%s/%s%s", work, name, ending) || buf_putf(&to, "%s/%s%s", objects, name, ending))
		err_set(e, ERR_OUTPUT, "file name too long: '%s'", objects);
	else if (sync_file(from.p, e) == 0)
		rc = rename(from.p, to.p) ? err_sys(e, ERR_OUTPUT, "cannot rename '%s' to '%s'", from.p, to.p) : 0;
	buf_clear(&from);
	buf_clear(&to);
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
	/* The index last: a pack without one does not exist for git. */
	if (move(work, objects, name.p, ".pack", e) || move(work, objects, name.p, ".idx", e) ||
		file_sync_dir(objects, e))
		goto out;
	rc = all_there(r, ids, n, e);
out:
	buf_clear(&name);
	free(objects);
	return rc;
}
