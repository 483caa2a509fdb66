#include "doc/decision.h"

#include <ctype.h>

#include "base/mem.h"
#include "base/when.h"
#include "doc/minutes.h"
#include "doc/prose.h"
#include "doc/secret.h"
#include "json/node.h"
#include "json/stream.h"

enum { SHORT = 60, NAME = 60, WORDS = 600, MESSAGE_MAX = 65536 };

/* The id's parts: "20261121T041300Z-9c2e51d0a7b3f644". */
bool decision_is_id(const char *id)
{
	static const char form[] = "ddddddddTddddddZ-xxxxxxxxxxxxxxxx";

	for (size_t i = 0; i < sizeof form; i++) {
		unsigned char c = (unsigned char)id[i];

		if (form[i] == 'd'       ? !isdigit(c)
			: form[i] == 'x' ? !isdigit(c) && !(c >= 'a' && c <= 'f')
					 : c != (unsigned char)form[i])
			return false;
	}
	return true;
}

char *decision_day(const char *id, char path[DECISION_PATH])
{
	snprintf(path, DECISION_PATH, DECISION_ROOT "/%.4s/%.2s/%.2s", id, id + 4, id + 6);
	return path;
}

char *decision_path(const char *id, unsigned n, bool crowded, char path[DECISION_PATH])
{
	char number[16] = "";
	size_t at;

	if (n > 1)
		snprintf(number, sizeof number, ".%u", n);
	decision_day(id, path);
	at = strlen(path);
	if (crowded)
		snprintf(path + at, DECISION_PATH - at, "/%.2s/%s%s.json", id + 17, id, number);
	else
		snprintf(path + at, DECISION_PATH - at, "/%s%s.json", id, number);
	return path;
}

int decision_of_path(const char *path, char id[CASE_ID], unsigned *n)
{
	const char *base = strrchr(path, '/');
	unsigned long number = 1;
	char *end;

	base = base ? base + 1 : path;
	if (strlen(base) < 33 + 5)
		return -1;
	memcpy(id, base, 33);
	id[33] = '\0';
	end = (char *)(uintptr_t)base + 33;
	if (*end == '.' && isdigit((unsigned char)end[1]))
		number = strtoul(end + 1, &end, 10);
	if (!decision_is_id(id) || number == 0 || number > 1000000 || strcmp(end, ".json") != 0)
		return -1;
	*n = (unsigned)number;
	return 0;
}

/* Values of up to SHORT bytes stay on a line, the rest gets a line for each member. */
static void lay_out(struct buf *to, struct scan_value v, unsigned level, bool top)
{
	struct scan_iter it = scan_open(v);
	struct scan_value key, value;
	bool object = v.type == SCAN_OBJECT, first = true;

	if (!top && ((v.type != SCAN_OBJECT && v.type != SCAN_ARRAY) || v.raw.n <= SHORT)) {
		buf_putstr(to, v.raw);
		return;
	}
	buf_putc(to, object ? '{' : '[');
	while (scan_next(&it, &key, &value)) {
		if (top && scan_is(key, STR("record")))
			continue;
		buf_puts(to, first ? "\n" : ",\n");
		first = false;
		for (unsigned i = 0; i <= level; i++)
			buf_puts(to, "  ");
		if (object) {
			buf_putstr(to, key.raw);
			buf_puts(to, ": ");
		}
		lay_out(to, value, level + 1, false);
	}
	buf_putc(to, '\n');
	for (unsigned i = 0; i < level; i++)
		buf_puts(to, "  ");
	buf_putc(to, object ? '}' : ']');
}

static const char *text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void plain(struct buf *to, const char *s, size_t max)
{
	prose_plain(to, str_of(s), max);
}

/* A solution's title; that of a model's in quotes, which it cannot end. */
static void put_title(struct buf *to, const json_t *tree, const char *title, size_t max)
{
	bool said = text(json_object_get(json_object_get(tree, "plan"), "model"), "name");
	size_t from;

	buf_puts(to, said ? "\"" : "");
	from = to->n;
	plain(to, title, max);
	for (size_t i = from; said && i < to->n; i++)
		if (to->p[i] == '"')
			to->p[i] = '\'';
	buf_puts(to, said ? "\"" : "");
}

/* "DiskFull" of the first signal, else the title. */
static const char *name_of(const json_t *tree)
{
	const char *name = text(json_array_get(json_object_get(tree, "signals"), 0), "name");

	name = name && *name ? name : text(tree, "title");
	return name ? name : "case";
}

