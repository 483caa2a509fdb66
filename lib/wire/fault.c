#include "wire/fault.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/when.h"
#include "wire/field.h"

const char *const fault_names[] = {"busy", "spent", "denied", "wrong", "broken", NULL};

#define SPENT_AFTER_MS (300 * WHEN_SECOND) /* who says to wait so long has a quota of a day */

/* The parts of an error that any of the forms has. */
struct complaint {
	const char *message, *type, *code;
	const json_t *details;
};

static const char *text_at(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* The object that tells: in a list of one, under "error", or the text itself. */
static struct complaint complaint_of(const json_t *body)
{
	struct complaint c = {NULL};
	const json_t *error;

	if (json_is_array(body))
		body = json_array_get(body, 0);
	error = json_object_get(body, "error");
	if (json_is_string(error)) {
		c.message = json_string_value(error);
		return c;
	}
	if (!json_is_object(error))
		error = body;
	c.message = text_at(error, "message");
	c.type = text_at(error, "type");
	c.code = text_at(error, "status");
	if (!c.code)
		c.code = text_at(error, "code");
	c.details = json_object_get(error, "details");
	return c;
}

static bool has(const char *text, const char *part)
{
	size_t n = strlen(part);

	for (; text && *text; text++)
		if (strncasecmp(text, part, n) == 0)
			return true;
	return false;
}

static bool is(const char *text, const char *word)
{
	return text && strcmp(text, word) == 0;
}

/* "34.07s" or "250ms" (google.protobuf.Duration): milliseconds, -1: neither. */
static int64_t duration(const char *text)
{
	char *end;
	double n;

	if (!text || !isdigit((unsigned char)*text))
		return -1;
	n = strtod(text, &end);
	if (n < 0 || n > 1e9)
		return -1;
	return is(end, "ms") ? (int64_t)n : is(end, "s") ? (int64_t)(n * 1000) : -1;
}

/* "Please retry in 12.3s." */
static int64_t said_pause(const char *message)
{
	const char *at = message ? strstr(message, "retry in ") : NULL;
	char word[32];
	size_t n;

	if (!at)
		return -1;
	at += strlen("retry in ");
	n = strspn(at, "0123456789.");
	n += strspn(at + n, "ms");
	if (n >= sizeof word)
		return -1;
	memcpy(word, at, n);
	word[n] = '\0';
	return duration(word);
}

/* What a Gemini error details: when to come back, and whether it is the day's quota. */
static bool read_details(const struct complaint *c, int64_t *after_ms)
{
	bool day = false;
	size_t i, j;
	json_t *one, *violation;

	json_array_foreach (c->details, i, one) {
		int64_t pause = duration(text_at(one, "retryDelay"));

		if (pause >= 0)
			*after_ms = pause;
		if (is(text_at(one, "reason"), "API_KEY_INVALID"))
			continue;
		json_array_foreach (json_object_get(one, "violations"), j, violation) {
			const char *quota = text_at(violation, "quotaId");

			day = day || has(quota, "PerDay") || has(quota, "Daily");
		}
	}
	return day;
}

static bool bad_key(const struct complaint *c)
{
	size_t i;
	json_t *one;

	json_array_foreach (c->details, i, one)
		if (is(text_at(one, "reason"), "API_KEY_INVALID"))
			return true;
	return is(c->code, "invalid_api_key") || is(c->type, "authentication_error") ||
	       is(c->type, "permission_error") || is(c->type, "auth_error") ||
	       is(c->type, "expired_key") || is(c->code, "UNAUTHENTICATED") ||
	       is(c->code, "PERMISSION_DENIED");
}

static bool spent(const struct complaint *c, bool day, int64_t after_ms)
{
	return day || after_ms > SPENT_AFTER_MS || is(c->type, "budget_exceeded") ||
	       has(c->message, "budget has been exceeded") || is(c->code, "insufficient_quota") ||
	       is(c->type, "insufficient_quota") || is(c->type, "billing_error") ||
	       has(c->message, "limit: 0");
}

static bool busy(const struct complaint *c)
{
	return is(c->type, "rate_limit_error") || is(c->type, "overloaded_error") ||
	       is(c->type, "timeout_error") || is(c->code, "RESOURCE_EXHAUSTED") ||
	       is(c->code, "UNAVAILABLE") || is(c->code, "DEADLINE_EXCEEDED") ||
	       is(c->code, "rate_limit_exceeded");
}

static bool wrong(const struct complaint *c)
{
	return is(c->type, "invalid_request_error") || is(c->type, "not_found_error") ||
	       is(c->type, "request_too_large") || is(c->code, "INVALID_ARGUMENT") ||
	       is(c->code, "NOT_FOUND");
}

static enum fault_kind kind_of_status(int status)
{
	switch (status) {
	case 401:
	case 403:
		return FAULT_DENIED;
	case 402:
		return FAULT_SPENT;
	case 408:
	case 409:
	case 425:
	case 429:
	case 503:
	case 504:
	case 529:
		return FAULT_BUSY;
	}
	return status >= 400 && status < 500 ? FAULT_WRONG : FAULT_BROKEN;
}

static enum fault_kind kind_of(const struct complaint *c, int status, bool day, int64_t after_ms)
{
	if (spent(c, day, after_ms))
		return FAULT_SPENT;
	if (bad_key(c))
		return FAULT_DENIED;
	if (status)
		return kind_of_status(status);
	return busy(c) ? FAULT_BUSY : wrong(c) ? FAULT_WRONG : FAULT_BROKEN;
}

/* retry-after-ms, then retry-after (openai-python, _base_client). */
static int64_t header_pause(fault_field_fn *field, void *arg, int64_t now)
{
	const char *ms = field(arg, "retry-after-ms"), *after = field(arg, "retry-after");

	if (ms && isdigit((unsigned char)*ms) && strlen(ms) < 12)
		return strtoll(ms, NULL, 10);
	return after ? field_retry_after(str_of(after), now) : -1;
}

static const char *words(const struct complaint *c)
{
	return c->message && *c->message ? c->message : c->type ? c->type : c->code;
}

static void say(struct fault *f, int status, const struct complaint *c)
{
	const char *why = words(c);

	if (status)
		snprintf(f->text, sizeof f->text, "status %d: %.340s", status,
			why ? why : "and no reason that can be read");
	else
		snprintf(f->text, sizeof f->text, "%.380s", why ? why : "no reason given");
}

void fault_read(struct fault *f, int status, fault_field_fn *field, void *arg, struct str body,
	int64_t now)
{
	json_t *tree = json_loadb(body.n ? body.p : "", body.n, JSON_DECODE_ANY, NULL);
	struct complaint c = complaint_of(tree);
	const char *again = field(arg, "x-should-retry");
	bool day;

	f->after_ms = said_pause(c.message);
	day = read_details(&c, &f->after_ms);
	if (header_pause(field, arg, now) >= 0)
		f->after_ms = header_pause(field, arg, now);
	f->kind = kind_of(&c, status, day, f->after_ms);
	if (is(again, "false") && f->kind == FAULT_BUSY)
		f->kind = FAULT_WRONG;
	if (is(again, "true") && f->kind != FAULT_SPENT)
		f->kind = FAULT_BUSY;
	say(f, status, &c);
	json_decref(tree);
}

void fault_read_error(struct fault *f, const json_t *error)
{
	struct complaint c = complaint_of(error);
	bool day;

	f->after_ms = said_pause(c.message);
	day = read_details(&c, &f->after_ms);
	f->kind = kind_of(&c, 0, day, f->after_ms);
	say(f, 0, &c);
}
