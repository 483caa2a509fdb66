/*
 * asking: whom to ask where and when: the key `ask` of policy, hl-channels(5).
 *
 *	ask:
 *	  to:
 *	    - {severity: [critical], channels: [phone, house]}
 *	    - {hours: '08:00-22:00', channels: [house]}
 *	    - {channels: [push]}
 *	  fallback: [mail]
 *	  quiet: {hours: '22:00-07:00', but: critical}
 *	  digest: {severity: info, at: ['08:00', '18:00']}
 *	  rate: {messages: 20, each: 1h}
 *	  remind: {after: 2h, times: 3}
 *	  escalate: [{after: 30m, channels: [bob]}]
 *	  two_persons: destroy
 *
 * The first of `to` that fits is taken. Hours are those of the machine's time zone, and may go over
 * midnight.
 */
#ifndef HL_DOC_ASKING_H
#define HL_DOC_ASKING_H

#include "doc/channels.h"
#include "doc/ladder.h"

#define ASKING_TIMES 24 /* of a digest, in a day */

/* Minutes of the day; the same twice: always. */
struct asking_hours {
	int from, to;
};

struct asking_route {
	unsigned severities; /* a bit each; 0: all */
	struct asking_hours hours;
	const json_t *channels;
};

struct asking_level {
	int64_t after_ms;
	const json_t *channels;
};

struct asking {
	struct asking_route *to;
	struct asking_level *escalate; /* in the order of time */
	size_t n_to, n_escalate;
	const json_t *fallback; /* names of channels, may be NULL */
	struct {
		bool set;
		struct asking_hours hours;
		enum severity but; /* so bad, or worse, is asked all the same */
	} quiet;
	struct {
		int severity; /* so bad, or less: told together; -1: none is */
		int at[ASKING_TIMES]; /* minutes of the day */
		size_t n_at;
	} digest;
	int64_t rate_messages, rate_each_ms; /* of one channel: 20 in 1h; then one tells of the rest */
	int64_t remind_ms, remind_times;     /* 2h, 3 times */
	bool two_to_destroy;
};

/* The node may be absent. To be cleared, also on error. -1: ERR_CONFIG with the place. */
int asking_load(
	struct asking *a, const struct channels *channels, const struct node *n, struct err *e);
void asking_clear(struct asking *a);

/* The channels for it, at this minute of the day; NULL: all there are. Lent. */
const json_t *asking_channels(const struct asking *a, enum severity s, int minute);

bool asking_is_in(const struct asking_hours *h, int minute);

/* Whether it has to wait until the quiet hours are over. */
bool asking_is_quiet(const struct asking *a, enum severity s, int minute);

/* Whether it is told with others, at the next of the digest's times. */
bool asking_is_collected(const struct asking *a, enum severity s);

/* How many minutes from this one until the quiet hours end, and until the next digest; 0..1440. */
int asking_quiet_left(const struct asking *a, int minute);
int asking_digest_left(const struct asking *a, int minute);

#endif
