/* Hosts and domains of an inventory, whatever its form. */
#include "doc/inventory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "edge/yaml.h"

static void put_words(struct buf *out, const struct words *w)
{
	for (size_t i = 0; i < w->count; i++)
		buf_putf(out, " %s", w->items[i]);
}

static void gives(const char *yaml, const char *text, const char *wanted)
{
	struct inventory found = {.hosts = {.items = NULL}};
	struct buf out = BUF_INIT(4096);
	struct err e = ERR_INIT;
	json_t *tree = yaml ? yaml_load(str_of(yaml), "x", NULL, &e) : NULL;

	if (yaml && !tree)
		fail_msg("%s", e.text);
	inventory_tree(&found, tree);
	inventory_text(&found, str_of(text));
	put_words(&out, &found.hosts);
	buf_puts(&out, " |");
	put_words(&out, &found.domains);
	assert_string_equal(buf_text(&out), wanted);
	buf_clear(&out);
	inventory_clear(&found);
	json_decref(tree);
}

static void test_tree(void **state)
{
	(void)state;
	gives("all: {children: {dbs: {hosts: {db1: {ansible_host: db1.corp.example}, db2: null}}}}", "",
		" db1 db2 db1.corp.example db1 | corp.example");
	gives("name: nas7\nnode: pve1\nnetwork: {domain: .house.example, search: [a.example]}", "",
		" nas7 pve1 | house.example a.example");
	gives("servers: [{name: web1, hostname: 'web1.example:22'}, plain, 10.1.1.1]", "",
		" plain web1 web1.example web1 |");
	gives("aliases: [localhost, 'two words', x]\nrole: db", "", " x |");
}

static void test_text(void **state)
{
	(void)state;
	gives(NULL, "# all\n10.1.1.1 nas nas.corp.example # the disk\n::1 localhost\n\n", " nas nas.corp.example nas | corp.example");
	gives(NULL, "[web]\nweb1 ansible_host=w.corp.example color=blue\n; web2\nweb3", " web1 w.corp.example w web3 | corp.example");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
}
