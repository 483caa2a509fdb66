#include "flow/scrubbing.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "flow/installed.h"

#define WORDS_MAX ((size_t)16 << 20)

static int take(void *rules, json_t *tree, const struct source *source, struct err *e)
{
	return scrub_rules_take(rules, tree, source, e);
}

static int add_file(void *rules, const char *path, struct err *e)
{
	return installed_read(path, take, rules, e);
}

int scrubbing_file(struct scrub_rules *r, const char *path, struct err *e)
{
	return add_file(r, path, e);
}

int scrubbing_installed(struct scrub_rules *r, struct err *e)
{
	struct err why = ERR_INIT;

	if (installed_each("scrub", add_file, r, &why))
		return err_set(e, ERR_CONFIG, "no installed rules: %s", why.text);
	if (!r->n_trees)
		return err_set(e, ERR_CONFIG, "there are no rules in '%s/scrub'", installed_dir());
	return 0;
}

int scrubbing_words(struct scrub_rules *r, int kind, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(WORDS_MAX);
	struct str rest, line;
	int rc = file_read(path, &text, e);

	rest = buf_str(&text);
	while (rc == 0 && str_split(&rest, '\n', &line)) {
		char *word;

		line = str_trim(line);
		if (!line.n || *line.p == '#')
			continue;
		word = mem_copy(line.p, line.n);
		scrub_rules_word(r, kind, word);
		free(word);
	}
	buf_clear(&text);
	return rc;
}