static const json_t *solution_of(const json_t *tree)
{
	json_t *wanted = json_object_get(json_object_get(tree, "approval"), "solution");
	json_t *solutions = json_object_get(json_object_get(tree, "plan"), "solutions");

	for (size_t i = 0; json_is_integer(wanted) && i < json_array_size(solutions); i++) {
		json_t *one = json_array_get(solutions, i);

		if (json_integer_value(json_object_get(one, "n")) == json_integer_value(wanted))
			return one;
	}
	return NULL;
}

static const char *words_for(const char *how)
{
	static const char *const words[][2] = {{"rolled_back", "failed and rolled back"},
		{"unverified", "not verified"}, {"waiting", "waits"},
		{"refused", "refused, nothing was run"}, {"expired", "nobody answered"},
		{"auto", "approved by policy"}, {"drilled", "undo drilled"}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(how, words[i][0]) == 0)
			return words[i][1];
	return how;
}

/* "DemoDown: restart demo-web, fixed", at most PROSE_WIDTH bytes; the end is what must not be cut.
 */
static void put_subject(struct buf *to, const struct decision *d, const json_t *tree)
{
	static const char *const keys[] = {"Case:", "Runbook:", "Solution:", "Approved-by:",
		"Autonomy:", "Outcome:", "Basis:"};
	const json_t *solution = json_object_get(tree, "outcome") ? solution_of(tree) : NULL;
	const char *by = text(json_object_get(tree, "approval"), "by"),
		   *what = text(solution, "title");
	struct buf end = BUF_INIT(256), head = BUF_INIT(1024);
	size_t room;

	plain(&end, words_for(d->how), 30);
	if (by && !json_object_get(tree, "outcome") && strcmp(d->how, "expired") != 0) {
		buf_puts(&end, " by ");
		plain(&end, by, 20);
	}
	plain(&head, name_of(tree), 48);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (str_starts(buf_str(&head), keys[i]) ||
			(head.n + 1 == strlen(keys[i]) &&
				strncmp(buf_text(&head), keys[i], head.n) == 0))
			buf_puts(to, "case of "); /* an alert of that name is no trailer */
	if (what) {
		buf_puts(&head, ": ");
		put_title(&head, tree, what, 100);
	}
	room = to->n + end.n + 12 > PROSE_WIDTH ? 10 : PROSE_WIDTH - to->n - end.n - 2;
	if (head.n > room) {
		head.n = room - 3;
		while (head.n &&
			((unsigned char)head.p[head.n] & 0xc0) == 0x80) /* not inside a character */
			head.n--;
		buf_puts(&head, "...");
	}
	buf_putf(to, "%s%s%s\n", buf_text(&head), what ? ", " : ": ", buf_text(&end));
	buf_clear(&end);
	buf_clear(&head);
}

static void put_paragraph(struct buf *to, struct buf *words)
{
	buf_putc(to, '\n');
	prose_wrap(to, buf_str(words), 0);
	buf_reset(words);
}

/* What it was. */
static void put_case(struct buf *to, const json_t *tree)
{
	const json_t *triage = json_object_get(tree, "triage");
	const char *title = text(tree, "title"), *severity = text(tree, "severity"),
		   *why = text(triage, "why");
	struct buf words = BUF_INIT(8192);

	buf_puts(&words, "What it was: ");
	plain(&words, title ? title : "no title", WORDS);
	if (severity) {
		buf_puts(&words, " (");
		plain(&words, severity, NAME);
		buf_putc(&words, ')');
	}
	buf_puts(&words, ".");
	if (why) {
		buf_puts(&words, " Triage: ");
		plain(&words, why, WORDS);
		buf_puts(&words, ".");
	}
	put_paragraph(to, &words);
	buf_clear(&words);
}

