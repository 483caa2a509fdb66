#include "flow/household.h"

#include <string.h>
#include <unistd.h>

#include "doc/scrub.h"

static void add_words(struct scrub_rules *r, int kind, const json_t *list)
{
	json_t *one;
	size_t i;

	json_array_foreach (list, i, one)
		scrub_rules_word(r, kind, json_string_value(one));
}

int household_policy(struct scrub_rules *r, const struct privacy *p, struct err *e)
{
	json_t *one;
	size_t i;

	(void)e;
	add_words(r, SCRUB_PERSON, p->names);
	add_words(r, SCRUB_HOST, p->hosts);
	json_array_foreach (p->domains, i, one)
		scrub_rules_domain(r, json_string_value(one));
	json_array_foreach (p->allow, i, one)
		scrub_rules_allow(r, json_string_value(one));
	return 0;
}

int household_inventory(struct scrub_rules *r, struct ops *o, struct err *e)
{
	(void)r;
	(void)o;
	(void)e;
	return 0;
}

void household_machine(struct scrub_rules *r)
{
	char name[256] = "", *dot;

	if (gethostname(name, sizeof name - 1) || strcmp(name, "localhost") == 0)
		return;
	scrub_rules_word(r, SCRUB_HOST, name);
	dot = strchr(name, '.');
	if (!dot)
		return;
	if (strchr(dot + 1, '.'))
		scrub_rules_domain(r, dot + 1);
	*dot = '\0';
	scrub_rules_word(r, SCRUB_HOST, name);
}
