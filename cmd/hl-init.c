/* hl-init: makes an ops repo, with a commented policy, an example runbook and the goals, and
 * commits it. */
#include <dirent.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/path.h"
#include "base/prog.h"
#include "base/when.h"
#include "edge/commits.h"
#include "edge/state.h"
#include "flow/installed.h"

static struct {
	bool bare;
	const char *from;
} option;

static const struct opt options[] = {
	{'b', "bare", NULL, "make a bare repository, without a work tree", OPT_FLAG, &option.bare},
	{'f', "from", "DIR", "begin with the files of DIR, not with the installed ones", OPT_TEXT,
		&option.from},
	STATE_OPTIONS,
	OPT_END,
};

static const struct prog program = {
	.name = "hl-init",
	.purpose = "make an ops repo: policy, runbooks, goals and decisions under review",
	.synopsis = "[DIR]",
	.options = options,
	.see = "hl(7), hl-policy(5), hl-runbook(5)",
};

#define FILE_MAX ((size_t)1 << 20)

/* The files to commit: path from the repo's root and content, both owned. */
struct files {
	struct commits_file *items;
	size_t count, cap;
};

static void files_clear(struct files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free((char *)f->items[i].path);
		free((char *)f->items[i].bytes.p);
	}
	free(f->items);
}

static int add_file(struct files *f, const char *from, const char *as, struct err *e)
{
	struct buf bytes = BUF_INIT(FILE_MAX);
	struct commits_file *file;

	if (file_read(from, &bytes, e)) {
		buf_clear(&bytes);
		return -1;
	}
	f->items = mem_room(f->items, f->count, &f->cap, sizeof *f->items);
	file = &f->items[f->count++];
	file->path = mem_text(as);
	file->bytes.n = bytes.n;
	file->bytes.p = buf_take(&bytes);
	return 0;
}

/* Adds every file below `from` under the name `as` ("" is the root of the repo). */
static int add_tree(struct files *f, const char *from, const char *as, struct err *e)
{
	DIR *d = opendir(from);
	struct dirent *entry;
	int rc = 0;

	if (!d)
		return err_sys(e, ERR_UNAVAILABLE, "cannot open '%s'", from);
	while (rc == 0 && (entry = readdir(d))) {
		char *path, *name;
		struct stat st;

		if (entry->d_name[0] == '.')
			continue;
		path = path_join(from, entry->d_name);
		name = as[0] ? path_join(as, entry->d_name) : mem_text(entry->d_name);
		if (stat(path, &st))
			rc = err_sys(e, ERR_UNAVAILABLE, "cannot read '%s'", path);
		else if (S_ISDIR(st.st_mode))
			rc = add_tree(f, path, name, e);
		else
			rc = add_file(f, path, name, e);
		free(path);
		free(name);
	}
	closedir(d);
	return rc;
}

static int add_data(struct files *f, const char *sub, const char *as, struct err *e)
{
	char *dir = path_join(installed_dir(), sub);
	int rc = add_tree(f, dir, as, e);

	free(dir);
	return rc;
}

/* What a new repo begins with. */
static int add_first_files(struct files *f, struct err *e)
{
	if (option.from)
		return add_tree(f, option.from, "", e);
	return add_data(f, "init", "", e) || add_data(f, "goals", "goals", e) ? -1 : 0;
}

static int commit(struct repo *repo, const struct files *f, struct err *e)
{
	struct commits_about about = {
		.message = "Begin: policy, an example runbook, the goals\n\n"
			   "In force is what is committed here. Read policy.yaml first.\n",
		.name = "hl",
		.mail = "hl@localhost",
		.at = when_now(),
	};
	struct commits *c = commits_begin(repo, e);
	int rc = -1;

	if (c && commits_add(c, f->items, f->count, &about, NULL, e) == 0)
		rc = commits_end(c, NULL, NULL, e);
	commits_free(c);
	return rc;
}

/* So that later commands find a repo that is elsewhere: ops in the state directory points at it. */
static int link_from_state(const char *dir, struct err *e)
{
	char *link = state_path("ops"), *real = realpath(dir, NULL), *now = NULL;
	int rc = 0;

	if (!real) {
		rc = err_sys(e, ERR_UNAVAILABLE, "cannot resolve '%s'", dir);
	} else if (!file_exists(link)) {
		if (file_make_dirs(state_dir(), e) || symlink(real, link))
			rc = err_sys(e, ERR_OUTPUT, "cannot link '%s' to '%s'", link, real);
	} else {
		now = realpath(link, NULL);
		if (!now || strcmp(now, real) != 0)
			msg_warn(
				"'%s' points elsewhere already: name this repo with --repo or HL_REPO=%s",
				link, real);
	}
	free(now);
	free(link);
	free(real);
	return rc;
}

static int init(const char *dir, struct err *e)
{
	struct files f = {.items = NULL};
	struct repo *repo = repo_init(dir, option.bare, e);
	struct err none = ERR_INIT;
	char head[REPO_ID];
	int rc = -1;

	if (!repo)
		return -1;
	if (repo_head(repo, head, &none) == 0) {
		err_set(e, ERR_CONFIG, "'%s' has commits already: nothing was changed", dir);
		goto out;
	}
	if (add_first_files(&f, e) || commit(repo, &f, e) || link_from_state(dir, e))
		goto out;
	msg_say("made the ops repo '%s': %zu files, one commit", dir, f.count);
	msg_say("next: edit policy.yaml and runbooks/ there and commit: what is not committed is not in force");
	msg_say("then: hl doctor; hl-gather | hl-triage | hl-plan | hl-ask | hl-apply | hl-record");
	rc = 0;
out:
	files_clear(&f);
	repo_free(repo);
	return rc;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);

	if (argc - first > 1)
		return prog_usage("one directory at a time");
	init(first < argc ? argv[first] : state_repo(), &e);
	return prog_end(&e);
}
