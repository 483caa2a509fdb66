#include "wire/alertmanager.h"

#include <stdio.h>

#include "base/when.h"
#include "doc/labels.h"
#include "doc/ladder.h"

enum field { STATUS, LABELS, ANNOTATIONS, STARTS_AT, ENDS_AT, URL, ALERTS, FIELDS };
static const struct str field_names[FIELDS] = {{"status", 6}, {"labels", 6}, {"annotations", 11},
	{"startsAt", 8}, {"endsAt", 6}, {"generatorURL", 12}, {"alerts", 6}};

enum head { HEAD_ALERTS, HEAD_VERSION, HEAD_TRUNCATED, HEADS };
static const char *const head_names[HEADS] = {"alerts", "version", "truncatedAlerts"};

struct reading {
	struct alertmanager *a;
	const char *source;
	bool webhook;
	struct labels labels;
	struct buf line;
	size_t group, alert; /* where we are, for faults; */
	bool grouped;        /* in the API's answer by groups */
	struct err *e;
};

/* What one signal is made of. */
struct facts {
	struct scan_value field[FIELDS];
	int64_t starts_at, ends_at;
	bool resolved;
};

static void take_field(
	struct scan_value field[FIELDS], struct scan_value key, struct scan_value value)
{
	struct str name;
	bool plain = scan_plain(key, &name);

	for (int i = 0; i < FIELDS; i++)
		if (plain ? str_eq(name, field_names[i]) : scan_is(key, field_names[i])) {
			field[i] = value;
			return;
		}
}

/* The next element of a list, with its fields when it is an object. False behind the last. */
static bool next_alert(
	struct scan_iter *list, struct scan_value *alert, struct scan_value field[FIELDS])
{
	struct scan_iter members;
	struct scan_value key, value;

	for (int i = 0; i < FIELDS; i++)
		field[i] = (struct scan_value){SCAN_NONE, STR_NONE};
	if (!scan_enter(list, &members))
		return scan_next(list, &key, alert);
	while (scan_next(&members, &key, &value))
		take_field(field, key, value);
	*alert = scan_leave(list, &members);
	return true;
}

static int fault(struct reading *r, struct scan_value alert, const char *member, const char *why)
{
	const char *list = r->webhook ? "alerts" : "", *dot = *member ? "." : "";
	char place[96];

	r->a->faults++;
	if (!r->a->fault)
		return 0;
	if (r->grouped)
		snprintf(place, sizeof place, "[%zu].alerts[%zu]%s%s", r->group, r->alert, dot,
			member);
	else
		snprintf(place, sizeof place, "%s[%zu]%s%s", list, r->alert, dot, member);
	return r->a->fault(r->a->arg, place, why, alert.raw, r->e);
}

/* A blank between tokens may be a newline, which would end the record. */
static void put_flat(struct buf *into, struct str raw)
{
	size_t from = into->n;

	if (buf_putstr(into, raw))
		return;
	if (!memchr(raw.p, '\n', raw.n) && !memchr(raw.p, '\r', raw.n))
		return;
	for (size_t i = from; i < into->n; i++)
		if (into->p[i] == '\n' || into->p[i] == '\r')
			into->p[i] = ' ';
}

static bool all_texts(struct scan_value object)
{
	struct scan_value key, value;

	for (struct scan_iter it = scan_open(object); scan_next(&it, &key, &value);)
		if (value.type != SCAN_STRING)
			return false;
	return true;
}

/* Annotations are for people: one that is no text is left out, and the alert is not lost for it. */
static void put_annotations(struct buf *into, struct scan_value object)
{
	struct scan_value key, value;
	bool first = true;

	if (object.type == SCAN_OBJECT && all_texts(object)) {
		put_flat(into, object.raw);
		return;
	}
	buf_putc(into, '{');
	for (struct scan_iter it = scan_open(object); scan_next(&it, &key, &value);) {
		if (value.type != SCAN_STRING || object.type != SCAN_OBJECT)
			continue;
		buf_putf(into, "%s%.*s:", first ? "" : ",", STR_ARG(key.raw));
		buf_putstr(into, value.raw);
		first = false;
	}
	buf_putc(into, '}');
}

