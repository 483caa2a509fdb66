/*
 * kro: a graph of resources (apiVersion kro.run/v1alpha1, kind ResourceGraphDefinition), as the
 * homelab documents draw their workflows, read as the steps of a workflow:
 *
 *	metadata: {name: storage-expansion-workflow}
 *	spec:
 *	  resources:
 *	    - name: hardware-procurement       the id of the step
 *	      type: external-task              what it does, by the table of types
 *	      dependencies: [capacity-analysis]
 *	      waitForHuman: true               a person does it, whatever its type
 *	      ...                              all else is the resource's own, {resource.NAME}
 *
 * "{{.service_name}}" in a resource's texts is an argument of the workflow.
 */
#ifndef HL_DOC_KRO_H
#define HL_DOC_KRO_H

#include <jansson.h>
#include <stdbool.h>

#include "json/node.h"

bool kro_is(const json_t *tree);

/* metadata.name; NULL on error. */
const char *kro_name(const struct node *root, struct err *e);

/* The declaration of the arguments that the texts name. Given; NULL on error. */
json_t *kro_args(const struct node *root, struct err *e);

/*
 * The steps: deeds (deed.h) with id, needs and the resource itself as `resource`. Given; NULL on
 * error. `args` is their declaration. Types that mean nothing: see workflow_take.
 */
json_t *kro_steps(const struct node *root, const json_t *types, const json_t *args,
	json_t *problems, struct err *e);

/* A resource's own members with the arguments put into their texts. Given; NULL on error. */
json_t *kro_fill(const json_t *resource, const json_t *args, struct err *e);

#endif
