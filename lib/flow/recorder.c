#include "flow/recorder.h"

#include "base/mem.h"
#include "base/msg.h"
#include "base/when.h"
#include "edge/spool.h"
#include "edge/state.h"
#include "flow/archive.h"
#include "flow/memory.h"
#include "flow/ops.h"

/* A line that waits: a case to be recorded, or one that only keeps its place. */
struct waiting {
	char *line;
	size_t n;
	bool acted;
	size_t entry; /* of the case */
};

struct recorder {
	struct stream *stream;
	bool one_commit;
	struct waiting *lines;
	struct ledger_entry *entries;
	size_t n_lines, cap_lines, n_entries, cap_entries, bytes;
	size_t parked, dropped; /* cases that were not recorded */
	struct err failed;
	struct ops *ops;
	struct memory *memory;
};

struct recorder *recorder_new(struct stream *s, bool one_commit)
{
	struct recorder *r = mem_new(sizeof *r);

	r->stream = s;
	r->one_commit = one_commit;
	return r;
}

static void drop(struct ledger_entry *entry)
{
	for (size_t i = 0; i < entry->n_beside; i++)
		free((void *)(uintptr_t)entry->beside[i].bytes.p);
	free(entry->beside);
	entry->beside = NULL;
	entry->n_beside = 0;
	decision_clear(&entry->decision);
}

static void empty(struct recorder *r)
{
	for (size_t i = 0; i < r->n_lines; i++)
		free(r->lines[i].line);
	for (size_t i = 0; i < r->n_entries; i++)
		drop(&r->entries[i]);
	r->n_lines = r->n_entries = r->bytes = 0;
}

void recorder_free(struct recorder *r)
{
	if (!r)
		return;
	empty(r);
	free(r->lines);
	free(r->entries);
	memory_close(r->memory);
	ops_free(r->ops);
	free(r);
}

const struct err *recorder_failed(const struct recorder *r)
{
	return &r->failed;
}

/* Keeps a copy of the line, and lends it. */
static struct str wait_in_line(struct recorder *r, const struct record *record, bool acted)
{
	struct waiting *w;

	r->lines = mem_room(r->lines, r->n_lines, &r->cap_lines, sizeof *r->lines);
	w = &r->lines[r->n_lines++];
	*w = (struct waiting){.line = mem_copy(record->line.p, record->line.n),
		.n = record->line.n,
		.acted = acted,
		.entry = r->n_entries};
	r->bytes += record->line.n;
	return (struct str){w->line, w->n};
}

/*
 * The transcript of this digest, to go beside the decision. One that is gone or altered is left
 * out, and named: what has happened is recorded without it.
 */
static int take_beside(struct ledger_entry *entry, const char *digest, struct err *e)
{
	struct buf bytes = BUF_INIT(ARCHIVE_MAX);
	struct ledger_file *file = &entry->beside[entry->n_beside];
	struct err why = ERR_INIT;
	int rc = archive_read_kept(digest, &bytes, &why);

	if (rc > 0 && archive_check(digest, buf_str(&bytes), e)) {
		buf_clear(&bytes);
		return -1;
	}
	if (rc > 0) {
		minutes_path(digest, file->path);
		file->bytes.n = bytes.n;
		file->bytes.p = buf_take(&bytes);
		entry->n_beside++;
	} else {
		msg_warn("case '%s' is recorded without its transcript '%.12s': %s",
			entry->decision.id, digest, rc ? why.text : "it is not in the state directory");
	}
	buf_clear(&bytes);
	return 0;
}

static int take_minutes(struct ledger_entry *entry, struct err *e)
{
	json_t *names = entry->decision.transcripts, *name;
	size_t i;

	if (!json_array_size(names))
		return 0;
	entry->beside = mem_array(json_array_size(names), sizeof *entry->beside);
	json_array_foreach (names, i, name)
		if (take_beside(entry, json_string_value(name), e))
			return -1;
	return 0;
}

static size_t size_beside(const struct ledger_entry *entry)
{
	size_t n = 0;

	for (size_t i = 0; i < entry->n_beside; i++)
		n += entry->beside[i].bytes.n;
	return n;
}

int recorder_take(struct recorder *r, const struct record *record, struct err *e)
{
	struct str line = wait_in_line(r, record, true);
	struct err why = ERR_INIT;
	struct ledger_entry *entry;

	r->entries = mem_room(r->entries, r->n_entries, &r->cap_entries, sizeof *r->entries);
	entry = &r->entries[r->n_entries];
	memset(entry, 0, sizeof *entry);
	if (decision_load(
		    &entry->decision, (struct scan_value){SCAN_OBJECT, str_trim(line)}, &why) ||
		take_minutes(entry, &why)) {
		drop(entry);
		free(r->lines[--r->n_lines].line);
		r->bytes -= line.n;
		return stream_reject(r->stream, record, e, "%s", why.text);
	}
	r->n_entries++;
	r->bytes += size_beside(entry);
	return r->bytes > RECORDER_BYTES ? recorder_end(r, e) : 0;
}

