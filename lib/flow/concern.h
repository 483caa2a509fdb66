/*
 * concern: which alerts of a case a runbook is about.
 *
 * A case can hold several: units of one host, disks of one machine, some of them well again, some
 * of them another runbook's. What is done about the case is done for those that fire and match
 * the trigger. Of a trigger by metric that is the metric's own matchers: triage saw that the
 * expression names it.
 */
#ifndef HL_FLOW_CONCERN_H
#define HL_FLOW_CONCERN_H

#include <jansson.h>

#include "base/err.h"
#include "doc/labels.h"
#include "doc/runbook.h"

/*
 * An array of them, never empty; caller decrefs. NULL with the reason when there is none, or when
 * the case has more alerts than it holds: those left out might be the runbook's, too.
 */
json_t *concern_signals(const json_t *whole_case, const struct runbook *r, struct err *e);

/* The fingerprint of a signal, from its labels, whatever it says itself. Returns `hex`. */
char *concern_fingerprint(const json_t *signal, char hex[FINGERPRINT_HEX]);

#endif
