/*
 * transcript: what was said between hl and a model, as it left the house and came back, kept so
 * that it can be read and a decision made again without a model (archive.h). One file, named by
 * what is in it, STATE/transcripts/<sha256>.json, 0600, one line of canonical JSON:
 *
 *	{"kind": "transcript", "asked": the digest of the ask (thinker.h), "model", "provider",
 *	 "where", "exchanges": [E, ...], "result": the answer line, without "transcript"}
 *
 * An exchange E is {"model", "sent": [messages that are new since the one before, scrubbed],
 * "digest": of the bytes that were sent, "answer": with its placeholders, or "fault": text}.
 */
#ifndef HL_FLOW_TRANSCRIPT_H
#define HL_FLOW_TRANSCRIPT_H

#include <jansson.h>

#include "base/err.h"
#include "base/sha.h"

/* Writes it, durably; `hex` gets its name. The same bytes twice are one file. -1: ERR_OUTPUT. */
int transcript_keep(const json_t *transcript, char hex[SHA_HEX], struct err *e);

#endif
