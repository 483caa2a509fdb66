#include "flow/judgement.h"

#include <math.h>

#include "base/mem.h"
#include "base/sha.h"
#include "base/when.h"
#include "edge/yaml.h"

#define FILE_MAX    ((size_t)1 << 20)
#define MESSAGE_MAX ((size_t)1 << 20)
#define NAMED_MAX   20 /* decisions that the message names one by one */

void judgement_clear(struct judgement *v)
{
	free(v->runbook);
	free(v->path);
	free(v->evidence);
	free(v->file);
	free(v->message);
	standing_clear(&v->standing);
	*v = (struct judgement){.runbook = NULL};
}

/* The worst that any step of any solution can do. */
static int find_nature(
	struct standing_terms *t, struct ops *o, const struct runbook *r, struct err *e)
{
	const struct catalogue *c = ops_catalogue(o, e);
	json_t *step;
	size_t at;

	if (!c)
		return -1;
	for (size_t i = 0; i < r->count; i++)
		json_array_foreach (r->solutions[i].steps, at, step) {
			const char *name = json_string_value(json_object_get(step, "tool"));
			const struct tool *tool = catalogue_find(c, name);

			if (!tool) {
				t->lacks_tool = name;
				continue;
			}
			t->effect = tool->effect > t->effect ? tool->effect : t->effect;
			t->blast = tool->blast > t->blast ? tool->blast : t->blast;
		}
	return 0;
}

static int find_terms(struct standing_terms *t, struct ops *o, const struct learner *l,
	const struct runbook *r, int64_t now_s, struct err *e)
{
	const struct policy *policy = ops_policy(o, e);

	if (!policy)
		return -1;
	*t = (struct standing_terms){.level = r->level,
		.steps = learner_name(l, r->steps_digest),
		.min_approvals = r->criteria.min_approvals,
		.min_success_rate = r->criteria.min_success_rate,
		.max_blast = r->criteria.blast,
		.recurs_s = r->recurs_ms / WHEN_SECOND,
		.window_s = r->window_ms / WHEN_SECOND,
		.now_s = now_s,
		.undo_optional = policy->undo_optional};
	return find_nature(t, o, r, e);
}

/* The two trailers about the evidence, and, where they are few, the paths for the body. */
static void find_evidence(struct judgement *v, const struct trials *trials,
	const struct standing_terms *terms, struct buf *named)
{
	struct buf paths = BUF_INIT((size_t)1 << 30), out = BUF_INIT(1024);
	const struct standing *s = &v->standing;
	char hex[SHA_HEX];
	size_t n = 0;

	for (size_t i = 0; i < trials->count; i++)
		if (standing_counts(s, trials, terms, i)) {
			trial_path(&trials->all[trials->mine[i]], &paths);
			buf_putc(&paths, '\n');
			n++;
		}
	/* Rounded down: what is claimed must be true. */
	buf_putf(&out, "Evidence: n=%lld k=%lld bound=%.4f\n", (long long)s->n, (long long)s->k,
		floor(s->bound * 10000) / 10000);
	buf_putf(&out, "Decisions: %zu sha256=%s\n", n, sha_hex(buf_str(&paths), hex));
	if (n <= NAMED_MAX) {
		struct str rest = buf_str(&paths), line;

		while (str_split(&rest, '\n', &line))
			buf_putf(named, "    %.*s\n", STR_ARG(line));
	}
	v->evidence = buf_take(&out);
	buf_clear(&paths);
}

/* One scalar, in place. Counts that cannot be written are left; the level has to be. */
static int edit(
	char **text, const char *path, const char *pointer, const char *scalar, struct err *e)
{
	struct buf out = BUF_INIT(FILE_MAX);

	if (yaml_edit(str_of(*text), path, pointer, scalar, &out, e)) {
		buf_clear(&out);
		return -1;
	}
	free(*text);
	*text = buf_take(&out);
	return 0;
}

static void edit_count(struct judgement *v, size_t solution, const char *key, const char *scalar)
{
	struct err ignored = ERR_INIT;
	char pointer[80];

	snprintf(pointer, sizeof pointer, "/solutions/%zu/%s", solution, key);
	edit(&v->file, v->path, pointer, scalar, &ignored);
}

/* "0.95", "1.0". */
static void format_rate(double rate, char text[16])
{
	size_t n = (size_t)snprintf(text, 16, "%.2f", rate);

	if (text[n - 1] == '0')
		text[n - 1] = '\0';
}

