/* Payloads captured from a real Alertmanager, and made ones for what it does not send. */
#include "wire/alertmanager.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/when.h"

struct got {
	json_t *signals; /* array */
	struct buf faults;
};

static int keep_line(void *arg, struct str line, struct err *e)
{
	struct got *g = arg;
	json_t *one;

	(void)e;
	assert_null(memchr(line.p, '\n', line.n));
	one = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(one);
	json_array_append_new(g->signals, one);
	return 0;
}

static int keep_fault(
	void *arg, const char *where, const char *why, struct str alert, struct err *e)
{
	struct got *g = arg;

	(void)e;
	assert_true(alert.n > 0);
	buf_putf(&g->faults, "%s: %s\n", where, why);
	return 0;
}

static struct got got_none(void)
{
	return (struct got){json_array(), BUF_INIT(BUF_RECORD)};
}

static void got_clear(struct got *g)
{
	json_decref(g->signals);
	buf_clear(&g->faults);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "(none)";
}

/* A signal says what the alert says, and its fingerprint is the one that Alertmanager had computed.
 */
static void assert_same(const json_t *signal, const json_t *alert)
{
	const json_t *status = json_object_get(alert, "status");
	const char *state = json_is_string(status) ? json_string_value(status) : "firing";
	int64_t wanted, starts;

	assert_string_equal(text_of(signal, "kind"), "signal");
	assert_string_equal(text_of(signal, "source"), "alertmanager");
	assert_string_equal(text_of(signal, "fingerprint"), text_of(alert, "fingerprint"));
	assert_string_equal(text_of(signal, "url"), text_of(alert, "generatorURL"));
	assert_string_equal(text_of(signal, "status"), state);
	assert_true(
		json_equal(json_object_get(signal, "labels"), json_object_get(alert, "labels")));
	assert_true(json_equal(
		json_object_get(signal, "annotations"), json_object_get(alert, "annotations")));
	assert_int_equal(when_parse(str_of(text_of(signal, "starts_at")), &starts), 0);
	assert_int_equal(when_parse(str_of(text_of(alert, "startsAt")), &wanted), 0);
	assert_true(starts == wanted);
	assert_int_equal(
		json_object_get(signal, "ends_at") != NULL, strcmp(state, "resolved") == 0);
	assert_memory_equal(text_of(signal, "id"), text_of(signal, "fingerprint"), 16);
	assert_string_equal(
		text_of(signal, "name"), text_of(json_object_get(alert, "labels"), "alertname"));
}

/* The alerts of any of the shapes, in order, without the suppressed ones. */
static void alerts_of(const json_t *payload, json_t *alerts)
{
	const json_t *list = json_is_array(payload) ? payload : json_object_get(payload, "alerts");
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		const char *state = text_of(json_object_get(one, "status"), "state");

		if (json_object_get(one, "alerts"))
			alerts_of(one, alerts);
		else if (strcmp(state, "suppressed") != 0)
			json_array_append(alerts, (json_t *)one);
	}
}

static size_t check_sample(const char *path)
{
	struct alertmanager a = {.line = keep_line, .fault = keep_fault};
	struct buf text = BUF_INIT(BUF_RECORD);
	struct got g = got_none();
	struct err e = ERR_INIT;
	json_t *payload, *alerts = json_array();
	size_t n;

	a.arg = &g;
	assert_int_equal(file_read(path, &text, &e), 0);
	payload = json_loadb(text.p, text.n, 0, NULL);
	assert_non_null(payload);
	alerts_of(payload, alerts);
	assert_int_equal(alertmanager_read(buf_str(&text), &a, &e), 0);
	assert_string_equal(buf_text(&g.faults), "");
	n = json_array_size(alerts);
	assert_int_equal(a.signals, n);
	assert_int_equal(json_array_size(g.signals), n);
	for (size_t i = 0; i < n; i++)
		assert_same(json_array_get(g.signals, i), json_array_get(alerts, i));
	assert_int_equal(
		a.truncated, json_integer_value(json_object_get(payload, "truncatedAlerts")));
	json_decref(payload);
	json_decref(alerts);
	got_clear(&g);
	buf_clear(&text);
	return n;
}

