/*
 * step: what one step of a plan does, by its `kind`; hl-case(5).
 *
 *	tool     {tool, args, undo?, tool_digest}                   also when there is no kind
 *	check    {tool, args, expect?, within?, title?, tool_digest}    has to hold; only reads
 *	human    {title, ask, details?, within}                     a person does it, and says so
 *	write    {files, message, commit?}                          a commit of its own, or, where
 *	                                                            `commit` names a step, of that
 *	commit   {files?, message}                                  its files and those that name it
 *
 * files: [{path, text}] is the whole document, [{path, append}] goes behind what is there.
 *
 * Only documents can be written, never what says what may be done: policy, runbooks, tools, goals,
 * workflows and decisions are out of reach of every plan.
 */
#ifndef HL_DOC_STEP_H
#define HL_DOC_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "json/node.h"

enum step_kind { STEP_TOOL, STEP_CHECK, STEP_HUMAN, STEP_WRITE, STEP_COMMIT };
extern const char *const step_kinds[]; /* NULL-terminated, in that order */

enum { STEP_FILES = 20, STEP_TEXT = 65536 /* bytes of one file or text */ };

#define STEP_WITHIN     ((int64_t)14 * 86400000) /* for a person, in milliseconds, unless said */
#define STEP_WITHIN_MAX ((int64_t)400 * 86400000)

/* Of a step that passed step_check; of any other, -1 when it has a kind that is none. */
int step_kind(const json_t *step);

/* Whether it is a call of a tool: of its own, or to look. */
bool step_calls(const json_t *step);

/* Whether what it did can be taken back: a tool with an undo, and what was committed. */
bool step_undoable(const json_t *step);

/* Whether it puts files into the ops repo in its turn, or leaves that to another step. */
bool step_commits(const json_t *step);

/* How long a person has, in milliseconds. */
int64_t step_within(const json_t *step);

/* Has it what its kind needs, and nothing that would be dangerous? Not its id and needs: plan.h. */
int step_check(const struct node *step, struct err *e);

/* Is it a check as check.h has it, but filled in? A brace in an argument is a brace. */
int step_check_check(const struct node *one, struct err *e);

/*
 * Whether a plan may write this file: below docs/, inventory/ or wishes/, or one of the five
 * documents at the top (README.md, INFRASTRUCTURE.md, SERVICES.md, PROCEDURES.md,
 * TROUBLESHOOTING.md); each part a name (path_is_name).
 */
bool step_may_write(const char *path);
#define STEP_WRITES                                                                                \
	"below docs/, inventory/ or wishes/, nor README.md, INFRASTRUCTURE.md, SERVICES.md, "      \
	"PROCEDURES.md or TROUBLESHOOTING.md: a plan writes documents only"

#endif
