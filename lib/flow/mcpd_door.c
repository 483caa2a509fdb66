#include "flow/mcpd_door.h"

#include <string.h>
#include <strings.h>

#include "edge/secret.h"

static const char *token_of(const struct mcpd_door *d, const struct policy *p)
{
	return d->token ? d->token : p->mcp.token;
}

int mcpd_door_open(const struct mcpd_door *d, const struct policy *p, struct err *e)
{
	struct buf value = BUF_INIT(SECRET_MAX);
	const char *token = token_of(d, p);
	int rc = 0;

	if (token && secret_read(token, &value, e))
		rc = -1;
	else if (token && !value.n)
		rc = err_set(e, ERR_CONFIG, "the token '%s' is empty", token);
	else if (!token && !d->loopback)
		rc = err_set(e, ERR_CONFIG,
			"an address that others reach needs a token: --token NAME, or mcp.token in "
			"policy.yaml");
	buf_clear(&value);
	return rc;
}

/* Takes as long however much of it is right. */
static bool same_secret(struct str a, struct str b)
{
	unsigned char differ = a.n != b.n;

	for (size_t i = 0; i < a.n; i++)
		differ |= (unsigned char)a.p[i] ^ (unsigned char)b.p[b.n ? i % b.n : 0];
	return b.n && !differ;
}

static int check_token(const struct mcpd_door *d, const struct policy *p,
	const struct httpd_request *r, struct err *e)
{
	const char *name = token_of(d, p), *said = httpd_header(r, "Authorization");
	struct buf value = BUF_INIT(SECRET_MAX);
	int status = 0;

	if (!name && d->loopback)
		return 0;
	if (!name || secret_read(name, &value, e)) {
		err_set(e, ERR_CONFIG, "no token is set up");
		status = 503;
	} else if (!said || strncasecmp(said, "Bearer ", 7) != 0 ||
		   !same_secret(str_trim(str_of(said + 7)), buf_str(&value))) {
		err_set(e, ERR_DENIED, "the bearer token is missing or wrong");
		status = 401;
	}
	buf_clear(&value);
	return status;
}

/* "" or ":8080": "127.0.0.1:80@evil.example" is another host. */
static bool is_port(struct str s)
{
	size_t i = 1;

	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	return !s.n || (*s.p == ':' && i == s.n);
}

bool mcpd_door_is_local(struct str host)
{
	static const char six[] = "[::1]";
	size_t n = str_starts(host, six) ? sizeof six - 1 : 0;

	while (!str_starts(host, six) && n < host.n && host.p[n] != ':')
		n++;
	if (!is_port((struct str){host.p + n, host.n - n}))
		return false;
	host.n = n;
	if (str_is(host, six))
		return true;
	if (host.n == 9 && strncasecmp(host.p, "localhost", 9) == 0)
		return true;
	/* 127.0.0.0/8, and not 127.evil.example */
	for (size_t i = 0; i < host.n; i++)
		if (!strchr("0123456789.", host.p[i]))
			return false;
	return str_starts(host, "127.");
}

static bool is_welcome(const struct policy *p, const char *origin)
{
	json_t *one;
	size_t i;

	json_array_foreach (p->mcp.origins, i, one)
		if (strcasecmp(json_string_value(one), origin) == 0)
			return true;
	return false;
}

static int check_origin(const struct mcpd_door *d, const struct policy *p,
	const struct httpd_request *r, struct err *e)
{
	const char *origin = httpd_header(r, "Origin"), *host = httpd_header(r, "Host");
	const char *name = origin ? strstr(origin, "://") : NULL;

	if (d->loopback && (!host || !mcpd_door_is_local(str_of(host)))) {
		err_set(e, ERR_DENIED, "the header Host names another host");
		return 403;
	}
	if (!origin || is_welcome(p, origin) ||
		(d->loopback && name && mcpd_door_is_local(str_of(name + 3))))
		return 0;
	err_set(e, ERR_DENIED, "the origin is not one of policy's mcp.origins");
	return 403;
}

int mcpd_door_check(const struct mcpd_door *d, const struct policy *p,
	const struct httpd_request *r, struct err *e)
{
	int status;

	if (!p)
		return 503;
	status = check_origin(d, p, r, e);
	return status ? status : check_token(d, p, r, e);
}