static void samples(void **state)
{
	const char *top = getenv("HL_TOP");
	char dir[4096], path[8192];
	size_t files = 0, alerts = 0;
	struct dirent *entry;
	DIR *d;

	(void)state;
	snprintf(dir, sizeof dir, "%s/tests/samples/alertmanager", top ? top : ".");
	d = opendir(dir);
	assert_non_null(d);
	while ((entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
		alerts += check_sample(path);
		files++;
	}
	closedir(d);
	assert_true(files >= 10);
	assert_true(alerts >= 20);
}

static int read_text(const char *text, struct alertmanager *a, struct got *g, struct err *e)
{
	a->line = keep_line;
	a->fault = keep_fault;
	a->arg = g;
	return alertmanager_read(str_of(text), a, e);
}

#define ALERT(labels, more)                                                                        \
	"{\"status\":\"firing\",\"labels\":" labels                                                \
	",\"annotations\":{},\"startsAt\":\"2026-11-21T01:00:00+01:00\"" more "}"
#define WEBHOOK(alerts) "{\"version\":\"4\",\"alerts\":[" alerts "]}"
#define GOOD            ALERT("{\"alertname\":\"Good\"}", "")

static void one_bad_alert(void **state)
{
	struct got g = got_none();
	struct alertmanager a = {.suppressed = false};
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(read_text(WEBHOOK(GOOD "," ALERT("{}", "") ",7,{\"status\":\"on\"}," ALERT(
					   "{\"a\":7}",
					   "") ",{\"status\":\"firing\",\"labels\":{\"a\":\"b\"},"
					       "\"startsAt\":\"yesterday\"},"
					       "{\"status\":\"resolved\",\"labels\":{\"a\":"
					       "\"b\"},\"startsAt\":\"2026-11-21T00:00:00Z\","
					       "\"endsAt\":0}," GOOD),
				 &a, &g, &e),
		0);
	assert_string_equal(buf_text(&g.faults),
		"alerts[1].labels: signal without labels\n"
		"alerts[2]: not an object\n"
		"alerts[3].status: not one of firing, resolved\n"
		"alerts[4].labels: label 'a' is not a text\n"
		"alerts[5].startsAt: not a time as RFC 3339 has it\n"
		"alerts[6].endsAt: not a time as RFC 3339 has it\n");
	assert_int_equal(a.signals, 2);
	assert_int_equal(a.faults, 6);
	got_clear(&g);
}

static void normalised(void **state)
{
	static const struct {
		const char *labels, *severity;
	} cases[] = {
		{"{\"alertname\":\"A\"}", "warning"},
		{"{\"alertname\":\"A\",\"severity\":\"page\"}", "critical"},
		{"{\"alertname\":\"A\",\"severity\":\"CRITICAL\"}", "critical"},
		{"{\"alertname\":\"A\",\"severity\":\"info\"}", "info"},
		{"{\"alertname\":\"A\",\"severity\":\"a very long word that nobody would ever "
		 "use\"}",
			"warning"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf text = BUF_INIT(BUF_RECORD);
		struct got g = got_none();
		struct alertmanager a = {.suppressed = false};
		struct err e = ERR_INIT;

		buf_putf(&text,
			"{\"version\":\"4\",\n\"alerts\":[{\n\"status\":\"firing\",\"labels\":%s,"
			"\"annotations\":{\n\"a\":\"x\", \"b\":\n[1],\"c\":\"y\"},"
			"\"startsAt\":\"2026-11-21T01:00:00.123456789+01:00\","
			"\"endsAt\":\"2026-11-21T05:00:00Z\",\"generatorURL\":\"\",\"new\":1}]}",
			cases[i].labels);
		assert_int_equal(read_text(buf_text(&text), &a, &g, &e), 0);
		assert_int_equal(a.signals, 1);
		json_t *one = json_array_get(g.signals, 0);
		assert_string_equal(text_of(one, "severity"), cases[i].severity);
		assert_string_equal(text_of(one, "starts_at"), "2026-11-21T00:00:00.123Z");
		assert_string_equal(text_of(one, "id") + 16, "-20261121T000000Z");
		assert_null(json_object_get(one, "ends_at"));
		assert_null(json_object_get(one, "url"));
		assert_int_equal(json_object_size(json_object_get(one, "annotations")), 2);
		got_clear(&g);
		buf_clear(&text);
	}
}

static void grafana(void **state)
{
	struct got g = got_none();
	struct alertmanager a = {.suppressed = false};
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(read_text(
				 "{\"receiver\":\"hl\",\"status\":\"firing\",\"orgId\":1,"
				 "\"version\":\"1\","
				 "\"truncatedAlerts\":3,\"title\":\"x\",\"state\":\"alerting\","
				 "\"alerts\":[" ALERT(
					 "{\"alertname\":\"DiskFull\",\"grafana_folder\":\"lab\"}",
					 ",\"endsAt\":\"0001-01-01T00:00:00Z\",\"values\":{\"B\":"
					 "44.2},"
					 "\"generatorURL\":\"http://g/alerting/"
					 "x\",\"fingerprint\":\"00\"") "]}",
				 &a, &g, &e),
		0);
	assert_int_equal(a.signals, 1);
	assert_int_equal(a.truncated, 3);
	assert_string_equal(text_of(json_array_get(g.signals, 0), "source"), "grafana");
	assert_int_equal(strlen(text_of(json_array_get(g.signals, 0), "fingerprint")), 16);
	got_clear(&g);
}

static void suppressed(void **state)
{
	static const char text[] =
		"[{\"labels\":{\"a\":\"b\"},\"annotations\":{},\"startsAt\":\"2026-11-21T00:00:"
		"00Z\","
		"\"endsAt\":\"2026-11-21T00:05:00Z\",\"status\":{\"state\":\"suppressed\"}}]";
	struct got g = got_none();
	struct alertmanager a = {.suppressed = false};
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(read_text(text, &a, &g, &e), 0);
	assert_int_equal(a.signals, 0);
	assert_int_equal(a.held, 1);
	a.suppressed = true;
	assert_int_equal(read_text(text, &a, &g, &e), 0);
	assert_int_equal(a.signals, 1);
	assert_string_equal(text_of(json_array_get(g.signals, 0), "name"), "alert");
	assert_string_equal(text_of(json_array_get(g.signals, 0), "status"), "firing");
	got_clear(&g);
}

static void refuses(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"", "not JSON"},
		{"{\"version\":\"4\",\"alerts\":[", "not JSON"},
		{"7", "no list 'alerts'"},
		{"{}", "no list 'alerts'"},
		{"{\"version\":\"4\",\"alerts\":{}}", "no list 'alerts'"},
		{"{\"version\":\"5\",\"alerts\":[]}", "version \"5\" of the webhook is not known"},
		{"{\"alerts\":[]}", "version none of the webhook is not known"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct got g = got_none();
		struct alertmanager a = {.suppressed = false};
		struct err e = ERR_INIT;

		assert_int_equal(read_text(cases[i].text, &a, &g, &e), -1);
		assert_int_equal(e.kind, ERR_DATA);
		if (!strstr(e.text, cases[i].why))
			fail_msg("'%s' lacks '%s'", e.text, cases[i].why);
		got_clear(&g);
	}
}

static int full(void *arg, struct str line, struct err *e)
{
	(void)arg;
	(void)line;
	return err_set(e, ERR_OUTPUT, "full");
}

static void a_reader_that_stops(void **state)
{
	struct alertmanager a = {.line = full};
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(alertmanager_read(str_of(WEBHOOK(GOOD "," GOOD)), &a, &e), -1);
	assert_int_equal(e.kind, ERR_OUTPUT);
	assert_int_equal(a.signals, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples),
		cmocka_unit_test(one_bad_alert),
		cmocka_unit_test(normalised),
		cmocka_unit_test(grafana),
		cmocka_unit_test(suppressed),
		cmocka_unit_test(refuses),
		cmocka_unit_test(a_reader_that_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
