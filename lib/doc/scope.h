/*
 * scope: which placeholders may stand in one part of a tool's declaration. Checked when it is
 * loaded, so that a call finds a value for every one.
 */
#ifndef HL_DOC_SCOPE_H
#define HL_DOC_SCOPE_H

#include "json/node.h"

struct scope {
	const json_t *args;    /* the tool's declaration of them; may be NULL */
	bool env, secret;      /* {env.NAME}, {secret.NAME} */
	bool moment;           /* {time.epoch}, {random} */
	bool answer;           /* {answer:/pointer}, into what a request was answered with */
	bool needs_value;      /* an argument that may be absent, or is a list, may not stand there */
	const char *no_secret; /* why not, and where to put it; NULL: as for a command line */
};

/* A template_each_fn whose `arg` is a scope. ERR_CONFIG, with a did-you-mean. */
int scope_check(void *arg, struct str name, struct err *e);

/* The node is a text whose placeholders the scope has. */
int scope_check_text(const struct node *n, const struct scope *scope, struct err *e);

/* The name of an environment variable. */
bool scope_is_variable(struct str s);

#endif
