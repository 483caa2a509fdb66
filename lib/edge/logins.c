#include "edge/logins.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <utmpx.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/when.h"
#include "edge/proc.h"

#define TOP         10
#define JOURNAL_MAX ((size_t)16 << 20)

struct tally {
	json_int_t failed;
	json_t *users, *hosts; /* name -> count */
};

static void count(json_t *counts, const char *name, size_t n)
{
	json_t *text;

	while (n && name[n - 1] == '\0')
		n--;
	text = n ? json_stringn(name, strnlen(name, n)) : NULL;
	if (!text)
		return;
	json_object_set_new(counts, json_string_value(text),
		json_integer(
			json_integer_value(json_object_get(counts, json_string_value(text))) + 1));
	json_decref(text);
}

/* 1 read, 0 it cannot be had. */
static int read_btmp(const char *root, int64_t since, struct tally *t)
{
	struct buf path = BUF_INIT(4096);
	struct utmpx u;
	ssize_t n;
	int fd;

	buf_putf(&path, "%s/var/log/btmp", root);
	fd = open(buf_text(&path), O_RDONLY | O_CLOEXEC);
	buf_clear(&path);
	if (fd < 0)
		return 0;
	while ((n = read(fd, &u, sizeof u)) == (ssize_t)sizeof u || (n < 0 && errno == EINTR)) {
		if (n < 0 || (int64_t)u.ut_tv.tv_sec * 1000 < since)
			continue;
		t->failed++;
		count(t->users, u.ut_user, sizeof u.ut_user);
		count(t->hosts, u.ut_host, sizeof u.ut_host);
	}
	close(fd);
	return 1;
}

/* "Failed password for [invalid user] NAME from HOST port N ssh2" */
static void take_message(struct tally *t, struct str line)
{
	char *text = mem_copy(line.p, line.n), *name = text + strlen("Failed password for "), *from;

	if (!str_starts(line, "Failed password for "))
		goto out;
	if (strncmp(name, "invalid user ", 13) == 0)
		name += 13;
	from = strstr(name, " from ");
	t->failed++;
	if (!from)
		goto out;
	count(t->users, name, (size_t)(from - name));
	from += 6;
	count(t->hosts, from, strcspn(from, " "));
out:
	free(text);
}

static int read_journal(int64_t since, struct tally *t, struct err *e)
{
	char start[64];
	const char *argv[] = {"journalctl", "--no-pager", "-q", "-o", "cat", start, "_COMM=sshd",
		"+", "SYSLOG_IDENTIFIER=sshd-session", NULL};
	static const char *const env[] = {"LC_ALL=C.UTF-8", NULL};
	struct proc_spec spec = {.argv = argv,
		.env = env,
		.tied = true,
		.timeout_ms = 20000,
		.out_max = JOURNAL_MAX};
	struct proc_result r = PROC_RESULT_INIT;
	struct str rest, line;
	int rc = -1;

	snprintf(start, sizeof start, "--since=@%" PRId64, since / 1000);
	if (proc_run(&spec, &r, e))
		return -1;
	rest = buf_str(&r.out);
	if (r.end != PROC_EXITED || r.status)
		err_set(e, ERR_UNAVAILABLE,
			"cannot read /var/log/btmp, nor the journal: failed logins are not known");
	else
		rc = 0;
	while (rc == 0 && str_split(&rest, '\n', &line))
		take_message(t, line);
	proc_result_clear(&r);
	return rc;
}

/* The largest counts, as {"name","count"}. */
static json_t *top_of(json_t *counts)
{
	json_t *list = json_array();

	for (int i = 0; i < TOP && json_object_size(counts); i++) {
		const char *key, *most = NULL;
		json_t *v, *one = json_object();

		json_object_foreach (counts, key, v)
			if (!most || json_integer_value(v) >
					     json_integer_value(json_object_get(counts, most)))
				most = key;
		json_object_set_new(one, "name", json_string(most));
		json_object_set(one, "count", json_object_get(counts, most));
		json_array_append_new(list, one);
		json_object_del(counts, most);
	}
	return list;
}

json_t *logins_failed(const char *root, int64_t since, struct err *e)
{
	struct tally t = {.users = json_object(), .hosts = json_object()};
	bool btmp = read_btmp(root, since, &t) > 0;
	json_t *whole = NULL;
	char at[WHEN_TEXT];

	if (btmp || read_journal(since, &t, e) == 0) {
		whole = json_object();
		json_object_set_new(whole, "since", json_string(when_format(since, at)));
		json_object_set_new(whole, "failed", json_integer(t.failed));
		json_object_set_new(whole, "users", top_of(t.users));
		json_object_set_new(whole, "hosts", top_of(t.hosts));
		json_object_set_new(whole, "source", json_string(btmp ? "btmp" : "journal"));
	}
	json_decref(t.users);
	json_decref(t.hosts);
	return whole;
}
