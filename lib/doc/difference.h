/*
 * difference: where two JSON trees are not the same, for people and programs to read.
 *
 * Each is {"at": JSON pointer, "recorded": value, "again": value}; a side that has nothing there
 * lacks its member. Texts are made harmless and cut, a whole object or list is shown as the
 * beginning of its text: what is told of a tampered record must not be able to do more than be read.
 */
#ifndef HL_DOC_DIFFERENCE_H
#define HL_DOC_DIFFERENCE_H

#include <jansson.h>

#define DIFFERENCES_MAX 20  /* told; the rest is not looked for */
#define DIFFERENCE_TEXT 200 /* bytes of a value, about */

/* An array, empty when they are the same. Order of members does not count. Caller decrefs. */
json_t *difference_list(const json_t *recorded, const json_t *again);

/* Takes away those whose `at` is one of these (NULL-terminated). */
void difference_forget(json_t *list, const char *const *at);

#endif
