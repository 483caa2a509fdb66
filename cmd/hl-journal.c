/* hl-journal: what was logged, by the shape of the message. Prints one JSON object. */
#include <inttypes.h>

#include "base/file.h"
#include "base/msg.h"
#include "base/path.h"
#include "base/prog.h"
#include "base/when.h"
#include "doc/digest.h"
#include "edge/proc.h"
#include "edge/state.h"
#include "json/node.h"

#define OUTPUT_MAX       ((size_t)128 << 20)
#define ENTRIES_MAX      50000 /* the newest; the report says when there were more */
#define ENTRIES_MAX_TEXT "--lines=50000"
#define TIMEOUT_MS       50000
#define FIRST_LOOK       WHEN_HOUR

static struct {
	const char *cursor;
	long priority, top;
	int64_t since;
} option = {.cursor = "journal", .priority = 3, .top = 20, .since = WHEN_HOUR};

static const struct opt options[] = {
	{'c', "cursor", "NAME", "errors: whose place to go on from (journal)", OPT_TEXT,
		&option.cursor},
	{'s', "since", "SPAN", "digest: how far back (1h)", OPT_SPAN, &option.since},
	{'p', "priority", "N", "that or worse: 3 error, 4 warning, 6 all but debug (3)", OPT_COUNT,
		&option.priority},
	{0, "top", "N", "how many shapes to show (20)", OPT_COUNT, &option.top},
	STATE_OPTIONS,
	OPT_END,
};

static const struct prog program = {
	.name = "hl-journal",
	.purpose = "what was logged, by the shape of the message",
	.synopsis = "errors | digest",
	.options = options,
	.verbs = "errors digest",
	.see = "hl-journal(1), journalctl(1)",
};

static int take_entries(struct digest *d, struct str printed, struct err *e)
{
	struct str line;

	while (str_split(&printed, '\n', &line))
		if (str_trim(line).n && digest_add(d, line, e))
			return -1;
	return 0;
}

static int refused(const struct proc_result *r, struct err *why)
{
	struct str said = str_trim(buf_str(&r->err));

	err_set(why, ERR_UNAVAILABLE, "cannot read the journal: %.*s", STR_ARG(said));
	return 0;
}

/* `from` is --since or --after-cursor. 1 read, 0 journalctl would not start there, -1. */
static int read_journal(struct digest *d, const char *from, struct err *why, struct err *e)
{
	char priority[32];
	const char *argv[] = {"journalctl", "--no-pager", "--quiet", "--output=json",
		ENTRIES_MAX_TEXT, priority,
		"--output-fields=MESSAGE,PRIORITY,_SYSTEMD_UNIT,UNIT,SYSLOG_IDENTIFIER", from,
		NULL};
	static const char *const env[] = {"LC_ALL=C.UTF-8", NULL};
	struct proc_spec spec = {.argv = argv,
		.env = env,
		.tied = true,
		.timeout_ms = TIMEOUT_MS,
		.out_max = OUTPUT_MAX};
	struct proc_result r = PROC_RESULT_INIT;
	int rc = -1;

	snprintf(priority, sizeof priority, "--priority=%ld", option.priority);
	if (proc_run(&spec, &r, e))
		return -1;
	if (r.end == PROC_ABSENT)
		err_set(e, ERR_UNAVAILABLE, "'journalctl' is not installed here");
	else if (r.end == PROC_EXITED && r.status == 0)
		rc = take_entries(d, buf_str(&r.out), e) ? -1 : 1;
	else if (r.end == PROC_EXITED)
		rc = refused(&r, why);
	else
		err_set(e, ERR_UNAVAILABLE, "journalctl %s",
			r.end == PROC_TIMED_OUT ? "took too long" : "did not end well");
	proc_result_clear(&r);
	return rc;
}

static int read_since(struct digest *d, int64_t span, struct err *e)
{
	struct err why = ERR_INIT;
	char from[64];
	int rc;

	snprintf(from, sizeof from, "--since=@%" PRId64, (when_now() - span) / 1000);
	rc = read_journal(d, from, &why, e);
	if (rc == 0)
		err_set(e, why.kind, "%s", why.text);
	return rc > 0 ? 0 : -1;
}

/* --- the place where the last look ended --- */

static int load_cursor(struct buf *cursor, struct err *e)
{
	char *dir = state_path("cursors"), *path = path_join(dir, option.cursor);
	int rc = file_exists(path) ? file_read(path, cursor, e) : 0;

	if (rc == 0 && cursor->n && cursor->p[cursor->n - 1] == '\n') /* somebody edited it */
		cursor->p[--cursor->n] = '\0';
	free(path);
	free(dir);
	return rc;
}

static int save_cursor(const struct digest *d, struct err *e)
{
	char *dir, *path;
	int rc;

	if (!digest_cursor(d))
		return 0;
	dir = state_make("cursors", e);
	if (!dir)
		return -1;
	path = path_join(dir, option.cursor);
	rc = file_replace(path, str_of(digest_cursor(d)), e);
	free(path);
	free(dir);
	return rc;
}

/* Goes on where the last look ended; the first one, and one whose place is gone, looks an hour
 * back. */
static int read_on(struct digest *d, bool *went_on, struct err *e)
{
	struct buf cursor = BUF_INIT(4096), from = BUF_INIT(8192);
	struct err why = ERR_INIT;
	int rc = load_cursor(&cursor, e);

	if (rc == 0 && cursor.n) {
		buf_putf(&from, "--after-cursor=%s", buf_text(&cursor));
		rc = read_journal(d, buf_text(&from), &why, e);
		*went_on = rc > 0;
		if (rc == 0)
			msg_warn("%s; looking an hour back instead", why.text);
	}
	if (rc == 0)
		rc = read_since(d, FIRST_LOOK, e);
	buf_clear(&cursor);
	buf_clear(&from);
	return rc < 0 ? -1 : 0;
}

static int print(struct digest *d, bool went_on, struct err *e)
{
	json_t *report = digest_report(d, (size_t)option.top);
	struct buf line = BUF_INIT(BUF_RECORD);

	json_object_set_new(report, "continued", json_boolean(went_on));
	json_object_set_new(report, "truncated",
		json_boolean(json_integer_value(json_object_get(report, "count")) >= ENTRIES_MAX));
	json_put(&line, report);
	if (puts(buf_text(&line)) < 0 || fflush(stdout))
		err_sys(e, ERR_OUTPUT, "cannot write standard output");
	buf_clear(&line);
	json_decref(report);
	return e->kind ? -1 : 0;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);
	bool errors = argc - first == 1 && strcmp(argv[first], "errors") == 0, went_on = false;
	struct digest *d;

	if (!errors && (argc - first != 1 || strcmp(argv[first], "digest")))
		return prog_usage("what to show is one of errors, digest");
	if (!path_is_name(option.cursor))
		return prog_usage("--cursor '%s' cannot be a file name", option.cursor);
	d = digest_new();
	/* The place moves on only when what was seen has been printed. */
	if ((errors ? read_on(d, &went_on, &e) : read_since(d, option.since, &e)) == 0 &&
		print(d, went_on, &e) == 0 && errors)
		save_cursor(d, &e);
	digest_free(d);
	return prog_end(&e);
}
