/* hl-halt: nothing acts while the halt file is there. */
#include <fcntl.h>
#include <pwd.h>

#include "base/file.h"
#include "base/msg.h"
#include "base/prog.h"
#include "base/when.h"
#include "edge/state.h"

static const struct opt options[] = {STATE_OPTIONS, OPT_END};

static const struct prog program = {
	.name = "hl-halt",
	.purpose = "stop hl from acting, at once, until hl resume",
	.synopsis = "[WHY ...]",
	.options = options,
	.see = "hl-resume(1), hl-apply(1)",
};

/* On a full disk a name still finds room, and the name is what stops. */
static int halt_without_words(const char *path, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	close(fd);
	msg_warn("%s: halted all the same, without a word why", e->text);
	err_clear(e);
	return 0;
}

/* The file says when, who and why, for the person who finds it. */
static int halt(char **words, int n, struct err *e)
{
	struct buf text = BUF_INIT(4096);
	const struct passwd *who = getpwuid(getuid());
	char when[WHEN_TEXT], *path = state_path("halt");
	int rc = -1;

	buf_putf(&text, "%s %s", when_format(when_now(), when), who ? who->pw_name : "somebody");
	for (int i = 0; i < n; i++)
		buf_putf(&text, " %s", words[i]);
	buf_putc(&text, '\n');
	if (file_make_dirs(state_dir(), e) == 0)
		rc = file_replace(path, buf_str(&text), e) ? halt_without_words(path, e) : 0;
	free(path);
	buf_clear(&text);
	return rc;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);

	if (halt(argv + first, argc - first, &e) == 0)
		msg_say("halted: no step starts until 'hl resume'; one that runs now is finished");
	return prog_end(&e);
}
