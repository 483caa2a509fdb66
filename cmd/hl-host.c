/* hl-host: looks at this machine and prints what it sees as one JSON object. */
#include "base/msg.h"
#include "base/prog.h"
#include "base/when.h"
#include "edge/certificates.h"
#include "edge/host.h"
#include "edge/logins.h"
#include "edge/mounts.h"
#include "edge/processes.h"
#include "json/node.h"

#define OUTPUT_MAX ((size_t)64 << 20)

static struct {
	const char *root, *name;
	bool remote;
	long top, port;
	int64_t since;
	struct opt_list paths;
} option = {.root = "", .top = 10, .since = WHEN_DAY};

static const struct opt options[] = {
	{0, "remote", NULL, "disks: those over the network too", OPT_FLAG, &option.remote},
	{0, "top", "N", "processes: how many of the largest (10)", OPT_COUNT, &option.top},
	{0, "name", "NAME", "processes: only those called so", OPT_TEXT, &option.name},
	{0, "port", "PORT", "ports: only that one", OPT_COUNT, &option.port},
	{0, "path", "PATH", "certificates: look here, not at the usual places", OPT_LIST,
		&option.paths},
	{0, "since", "SPAN", "logins: so far back (1d)", OPT_SPAN, &option.since},
	{0, "root", "DIR", "read DIR/proc and so on", OPT_TEXT, &option.root},
	OPT_END,
};

static const struct prog program = {
	.name = "hl-host",
	.purpose = "look at this machine",
	.synopsis =
		"certificates | clock | disks | load | logins\nmemory | mounts | ports | processes",
	.options = options,
	.verbs = "certificates clock disks load logins memory mounts ports processes",
	.see = "hl-host(1), hl-tool(1)",
};

static json_t *look_disks(struct err *e)
{
	return mounts_usage(option.root, option.remote, e);
}

static json_t *look_mounts(struct err *e)
{
	return mounts_list(option.root, e);
}

static json_t *look_memory(struct err *e)
{
	return host_memory(option.root, e);
}

static json_t *look_load(struct err *e)
{
	return host_load(option.root, e);
}

static json_t *look_processes(struct err *e)
{
	return processes_list(option.root, option.name, (size_t)option.top, e);
}

static json_t *look_ports(struct err *e)
{
	return processes_ports(option.root, option.port, e);
}

static json_t *look_certificates(struct err *e)
{
	return certificates_list(option.paths.items, option.paths.count, when_now(), e);
}

static json_t *look_logins(struct err *e)
{
	return logins_failed(option.root, when_now() - option.since, e);
}

static const struct verb {
	const char *name;
	json_t *(*look)(struct err *e);
} verbs[] = {
	{"certificates", look_certificates},
	{"clock", host_clock},
	{"disks", look_disks},
	{"load", look_load},
	{"logins", look_logins},
	{"memory", look_memory},
	{"mounts", look_mounts},
	{"ports", look_ports},
	{"processes", look_processes},
};

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int first = prog_begin(&program, argc, argv);
	const struct verb *verb = argc - first == 1 ? find_verb(argv[first]) : NULL;
	struct buf line = BUF_INIT(OUTPUT_MAX);
	json_t *seen;

	if (argc - first != 1)
		return prog_usage("what to look at is one of %s", program.verbs);
	if (!verb)
		return prog_usage("'%s' is not one of %s", argv[first], program.verbs);
	seen = verb->look(&e);
	if (seen) {
		json_put(&line, seen);
		puts(buf_text(&line));
	}
	json_decref(seen);
	buf_clear(&line);
	return prog_end(&e);
}
