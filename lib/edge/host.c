#include "edge/host.h"

#include <math.h>
#include <stdlib.h>
#include <sys/timex.h>

#include "base/file.h"

#define TEXT_MAX ((size_t)4 << 20)

int host_read(const char *root, const char *path, struct buf *into, struct err *e)
{
	struct buf name = BUF_INIT(8192);
	int rc = buf_putf(&name, "%s%s", root, path)
			 ? err_set(e, ERR_USAGE, "the root's name is too long")
			 : 0;

	if (rc == 0)
		rc = file_read(buf_text(&name), into, e);
	buf_clear(&name);
	return rc;
}

static json_t *rounded(double v)
{
	return json_real(round(v * 100) / 100);
}

/* "MemTotal:       16384 kB" in bytes; -1 when the line is not there. */
static json_int_t amount(struct str text, const char *name)
{
	struct str line;

	while (str_split(&text, '\n', &line))
		if (str_starts(line, name) && line.n > strlen(name) && line.p[strlen(name)] == ':')
			return strtoll(line.p + strlen(name) + 1, NULL, 10) * 1024;
	return -1;
}

json_t *host_memory(const char *root, struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	json_t *all = NULL;
	json_int_t total, available, swap, swap_free;

	if (host_read(root, "/proc/meminfo", &text, e))
		goto out;
	total = amount(buf_str(&text), "MemTotal");
	available = amount(buf_str(&text), "MemAvailable");
	swap = amount(buf_str(&text), "SwapTotal");
	swap_free = amount(buf_str(&text), "SwapFree");
	if (total <= 0 || available < 0) {
		err_set(e, ERR_UNAVAILABLE,
			"/proc/meminfo does not say how much memory is available");
		goto out;
	}
	all = json_object();
	json_object_set_new(all, "total_bytes", json_integer(total));
	json_object_set_new(all, "available_bytes", json_integer(available));
	json_object_set_new(
		all, "available_percent", rounded(100.0 * (double)available / (double)total));
	json_object_set_new(all, "swap_total_bytes", json_integer(swap > 0 ? swap : 0));
	json_object_set_new(all, "swap_free_bytes", json_integer(swap > 0 ? swap_free : 0));
	json_object_set_new(all, "swap_used_percent",
		rounded(swap > 0 ? 100.0 * (double)(swap - swap_free) / (double)swap : 0));
out:
	buf_clear(&text);
	return all;
}

static int count_cores(const char *root, struct err *e)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	struct str rest, line;
	int cores = 0;

	if (host_read(root, "/proc/stat", &text, e) == 0) {
		rest = buf_str(&text);
		while (str_split(&rest, '\n', &line))
			cores += str_starts(line, "cpu") && line.n > 3 && line.p[3] >= '0' &&
				 line.p[3] <= '9';
		if (!cores)
			err_set(e, ERR_UNAVAILABLE, "/proc/stat names no processor");
	}
	buf_clear(&text);
	return cores;
}

json_t *host_load(const char *root, struct err *e)
{
	static const char *const names[] = {"load1", "load5", "load15"};
	static const char *const each[] = {"load1_per_core", "load5_per_core", "load15_per_core"};
	struct buf text = BUF_INIT(TEXT_MAX), uptime = BUF_INIT(TEXT_MAX);
	int cores = count_cores(root, e);
	double load[3] = {0};
	json_t *all = NULL;
	char *at;

	if (!cores || host_read(root, "/proc/loadavg", &text, e) ||
		host_read(root, "/proc/uptime", &uptime, e))
		goto out;
	at = text.n ? text.p : NULL;
	for (int i = 0; i < 3 && at; i++)
		load[i] = strtod(at, &at);
	all = json_object();
	for (int i = 0; i < 3; i++)
		json_object_set_new(all, names[i], rounded(load[i]));
	json_object_set_new(all, "cores", json_integer(cores));
	for (int i = 0; i < 3; i++)
		json_object_set_new(all, each[i], rounded(load[i] / cores));
	json_object_set_new(all, "uptime_s", json_integer(strtoll(buf_text(&uptime), NULL, 10)));
out:
	buf_clear(&text);
	buf_clear(&uptime);
	return all;
}

json_t *host_clock(struct err *e)
{
	struct timex t = {.modes = 0};
	int state = adjtimex(&t);
	json_t *all;

	if (state < 0) {
		err_sys(e, ERR_UNAVAILABLE, "cannot ask the kernel about its clock");
		return NULL;
	}
	all = json_object();
	json_object_set_new(
		all, "synchronised", json_boolean(state != TIME_ERROR && !(t.status & STA_UNSYNC)));
	/* Nanoseconds where the kernel's discipline keeps them. */
	json_object_set_new(
		all, "offset_us", json_integer(t.status & STA_NANO ? t.offset / 1000 : t.offset));
	json_object_set_new(all, "error_us", json_integer(t.esterror));
	return all;
}
