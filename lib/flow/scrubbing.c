#include "flow/scrubbing.h"

#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/path.h"
#include "edge/yaml.h"
#include "flow/ops.h"

#define RULES_MAX ((size_t)1 << 20)
#define WORDS_MAX ((size_t)16 << 20)

int scrubbing_file(struct scrub_rules *r, const char *path, struct err *e)
{
	struct buf text = BUF_INIT(RULES_MAX);
	struct places *places = places_new();
	struct source source = {.name = path, .places = places, .kind = ERR_CONFIG};
	json_t *tree = NULL;
	int rc = -1;

	if (file_read(path, &text, e) == 0)
		tree = yaml_load(buf_str(&text), path, places, e);
	if (tree)
		rc = scrub_rules_take(r, tree, &source, e);
	places_free(places);
	buf_clear(&text);
	return rc;
}

static int is_rules(const struct dirent *d)
{
	return d->d_name[0] != '.' && str_ends(str_of(d->d_name), ".yaml");
}

int scrubbing_installed(struct scrub_rules *r, struct err *e)
{
	char *dir = path_join(ops_data_dir(), "scrub");
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, is_rules, alphasort), rc = 0;

	if (n < 0)
		rc = err_sys(e, ERR_CONFIG, "cannot open the installed rules '%s'", dir);
	else if (n == 0)
		rc = err_set(e, ERR_CONFIG, "there are no rules in '%s'", dir);
	for (int i = 0; i < n; i++) {
		char *path = path_join(dir, entries[i]->d_name);

		if (rc == 0)
			rc = scrubbing_file(r, path, e);
		free(path);
		free(entries[i]);
	}
	free(entries);
	free(dir);
	return rc;
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
		word = strndup(line.p, line.n);
		scrub_rules_word(r, kind, word);
		free(word);
	}
	buf_clear(&text);
	return rc;
}
