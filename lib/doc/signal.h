/*
 * signal: one alert as a sensor told it; hl-signal(5). A view: nothing is copied.
 */
#ifndef HL_DOC_SIGNAL_H
#define HL_DOC_SIGNAL_H

#include "doc/labels.h"
#include "doc/ladder.h"

struct signal {
	struct scan_value whole;
	/* SCAN_NONE where it has none */
	struct scan_value labels, annotations, name, severity, source, url;
};

/* In one pass over a validated object. */
void signal_read(struct signal *s, struct scan_value whole);

/* Its own severity, else its label's, else warning. */
enum severity signal_severity(const struct signal *s, const struct labels *l);

#endif
