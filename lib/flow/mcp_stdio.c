/* An MCP server that is a child process: one message a line. */
#include "base/mem.h"
#include "base/words.h"
#include "doc/contain.h"
#include "edge/dialogue.h"
#include "edge/proc.h"
#include "flow/mcp_transport.h"
#include "json/node.h"

struct stdio {
	struct mcp_transport t;
	struct words argv, env;
	char *cwd;
	json_t *contain; /* as declared; may be NULL */
	int stop;
	struct dialogue *dialogue;
};

static struct stdio *of(struct mcp_transport *t)
{
	return (struct stdio *)t; /* its first member */
}

static int say(struct stdio *s, const json_t *message, int64_t until, struct err *e)
{
	struct buf line = BUF_INIT(MCP_MESSAGE_MOST);
	int rc;

	json_put(&line, message);
	if (line.full)
		rc = err_set(e, ERR_DATA, "the arguments are too large for a message");
	else
		rc = dialogue_say(s->dialogue, buf_str(&line), until, e);
	buf_clear(&line);
	return rc;
}

static int ask(struct mcp_transport *t, const json_t *request, int64_t until, mcp_take_fn *take,
	void *arg, struct err *e)
{
	struct stdio *s = of(t);
	struct str line;
	int rc = say(s, request, until, e);

	while (rc == 0) {
		int heard = dialogue_hear(s->dialogue, until, &line, e);

		if (heard <= 0)
			return heard;
		rc = take(arg, line, e);
	}
	return rc;
}

static int tell(struct mcp_transport *t, const json_t *message, int64_t until, struct err *e)
{
	return say(of(t), message, until, e);
}

static int again(struct mcp_transport *t, bool old, int64_t until, struct err *e)
{
	struct stdio *s = of(t);
	struct contain contain = contain_read(s->contain);
	struct dialogue_spec spec = {.argv = (const char *const *)s->argv.items,
		.env = (const char *const *)s->env.items,
		.cwd = s->cwd,
		.contain = &contain,
		.line_max = MCP_MESSAGE_MOST,
		.stop = s->stop};

	(void)old;
	(void)until;
	dialogue_free(s->dialogue);
	s->dialogue = dialogue_start(&spec, e);
	return s->dialogue ? 0 : -1;
}

static void stdio_free(struct mcp_transport *t)
{
	struct stdio *s = of(t);

	dialogue_free(s->dialogue);
	words_clear(&s->argv);
	words_clear(&s->env);
	json_decref(s->contain);
	free(s->cwd);
	free(s);
}

/* Nothing of ours but where programs are: what a server can read it may give away. */
static void set_env(struct stdio *s, const json_t *env)
{
	const char *home = getenv("HOME"), *name;
	json_t *v;

	words_set(&s->env, "PATH", proc_standard_path());
	words_set(&s->env, "LC_ALL", "C.UTF-8");
	words_set(&s->env, "HOME", home ? home : "/");
	json_object_foreach ((json_t *)env, name, v)
		words_set(&s->env, name, json_string_value(v));
}

struct mcp_transport *mcp_stdio_new(const json_t *server, int stop, struct err *e)
{
	static const struct mcp_ways ways = {ask, tell, again, stdio_free};
	struct stdio *s = mem_new(sizeof *s);
	size_t i;
	json_t *word;

	s->t.ways = &ways;
	s->stop = stop;
	s->cwd = mem_text(json_string_value(json_object_get(server, "cwd")));
	s->contain = json_incref(json_object_get(server, "contain"));
	json_array_foreach (json_object_get(server, "run"), i, word)
		words_add(&s->argv, json_string_value(word));
	set_env(s, json_object_get(server, "env"));
	if (again(&s->t, false, 0, e) == 0)
		return &s->t;
	stdio_free(&s->t);
	return NULL;
}
