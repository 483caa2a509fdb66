/*
 * mounts: what is mounted where, and how full it is. From /proc/self/mountinfo
 * (proc_pid_mountinfo(5)) and statvfs; the figures are df's.
 *
 * `root` stands in front of every file name, for tests; "" is this machine.
 */
#ifndef HL_EDGE_MOUNTS_H
#define HL_EDGE_MOUNTS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"

/*
 * {"mounts":[{"mountpoint","device","type","options","read_only"}],"missing":[mount points]}: all
 * but pseudo file systems, and those of fstab that should be mounted and are not. Given; NULL on
 * error.
 */
json_t *mounts_list(const char *root, struct err *e);

/*
 * {"filesystems":[{"mountpoint","device","type","size_bytes","used_bytes","available_bytes","used_percent",
 * "inodes","inodes_used_percent","read_only"}]}: every file system that can fill up, once. Used
 * percent is of what users may have, rounded up, as df rounds. A file system that does not count
 * inodes (btrfs) has no inodes keys. One over the network is left out unless `remote`: when its
 * server is gone, asking it hangs.
 */
json_t *mounts_usage(const char *root, bool remote, struct err *e);

#endif