static const char *severity_word(const struct labels *l)
{
	struct str text = labels_get(l, STR("severity"));
	char word[32] = {0};

	if (text.n < sizeof word && text.n)
		memcpy(word, text.p, text.n);
	return severity_names[severity_of(word)];
}

/* "2026-11-21T01:32:47Z" without its signs, to the second: the part of an id that tells episodes
 * apart. */
static void put_compact(struct buf *into, const char *at)
{
	for (const char *p = at; *p && *p != '.'; p++)
		if (*p != '-' && *p != ':' && *p != 'Z')
			buf_putc(into, *p);
	buf_putc(into, 'Z');
}

/* A member whose value needs no escapes. */
static void put_word(struct buf *into, const char *key, const char *word)
{
	buf_puts(into, ",\"");
	buf_puts(into, key);
	buf_puts(into, "\":\"");
	buf_puts(into, word);
	buf_putc(into, '"');
}

static void put_signal(struct reading *r, const struct facts *f)
{
	struct str name = labels_get(&r->labels, STR("alertname"));
	char hex[FINGERPRINT_HEX], at[WHEN_TEXT];
	struct buf *into = &r->line;
	struct str url;

	fingerprint_format(labels_fingerprint(&r->labels), hex);
	buf_reset(into);
	buf_puts(into, "{\"kind\":\"signal\"");
	put_word(into, "id", hex);
	into->n--; /* the quote: the id goes on */
	buf_putc(into, '-');
	put_compact(into, when_format(f->starts_at, at));
	buf_putc(into, '"');
	put_word(into, "source", r->source);
	put_word(into, "status", f->resolved ? "resolved" : "firing");
	buf_puts(into, ",\"name\":");
	scan_quote(into, name.n ? name : STR("alert"));
	put_word(into, "severity", severity_word(&r->labels));
	buf_puts(into, ",\"labels\":");
	put_flat(into, f->field[LABELS].raw);
	buf_puts(into, ",\"annotations\":");
	put_annotations(into, f->field[ANNOTATIONS]);
	put_word(into, "starts_at", at);
	if (f->resolved && f->ends_at != WHEN_NEVER)
		put_word(into, "ends_at", when_format(f->ends_at, at));
	if (f->field[URL].type == SCAN_STRING && !(scan_plain(f->field[URL], &url) && !url.n)) {
		buf_puts(into, ",\"url\":");
		buf_putstr(into, f->field[URL].raw);
	}
	put_word(into, "fingerprint", hex);
	buf_putc(into, '}');
}

static int time_of(struct scan_value v, int64_t *at)
{
	struct str text;

	return scan_plain(v, &text) ? when_parse(text, at) : -1;
}

/* The member that is wrong and why; NULL when all is well. */
static const char *read_facts(struct reading *r, struct facts *f, struct err *why)
{
	struct scan_value status = f->field[STATUS];

	f->ends_at = WHEN_NEVER;
	if (r->webhook) {
		f->resolved = scan_is(status, STR("resolved"));
		if (!f->resolved && !scan_is(status, STR("firing"))) {
			err_set(why, ERR_DATA, "not one of firing, resolved");
			return "status";
		}
	}
	if (labels_scan(&r->labels, f->field[LABELS], why))
		return "labels";
	if (time_of(f->field[STARTS_AT], &f->starts_at) || f->starts_at == WHEN_NEVER) {
		err_set(why, ERR_DATA, "not a time as RFC 3339 has it");
		return "startsAt";
	}
	if (f->resolved && f->field[ENDS_AT].type && time_of(f->field[ENDS_AT], &f->ends_at)) {
		err_set(why, ERR_DATA, "not a time as RFC 3339 has it");
		return "endsAt";
	}
	return NULL;
}

