/*
 * scan: a validating pull scanner for JSON (RFC 8259).
 *
 * It checks the whole grammar once - escapes, UTF-8, numbers, depth, no member name twice in
 * an object - and hands out views into the text, so that a stage can look at a few fields of a
 * record and pass the record on as the bytes it came in. It allocates nothing, but for the
 * table of names of an object with more than 32 members. What jansson accepts with
 * JSON_REJECT_DUPLICATES it accepts, and no other, but for the limits below; tests hold it to that
 * (jansson overlooks a NUL byte behind a number or a word; here it is refused).
 *
 * Limits: depth SCAN_DEPTH; text up to 4 GiB; a NUL escape (\u0000) is refused, because most of
 * what reads our records cannot hold it. A whole number (no point, no exponent) has to fit 64
 * bits with a sign and any other number a double: larger ones are refused, since the next program
 * would change them in silence. Digits behind what a double keeps are passed on as they came, but
 * not kept by record_load.
 */
#ifndef HL_JSON_SCAN_H
#define HL_JSON_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define SCAN_DEPTH 128

enum scan_type {
	SCAN_NONE, /* absent */
	SCAN_NULL,
	SCAN_FALSE,
	SCAN_TRUE,
	SCAN_NUMBER,
	SCAN_STRING,
	SCAN_ARRAY,
	SCAN_OBJECT,
};

struct scan_value {
	enum scan_type type;
	struct str raw; /* the value's own text; a string with its quotes */
};

struct scan_error {
	size_t at;       /* byte offset of the fault */
	const char *why; /* static text: "control character in a string" */
};

/* Validates `text` as exactly one value, maybe with blanks around it. 0, or -1 with *error set. */
int scan_text(struct str text, struct scan_value *value, struct scan_error *error);

/*
 * The same for a text that must be an object, and fills values[i] for each top-level member named
 * keys[i] in the same pass (SCAN_NONE where it is absent). keys are compared decoded.
 */
int scan_object(struct str text, const char *const *keys, struct scan_value *values, size_t n,
	struct scan_error *error);

/*
 * Walks the members or elements of a value that was validated before:
 *	for (it = scan_open(v); scan_next(&it, &key, &member);)
 * key is a string value for objects and SCAN_NONE for arrays. Anything but an object or array
 * has no members. The text must have been validated: nothing is checked again.
 */
struct scan_iter {
	const char *at, *end;
	bool object;
};

struct scan_iter scan_open(struct scan_value v);
bool scan_next(struct scan_iter *it, struct scan_value *key, struct scan_value *value);

/*
 * For long lists of objects: goes into the next element without having looked for its end. False
 * when the next is no object. Once `members` gave its last one, scan_leave goes on behind it and
 * gives the whole.
 *	if (scan_enter(&list, &members)) {
 *		while (scan_next(&members, &key, &member));
 *		object = scan_leave(&list, &members);
 *	}
 */
bool scan_enter(struct scan_iter *list, struct scan_iter *members);
struct scan_value scan_leave(struct scan_iter *list, const struct scan_iter *members);

/* One member of a validated object by name; SCAN_NONE when absent or not an object. */
struct scan_value scan_member(struct scan_value object, const char *key);

/* Appends the decoded bytes of a validated string. -1 when `into` is full or it is no string. */
int scan_string(struct scan_value v, struct buf *into);

/* A string without escapes as a view of its inside; false when it has escapes or is no string. */
bool scan_plain(struct scan_value v, struct str *inside);

/* Whether a validated value is the string `s`. */
bool scan_is(struct scan_value v, struct str s);

/* A validated number that is written as a whole number, without point or exponent. 0 or -1. */
int scan_integer(struct scan_value v, int64_t *n);

/* Appends `s` as a JSON string, quoted and escaped. Bytes that are not UTF-8, and NUL, become
 * U+FFFD. */
int scan_quote(struct buf *into, struct str s);

#endif
