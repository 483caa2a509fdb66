#include "edge/mounts.h"

#include <stdlib.h>
#include <sys/statvfs.h>

#include "base/buf.h"
#include "base/mem.h"
#include "edge/host.h"

#define TABLE_MAX ((size_t)16 << 20)

struct mount {
	char *point, *type, *device, *options;
	bool covered; /* something else is mounted over it */
};

struct mounts {
	struct mount *items;
	size_t count, cap;
};

/* In memory, made up by the kernel, or an image that is always full. */
static const char *const pseudo[] = {"autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2",
	"configfs", "debugfs", "devpts", "devtmpfs", "efivarfs", "erofs", "fuse.gvfsd-fuse",
	"fuse.lxcfs", "fuse.portal", "fusectl", "hugetlbfs", "iso9660", "mqueue", "nsfs", "proc",
	"pstore", "ramfs", "rpc_pipefs", "securityfs", "selinuxfs", "squashfs", "sysfs", "tmpfs",
	"tracefs", "udf", NULL};

static const char *const network[] = {"9p", "afs", "ceph", "cifs", "fuse.ceph", "fuse.glusterfs",
	"fuse.rclone", "fuse.s3fs", "fuse.sshfs", "glusterfs", "nfs", "nfs4", "smb3", "smbfs",
	NULL};

static bool is_among(const char *type, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(type, *list) == 0)
			return true;
	return false;
}

static bool is_octal(const char *p)
{
	return p[0] >= '0' && p[0] <= '3' && p[1] >= '0' && p[1] <= '7' && p[2] >= '0' &&
	       p[2] <= '7';
}

/* Blanks and the like are written as \040. */
static char *decoded(struct str field)
{
	char *text = mem_copy(field.p, field.n), *to = text;

	for (const char *p = text; *p;)
		if (*p == '\\' && is_octal(p + 1)) {
			*to++ = (char)((p[1] - '0') * 64 + (p[2] - '0') * 8 + (p[3] - '0'));
			p += 4;
		} else {
			*to++ = *p++;
		}
	*to = '\0';
	return text;
}

/* "36 35 98:0 /root /point options [optional ...] - type device super-options" */
static void add_line(struct mounts *m, struct str line)
{
	struct str field, point = STR_NONE, options = STR_NONE, type = STR_NONE, device = STR_NONE;
	bool behind = false;

	for (int i = 0; str_split(&line, ' ', &field); i++) {
		if (i == 4)
			point = field;
		if (i == 5)
			options = field;
		if (behind && type.p && !device.p)
			device = field;
		if (behind && !type.p)
			type = field;
		behind = behind || (i > 5 && str_is(field, "-"));
	}
	if (!device.p)
		return;
	m->items = mem_room(m->items, m->count, &m->cap, sizeof *m->items);
	m->items[m->count++] = (struct mount){.point = decoded(point),
		.type = decoded(type),
		.device = decoded(device),
		.options = decoded(options)};
	for (size_t i = 0; i + 1 < m->count; i++)
		if (strcmp(m->items[i].point, m->items[m->count - 1].point) == 0)
			m->items[i].covered = true;
}

static void mounts_clear(struct mounts *m)
{
	for (size_t i = 0; i < m->count; i++) {
		free(m->items[i].point);
		free(m->items[i].type);
		free(m->items[i].device);
		free(m->items[i].options);
	}
	free(m->items);
}

static int mounts_load(struct mounts *m, const char *root, struct err *e)
{
	struct buf text = BUF_INIT(TABLE_MAX);
	struct str rest, line;
	int rc = host_read(root, "/proc/self/mountinfo", &text, e);

	rest = buf_str(&text);
	while (rc == 0 && str_split(&rest, '\n', &line))
		add_line(m, line);
	buf_clear(&text);
	return rc;
}

static void set_text(json_t *object, const char *key, const char *value)
{
	json_t *text = json_string(value);

	json_object_set_new(object, key, text ? text : json_string("?"));
}

static bool has_option(const char *options, const char *name)
{
	struct str rest = str_of(options), one;

	while (str_split(&rest, ',', &one))
		if (str_is(one, name))
			return true;
	return false;
}

static json_t *describe(const struct mount *m)
{
	json_t *one = json_object();

	set_text(one, "mountpoint", m->point);
	set_text(one, "device", m->device);
	set_text(one, "type", m->type);
	return one;
}

static bool is_mounted(const struct mounts *m, const char *point)
{
	for (size_t i = 0; i < m->count; i++)
		if (strcmp(m->items[i].point, point) == 0)
			return true;
	return false;
}

