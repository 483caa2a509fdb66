/* What a server says of its tools, and how far it is believed. */
#include "json/node.h"
#include "wire/mcp.h"

static int check_pin(const json_t *tool, const char *pin, struct err *e)
{
	char now[SHA_HEX];

	if (!pin || strcmp(mcp_pin(tool, now), pin) == 0)
		return 0;
	return err_set(e, ERR_DENIED,
		"the server's tool '%.100s' is not what was reviewed (its pin is %s now): "
		"look at it again with 'hl-tool import'",
		json_string_value(json_object_get(tool, "name")), now);
}

int mcp_check_trust(const json_t *tool, const char *effect, const char *pin, struct err *e)
{
	const char *says = NULL;

	if (check_pin(tool, pin, e))
		return -1;
	if (!effect || strcmp(effect, "read") != 0)
		return 0;
	if (mcp_hint(tool, "readOnlyHint") == 0)
		says = "changes things (readOnlyHint: false)";
	else if (mcp_hint(tool, "destructiveHint") == 1)
		says = "can destroy (destructiveHint: true)";
	if (!says)
		return 0;
	return err_set(e, ERR_DENIED,
		"declared with effect read, but the server says that '%.100s' %s: declare it as "
		"%s, with a blast_radius",
		json_string_value(json_object_get(tool, "name")), says,
		mcp_hint(tool, "destructiveHint") == 0 ? "change" : "destroy");
}

/* --- x-mcp-header --- */

/* A token of RFC 9110, section 5.6.2. */
static bool is_token(const char *s)
{
	const char *p = s;

	for (; *p; p++) {
		bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');

		if (!letter && !(*p >= '0' && *p <= '9') && !strchr("!#$%&'*+-.^_`|~", *p))
			return false;
	}
	return p > s;
}

static bool is_plain_type(const json_t *schema)
{
	const char *type = json_string_value(json_object_get(schema, "type"));

	return type && (strcmp(type, "string") == 0 || strcmp(type, "integer") == 0 ||
			       strcmp(type, "boolean") == 0);
}

/* One parameter's; `seen` holds the names before it, in lower case. */
static bool header_fits(const json_t *schema, json_t *seen)
{
	const json_t *name = json_object_get(schema, "x-mcp-header");
	char lower[128];
	size_t n = json_string_length(name);

	if (!name)
		return true;
	if (!json_is_string(name) || !is_token(json_string_value(name)) || n >= sizeof lower ||
		!is_plain_type(schema))
		return false;
	for (size_t i = 0; i <= n; i++) {
		char c = json_string_value(name)[i];

		lower[i] = (char)(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
	}
	if (json_object_get(seen, lower))
		return false;
	json_object_set_new(seen, lower, json_true());
	return true;
}

bool mcp_headers_fit(const json_t *tool)
{
	json_t *properties = json_object_get(json_object_get(tool, "inputSchema"), "properties");
	json_t *seen = json_object(), *one;
	const char *key;
	bool fit = true;

	json_object_foreach (properties, key, one)
		fit = fit && header_fits(one, seen);
	json_decref(seen);
	return fit;
}

static void put_base64(struct buf *into, struct str s)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < s.n; i += 3) {
		unsigned left = s.n - i > 2 ? 3 : (unsigned)(s.n - i), bits = 0;

		for (unsigned k = 0; k < 3; k++)
			bits = bits << 8 | (k < left ? (unsigned char)s.p[i + k] : 0);
		for (unsigned k = 0; k < 4; k++)
			buf_putc(into, k <= left ? digits[bits >> (18 - 6 * k) & 63] : '=');
	}
}

static bool is_header_safe(struct str s)
{
	if (!s.n)
		return true;
	if (s.p[0] == ' ' || s.p[s.n - 1] == ' ')
		return false;
	if (str_starts(s, "=?base64?") && str_ends(s, "?="))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] >= 0x7f)
			return false;
	return true;
}

void mcp_header_value(struct str value, struct buf *into)
{
	if (is_header_safe(value)) {
		buf_putstr(into, value);
		return;
	}
	buf_puts(into, "=?base64?");
	put_base64(into, value);
	buf_puts(into, "?=");
}
