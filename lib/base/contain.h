/*
 * contain: what a program is not let do, as a value. doc/contain.h reads it from a toolset,
 * edge/contain.h puts it into force.
 */
#ifndef HL_BASE_CONTAIN_H
#define HL_BASE_CONTAIN_H

#include <stdbool.h>
#include <stdint.h>

/* All zero: it may do what we may, but gain no privileges. */
struct contain {
	const char *user;  /* lent; NULL: ours */
	bool read_only;    /* no file system can be written to */
	bool no_network;   /* not even the loopback */
	bool private_tmp;  /* an empty /tmp and /var/tmp of its own */
	bool privileges;   /* setuid programs work */
	int64_t memory;    /* bytes; 0: any */
	int64_t processes; /* how many; 0: any */
	int64_t cpu;       /* seconds; 0: any */
};

#endif
