/* hl-http: makes the requests that it reads, and prints what they come to. */
#include <stdio.h>
#include <stdlib.h>

#include "base/prog.h"
#include "doc/exchange.h"
#include "flow/fetcher.h"

static const struct opt options[] = {
	OPT_END,
};

static const struct prog program = {
	.name = "hl-http",
	.purpose = "make HTTP requests, and print what they come to",
	.synopsis = "",
	.options = options,
	.see = "hl-http(1), hl-toolset(5)",
};

static int request_one(json_t *exchange, const struct source *source, struct err *e)
{
	struct node root = node_root(exchange, source);
	struct buf printed = BUF_INIT(BUF_RECORD);
	int rc = exchange_check_filled(&root, e);

	if (rc == 0)
		rc = fetcher_run(exchange, &printed, e);
	if (rc == 0)
		fwrite(buf_text(&printed), 1, printed.n, stdout);
	buf_clear(&printed);
	return rc;
}

static int line_one(struct str line, unsigned long number, struct err *e)
{
	char name[32];
	struct source source = {.name = name, .kind = ERR_DATA};
	json_error_t why;
	json_t *exchange;

	snprintf(name, sizeof name, "stdin:%lu", number);
	if (!str_trim(line).n)
		return 0;
	exchange = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &why);
	if (!exchange)
		return err_set(e, ERR_DATA, "%s: not JSON: %s", name, why.text);
	request_one(exchange, &source, e);
	json_decref(exchange);
	fflush(stdout);
	return e->kind ? -1 : 0;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);
	unsigned long number = 0;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	if (first < argc)
		return prog_usage("unexpected '%s': requests are read from standard input", argv[first]);
	while (!e.kind && (n = getline(&line, &room, stdin)) >= 0)
		line_one((struct str){line, (size_t)n}, ++number, &e);
	free(line);
	return prog_end(&e);
}
