#include "base/prog.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/msg.h"

static struct {
	bool help, version, list, quiet, verbose;
} common;

static const struct opt common_options[] = {
	{'q', "quiet", NULL, "print errors only", OPT_FLAG, &common.quiet},
	{'v', "verbose", NULL, "explain what is done and why", OPT_FLAG, &common.verbose},
	{'h', "help", NULL, "show this help", OPT_FLAG, &common.help},
	{0, "version", NULL, "show the version", OPT_FLAG, &common.version},
	{0, "list-options", NULL, "list the options, for shell completion", OPT_FLAG, &common.list},
	OPT_END,
};

/* A closed descriptor 0, 1 or 2 would be taken by the next file opened, and then written to. */
static void hold_standard_descriptors(void)
{
	int fd;

	while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd <= 2)
		;
	if (fd > 2)
		close(fd);
}

static void print_options(const struct opt *options)
{
	for (const struct opt *o = options; o->name; o++) {
		char head[64];

		snprintf(head, sizeof head, "%c%c%s--%s%s%s", o->letter ? '-' : ' ',
			o->letter ? o->letter : ' ', o->letter ? ", " : "  ", o->name,
			o->arg ? " " : "", o->arg ? o->arg : "");
		printf("  %-26s %s\n", head, o->help);
	}
}

static void print_help(const struct prog *p)
{
	const char *form = p->synopsis;

	printf("%s - %s\n\n", p->name, p->purpose);
	for (int n = 0;; n++) {
		size_t len = strcspn(form, "\n");

		printf("%s %s [options]%s%.*s\n", n ? "      " : "usage:", p->name, len ? " " : "",
			(int)len, form);
		if (!form[len])
			break;
		form += len + 1;
	}
	printf("\noptions:\n");
	print_options(p->options);
	print_options(common_options);
	if (p->more)
		printf("\n%s", p->more);
	if (p->see)
		printf("\nSee %s.\n", p->see);
}

/* One option a line: "--name" or "--name=VALUE", a tab, the help. Verbs come first, without dashes.
 */
static void list_options(const struct prog *p)
{
	const struct opt *const tables[] = {p->options, common_options, NULL};

	for (const char *v = p->verbs ? p->verbs : ""; *v;) {
		size_t len = strcspn(v, " ");

		printf("%.*s\t\n", (int)len, v);
		v += len + (v[len] == ' ');
	}
	for (const struct opt *const *t = tables; *t; t++)
		for (const struct opt *o = *t; o->name; o++) {
			if (o->letter)
				printf("-%c\t%s\n", o->letter, o->help);
			printf("--%s%s%s\t%s\n", o->name, o->arg ? "=" : "", o->arg ? o->arg : "",
				o->help);
		}
}

int prog_begin(const struct prog *p, int argc, char **argv)
{
	const struct opt *const tables[] = {p->options, common_options, NULL};
	struct err e = ERR_INIT;
	int first = argc;

	hold_standard_descriptors();
	signal(SIGPIPE, SIG_DFL);
	msg_init(p->name, MSG_NORMAL);
	if (opt_parse(tables, argc, argv, &first, &e))
		exit(prog_usage("%s", e.text));
	if (common.help)
		print_help(p);
	if (common.version)
		printf("%s %s\n", p->name, PROG_VERSION);
	if (common.list)
		list_options(p);
	if (common.help || common.version || common.list)
		exit(prog_end(&e));
	msg_init(p->name, common.verbose ? MSG_VERBOSE : common.quiet ? MSG_QUIET : MSG_NORMAL);
	return first;
}

int prog_usage(const char *fmt, ...)
{
	char text[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	msg_error("%s", text);
	msg_error("try '%s --help'", msg_program());
	return ERR_USAGE;
}

int prog_end(const struct err *e)
{
	bool lost = fflush(stdout) || ferror(stdout);
	int why = errno;

	msg_progress("%s", "");
	if (e->kind != ERR_NONE)
		msg_error("%s", e->text);
	if (lost && e->kind == ERR_NONE) {
		msg_error("cannot write standard output: %s", strerror(why));
		return ERR_OUTPUT;
	}
	return (int)e->kind;
}

bool prog_quiet(void)
{
	return common.quiet;
}

bool prog_verbose(void)
{
	return common.verbose;
}
