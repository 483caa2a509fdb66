#include "base/path.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define NAME_LIMIT 200

char *path_join(const char *dir, const char *name)
{
	size_t nd = strlen(dir), nn = strlen(name);
	char *path = mem_new(nd + nn + 2);

	memcpy(path, dir, nd);
	if (nd && dir[nd - 1] != '/')
		path[nd++] = '/';
	memcpy(path + nd, name, nn + 1);
	return path;
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *path_dir(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_text(".");
	return mem_copy(path, slash == path ? 1 : (size_t)(slash - path));
}

char *path_self(void)
{
	char target[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", target, sizeof target - 1);

	if (n <= 0)
		return NULL;
	target[n] = '\0';
	return path_dir(target);
}

bool path_is_name(const char *name)
{
	static const char extra[] = "._-:@";
	size_t n = strlen(name);

	if (n == 0 || n > NAME_LIMIT || name[0] == '.')
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = name[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    strchr(extra, c)))
			return false;
	}
	return true;
}
