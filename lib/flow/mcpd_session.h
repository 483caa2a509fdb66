/*
 * mcpd_session: sessions of the legacy era over HTTP, each with an id that nobody can guess. They
 * are bounded: the one that was silent for longest goes when there are too many.
 */
#ifndef HL_FLOW_MCPD_SESSION_H
#define HL_FLOW_MCPD_SESSION_H

#include "flow/mcpd_server.h"

#define MCPD_SESSIONS 256

struct mcpd_session;
struct mcpd_sessions;
struct mcpd_sessions *mcpd_sessions_new(void);
void mcpd_sessions_free(struct mcpd_sessions *all); /* accepts NULL */

/*
 * Each gives a session to hold on to. begin, NULL: the kernel has no random numbers, and no other
 * id is safe. find, NULL: there is none.
 */
struct mcpd_session *mcpd_session_begin(struct mcpd_sessions *all);
struct mcpd_session *mcpd_session_find(struct mcpd_sessions *all, const char *id);
void mcpd_session_drop(struct mcpd_session *s); /* let go of it; accepts NULL */

/* It is not found any more; who holds it may go on. */
void mcpd_session_end(struct mcpd_sessions *all, struct mcpd_session *s);

const char *mcpd_session_id(const struct mcpd_session *s);
struct mcpd_peer *mcpd_session_peer(struct mcpd_session *s);

#endif
