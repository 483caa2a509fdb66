#include "flow/concern.h"

#include <string.h>

static bool fires(const json_t *signal)
{
	const char *status = json_string_value(json_object_get(signal, "status"));

	return status && strcmp(status, "firing") == 0;
}

/* Views into the signal. As everywhere, an empty label is none. */
static void read_labels(const json_t *signal, struct labels *l)
{
	const char *name;
	json_t *value;

	labels_reset(l);
	json_object_foreach (json_object_get(signal, "labels"), name, value)
		if (json_string_length(value))
			labels_set(l, str_of(name), str_of(json_string_value(value)));
}

static bool matches(const struct runbook *r, const json_t *signal, struct labels *l)
{
	read_labels(signal, l);
	return matchers_match((struct matchers *)&r->match, l);
}

/* Triage counts all of them, and its line holds as many as it has room for. */
static int check_whole(const json_t *whole_case, struct err *e)
{
	size_t held = json_array_size(json_object_get(whole_case, "signals"));
	json_int_t all = json_integer_value(
		json_object_get(json_object_get(whole_case, "triage"), "signals"));

	if (all <= (json_int_t)held)
		return 0;
	return err_set(e, ERR_DATA,
		"the case has %" JSON_INTEGER_FORMAT " alerts and holds %zu of them, so some would "
		"be left as they are: tell them apart by policy's group_by",
		all, held);
}

json_t *concern_signals(const json_t *whole_case, const struct runbook *r, struct err *e)
{
	struct labels labels = LABELS_INIT;
	json_t *list, *signal;
	size_t i;

	if (check_whole(whole_case, e))
		return NULL;
	list = json_array();
	json_array_foreach (json_object_get(whole_case, "signals"), i, signal)
		if (fires(signal) && matches(r, signal, &labels))
			json_array_append(list, signal);
	labels_clear(&labels);
	if (json_array_size(list))
		return list;
	json_decref(list);
	err_set(e, ERR_DATA, "no alert of the case both fires and matches its trigger");
	return NULL;
}

char *concern_fingerprint(const json_t *signal, char hex[FINGERPRINT_HEX])
{
	struct labels labels = LABELS_INIT;

	read_labels(signal, &labels);
	fingerprint_format(labels_fingerprint(&labels), hex);
	labels_clear(&labels);
	return hex;
}
