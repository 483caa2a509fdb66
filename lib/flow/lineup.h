/*
 * lineup: the models that may be asked here, and which of them for what; hl-models(5). They are
 * read, the first that there is, from
 *	the file that is named             (hl-llm --models)
 *	models/ of the ops repo, as committed
 *	$XDG_CONFIG_HOME/hl/models.yaml    (without an ops repo; else ~/.config/hl/models.yaml)
 *
 * Policy of the ops repo says who has which role among its models; a named file says so itself.
 * {env.NAME} in a url is filled in.
 */
#ifndef HL_FLOW_LINEUP_H
#define HL_FLOW_LINEUP_H

#include "doc/route.h"
#include "flow/ops.h"

struct lineup {
	struct models *models; /* may have none */
	struct route_table routes;
	json_t *shipped;
	bool of_repo;
	char *place; /* where they are read from, or would be; NULL: nowhere */
};

/*
 * o NULL: there is no ops repo; file may be NULL. `o` must outlive it. NULL on error: ERR_CONFIG
 * with the place.
 */
struct lineup *lineup_load(struct ops *o, const char *file, struct err *e);
void lineup_free(struct lineup *l); /* accepts NULL */

/* ERR_CONFIG: there are no models, and which file to write. -1. */
int lineup_none(const struct lineup *l, struct err *e);

/*
 * A model that a person asked for by its name: ERR_USAGE with a did-you-mean, or ERR_CONFIG with its
 * fault. Lent.
 */
const struct model *lineup_named(const struct lineup *l, const char *name, struct err *e);

#endif
