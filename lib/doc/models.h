/*
 * models: all models that may be asked, of one or more files; hl-models(5). A file has our own form
 *
 *	models: {NAME: ...}              # model.h
 *	roles: {default: NAME}           # where policy says nothing
 *	fallback: [NAME, ...]            # asked in turn after a model's own
 *
 * or that of a LiteLLM proxy (model_list, router_settings, litellm_settings; litellm.h), and
 * either may have quota_config:
 *
 *	quota_config:
 *	  claude_sonnet: {daily_limit: 20, weekly_limit: 100, alert_at: 0.7}
 *	  fallback_chain: [gemini-pro, gemini-flash]
 *
 * whose limits are calls; '_' and '-' in its names are one. max_budget is dollars for
 * budget_duration, a week unless it is said; up to a day counts as a day, up to a week as a week,
 * and of what is longer, a week has its share.
 *
 *	struct models *m = models_new();
 *	models_take(m, tree, &source, e);    // for each file
 *	models_close(m, e);                  // when there are no more: names are looked up
 */
#ifndef HL_DOC_MODELS_H
#define HL_DOC_MODELS_H

#include "doc/model.h"

struct models_file {
	json_t *tree;
	char *name;
};

struct models {
	struct model *list; /* in the order of the files; moves while files are added */
	size_t count, cap;
	const json_t *roles;    /* {ROLE: NAME} of the files, may be NULL */
	const json_t *fallback; /* names, may be NULL */
	json_t *made;           /* texts that no file has as they are needed here */
	struct models_file *files;
	size_t n_files;
};

struct models *models_new(void);
void models_free(struct models *m); /* accepts NULL */

/* Swallows the tree. -1: ERR_CONFIG with the place. */
int models_take(struct models *m, json_t *tree, const struct source *source, struct err *e);

/* Every name that a file mentions is that of a model. -1: ERR_CONFIG. */
int models_close(struct models *m, struct err *e);

/* Lent; NULL: none is called so. */
struct model *models_find(const struct models *m, const char *name);

/* The same; unknown: NULL, with a did-you-mean at the node. */
struct model *models_need(
	const struct models *m, const struct node *at, const char *name, struct err *e);

/* For what adds models: a new one, to be filled in at once; a copy of a text that lives as long. */
struct model *models_add(struct models *m, const char *name);
const char *models_keep(struct models *m, const char *text);

#endif
