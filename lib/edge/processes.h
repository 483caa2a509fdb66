/*
 * processes: what runs here and what listens, from /proc (proc(5)). Each gives an object, or NULL
 * on error. `root` stands in front of every file name, for tests; "" is this machine.
 */
#ifndef HL_EDGE_PROCESSES_H
#define HL_EDGE_PROCESSES_H

#include <jansson.h>

#include "base/err.h"

/*
 * {"count","states":{"R":1,..},"stuck":[..],"top":[{"pid","name","state","rss_bytes"}]}: `stuck`
 * are those in uninterruptible sleep (D) now, `top` the largest by memory. With a name:
 * {"name","matching":[..]} of those called so (the kernel keeps 15 bytes of a name).
 */
json_t *processes_list(const char *root, const char *name, size_t top, struct err *e);

/*
 * {"listening":[{"protocol","address","port","pid","process"}]}, sorted; pid and process where they
 * may be seen (one's own, or as root). Only that port when it is not 0. A UDP socket listens when
 * it has no peer.
 */
json_t *processes_ports(const char *root, long port, struct err *e);

#endif
