/*
 * inquiry: what hl-llm(1) is asked, a line of `hl-llm --requests`:
 *
 *	{"kind": "ask", "stage", "case"?, "goal"?, "role"?, "system"?, "messages" or "prompt",
 *	 "schema"?, "tools"?: [NAME, ...], "bounds"?: {"steps", "tokens", "time_ms"},
 *	 "exclude"?: [MODEL, ...]}
 *
 * `tools` are those of the catalogue that the model may look with; `exclude` are models that are
 * not asked: the one whose work is to be reviewed.
 */
#ifndef HL_DOC_INQUIRY_H
#define HL_DOC_INQUIRY_H

#include "json/node.h"

#define INQUIRY_TIME_MS 180000 /* unless the ask has bounds */
#define INQUIRY_STEPS   8
#define INQUIRY_TOKENS  60000

struct inquiry {
	const char *stage, *case_id, *goal, *role; /* lent from the tree; all but stage may be NULL */
	json_t *messages;                          /* doc/chat.h, with the system's in front */
	const json_t *schema, *tools, *exclude;    /* lent; may be NULL */
	int64_t steps, tokens, time_ms;            /* looks; of all that is read and written; for all */
	struct str prompt; /* the last words of the user, by which it may be routed; lent */
	json_t *tree;
};

/* Swallows the tree. -1 with the place; nothing has to be cleared then. */
int inquiry_take(struct inquiry *q, json_t *tree, const struct source *source, struct err *e);
void inquiry_clear(struct inquiry *q);

bool inquiry_excludes(const struct inquiry *q, const char *model);

#endif
