#include "flow/trigger_cache.h"

#include <dirent.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/path.h"
#include "json/scan.h"

#define FORMAT "1"

void trigger_line_clear(struct trigger_line *line)
{
	free(line->path);
	free(line->id);
	free(line->fault);
	matchers_clear(&line->match);
	*line = (struct trigger_line){.path = NULL};
}

static void put_text(struct buf *into, const char *key, const char *text)
{
	buf_putf(into, ",\"%s\":", key);
	scan_quote(into, str_of(text));
}

static void put_matchers(struct buf *into, const struct matchers *m)
{
	buf_puts(into, ",\"match\":[");
	for (size_t i = 0; i < m->count; i++) {
		buf_puts(into, i ? ",[" : "[");
		scan_quote(into, str_of(m->items[i].name));
		buf_putf(into, ",%d,", (int)m->items[i].op);
		scan_quote(into, str_of(m->items[i].value));
		buf_putc(into, ']');
	}
	buf_putc(into, ']');
}

void trigger_line_put(struct buf *into, const struct trigger_line *line)
{
	buf_puts(into, "{\"v\":\"" FORMAT "\"");
	put_text(into, "path", line->path);
	if (line->fault)
		put_text(into, "fault", line->fault);
	if (line->id) {
		put_text(into, "id", line->id);
		put_matchers(into, &line->match);
	}
	buf_puts(into, "}\n");
}

static char *take_text(struct scan_value object, const char *key)
{
	struct buf text = BUF_INIT(BUF_RECORD);

	if (scan_string(scan_member(object, key), &text)) {
		buf_clear(&text);
		return NULL;
	}
	return buf_take(&text);
}

static void read_matcher(struct scan_value triple, struct matchers *m)
{
	struct scan_iter parts = scan_open(triple);
	struct scan_value none, part[3] = {{.type = SCAN_NONE}};
	struct buf name = BUF_INIT(BUF_RECORD), value = BUF_INIT(BUF_RECORD);
	int64_t op;

	for (int i = 0; i < 3 && scan_next(&parts, &none, &part[i]); i++)
		;
	if (scan_string(part[0], &name) == 0 && scan_string(part[2], &value) == 0 &&
		scan_integer(part[1], &op) == 0 && op >= MATCHER_EQUAL && op <= MATCHER_NOT_REGEX)
		matchers_add_checked(m, buf_text(&name), (enum matcher_op)op, buf_text(&value));
	buf_clear(&name);
	buf_clear(&value);
}

static int read_line(struct str text, struct trigger_line *line)
{
	struct scan_error fault;
	struct scan_value object, none, triple;

	if (scan_text(text, &object, &fault) || !scan_is(scan_member(object, "v"), STR(FORMAT)))
		return -1;
	line->path = take_text(object, "path");
	line->id = take_text(object, "id");
	line->fault = take_text(object, "fault");
	for (struct scan_iter it = scan_open(scan_member(object, "match"));
		scan_next(&it, &none, &triple);)
		read_matcher(triple, &line->match);
	return line->path && (line->id || line->fault) ? 0 : -1;
}

/* Whole before any line is handed out: half a cache must not leave half the runbooks behind. */
int trigger_cache_read(const char *path, trigger_line_fn *each, void *arg)
{
	struct buf text = BUF_INIT(TRIGGER_CACHE_MAX);
	struct err none = ERR_INIT;
	struct str rest, one;
	int rc = -1;

	if (file_read(path, &text, &none) || !str_ends(buf_str(&text), "}\nend\n"))
		goto out;
	rest = buf_str(&text);
	rest.n -= strlen("end\n");
	for (rc = 0; rc == 0 && str_split(&rest, '\n', &one);) {
		struct trigger_line line = {.path = NULL};

		rc = read_line(one, &line);
		if (rc == 0)
			each(arg, &line);
		trigger_line_clear(&line);
	}
out:
	buf_clear(&text);
	return rc;
}

static void remove_old(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d && (entry = readdir(d))) {
		char *old = path_join(dir, entry->d_name);

		if (str_starts(str_of(entry->d_name), TRIGGER_CACHE_PREFIX))
			unlink(old);
		free(old);
	}
	if (d)
		closedir(d);
}

void trigger_cache_write(const char *dir, const char *path, struct buf *text)
{
	struct err e = ERR_INIT;

	remove_old(dir);
	buf_puts(text, "end\n");
	if (!text->full && file_replace(path, buf_str(text), &e))
		msg_why("%s", e.text);
}
