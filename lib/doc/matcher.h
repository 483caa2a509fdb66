/*
 * matcher: conditions on labels, in Alertmanager's manner (pkg/labels): name, one of = != =~ !~,
 * value. An absent label is the empty text. Regular expressions match the whole value.
 *
 * In YAML, either Alertmanager's text form
 *	match: alertname="DiskFull", instance=~"nas.*"
 * or a list of such texts, or a mapping, where a value /between slashes/ is a regular expression
 * and a list means any of:
 *	match: {alertname: DiskFull, instance: "/nas[.].+/", severity: [critical, warning]}
 */
#ifndef HL_DOC_MATCHER_H
#define HL_DOC_MATCHER_H

#include "doc/labels.h"
#include "doc/regex.h"
#include "json/node.h"

enum matcher_op { MATCHER_EQUAL, MATCHER_NOT_EQUAL, MATCHER_REGEX, MATCHER_NOT_REGEX };

struct matcher {
	char *name, *value; /* one allocation: they are read together */
	enum matcher_op op;
	struct regex *regex; /* NULL for = and != */
};

struct matchers { /* all must hold; none holds for everything */
	struct matcher *items;
	size_t count, cap;
};

#define MATCHERS_INIT                                                                              \
	{                                                                                          \
		.items = NULL                                                                      \
	}

/* Each adds to m; on -1 (ERR_CONFIG) what was added before stays and is the caller's to clear. */
int matchers_load(struct matchers *m, const struct node *n, struct err *e);
int matchers_parse(struct matchers *m, const char *text, struct err *e);
int matchers_add(
	struct matchers *m, const char *name, enum matcher_op op, const char *value, struct err *e);

/* For a matcher that was checked before, from a cache: its expression is compiled on first use. */
void matchers_add_checked(
	struct matchers *m, const char *name, enum matcher_op op, const char *value);

/*
 * Cheap conditions are tried first. An expression that hits a limit holds neither for =~ nor for
 * !~, so that no silence or rule can be forced open.
 */
bool matchers_match(struct matchers *m, const struct labels *l);
void matchers_text(const struct matchers *m, struct buf *into); /* alertname="x",host=~"y" */
void matchers_clear(struct matchers *m);

#endif
