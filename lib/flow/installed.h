/*
 * installed: the data that come with hl: toolsets, goals, schemas, rules.
 */
#ifndef HL_FLOW_INSTALLED_H
#define HL_FLOW_INSTALLED_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "json/node.h"

/*
 * Where they are: $HL_DATA; the sources, in a build tree; share/hl beside the bin/ that holds the
 * programs; else PREFIX/share/hl as it was built. Lent.
 */
const char *installed_dir(void);

/* Whether a name is that of a YAML document, and not of an editor's file. */
bool installed_is_yaml(const char *path);

/*
 * Calls `each` with the path of every YAML document of a kind ("toolsets"), sorted; ends with the
 * first that is not 0. -1 also when the directory cannot be read
 * (ERR_UNAVAILABLE).
 */
typedef int installed_fn(void *arg, const char *path, struct err *e);
int installed_each(const char *kind, installed_fn *each, void *arg, struct err *e);

/* Reads a YAML document of a file, and gives the tree to `take`, which swallows it. */
typedef int installed_take_fn(void *arg, json_t *tree, const struct source *source, struct err *e);
int installed_read(const char *path, installed_take_fn *take, void *arg, struct err *e);

/* A schema of schemas/ ("proposal.json"); given. NULL: it is not there, or is no JSON. */
json_t *installed_schema(const char *name, struct err *e);

#endif
