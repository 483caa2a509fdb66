#include "flow/triager.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/when.h"
#include "doc/case.h"
#include "doc/signal.h"
#include "flow/batch.h"
#include "flow/batch_memory.h"
#include "flow/course.h"
#include "flow/hands.h"
#include "flow/looking.h"
#include "flow/opinion.h"
#include "flow/verdict.h"

#define FEW_TEXTS   1024
#define THINKING_MS (2 * (int64_t)WHEN_MINUTE) /* from the first question of a batch to the last */
#define QUIET_MS    WHEN_MINUTE /* of a group that only repeats itself one line in this time */

struct triager {
	struct stream *out;
	struct rules *rules;
	struct memory *memory;
	struct roster roster;
	struct batch batch;
	struct labels labels; /* of the signal at hand */
	struct table
		by_text; /* alerts by their labels as they were written: most lines repeat one */
	uint64_t text_key;
	struct looking looking;
	struct thinker thinker;
	struct buf line, why;
	int64_t now; /* of the batch */
	bool open;   /* a batch has begun */
	bool tidied; /* this run has forgotten what is old */
	bool held;   /* somebody may hold a case: the spool or the journals are not empty */
};

/* The alert that a signal is of. */
struct sighting {
	uint32_t alert; /* in the roster */
	bool known;     /* before this signal */
};

struct triager *triager_new(struct stream *out)
{
	struct triager *t = mem_new(sizeof *t);

	t->out = out;
	t->batch = (struct batch)BATCH_INIT;
	t->labels = (struct labels)LABELS_INIT;
	t->text_key = hash_key();
	t->line = BUF_INIT(BUF_RECORD);
	t->why = BUF_INIT(65536);
	return t;
}

void triager_free(struct triager *t)
{
	if (!t)
		return;
	rules_free(t->rules);
	memory_close(t->memory);
	roster_clear(&t->roster);
	batch_clear(&t->batch);
	labels_clear(&t->labels);
	table_clear(&t->by_text);
	buf_clear(&t->line);
	buf_clear(&t->why);
	looking_clear(&t->looking);
	free(t);
}

/* The first time everything is opened; later what others have done since is taken in. */
static int begin_batch(struct triager *t, struct err *e)
{
	int stale = 1;

	if (!t->rules && !(t->rules = rules_open(e)))
		return -1;
	if (!t->memory && !(t->memory = memory_open(e)))
		return -1;
	if (t->tidied)
		stale = memory_changed(t->memory, e);
	if (stale < 0 || (stale && roster_load(&t->roster, t->memory, e)))
		return -1;
	t->now = when_now();
	t->open = true;
	return 0;
}

/* A time that may be missing. 0, or -1 when it is there and none. */
static int read_time(struct scan_value v, int64_t *at)
{
	struct str text;

	*at = WHEN_NEVER;
	if (v.type == SCAN_NONE || v.type == SCAN_NULL)
		return 0;
	return scan_plain(v, &text) ? when_parse(text, at) : -1;
}

/* Why it is no signal, or NULL with the episode set. The labels are looked at later. */
static const char *read_signal(const struct scan_value *m, struct str line, struct episode *p)
{
	if (m[SIGNAL_STATUS].type == SCAN_NONE)
		return "signal without status";
	p->firing = scan_is(m[SIGNAL_STATUS], STR("firing"));
	if (!p->firing && !scan_is(m[SIGNAL_STATUS], STR("resolved")))
		return "status: not one of firing, resolved";
	if (read_time(m[SIGNAL_STARTS], &p->starts_at))
		return "starts_at: not a time such as 2026-11-21T04:13:00Z";
	if (read_time(m[SIGNAL_ENDS], &p->ends_at))
		return "ends_at: not a time such as 2026-11-21T04:13:00Z";
	if (line.n > BATCH_SIGNAL)
		return "signal longer than 1 MiB";
	return NULL;
}

static struct touched *touch(struct triager *t, uint32_t group)
{
	struct roster_group *g = t->roster.groups + group;
	struct touched *touched;

	if (g->touched == ROSTER_NONE) {
		g->touched = batch_touch(&t->batch, group);
		t->batch.touched[g->touched].firing = g->firing;
	}
	touched = t->batch.touched + g->touched;
	return touched;
}

/* The alert's place in the batch. */
static uint32_t pend(struct triager *t, const struct sighting *s)
{
	struct roster_alert *a = t->roster.alerts + s->alert;

	if (a->pending == ROSTER_NONE) {
		a->pending = batch_add(&t->batch, t->roster.groups[a->group].touched, s->alert);
		t->batch.pending[a->pending].known = s->known;
	}
	return a->pending;
}

/* What this run wrote about a short while ago is not said again only because it is repeated. */
static bool is_quiet(const struct triager *t, const struct roster_group *g)
{
	return g->told_at != WHEN_NEVER && t->now - g->told_at < QUIET_MS;
}

static bool is_old(enum event event)
{
	return event == EVENT_SAME || event == EVENT_AGAIN || event == EVENT_MISSED;
}

