/* hl-scrub: hides secrets and personal data behind placeholders, and puts them back. */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/msg.h"
#include "base/prog.h"
#include "doc/placeholders.h"
#include "edge/state.h"
#include "flow/household.h"
#include "flow/scrubbing.h"
#include "json/scan.h"

#define MAP_MAX ((size_t)256 << 20)
#define CHUNK   ((size_t)1 << 20) /* looked at together, cut where a line ends */
#define READ    ((size_t)64 << 10)

static struct {
	const char *map, *restore, *kinds;
	struct opt_list rules, names, hosts;
	bool count;
} option;

static const struct opt options[] = {
	{'m', "map", "FILE", "keep what stands for what in this file, and go on from it", OPT_TEXT,
		&option.map},
	{'r', "restore", "FILE", "put back what this map says", OPT_TEXT, &option.restore},
	{'k', "kinds", "LIST", "only these kinds, such as secret,ip (all)", OPT_TEXT,
		&option.kinds},
	{0, "names", "FILE", "names of persons, one a line", OPT_LIST, &option.names},
	{0, "hosts", "FILE", "names of hosts, one a line", OPT_LIST, &option.hosts},
	{0, "rules", "FILE", "more rules, as in hl-scrub(5)", OPT_LIST, &option.rules},
	{'c', "count", NULL, "say how many of each kind were hidden", OPT_FLAG, &option.count},
	STATE_OPTIONS,
	OPT_END,
};

static const struct prog program = {
	.name = "hl-scrub",
	.purpose = "hide secrets and personal data, and put them back",
	.synopsis = "<TEXT",
	.options = options,
	.see = "hl-scrub(1), hl-scrub(5)",
};

/* ---- what to look for ---- */

static int find_kinds(unsigned *kinds, struct err *e)
{
	struct str rest = str_of(option.kinds), one;

	*kinds = option.kinds ? 0 : SCRUB_ALL;
	while (str_split(&rest, ',', &one)) {
		char word[16];
		int kind = 0;

		snprintf(word, sizeof word, "%.*s", STR_ARG(one));
		for (char *c = word; *c; c++)
			*c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
		while (scrub_kind_names[kind] && strcmp(scrub_kind_names[kind], word) != 0)
			kind++;
		if (!scrub_kind_names[kind])
			return err_set(e, ERR_USAGE,
				"there is no kind '%.*s': secret, ip, mac, email, phone, card, "
				"iban, host, person, user",
				STR_ARG(one));
		*kinds |= 1u << kind;
	}
	return 0;
}

/* What policy and the inventory say, where there is an ops repo. */
static int load_household(struct scrub_rules *r, struct err *e)
{
	struct ops *ops;
	int rc;

	if (!state_repo_named() && !file_exists(state_repo()))
		return 0;
	ops = ops_open(e);
	rc = ops ? household_load(r, ops, e) : -1;
	ops_free(ops);
	return rc;
}

static int load_rules(struct scrub_rules *r, struct err *e)
{
	int rc = scrubbing_installed(r, e);

	if (rc == 0)
		rc = load_household(r, e);
	for (size_t i = 0; rc == 0 && i < option.rules.count; i++)
		rc = scrubbing_file(r, option.rules.items[i], e);
	for (size_t i = 0; rc == 0 && i < option.names.count; i++)
		rc = scrubbing_words(r, SCRUB_PERSON, option.names.items[i], e);
	for (size_t i = 0; rc == 0 && i < option.hosts.count; i++)
		rc = scrubbing_words(r, SCRUB_HOST, option.hosts.items[i], e);
	scrub_rules_ready(r);
	return rc;
}

/* ---- the map ---- */

