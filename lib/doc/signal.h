/*
 * signal: one alert as a sensor told it; hl-signal(5). A view: nothing is copied.
 */
#ifndef HL_DOC_SIGNAL_H
#define HL_DOC_SIGNAL_H

#include "doc/labels.h"
#include "doc/ladder.h"

/* Its members that are looked at; names for stream_open's want list, in this order. */
enum signal_member {
	SIGNAL_LABELS,
	SIGNAL_ANNOTATIONS,
	SIGNAL_NAME,
	SIGNAL_SEVERITY,
	SIGNAL_SOURCE,
	SIGNAL_URL,
	SIGNAL_LASTING, /* those before say what the alert is, those behind how it stands */
	SIGNAL_STATUS = SIGNAL_LASTING,
	SIGNAL_STARTS,
	SIGNAL_ENDS,
	SIGNAL_MEMBERS,
};
extern const char *const signal_members[SIGNAL_MEMBERS];

struct signal {
	struct str line;
	struct scan_value member[SIGNAL_LASTING]; /* SCAN_NONE where it has none */
};

/* Its own severity, else its label's, else warning. */
enum severity signal_severity(const struct signal *s, const struct labels *l);

#endif
