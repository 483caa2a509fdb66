/* hl-status: what waits for a person, what is halted or interrupted, and which policy is in force.
 */
#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/path.h"
#include "base/prog.h"
#include "base/when.h"
#include "doc/gap.h"
#include "doc/run.h"
#include "edge/journal.h"
#include "edge/spool.h"
#include "edge/state.h"
#include "flow/ops.h"
#include "json/scan.h"

static const struct opt options[] = {STATE_OPTIONS, OPT_END};

static const struct prog program = {
	.name = "hl-status",
	.purpose = "what waits for a person, and what is in force",
	.synopsis = "",
	.options = options,
	.see = "hl-ask(1), hl-doctor(1)",
};

/* A text member of a parked case, safe for a terminal. */
static void put_member(struct buf *line, struct scan_value object, const char *key)
{
	struct buf text = BUF_INIT(4096);

	if (scan_string(scan_member(object, key), &text) == 0)
		msg_safe(line, buf_str(&text), false);
	buf_clear(&text);
}

static int64_t time_member(struct scan_value object, const char *key, int64_t fallback)
{
	struct str inside;
	int64_t at;

	if (scan_plain(scan_member(object, key), &inside) && when_parse(inside, &at) == 0)
		return at;
	return fallback;
}

/* "20261121T041300Z-9c2e51d0a7b3f644  critical  2h  Title" */
static int show_parked_one(const char *id, struct err *e)
{
	struct buf text = BUF_INIT(BUF_RECORD), line = BUF_INIT(16384);
	struct scan_error fault;
	struct scan_value object, waits;
	char span[48];
	int64_t now = when_now();
	int rc = spool_get(id, &text, e);

	if (rc <= 0)
		goto out; /* gone meanwhile: answered */
	if (scan_text(buf_str(&text), &object, &fault)) {
		rc = err_set(e, ERR_DATA, "parked case '%s' is damaged: %s", id, fault.why);
		goto out;
	}
	waits = scan_member(scan_member(object, "outcome"), "waiting");
	buf_putf(&line, "  %s  ", id);
	put_member(&line, object, "severity");
	buf_putf(&line, "  %s  ",
		span_format(
			(now - time_member(object, "opened_at", now)) / WHEN_MINUTE * WHEN_MINUTE,
			span));
	put_member(&line, object, "title");
	if (waits.type == SCAN_OBJECT) {
		buf_putf(&line, ": task since %s: ",
			span_format((now - time_member(waits, "since", now)) / WHEN_MINUTE *
					    WHEN_MINUTE,
				span));
		put_member(&line, waits, "title");
	}
	if (scan_member(object, "resolved").type == SCAN_OBJECT)
		buf_puts(&line, " (resolved meanwhile)");
	printf("%s\n", buf_text(&line));
	rc = 0;
out:
	buf_clear(&text);
	buf_clear(&line);
	return rc < 0 ? -1 : 0;
}

static int show_parked(struct err *e)
{
	char **ids = NULL;
	long n = spool_list(&ids, e);
	int rc = 0;

	if (n < 0)
		return -1;
	printf("waiting  %ld %s for a person%s\n", n, n == 1 ? "case" : "cases",
		n ? ": hl-ask --parked | hl-apply | hl-record" : "");
	for (long i = 0; i < n; i++) {
		if (rc == 0)
			rc = show_parked_one(ids[i], e);
		free(ids[i]);
	}
	free(ids);
	return rc;
}

/* What hl-apply began and did not end: it was killed, or it is at it now. */
static int show_cut_off(struct err *e)
{
	char **names = NULL;
	long n = journal_list(&names, e), open = 0;

	for (long i = 0; i < n; i++) {
		struct err ignored = ERR_INIT;
		struct run run = {.begin = NULL};
		json_t *lines = journal_peek(names[i], &ignored);

		/* One that cannot be read has to be looked at, too. */
		if (!lines || run_read(&run, lines, "", &ignored) ||
			(run.begin && !run.outcome && !(run_waits(&run) && spool_has(names[i]))))
			open++;
		json_decref(lines);
		free(names[i]);
	}
	free(names);
	if (open)
		printf("cut off  %ld %s: hl-apply --resume | hl-record\n", open,
			open == 1 ? "case" : "cases");
	return n < 0 ? -1 : 0;
}

static void show_halt(void)
{
	struct buf text = BUF_INIT(8192), safe = BUF_INIT(40000);
	struct err none = ERR_INIT;
	char *path = state_path("halt");

	if (!state_halted()) {
		printf("halted   no\n");
	} else {
		if (file_read(path, &text, &none) == 0)
			msg_safe(&safe, str_trim(buf_str(&text)), false);
		printf("halted   YES: %s\n         nothing acts until 'hl resume'\n",
			buf_text(&safe));
	}
	free(path);
	buf_clear(&text);
	buf_clear(&safe);
}

static int count_one(void *count, const char *path, const char *id, struct err *e)
{
	(void)path;
	(void)id;
	(void)e;
	++*(long *)count;
	return 0;
}

/* Abilities that plans wanted and no tool has. */
static void show_gaps(struct ops *o)
{
	struct err none = ERR_INIT;
	long count = 0;

	if (repo_each(ops_repo(o), ops_commit(o), GAP_ROOT, count_one, &count, &none) == 0 && count)
		printf("missing  %ld %s that no tool has: " GAP_ROOT "/ in the ops repo\n", count,
			count == 1 ? "ability" : "abilities");
}

static void show_repo(void)
{
	struct err e = ERR_INIT;
	struct ops *o = ops_open(&e);
	const struct policy *p = o ? ops_policy(o, &e) : NULL;

	if (p)
		printf("in force %s at %.12s, mode %s\n", state_repo(), ops_commit(o),
			mode_names[p->mode]);
	else
		printf("in force nothing: %s\n", e.text);
	if (o)
		show_gaps(o);
	ops_free(o);
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;

	if (prog_begin(&program, argc, argv) < argc)
		return prog_usage("takes no operands");
	show_repo();
	show_halt();
	show_cut_off(&e);
	show_parked(&e);
	return prog_end(&e);
}
