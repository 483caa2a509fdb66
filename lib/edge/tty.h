/*
 * tty: a person at a terminal, by readline on /dev/tty, so that it works in the middle of a
 * pipeline whose stdin and stdout are records.
 */
#ifndef HL_EDGE_TTY_H
#define HL_EDGE_TTY_H

#include <stdbool.h>

#include "base/err.h"

/* Whether there is a terminal to ask at. Opens it on the first call. */
bool tty_there(void);

/* Shows text on the terminal as it is (made safe by the caller). */
void tty_show(const char *text);
bool tty_has_colour(void); /* a terminal that is not "dumb", and $NO_COLOR unset or empty */

/*
 * Asks for one line, with editing and the history kept in `history` (a file; NULL: none). words
 * (NULL-terminated) are offered by Tab. Returns the line trimmed, given; NULL at end of file or ^C.
 */
char *tty_ask(const char *prompt, const char *history, const char *const *words);
void tty_close(void);

#endif
