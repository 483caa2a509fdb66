/*
 * trigger_cache: the lines that triggers are kept as in the state directory, one runbook each:
 *
 *	{"v":"1","path":"runbooks/x.yaml","id":"x","match":[["alertname",0,"DiskFull"]]}
 *	{"v":"1","path":"runbooks/y.yaml","fault":"runbooks/y.yaml:3:1: ..."}
 *	end
 *
 * The number is an enum matcher_op. A file without its last line, or with one of another version, is none.
 */
#ifndef HL_FLOW_TRIGGER_CACHE_H
#define HL_FLOW_TRIGGER_CACHE_H

#include "doc/matcher.h"

/* One runbook. Either id (and its conditions), or fault: why it did not load. */
struct trigger_line {
	char *path, *id, *fault;
	struct matchers match;
};

void trigger_line_clear(struct trigger_line *line);

/* Appends the line. */
void trigger_line_put(struct buf *into, const struct trigger_line *line);

/* Calls `each` for every line; it may take what the line owns. 0, or -1: there is no such cache. */
typedef void trigger_line_fn(void *arg, struct trigger_line *line);
int trigger_cache_read(const char *path, trigger_line_fn *each, void *arg);

/* Ends the text and writes it, in place of older caches. Failing costs time, nothing else. */
void trigger_cache_write(const char *dir, const char *path, struct buf *text);

#define TRIGGER_CACHE_PREFIX "triggers-"
#define TRIGGER_CACHE_MAX ((size_t)256 << 20)

#endif
