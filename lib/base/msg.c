#include "base/msg.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/utf8.h"

#define MESSAGE_MAX 8192

static struct {
	const char *program;
	enum msg_level level;
	bool progress; /* a progress line stands on the terminal */
} out = {"hl", MSG_NORMAL, false};

void msg_init(const char *program, enum msg_level level)
{
	out.program = program;
	out.level = level;
}

const char *msg_program(void)
{
	return out.program;
}

static bool is_harmless(uint32_t code, bool keep_lines)
{
	if (keep_lines && (code == '\n' || code == '\t'))
		return true;
	if (code < 0x20 || (code >= 0x7f && code < 0xa0))
		return false;
	/* Marks that reorder or hide the text around them, and letters that are not seen at all. */
	return !((code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
		 (code >= 0x2060 && code <= 0x206f) || (code >= 0xfff9 && code <= 0xfffb) ||
		 (code >= 0xe0000 && code <= 0xe0fff) || code == 0x61c || code == 0x180e ||
		 code == 0xfeff);
}

void msg_safe(struct buf *into, struct str s, bool keep_lines)
{
	for (size_t i = 0; i < s.n;) {
		size_t from = i, len;
		uint32_t code = 0;

		while (i < s.n && s.p[i] >= ' ' && s.p[i] <= '~')
			i++;
		buf_put(into, s.p + from, i - from);
		if (i == s.n)
			return;
		len = utf8_at(s.p + i, s.n - i, &code);
		if (len && is_harmless(code, keep_lines)) {
			buf_put(into, s.p + i, len);
			i += len;
			continue;
		}
		for (len = len ? len : 1; len; len--, i++)
			buf_putf(into, "\\x%02x", (unsigned char)s.p[i]);
	}
}

static void put_line(const char *end, const char *fmt, va_list ap)
{
	char text[MESSAGE_MAX];
	struct buf line = BUF_INIT(MESSAGE_MAX * 5);
	struct err ignored = ERR_INIT;

	vsnprintf(text, sizeof text, fmt, ap);
	if (out.progress)
		buf_puts(&line, "\r\033[K");
	out.progress = false;
	if (text[0]) {
		buf_putf(&line, "%s: ", out.program);
		/* A line break from outside could begin a line that looks like one of ours. */
		msg_safe(&line, str_of(text), false);
		buf_puts(&line, end);
	}
	(void)file_write_all(2, buf_str(&line), "standard error", &ignored);
	buf_clear(&line);
}

void msg_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line("\n", fmt, ap);
	va_end(ap);
}

void msg_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (out.level >= MSG_NORMAL)
		put_line("\n", fmt, ap);
	va_end(ap);
}

void msg_say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (out.level >= MSG_NORMAL)
		put_line("\n", fmt, ap);
	va_end(ap);
}

void msg_why(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (out.level >= MSG_VERBOSE)
		put_line("\n", fmt, ap);
	va_end(ap);
}

void msg_progress(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (out.level >= MSG_NORMAL && isatty(2) && !isatty(1)) {
		put_line("", fmt, ap);
		out.progress = fmt[0] != '\0';
	}
	va_end(ap);
}
