/*
 * minutes: which transcripts a case names: what was said to models and by them. hl-llm(1) keeps
 * each under the SHA-256 of its bytes.
 */
#ifndef HL_DOC_MINUTES_H
#define HL_DOC_MINUTES_H

#include <jansson.h>

#include "base/sha.h"

/* transcripts/<the first two digits>/<sha256>.json of the ops repo */
#define MINUTES_ROOT "transcripts"
#define MINUTES_PATH (sizeof MINUTES_ROOT "/00/.json" + SHA_HEX)

enum { MINUTES_NAMED = 16 }; /* of one case at most */

/*
 * The digests that triage, the plan and its validator name, each once, in order: an array of texts;
 * NULL: none. Caller decrefs.
 */
json_t *minutes_named(const json_t *whole_case);

/* Where one is in the ops repo. Returns `path`. */
char *minutes_path(const char *digest, char path[MINUTES_PATH]);

#endif
