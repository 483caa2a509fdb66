#include "wire/alertmanager.h"

#include "base/when.h"
#include "doc/labels.h"
#include "doc/ladder.h"

enum field { STATUS, LABELS, ANNOTATIONS, STARTS_AT, ENDS_AT, URL, ALERTS, FIELDS };
static const char *const field_names[FIELDS] = {
	"status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "alerts"};

struct reading {
	struct alertmanager *a;
	const char *source;
	bool webhook;
	struct labels labels;
	struct buf line, place;
	struct err *e;
};

/* What one signal is made of. */
struct facts {
	struct scan_value field[FIELDS];
	int64_t starts_at, ends_at;
	bool resolved;
};

static void fields_of(struct scan_value alert, struct scan_value field[FIELDS])
{
	struct scan_value key, value;
	struct str name;

	for (int i = 0; i < FIELDS; i++)
		field[i] = (struct scan_value){SCAN_NONE, STR_NONE};
	for (struct scan_iter it = scan_open(alert); scan_next(&it, &key, &value);) {
		bool plain = scan_plain(key, &name);

		for (int i = 0; i < FIELDS; i++)
			if (plain ? str_is(name, field_names[i]) : scan_is(key, str_of(field_names[i]))) {
				field[i] = value;
				break;
			}
	}
}

static int fault(struct reading *r, struct scan_value alert, const char *member, const char *why)
{
	size_t n = r->place.n;
	int rc = 0;

	r->a->faults++;
	if (!r->a->fault)
		return 0;
	buf_putf(&r->place, "%s%s", *member ? "." : "", member);
	rc = r->a->fault(r->a->arg, buf_text(&r->place), why, alert.raw, r->e);
	r->place.n = n;
	return rc;
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
static void put_compact(struct buf *into, int64_t at)
{
	char text[WHEN_TEXT];

	when_format(at, text);
	for (const char *p = text; *p && *p != '.'; p++)
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
	put_compact(into, f->starts_at);
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
	put_word(into, "starts_at", when_format(f->starts_at, at));
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

/* A list of alerts; in the API's answer also of groups, which hold such lists. */
static int read_list(struct reading *r, struct scan_value list, bool may_group)
{
	struct scan_value key, one;
	struct scan_iter it = scan_open(list);
	size_t n = r->place.n;
	int rc = 0;

	for (size_t i = 0; rc == 0 && scan_next(&it, &key, &one); i++) {
		struct facts f = {.resolved = false};

		buf_putf(&r->place, "[%zu]", i);
		fields_of(one, f.field);
		if (one.type != SCAN_OBJECT) {
			rc = fault(r, one, "", "not an object");
		} else if (may_group && f.field[ALERTS].type == SCAN_ARRAY) {
			buf_puts(&r->place, ".alerts");
			rc = read_list(r, f.field[ALERTS], false);
		} else {
			rc = read_alert(r, one, &f);
		}
		r->place.n = n;
	}
	return rc;
}

static int read_webhook(struct reading *r, struct scan_value payload)
{
	struct scan_value alerts = {0}, version = {0}, truncated = {0}, key, value;
	int64_t left_out;

	/* In one pass: the list of alerts is long. */
	for (struct scan_iter it = scan_open(payload); scan_next(&it, &key, &value);)
		if (scan_is(key, STR("alerts")))
			alerts = value;
		else if (scan_is(key, STR("version")))
			version = value;
		else if (scan_is(key, STR("truncatedAlerts")))
			truncated = value;
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
	if (scan_integer(truncated, &left_out) == 0 && left_out > 0)
		r->a->truncated = (uint64_t)left_out;
	buf_puts(&r->place, "alerts");
	return read_list(r, alerts, false);
}

int alertmanager_read(struct str payload, struct alertmanager *a, struct err *e)
{
	struct reading r = {.a = a, .source = "alertmanager", .e = e, .labels = LABELS_INIT};
	struct scan_value whole;
	struct scan_error error;
	int rc;

	r.line = BUF_INIT(BUF_RECORD);
	r.place = BUF_INIT(256);
	a->signals = a->held = a->faults = 0;
	a->truncated = 0;
	if (scan_text(payload, &whole, &error))
		return err_set(e, ERR_DATA, "not JSON: %s at byte %zu", error.why, error.at + 1);
	if (whole.type == SCAN_ARRAY)
		rc = read_list(&r, whole, true);
	else
		rc = read_webhook(&r, whole);
	labels_clear(&r.labels);
	buf_clear(&r.line);
	buf_clear(&r.place);
	return rc;
}
