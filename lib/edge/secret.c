#include "edge/secret.h"

#include <ctype.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
#include "edge/state.h"

/* 1 read, 0 not there, -1. */
static int read_file(const char *dir, const char *name, bool ours, struct buf *into, struct err *e)
{
	char *path = path_join(dir, name);
	struct stat st;
	int rc = 0;

	if (stat(path, &st) == 0) {
		rc = 1;
		if (ours && (st.st_mode & 077))
			rc = err_set(
				e, ERR_UNAVAILABLE, "others can read '%s': chmod 600 it", path);
		else if (file_read(path, into, e))
			rc = -1;
	}
	free(path);
	return rc;
}

static int read_variable(const char *name, struct buf *into)
{
	char variable[256] = "HL_SECRET_";
	size_t n = strlen(variable);
	const char *value;

	for (; *name && n < sizeof variable - 1; name++)
		variable[n++] = isalnum((unsigned char)*name) ? (char)toupper((unsigned char)*name)
							      : '_';
	variable[n] = '\0';
	value = getenv(variable);
	return value ? (buf_puts(into, value), 1) : 0;
}

int secret_read(const char *name, struct buf *into, struct err *e)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	char *own = state_path("secrets");
	int rc = 0;

	if (!path_is_name(name))
		rc = err_set(e, ERR_CONFIG, "'%s' is no name of a secret", name);
	if (rc == 0 && credentials)
		rc = read_file(credentials, name, false, into, e);
	if (rc == 0)
		rc = read_file(own, name, true, into, e);
	if (rc == 0)
		rc = read_variable(name, into);
	if (rc == 0)
		err_set(e, ERR_UNAVAILABLE, "no secret '%s': put it into '%s/%s' (mode 600)", name,
			own, name);
	if (rc > 0 && into->n && into->p[into->n - 1] == '\n')
		into->p[--into->n] = '\0';
	if (rc > 0 && into->n == 0)
		rc = err_set(e, ERR_UNAVAILABLE, "the secret '%s' is empty", name);
	free(own);
	return rc > 0 ? 0 : -1;
}
