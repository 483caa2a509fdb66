#include "flow/scribe.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/when.h"
#include "doc/prose.h"
#include "doc/secret.h"
#include "doc/step.h"
#include "edge/commits.h"

enum { FILE_MAX = 4 << 20, SUBJECT = 72 };

struct writing {
	const struct scribe *s;
	struct repo *repo;
	const struct policy *policy;
	const char *made; /* to be reverted; NULL: to be written */
	char found[REPO_ID];
	char *message;
};

/* ---- the message ---- */

static void put_trailer(struct buf *to, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	buf_putf(to, "%s: ", key);
	prose_plain(to, str_of(value), 200);
	buf_putc(to, '\n');
}

static char *make_message(const struct scribe *s, const char *made)
{
	struct buf to = BUF_INIT(65536), plain = BUF_INIT(65536);

	prose_plain(&plain, str_of(s->message), 4000);
	buf_puts(&to, made ? "Revert: " : "");
	prose_plain(&to, buf_str(&plain), SUBJECT - 8);
	buf_puts(&to, "\n\n");
	if (plain.n > SUBJECT - 8) {
		prose_wrap(&to, buf_str(&plain), 0);
		buf_putc(&to, '\n');
	}
	put_trailer(&to, "Case", s->case_id);
	put_trailer(&to, "Workflow", s->workflow);
	put_trailer(&to, "Step", s->step);
	put_trailer(&to, "Plan", s->digest);
	put_trailer(&to, "Reverts", made);
	buf_clear(&plain);
	return buf_take(&to);
}

/* ---- what is there already ---- */

/* The trailers are the end of the message, and the same whenever it is made. */
static bool is_ours(const struct writing *w, const char *message)
{
	return str_ends(str_of(message), strstr(w->message, "\n\nCase: "));
}

/* Looks back from the tip to where the plan was made. 1 found, 0 not, -1 error. */
static int find(struct writing *w, const char *tip, struct err *e)
{
	char at[REPO_ID];
	int rc = 0;

	memcpy(at, tip, REPO_ID);
	while (rc == 0 && at[0] && strcmp(at, w->s->since) != 0) {
		struct repo_commit c = {.message = NULL};

		if (repo_commit_load(w->repo, at, &c, e))
			return -1;
		if (is_ours(w, c.message)) {
			memcpy(w->found, at, REPO_ID);
			rc = 1;
		}
		memcpy(at, c.parent, REPO_ID);
		repo_commit_clear(&c);
	}
	return rc;
}

/* ---- the files ---- */

/* The file as it is now. 1 found, 0 absent, -1 error: something else than a file is in its place. */
static int read_now(
	struct writing *w, struct commits *c, const char *path, struct buf *into, struct err *e)
{
	int rc = commits_read(c, path, into, e);
	char id[REPO_ID];

	if (rc)
		return rc;
	rc = commits_tip(c)[0] ? repo_find(w->repo, commits_tip(c), path, id, e) : 0;
	if (rc > 0)
		return err_set(e, ERR_DATA, "'%s' is no file, but a directory or a symbolic link",
			path);
	return rc;
}

static int put_file(struct writing *w, struct commits *c, const json_t *file, struct err *e)
{
	const char *path = json_string_value(json_object_get(file, "path"));
	const char *text = json_string_value(json_object_get(file, "text"));
	const char *append = json_string_value(json_object_get(file, "append"));
	struct buf now = BUF_INIT(FILE_MAX);
	struct commits_file put = {.path = path};
	int rc = -1;

	if (!path || !step_may_write(path)) {
		err_set(e, ERR_DENIED, "'%s' may not be written by a plan", path ? path : "");
	} else if (read_now(w, c, path, &now, e) >= 0) {
		if (text)
			buf_reset(&now);
		if (now.n && now.p[now.n - 1] != '\n')
			buf_putc(&now, '\n');
		buf_puts(&now, text ? text : append ? append : "");
		if (now.n && now.p[now.n - 1] != '\n')
			buf_putc(&now, '\n');
		put.bytes = buf_str(&now);
		if (!put.bytes.p)
			put.bytes = STR("");
		rc = now.full ? err_set(e, ERR_DATA, "'%s' becomes too long", path)
			      : commits_put(c, &put, e);
	}
	buf_clear(&now);
	return rc;
}