/* What was chosen, by whom. */
static void put_choice(struct buf *to, const json_t *tree)
{
	const json_t *approval = json_object_get(tree, "approval"), *solution = solution_of(tree);
	const char *by = text(approval, "by"), *via = text(approval, "via"),
		   *decision = text(approval, "decision");
	const char *reason = text(approval, "reason"), *title = text(solution, "title");
	struct buf words = BUF_INIT(8192);

	if (!decision)
		return;
	buf_puts(&words, "What was decided: ");
	plain(&words, decision, NAME);
	if (by) {
		buf_puts(&words, " by ");
		plain(&words, by, NAME);
	}
	if (via) {
		buf_puts(&words, ", via ");
		plain(&words, via, NAME);
	}
	if (title) {
		buf_puts(&words, ": ");
		put_title(&words, tree, title, WORDS);
		if (json_is_true(json_object_get(approval, "agreed")))
			buf_puts(&words, ", as recommended");
	}
	if (text(approval, "until")) {
		buf_puts(&words, ", until ");
		plain(&words, text(approval, "until"), NAME);
	}
	buf_putc(&words, '.');
	if (reason) {
		buf_puts(&words, " Reason: ");
		plain(&words, reason, WORDS);
		buf_putc(&words, '.');
	}
	put_paragraph(to, &words);
	buf_clear(&words);
}

/* What persons did, or could not do. */
static void put_persons(struct buf *to, const json_t *steps)
{
	struct buf words = BUF_INIT(8192);
	bool first = true;
	json_t *step;
	size_t i;

	json_array_foreach (steps, i, step) {
		const char *by = text(step, "by"), *note = text(step, "note");

		if (!by)
			continue;
		buf_puts(to, first ? "\n" : "");
		first = false;
		buf_puts(&words, "- ");
		plain(&words, text(step, "id") ? text(step, "id") : "a step", NAME);
		buf_puts(&words, json_is_true(json_object_get(step, "ok")) ? ": done by "
									    : ": not done by ");
		plain(&words, by, NAME);
		if (note) {
			buf_puts(&words, ", ");
			plain(&words, note, WORDS);
		}
		prose_wrap(to, buf_str(&words), 2);
		buf_reset(&words);
	}
	buf_clear(&words);
}

/* What happened, and each check that was made after it. */
/* A check without a title is called by its tool. */
static const char *check_name(const json_t *check)
{
	const char *title = text(check, "title"), *tool = text(check, "tool");

	return title ? title : tool ? tool : "a check";
}

static void put_outcome(struct buf *to, const json_t *tree)
{
	const json_t *outcome = json_object_get(tree, "outcome"),
		     *checks = json_object_get(outcome, "verify");
	const char *result = text(outcome, "result"), *why = text(outcome, "why");
	size_t steps = json_array_size(json_object_get(outcome, "steps"));
	struct buf words = BUF_INIT(8192);

	if (!result)
		return;
	buf_puts(&words, "What happened: ");
	plain(&words, words_for(result), NAME);
	if (why && *why) {
		buf_puts(&words, ", ");
		plain(&words, why, WORDS);
	}
	if (steps)
		buf_putf(&words, "; %zu step%s in %.1f s", steps, steps == 1 ? "" : "s",
			(double)json_integer_value(json_object_get(outcome, "took_ms")) / 1000);
	buf_putc(&words, '.');
	put_paragraph(to, &words);
	put_persons(to, json_object_get(outcome, "steps"));
	for (size_t i = 0; i < json_array_size(checks) && i < 10; i++) {
		const json_t *check = json_array_get(checks, i);
		bool holds = json_is_true(json_object_get(check, "holds"));

		buf_puts(to, i ? "" : "\n");
		buf_putf(&words, "- %s: ", holds ? "holds" : "does not hold");
		plain(&words, check_name(check), WORDS);
		if (!holds && text(check, "why")) {
			buf_puts(&words, ", ");
			plain(&words, text(check, "why"), WORDS);
		}
		prose_wrap(to, buf_str(&words), 2);
		buf_reset(&words);
	}
	buf_clear(&words);
}

static void put_trailer(struct buf *to, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	buf_putf(to, "%s: ", key);
	plain(to, value, 200);
	buf_putc(to, '\n');
}

static void put_trailers(struct buf *to, const struct decision *d, const json_t *tree)
{
	const json_t *plan = json_object_get(tree, "plan"),
		     *approval = json_object_get(tree, "approval");
	const char *decision = text(approval, "decision");

	buf_putc(to, '\n');
	put_trailer(to, "Case", d->id);
	put_trailer(to, "Runbook", text(json_object_get(plan, "runbook"), "id"));
	put_trailer(to, "Workflow", text(json_object_get(tree, "request"), "workflow"));
	put_trailer(to, "Solution", text(solution_of(tree), "id"));
	if (decision && strcmp(decision, "approved") == 0)
		put_trailer(to, "Approved-by", text(approval, "by"));
	else if (decision && strcmp(decision, "auto") == 0)
		put_trailer(to, "Approved-by", "policy");
	put_trailer(to, "Autonomy", text(json_object_get(plan, "autonomy"), "level"));
	put_trailer(to, "Outcome", d->how);
	put_trailer(to, "Basis", text(plan, "basis") ? text(plan, "basis") : text(tree, "basis"));
}

