/*
 * hands: in whose hands a case is: parked for a person, or with a journal because it is acted on.
 */
#ifndef HL_FLOW_HANDS_H
#define HL_FLOW_HANDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

bool hands_any(void); /* whether there is any such case; else hands_hold need not be asked */
bool hands_hold(const char *id);

/*
 * A case whose alerts are resolved stays parked, for a person to see, and gets a member "resolved"
 * that says since when, once. One that is not parked is left alone.
 */
int hands_mark_resolved(const char *id, int64_t now, struct err *e);

#endif
