/* Where to listen: the part of mcpd_http.h that is only text. */
#include <stdlib.h>
#include <string.h>

#include "flow/mcpd_door.h"
#include "flow/mcpd_http.h"

static int read_port(const char *text, uint16_t *port)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || n > UINT16_MAX)
		return -1;
	*port = (uint16_t)n;
	return 0;
}

int mcpd_address_read(const char *text, struct mcpd_address *a, struct err *e)
{
	const char *colon = strrchr(text, ':');
	struct str host = {text, colon ? (size_t)(colon - text) : 0};
	bool bracketed = str_starts(host, "[") && str_ends(host, "]");

	if (read_port(colon ? colon + 1 : text, &a->port) || (colon && !host.n) ||
		host.n >= sizeof a->host || (!bracketed && host.n && memchr(host.p, ':', host.n)))
		return err_set(e, ERR_USAGE,
			"'%s' is no place to listen such as 8765, 127.0.0.1:8765 or [::1]:8765",
			text);
	a->loopback = !host.n || mcpd_door_is_local(host);
	if (bracketed)
		host = (struct str){host.p + 1, host.n - 2};
	if (!host.n || str_is(host, "localhost"))
		host = STR("127.0.0.1");
	snprintf(a->host, sizeof a->host, "%.*s", STR_ARG(host));
	return 0;
}
