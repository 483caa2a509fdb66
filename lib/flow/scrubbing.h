/*
 * scrubbing: the rules of scrub in force: the installed scrub/NAME.yaml, and a file of one's own.
 */
#ifndef HL_FLOW_SCRUBBING_H
#define HL_FLOW_SCRUBBING_H

#include "doc/scrub_rules.h"

/* Adds every installed document of rules. -1: without rules nothing may be believed clean. */
int scrubbing_installed(struct scrub_rules *r, struct err *e);

/* Adds the rules of one file. */
int scrubbing_file(struct scrub_rules *r, const char *path, struct err *e);

/* Adds the lines of a file as words of a kind; not blank ones and those with a '#' in front. */
int scrubbing_words(struct scrub_rules *r, int kind, const char *path, struct err *e);

#endif
