#include "edge/spine.h"

#include <strings.h>

#include "base/mem.h"

#define TREE_MAX  ((size_t)256 << 20)
#define DEPTH_MAX 64

struct dir {
	struct str name; /* owned bytes */
	struct buf
		raw; /* entries as they will be: "MODE name\0" and 20 bytes each, in git's order */
	struct buf was; /* as last written or read, under the name `id` */
	struct object_id id;
	bool has_id, changed;
	struct dir **subs;
	size_t n, cap;
};

struct spine {
	struct repo *repo;
	struct dir *root;
	struct err broken; /* the root could not be read: told by the first use */
};

/* A place in a directory's bytes. */
struct spot {
	size_t start, end; /* of the entry; both where it would go when absent */
	unsigned mode;     /* 0: absent */
};

static void dir_free(struct dir *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->n; i++)
		dir_free(d->subs[i]);
	free(d->subs);
	free((char *)(uintptr_t)d->name.p);
	buf_clear(&d->raw);
	buf_clear(&d->was);
	free(d);
}

static struct dir *dir_new(struct str name)
{
	struct dir *d = mem_new(sizeof *d);

	d->name = (struct str){mem_copy(name.p ? name.p : "", name.n), name.n};
	d->raw = BUF_INIT(TREE_MAX);
	d->was = BUF_INIT(TREE_MAX);
	return d;
}

static int dir_load(struct spine *s, struct dir *d, const struct object_id *id, struct err *e)
{
	if (object_read(s->repo, id, OBJECT_TREE, &d->was, e))
		return -1;
	buf_put(&d->raw, d->was.p, d->was.n);
	d->id = *id;
	d->has_id = true;
	return 0;
}

struct spine *spine_new(struct repo *r, const struct object_id *tree)
{
	struct spine *s = mem_new(sizeof *s);

	s->repo = r;
	s->root = dir_new(STR_NONE);
	if (tree)
		dir_load(s, s->root, tree, &s->broken);
	return s;
}

void spine_free(struct spine *s)
{
	if (!s)
		return;
	dir_free(s->root);
	free(s);
}

/* git's order: as if a directory's name ended in a slash. */
static int order(struct str a, bool a_dir, struct str b, bool b_dir)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;
	unsigned char x = a.n > n ? (unsigned char)a.p[n] : a_dir ? '/' : 0;
	unsigned char y = b.n > n ? (unsigned char)b.p[n] : b_dir ? '/' : 0;

	return c ? c : x - y;
}

/* Steps over one entry; false at the end or where the bytes are no tree. */
static bool next_entry(
	struct str raw, size_t *at, unsigned *mode, struct str *name, const char **id)
{
	const char *p = raw.p + *at, *end = raw.p + raw.n, *zero;

	if (raw.n <= *at)
		return false;
	for (*mode = 0; p < end && *p >= '0' && *p <= '7'; p++)
		*mode = *mode << 3 | (unsigned)(*p - '0');
	if (p == end || *p++ != ' ')
		return false;
	zero = memchr(p, '\0', (size_t)(end - p));
	if (!zero || end - zero <= (ptrdiff_t)sizeof(struct object_id))
		return false;
	*name = (struct str){p, (size_t)(zero - p)};
	*id = zero + 1;
	*at = (size_t)(zero + 1 - raw.p) + sizeof(struct object_id);
	return true;
}

static struct spot find(const struct dir *d, struct str name, bool as_dir)
{
	struct spot spot = {0, 0, 0};
	struct str got;
	unsigned mode;
	const char *id;

	for (size_t at = 0, start = 0; next_entry(buf_str(&d->raw), &at, &mode, &got, &id);
		start = at) {
		if (str_eq(got, name))
			return (struct spot){start, at, mode};
		if (order(got, mode == 040000, name, as_dir) < 0)
			spot.start = spot.end = at;
	}
	return spot;
}

static struct object_id id_at(const struct dir *d, struct spot spot)
{
	struct object_id id;

	memcpy(id.b, d->raw.p + spot.end - sizeof id.b, sizeof id.b);
	return id;
}

/* Replaces the bytes of the spot by an entry, or by nothing (mode 0). */
static int replace(struct dir *d, struct spot spot, unsigned mode, struct str name,
	const struct object_id *id, struct err *e)
{
	struct buf entry = BUF_INIT(8192);
	size_t tail = d->raw.n - spot.end;
	int rc = 0;

	if (mode) {
		buf_putf(&entry, "%o ", mode);
		buf_putstr(&entry, name);
		buf_putc(&entry, '\0');
		buf_put(&entry, id->b, sizeof id->b);
	}
	if (entry.full || !buf_room(&d->raw, entry.n)) {
		rc = err_set(e, ERR_DATA, "directory or name too large: '%.*s'", STR_ARG(name));
	} else {
		memmove(d->raw.p + spot.start + entry.n, d->raw.p + spot.end, tail);
		if (entry.n)
			memcpy(d->raw.p + spot.start, entry.p, entry.n);
		d->raw.n = spot.start + entry.n + tail;
		d->changed = true;
	}
	buf_clear(&entry);
	return rc;
}

/* 1 the directory `name` of d, loaded; 0 absent; -1 error. With `make` it is made where absent. */
static int sub(
	struct spine *s, struct dir *d, struct str name, bool make, struct dir **to, struct err *e)
{
	struct spot spot = find(d, name, true);
	struct dir *new;

