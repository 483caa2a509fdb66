/* The gate by itself: an ask a line in, what may leave of it out, or {"why"}. Argument "local": a local model. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/egress.h"
#include "edge/state.h"

int main(int argc, char **argv)
{
	bool local = argc > 1 && strcmp(argv[1], "local") == 0;
	struct buf why = BUF_INIT(4096), line = BUF_INIT(4 * BUF_RECORD);
	struct err e = ERR_INIT;
	struct ops *ops = state_repo_named() ? ops_open(&e) : NULL;
	struct egress *g = e.kind ? NULL : egress_new(ops, &e);
	json_t *ask, *out;

	while (g && !e.kind && (ask = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, NULL))) {
		int rc = egress_pass(g, ask, local, &out, &why, &e);

		buf_reset(&line);
		if (rc == 0)
			out = json_pack("{s:s}", "why", buf_text(&why));
		if (rc >= 0)
			json_put(&line, out);
		puts(buf_text(&line));
		json_decref(rc >= 0 ? out : NULL);
		json_decref(ask);
	}
	if (e.kind)
		fprintf(stderr, "egress: %s\n", e.text);
	egress_free(g);
	ops_free(ops);
	buf_clear(&line);
	buf_clear(&why);
	return (int)e.kind;
}
