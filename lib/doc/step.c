#include "doc/step.h"

#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/when.h"
#include "doc/expect.h"
#include "doc/ladder.h"

const char *const step_kinds[] = {"tool", "check", "human", "write", "commit", NULL};

int step_kind(const json_t *step)
{
	const json_t *kind = json_object_get(step, "kind");

	if (!kind)
		return STEP_TOOL;
	return json_is_string(kind) ? ladder_find(step_kinds, json_string_value(kind)) : -1;
}

bool step_calls(const json_t *step)
{
	int kind = step_kind(step);

	return kind == STEP_TOOL || kind == STEP_CHECK;
}

bool step_commits(const json_t *step)
{
	int kind = step_kind(step);

	return kind == STEP_COMMIT || (kind == STEP_WRITE && !json_object_get(step, "commit"));
}

bool step_undoable(const json_t *step)
{
	return step_commits(step) || json_is_object(json_object_get(step, "undo"));
}

int64_t step_within(const json_t *step)
{
	const char *text = json_string_value(json_object_get(step, "within"));
	int64_t ms;

	return text && span_parse(str_of(text), &ms) == 0 ? ms : STEP_WITHIN;
}

/* ---- where may be written ---- */

static bool is_document_root(struct str first, bool last)
{
	static const char *const below[] = {"docs", "inventory", "wishes", NULL};
	/* Not every Markdown file: AGENTS.md and its like tell programs what to do. */
	static const char *const top[] = {"INFRASTRUCTURE.md", "SERVICES.md", "PROCEDURES.md",
		"TROUBLESHOOTING.md", "README.md", NULL};

	for (const char *const *name = last ? top : below; *name; name++)
		if (str_is(first, *name))
			return true;
	return false;
}

bool step_may_write(const char *path)
{
	struct str rest = str_of(path), part, first = {NULL, 0};

	if (!rest.n || rest.n > 200 || path[rest.n - 1] == '/')
		return false;
	while (str_split(&rest, '/', &part)) {
		char *name = mem_copy(part.p, part.n);
		bool good = path_is_name(name);

		free(name);
		if (!good)
			return false;
		if (!first.p)
			first = part;
	}
	return is_document_root(first, first.n == strlen(path));
}

/* ---- the shape ---- */

/* A text that has to be there, of at most STEP_TEXT bytes. */
static int check_text(const struct node *owner, const char *key, bool needed, struct err *e)
{
	const char *text = needed ? node_text(owner, key, NULL, e)
				  : node_text_or_null(owner, key, e);
	struct node member = node_get(owner, key);

	if (e->kind)
		return -1;
	if (text && strlen(text) > STEP_TEXT)
		return node_fail(&member, e, "more than %d bytes", STEP_TEXT);
	return 0;
}

static int check_call(const struct node *step, struct err *e)
{
	struct node args = node_get(step, "args");

	return node_text(step, "tool", NULL, e) && node_is_object(&args, e) == 0 ? 0 : -1;
}

int step_check_check(const struct node *step, struct err *e)
{
	struct node expect = node_get(step, "expect");
	struct err first = ERR_INIT;

	if (!json_is_object(step->v))
		return node_fail(step, e, "not a check");
	if (check_call(step, e))
		return -1;
	node_text_or_null(step, "title", &first);
	node_span(step, "within", 0, &first);
	if (first.kind != ERR_NONE)
		return err_set(e, first.kind, "%s", first.text);
	return expect_check(&expect, e);
}

static int check_human(const struct node *step, struct err *e)
{
	struct node within = node_get(step, "within");
	int64_t ms;

	if (check_text(step, "title", true, e) || check_text(step, "ask", true, e))
		return -1;
	ms = node_span(step, "within", STEP_WITHIN, e);
	if (e->kind)
		return -1;
	if (ms < WHEN_SECOND || ms > STEP_WITHIN_MAX)
		return node_fail(&within, e, "a person has from 1s to 400d");
	return 0;
}

static int check_file(const struct node *file, struct err *e)
{
	static const char *const known[] = {"path", "text", "append", NULL};
	struct node path = node_get(file, "path");
	const char *name = node_text(file, "path", NULL, e);

	if (!name || node_known(file, known, e))
		return -1;
	if (!step_may_write(name))
		return node_fail(&path, e, "'%s' is not " STEP_WRITES, name);
	if (!json_object_get(file->v, "text") == !json_object_get(file->v, "append"))
		return node_fail(file, e, "needs one of 'text' and 'append'");
	return check_text(file, "text", false, e) || check_text(file, "append", false, e) ? -1 : 0;
}

static int check_files(const struct node *step, bool needed, struct err *e)
{
	struct node files = node_get(step, "files");

	if (node_is_array(&files, e) || check_text(step, "message", true, e))
		return -1;
	if (needed && !node_count(&files))
		return node_fail(step, e, "writes no file");
	if (node_count(&files) > STEP_FILES)
		return node_fail(&files, e, "more than %d files", STEP_FILES);
	for (size_t i = 0; i < node_count(&files); i++) {
		struct node one = node_at(&files, i);

		if (!json_is_object(one.v))
			return node_fail(&one, e, "not a file");
		if (check_file(&one, e))
			return -1;
	}
	return 0;
}

int step_check(const struct node *step, struct err *e)
{
	struct node kind = node_get(step, "kind");

	switch (step_kind(step->v)) {
	case STEP_TOOL:
		return check_call(step, e);
	case STEP_CHECK:
		return step_check_check(step, e);
	case STEP_HUMAN:
		return check_human(step, e);
	case STEP_WRITE:
		return check_files(step, true, e);
	case STEP_COMMIT:
		return check_files(step, false, e);
	default:
		return node_fail(&kind, e, "not one of tool, check, human, write, commit");
	}
}
