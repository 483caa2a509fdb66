/*
 * commits: makes commits from standard input with lib/edge/commits, for tests that look at them with git.
 *
 *	printf 'a/b\ttext\n' | commits REPO [--one]
 *
 * A line is a path, a tab and the file's content (a newline is added); no tab: the file is removed.
 * One commit a line, or one in all with --one. Prints the tip. Exit status as the tools'.
 */
#include <stdio.h>

#include "base/mem.h"
#include "base/when.h"
#include "edge/commits.h"

struct lines {
	char **line;
	size_t n, cap;
	bool one;
};

static int add(void *arg, struct commits *c, struct err *e)
{
	const struct commits_about about = {.message = "test: a commit\n\nWith a body.", .name = "T <x>",
		.mail = "t@example.net", .at = when_now()};
	struct lines *lines = arg;
	struct commits_file *files = mem_array(lines->n + 1, sizeof *files);
	int rc = 0;

	for (size_t i = 0; i < lines->n; i++) {
		char *line = mem_text(lines->line[i]);
		char *tab = strchr(line, '\t');

		files[i].path = line;
		if (tab) {
			*tab = '\0';
			files[i].bytes = str_of(tab + 1);
		}
	}
	for (size_t i = 0; i < lines->n && rc == 0 && !lines->one; i++)
		rc = commits_add(c, &files[i], 1, &about, NULL, e);
	if (lines->one)
		rc = commits_add(c, files, lines->n, &about, NULL, e);
	for (size_t i = 0; i < lines->n; i++)
		free((char *)(uintptr_t)files[i].path);
	free(files);
	return rc;
}

int main(int argc, char **argv)
{
	struct lines lines = {.one = argc > 2 && strcmp(argv[2], "--one") == 0};
	struct err e = ERR_INIT;
	struct commits *c = NULL;
	struct repo *r;
	char *line = NULL;
	size_t cap = 0;

	while (getline(&line, &cap, stdin) > 0) {
		lines.line = mem_room(lines.line, lines.n, &lines.cap, sizeof *lines.line);
		lines.line[lines.n++] = mem_text(line);
		if (!strchr(line, '\t'))
			lines.line[lines.n - 1][strcspn(line, "\n")] = '\0';
	}
	r = repo_init(argv[1], false, &e);
	if (r && (c = commits_begin(r, &e)) && add(&lines, c, &e) == 0 &&
		commits_end(c, add, &lines, &e) == 0)
		printf("%s\n", commits_tip(c));
	if (c)
		fputs(commits_behind(c), stderr);
	if (e.kind)
		fprintf(stderr, "%s\n", e.text);
	commits_free(c);
	repo_free(r);
	for (size_t i = 0; i < lines.n; i++)
		free(lines.line[i]);
	free(lines.line);
	free(line);
	return (int)e.kind;
}
