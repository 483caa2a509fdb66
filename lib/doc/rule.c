#include "doc/rule.h"

#include <stdlib.h>

#include "base/when.h"
#include "doc/expect.h"
#include "doc/labels.h"
#include "doc/template.h"

#define TEXT_MAX ((size_t)65536)

/* What a rule's templates can name. */
struct sight {
	const json_t *observation;
	json_t *element;
};

const json_t *rule_override(const json_t *rules, const struct goal_rule *r)
{
	return json_object_get(rules, r->alert);
}

bool rule_is_off(const json_t *override)
{
	return json_is_true(json_object_get(override, "off"));
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* Each argument that the rule names is what the call had; the call may have had more, by default.
 */
bool rule_concerns(const struct goal_rule *r, const json_t *observation)
{
	const json_t *args = json_object_get(observation, "args");
	const char *name;
	json_t *wanted;

	if (strcmp(r->tool, text_of(observation, "tool")))
		return false;
	json_object_foreach ((json_t *)r->args, name, wanted)
		if (!json_equal(wanted, json_object_get(args, name)))
			return false;
	return true;
}

static const json_t *look_up(void *arg, struct str name, struct err *e)
{
	struct sight *s = arg;
	char pointer[512];

	if (str_is(name, "host") || str_is(name, "tool"))
		return json_object_get(s->observation, str_is(name, "host") ? "host" : "tool");
	if (name.n >= sizeof pointer || name.p[0] != '/') {
		err_set(e, ERR_DATA, "'{%.*s}': a rule knows {host}, {tool} and {/json/pointer}",
			STR_ARG(name));
		return NULL;
	}
	memcpy(pointer, name.p, name.n);
	pointer[name.n] = '\0';
	return pointer_get(s->element, pointer);
}

/* NULL where something that it names is not there. */
static json_t *fill(const char *template, struct sight *s)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	struct err absent = ERR_INIT;
	json_t *filled = NULL;

	if (template_fill(template, look_up, s, &text, &absent) == 0 && text.n)
		filled = json_stringn(text.p, text.n);
	buf_clear(&text);
	return filled;
}

static json_t *labels_of(const struct goal_rule *r, const char *severity, struct sight *s)
{
	json_t *labels = json_object(), *template;
	const char *name;

	json_object_set_new(labels, "alertname", json_string(r->alert));
	json_object_set(labels, "host", json_object_get(s->observation, "host"));
	json_object_set(labels, "instance", json_object_get(s->observation, "host"));
	json_object_set_new(labels, "severity", json_string(severity));
	json_object_foreach ((json_t *)r->labels, name, template) {
		char *number = json_is_string(template) ? NULL : json_canonical(template);
		json_t *value = fill(number ? number : json_string_value(template), s);

		free(number);
		if (value)
			json_object_set_new(labels, name, value);
	}
	return labels;
}

static uint64_t fingerprint(const json_t *labels)
{
	struct labels l = LABELS_INIT;
	const char *name;
	uint64_t fp;
	json_t *v;

	json_object_foreach ((json_t *)labels, name, v)
		labels_set(&l, str_of(name),
			(struct str){json_string_value(v), json_string_length(v)});
	fp = labels_fingerprint(&l);
	labels_clear(&l);
	return fp;
}

void rule_set_start(json_t *signal, int64_t starts_at)
{
	char at[WHEN_TEXT], id[FINGERPRINT_HEX + WHEN_TEXT + 1];
	size_t n;

	when_format(starts_at, at);
	json_object_set_new(signal, "starts_at", json_string(at));
	snprintf(id, sizeof id, "%s-", text_of(signal, "fingerprint"));
	n = strlen(id);
	/* "20261121T013247Z": to the second, without signs, as a file name can be. */
	for (const char *p = at; *p && *p != '.' && *p != 'Z'; p++)
		if (*p != '-' && *p != ':')
			id[n++] = *p;
	id[n++] = 'Z';
	id[n] = '\0';
	json_object_set_new(signal, "id", json_string(id));
}

static json_t *signal_new(const json_t *labels, const char *status)
{
	char hex[FINGERPRINT_HEX];
	json_t *signal = json_object();

	fingerprint_format(fingerprint(labels), hex);
	json_object_set_new(signal, "kind", json_string("signal"));
	json_object_set_new(signal, "id", json_null()); /* its place; see rule_set_start */
	json_object_set_new(signal, "source", json_string("hl-gather"));
	json_object_set_new(signal, "status", json_string(status));
	json_object_set_new(signal, "name", json_string(text_of(labels, "alertname")));
	json_object_set_new(signal, "severity", json_string(text_of(labels, "severity")));
	json_object_set_new(signal, "labels", json_deep_copy(labels));
	json_object_set_new(signal, "annotations", json_object());
	json_object_set_new(signal, "starts_at", json_null());
	json_object_set_new(signal, "fingerprint", json_string(hex));
	return signal;
}

json_t *rule_resolved(const json_t *labels, int64_t starts_at, int64_t ends_at)
{
	json_t *signal = signal_new(labels, "resolved");
	char at[WHEN_TEXT];

	rule_set_start(signal, starts_at);
	json_object_set_new(signal, "ends_at", json_string(when_format(ends_at, at)));
	return signal;
}

static json_t *raise(const struct goal_rule *r, const json_t *override, struct sight *s)
{
	const char *severity = json_string_value(json_object_get(override, "severity"));
	const char *summary = json_string_value(json_object_get(override, "summary"));
	json_t *labels = labels_of(r, severity ? severity : severity_names[r->severity], s);
	json_t *signal = signal_new(labels, "firing"),
	       *text = fill(summary ? summary : r->summary, s);
	int64_t at = 0;

	if (text)
		json_object_set_new(json_object_get(signal, "annotations"), "summary", text);
	/* By it hl-triage finds the observation that shows the signal's reason. */
	json_object_set_new(json_object_get(signal, "annotations"), "tool", json_string(r->tool));
	when_parse(str_of(text_of(s->observation, "at")), &at);
	rule_set_start(signal, at);
	json_decref(labels);
	return signal;
}

long rule_apply(const struct goal_rule *r, const json_t *override, const json_t *observation,
	json_t *signals, struct err *e)
{
	json_t *data = json_object_get(observation, "data");
	json_t *list = r->each ? pointer_get(data, r->each) : NULL;
	const json_t *when = json_object_get(override, "when");
	size_t n = r->each ? json_array_size(list) : 1;
	long raised = 0;

	if (r->each && !json_is_array(list))
		return err_set(e, ERR_DATA, "rule '%s': no list at '%s' in what '%s' gave",
			r->alert, r->each, r->tool);
	for (size_t i = 0; i < n; i++) {
		struct sight s = {.observation = observation,
			.element = r->each ? json_array_get(list, i) : data};

		if (expect_holds(when ? when : r->when, s.element, NULL) != 1)
			continue;
		json_array_append_new(signals, raise(r, override, &s));
		raised++;
	}
	return raised;
}
