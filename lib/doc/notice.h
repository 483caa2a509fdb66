/*
 * notice: a case as a person reads it: what, since when, what could be done and what that would
 * break, why it asks. Eighty columns. All that comes from outside is made safe for a terminal.
 *
 * What a model said stands in double quotes, behind the model's name, and no words of anybody can
 * end the quotes or begin a line: whatever they hold, they are seen to be a model's.
 *
 * The case is read leniently (what is missing or odd is left out), but what would be run is
 * shown whole: every tool with every argument, never cut.
 */
#ifndef HL_DOC_NOTICE_H
#define HL_DOC_NOTICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct notice {
	struct buf *into;
	int64_t now; /* for "13m ago" */
	bool colour;
};

/* Title, severity, since when, how often, why triage says so. */
void notice_head(const struct notice *n, const json_t *whole_case);

/* "20261121T041300Z-9c2e51d0a7b3f644  since .., expires ..  DiskFull on nas", without line end. */
void notice_line(const struct notice *n, const json_t *whole_case);

/* What a person is to do (outcome.waiting, task.h), since when and until when. */
void notice_task(const struct notice *n, const json_t *task);

/* The plan: its solutions, why it asks, problems, until when. */
void notice_plan(const struct notice *n, const json_t *plan);

/* The signals' labels and annotations, what was observed, and each step with what it needs. */
void notice_details(const struct notice *n, const json_t *whole_case);

/* "nginx.service: restart it": the one line of a solution, and what it runs. */
void notice_solution(const struct notice *n, const json_t *solution, bool recommended);

/* "45s", "13m", "2h", "3d". Returns `text`. */
char *notice_span(int64_t ms, char text[16]);

#endif
