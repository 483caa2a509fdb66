/*
 * case_code: the short name of a case in a chat, "K7Q": letter, digit, letter, and so on, without
 * those that are mistaken for others (I, O, 0, 1). It is never a word, nor a number. Made from the
 * id, and as long as it must be to be one open case's alone, which mostly is three.
 */
#ifndef HL_DOC_CASE_CODE_H
#define HL_DOC_CASE_CODE_H

#include "base/str.h"

#define CASE_CODE       12 /* the whole, 11 characters, and its NUL */
#define CASE_CODE_LEAST 3

/* The whole, of which people see the beginning. Returns `code`. */
char *case_code(const char *id, char code[CASE_CODE]);

/* How much of `code` it takes to tell it from `other`: odd, CASE_CODE_LEAST at least. */
size_t case_code_apart(const char *code, const char *other);

/* Whether a text could be (the beginning of) one, in letters of either case. */
bool case_code_is(struct str text);

/* Whether that text means this code. */
bool case_code_means(struct str text, const char *code);

#endif
