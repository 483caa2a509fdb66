#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "edge/yaml.h"
#include "json/node.h"

/* A change of one value: the bytes from start to end become `bytes`. */
struct change {
	size_t start, end;
	struct buf bytes;
};

struct edit {
	struct str text;
	const char *name, *pointer, *scalar;
	struct places *places;
	json_t *tree, *parent;
	char *key;   /* the pointer's last step, decoded */
	bool quoted; /* the new scalar is a text in quotes */
	struct change change;
	struct err *e;
};

static int refuse(struct edit *d, const char *why)
{
	err_set(d->e, ERR_CONFIG, "cannot change '%s' in '%s': %s", d->pointer, d->name, why);
	return -1;
}

/* RFC 6901: ~1 is a slash, ~0 a tilde. */
static char *decode_step(const char *step)
{
	char *key = mem_text(step), *to = key;

	for (; *step; step++) {
		bool escape = *step == '~' && (step[1] == '0' || step[1] == '1');

		*to++ = !escape ? *step : step[1] == '1' ? '/' : '~';
		step += escape;
	}
	*to = '\0';
	return key;
}

/*
 * Takes a pointer apart: *holder is lent, what holds the value, and *key given, its last step;
 * both NULL for the pointer to the whole.
 */
static void split_pointer(const struct edit *d, struct str pointer, json_t **holder, char **key)
{
	size_t n = pointer.n;
	char *way, *step;

	*holder = NULL;
	*key = NULL;
	while (n > 0 && pointer.p[n - 1] != '/')
		n--;
	if (n == 0)
		return;
	way = mem_copy(pointer.p, n - 1);
	step = mem_copy(pointer.p + n, pointer.n - n);
	*holder = pointer_get(d->tree, way);
	*key = decode_step(step);
	free(way);
	free(step);
}

static const struct place *place_at(const struct edit *d, const json_t *holder, const char *key)
{
	if (json_is_array(holder))
		return places_find(d->places, holder, NULL, strtoul(key, NULL, 10));
	return places_find(d->places, holder, key, 0);
}

static const struct place *place_of_parent(const struct edit *d)
{
	struct str pointer = {d->pointer, (size_t)(strrchr(d->pointer, '/') - d->pointer)};
	const struct place *at;
	json_t *holder;
	char *key;

	split_pointer(d, pointer, &holder, &key);
	at = place_at(d, holder, key);
	free(key);
	return at;
}

static int find_parent(struct edit *d)
{
	split_pointer(d, str_of(d->pointer), &d->parent, &d->key);
	if (!d->key)
		return refuse(d, "the pointer names no member");
	if (!json_is_object(d->parent) && !json_is_array(d->parent))
		return refuse(d, "there is no such place");
	return 0;
}

static json_t *current_value(const struct edit *d)
{
	return json_is_array(d->parent) ? pointer_get(d->tree, d->pointer)
					: json_object_get(d->parent, d->key);
}

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/*
 * Whether a text can stand without quotes anywhere, flow style too. Narrower than YAML's own rule:
 * quotes that were not needed harm nobody.
 */
static bool is_plain(const char *s)
{
	size_t n = strlen(s);

	if (n == 0 || s[n - 1] == ' ' || s[n - 1] == ':')
		return false;
	if (!is_letter_or_digit(s[0]) && !strchr("/_.~", s[0]) &&
		!(strchr("+-", s[0]) && n > 1 && (is_letter_or_digit(s[1]) || s[1] == '.')))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!is_letter_or_digit(s[i]) && !strchr(" /_.~+-%@=^", s[i]) &&
			!(s[i] == ':' && is_letter_or_digit(s[i + 1])))
			return false;
	return true;
}

static void put_single_quoted(struct buf *into, const char *s)
{
	buf_putc(into, '\'');
	for (; *s; s++)
		buf_puts(into, *s == '\'' ? "''" : (char[]){*s, '\0'});
	buf_putc(into, '\'');
}

static void put_double_quoted(struct buf *into, const char *s)
{
	buf_putc(into, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			buf_putf(into, "\\%c", *s);
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			buf_putf(into, "\\x%02x", (unsigned char)*s);
		else
			buf_putc(into, *s);
	}
	buf_putc(into, '"');
}

static bool has_controls(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return true;
	return false;
}

/* A plain scalar that is no number of ours ("99999999999999999999") must be a text as well. */
static bool reads_plain(const char *scalar)
{
	struct err ignored = ERR_INIT;
	json_t *v = is_plain(scalar) ? yaml_load(str_of(scalar), "", NULL, &ignored) : NULL;
	bool reads = v != NULL;

	json_decref(v);
	return reads;
}

/* old: the first byte of what is replaced, which says how it was quoted. */
static void put_scalar(struct edit *d, char old)
{
	d->quoted = old == '"' || old == '\'' || !reads_plain(d->scalar);
	if (!d->quoted)
		buf_puts(&d->change.bytes, d->scalar);
	else if (old == '\'' && !has_controls(d->scalar))
		put_single_quoted(&d->change.bytes, d->scalar);
	else
		put_double_quoted(&d->change.bytes, d->scalar);
}

