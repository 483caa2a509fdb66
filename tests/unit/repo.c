#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "edge/repo.h"

static void opens_what_is_there(void **unused)
{
	struct err e = ERR_INIT;
	char head[REPO_ID];
	struct repo *r;

	(void)unused;
	assert_null(repo_open("nowhere", &e));
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
	assert_non_null(strstr(e.text, "'nowhere'"));
	assert_non_null(strstr(e.text, "hl init"));
	err_clear(&e);

	r = repo_init("a/b/bare", true, &e);
	assert_non_null(r);
	assert_true(repo_is_bare(r));
	assert_string_equal(repo_path(r), "a/b/bare");
	assert_int_equal(repo_head(r, head, &e), -1);
	assert_int_equal(e.kind, ERR_CONFIG);
	err_clear(&e);
	repo_free(r);

	r = repo_init("work", false, &e);
	assert_non_null(r);
	assert_false(repo_is_bare(r));
	repo_free(r);
	r = repo_init("work", true, &e); /* opened, not made anew */
	assert_non_null(r);
	assert_false(repo_is_bare(r));
	repo_free(r);
	repo_free(NULL);
}

/* A repository that root does not own cannot be made by anybody else: then there is nothing to see. */
static void refuses_a_stranger(void **unused)
{
	struct err e = ERR_INIT;

	(void)unused;
	repo_free(repo_init("strange", false, &e));
	if (geteuid() != 0 || chown("strange", 65534, 65534) || chown("strange/.git", 65534, 65534))
		skip();
	assert_null(repo_open("strange", &e));
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_non_null(strstr(e.text, "safe.directory"));
	err_clear(&e);
	assert_null(repo_init("strange", false, &e));
	assert_int_equal(e.kind, ERR_CONFIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_what_is_there),
		cmocka_unit_test(refuses_a_stranger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
