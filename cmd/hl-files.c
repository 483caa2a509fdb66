/* hl-files: what takes up space, and removing what is old. Prints one JSON object. */
#include <errno.h>
#include <fnmatch.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/prog.h"
#include "base/when.h"
#include "edge/tree.h"
#include "json/node.h"

#define LISTED_MAX ((size_t)256 << 10) /* bytes of names in the list of what was deleted */
#define FAULTS_MAX 20
#define BLOCK      512 /* what st_blocks counts in */

static struct {
	struct opt_list allow;
	int64_t older_ms;
	bool dry_run;
	long top;
} option = {.older_ms = -1, .top = 20};

static const struct opt options[] = {
	{'a', "allow", "PATTERNS", "delete: file names that may go, such as '*.log.gz *.old'",
		OPT_LIST, &option.allow},
	{'o', "older-than", "SPAN", "delete: last changed longer ago, such as 30d", OPT_SPAN,
		&option.older_ms},
	{'n', "dry-run", NULL, "delete: only say what would go", OPT_FLAG, &option.dry_run},
	{0, "top", "N", "sizes: how many of the largest entries (20)", OPT_COUNT, &option.top},
	OPT_END,
};

static const struct prog program = {
	.name = "hl-files",
	.purpose = "what takes up space, and removing what is old",
	.synopsis = "sizes DIR\ndelete DIR",
	.options = options,
	.verbs = "sizes delete",
	.see = "hl-files(1), hl-tool(1)",
};

static json_t *text_of(const char *s)
{
	json_t *text = json_string(s);

	return text ? text : json_string("(a name that is not UTF-8)");
}

/* --- sizes --- */

struct entry {
	char *name;
	json_int_t bytes, files;
};

struct sizes {
	struct entry *entries; /* directly in the directory; the last one is being visited */
	size_t count, cap;
	struct table links; /* files with more than one name, counted once */
	json_int_t bytes, files, directories;
};

static int add_size(void *arg, const struct tree_entry *x, struct err *e)
{
	struct sizes *s = arg;
	json_int_t bytes = (json_int_t)x->st->st_blocks * BLOCK;
	uint64_t inode = (uint64_t)x->st->st_ino;

	(void)e;
	if (!strchr(x->path, '/')) {
		s->entries = mem_room(s->entries, s->count, &s->cap, sizeof *s->entries);
		s->entries[s->count++] = (struct entry){.name = mem_text(x->name)};
	}
	if (!S_ISDIR(x->st->st_mode) && x->st->st_nlink > 1) {
		if (table_get(&s->links, inode) != TABLE_NONE)
			bytes = 0;
		table_put(&s->links, inode, 0);
	}
	s->bytes += bytes;
	s->entries[s->count - 1].bytes += bytes;
	if (S_ISDIR(x->st->st_mode)) {
		s->directories++;
	} else {
		s->files++;
		s->entries[s->count - 1].files++;
	}
	return 0;
}

static int by_size(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return strcmp(x->name, y->name);
}

static json_t *describe_sizes(struct sizes *s, const char *path, const struct tree_skipped *skipped)
{
	json_t *o = json_object(), *list = json_array();

	if (s->count)
		qsort(s->entries, s->count, sizeof *s->entries, by_size);
	for (size_t i = 0; i < s->count && i < (size_t)option.top; i++) {
		json_t *one = json_object();

		json_object_set_new(one, "name", text_of(s->entries[i].name));
		json_object_set_new(one, "bytes", json_integer(s->entries[i].bytes));
		json_object_set_new(one, "files", json_integer(s->entries[i].files));
		json_array_append_new(list, one);
	}
	json_object_set_new(o, "path", text_of(path));
	json_object_set_new(o, "bytes", json_integer(s->bytes));
	json_object_set_new(o, "files", json_integer(s->files));
	json_object_set_new(o, "directories", json_integer(s->directories));
	json_object_set_new(o, "largest", list);
	json_object_set_new(o, "unreadable", json_integer((json_int_t)skipped->unreadable));
	json_object_set_new(o, "other_file_systems", json_integer((json_int_t)skipped->mounts));
	return o;
}

static json_t *look_sizes(int root, const char *path, struct err *e)
{
	struct sizes s = {.links = TABLE_INIT};
	struct tree_skipped skipped;
	json_t *o = NULL;

	if (tree_walk(root, add_size, &s, &skipped, e) == 0)
		o = describe_sizes(&s, path, &skipped);
	for (size_t i = 0; i < s.count; i++)
		free(s.entries[i].name);
	free(s.entries);
	table_clear(&s.links);
	return o;
}

/* --- delete --- */

struct sweep {
	char **patterns;
	size_t n_patterns, cap_patterns;
	int64_t before; /* what was changed earlier may go */
	json_t *listed, *faults;
	size_t listed_bytes;
	json_int_t count, bytes;
	unsigned long failed;
};