int recorder_pass(struct recorder *r, const struct record *record, struct err *e)
{
	if (r->n_lines == 0)
		return stream_pass(r->stream, record, e);
	wait_in_line(r, record, false);
	return r->bytes > RECORDER_BYTES ? recorder_end(r, e) : 0;
}

/* A policy that does not load must not keep what has happened out of the history. */
static struct ledger_how sign(struct recorder *r)
{
	struct err e = ERR_INIT;
	const struct policy *p = ops_policy(r->ops, &e);

	if (!p)
		msg_warn("%s: committing as hl <hl@localhost>", e.text);
	return (struct ledger_how){.name = p ? p->identity.name : "hl",
		.mail = p ? p->identity.mail : "hl@localhost",
		.at = when_now(),
		.one_commit = r->one_commit};
}

static int write_decisions(struct recorder *r, struct err *e)
{
	struct buf behind = BUF_INIT(65536);
	struct ledger_how how;
	struct str rest, line;
	int rc;

	if (!r->ops && !(r->ops = ops_open(e)))
		return -1;
	how = sign(r);
	rc = ledger_write(ops_repo(r->ops), r->entries, r->n_entries, &how, &behind, e);
	rest = buf_str(&behind);
	while (str_split(&rest, '\n', &line))
		msg_warn("%.*s", STR_ARG(line));
	buf_clear(&behind);
	return rc;
}

static int settle_all(struct recorder *r, struct err *e)
{
	int rc = 0;

	if (!r->memory && (!(r->memory = memory_open(e)) || memory_relax(r->memory, e)))
		return -1;
	if (memory_begin(r->memory, e))
		return -1;
	for (size_t i = 0; i < r->n_entries && rc == 0; i++) {
		const struct decision *d = &r->entries[i].decision;

		rc = memory_settle(r->memory, d->id, d->how, when_now(), d->until, e);
	}
	if (rc == 0)
		return memory_commit(r->memory, e);
	memory_rollback(r->memory);
	return -1;
}

/* The decisions are in git whatever happens here. A spool file that stays is found recorded the
 * next time. */
static void tell_others(struct recorder *r)
{
	struct err e = ERR_INIT;

	settle_all(r, &e);
	for (size_t i = 0; i < r->n_entries; i++)
		spool_remove(r->entries[i].decision.id, &e);
	if (!e.kind)
		return;
	err_prefix(&e, "recorded, but ");
	err_set(&r->failed, e.kind, "%s", e.text);
}

static int put_recorded(struct recorder *r, const struct waiting *w, struct err *e)
{
	const struct ledger_entry *entry = &r->entries[w->entry];
	const struct str line = {w->line, w->n};
	const struct record record = {.line = line, .object = {SCAN_OBJECT, str_trim(line)}};
	char at[WHEN_TEXT];
	json_t *value = json_pack("{s:s, s:s, s:s}", "commit", entry->commit, "path", entry->path,
		"at", when_format(entry->at, at));
	int rc = stream_put_with(r->stream, &record, "record", value, e);

	json_decref(value);
	return rc;
}

/* Parks a case that could not be recorded. */
static void park(struct recorder *r, const struct waiting *w)
{
	const char *id = r->entries[w->entry].decision.id;
	struct err e = ERR_INIT;

	if (spool_put(id, (struct str){w->line, w->n}, &e)) {
		msg_error("case '%s' could not be kept in the spool either: %s", id, e.text);
		r->dropped++;
	} else {
		r->parked++;
	}
}

static void say_failed(struct recorder *r, enum err_kind first)
{
	struct err *f = &r->failed;
	enum err_kind kind = f->kind ? f->kind : first;

	err_clear(f);
	err_set(f, kind, "%zu case%s not recorded: %zu kept in the spool, %zu not",
		r->parked + r->dropped, r->parked + r->dropped == 1 ? "" : "s", r->parked,
		r->dropped);
}

int recorder_end(void *recorder, struct err *e)
{
	struct recorder *r = recorder;
	struct err why = ERR_INIT;
	int rc = 0;

	if (r->n_entries && write_decisions(r, &why))
		msg_error("%s", why.text);
	else if (r->n_entries)
		tell_others(r);
	for (size_t i = 0; i < r->n_lines; i++) {
		const struct waiting *w = &r->lines[i];

		if (w->acted && why.kind)
			park(r, w);
		if (rc == 0 && w->acted && !why.kind)
			rc = put_recorded(r, w, e);
		else if (rc == 0)
			rc = stream_put_line(r->stream, (struct str){w->line, w->n}, e);
	}
	if (why.kind)
		say_failed(r, why.kind);
	empty(r);
	return rc;
}
