/*
 * payloads: what Alertmanager and Grafana send, read from a file or pipe, one after the other, as
 * signals.
 *
 * Documents may be pretty-printed or one a line, with any blanks between. A document that is broken
 * ends where the next one plainly starts (a line that starts with '{' or '['), so it costs no
 * other. One that is not understood is named ("stdin: payload 2: ..."), kept on one line in
 * rejects/, and the rest goes on.
 */
#ifndef HL_FLOW_PAYLOADS_H
#define HL_FLOW_PAYLOADS_H

#include "json/stream.h"

#define PAYLOAD_MAX ((size_t)64 << 20)

/*
 * Reads `in` to its end. -1: reading or writing failed, or, at the end, something was rejected
 * (ERR_DATA).
 */
int payloads_read(int in, const char *name, struct stream *out, struct err *e);

#endif