	if (spot.mode && spot.mode != 040000)
		return make ? err_set(e, ERR_DATA, "'%.*s' is a file where a directory has to be",
				      STR_ARG(name))
			    : 0;
	for (size_t i = 0; i < d->n; i++)
		if (str_eq(d->subs[i]->name, name)) {
			*to = d->subs[i];
			return 1;
		}
	if (!spot.mode && !make)
		return 0;
	new = dir_new(name);
	if (spot.mode) {
		struct object_id id = id_at(d, spot);

		if (dir_load(s, new, &id, e)) {
			dir_free(new);
			return -1;
		}
	}
	d->subs = mem_room(d->subs, d->n, &d->cap, sizeof *d->subs);
	d->subs[d->n++] = new;
	*to = new;
	return 1;
}

static bool name_is_safe(struct str name)
{
	if (name.n == 0 || name.n > 255 || str_is(name, ".") || str_is(name, ".."))
		return false;
	/* ".git" in any case, and what Windows and macOS take for it. */
	if (name.n >= 4 && strncasecmp(name.p, ".git", 4) == 0 && !str_starts(name, ".gitignore") &&
		!str_starts(name, ".gitattributes") && !str_starts(name, ".gitkeep"))
		return false;
	if (name.n >= 5 && strncasecmp(name.p, "git~1", 5) == 0)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < ' ' || name.p[i] == '\\' || name.p[i] == 127)
			return false;
	return true;
}

/* Walks to the directory that holds the last name of `path`. 1, 0 absent, -1 error. */
static int walk(struct spine *s, const char *path, bool make, struct dir **dir, struct str *name,
	struct err *e)
{
	struct str rest = str_of(path), piece;
	int rc = 1;

	*dir = s->root;
	if (s->broken.kind)
		return err_set(e, s->broken.kind, "%s", s->broken.text);
	for (int depth = 0; rc > 0 && str_split(&rest, '/', &piece); depth++) {
		if (!name_is_safe(piece) || depth > DEPTH_MAX)
			return err_set(
				e, ERR_DATA, "'%s' cannot be a path in the repository", path);
		*name = piece;
		if (rest.n)
			rc = sub(s, *dir, piece, make, dir, e);
	}
	if (*path == '\0' || path[strlen(path) - 1] == '/')
		return err_set(e, ERR_DATA, "'%s' cannot be a path in the repository", path);
	return rc;
}

int spine_find(struct spine *s, const char *path, struct object_id *id, struct err *e)
{
	struct str name = STR_NONE;
	struct dir *dir;
	struct spot spot;
	int rc = walk(s, path, false, &dir, &name, e);

	if (rc <= 0)
		return rc;
	spot = find(dir, name, false);
	if ((spot.mode & 0170000) != 0100000)
		return 0;
	*id = id_at(dir, spot);
	return 1;
}

long spine_count(struct spine *s, const char *path, struct err *e)
{
	struct str name = STR_NONE;
	struct dir *dir = s->root;
	unsigned mode;
	const char *id;
	long n = 0;
	int rc = 1;

	if (*path) {
		rc = walk(s, path, false, &dir, &name, e);
		if (rc > 0)
			rc = sub(s, dir, name, false, &dir, e);
	}
	if (rc <= 0)
		return rc;
	for (size_t at = 0; next_entry(buf_str(&dir->raw), &at, &mode, &name, &id);)
		n++;
	return n;
}

int spine_set(struct spine *s, const char *path, const struct object_id *id, struct err *e)
{
	struct str name = STR_NONE;
	struct spot spot;
	struct dir *dir;
	int rc = walk(s, path, id != NULL, &dir, &name, e);

	if (rc <= 0)
		return rc;
	spot = find(dir, name, false);
	if (!id && !spot.mode)
		return 0;
	if (spot.mode == 040000)
		return err_set(e, ERR_DATA, "'%s' is a directory", path);
	for (size_t i = 0; i < dir->n; i++) /* made in this chain and not written yet */
		if (str_eq(dir->subs[i]->name, name) && dir->subs[i]->raw.n)
			return err_set(e, ERR_DATA, "'%s' is a directory", path);
	if (id && spot.mode && (spot.mode & 0170000) == 0100000) {
		struct object_id now = id_at(dir, spot);

		if (object_same(&now, id))
			return 0;
		return replace(dir, spot, spot.mode, name, id, e);
	}
	return replace(dir, spot, id ? SPINE_FILE : 0, name, id, e);
}

/* Children first: their names are in the parent's bytes. 1 when d's bytes changed. */
static int write_dir(struct dir *d, struct pack *p, struct err *e)
{
	struct object_id id;
	int rc;

	for (size_t i = 0; i < d->n; i++) {
		struct dir *kid = d->subs[i];
		struct spot spot;

		rc = write_dir(kid, p, e);
		if (rc < 0)
			return -1;
		if (rc == 0)
			continue;
		spot = find(d, kid->name, true);
		if (spot.mode || kid->raw.n)
			if (replace(d, spot, kid->raw.n ? 040000 : 0, kid->name, &kid->id, e))
				return -1;
	}
	if (!d->changed)
		return 0;
	if (d->raw.n == 0 && d->name.n) { /* git has no empty directories: the parent drops it */
		d->changed = false;
		return 1;
	}
	if (pack_put(p, OBJECT_TREE, buf_str(&d->raw), d->has_id ? &d->id : NULL, buf_str(&d->was),
		    &id, e))
		return -1;
	d->id = id;
	d->has_id = true;
	d->changed = false;
	buf_reset(&d->was);
	buf_putstr(&d->was, buf_str(&d->raw));
	return 1;
}

int spine_write(struct spine *s, struct pack *p, struct object_id *root, struct err *e)
{
	if (s->broken.kind)
		return err_set(e, s->broken.kind, "%s", s->broken.text);
	if (!s->root->has_id)
		s->root->changed = true;
	if (write_dir(s->root, p, e) < 0)
		return -1;
	*root = s->root->id;
	return 0;
}
