#include "flow/rerecord.h"

#include "doc/decision.h"

/* The message of one that brought several is of all of them. */
static bool is_of_one(const char *message)
{
	struct str rest = str_of(message), line;
	int cases = 0;

	while (str_split(&rest, '\n', &line))
		cases += str_starts(line, "Case: ");
	return cases == 1;
}

static int check_message(
	const struct rerecord *r, const char *commit, const struct decision *d, struct err *why)
{
	struct repo_commit c = {.message = NULL};
	struct str was, is = str_trim(str_of(d->message));
	int rc = 0;

	if (repo_commit_load(r->repo, commit, &c, why))
		return -1;
	was = str_trim(str_of(c.message));
	if (is_of_one(c.message) && !str_eq(was, is))
		rc = err_set(why, ERR_CASE, "commit %s says it in other words", commit);
	repo_commit_clear(&c);
	return rc;
}

/* The file is as it came, and came with a commit that says what it does. */
static int check_commit(const struct rerecord *r, const struct decision *d, struct err *why)
{
	char is[REPO_ID] = "", was[REPO_ID] = "";
	struct past_found found;
	int rc = past_find(r->past, d->id, r->path, &found, why);

	if (rc == 0)
		return err_set(why, ERR_DATA, "the history does not say which commit brought it");
	if (rc < 0 || repo_find(r->repo, found.commit, r->path, was, why) < 0 ||
		repo_find(r->repo, r->head, r->path, is, why) < 0)
		return -1;
	if (strcmp(is, was) != 0)
		return err_set(why, ERR_CASE, "the file was changed after commit %s brought it",
			found.commit);
	return check_message(r, found.commit, d, why);
}

static int check_bytes(const struct rerecord *r, const struct decision *d, struct err *why)
{
	struct buf file = BUF_INIT(RERECORD_MAX), kept = BUF_INIT(RERECORD_MAX);
	int rc = repo_read(r->repo, r->head, r->path, &kept, why);
	size_t same = 0;

	if (rc == 0)
		err_set(why, ERR_DATA, "'%s' is not in the history", r->path);
	if (rc > 0) {
		decision_file(d, &file);
		while (same < file.n && same < kept.n && file.p[same] == kept.p[same])
			same++;
		if (same < file.n || same < kept.n)
			err_set(why, ERR_CASE, "'%s' has other bytes, from byte %zu on",
				r->path, same);
	}
	buf_clear(&file);
	buf_clear(&kept);
	return why->kind ? -1 : 0;
}

int rerecord_check(const struct rerecord *r, struct scan_value whole, struct err *why)
{
	struct decision d = {.message = NULL};

	if (decision_load(&d, whole, why))
		why->kind = ERR_CASE; /* it was recorded, and would not be now */
	else if (check_bytes(r, &d, why) == 0)
		check_commit(r, &d, why);
	decision_clear(&d);
	return why->kind ? -1 : 0;
}
