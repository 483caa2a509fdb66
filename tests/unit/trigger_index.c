/*
 * The index against trying every trigger, over generated triggers and alerts: the same tags, in the
 * same order.
 */
#include "doc/trigger_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"

#define TRIGGERS 1500
#define ALERTS   3000

static uint32_t draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

static const char *const names[] = {"alertname", "instance", "severity", "job", "mountpoint"};
static const char *const starts[] = {"Disk", "nas-", "warn", "node.", "/srv/"};
static const char *const around[][2] = {{"", ""}, {"", ".*"}, {"", "[0-9]?"}, {".*", ""},
	{"(?i)", ""}, {"", "|zz"}, {"(a|", ")"}, {"", "|"}, {"(", "|x).*"}, {"[^x]", ".*"},
	{"", "+"}, {"^", "$"}, {"(?:", ")"}, {"", "(|1|2)"}};

static void generate_value(uint32_t *seed, size_t name, char *text, size_t n)
{
	if (draw(seed, 20) == 0)
		text[0] = '\0';
	else
		snprintf(text, n, "%s%u", starts[name], draw(seed, 40));
}

static void generate_pattern(uint32_t *seed, const char *value, char *text, size_t n)
{
	const char *const *pair = around[draw(seed, sizeof around / sizeof *around)];

	if (draw(seed, 12) == 0)
		snprintf(text, n, "%s", draw(seed, 2) ? ".*" : "");
	else
		snprintf(text, n, "%s%s%s", pair[0], *value ? value : "x", pair[1]);
}

static void generate_trigger(uint32_t *seed, struct matchers *m)
{
	struct err e = ERR_INIT;
	uint32_t n = draw(seed, 4);

	for (uint32_t i = 0; i < n; i++) {
		enum matcher_op op = (enum matcher_op)draw(seed, 5);
		size_t name = draw(seed, 5);
		char value[32], pattern[64];

		generate_value(seed, name, value, sizeof value);
		generate_pattern(seed, value, pattern, sizeof pattern);
		if (op > MATCHER_NOT_REGEX)
			op = MATCHER_EQUAL;
		assert_int_equal(
			matchers_add(m, names[name], op,
				op == MATCHER_REGEX || op == MATCHER_NOT_REGEX ? pattern : value,
				&e),
			0);
	}
}

static void generate_alert(uint32_t *seed, struct labels *l, char values[5][32])
{
	labels_reset(l);
	for (size_t i = 0; i < 5; i++) {
		generate_value(seed, i, values[i], 32);
		if (draw(seed, 8))
			labels_set(l, str_of(names[i]), str_of(values[i]));
	}
}

static size_t one_by_one(struct matchers *all, size_t n, const struct labels *l, uint32_t *tags)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (matchers_match(&all[i], l))
			tags[count++] = (uint32_t)i;
	return count;
}

static void same_as_one_by_one(void **state)
{
	static uint32_t wanted[TRIGGERS], got[TRIGGERS];
	struct matchers *all = mem_array(TRIGGERS, sizeof *all);
	struct trigger_index *x = trigger_index_new();
	struct labels l = LABELS_INIT;
	uint32_t seed = 7, again = 7;
	size_t total = 0;

	(void)state;
	for (size_t i = 0; i < TRIGGERS; i++) {
		struct matchers m = MATCHERS_INIT;

		generate_trigger(&seed, &all[i]);
		generate_trigger(&again, &m);
		trigger_index_take(x, &m, (uint32_t)i);
	}
	for (size_t i = 0; i < ALERTS; i++) {
		char values[5][32];
		size_t n, n_wanted;

		generate_alert(&seed, &l, values);
		n_wanted = one_by_one(all, TRIGGERS, &l, wanted);
		n = trigger_index_find(x, &l, got, TRIGGERS);
		assert_int_equal(n, n_wanted);
		assert_memory_equal(got, wanted, n * sizeof *got);
		total += n;
	}
	assert_true(total > ALERTS);
	assert_true(trigger_index_residual(x) < TRIGGERS / 2);
	for (size_t i = 0; i < TRIGGERS; i++)
		matchers_clear(&all[i]);
	free(all);
	labels_clear(&l);
	trigger_index_free(x);
}

static void add(struct trigger_index *x, const char *text, uint32_t tag)
{
	struct matchers m = MATCHERS_INIT;
	struct err e = ERR_INIT;

	assert_int_equal(matchers_parse(&m, text, &e), 0);
	trigger_index_take(x, &m, tag);
	assert_null(m.items);
}

static void order_and_limits(void **state)
{
	struct trigger_index *x = trigger_index_new();
	struct labels l = LABELS_INIT;
	uint32_t tags[4];

	(void)state;
	labels_set(&l, STR("alertname"), STR("DiskFull"));
	assert_int_equal(trigger_index_find(x, &l, tags, 4), 0);
	add(x, "alertname=~\"Disk.*|DiskF.*\"", 9);
	add(x, "alertname=DiskFull", 3);
	add(x, "alertname!=x", 5);
	add(x, "alertname=~\"(?i)diskfull\"", 1);
	add(x, "alertname=Other", 2);
	assert_int_equal(trigger_index_find(x, &l, tags, 4), 4);
	assert_int_equal(tags[0], 1);
	assert_int_equal(tags[1], 3);
	assert_int_equal(tags[2], 5);
	assert_int_equal(tags[3], 9);
	assert_int_equal(trigger_index_find(x, &l, tags, 2), 2);
	assert_int_equal(tags[1], 3);
	assert_int_equal(trigger_index_residual(x), 2);
	add(x, "alertname=DiskFull", 0); /* after a search: the index is made again */
	assert_int_equal(trigger_index_find(x, &l, tags, 4), 4);
	assert_int_equal(tags[0], 0);
	labels_clear(&l);
	trigger_index_free(x);
	trigger_index_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_as_one_by_one),
		cmocka_unit_test(order_and_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
