#include "flow/mcpd_session.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/mem.h"
#include "base/when.h"

enum { ID_BYTES = 16 };

struct mcpd_session {
	char id[2 * ID_BYTES + 1];
	struct mcpd_peer peer;
	int64_t used; /* when_tick */
	size_t held;  /* by the list, and by whoever answers a request of it */
};

struct mcpd_sessions {
	struct mcpd_session *all[MCPD_SESSIONS];
	size_t count;
};

struct mcpd_sessions *mcpd_sessions_new(void)
{
	return mem_new(sizeof(struct mcpd_sessions));
}

void mcpd_sessions_free(struct mcpd_sessions *all)
{
	if (!all)
		return;
	while (all->count)
		mcpd_session_end(all, all->all[0]);
	free(all);
}

void mcpd_session_drop(struct mcpd_session *s)
{
	if (s && --s->held == 0)
		free(s);
}

void mcpd_session_end(struct mcpd_sessions *all, struct mcpd_session *s)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->all[i] == s) {
			all->all[i] = all->all[--all->count];
			mcpd_session_drop(s);
			return;
		}
}

static void end_silent(struct mcpd_sessions *all)
{
	struct mcpd_session *silent = all->all[0];

	for (size_t i = 1; i < all->count; i++)
		if (all->all[i]->used < silent->used)
			silent = all->all[i];
	mcpd_session_end(all, silent);
}

static int make_id(char *id)
{
	unsigned char bytes[ID_BYTES];

	if (getrandom(bytes, sizeof bytes, 0) != ID_BYTES)
		return -1;
	for (size_t i = 0; i < ID_BYTES; i++)
		snprintf(id + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}

struct mcpd_session *mcpd_session_begin(struct mcpd_sessions *all)
{
	struct mcpd_session *s = mem_new(sizeof *s);

	if (make_id(s->id)) {
		free(s);
		return NULL;
	}
	if (all->count == MCPD_SESSIONS)
		end_silent(all);
	s->used = when_tick();
	s->held = 2;
	all->all[all->count++] = s;
	return s;
}

struct mcpd_session *mcpd_session_find(struct mcpd_sessions *all, const char *id)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->all[i]->id, id) == 0) {
			all->all[i]->used = when_tick();
			all->all[i]->held++;
			return all->all[i];
		}
	return NULL;
}

const char *mcpd_session_id(const struct mcpd_session *s)
{
	return s->id;
}

struct mcpd_peer *mcpd_session_peer(struct mcpd_session *s)
{
	return &s->peer;
}
