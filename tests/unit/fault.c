/* fault: what is to be done about each provider's refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wire/fault.h"

#define NOW ((int64_t)784111777000) /* Sun, 06 Nov 1994 08:49:37 GMT */

static const struct {
	int status;
	const char *field, *value, *body;
	enum fault_kind kind;
	int64_t after_ms;
	const char *says;
} table[] = {
	{429, "retry-after", "7", "{'error':{'message':'slow down','type':'requests'}}", FAULT_BUSY,
		7000, "slow down"},
	{429, "retry-after", "Sun, 06 Nov 1994 08:50:07 GMT", "", FAULT_BUSY, 30000, "429"},
	{429, "retry-after-ms", "250", "{}", FAULT_BUSY, 250, "429"},
	{429, NULL, NULL, "{'error':{'message':'x','code':'insufficient_quota'}}", FAULT_SPENT, -1, "x"},
	{400, NULL, NULL,
		"{'error':{'message':'Budget has been exceeded! Current cost: 1','type':"
		"'budget_exceeded','code':'400'}}",
		FAULT_SPENT, -1, "Budget"},
	{429, NULL, NULL, "{'error':{'message':'x','type':'budget_exceeded','code':'429'}}",
		FAULT_SPENT, -1, "x"},
	{400, NULL, NULL, "{'error':{'message':'ExceededBudget: Budget has been exceeded!'}}",
		FAULT_SPENT, -1, "Budget"},
	{402, NULL, NULL, "", FAULT_SPENT, -1, "402"},
	{401, NULL, NULL, "{'error':{'message':'Incorrect API key'}}", FAULT_DENIED, -1, "Incorrect"},
	{400, NULL, NULL,
		"{'error':{'code':400,'message':'API key not valid','status':'INVALID_ARGUMENT',"
		"'details':[{'reason':'API_KEY_INVALID'}]}}",
		FAULT_DENIED, -1, "API key"},
	{403, NULL, NULL, "{'type':'error','error':{'type':'permission_error','message':'no'}}",
		FAULT_DENIED, -1, "no"},
	{400, NULL, NULL, "{'error':{'message':'bad schema','type':'invalid_request_error'}}",
		FAULT_WRONG, -1, "bad schema"},
	{404, NULL, NULL, "{'error':'model qwen not found'}", FAULT_WRONG, -1, "qwen"},
	{413, NULL, NULL, "<html>too large</html>", FAULT_WRONG, -1, "413"},
	{429, NULL, NULL,
		"[{'error':{'code':429,'status':'RESOURCE_EXHAUSTED','message':'quota','details':[{"
		"'violations':[{'quotaId':'GenerateRequestsPerMinutePerProject'}]},{'retryDelay':"
		"'34.5s'}]}}]",
		FAULT_BUSY, 34500, "quota"},
	{429, NULL, NULL,
		"{'error':{'code':429,'status':'RESOURCE_EXHAUSTED','message':'quota','details':[{"
		"'violations':[{'quotaId':'GenerateRequestsPerDayPerProject'}]},{'retryDelay':"
		"'34s'}]}}",
		FAULT_SPENT, 34000, "quota"},
	{429, NULL, NULL, "{'error':{'message':'Quota; limit: 0. Please retry in 12.5s.'}}",
		FAULT_SPENT, 12500, "Quota"},
	{429, NULL, NULL, "{'error':{'message':'Please retry in 12.5s.'}}", FAULT_BUSY, 12500, "retry"},
	{429, "retry-after", "4000", "", FAULT_SPENT, 4000000, "429"},
	{503, NULL, NULL, "{'error':'server busy'}", FAULT_BUSY, -1, "server busy"},
	{529, NULL, NULL, "{'type':'error','error':{'type':'overloaded_error','message':'Overloaded'}}",
		FAULT_BUSY, -1, "Overloaded"},
	{500, NULL, NULL, "{'type':'error','error':{'type':'api_error','message':'oh'}}", FAULT_BROKEN,
		-1, "oh"},
	{502, NULL, NULL, "<html>bad gateway</html>", FAULT_BROKEN, -1, "502"},
	{500, "x-should-retry", "true", "", FAULT_BUSY, -1, "500"},
	{429, "x-should-retry", "false", "", FAULT_WRONG, -1, "429"},
	/* in the middle of a stream there is no status */
	{0, NULL, NULL, "{'error':{'type':'overloaded_error','message':'Overloaded'}}", FAULT_BUSY, -1,
		"Overloaded"},
	{0, NULL, NULL, "{'error':{'type':'invalid_request_error'}}", FAULT_WRONG, -1, "invalid"},
	{0, NULL, NULL, "{'error':{}}", FAULT_BROKEN, -1, "no reason"},
};

struct one_field {
	const char *name, *value;
};

static const char *field(void *arg, const char *name)
{
	const struct one_field *f = arg;

	return f->name && strcmp(f->name, name) == 0 ? f->value : NULL;
}

static void reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct one_field only = {table[i].field, table[i].value};
		char *body = strdup(table[i].body);
		struct fault f;

		for (char *c = body; *c; c++)
			if (*c == '\'')
				*c = '"';
		if (table[i].status) {
			fault_read(&f, table[i].status, field, &only, str_of(body), NOW);
		} else {
			json_t *error = json_loads(body, 0, NULL);

			fault_read_error(&f, error);
			json_decref(error);
		}
		if (f.kind != table[i].kind || f.after_ms != table[i].after_ms ||
			!strstr(f.text, table[i].says))
			fail_msg("%zu: %s %lld '%s'", i, fault_names[f.kind], (long long)f.after_ms,
				f.text);
		free(body);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reads)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
