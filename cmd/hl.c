/* hl: the front door. `hl NAME ...` becomes hl-NAME, found beside this program, else in PATH. */
#include <dirent.h>
#include <errno.h>

#include "base/mem.h"
#include "base/msg.h"
#include "base/path.h"
#include "base/prog.h"
#include "base/str.h"

static const struct opt options[] = {OPT_END};

static const struct prog program = {
	.name = "hl",
	.purpose = "the operations loop of a homelab",
	.synopsis = "COMMAND [ARGUMENT ...]",
	.options = options,
	.verbs =
		"init status doctor halt resume demo runbook gather triage plan ask apply record promote replay tool",
	.more = "the loop, each a filter on JSON lines:\n"
		"  gather    look: run read tools, raise signals (or take an Alertmanager payload)\n"
		"  triage    is it a problem? group signals into cases, find the runbook\n"
		"  plan      what could be done, and may hl do it alone?\n"
		"  ask       ask you, or park the case until you answer\n"
		"  apply     do what was approved, verify it, undo it if it failed\n"
		"  record    commit the decision\n"
		"  promote   let the record decide what may be done alone\n"
		"  replay    make a recorded decision again: does it come out the same?\n"
		"\nbeside it:\n"
		"  demo      see all of that in half a minute, in a place of its own\n"
		"  init      make an ops repo           doctor    find what would fail\n"
		"  status    what waits for you         runbook   check, begin, explain one\n"
		"  halt      stop acting                tool      list, describe, run one\n"
		"  resume    act again\n",
	.see = "hl(7) for the tour, and hl-COMMAND(1)",
};

#define COMMANDS_MAX 128

/* The hl-* programs beside this one, without the prefix; for did-you-mean. */
static size_t list_commands(const char *dir, char *names[COMMANDS_MAX + 1])
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	size_t n = 0;

	while (d && n < COMMANDS_MAX && (entry = readdir(d)))
		if (strncmp(entry->d_name, "hl-", 3) == 0)
			names[n++] = mem_text(entry->d_name + 3);
	if (d)
		closedir(d);
	names[n] = NULL;
	return n;
}

static int unknown(const char *dir, const char *word)
{
	char *names[COMMANDS_MAX + 1];
	size_t n = list_commands(dir, names);
	const char *near = str_nearest(word, (const char *const *)names);
	int status = near ? prog_usage("no command '%s': did you mean '%s'?", word, near)
			  : prog_usage("no command '%s'", word);

	while (n)
		free(names[--n]);
	return status;
}

/* Replaces this process. Returns only when that failed. */
static int run(const char *dir, char **argv)
{
	const char *word = argv[0];
	struct buf name = BUF_INIT(256);
	char *path;
	int status;

	if (!path_is_name(word))
		return unknown(dir, word);
	buf_putf(&name, "hl-%s", word);
	path = path_join(dir, buf_text(&name));
	argv[0] = name.p;
	execv(path, argv);
	if (errno == ENOENT)
		execvp(name.p, argv);
	if (errno == ENOENT) {
		status = unknown(dir, word);
	} else {
		msg_error("cannot run '%s': %s", path, strerror(errno));
		status = ERR_UNAVAILABLE;
	}
	free(path);
	buf_clear(&name);
	return status;
}

/* Options before the command are hl's own; all from the command on belongs to the command. */
int main(int argc, char **argv)
{
	int own = 1, status;
	char *dir;

	while (own < argc && argv[own][0] == '-')
		own++;
	prog_begin(&program, own, argv);
	if (own == argc)
		return prog_usage(
			"which command? the loop is gather, triage, plan, ask, apply, record; "
			"new here: hl demo, then hl init");
	dir = path_self();
	status = run(dir ? dir : ".", argv + own);
	free(dir);
	return status;
}
