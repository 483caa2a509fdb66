/*
 * privacy: what may leave the house for a model: the key `privacy` of policy, hl-policy(5). Unless
 * it says otherwise, a model in the cloud gets placeholders for all that is private, and nothing at
 * all where a never-send pattern matches what is left.
 */
#ifndef HL_DOC_PRIVACY_H
#define HL_DOC_PRIVACY_H

#include "json/node.h"

enum privacy_cloud {
	PRIVACY_ACCEPT, /* only secrets are hidden */
	PRIVACY_SCRUB,  /* unless said */
	PRIVACY_NEVER,  /* no model in the cloud is asked */
};

/* accept, scrub, never; NULL at the end */
extern const char *const privacy_cloud_names[];

struct privacy {
	enum privacy_cloud cloud;
	json_t *never_send; /* patterns; NULL: privacy_never_send has them */
	/* Each an array, or NULL: persons, hosts, domains, {name, pattern, kind}, texts. */
	json_t *names, *hosts, *domains, *rules, *allow;
};

/* The never-send patterns unless policy has some; NULL at the end. Case does not count in them. */
extern const char *const privacy_never_send[];

/* Fills in all of it; the node may be absent. Lends from the tree. -1: ERR_CONFIG with the place. */
int privacy_load(struct privacy *p, const struct node *n, struct err *e);

#endif
