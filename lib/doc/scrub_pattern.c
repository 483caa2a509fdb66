#include "doc/scrub_pattern.h"

#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"
#include "doc/scrub.h"

/* What looks like a placeholder is no kind that anybody asks for. */
static int kind_of(const char *name)
{
	for (int kind = 0; scrub_kind_names[kind]; kind++)
		if (kind != SCRUB_LITERAL && strcasecmp(scrub_kind_names[kind], name) == 0)
			return kind;
	return -1;
}

int scrub_pattern_load(struct scrub_pattern *p, const struct node *n, struct err *e)
{
	static const char *const known[] = {"name", "pattern", "kind", NULL};
	struct node at = node_get(n, "kind"), pattern = node_get(n, "pattern");
	const char *name = json_is_object(n->v) ? node_text(n, "name", NULL, e) : NULL;
	const char *text = name ? node_text(n, "pattern", NULL, e) : NULL;
	int kind = kind_of(text ? node_text(n, "kind", "secret", e) : "");
	struct err why = ERR_INIT;
	struct regex *regex;

	if (!json_is_object(n->v))
		return node_fail(n, e, "must be an object with 'name' and 'pattern'");
	if (e->kind || node_known(n, known, e))
		return -1;
	if (kind < 0)
		return node_fail(&at, e, "must be one of secret, ip, mac, email, phone, card, "
					 "iban, host, person, user");
	regex = regex_seek_new(text, false, &why);
	if (!regex)
		return node_fail(&pattern, e, "%s", why.text);
	*p = (struct scrub_pattern){regex, kind, mem_text(name)};
	return 0;
}

void scrub_pattern_clear(struct scrub_pattern *p)
{
	regex_free(p->regex);
	free(p->name);
	*p = (struct scrub_pattern){.regex = NULL};
}
