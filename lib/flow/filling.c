#include "flow/filling.h"

#include <stdlib.h>
#include <sys/random.h>

#include "base/mem.h"
#include "base/when.h"
#include "doc/argv.h"
#include "doc/template.h"
#include "doc/url.h"
#include "edge/proc.h"
#include "edge/secret.h"
#include "edge/state.h"

#define WORD_MAX 131072 /* bytes of one argument: what Linux takes (MAX_ARG_STRLEN) */

void filling_begin(struct filling *f, json_t *args)
{
	*f = (struct filling){.args = args, .lent = json_array()};
}

void filling_clear(struct filling *f)
{
	redaction_clear(&f->secrets);
	json_decref(f->lent);
	*f = (struct filling){.args = NULL};
}

static const json_t *lend_new(struct filling *f, json_t *v)
{
	json_array_append_new(f->lent, v);
	return v;
}

static const json_t *lend(struct filling *f, struct str value, const char *name, struct err *e)
{
	json_t *v = json_stringn(value.p, value.n);

	if (!v || memchr(value.p, '\0', value.n)) {
		json_decref(v);
		err_set(e, ERR_UNAVAILABLE, "'%s' is not text", name);
		return NULL;
	}
	return lend_new(f, v);
}

/* Also as it stands in a URL or a form. */
static void hide(struct filling *f, const char *name, struct str value)
{
	struct buf coded = BUF_INIT(3 * SECRET_MAX);
	char *plain = mem_copy(value.p, value.n);

	url_put_part(&coded, value);
	redaction_add(&f->secrets, name, plain);
	if (coded.n != value.n)
		redaction_add(&f->secrets, name, buf_text(&coded));
	buf_clear(&coded);
	free(plain);
}

static const json_t *find_secret(struct filling *f, const char *name, struct err *e)
{
	struct buf value = BUF_INIT(SECRET_MAX);
	const json_t *v = NULL;

	if (secret_read(name, &value, e) == 0) {
		v = lend(f, buf_str(&value), name, e);
		hide(f, name, buf_str(&value));
	}
	buf_clear(&value);
	return v;
}

static const json_t *find_variable(struct filling *f, const char *name, struct err *e)
{
	const char *value = getenv(name);

	if (value)
		return lend(f, str_of(value), name, e);
	err_set(e, ERR_UNAVAILABLE, "the environment variable '%s' is not set", name);
	return NULL;
}

static const json_t *find_random(struct filling *f, struct err *e)
{
	unsigned char bytes[16];
	char hex[2 * sizeof bytes + 1];

	if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) {
		err_sys(e, ERR_AGAIN, "no random bytes");
		return NULL;
	}
	for (size_t i = 0; i < sizeof bytes; i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	return lend_new(f, json_string(hex));
}

const json_t *filling_look_up(void *arg, struct str name, struct err *e)
{
	struct filling *f = arg;
	char *word = mem_copy(name.p, name.n);
	const json_t *v;

	if (str_starts(name, "secret."))
		v = find_secret(f, word + strlen("secret."), e);
	else if (str_starts(name, "env."))
		v = find_variable(f, word + strlen("env."), e);
	else if (str_is(name, "time.epoch"))
		v = lend_new(f, json_integer(when_now() / WHEN_SECOND));
	else if (str_is(name, "random") && !json_object_get(f->args, "random"))
		v = find_random(f, e);
	else
		v = json_object_get(f->args, word);
	free(word);
	return v;
}

static int fill_word(struct filling *f, const char *template, struct buf *word, struct err *e)
{
	buf_reset(word);
	if (template_fill(template, filling_look_up, f, word, e))
		return -1;
	if (word->n && memchr(word->p, '\0', word->n))
		return err_set(e, ERR_DATA, "'%.100s' becomes a text with a NUL", template);
	return 0;
}

int filling_argv(struct filling *f, const json_t *run, const json_t *declared, struct words *argv,
	struct err *e)
{
	struct argv_values values = {
		.declared = declared, .args = f->args, .lookup = filling_look_up, .arg = f};

	return argv_fill(run, &values, argv, e);
}

/* "{env.NAME}" and no more, and there is no such variable: the program does without it, too. */
static bool passes_nothing(const char *template)
{
	const size_t before = strlen("{env.");
	struct str t = str_of(template);
	char *name;
	bool absent;

	if (!str_starts(t, "{env.") || memchr(t.p, '}', t.n) != t.p + t.n - 1)
		return false;
	name = mem_copy(t.p + before, t.n - before - 1);
	absent = !getenv(name);
	free(name);
	return absent;
}

int filling_env(struct filling *f, const json_t *declared, struct words *env, struct err *e)
{
	static const char *const ours[] = {"HL_NOW", "HL_PATH", "HL_DATA", "HL_REPO"};
	const char *home = getenv("HOME"), *name;
	struct buf word = BUF_INIT(WORD_MAX);
	int rc = 0;
	json_t *one;

	words_set(env, "PATH", proc_standard_path());
	words_set(env, "LC_ALL", "C.UTF-8");
	words_set(env, "HOME", home ? home : "/");
	words_set(env, "HL_STATE", state_dir());
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (getenv(ours[i]))
			words_set(env, ours[i], getenv(ours[i]));
	json_object_foreach ((json_t *)declared, name, one) {
		if (passes_nothing(json_string_value(one)))
			continue;
		rc = fill_word(f, json_string_value(one), &word, e);
		if (rc)
			break;
		words_set(env, name, buf_text(&word));
	}
	buf_clear(&word);
	return rc;
}