/* Puts one file back, if it is still as we left it. */
static int put_back(struct writing *w, struct commits *c, const char *parent, const char *path,
	struct err *e)
{
	struct buf now = BUF_INIT(FILE_MAX), left = BUF_INIT(FILE_MAX), before = BUF_INIT(FILE_MAX);
	struct commits_file put = {.path = path};
	int is, was, rc = -1;

	if ((is = read_now(w, c, path, &now, e)) < 0 ||
		repo_read(w->repo, w->made, path, &left, e) < 0)
		goto out;
	was = parent[0] ? repo_read(w->repo, parent, path, &before, e) : 0;
	if (was < 0)
		goto out;
	if (!is || !str_eq(buf_str(&now), buf_str(&left))) {
		err_set(e, ERR_CASE, "'%s' was changed by somebody since: it is left as it is",
			path);
		goto out;
	}
	if (was)
		put.bytes = before.n ? buf_str(&before) : STR("");
	rc = commits_put(c, &put, e);
out:
	buf_clear(&now);
	buf_clear(&left);
	buf_clear(&before);
	return rc;
}

/* Each path once: a document may be written to twice in one commit. */
static int put_all_back(struct writing *w, struct commits *c, struct err *e)
{
	struct repo_commit made = {.message = NULL};
	json_t *paths = json_object(), *file;
	const char *path;
	size_t i;
	int rc = repo_commit_load(w->repo, w->made, &made, e);

	json_array_foreach (w->s->files, i, file)
		json_object_set(paths, json_string_value(json_object_get(file, "path")), file);
	json_object_foreach (paths, path, file)
		if (rc == 0)
			rc = put_back(w, c, made.parent, path, e);
	repo_commit_clear(&made);
	json_decref(paths);
	return rc;
}

/* ---- the commit ---- */

static int add(void *arg, struct commits *c, struct err *e)
{
	struct writing *w = arg;
	struct commits_about about = {.message = w->message,
		.name = w->policy->identity.name,
		.mail = w->policy->identity.mail,
		.at = when_now()};
	json_t *file;
	size_t i;
	int rc = find(w, commits_tip(c), e);

	if (rc)
		return rc < 0 ? -1 : 0;
	if (w->made && put_all_back(w, c, e))
		return -1;
	json_array_foreach (w->made ? NULL : w->s->files, i, file)
		if (put_file(w, c, file, e))
			return -1;
	return commits_add(c, NULL, 0, &about, w->found, e);
}

static void say_behind(const struct commits *c)
{
	struct str rest = str_of(commits_behind(c)), line;

	while (str_split(&rest, '\n', &line))
		msg_warn("%.*s", STR_ARG(line));
}

static int commit(struct writing *w, struct err *e)
{
	struct commits *c = commits_begin(w->repo, e);
	int rc = -1;

	if (c && add(w, c, e) == 0)
		rc = commits_end(c, add, w, e);
	if (rc == 0)
		say_behind(c);
	commits_free(c);
	return rc;
}

static int check_secrets(const struct writing *w, struct err *e)
{
	struct buf place = BUF_INIT(4096);
	const char *words = secret_in_tree((json_t *)w->s->files, &place);

	if (!words)
		words = secret_in_text(str_of(w->message));
	buf_clear(&place);
	return words ? err_set(e, ERR_DENIED, "it looks like %s, and is not committed", words) : 0;
}

static int make(struct ops *o, const struct scribe *s, const char *made, char id[REPO_ID],
	struct err *e)
{
	struct writing w = {.s = s, .repo = ops_repo(o), .made = made};
	int rc = -1;

	w.policy = ops_policy(o, e);
	w.message = make_message(s, made);
	if (w.policy && (made || check_secrets(&w, e) == 0))
		rc = commit(&w, e);
	if (rc == 0)
		memcpy(id, w.found, REPO_ID);
	free(w.message);
	return rc;
}

int scribe_write(struct ops *o, const struct scribe *s, char id[REPO_ID], struct err *e)
{
	return make(o, s, NULL, id, e);
}

int scribe_revert(
	struct ops *o, const struct scribe *s, const char *made, char id[REPO_ID], struct err *e)
{
	return make(o, s, made, id, e);
}