/* Counts what the event does to the case of its group. */
static void count(struct triager *t, struct touched *touched, struct pending *p, enum event event,
	const struct episode *episode)
{
	const struct roster_alert *a = t->roster.alerts + p->alert;
	bool begins = event != EVENT_SAME && event != EVENT_END;
	bool comes_back = event == EVENT_RETURN || (event == EVENT_MISSED && p->known);

	/* The first episode of a case is not a repetition of it. */
	if (event == EVENT_AGAIN ||
		(comes_back && (touched->firing || touched->opens != INT64_MAX)))
		touched->refires++;
	if (comes_back && p->returns < rules_policy(t->rules)->flapping.times) {
		p->returns++;
		batch_comeback(&t->batch, a->fingerprint, a->starts_at);
	}
	if (begins && a->starts_at < touched->opens)
		touched->opens = a->starts_at;
	if (!episode->firing && a->ends_at > touched->ends)
		touched->ends = a->ends_at;
	touched->changed |= event != EVENT_SAME;
	p->changed |= event != EVENT_SAME;
	p->firing = !a->ends_at;
}

/*
 * The alert with these labels, by their text when it came before, or else by their fingerprint;
 * added when it is not known. 0, or -1 when they are no labels (`why` says so).
 */
static int find_alert(
	struct triager *t, struct scan_value labels, struct sighting *s, struct err *why)
{
	uint64_t text = hash_text(labels.raw, t->text_key), fingerprint;

	s->known = true;
	s->alert = table_get(&t->by_text, text);
	if (s->alert != TABLE_NONE)
		return 0;
	if (labels_scan(&t->labels, labels, why))
		return -1;
	fingerprint = labels_fingerprint(&t->labels);
	s->alert = roster_find(&t->roster, fingerprint);
	s->known = s->alert != ROSTER_NONE;
	if (!s->known)
		s->alert = roster_add(&t->roster, fingerprint,
			labels_group(&t->labels, rules_policy(t->rules)->group_by));
	/* The same labels can be written in many ways; a few of them are worth remembering. */
	if (t->by_text.count > 2 * t->roster.n_alerts + FEW_TEXTS)
		table_clear(&t->by_text);
	table_put(&t->by_text, text, s->alert);
	return 0;
}

/* Takes the signal into the batch, if it says anything. */
static void take(struct triager *t, const struct sighting *s, const struct signal *signal,
	const struct episode *episode)
{
	int64_t grace_ms = rules_policy(t->rules)->ask_again_ms;
	enum event event = roster_event(&t->roster, s->alert, episode, t->now, grace_ms);
	const struct roster_alert *a = t->roster.alerts + s->alert;
	bool quiet = s->known && is_old(event) && is_quiet(t, t->roster.groups + a->group);
	struct touched *touched;
	uint32_t at;

	if (event == EVENT_SAME && (quiet || a->pending != ROSTER_NONE))
		return;
	touched = touch(t, a->group);
	roster_apply(&t->roster, s->alert, event, episode, t->now);
	at = pend(t, s);
	count(t, touched, t->batch.pending + at, event, episode);
	if (quiet)
		return;
	touched->speaks = true;
	batch_keep(&t->batch, at, signal);
	t->batch.pending[at].says_firing = episode->firing;
}

int triager_signal(struct triager *t, const struct record *r, struct err *e)
{
	const struct scan_value *m = r->value;
	struct err why = ERR_INIT;
	struct sighting sighting;
	struct episode episode;
	struct signal signal = {.line = r->object.raw};
	const char *fault = read_signal(m, signal.line, &episode);

	if (fault)
		return stream_reject(t->out, r, e, "%s", fault);
	if (!t->open && begin_batch(t, e))
		return -1;
	if (find_alert(t, m[SIGNAL_LABELS], &sighting, &why))
		return stream_reject(t->out, r, e, "%s", why.text);
	for (int i = 0; i < SIGNAL_LASTING; i++)
		signal.member[i] = m[i];
	take(t, &sighting, &signal, &episode);
	return batch_is_full(&t->batch) ? triager_hand_out(t, e) : 0;
}

void triager_observation(struct triager *t, const struct record *r)
{
	if (!batch_observe(&t->batch, r->object.raw))
		msg_why("%s:%lu: an observation of %zu bytes is too long for a case, and left out",
			t->out->name, r->number, r->line.n);
}

/* How bad the signals at hand are, and what the rules say of those that fire. */
static int look(struct triager *t, const struct touched *touched, struct finding *f, struct err *e)
{
	int looked = 0;

	t->looking.rules = t->rules;
	t->looking.labels = &t->labels;
	for (uint32_t i = touched->first; i != BATCH_NONE && looked < CASE_SIGNALS;
		i = t->batch.pending[i].next) {
		const struct pending *p = t->batch.pending + i;
		struct signal s;

		if (!p->n)
			continue;
		looked++;
		batch_signal(&t->batch, p, &s);
		if (looking_at(&t->looking, &s, p->firing, t->now, f, e))
			return -1;
	}
	return 0;
}