static int read_alert(struct reading *r, struct scan_value alert, const struct facts *found)
{
	struct facts f = *found;
	struct err why = ERR_INIT;
	const char *member;

	if (!r->webhook && !r->a->suppressed &&
		scan_is(scan_member(f.field[STATUS], "state"), STR("suppressed"))) {
		r->a->held++;
		return 0;
	}
	member = read_facts(r, &f, &why);
	if (member)
		return fault(r, alert, member, why.text);
	put_signal(r, &f);
	if (r->line.full)
		return fault(r, alert, "", "too long for a record");
	r->a->signals++;
	return r->a->line(r->a->arg, buf_str(&r->line), r->e);
}

static int read_list(struct reading *r, struct scan_value list);

/* A group of the API's answer holds such a list itself. */
static int read_group(struct reading *r, struct scan_value alerts)
{
	int rc;

	r->group = r->alert;
	r->grouped = true;
	rc = read_list(r, alerts);
	r->alert = r->group;
	r->grouped = false;
	return rc;
}

static int read_list(struct reading *r, struct scan_value list)
{
	struct scan_iter it = scan_open(list);
	struct scan_value one;
	struct facts f = {.resolved = false};
	bool may_group = !r->webhook && !r->grouped;
	int rc = 0;

	for (r->alert = 0; rc == 0 && next_alert(&it, &one, f.field); r->alert++)
		if (one.type != SCAN_OBJECT)
			rc = fault(r, one, "", "not an object");
		else if (may_group && f.field[ALERTS].type == SCAN_ARRAY)
			rc = read_group(r, f.field[ALERTS]);
		else
			rc = read_alert(r, one, &f);
	return rc;
}

static int read_webhook(struct reading *r, const struct scan_value head[HEADS])
{
	struct scan_value alerts = head[HEAD_ALERTS], version = head[HEAD_VERSION];
	int64_t left_out;

	if (alerts.type != SCAN_ARRAY)
		return err_set(r->e, ERR_DATA,
			"no list 'alerts': neither a webhook of Alertmanager or "
			"Grafana nor an answer of /api/v2/alerts");
	if (scan_is(version, STR("1")))
		r->source = "grafana";
	else if (!scan_is(version, STR("4")))
		return err_set(r->e, ERR_DATA,
			"version %.*s of the webhook is not known: \"4\" is Alertmanager's, \"1\" "
			"Grafana's",
			version.raw.n > 40 ? 40
			: version.type     ? (int)version.raw.n
					   : 4,
			version.type ? version.raw.p : "none");
	r->webhook = true;
	if (scan_integer(head[HEAD_TRUNCATED], &left_out) == 0 && left_out > 0)
		r->a->truncated = (uint64_t)left_out;
	return read_list(r, alerts);
}

int alertmanager_read(struct str payload, struct alertmanager *a, struct err *e)
{
	struct reading r = {.a = a, .source = "alertmanager", .e = e, .labels = LABELS_INIT};
	struct scan_value list = {SCAN_NONE, STR_NONE}, head[HEADS] = {{SCAN_NONE, STR_NONE}};
	struct scan_error error;
	int rc;

	payload = str_trim(payload);
	a->signals = a->held = a->faults = 0;
	a->truncated = 0;
	if (payload.n && *payload.p == '{' ? scan_object(payload, head_names, head, HEADS, &error)
					   : scan_text(payload, &list, &error))
		return err_set(e, ERR_DATA, "not JSON: %s at byte %zu", error.why, error.at + 1);
	r.line = BUF_INIT(BUF_RECORD);
	rc = list.type == SCAN_ARRAY ? read_list(&r, list) : read_webhook(&r, head);
	labels_clear(&r.labels);
	buf_clear(&r.line);
	return rc;
}