/* "device point type options ..." */
static void check_fstab_line(const struct mounts *m, struct str line, json_t *missing)
{
	struct str fields[4] = {STR_NONE, STR_NONE, STR_NONE, STR_NONE}, field;
	char *point, *options;
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] == '#')
			line.n = i;
	while (n < 4 && line.n) {
		size_t len = 0;

		line = str_trim(line);
		while (len < line.n && line.p[len] != ' ' && line.p[len] != '\t')
			len++;
		field = (struct str){line.p, len};
		fields[n++] = field;
		line = (struct str){line.p + len, line.n - len};
	}
	if (n < 3 || fields[1].p[0] != '/' || str_is(fields[2], "swap"))
		return;
	point = decoded(fields[1]);
	options = decoded(fields[3]);
	/* An automount's point holds an autofs mount until somebody goes there. */
	if (!has_option(options, "noauto") && !has_option(options, "x-systemd.automount") &&
		!is_mounted(m, point))
		json_array_append_new(missing, json_string(point));
	free(point);
	free(options);
}

static json_t *find_missing(const struct mounts *m, const char *root)
{
	struct buf text = BUF_INIT(TABLE_MAX);
	struct err ignored = ERR_INIT; /* no fstab: nothing is expected */
	json_t *missing = json_array();
	struct str rest, line;

	if (host_read(root, "/etc/fstab", &text, &ignored) == 0) {
		rest = buf_str(&text);
		while (str_split(&rest, '\n', &line))
			check_fstab_line(m, line, missing);
	}
	buf_clear(&text);
	return missing;
}

json_t *mounts_list(const char *root, struct err *e)
{
	struct mounts m = {.items = NULL};
	json_t *all = NULL, *list;

	if (mounts_load(&m, root, e))
		goto out;
	all = json_object();
	list = json_array();
	for (size_t i = 0; i < m.count; i++) {
		json_t *one;

		if (is_among(m.items[i].type, pseudo))
			continue;
		one = describe(&m.items[i]);
		set_text(one, "options", m.items[i].options);
		json_object_set_new(
			one, "read_only", json_boolean(has_option(m.items[i].options, "ro")));
		json_array_append_new(list, one);
	}
	json_object_set_new(all, "mounts", list);
	json_object_set_new(all, "missing", find_missing(&m, root));
out:
	mounts_clear(&m);
	return all;
}

static json_int_t bytes(fsblkcnt_t blocks, unsigned long size)
{
	return (json_int_t)((unsigned long long)blocks * size);
}

/* Of what users may have, rounded up. */
static json_int_t percent(unsigned long long used, unsigned long long available)
{
	unsigned long long all = used + available;

	return all ? (json_int_t)(used / all * 100 + (used % all * 100 + all - 1) / all) : 0;
}

static void add_usage(json_t *list, const struct mount *m, const struct statvfs *s)
{
	json_t *one = describe(m);

	json_object_set_new(one, "size_bytes", json_integer(bytes(s->f_blocks, s->f_frsize)));
	json_object_set_new(
		one, "used_bytes", json_integer(bytes(s->f_blocks - s->f_bfree, s->f_frsize)));
	json_object_set_new(one, "available_bytes", json_integer(bytes(s->f_bavail, s->f_frsize)));
	json_object_set_new(
		one, "used_percent", json_integer(percent(s->f_blocks - s->f_bfree, s->f_bavail)));
	if (s->f_files) {
		json_object_set_new(one, "inodes", json_integer((json_int_t)s->f_files));
		json_object_set_new(one, "inodes_used_percent",
			json_integer(percent(s->f_files - s->f_ffree, s->f_favail)));
	}
	json_object_set_new(one, "read_only", json_boolean(has_option(m->options, "ro")));
	json_array_append_new(list, one);
}

/* Bind mounts and subvolumes: a device is shown once, where it was mounted first. */
static bool seen_before(const struct mounts *m, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!m->items[k].covered && strcmp(m->items[k].device, m->items[i].device) == 0 &&
			strcmp(m->items[k].type, m->items[i].type) == 0)
			return true;
	return false;
}

static bool can_fill(const struct mounts *m, size_t i, bool remote)
{
	const struct mount *one = &m->items[i];

	if (one->covered || is_among(one->type, pseudo) ||
		(!remote && is_among(one->type, network)))
		return false;
	/* Containers' layers stand on a disk that is shown; a root that is a layer is all there is.
	 */
	if (strcmp(one->type, "overlay") == 0)
		return strcmp(one->point, "/") == 0;
	return !seen_before(m, i);
}

json_t *mounts_usage(const char *root, bool remote, struct err *e)
{
	struct mounts m = {.items = NULL};
	json_t *all = NULL, *list;

	if (mounts_load(&m, root, e))
		goto out;
	list = json_array();
	for (size_t i = 0; i < m.count; i++) {
		struct buf point = BUF_INIT(65536);
		struct statvfs s;

		buf_putf(&point, "%s%s", root, m.items[i].point);
		if (can_fill(&m, i, remote) && statvfs(buf_text(&point), &s) == 0 && s.f_blocks)
			add_usage(list, &m.items[i], &s);
		buf_clear(&point);
	}
	all = json_object();
	json_object_set_new(all, "filesystems", list);
out:
	mounts_clear(&m);
	return all;
}
