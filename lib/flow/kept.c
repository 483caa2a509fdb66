#include "flow/kept.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/file.h"
#include "edge/state.h"

#define FILE_MAX ((size_t)1 << 32)
#define MARK     UINT64_C(0x33306e7261656c68) /* "hlearn03" where the low byte comes first */

struct head {
	uint64_t mark;
	uint64_t names_bytes, n_names, count;
	char commit[REPO_ID + 7];
};

static uint64_t mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * UINT64_C(1099511628211);
	return h ^ h >> 29;
}

/* Of whole words, in four lanes, since each step waits for the one before. */
static uint64_t sum_of(struct str s)
{
	uint64_t h[4] = {1, 2, 3, 4}, word;
	size_t i = 0;

	for (; i + 4 * sizeof word <= s.n; i += 4 * sizeof word)
		for (size_t lane = 0; lane < 4; lane++) {
			memcpy(&word, s.p + i + lane * sizeof word, sizeof word);
			h[lane] = mix(h[lane], word);
		}
	for (; i + sizeof word <= s.n; i += sizeof word) {
		memcpy(&word, s.p + i, sizeof word);
		h[0] = mix(h[0], word);
	}
	return mix(mix(mix(mix(s.n, h[0]), h[1]), h[2]), h[3]);
}

/* Whether the bytes are what kept_write wrote; then the head is filled in. */
static bool is_whole(struct str bytes, struct head *head)
{
	uint64_t sum;

	if (bytes.n < sizeof *head + sizeof sum)
		return false;
	memcpy(head, bytes.p, sizeof *head);
	memcpy(&sum, bytes.p + bytes.n - sizeof sum, sizeof sum);
	bytes.n -= sizeof sum;
	return head->mark == MARK && head->count < UINT32_MAX && head->names_bytes < FILE_MAX &&
	       head->names_bytes % sizeof sum == 0 &&
	       bytes.n == sizeof *head + head->names_bytes + head->count * sizeof(struct trial) &&
	       memchr(head->commit, '\0', REPO_ID) == head->commit + REPO_ID - 1 &&
	       sum == sum_of(bytes);
}

static bool names_in_range(const struct kept *k)
{
	for (size_t i = 0; i < k->count; i++) {
		const struct trial *t = &k->all[i];

		if ((t->runbook != TRIAL_NONE && t->runbook >= k->n_names) ||
			(t->solution != TRIAL_NONE && t->solution >= k->n_names) ||
			(t->steps != TRIAL_NONE && t->steps >= k->n_names))
			return false;
	}
	return true;
}

static void point_into(struct kept *k, const struct head *head, size_t room)
{
	char *at = (char *)k->map + sizeof *head;

	memcpy(k->commit, head->commit, REPO_ID);
	k->names = (struct str){at, head->names_bytes};
	k->n_names = head->n_names;
	k->all = (struct trial *)(void *)(at + head->names_bytes);
	k->count = head->count;
	k->cap = k->count + room;
}

/* The file, and behind it memory of our own: adding to the trials runs over from one into the
 * other. */
static void map(struct kept *k, int fd, size_t size, size_t room)
{
	size_t all = size + room * sizeof(struct trial);
	char *at = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return;
	k->map = at;
	k->size = all;
	if (mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED)
		kept_close(k);
}

void kept_open(struct kept *k, size_t room)
{
	char *path = state_path("cache/decisions");
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct head head;
	struct stat st;

	*k = (struct kept)KEPT_INIT;
	free(path);
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && st.st_size > 0 && (uint64_t)st.st_size < FILE_MAX)
		map(k, fd, (size_t)st.st_size, room);
	close(fd);
	if (!k->map)
		return;
	if (is_whole((struct str){k->map, (size_t)st.st_size}, &head))
		point_into(k, &head, room);
	if (!k->all || !names_in_range(k))
		kept_close(k);
}

void kept_close(struct kept *k)
{
	if (k->map)
		munmap(k->map, k->size);
	*k = (struct kept)KEPT_INIT;
}

void kept_write(const char *commit, char *const *names, size_t n_names, const struct trial *all,
	size_t count)
{
	struct head head = {.mark = MARK, .n_names = n_names, .count = count};
	struct buf out = BUF_INIT(FILE_MAX - 1);
	struct err ignored = ERR_INIT;
	char *path;
	uint64_t sum;

	memcpy(head.commit, commit, REPO_ID);
	buf_put(&out, &head, sizeof head);
	for (size_t i = 0; i < n_names; i++)
		buf_put(&out, names[i], strlen(names[i]) + 1);
	while (out.n % sizeof sum)
		buf_putc(&out, '\0');
	head.names_bytes = out.n - sizeof head;
	memcpy(out.p, &head, sizeof head);
	buf_put(&out, all, count * sizeof *all);
	sum = sum_of(buf_str(&out));
	buf_put(&out, &sum, sizeof sum);
	path = out.full ? NULL : state_make("cache", &ignored);
	free(path);
	if (path) {
		path = state_path("cache/decisions");
		file_replace(path, buf_str(&out), &ignored);
		free(path);
	}
	buf_clear(&out);
}
