/*
 * model_program: a model that is a program: what it is asked comes on its standard input, as text,
 * and what it prints is the answer. It gets no tools, and of the environment only what a program
 * needs to find its own files.
 *
 *	claude: {provider: command, run: [claude, --print, --output-format, json]}
 *
 * An answer that is one object with "type": "result" is read as `claude --print --output-format
 * json` means it (docs/headless.md of claude-code): its text is `result`, with usage and costs.
 */
#ifndef HL_FLOW_MODEL_PROGRAM_H
#define HL_FLOW_MODEL_PROGRAM_H

#include "flow/service.h"

/* `until`: when_tick. As service_ask. */
void model_program_ask(
	const struct model *m, const json_t *ask, int64_t until, struct service_result *r);

#endif
