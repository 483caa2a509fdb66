/*
 * store: hl.db of the state directory and its tables, which memory.h and quota.h read and write.
 */
#ifndef HL_FLOW_STORE_H
#define HL_FLOW_STORE_H

#include "edge/db.h"

/* Opens it, creating it and the state directory. NULL on error. */
struct db *store_open(struct err *e);

#endif
