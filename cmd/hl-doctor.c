/* hl-doctor: looks for what would make hl fail at night, and says what to do about each. */
#include <dirent.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/path.h"
#include "base/prog.h"
#include "base/when.h"
#include "edge/spool.h"
#include "edge/state.h"
#include "flow/memory.h"
#include "flow/ops.h"

static const struct opt options[] = {STATE_OPTIONS, OPT_END};

static const struct prog program = {
	.name = "hl-doctor",
	.purpose = "find what would make hl fail, and say what to do",
	.synopsis = "",
	.options = options,
	.see = "hl-status(1), hl-init(1)",
};

static struct {
	int bad;
} found;

static void line(const char *mark, const char *fmt, va_list ap)
{
	char text[2048];
	struct buf safe = BUF_INIT(sizeof text * 5);

	vsnprintf(text, sizeof text, fmt, ap);
	msg_safe(&safe, str_of(text), false);
	printf("%-5s%s\n", mark, buf_text(&safe));
	buf_clear(&safe);
}

static void good(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void bad(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void good(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line("ok", fmt, ap);
	va_end(ap);
}

static void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line("note", fmt, ap);
	va_end(ap);
}

static void bad(const char *fmt, ...)
{
	va_list ap;

	found.bad++;
	va_start(ap, fmt);
	line("BAD", fmt, ap);
	va_end(ap);
}

static int name_uncommitted(void *arg, const char *path, const char *id, struct err *e)
{
	(void)arg;
	(void)id;
	(void)e;
	note("'%s' differs from what is committed: the edit is not in force until you commit it", path);
	return 0;
}

static void look_at_uncommitted(struct ops *o)
{
	static const char *const dirs[] = {"policy.yaml", "runbooks", "tools", "goals", "workflows"};
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
		if (repo_uncommitted(ops_repo(o), dirs[i], name_uncommitted, NULL, &e)) {
			bad("%s", e.text);
			return;
		}
}

/* Every runbook on its own, so that one fault does not hide the next. */
static int look_at_runbook(void *arg, const char *path, const char *id, struct err *e)
{
	struct ops *o = arg;
	struct err why = ERR_INIT;
	struct source source;
	json_t *tree;
	struct runbook *r = NULL;

	(void)id;
	(void)e;
	if (!str_ends(str_of(path), ".yaml"))
		return 0;
	tree = ops_yaml(o, path, &source, &why);
	if (tree)
		r = runbook_take(tree, &source, &why);
	if (!r)
		bad("%s", why.text);
	runbook_free(r);
	return 0;
}

static void look_at_repo(void)
{
	struct err e = ERR_INIT;
	struct ops *o = ops_open(&e);
	const struct policy *p;

	if (!o) {
		bad("%s", e.text);
		return;
	}
	good("the ops repo '%s' is at commit %.12s", state_repo(), ops_commit(o));
	p = ops_policy(o, &e);
	if (p)
		good("policy: mode %s", mode_names[p->mode]);
	else
		bad("%s", e.text);
	err_clear(&e);
	if (ops_catalogue(o, &e))
		good("the catalogue has %zu tools", catalogue_count(ops_catalogue(o, &e)));
	else
		bad("%s", e.text);
	err_clear(&e);
	if (repo_each(ops_repo(o), ops_commit(o), "runbooks", look_at_runbook, o, &e))
		bad("%s", e.text);
	look_at_uncommitted(o);
	ops_free(o);
}

static long count_files(const char *sub)
{
	char *path = state_path(sub);
	DIR *d = opendir(path);
	struct dirent *entry;
	long n = 0;

	while (d && (entry = readdir(d)))
		n += entry->d_name[0] != '.';
	if (d)
		closedir(d);
	free(path);
	return n;
}

static void look_at_state(void)
{
	struct err e = ERR_INIT;
	struct memory *m;
	long n;

	if (file_make_dirs(state_dir(), &e)) {
		bad("%s", e.text);
		return;
	}
	m = memory_open(&e);
	if (m)
		good("the state directory '%s' is usable", state_dir());
	else
		bad("%s", e.text);
	memory_close(m);
	if (state_halted())
		note("halted: nothing acts until 'hl resume'");
	if ((n = count_files("spool")) > 0)
		note("%ld parked, waiting for a person: hl-ask --parked | hl-apply | hl-record", n);
	if ((n = count_files("rejects")) > 0)
		note("lines that were not understood are kept in '%s/rejects'", state_dir());
}

/* What the shipped toolsets call; each absence only means that those tools say so. */
static void look_at_programs(void)
{
	static const char *const programs[] = {"systemctl", "journalctl", "git", "openssl"};
	const char *path = getenv("PATH");

	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		struct str rest = str_of(path ? path : "/usr/bin:/bin"), dir;
		bool there = false;

		while (!there && str_split(&rest, ':', &dir)) {
			char *d = mem_copy(dir.p, dir.n), *file = path_join(d, programs[i]);

			there = access(file, X_OK) == 0;
			free(file);
			free(d);
		}
		if (!there)
			note("'%s' is not installed: the tools that need it will say so", programs[i]);
	}
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;

	if (prog_begin(&program, argc, argv) < argc)
		return prog_usage("takes no operands");
	look_at_state();
	look_at_repo();
	look_at_programs();
	if (found.bad)
		err_set(&e, ERR_CASE, "%d %s to mend", found.bad, found.bad == 1 ? "thing" : "things");
	return prog_end(&e);
}
