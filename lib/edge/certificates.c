#include "edge/certificates.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/when.h"
#include "edge/proc.h"

#define FILES_MAX  1000
#define DEPTH_MAX  5
#define AT_ONCE    8
#define TIMEOUT_MS 5000

struct certificate {
	char *path, *subject, *serial;
	int64_t not_after; /* 0: not a certificate that can be read */
};

struct found {
	struct certificate *items;
	size_t count, cap;
};

static const char *const usual[] = {"/etc/letsencrypt/live", "/var/lib/acme", "/etc/ssl/localcerts",
	"/etc/ssl/private", "/etc/pki/tls/certs/localhost.crt", "/etc/nginx", "/etc/haproxy",
	"/etc/traefik", "/var/lib/caddy/.local/share/caddy/certificates", "/etc/kubernetes/pki",
	"/var/lib/rancher/k3s/server/tls", "/var/lib/rancher/k3s/agent",
	"/etc/pve/local/pve-ssl.pem", "/etc/cockpit/ws-certs.d"};

static bool has_certificate_name(const char *path)
{
	struct str s = str_of(path);

	return str_ends(s, ".pem") || str_ends(s, ".crt") || str_ends(s, ".cer");
}

static void add_file(struct found *f, const char *path)
{
	if (f->count == FILES_MAX)
		return;
	f->items = mem_room(f->items, f->count, &f->cap, sizeof *f->items);
	f->items[f->count++] = (struct certificate){.path = mem_text(path)};
}

static void search(struct found *f, const char *path, int depth, bool named)
{
	struct dirent *entry;
	struct stat st;
	DIR *d;

	if (stat(path, &st))
		return;
	if (S_ISREG(st.st_mode) && (named || has_certificate_name(path)))
		add_file(f, path);
	if (!S_ISDIR(st.st_mode) || depth == DEPTH_MAX)
		return;
	d = opendir(path);
	while (d && (entry = readdir(d))) {
		char *inner;

		if (entry->d_name[0] == '.' &&
			(!entry->d_name[1] || strcmp(entry->d_name, "..") == 0))
			continue;
		inner = path_join(path, entry->d_name);
		search(f, inner, depth + 1, false);
		free(inner);
	}
	if (d)
		closedir(d);
}

static int month_of(const char *name)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (strncmp(names + i * 3, name, 3) == 0)
			return i + 1;
	return 0;
}

/* "Dec  1 12:00:00 2026 GMT", which every version of openssl prints. */
static int64_t parse_time(const char *text)
{
	char month[4], rfc[32];
	int day, hour, minute, second, year;
	int64_t at;

	if (sscanf(text, "%3s %d %d:%d:%d %d GMT", month, &day, &hour, &minute, &second, &year) !=
			6 ||
		year < 0 || year > 9999)
		return 0;
	snprintf(rfc, sizeof rfc, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month_of(month), day,
		hour, minute, second);
	return when_parse(str_of(rfc), &at) ? 0 : at;
}

static void take_answer(struct certificate *c, const struct proc_result *r)
{
	struct str rest = buf_str(&r->out), line;

	while (r->end == PROC_EXITED && r->status == 0 && str_split(&rest, '\n', &line)) {
		char *text = mem_copy(line.p, line.n);

		if (str_starts(line, "notAfter="))
			c->not_after = parse_time(text + strlen("notAfter="));
		if (str_starts(line, "serial=") && !c->serial)
			c->serial = mem_text(text + strlen("serial="));
		if (str_starts(line, "subject=") && !c->subject)
			c->subject = mem_copy(line.p + 8, line.n - 8);
		free(text);
	}
}

static int ask(struct proc_set *set, struct certificate *c, struct err *e)
{
	const char *argv[] = {"openssl", "x509", "-noout", "-enddate", "-serial", "-subject",
		"-nameopt", "RFC2253", "-in", c->path, NULL};
	static const char *const env[] = {"LC_ALL=C.UTF-8", NULL};
	struct proc_spec spec = {.argv = argv, .env = env, .tied = true, .timeout_ms = TIMEOUT_MS};

	return proc_set_start(set, &spec, c, e);
}

static int ask_all(struct found *f, struct err *e)
{
	struct proc_set *set = proc_set_new();
	struct proc_result r = PROC_RESULT_INIT;
	size_t next = 0;
	int rc = 0;
	void *tag;

	while (rc == 0) {
		while (rc == 0 && next < f->count && proc_set_running(set) < AT_ONCE)
			rc = ask(set, &f->items[next++], e);
		if (rc || (rc = proc_set_wait(set, &r, &tag, e)) <= 0)
			break;
		rc = r.end == PROC_ABSENT
			     ? err_set(e, ERR_UNAVAILABLE, "'openssl' is not installed here")
			     : 0;
		take_answer(tag, &r);
		proc_result_clear(&r);
	}
	proc_set_free(set);
	return rc;
}

static int by_expiry(const void *a, const void *b)
{
	const struct certificate *x = a, *y = b;

	if (x->not_after != y->not_after)
		return x->not_after < y->not_after ? -1 : 1;
	return strcmp(x->path, y->path);
}

static bool same(const struct certificate *a, const struct certificate *b)
{
	return a->not_after == b->not_after && a->serial && b->serial &&
	       strcmp(a->serial, b->serial) == 0 && a->subject && b->subject &&
	       strcmp(a->subject, b->subject) == 0;
}

static json_t *text_of(const char *s)
{
	json_t *text = json_string(s ? str_trim(str_of(s)).p : "");

	return text ? text : json_string("?");
}

static json_t *describe(const struct certificate *c, int64_t now)
{
	char at[WHEN_TEXT];
	json_t *one = json_object();
	int64_t left = c->not_after - now;

	json_object_set_new(one, "path", text_of(c->path));
	json_object_set_new(one, "subject", text_of(c->subject));
	json_object_set_new(one, "not_after", json_string(when_format(c->not_after, at)));
	json_object_set_new(
		one, "days_left", json_integer((left - (left < 0 ? WHEN_DAY - 1 : 0)) / WHEN_DAY));
	return one;
}

static json_t *report(const struct found *f, int64_t now)
{
	json_t *whole = json_object(), *list = json_array(), *unreadable = json_array();

	for (size_t i = 0; i < f->count; i++) {
		const struct certificate *c = &f->items[i];
		/* A key has no subject, and is no certificate: only files that may not be opened
		 * are of interest. */
		if (!c->not_after && access(c->path, R_OK))
			json_array_append_new(unreadable, text_of(c->path));
		if (c->not_after && !(i && same(c, c - 1)))
			json_array_append_new(list, describe(c, now));
	}
	json_object_set_new(whole, "certificates", list);
	json_object_set_new(whole, "unreadable", unreadable);
	return whole;
}

json_t *certificates_list(const char *const *paths, size_t n, int64_t now, struct err *e)
{
	struct found f = {.items = NULL};
	json_t *whole = NULL;

	if (!n) {
		paths = usual;
		n = sizeof usual / sizeof *usual;
	}
	for (size_t i = 0; i < n; i++)
		search(&f, paths[i], 0, true);
	if (ask_all(&f, e) == 0) {
		if (f.count)
			qsort(f.items, f.count, sizeof *f.items, by_expiry);
		whole = report(&f, now);
	}
	for (size_t i = 0; i < f.count; i++) {
		free(f.items[i].path);
		free(f.items[i].subject);
		free(f.items[i].serial);
	}
	free(f.items);
	return whole;
}
