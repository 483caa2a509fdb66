#include "flow/looking.h"

#include "doc/generator.h"

int looking_at(struct looking *l, const struct signal *s, bool firing, int64_t now,
	struct finding *f, struct err *e)
{
	struct err ignored = ERR_INIT;
	enum severity severity;

	labels_scan(l->labels, s->member[SIGNAL_LABELS], &ignored);
	severity = signal_severity(s, l->labels);
	f->severity = severity > f->severity ? severity : f->severity;
	if (!firing)
		return 0;
	l->url.max = l->expr.max = LOOKING_MAX;
	buf_reset(&l->url);
	buf_reset(&l->expr);
	/* Alertmanager escapes the ampersands of a URL, so it is no plain string. */
	if (rules_need_expr(l->rules) && scan_string(s->member[SIGNAL_URL], &l->url) == 0)
		generator_expr(buf_str(&l->url), &l->expr);
	return finding_add(f, l->rules, l->labels, buf_str(&l->expr), now, e);
}

void looking_clear(struct looking *l)
{
	buf_clear(&l->url);
	buf_clear(&l->expr);
}
