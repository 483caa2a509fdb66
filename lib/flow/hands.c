#include "flow/hands.h"

#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/when.h"
#include "edge/spool.h"
#include "edge/state.h"
#include "json/scan.h"

static bool has_entries(const char *sub)
{
	char *path = state_path(sub);
	DIR *dir = opendir(path);
	const struct dirent *entry;
	bool some = false;

	while (dir && !some && (entry = readdir(dir)))
		some = entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	free(path);
	return some;
}

static bool has_journal(const char *id)
{
	struct buf path = BUF_INIT(65536);
	bool has;

	buf_putf(&path, "%s/runs/%s.jsonl", state_dir(), id);
	has = file_exists(buf_text(&path));
	buf_clear(&path);
	return has;
}

bool hands_any(void)
{
	return has_entries("spool") || has_entries("runs");
}

bool hands_hold(const char *id)
{
	return spool_has(id) || has_journal(id);
}

int hands_mark_resolved(const char *id, int64_t now, struct err *e)
{
	static const char *const want[] = {"resolved"};
	struct buf parked = BUF_INIT(BUF_RECORD);
	struct scan_value marked;
	struct scan_error fault;
	char at[WHEN_TEXT];
	int rc = spool_get(id, &parked, e);

	if (rc > 0 && !scan_object(buf_str(&parked), want, &marked, 1, &fault) &&
		marked.type == SCAN_NONE) {
		parked.n = str_trim(buf_str(&parked)).n - 1;
		buf_putf(&parked, ",\"resolved\":{\"at\":\"%s\"}}", when_format(now, at));
		rc = spool_put(id, buf_str(&parked), e);
	}
	buf_clear(&parked);
	return rc < 0 ? -1 : 0;
}
