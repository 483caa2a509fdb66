/* hl-gather: senses, and prints observations and signals. */
#include <fcntl.h>

#include "base/prog.h"
#include "edge/state.h"
#include "flow/gatherer.h"
#include "flow/ground.h"
#include "flow/payloads.h"

static struct {
	const char *goal, *from;
} option = {.goal = "health-check"};

static const struct opt options[] = {
	{'g', "goal", "NAME", "what to look at (health-check)", OPT_TEXT, &option.goal},
	{'f', "from", "FILE",
		"take alerts of Alertmanager or Grafana from FILE ('-': standard input)", OPT_TEXT,
		&option.from},
	STATE_OPTIONS,
	OPT_END,
};

static const struct prog program = {
	.name = "hl-gather",
	.purpose = "sense, and print observations and signals",
	.synopsis = "",
	.options = options,
	.see = "hl-gather(1), hl-goal(5), hl-signal(5), hl-observation(5)",
};

static int look(struct stream *out, struct err *e)
{
	struct ground ground = GROUND_INIT;
	struct gatherer g = {.out = out};
	struct goal *goal = NULL;
	int rc = -1;

	if (ground_load(&ground, e))
		goto out;
	goal = goal_load(ground.ops, option.goal, e);
	if (!goal)
		goto out;
	g.goal = goal;
	g.catalogue = ground.catalogue;
	g.policy = ground.policy;
	rc = gatherer_look(&g, e);
out:
	goal_free(goal);
	ground_clear(&ground);
	return rc;
}

static int take(struct stream *out, struct err *e)
{
	bool standard = strcmp(option.from, "-") == 0;
	int fd = standard ? 0 : open(option.from, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return err_sys(e, ERR_UNAVAILABLE, "cannot open '%s'", option.from);
	rc = payloads_read(fd, standard ? "stdin" : option.from, out, e);
	if (!standard)
		close(fd);
	return rc;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);
	struct stream out;

	if (first < argc)
		return prog_usage("unexpected '%s'", argv[first]);
	stream_open(&out, -1, "stdout", 1, NULL, 0, NULL, NULL);
	if (option.from)
		take(&out, &e);
	else
		look(&out, &e);
	stream_close(&out, &e);
	return prog_end(&e);
}
