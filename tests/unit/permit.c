/*
 * Whatever a line holds, reading a permit says no or gives a plan that can be relied on. The
 * plan is sealed anew after each change, as one would who wants it to pass.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/sha.h"
#include "flow/permit.h"

#define CALL "\"tool\":\"box.mkdir\",\"args\":{\"path\":\"/x\"},\"tool_digest\":\"0\""
#define CHECK                                                                                      \
	"{\"tool\":\"box.has\",\"args\":{},\"expect\":{\"/a\":{\"<\":3}},\"within\":\"3s\","       \
	"\"title\":\"t\"}"

static const char approved[] =
	"{\"kind\":\"case\",\"id\":\"20261121T035900Z-aaaaaaaaaaaaaaaa\",\"plan\":{\"solutions\":["
	"{\"n\":1,\"id\":\"a\",\"effect\":\"change\",\"blast_radius\":\"none\",\"steps\":["
	"{\"id\":\"s\"," CALL ",\"needs\":[],\"undo\":{" CALL "}},"
	"{\"id\":\"r\"," CALL ",\"needs\":[\"s\"],\"undo\":null}],"
	"\"preflight\":[" CHECK "],\"verify\":[" CHECK "]}],\"recommended\":1,"
	"\"autonomy\":{\"level\":\"suggest\",\"why\":[]},\"invariants\":[" CHECK "],"
	"\"runbook\":{\"id\":\"x\"},\"expires_at\":\"2026-11-21T16:00:00Z\",\"digest\":\"d\"},"
	"\"approval\":{\"decision\":\"approved\",\"by\":\"alice\",\"via\":\"terminal\","
	"\"digest\":\"d\",\"solution\":1}}";

static void seal(json_t *whole)
{
	json_t *plan = json_object_get(whole, "plan");
	const char *id = json_string_value(json_object_get(whole, "id"));
	char hex[SHA_HEX];

	if (!json_is_object(plan) || !id)
		return;
	json_object_set_new(plan, "digest", json_string(plan_digest(id, plan, hex)));
	json_object_set_new(json_object_get(whole, "approval"), "digest", json_string(hex));
}

static void rely(const struct permit *p)
{
	assert_true(p->count > 0 && p->count <= PLAN_STEPS);
	assert_true(json_array_size(p->steps) == p->count);
	assert_true(*p->by || p->alone);
	for (size_t i = 0; i < p->count; i++) {
		const json_t *step = json_array_get(p->steps, p->order[i]);

		assert_true(json_is_string(json_object_get(step, "id")));
		assert_true(json_is_string(json_object_get(step, "tool")));
	}
}

static void try(json_t *whole)
{
	struct err e = ERR_INIT;
	struct permit p;

	seal(whole);
	if (permit_read(&p, whole, &e) == 0)
		rely(&p);
	else
		assert_int_equal(e.kind, ERR_DENIED);
}

static json_t *const *values(void)
{
	static const char *const texts[] = {"null", "true", "0", "-1", "1", "1.5", "\"\"", "\"s\"",
		"[]", "[null]", "[[]]", "[1]", "{}", "{\"a\":{}}", "9223372036854775807",
		"{\"not\":[]}"};
	static json_t *list[sizeof texts / sizeof *texts + 1];

	for (size_t i = 0; !list[i] && i < sizeof texts / sizeof *texts; i++)
		list[i] = json_loads(texts[i], JSON_DECODE_ANY, NULL);
	return list;
}

static void mutate(json_t *whole, json_t *at);

/* Puts each value in the place of the element, takes it away, and has it twice. */
static void mutate_element(json_t *whole, json_t *array, size_t i)
{
	json_t *one = json_incref(json_array_get(array, i));

	mutate(whole, one);
	for (json_t *const *v = values(); *v; v++) {
		json_array_set(array, i, *v);
		try(whole);
	}
	json_array_remove(array, i);
	try(whole);
	json_array_insert(array, i, one);
	json_array_append(array, one);
	try(whole);
	json_array_remove(array, json_array_size(array) - 1);
	json_decref(one);
}

static void mutate_member(json_t *whole, json_t *object, const char *key)
{
	json_t *one = json_incref(json_object_get(object, key));

	mutate(whole, one);
	for (json_t *const *v = values(); *v; v++) {
		json_object_set(object, key, *v);
		try(whole);
	}
	json_object_del(object, key);
	try(whole);
	json_object_set(object, key, one);
	json_decref(one);
}

/* The members are listed first: taking one away and putting it back changes their order. */
static void mutate(json_t *whole, json_t *at)
{
	const char *key;
	json_t *names = json_array(), *one;
	size_t i;

	for (i = 0; i < json_array_size(at); i++)
		mutate_element(whole, at, i);
	json_object_foreach (at, key, one)
		json_array_append_new(names, json_string(key));
	json_array_foreach (names, i, one)
		mutate_member(whole, at, json_string_value(one));
	json_decref(names);
}

static void nothing_odd_gets_through(void **state)
{
	json_t *whole = json_loads(approved, 0, NULL);
	struct err e = ERR_INIT;
	struct permit p;

	(void)state;
	assert_non_null(whole);
	seal(whole);
	assert_int_equal(permit_read(&p, whole, &e), 0);
	rely(&p);
	assert_int_equal(p.order[0], 0);
	mutate(whole, json_object_get(whole, "plan"));
	mutate(whole, json_object_get(whole, "approval"));
	for (json_t *const *v = values(); *v; v++) {
		json_object_set(whole, "plan", *v);
		try(whole);
		json_object_set(whole, "approval", *v);
		try(whole);
	}
	json_decref(whole);
	for (json_t *const *v = values(); *v; v++)
		json_decref(*v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_odd_gets_through)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
