#include "flow/archive.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "doc/secret.h"
#include "edge/state.h"

static int check_bytes(const char *digest, const struct buf *bytes, struct err *e)
{
	char hex[SHA_HEX];

	if (strcmp(sha_hex(buf_str(bytes), hex), digest) == 0)
		return 1;
	return err_set(e, ERR_DATA, "transcript '%.12s' was altered: its bytes are those of '%.12s'",
		digest, hex);
}

int archive_read_kept(const char *digest, struct buf *into, struct err *e)
{
	struct buf name = BUF_INIT(256);
	char *path;
	int rc = 0;

	buf_putf(&name, MINUTES_ROOT "/%.64s.json", digest);
	path = state_path(buf_text(&name));
	if (file_exists(path))
		rc = file_read(path, into, e) ? -1 : check_bytes(digest, into, e);
	free(path);
	buf_clear(&name);
	return rc;
}

int archive_read_recorded(
	struct repo *r, const char *commit, const char *digest, struct buf *into, struct err *e)
{
	char path[MINUTES_PATH];
	int rc = repo_read(r, commit, minutes_path(digest, path), into, e);

	return rc > 0 ? check_bytes(digest, into, e) : rc;
}

int archive_check(const char *digest, struct str bytes, struct err *e)
{
	json_t *tree = json_loadb(bytes.p, bytes.n, JSON_REJECT_DUPLICATES, NULL);
	struct buf place = BUF_INIT(4096);
	const char *words = tree ? secret_in_tree(tree, &place) : NULL;

	if (!tree)
		err_set(e, ERR_DATA, "transcript '%.12s' is not JSON", digest);
	else if (words)
		err_set(e, ERR_DATA, "transcript '%.12s': %s: looks like %s, and is not committed",
			digest, buf_text(&place), words);
	buf_clear(&place);
	json_decref(tree);
	return e->kind == ERR_NONE ? 0 : -1;
}