/* An empty value stands, for the parser, behind its colon, or before what comes next. */
static int fill_empty(struct edit *d, size_t at)
{
	while (at > 0 && d->text.p[at - 1] == ' ')
		at--;
	if (at == 0 || d->text.p[at - 1] != ':')
		return refuse(d, "it is empty; write a value there by hand first");
	d->change.start = d->change.end = at;
	buf_putc(&d->change.bytes, ' ');
	put_scalar(d, '\0');
	return 0;
}

static int replace_value(struct edit *d, const struct place *at)
{
	struct str old;

	if (json_is_object(current_value(d)) || json_is_array(current_value(d)))
		return refuse(d, "it is a collection");
	if (at->start == at->end)
		return fill_empty(d, at->start);
	old = (struct str){d->text.p + at->start, at->end - at->start};
	if (strchr("&!", old.p[0]))
		return refuse(d, "it has an anchor or a tag; change it by hand");
	if (strchr("|>", old.p[0]) || memchr(old.p, '\n', old.n) || memchr(old.p, '\r', old.n))
		return refuse(d, "it goes over several lines; change it by hand");
	d->change.start = at->start;
	d->change.end = at->end;
	put_scalar(d, old.p[0]);
	return 0;
}

/* Behind the line that holds the byte before `at`, its line end included. */
static size_t line_after(struct str text, size_t at)
{
	const char *end;

	if (at > 0 && text.p[at - 1] == '\n')
		return at;
	end = memchr(text.p + at, '\n', text.n - at);
	return end ? (size_t)(end - text.p) + 1 : text.n;
}

static int add_member(struct edit *d)
{
	const struct place *at = place_of_parent(d);
	size_t column = 0, insert;
	const char *line_end;

	if (!at || at->start >= d->text.n || d->text.p[at->start] == '{')
		return refuse(d,
			"it is absent, and the mapping is written in {flow style}; add it by hand");
	if (strchr("&!", d->text.p[at->start]) || !is_plain(d->key))
		return refuse(d, "it is absent, and cannot be added exactly; add it by hand");
	while (column < at->start && d->text.p[at->start - column - 1] != '\n')
		column++;
	insert = line_after(d->text, at->end);
	line_end = insert > 1 && d->text.p[insert - 1] == '\n' && d->text.p[insert - 2] == '\r'
			   ? "\r\n"
			   : "\n";
	d->change.start = d->change.end = insert;
	if (d->text.p[insert - 1] != '\n')
		buf_puts(&d->change.bytes, memchr(d->text.p, '\r', d->text.n) ? "\r\n" : "\n");
	buf_putf(&d->change.bytes, "%*s%s: ", (int)column, "", d->key);
	put_scalar(d, '\0');
	if (d->text.p[insert - 1] == '\n')
		buf_puts(&d->change.bytes, line_end);
	return 0;
}

static json_t *new_value(const struct edit *d)
{
	return d->quoted ? json_string(d->scalar)
			 : yaml_load(str_of(d->scalar), d->name, NULL, d->e);
}

/* Reads the result back: it has to be the old tree with this one value, or nothing was done. */
static int verify(struct edit *d, struct str result)
{
	json_t *wanted = new_value(d), *got = NULL;
	int rc = -1;

	if (!wanted)
		return refuse(d, "the new value is not UTF-8");
	if (json_is_object(d->parent))
		json_object_set(d->parent, d->key, wanted);
	else
		json_array_set(d->parent, strtoul(d->key, NULL, 10), wanted);
	got = yaml_load(result, d->name, NULL, d->e);
	if (got && json_equal(got, d->tree))
		rc = 0;
	else
		refuse(d, "the result would not read back as it should; change it by hand");
	json_decref(got);
	json_decref(wanted);
	return rc;
}

static int apply(struct edit *d, struct buf *into)
{
	struct buf result = BUF_INIT(YAML_MAX);
	int rc = -1;

	buf_put(&result, d->text.p, d->change.start);
	buf_putstr(&result, buf_str(&d->change.bytes));
	buf_put(&result, d->text.p + d->change.end, d->text.n - d->change.end);
	if (result.full || d->change.bytes.full)
		refuse(d, "the result would be too long");
	else
		rc = verify(d, buf_str(&result));
	if (rc == 0 && buf_putstr(into, buf_str(&result)))
		rc = refuse(d, "the result would be too long");
	buf_clear(&result);
	return rc;
}

static int make_change(struct edit *d)
{
	const struct place *at;

	if (find_parent(d))
		return -1;
	at = place_at(d, d->parent, d->key);
	if (current_value(d) && at)
		return replace_value(d, at);
	if (json_is_array(d->parent))
		return refuse(d, "there is no such place");
	return add_member(d);
}

int yaml_edit(struct str text, const char *name, const char *pointer, const char *scalar,
	struct buf *into, struct err *e)
{
	struct edit d = {.text = text,
		.name = name,
		.pointer = pointer,
		.scalar = scalar,
		.e = e,
		.change.bytes = BUF_INIT(YAML_MAX)};
	int rc = -1;

	d.places = places_new();
	d.tree = yaml_load(text, name, d.places, e);
	if (d.tree && make_change(&d) == 0)
		rc = apply(&d, into);
	buf_clear(&d.change.bytes);
	free(d.key);
	json_decref(d.tree);
	places_free(d.places);
	return rc;
}
