/*
 * alertmanager: what Alertmanager and Grafana send or answer, as signals; hl-signal(5).
 *
 * Understood are
 *	- Alertmanager's webhook, version "4" (notify/webhook/webhook.go, template/template.go);
 *	- Grafana's webhook, version "1" (grafana/alerting, receivers/webhook/v1): the same shape;
 *	- the array that GET /api/v2/alerts answers (api/v2/openapi.yaml), and the one of
 *	  /api/v2/alerts/groups.
 * Keys that are not known are ignored: the set has grown and will grow.
 *
 * The fingerprint is computed from the labels; what the payload says is not believed. Labels,
 * annotations and the address leave as the bytes they came in, so no escape changes on the way.
 * Nothing here does I/O.
 *
 *	struct alertmanager a = {.line = put, .fault = reject, .arg = &stream};
 *	if (alertmanager_read(payload, &a, e)) ...
 *	if (a.truncated) msg_warn(...);
 */
#ifndef HL_WIRE_ALERTMANAGER_H
#define HL_WIRE_ALERTMANAGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* One signal, without newline, lent for the call. */
typedef int alertmanager_line_fn(void *arg, struct str line, struct err *e);

/*
 * An alert that is wrong, inside a payload that is not: where ("alerts[3].labels"), why ("label 'a'
 * is not a text"), and the whole alert as it came.
 */
typedef int alertmanager_fault_fn(
	void *arg, const char *where, const char *why, struct str alert, struct err *e);

struct alertmanager {
	/* set by the caller */
	alertmanager_line_fn *line;
	alertmanager_fault_fn *fault; /* NULL: nobody is told */
	void *arg;
	bool suppressed; /* also alerts that a silence or an inhibition holds back (API only) */
	/* set by the reading */
	unsigned long signals, held, faults;
	uint64_t truncated; /* alerts that the sender left out */
};

/*
 * Reads one payload. 0, or -1: the payload is none of the above (ERR_DATA), or a callback said -1.
 * Alerts that are wrong are no failure of the whole.
 */
int alertmanager_read(struct str payload, struct alertmanager *a, struct err *e);

#endif