static char *make_message(const struct decision *d, const json_t *tree)
{
	struct buf to = BUF_INIT(MESSAGE_MAX);

	put_subject(&to, d, tree);
	put_case(&to, tree);
	put_choice(&to, tree);
	put_outcome(&to, tree);
	put_trailers(&to, d, tree);
	return buf_take(&to);
}

void decision_event(const json_t *tree, char hex[SHA_HEX])
{
	json_t *event = json_object();
	char *canonical;

	for (const char *const *key = (const char *const[]){"approval", "outcome", NULL}; *key;
		key++)
		if (json_object_get(tree, *key))
			json_object_set(event, *key, json_object_get(tree, *key));
	canonical = json_canonical(event);
	sha_hex(str_of(canonical), hex);
	free(canonical);
	json_decref(event);
}

static int read_event(struct decision *d, const json_t *tree, struct err *e)
{
	const json_t *approval = json_object_get(tree, "approval"),
		     *outcome = json_object_get(tree, "outcome");
	const char *id = text(tree, "id"), *until = text(approval, "until");
	const char *how = outcome ? text(outcome, "result") : text(approval, "decision");
	json_t *gaps = json_object_get(json_object_get(tree, "plan"), "gaps");

	if (!id || !decision_is_id(id))
		return err_set(e, ERR_DATA,
			"id: not a time and a fingerprint such as 20261121T041300Z-9c2e51d0a7b3f644");
	if (!how || strlen(how) >= sizeof d->how)
		return err_set(e, ERR_DATA,
			outcome ? "outcome without result" : "approval without decision");
	memcpy(d->id, id, strlen(id) + 1);
	memcpy(d->how, how, strlen(how) + 1);
	if (strcmp(how, "snoozed") == 0 && (!until || when_parse(str_of(until), &d->until)))
		return err_set(e, ERR_DATA, "approval.until: not a time");
	decision_event(tree, d->event);
	if (json_array_size(gaps))
		d->gaps = json_incref(gaps);
	d->transcripts = minutes_named(tree);
	return 0;
}

static int find_secret(const struct decision *d, json_t *tree, struct err *e)
{
	struct buf place = BUF_INIT(4096);
	const char *words = secret_in_tree(tree, &place);

	if (!words) { /* the message is made of the same texts, but put side by side */
		buf_reset(&place);
		words = secret_in_text(str_of(d->message));
	}
	if (words)
		err_set(e, ERR_DATA, "%s: looks like %s, and is not committed",
			place.n ? buf_text(&place) : "message", words);
	buf_clear(&place);
	return words ? -1 : 0;
}

int decision_load(struct decision *d, struct scan_value whole, struct err *e)
{
	json_t *tree = scan_load(whole);
	int rc;

	*d = (struct decision){.whole = whole};
	rc = read_event(d, tree, e);
	if (rc == 0) {
		d->message = make_message(d, tree);
		rc = find_secret(d, tree, e);
	}
	if (rc)
		decision_clear(d);
	json_decref(tree);
	return rc;
}

void decision_clear(struct decision *d)
{
	free(d->message);
	json_decref(d->gaps);
	json_decref(d->transcripts);
	*d = (struct decision){.message = NULL};
}

void decision_file(const struct decision *d, struct buf *into)
{
	lay_out(into, d->whole, 0, true);
	buf_putc(into, '\n');
}

bool decision_same(const struct decision *d, struct str file)
{
	json_t *tree = json_loadb(file.p, file.n, 0, NULL);
	char event[SHA_HEX] = "";

	if (tree)
		decision_event(tree, event);
	json_decref(tree);
	return strcmp(event, d->event) == 0;
}

char *decision_message_of(const struct decision *const *all, size_t n)
{
	struct buf to = BUF_INIT(n * 512 + 1024);

	if (n == 1)
		return mem_text(all[0]->message);
	buf_putf(&to, "Record %zu decisions\n\n", n);
	for (size_t i = 0; i < n; i++)
		buf_putf(&to, "- %.*s\n", (int)strcspn(all[i]->message, "\n"), all[i]->message);
	buf_putc(&to, '\n');
	for (size_t i = 0; i < n; i++)
		put_trailer(&to, "Case", all[i]->id);
	return buf_take(&to);
}
