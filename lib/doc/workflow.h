/*
 * workflow: a procedure of several steps that somebody can ask for by name; hl-workflow(5). A file
 * of the ops repo, workflows/NAME.yaml, in one of two forms:
 *
 *	workflow: add-disk                       ours
 *	args: {disk: {type: string, pattern: "^[a-z0-9]+$"}}
 *	steps:
 *	  - {id: buy, human: {ask: "Put {disk} in", within: 14d}}
 *	  - {id: seen, needs: [buy], check: {tool: host.disks, within: 1m}}
 *	  - {id: grow, needs: [seen], tool: zfs.add, args: {disk: "{disk}"}}
 *	  - {id: note, needs: [grow], write: {path: docs/storage.md, append: "Added {disk}.\n"}}
 *
 * and the graph of resources that the homelab documents draw (apiVersion kro.run/v1alpha1, kind
 * ResourceGraphDefinition), where what a `type` does is said by a table of types:
 *
 *	types:
 *	  external-task: human
 *	  system-check: {check: {tool: host.disks}}
 *	  github-integration/github-close: {tool: github.close, args: {title: "{resource.name}"}}
 *
 * A workflow that loads is well-formed: ids are names and occur once, the steps can be put in
 * order, every {name} is an argument that has a value, or a member of the resource. Whether its
 * tools exist and take these arguments only a catalogue can tell.
 */
#ifndef HL_DOC_WORKFLOW_H
#define HL_DOC_WORKFLOW_H

#include <jansson.h>

#include "json/node.h"

struct workflow {
	const char *name, *description; /* description may be NULL */
	char *path;                     /* in the ops repo */
	json_t *args;                   /* declaration (args.h); owned, may be NULL */
	json_t *steps;                  /* templates of the steps of a plan; owned */
	const json_t *preflight, *verify; /* lists of checks; may be NULL */
	json_t *tree;
};

/*
 * Adds the types of a document to a table, over those of the same name. The tree is lent. -1:
 * ERR_CONFIG.
 */
int workflow_types_add(json_t *types, json_t *tree, const struct source *source, struct err *e);

/*
 * Swallows the tree; `types` is lent. NULL: ERR_CONFIG with file, line and column. Every type that
 * means nothing gets a sentence in `problems`, all of them at once.
 */
struct workflow *workflow_take(json_t *tree, const struct source *source, const json_t *types,
	json_t *problems, struct err *e);
void workflow_free(struct workflow *w); /* accepts NULL */

/*
 * The steps, filled in from arguments that args_check gave: those of a plan (step.h), but for undo
 * and digests. What is filled in is never looked at again. Given; NULL: ERR_DATA.
 */
json_t *workflow_steps(const struct workflow *w, const json_t *args, struct err *e);

/* A list of its checks, likewise. */
json_t *workflow_checks(const json_t *checks, const json_t *args, struct err *e);

#endif
