#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "edge/journal.h"
#include "edge/state.h"

static char directory[64];

static int begin(void **state)
{
	(void)state;
	snprintf(directory, sizeof directory, "%s/journal.XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(directory))
		return -1;
	state_option.dir = directory;
	return 0;
}

static int end(void **state)
{
	char path[128];
	static const char *const names[] = {"a", "b", "d", "w"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/runs/%s.jsonl", directory, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof path, "%s/runs", directory);
	rmdir(path);
	rmdir(directory);
	return 0;
}

static void append(const char *name, const char *text)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "%s/runs/%s.jsonl", directory, name);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static struct journal *opened(const char *name, size_t lines)
{
	struct err e = ERR_INIT;
	struct journal *j = journal_open(name, 0, &e);

	assert_string_equal(e.text, "");
	assert_non_null(j);
	assert_int_equal(json_array_size(journal_lines(j)), lines);
	return j;
}

static void lines_stay(void **state)
{
	struct err e = ERR_INIT;
	struct journal *j = opened("a", 0);
	json_t *lines;

	(void)state;
	assert_int_equal(journal_write(j, json_pack("{s:i}", "n", 1), &e), 0);
	assert_int_equal(journal_write(j, json_pack("{s:i}", "n", 2), &e), 0);
	assert_int_equal(json_array_size(journal_lines(j)), 2);
	journal_close(j);
	j = opened("a", 2);
	journal_close(j);
	lines = journal_peek("a", &e);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(lines, 1), "n")), 2);
	json_decref(lines);
	lines = journal_peek("absent", &e);
	assert_int_equal(json_array_size(lines), 0);
	json_decref(lines);
}

static void a_torn_line_was_never_written(void **state)
{
	struct err e = ERR_INIT;
	struct journal *j = opened("b", 0);
	json_t *lines;

	(void)state;
	journal_write(j, json_pack("{s:i}", "n", 1), &e);
	journal_close(j);
	append("b", "{\"n\":2,\"half");
	lines = journal_peek("b", &e);
	assert_int_equal(json_array_size(lines), 1);
	json_decref(lines);
	j = opened("b", 1);
	journal_write(j, json_pack("{s:i}", "n", 3), &e);
	journal_close(j);
	j = opened("b", 2); /* and the next line does not stick to it */
	journal_close(j);
}

static void damage_is_an_error(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	journal_close(opened("d", 0));
	append("d", "{\"n\":1}\n{\"n\":\n{\"n\":3}\n");
	assert_null(journal_open("d", 0, &e));
	assert_int_equal(e.kind, ERR_DATA);
	assert_non_null(strstr(e.text, "damaged at line 2"));
	err_clear(&e);
	assert_null(journal_peek("d", &e));
	assert_int_equal(e.kind, ERR_DATA);
}

static void one_has_it_alone(void **state)
{
	struct journal *j = opened("w", 0);
	struct err e = ERR_INIT;

	(void)state;
	assert_null(journal_open("w", 0, &e));
	assert_int_equal(e.kind, ERR_AGAIN);
	err_clear(&e);
	assert_int_equal(journal_remove(j, &e), 0);
	journal_close(opened("w", 0));
}

static void names_are_names(void **state)
{
	static const char *const names[] = {"", "../x", "a/b", ".hidden", "a b"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct err e = ERR_INIT;

		assert_null(journal_open(names[i], 0, &e));
		assert_int_equal(e.kind, ERR_DATA);
	}
}

static void they_are_listed(void **state)
{
	struct err e = ERR_INIT;
	char **names = NULL;
	long n = journal_list(&names, &e);

	(void)state;
	assert_int_equal(n, 4);
	assert_string_equal(names[0], "a");
	assert_string_equal(names[3], "w");
	for (long i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_stay),
		cmocka_unit_test(a_torn_line_was_never_written),
		cmocka_unit_test(damage_is_an_error),
		cmocka_unit_test(one_has_it_alone),
		cmocka_unit_test(names_are_names),
		cmocka_unit_test(they_are_listed),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
