/* A stage that does nothing: what reading, validating, looking at six members and passing on costs. */
#include "base/prog.h"
#include "json/stream.h"

static const struct opt options[] = {OPT_END};
static const struct prog program = {.name = "pass", .purpose = "pass records on", .synopsis = "", .options = options};

int main(int argc, char **argv)
{
	static const char *const want[] = {"id", "triage", "plan", "approval", "outcome", "record"};
	struct err e = ERR_INIT;
	struct stream s;
	struct record r;

	prog_begin(&program, argc, argv);
	stream_open(&s, 0, "stdin", 1, want, sizeof want / sizeof *want, NULL, NULL);
	while (stream_next(&s, &r, &e) > 0)
		if (stream_pass(&s, &r, &e))
			break;
	stream_close(&s, &e);
	return prog_end(&e);
}