static int load_map(struct placeholders *p, const char *path, struct err *e)
{
	struct source source = {.name = path, .kind = ERR_DATA};
	struct buf text = BUF_INIT(MAP_MAX);
	json_error_t why;
	json_t *tree = NULL;
	struct node root;
	int rc = file_read(path, &text, e);

	if (rc == 0) {
		tree = json_loadb(
			buf_text(&text), text.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
		root = node_root(tree, &source);
		rc = tree ? placeholders_take_json(p, &root, e)
			  : err_set(e, ERR_DATA, "%s:%d: not JSON: %s", path, why.line, why.text);
	}
	json_decref(tree);
	buf_clear(&text);
	return rc;
}

/* Nobody but its owner may read it; file_replace makes it so. */
static int save_map(const struct placeholders *p, struct err *e)
{
	struct buf text = BUF_INIT(MAP_MAX);
	json_t *map = placeholders_json(p);
	int rc;

	json_put(&text, map);
	buf_putc(&text, '\n');
	rc = text.full ? err_set(e, ERR_DATA, "the map would be larger than %zu bytes", text.max)
		       : file_replace(option.map, buf_str(&text), e);
	json_decref(map);
	buf_clear(&text);
	return rc;
}

/* ---- the work ---- */

struct job {
	struct scrub_rules rules;
	struct placeholders held;
	unsigned kinds;
};

static bool is_json(struct str line)
{
	struct scan_value v;
	struct scan_error why;

	line = str_trim(line);
	return line.n && *line.p == '{' && scan_text(line, &v, &why) == 0;
}

/* Lines that are JSON objects as such, and what stands between them as text, all of it at once. */
static void scrub_piece(struct job *j, struct str text, struct buf *out)
{
	struct str rest = text, line, plain = {text.p, 0};

	while (rest.n) {
		const char *end = memchr(rest.p, '\n', rest.n);

		line = (struct str){rest.p, end ? (size_t)(end - rest.p) + 1 : rest.n};
		rest = (struct str){rest.p + line.n, rest.n - line.n};
		if (!is_json(line)) {
			plain.n += line.n;
			continue;
		}
		placeholders_hide(&j->held, &j->rules, j->kinds, plain, out);
		placeholders_hide_json(&j->held, &j->rules, j->kinds, line, out);
		plain = (struct str){rest.p, 0};
	}
	placeholders_hide(&j->held, &j->rules, j->kinds, plain, out);
}

static void restore_piece(struct job *j, struct str text, struct buf *out)
{
	struct str rest = text;

	while (rest.n) {
		const char *end = memchr(rest.p, '\n', rest.n);
		struct str line = {rest.p, end ? (size_t)(end - rest.p) + 1 : rest.n};

		placeholders_restore(&j->held, line, is_json(line), true, out);
		rest = (struct str){rest.p + line.n, rest.n - line.n};
	}
}

/* Where a piece may end: behind the last line that is whole, and before a key that is not. */
static size_t piece_end(struct str text)
{
	size_t n = text.n, last = 0;

	while (n && text.p[n - 1] != '\n')
		n--;
	for (const char *p = text.p; (p = memchr(p, '-', (size_t)(text.p + n - p))); p++) {
		struct str here = {p, (size_t)(text.p + n - p)};

		if (str_starts(here, "-----BEGIN "))
			last = (size_t)(p - text.p) + 1;
		else if (str_starts(here, "-----END "))
			last = 0;
	}
	return last ? last - 1 : n;
}

static int put(struct job *j, struct str piece, struct err *e)
{
	struct buf out = BUF_INIT((size_t)1 << 30);
	int rc;

	if (option.restore)
		restore_piece(j, piece, &out);
	else
		scrub_piece(j, piece, &out);
	rc = out.full ? err_set(e, ERR_DATA, "what comes out is too large")
		      : file_write_all(STDOUT_FILENO, buf_str(&out), "stdout", e);
	buf_clear(&out);
	return rc;
}

/* Memory is bounded: a line, or a key, that is longer than a record is refused. */
static int all(struct job *j, struct err *e)
{
	struct buf in = BUF_INIT(BUF_RECORD + CHUNK);
	size_t enough = CHUNK;
	ssize_t n = 1;
	int rc = 0;

	while (rc == 0 && n > 0) {
		char *room = buf_room(&in, READ);
		size_t end;

		n = room ? read(STDIN_FILENO, room, READ) : -2;
		if (n < 0) {
			rc = n == -2 ? err_set(e, ERR_DATA,
					       "stdin: a line or key of more than %zu bytes",
					       BUF_RECORD)
				     : err_sys(e, ERR_UNAVAILABLE, "cannot read stdin");
			break;
		}
		in.n += (size_t)n;
		if (n > 0 && in.n < enough)
			continue;
		end = n ? piece_end(buf_str(&in)) : in.n;
		rc = put(j, (struct str){in.p, end}, e);
		memmove(in.p, in.p + end, in.n - end);
		in.n -= end;
		enough = 2 * in.n > CHUNK ? 2 * in.n : CHUNK; /* what is left is not looked at each time */
	}
	buf_clear(&in);
	return rc;
}

static void tell(const struct job *j)
{
	for (int kind = 0; scrub_kind_names[kind]; kind++)
		if (j->held.last[kind])
			msg_say("%s: %u", scrub_kind_names[kind], j->held.last[kind]);
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct job j = {.kinds = 0};

	if (prog_begin(&program, argc, argv) < argc)
		return prog_usage("takes no operands: the text comes on standard input");
	if (option.map && option.restore)
		return prog_usage("--map and --restore exclude each other");
	if (find_kinds(&j.kinds, &e) == 0 && (option.restore || load_rules(&j.rules, &e) == 0)) {
		const char *map = option.restore ? option.restore
				  : option.map && file_exists(option.map) ? option.map
									 : NULL;

		if ((!map || load_map(&j.held, map, &e) == 0) && all(&j, &e) == 0 && option.map)
			save_map(&j.held, &e);
		if (option.count && !e.kind)
			tell(&j);
	}
	placeholders_clear(&j.held);
	scrub_rules_clear(&j.rules);
	return prog_end(&e);
}
