/* settle: tells hl.db what became of cases, as hl-record does. Lines of "CASE HOW AT UNTIL" on standard input. */
#include <stdio.h>

#include "base/when.h"
#include "flow/memory.h"

int main(void)
{
	struct err e = ERR_INIT;
	struct memory *m = memory_open(&e);
	char id[64], how[64], at[64], until[64];

	while (m && scanf("%63s %63s %63s %63s", id, how, at, until) == 4) {
		int64_t when = 0, end = 0;

		if (when_parse(str_of(at), &when))
			return 64;
		(void)when_parse(str_of(until), &end);
		if (memory_settle(m, id, how, when, end, &e))
			break;
	}
	memory_close(m);
	if (e.kind)
		fprintf(stderr, "settle: %s\n", e.text);
	return (int)e.kind;
}
