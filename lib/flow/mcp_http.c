#include "flow/mcp_transport.h"
struct mcp_transport *mcp_http_new(const json_t *server, struct err *e)
{
	(void)server;
	err_set(e, ERR_UNAVAILABLE, "not yet");
	return NULL;
}