static int read_patterns(struct sweep *s, struct err *e)
{
	for (size_t i = 0; i < option.allow.count; i++) {
		struct str rest = str_of(option.allow.items[i]), one;

		while (str_split(&rest, ' ', &one)) {
			if (!one.n)
				continue;
			if (memchr(one.p, '/', one.n))
				return err_set(e, ERR_USAGE,
					"'%.*s': a pattern is of a file's name, without '/'",
					STR_ARG(one));
			s->patterns = mem_room(
				s->patterns, s->n_patterns, &s->cap_patterns, sizeof *s->patterns);
			s->patterns[s->n_patterns++] = mem_copy(one.p, one.n);
		}
	}
	return s->n_patterns
		       ? 0
		       : err_set(e, ERR_USAGE, "delete needs --allow: which file names may go");
}

static bool may_go(const struct sweep *s, const struct tree_entry *x)
{
	if (!S_ISREG(x->st->st_mode) || (int64_t)x->st->st_mtime * 1000 >= s->before)
		return false;
	for (size_t i = 0; i < s->n_patterns; i++)
		if (fnmatch(s->patterns[i], x->name, FNM_PERIOD) == 0)
			return true;
	return false;
}

static void note(struct sweep *s, const struct tree_entry *x)
{
	char at[WHEN_TEXT];
	json_t *one;

	s->count++;
	/* Of a file with another name nothing is freed. */
	s->bytes += x->st->st_nlink == 1 ? (json_int_t)x->st->st_blocks * BLOCK : 0;
	s->listed_bytes += strlen(x->path) + 100;
	if (s->listed_bytes > LISTED_MAX)
		return;
	one = json_object();
	json_object_set_new(one, "path", text_of(x->path));
	json_object_set_new(one, "bytes", json_integer((json_int_t)x->st->st_size));
	json_object_set_new(
		one, "modified", json_string(when_format((int64_t)x->st->st_mtime * 1000, at)));
	json_array_append_new(s->listed, one);
}

static int sweep_one(void *arg, const struct tree_entry *x, struct err *e)
{
	struct sweep *s = arg;

	(void)e;
	if (!may_go(s, x))
		return 0;
	if (option.dry_run || unlinkat(x->dir, x->name, 0) == 0) {
		note(s, x);
	} else if (errno != ENOENT) {
		s->failed++;
		if (json_array_size(s->faults) < FAULTS_MAX)
			json_array_append_new(
				s->faults, json_pack("{s:o,s:s}", "path", text_of(x->path), "error",
						   strerror(errno)));
	}
	return 0;
}

static json_t *describe_sweep(
	const struct sweep *s, const char *path, const struct tree_skipped *skipped)
{
	json_t *o = json_object();

	json_object_set_new(o, "path", text_of(path));
	json_object_set_new(o, "dry_run", json_boolean(option.dry_run));
	json_object_set_new(o, "count", json_integer(s->count));
	json_object_set_new(o, "bytes", json_integer(s->bytes));
	json_object_set(o, "deleted", s->listed);
	json_object_set_new(
		o, "more", json_integer(s->count - (json_int_t)json_array_size(s->listed)));
	json_object_set(o, "failed", s->faults);
	json_object_set_new(o, "unreadable", json_integer((json_int_t)skipped->unreadable));
	json_object_set_new(o, "other_file_systems", json_integer((json_int_t)skipped->mounts));
	return o;
}

static json_t *delete_old(int root, const char *path, struct err *e)
{
	struct sweep s = {.before = when_now() - option.older_ms,
		.listed = json_array(),
		.faults = json_array()};
	struct tree_skipped skipped;
	json_t *o = NULL;

	if (option.older_ms < 0)
		err_set(e, ERR_USAGE,
			"delete needs --older-than: how long ago the files were last changed");
	else if (read_patterns(&s, e) == 0 && tree_walk(root, sweep_one, &s, &skipped, e) == 0)
		o = describe_sweep(&s, path, &skipped);
	if (s.failed)
		err_set(e, ERR_CASE, "%lu files below '%s' could not be deleted", s.failed, path);
	for (size_t i = 0; i < s.n_patterns; i++)
		free(s.patterns[i]);
	free(s.patterns);
	json_decref(s.listed);
	json_decref(s.faults);
	return o;
}

static json_t *act(const char *verb, const char *path, struct err *e)
{
	bool deletes = strcmp(verb, "delete") == 0;
	json_t *o = NULL;
	int root;

	if (deletes && path[strspn(path, "/")] == '\0') {
		err_set(e, ERR_DENIED, "deleting below '/' is never right");
		return NULL;
	}
	root = tree_open(path, e);
	if (root < 0)
		return NULL;
	o = deletes ? delete_old(root, path, e) : look_sizes(root, path, e);
	close(root);
	return o;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);
	struct buf line = BUF_INIT(BUF_RECORD);
	json_t *o;

	if (argc - first != 2)
		return prog_usage("wrong operands: 'sizes DIR' or 'delete DIR'");
	if (strcmp(argv[first], "sizes") && strcmp(argv[first], "delete"))
		return prog_usage("'%s' is not one of sizes, delete", argv[first]);
	o = act(argv[first], argv[first + 1], &e);
	if (o) {
		json_put(&line, o);
		puts(buf_text(&line));
	}
	json_decref(o);
	buf_clear(&line);
	return prog_end(&e);
}
