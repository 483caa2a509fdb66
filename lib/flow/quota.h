/*
 * quota: what each model has been used for, and whether it may be asked again; in hl.db, so that
 * limits hold over programs that live for one question, and many at once.
 *
 *	struct quota *q = quota_open(e);
 *	if (quota_begin(q, m, now, expect, &v, e) > 0) {          // counted before anything is sent
 *		... ask ...
 *		quota_end(q, m, now, expect, used, answered, e);  // the same `now`
 *	}
 *	while (quota_alert(q, m, now, text, e) > 0) msg_warn("%s", text);
 *
 * A day is one of UTC, a week begins on its Monday (ISO 8601). A call counts for the day on which it
 * began. What a call is expected to use counts until its end is told: of many programs that ask at
 * once no one gets past a limit, and one that is killed has used what it expected.
 *
 * A model that failed rests: half a minute, then twice as long each time, up to an hour; a day
 * without a failure, or an answer, and that is forgotten. Several models of one name (litellm.h)
 * are counted as one, and rest each for itself.
 */
#ifndef HL_FLOW_QUOTA_H
#define HL_FLOW_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "doc/model.h"

struct quota;

struct quota *quota_open(struct err *e); /* NULL on error */
void quota_close(struct quota *q);       /* accepts NULL */

struct quota_use {
	int64_t calls, tokens, money; /* money as in model.h; 0 where it is not known */
};

enum quota_word { QUOTA_OK, QUOTA_SPENT, QUOTA_RESTING };

struct quota_verdict {
	enum quota_word word;
	int64_t until; /* of QUOTA_SPENT and QUOTA_RESTING: when it may be asked again */
	char why[256]; /* for a person: "20 of 20 calls of the day are used" */
};

/* Whether it could be asked now; counts nothing. expect.calls is of no account: it is one call. */
int quota_may(struct quota *q, const struct model *m, int64_t now, struct quota_use expect,
	struct quota_verdict *v, struct err *e);

/* The same, and if so it is counted, in one transaction: 1 counted, 0 not (v says why), -1 error. */
int quota_begin(struct quota *q, const struct model *m, int64_t now, struct quota_use expect,
	struct quota_verdict *v, struct err *e);

/*
 * What it really used, in the place of what was expected; the call stays counted. `answered`: the
 * model is well, and its failures are forgotten.
 */
int quota_end(struct quota *q, const struct model *m, int64_t began, struct quota_use expect,
	struct quota_use used, bool answered, struct err *e);

/*
 * It failed: it rests, until `until` at least (0: nobody said how long). A failure of a model that
 * rests already, told by another program, makes the rest longer only when `until` says so.
 */
int quota_rest(struct quota *q, const struct model *m, int64_t now, int64_t until, const char *why,
	struct err *e);

/*
 * 1 when a limit's alert_at is passed and nobody was told: what to tell, once a day and a week. 0,
 * -1.
 */
int quota_alert(struct quota *q, const struct model *m, int64_t now, char text[256], struct err *e);

struct quota_standing {
	struct quota_use used[MODEL_PERIODS];
	int64_t ends[MODEL_PERIODS]; /* when the day and the week are over */
	struct quota_verdict verdict;
	bool alerts;      /* alert_at of a limit is passed */
	int64_t failures; /* in a row, the last one's rest over or not */
};

int quota_look(struct quota *q, const struct model *m, int64_t now, struct quota_standing *s,
	struct err *e);

#endif
