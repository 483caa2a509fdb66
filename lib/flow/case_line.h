/*
 * case_line: a case as hl-triage opens it, built as text from the bytes of its signals; hl-case(5).
 */
#ifndef HL_FLOW_CASE_LINE_H
#define HL_FLOW_CASE_LINE_H

#include <jansson.h>

#include "flow/batch.h"
#include "flow/verdict.h"

#define CASE_SIGNALS 100                 /* that a case holds whole; triage.signals has them all */
#define CASE_BYTES   ((size_t)8 << 20)   /* of signals */
#define CASE_CONTEXT ((size_t)256 << 10) /* of observations */

struct case_line {
	const char *id;
	const struct roster_group *group;
	const struct batch *batch;
	const struct touched *touched;
	struct labels *labels; /* for scratch */
	const char *basis;     /* NULL without an ops repo */
	enum verdict verdict;
	struct str why;
	int64_t at;
	const struct finding *finding;
	const struct standing *standing;
	json_t *model; /* what a model thinks of it; may be NULL */
};

/* Appends it, without a newline. It fits a record: signals beyond what it may hold are counted
 * only. */
void case_line_put(struct buf *into, const struct case_line *c);

#endif
