/*
 * retreat: takes back what a case that is applied has done, last first, and ends it.
 *
 * A step is undone unless another that needs it stays done. So nothing is pulled from under a step
 * that has no undo, or whose undo failed. An undo that was begun is not begun again.
 *
 * A guard (guarding.h) is rolled back, last, when it may be without asking, when something that it
 * is for is still done or failed halfway, and when nothing that was done after it is taken back
 * unseen: every later step that stays done is one of those that it is for. Else the snapshot stays,
 * and so it does after a success. Whether an interrupted guard was made no check can tell: then
 * nothing more is done.
 *
 * In a drill (drilling.h) every step is undone and every guard rolled back, and then what held
 * before has to hold again.
 *
 * Each returns the outcome, as work_finish.
 */
#ifndef HL_FLOW_RETREAT_H
#define HL_FLOW_RETREAT_H

#include "flow/work.h"

/* Something went wrong: "step 'restart': exit 1". The journal says so from here on. */
json_t *retreat_turn(
	struct work *w, struct err *e, const char *what, const char *which, const char *why);

/* All went well, and it was a drill. */
json_t *retreat_drill(struct work *w, struct err *e);

/* Goes on with a retreat that a crash cut off: why it goes back is in the journal. */
json_t *retreat_go(struct work *w, struct err *e);

#endif