/* How often the most restless alert of the case came back. */
static int returns(struct triager *t, const struct touched *touched, int64_t *most, struct err *e)
{
	int64_t since = t->now - rules_policy(t->rules)->flapping.window_ms, n;

	*most = 0;
	for (uint32_t i = touched->first; i != BATCH_NONE; i = t->batch.pending[i].next) {
		const struct pending *p = t->batch.pending + i;

		if (!p->known && !p->returns)
			continue;
		if (memory_episodes(
			    t->memory, t->roster.alerts[p->alert].fingerprint, since, &n, e))
			return -1;
		*most = n > *most ? n : *most;
	}
	return 0;
}

/* Who is asked here, and for how long all cases of a batch may be thought about. */
static void begin_thinking(struct triager *t)
{
	t->thinker = (struct thinker){.memory = t->memory,
		.an_hour = rules_policy(t->rules)->models.an_hour,
		.now = t->now,
		.until = when_tick() + THINKING_MS};
}

static void say_opinion(const struct case_line *line)
{
	const char *failed = json_string_value(json_object_get(line->model, "failed"));

	if (failed)
		msg_warn("case '%s': no model could help (%s: %s)", line->id, failed,
			json_string_value(json_object_get(line->model, "error")));
	else if (line->model)
		msg_why("case '%s': %.*s", line->id, STR_ARG(line->why));
}

/* Judges one group and writes its line. */
static int tell(struct triager *t, const struct touched *touched, struct err *e)
{
	struct roster_group *g = t->roster.groups + touched->group;
	const struct policy *policy = rules_policy(t->rules);
	struct standing s = {.now = t->now, .resolved = touched->alerts, .ended_at = touched->ends};
	struct finding finding = {0};
	char id[CASE_ID];
	struct case_line line = {.id = id,
		.group = g,
		.batch = &t->batch,
		.touched = touched,
		.labels = &t->labels,
		.basis = rules_basis(t->rules),
		.at = t->now,
		.finding = &finding,
		.standing = &s};

	s.fresh = course_follow(g, touched, policy, t->now);
	if (!touched->speaks)
		return 0;
	s.id = case_id(g->opened_at, g->key, id);
	s.held = g->handed || (t->held && hands_hold(id));
	if (s.ended_at == WHEN_NEVER)
		s.ended_at = g->closed_at;
	if (look(t, touched, &finding, e) || returns(t, touched, &s.returns, e))
		return -1;
	s.flapping = s.returns >= policy->flapping.times;
	buf_reset(&t->why);
	line.verdict = verdict_of(g, &finding, &s, t->rules, &t->why);
	line.why = buf_str(&t->why);
	buf_reset(&t->line);
	if (opinion_is_asked(&line, policy) && stream_flush(t->out, e)) /* the others need not wait */
		return -1;
	if (opinion_put(&t->line, &line, policy, &t->thinker, NULL, &t->why, e))
		return -1;
	say_opinion(&line);
	json_decref(line.model);
	g->told_at = t->now;
	g->handed |= line.verdict == VERDICT_PROBLEM || line.verdict == VERDICT_UNSURE;
	return stream_put_line(t->out, buf_str(&t->line), e);
}

/* After the lines have left: what a crash loses here is told again, under the same ids. */
static int remember(struct triager *t, struct err *e)
{
	/* What is old is forgotten once in a run. */
	int64_t before = t->tidied ? WHEN_NEVER : t->now - batch_kept_ms(rules_policy(t->rules));

	return batch_remember(&t->batch, &t->roster, t->memory, before, e);
}

static int mark_resolved(struct triager *t, struct err *e)
{
	char id[CASE_ID];

	for (size_t i = 0; t->held && i < t->batch.n_touched; i++) {
		const struct roster_group *g = t->roster.groups + t->batch.touched[i].group;

		if (!g->firing && hands_mark_resolved(case_id(g->opened_at, g->key, id), t->now, e))
			return -1;
	}
	return 0;
}

static void end_batch(struct triager *t)
{
	for (size_t i = 0; i < t->batch.n_touched; i++)
		t->roster.groups[t->batch.touched[i].group].touched = ROSTER_NONE;
	for (size_t i = 0; i < t->batch.n_pending; i++)
		t->roster.alerts[t->batch.pending[i].alert].pending = ROSTER_NONE;
	batch_reset(&t->batch);
	t->open = false;
	t->tidied = true;
}

int triager_hand_out(struct triager *t, struct err *e)
{
	if (!t->batch.n_touched) {
		t->open = false;
		return 0;
	}
	t->held = hands_any();
	begin_thinking(t);
	if (batch_remember_comebacks(&t->batch, t->memory, e))
		return -1;
	for (size_t i = 0; i < t->batch.n_touched; i++)
		if (tell(t, t->batch.touched + i, e))
			return -1;
	if (stream_flush(t->out, e) || mark_resolved(t, e) || remember(t, e))
		return -1;
	end_batch(t);
	return 0;
}
