/*
 * stepper: does one step of a case that is applied, or its undo, by its kind (doc/step.h): a call,
 * a check, a document. The journal knows of each before it is begun, and how it ended after it.
 */
#ifndef HL_FLOW_STEPPER_H
#define HL_FLOW_STEPPER_H

#include "flow/work.h"

/* No step that a person has. 1 it went well, 0 it failed, -1 the journal cannot be written. */
int stepper_do(struct work *w, size_t i, struct err *e);

/* The undo of a step that has one. 0 however it ended, -1 the journal cannot be written. */
int stepper_undo(struct work *w, size_t i, struct err *e);

#endif
