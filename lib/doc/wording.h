/*
 * wording: what would be run, in words, whole: every tool with every argument, never cut. Appended
 * as safe text for a line of a notice (layout.h).
 */
#ifndef HL_DOC_WORDING_H
#define HL_DOC_WORDING_H

#include <jansson.h>

#include "base/buf.h"

/*
 * A value as one word: bare where that cannot be misread, else as JSON, which is not broken over
 * lines.
 */
void wording_value(struct buf *to, const json_t *v);

/* "systemd.restart unit=nginx.service" */
void wording_call(struct buf *to, const json_t *call);

/* Its title, or the call and what it has to give. */
void wording_check(struct buf *to, const json_t *check);

/* What a step does, by its kind (step.h). */
void wording_act(struct buf *to, const json_t *step);

/* How a step is taken back. */
void wording_undo(struct buf *to, const json_t *step);

/* "zfs.snapshot dataset=tank/vm, rolled back when it fails: .." */
void wording_guard(struct buf *to, const json_t *guard);

#endif