static int make_file(struct judgement *v, struct ops *o, const struct runbook *r,
	const struct standing_solution *solutions, struct err *e)
{
	struct buf text = BUF_INIT(FILE_MAX);
	char scalar[32];
	int rc = repo_read(ops_repo(o), ops_commit(o), r->path, &text, e);

	if (rc <= 0) {
		buf_clear(&text);
		return rc < 0 ? -1 : err_set(e, ERR_CONFIG, "runbook '%s' is gone", r->path);
	}
	v->file = buf_take(&text);
	if (edit(&v->file, v->path, "/automation_level", level_names[v->standing.to], e))
		return -1;
	for (size_t i = 0; i < r->count; i++) {
		if (solutions[i].selected > r->solutions[i].human_selected) {
			snprintf(scalar, sizeof scalar, "%lld", (long long)solutions[i].selected);
			edit_count(v, i, "human_selected", scalar);
		}
		if (solutions[i].n) {
			format_rate((double)solutions[i].k / (double)solutions[i].n, scalar);
			edit_count(v, i, "success_rate", scalar);
		}
	}
	return 0;
}

static void put_up(struct buf *to, const struct judgement *v)
{
	const struct standing *s = &v->standing;

	buf_putf(to,
		"%lld of %lld fixes were verified and lasted. A success rate of %.3f is certain\n"
		"(exact one-sided 95 %% bound); %s asks for %.2f. People approved it %lld times,\n"
		"and chose what was recommended %lld of %lld times.\n",
		(long long)s->k, (long long)s->n, floor(s->bound * 1000) / 1000, level_names[s->to],
		s->needed, (long long)s->approvals, (long long)s->agreed, (long long)s->chosen);
}

static void put_down(struct buf *to, const struct judgement *v, const struct trials *trials)
{
	const json_t *why = json_array_get(v->standing.why, 0);

	buf_putf(to, "Reason: %s", json_string_value(why));
	if (v->standing.blame != TRIAL_NONE) {
		buf_puts(to, ":\n    ");
		trial_path(&trials->all[v->standing.blame], to);
	}
	buf_puts(
		to, "\n\nWhat was shown before counts no more: from here it needs new evidence.\n");
}

static void make_message(struct judgement *v, const struct trials *trials, const struct buf *named)
{
	enum level to = v->standing.to;
	bool up = to > v->from;
	struct buf text = BUF_INIT(MESSAGE_MAX);

	buf_putf(&text, "%s: %s from %s to %s\n\n", v->runbook, up ? "promote" : "demote",
		level_names[v->from], level_names[to]);
	if (up)
		put_up(&text, v);
	else
		put_down(&text, v, trials);
	if (up && named->n)
		buf_putf(&text, "\nDecisions that count:\n%s", buf_text(named));
	buf_putf(&text, "\nRunbook: %s\n%s-from: %s\n%s-to: %s\n%s", v->runbook,
		up ? "Promoted" : "Demoted", level_names[v->from], up ? "Promoted" : "Demoted",
		level_names[to], v->evidence);
	v->message = buf_take(&text);
}

static int judge(struct judgement *v, struct ops *o, struct learner *l, const struct runbook *r,
	int64_t now_s, struct err *e)
{
	struct standing_solution *solutions = mem_array(r->count, sizeof *solutions);
	struct trials trials = learner_trials(
		l, learner_name(l, r->id), now_s - r->window_ms / WHEN_SECOND);
	struct buf named = BUF_INIT(MESSAGE_MAX);
	struct standing_terms terms;
	int rc;

	for (size_t i = 0; i < r->count; i++)
		solutions[i].name = learner_name(l, r->solutions[i].id);
	rc = find_terms(&terms, o, l, r, now_s, e);
	if (rc == 0) {
		standing_judge(&v->standing, &trials, &terms, solutions, r->count);
		v->blast = terms.blast;
		find_evidence(v, &trials, &terms, &named);
	}
	if (rc == 0 && v->standing.to != v->from) {
		make_message(v, &trials, &named);
		rc = make_file(v, o, r, solutions, e);
	}
	buf_clear(&named);
	free(solutions);
	return rc;
}

int judgement_make(struct judgement *v, struct ops *o, struct learner *l, const char *runbook,
	int64_t now_s, struct err *e)
{
	const struct runbook *r = ops_runbook(o, runbook, e);

	*v = (struct judgement){.runbook = NULL};
	if (!r)
		return e->kind == ERR_NONE ? 0 : -1;
	v->runbook = mem_text(r->id);
	v->path = mem_text(r->path);
	v->from = r->level;
	return judge(v, o, l, r, now_s, e) ? -1 : 1;
}

json_t *judgement_json(const struct judgement *v)
{
	const struct standing *s = &v->standing;
	json_t *o = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:f, s:f, s:I, s:I, s:I, s:I, s:I, s:O}",
		"kind", "promotion", "runbook", v->runbook, "path", v->path, "from",
		level_names[v->from], "to", level_names[s->to], "n", (json_int_t)s->n, "k",
		(json_int_t)s->k, "bound", s->bound, "needed", s->needed, "approvals",
		(json_int_t)s->approvals, "agreed", (json_int_t)s->agreed, "chosen",
		(json_int_t)s->chosen, "failures", (json_int_t)(s->failed + s->recurred), "pending",
		(json_int_t)s->pending, "why", s->why);

	if (v->commit[0])
		json_object_set_new(o, "commit", json_string(v->commit));
	return o;
}
