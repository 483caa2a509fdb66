/*
 * labels: the name-value pairs that say what an alert is about, sorted by name, and the
 * fingerprint over them.
 *
 * The fingerprint is Prometheus' own (prometheus/common model/signature.go, labelSetToFingerprint):
 * FNV-1a 64 over name, 0xff, value, 0xff for each label in order of name. So ours joins with
 * Alertmanager's and Grafana's. A label with the empty value is no label, as with them. Never
 * computed over annotations or any other text.
 */
#ifndef HL_DOC_LABELS_H
#define HL_DOC_LABELS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "json/scan.h"

#define FINGERPRINT_HEX 17 /* 16 hexadecimal digits and a NUL */

struct label {
	struct str name, value;
};

struct labels {
	struct label *items; /* sorted by name */
	size_t count, cap;
	struct buf text; /* decoded bytes of names and values that had escapes */
};

#define LABELS_INIT                                                                                \
	{                                                                                          \
		.text = BUF_INIT(BUF_RECORD)                                                       \
	}

/*
 * From a validated JSON object whose members are all texts; memory is kept from call to call,
 * so a call allocates nothing once the arrays have grown. Views point into the scanned text or
 * into l->text. -1 when a value is not a text or the object is empty or missing (ERR_DATA: "label
 * 'x' is not a text", "signal without labels").
 */
int labels_scan(struct labels *l, struct scan_value object, struct err *e);

/* Adds a pair (views, not copied) and sorts it in; the same name replaces. */
void labels_set(struct labels *l, struct str name, struct str value);

/* The value; empty when absent, as Prometheus has it. */
struct str labels_get(const struct labels *l, struct str name);

uint64_t labels_fingerprint(const struct labels *l);

/*
 * Over the labels named in `names` only (NULL-terminated); absent ones count as empty: a group's
 * key.
 */
uint64_t labels_group(const struct labels *l, const char *const *names);

char *fingerprint_format(uint64_t fp, char hex[FINGERPRINT_HEX]);
int fingerprint_parse(struct str hex, uint64_t *fp); /* exactly 16 lower-case digits */

/* Appends a JSON object. */
void labels_json(const struct labels *l, struct buf *into);

void labels_reset(struct labels *l); /* empty, memory kept */
void labels_clear(struct labels *l);

#endif
