/*
 * host: memory, load and clock of this machine, from /proc and the kernel. Each gives an object, or
 * NULL on error. `root` stands in front of every file name, for tests; "" is this machine.
 */
#ifndef HL_EDGE_HOST_H
#define HL_EDGE_HOST_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"

/* {"total_bytes","available_bytes","available_percent","swap_total_bytes","swap_free_bytes","swap_used_percent"}
 */
json_t *host_memory(const char *root, struct err *e);

/*
 * {"load1","load5","load15","cores","load1_per_core","load5_per_core","load15_per_core","uptime_s"}
 */
json_t *host_load(const char *root, struct err *e);

/* {"synchronised","offset_us","error_us"}: what the kernel's clock discipline says, adjtimex(2). */
json_t *host_clock(struct err *e);

/* Appends root/path, whole. */
int host_read(const char *root, const char *path, struct buf *into, struct err *e);

#endif
