#include "doc/retry.h"

#define TRIES    5
#define FIRST_MS 500
#define MOST_MS  30000

static bool is_passing(int status)
{
	static const int passing[] = {408, 425, 429, 500, 502, 503, 504, 529};

	for (unsigned i = 0; i < sizeof passing / sizeof *passing; i++)
		if (status == passing[i])
			return true;
	return false;
}

/* What changes something is asked again only where it surely was not done. */
static bool is_worth_it(const struct retry_try *t)
{
	switch (t->end) {
	case RETRY_UNREACHED:
		return true;
	case RETRY_LOST:
		return t->repeatable;
	case RETRY_ANSWERED:
		if (t->repeatable)
			return is_passing(t->status);
		return t->status == 429 || (t->status == 503 && t->after_ms >= 0);
	case RETRY_FINAL:
		break;
	}
	return false;
}

/* From half of the step to the whole. */
static int64_t back_off(const struct retry_try *t)
{
	int64_t step = FIRST_MS;

	for (int i = 1; i < t->tries && step < MOST_MS; i++)
		step *= 2;
	step = step < MOST_MS ? step : MOST_MS;
	return step / 2 + t->random % (uint32_t)(step / 2 + 1);
}

int64_t retry_pause(const struct retry_try *t)
{
	int64_t pause;

	if (t->tries >= TRIES || !is_worth_it(t))
		return RETRY_NEVER;
	pause = t->end == RETRY_ANSWERED && t->after_ms >= 0 ? t->after_ms : back_off(t);
	return pause < t->left_ms ? pause : RETRY_NEVER;
}
