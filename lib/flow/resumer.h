/*
 * resumer: the cases that have a journal: finishes what a crash cut off, hands out again what was
 * not recorded yet, and removes what nobody needs any more.
 */
#ifndef HL_FLOW_RESUMER_H
#define HL_FLOW_RESUMER_H

#include "flow/applier.h"

/*
 * Calls `each` with every case that is not in the ops repo's decisions yet, its outcome added.
 * What another process has in hand is passed over, and so is what waits for a person, is parked, and
 * has time left. Journals of recorded cases are removed when
 * they are older than 30 days and their plan expired, so that no approval can be used again. Goes
 * on after an error of one case: the first is in e, and -1 returned.
 */
typedef int resumer_each_fn(void *arg, json_t *whole_case, struct err *e);
int resumer_run(const struct applier *a, resumer_each_fn *each, void *arg, struct err *e);

#endif
