#include "doc/privacy.h"

#include "doc/regex.h"
#include "doc/scrub_pattern.h"

const char *const privacy_cloud_names[] = {"accept", "scrub", "never", NULL};

/* What speaks of secrets, and addresses of private networks (RFC 1918). */
const char *const privacy_never_send[] = {"password", "secret", "api.key", "token", "192\\.168\\.",
	"10\\.\\d+\\.", "172\\.(1[6-9]|2\\d|3[01])\\.", NULL};

static int check_pattern(const struct node *n, struct err *e)
{
	struct err why = ERR_INIT;
	struct regex *r;

	if (!json_is_string(n->v) || !json_string_length(n->v))
		return node_fail(n, e, "must be a regular expression");
	r = regex_seek_new(json_string_value(n->v), true, &why);
	if (!r)
		return node_fail(n, e, "%s", why.text);
	regex_free(r);
	return 0;
}

static int check_text(const struct node *n, struct err *e)
{
	return json_is_string(n->v) && json_string_length(n->v) ? 0
								 : node_fail(n, e, "must be a text");
}

static int check_rule(const struct node *n, struct err *e)
{
	struct scrub_pattern p;

	if (scrub_pattern_load(&p, n, e))
		return -1;
	scrub_pattern_clear(&p);
	return 0;
}

typedef int check_fn(const struct node *one, struct err *e);

static int load_list(json_t **list, const struct node *n, const char *key, check_fn *check, struct err *e)
{
	struct node all = node_get(n, key);

	if (node_is_array(&all, e))
		return -1;
	for (size_t i = 0; i < node_count(&all); i++) {
		struct node one = node_at(&all, i);

		if (check(&one, e))
			return -1;
	}
	*list = node_there(&all) ? all.v : NULL;
	return 0;
}

int privacy_load(struct privacy *p, const struct node *n, struct err *e)
{
	static const char *const known[] = {
		"cloud", "never_send", "names", "hosts", "domains", "rules", "allow", NULL};

	*p = (struct privacy){.cloud = PRIVACY_SCRUB};
	if (node_is_object(n, e) || node_known(n, known, e))
		return -1;
	p->cloud = (enum privacy_cloud)node_choice(
		n, "cloud", privacy_cloud_names, PRIVACY_SCRUB, e);
	return e->kind || load_list(&p->never_send, n, "never_send", check_pattern, e) ||
			       load_list(&p->names, n, "names", check_text, e) ||
			       load_list(&p->hosts, n, "hosts", check_text, e) ||
			       load_list(&p->domains, n, "domains", check_text, e) ||
			       load_list(&p->rules, n, "rules", check_rule, e) ||
			       load_list(&p->allow, n, "allow", check_text, e)
		       ? -1
		       : 0;
}
