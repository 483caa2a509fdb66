/*
 * tasker: gets a case that waits for a person's step (doc/task.h) its answer: from a script's
 * answers, or from a person at the terminal. As asker.h, which see; what comes of it is the key
 * `answer`.
 */
#ifndef HL_FLOW_TASKER_H
#define HL_FLOW_TASKER_H

#include "flow/asker.h"

/*
 * What can be said without a person: that its time is over, or a script's answers. ASKED_BAD: the
 * plan is not in order, or the task is none of its steps.
 */
enum asked tasker_settle(struct asker *a, const json_t *whole_case, json_t **answer, struct err *e);

/* Asks at the terminal, as asker_talk. */
enum asked tasker_talk(struct asker *a, const json_t *whole_case, json_t **answer);

#endif
