/* hl-doctor: looks for what would make hl fail at night, and says what to do about each. */
#include <dirent.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/path.h"
#include "base/prog.h"
#include "doc/fit.h"
#include "edge/secret.h"
#include "edge/state.h"
#include "flow/lineup.h"
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
static int bad(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

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

/* Returns 1: the looks below return how much is bad. */
static int bad(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line("BAD", fmt, ap);
	va_end(ap);
	return 1;
}

static int name_uncommitted(void *arg, const char *path, const char *id, struct err *e)
{
	(void)arg;
	(void)id;
	(void)e;
	note("'%s' differs from what is committed: the edit is not in force until you commit it",
		path);
	return 0;
}

static int look_at_uncommitted(struct ops *o)
{
	static const char *const dirs[] = {
		"policy.yaml", "runbooks", "tools", "goals", "workflows", "models"};
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
		if (repo_uncommitted(ops_repo(o), dirs[i], name_uncommitted, NULL, &e))
			return bad("%s", e.text);
	return 0;
}

/* A fit_found_fn. */
static void name_misfit(void *arg, enum fit_weight weight, const char *text)
{
	(void)arg;
	if (weight == FIT_WRONG)
		bad("%s", text);
	else
		note("%s", text);
}

/* Every runbook on its own, so that one fault does not hide the next. Returns how much is wrong
 * with it. */
static int look_at_runbook(struct ops *o, const char *path)
{
	struct err e = ERR_INIT;
	struct source source;
	json_t *tree = ops_yaml(o, path, &source, &e);
	struct runbook *r = tree ? runbook_take(tree, &source, &e) : NULL;
	const struct catalogue *catalogue = r ? ops_catalogue(o, &e) : NULL;
	const struct policy *policy = catalogue ? ops_policy(o, &e) : NULL;
	int n;

	if (policy)
		n = (int)runbook_fit(r, &source, catalogue, policy, name_misfit, NULL);
	else
		n = r ? 0 : bad("%s", e.text); /* policy and catalogue are looked at elsewhere */
	runbook_free(r);
	return n;
}

static int look_at_runbooks(struct ops *o)
{
	struct err e = ERR_INIT;
	size_t n = ops_runbook_count(o, &e);
	int wrong = 0;

	if (e.kind != ERR_NONE)
		return bad("%s", e.text);
	for (size_t i = 0; i < n; i++)
		wrong += look_at_runbook(o, ops_runbook_path(o, i));
	if (!wrong)
		good("%zu %s", n, n == 1 ? "runbook" : "runbooks");
	return wrong;
}

static int look_at_policy(struct ops *o)
{
	struct err e = ERR_INIT;
	const struct policy *p = ops_policy(o, &e);

	if (!p)
		return bad("%s", e.text);
	good("policy: mode %s", mode_names[p->mode]);
	return 0;
}

static int look_at_catalogue(struct ops *o)
{
	struct err e = ERR_INIT;
	const struct catalogue *c = ops_catalogue(o, &e);

	if (!c)
		return bad("%s", e.text);
	good("the catalogue has %zu tools", catalogue_count(c));
	return 0;
}

/* Returns 1 when its secret cannot be had; whoever has it set is no concern here. */
static int look_at_model(const struct model *m)
{
	struct buf key = BUF_INIT(SECRET_MAX);
	struct err e = ERR_INIT;
	int n = 0;

	if (m->fault)
		note("model '%s' cannot be asked: %s", m->name, m->fault);
	else if (m->key && secret_read(m->key, &key, &e))
		n = bad("model '%s': %s", m->name, e.text);
	buf_clear(&key);
	for (int p = 0; p < MODEL_PERIODS; p++)
		if (m->limits[p].money != MODEL_UNLIMITED && model_cost(m, 0, 0) < 0)
			note("model '%s' has a %s limit of money and no price: it holds only where the "
			     "provider says what a call cost",
				m->name, model_period_names[p]);
	return n;
}

/* Whoever can write the file says where prompts go. */
static int look_at_own_file(const struct lineup *l)
{
	struct stat st;

	if (l->of_repo || !l->place || stat(l->place, &st) || !(st.st_mode & 022))
		return 0;
	return bad("others can write '%s', and so say which model is asked: chmod go-w it", l->place);
}

/* o NULL: there is no ops repo. Without models there is nothing to say. */
static int look_at_models(struct ops *o)
{
	struct err e = ERR_INIT;
	struct lineup *l = lineup_load(o, NULL, &e);
	int n = 0;

	if (!l)
		return bad("%s", e.text);
	for (size_t i = 0; i < l->models->count; i++)
		n += look_at_model(&l->models->list[i]);
	n += look_at_own_file(l);
	if (!n && l->models->count)
		good("%zu %s in %s", l->models->count, l->models->count == 1 ? "model" : "models",
			l->place);
	lineup_free(l);
	return n;
}

static int look_at_repo(void)
{
	struct err e = ERR_INIT;
	struct ops *o = ops_open(&e);
	int n;

	if (!o)
		return bad("%s", e.text) + look_at_models(NULL);
	good("the ops repo '%s' is at commit %.12s", state_repo(), ops_commit(o));
	n = look_at_policy(o) + look_at_catalogue(o) + look_at_runbooks(o) +
	    look_at_models(o) + look_at_uncommitted(o);
	ops_free(o);
	return n;
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

static int look_at_state(void)
{
	struct err e = ERR_INIT;
	struct memory *m;
	long n;

	if (file_make_dirs(state_dir(), &e) || !(m = memory_open(&e)))
		return bad("%s", e.text);
	good("the state directory '%s' is usable", state_dir());
	memory_close(m);
	if (state_halted())
		note("halted: nothing acts until 'hl resume'");
	if ((n = count_files("spool")) > 0)
		note("%ld parked, waiting for a person: hl-ask --parked | hl-apply | hl-record", n);
	if (count_files("rejects") > 0)
		note("lines that were not understood are kept in '%s/rejects'", state_dir());
	return 0;
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
			note("'%s' is not installed: the tools that need it will say so",
				programs[i]);
	}
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int n;

	if (prog_begin(&program, argc, argv) < argc)
		return prog_usage("takes no operands");
	n = look_at_state() + look_at_repo();
	look_at_programs();
	if (n)
		err_set(&e, ERR_CASE, "%d %s to mend", n, n == 1 ? "thing" : "things");
	return prog_end(&e);
}
