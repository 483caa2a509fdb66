#include "edge/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/select.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"

#define HISTORY_MAX 500

/* readline is a thing of globals; so is the one terminal of a process. */
static struct {
	bool looked;
	int fd; /* of /dev/tty; -1: none */
	FILE *in, *out;
	const char *const *words;
	bool history_read;
} tty = {.fd = -1};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

/* Like fgetc, but ^C ends it. The signal is blocked but inside pselect, so that none is missed. */
static int read_key(FILE *in)
{
	int fd = fileno(in);
	unsigned char c;
	sigset_t open;
	fd_set set;

	sigprocmask(SIG_SETMASK, NULL, &open);
	sigdelset(&open, SIGINT);
	while (!interrupted) {
		FD_ZERO(&set);
		FD_SET(fd, &set);
		if (pselect(fd + 1, &set, NULL, NULL, NULL, &open) < 0) {
			if (errno != EINTR)
				return EOF;
			rl_check_signals(); /* its own handlers have put theirs before ours */
			continue;
		}
		if (read(fd, &c, 1) == 1)
			return c;
		if (errno != EINTR)
			return EOF;
	}
	return EOF;
}

static char *next_word(const char *text, int state)
{
	static size_t at;

	if (!state)
		at = 0;
	while (tty.words && tty.words[at])
		if (strncmp(tty.words[at++], text, strlen(text)) == 0)
			return strdup(tty.words[at - 1]); /* readline frees it */
	return NULL;
}

static char **complete(const char *text, int start, int end)
{
	(void)end;
	rl_attempted_completion_over = 1; /* no names of files */
	return start == 0 ? rl_completion_matches(text, next_word) : NULL;
}

static void open_tty(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY), copy = -1;

	/* In the background, reading would stop the whole job. */
	if (fd < 0 || tcgetpgrp(fd) != getpgrp() || (copy = fcntl(fd, F_DUPFD_CLOEXEC, 3)) < 0) {
		if (fd >= 0)
			close(fd);
		return;
	}
	tty.fd = fd;
	tty.in = fdopen(fd, "r");
	tty.out = fdopen(copy, "w");
	if (tty.in && tty.out)
		return;
	tty_close();
}

bool tty_there(void)
{
	if (!tty.looked)
		open_tty();
	tty.looked = true;
	return tty.fd >= 0;
}

void tty_show(const char *text)
{
	if (!tty_there())
		return;
	fputs(text, tty.out);
	fflush(tty.out);
}

bool tty_has_colour(void)
{
	const char *term = getenv("TERM"), *none = getenv("NO_COLOR");

	return tty_there() && term && term[0] && strcmp(term, "dumb") != 0 && !(none && none[0]);
}

static void read_past(const char *history)
{
	if (!history || tty.history_read)
		return;
	tty.history_read = true;
	using_history();
	stifle_history(HISTORY_MAX);
	(void)read_history(history);
}

/* At once, so that it is not lost with the process. A history that cannot be kept stops nobody. */
static void keep(const char *line, const char *history)
{
	const HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1)
						    : NULL;
	int fd;

	if (!line[0] || (last && strcmp(last->line, line) == 0))
		return;
	add_history(line);
	if (!history)
		return;
	fd = open(history, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	if (append_history(1, history) == 0)
		(void)history_truncate_file(history, HISTORY_MAX);
}

static char *read_line(const char *prompt)
{
	struct sigaction interrupt = {.sa_handler = on_interrupt}, was;
	sigset_t block, mask;
	char *line;

	interrupted = 0;
	sigemptyset(&interrupt.sa_mask);
	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigprocmask(SIG_BLOCK, &block, &mask);
	sigaction(SIGINT, &interrupt, &was);
	line = readline(prompt);
	sigaction(SIGINT, &was, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (line && !interrupted)
		return line;
	free(line);
	tty_show("\n");
	return NULL;
}

char *tty_ask(const char *prompt, const char *history, const char *const *words)
{
	struct str trimmed;
	char *line, *given;

	if (!tty_there())
		return NULL;
	rl_readline_name = "hl";
	rl_instream = tty.in;
	rl_outstream = tty.out;
	rl_getc_function = read_key;
	rl_attempted_completion_function = complete;
	tty.words = words;
	read_past(history);
	line = read_line(prompt);
	if (!line)
		return NULL;
	trimmed = str_trim(str_of(line));
	given = mem_copy(trimmed.p, trimmed.n);
	free(line);
	keep(given, history);
	return given;
}

void tty_close(void)
{
	if (tty.in)
		fclose(tty.in);
	else if (tty.fd >= 0)
		close(tty.fd);
	if (tty.out)
		fclose(tty.out);
	tty.in = tty.out = NULL;
	tty.fd = -1;
}
