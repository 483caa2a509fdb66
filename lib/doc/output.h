/*
 * output: what a tool printed, as the data of an observation; the kinds are tool.h's.
 */
#ifndef HL_DOC_OUTPUT_H
#define HL_DOC_OUTPUT_H

#include <jansson.h>

#include "base/err.h"
#include "base/str.h"
#include "doc/tool.h"

/*
 * An object that the caller decrefs, or NULL (ERR_DATA: "line 3 is not Key=value"). Bytes that are
 * not UTF-8 become U+FFFD in texts, lines and pairs; in JSON they are an error.
 */
json_t *output_parse(enum tool_output kind, struct str printed, struct err *e);

/* `s` as a JSON string, bytes that are not UTF-8 as U+FFFD. Never NULL. */
json_t *output_text(struct str s);

#endif
