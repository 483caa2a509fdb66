/* url: whatever a value holds, it stays the one part that it stands in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "doc/url.h"

static const json_t *value_of(void *arg, struct str name, struct err *e)
{
	(void)e;
	return str_starts(name, "answer:") ? NULL : arg;
}

/* NULL: the value is refused. */
static void expect(const char *template, const char *value, const char *wanted)
{
	struct buf url = BUF_INIT(URL_MAX);
	struct err e = ERR_INIT;
	json_t *v = json_string(value);
	int rc = url_fill(template, value_of, v, &url, &e);

	if (rc != (wanted ? 0 : -1) || (wanted && strcmp(buf_text(&url), wanted) != 0))
		fail_msg("%s with '%s': '%s' %s", template, value, buf_text(&url), e.text);
	assert_int_equal(e.kind, wanted ? ERR_NONE : ERR_DATA);
	json_decref(v);
	buf_clear(&url);
}

static void fills(void **state)
{
	(void)state;
	expect("/a/{x}/b", "plain-1._~", "/a/plain-1._~/b");
	expect("/a/{x}/b", "a/b?c#d%e&f g", "/a/a%2Fb%3Fc%23d%25e%26f%20g/b");
	expect("/a/{x}", "{y}", "/a/%7By%7D");
	expect("/a/{x}", "\xc3\xa9", "/a/%C3%A9");
	expect("/a/{x}", "%2e%2e", "/a/%252e%252e");
	expect("/a/{x}", "a..b", "/a/a..b");
	expect("/a/x{x}", "..", NULL);
	expect("/a/{x}{x}", ".", NULL);
	expect("/a/{x}", "..", NULL);
	expect("/a/{x}", ".", NULL);
	expect("/a/{x}", "", NULL);
	expect("/a/{x}", "../b", NULL);
	expect("/a/{x}", "b\\..\\c", NULL);
	expect("/a?b={x}", "..", "/a?b=..");
	expect("/a?b={x}", "", "/a?b=");
	expect("/a?b={x}", "1&c=2", "/a?b=1%26c%3D2");
	expect("{env.U}/a", "http://h:1/", "http://h:1/a");
	expect("{env.U}/a/{x}", "http://h", "http://h/a/http%3A%2F%2Fh");
	expect("/a/{answer:/data}/b", "x", "/a/{answer:/data}/b");
}

static void shows(void **state)
{
	static const char *const table[][2] = {{"http://h/a?b=c", "http://h/a"},
		{"http://u:p@h/a", "http://h/a"}, {"http://u:p@x@h/a#b", "http://h/a"},
		{"http://h?b", "http://h"}, {"http://h/a@b", "http://h/a@b"}, {"/a?b", "/a"}};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct buf shown = BUF_INIT(1000);

		url_put_shown(&shown, table[i][0]);
		assert_string_equal(buf_text(&shown), table[i][1]);
		buf_clear(&shown);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(fills), cmocka_unit_test(shows)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
