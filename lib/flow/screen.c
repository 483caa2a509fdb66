#include "flow/screen.h"

#include "base/msg.h"
#include "edge/tty.h"

void screen_show(screen_notice_fn *what, const json_t *v, int64_t now)
{
	struct buf text = BUF_INIT((size_t)4 << 20);
	struct notice n = {.into = &text, .now = now, .colour = tty_has_colour()};

	what(&n, v);
	tty_show(buf_text(&text));
	buf_clear(&text);
}

void screen_error(const struct err *why)
{
	struct buf text = BUF_INIT(8192);

	buf_puts(&text, "  ");
	msg_safe(&text, str_of(why->text), false);
	buf_putc(&text, '\n');
	tty_show(buf_text(&text));
	buf_clear(&text);
}
