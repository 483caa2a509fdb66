/* hl-resume: ends a halt. */
#include <errno.h>

#include "base/msg.h"
#include "base/prog.h"
#include "edge/state.h"

static const struct opt options[] = {STATE_OPTIONS, OPT_END};

static const struct prog program = {
	.name = "hl-resume",
	.purpose = "end a halt: let hl act again, as far as policy lets it",
	.synopsis = "",
	.options = options,
	.see = "hl-halt(1)",
};

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	char *path;

	if (prog_begin(&program, argc, argv) < argc)
		return prog_usage("takes no operands");
	path = state_path("halt");
	if (unlink(path) == 0)
		msg_say("resumed: hl may act again, as far as policy lets it");
	else if (errno == ENOENT)
		msg_say("there was no halt");
	else
		err_sys(&e, ERR_OUTPUT, "cannot remove '%s'", path);
	free(path);
	return prog_end(&e);
}
