#include "doc/check.h"

#include "doc/expect.h"
#include "doc/template.h"

int check_check(const struct node *one, struct err *e)
{
	static const char *const known[] = {"tool", "args", "expect", "within", "title", NULL};
	struct node args = node_get(one, "args"), expect = node_get(one, "expect");

	if (!json_is_object(one->v))
		return node_fail(
			one, e, "must be a check such as {tool: NAME, expect: {/key: value}}");
	if (node_known(one, known, e))
		return -1;
	node_text(one, "tool", NULL, e);
	node_text_or_null(one, "title", e);
	node_span(one, "within", 0, e);
	if (e->kind || node_is_object(&args, e) || template_check(&args, NULL, NULL, e))
		return -1;
	return expect_check(&expect, e);
}

int checks_check(const struct node *list, struct err *e)
{
	if (node_is_array(list, e))
		return -1;
	for (size_t i = 0; node_there(list) && i < node_count(list); i++) {
		struct node one = node_at(list, i);

		if (check_check(&one, e))
			return -1;
	}
	return 0;
}
