#include "base/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Days since 1970-01-01 of a proleptic Gregorian date; years count from March so that leap days
 * come last. */
static int64_t days_of(int64_t y, int m, int d)
{
	int64_t era, year_of_era, day_of_year;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	year_of_era = y - era * 400;
	day_of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

static void date_of(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

static int days_in(int y, int m)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0))
		return 29;
	return days[m - 1];
}

static int64_t clock_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t when_now(void)
{
	const char *fixed = getenv("HL_NOW");
	int64_t at;

	if (fixed && when_parse(str_of(fixed), &at) == 0)
		return at;
	return clock_ms(CLOCK_REALTIME);
}

int64_t when_tick(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

/* Takes exactly `count` digits off the front. */
static int digits(struct str *s, int count, int *value)
{
	*value = 0;
	if (s->n < (size_t)count)
		return -1;
	for (int i = 0; i < count; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return -1;
		*value = *value * 10 + (s->p[i] - '0');
	}
	s->p += count;
	s->n -= (size_t)count;
	return 0;
}

/* One character; a letter in either case. */
static int literal(struct str *s, char c)
{
	if (!s->n || (s->p[0] != c && !(c >= 'A' && s->p[0] == c + ('a' - 'A'))))
		return -1;
	s->p++;
	s->n--;
	return 0;
}

static int fraction(struct str *s, int *ms)
{
	int scale = 100, count = 0;

	*ms = 0;
	if (!s->n || s->p[0] != '.')
		return 0;
	s->p++;
	s->n--;
	for (; s->n && s->p[0] >= '0' && s->p[0] <= '9'; s->p++, s->n--, count++) {
		*ms += (s->p[0] - '0') * scale;
		scale /= 10;
	}
	return count >= 1 && count <= 9 ? 0 : -1;
}

static int offset(struct str *s, int64_t *ms)
{
	int hours, minutes, sign;

	*ms = 0;
	if (literal(s, 'Z') == 0)
		return 0;
	if (!s->n || (s->p[0] != '+' && s->p[0] != '-'))
		return -1;
	sign = s->p[0] == '-' ? -1 : 1;
	s->p++;
	s->n--;
	if (digits(s, 2, &hours) || literal(s, ':') || digits(s, 2, &minutes) || hours > 23 ||
		minutes > 59)
		return -1;
	*ms = sign * ((int64_t)hours * WHEN_HOUR + (int64_t)minutes * WHEN_MINUTE);
	return 0;
}

int when_parse(struct str s, int64_t *at)
{
	int year, month, day, hour, minute, second, ms;
	int64_t shift;

	if (digits(&s, 4, &year) || literal(&s, '-') || digits(&s, 2, &month) || literal(&s, '-') ||
		digits(&s, 2, &day) || literal(&s, 'T') || digits(&s, 2, &hour) ||
		literal(&s, ':') || digits(&s, 2, &minute) || literal(&s, ':') ||
		digits(&s, 2, &second) || fraction(&s, &ms) || offset(&s, &shift) || s.n)
		return -1;
	if (month < 1 || month > 12 || day < 1 || day > days_in(year, month) || hour > 23 ||
		minute > 59 || second > 60)
		return -1;
	if (year == 1 && month == 1 && day == 1) {
		*at = WHEN_NEVER;
		return 0;
	}
	*at = (days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) * 1000 + ms -
	      shift;
	return 0;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* `width` digits of n and what follows them; printf is slow for what every record has several of.
 */
static char *put_digits(char *to, int n, int width, char after)
{
	for (int i = width - 1; i >= 0; i--, n /= 10)
		to[i] = (char)('0' + n % 10);
	to[width] = after;
	return to + width + 1;
}

char *when_format(int64_t at, char text[WHEN_TEXT])
{
	int ms = (int)(at % WHEN_DAY + (at % WHEN_DAY < 0 ? WHEN_DAY : 0));
	int year, month, day;
	char *p = text;

	if (at == WHEN_NEVER) {
		snprintf(text, WHEN_TEXT, "0001-01-01T00:00:00Z");
		return text;
	}
	when_date(at, &year, &month, &day);
	if (year < 0 || year > 9999)
		year = year < 0 ? 0 : 9999;
	p = put_digits(p, year, 4, '-');
	p = put_digits(p, month, 2, '-');
	p = put_digits(p, day, 2, 'T');
	p = put_digits(p, ms / WHEN_HOUR, 2, ':');
	p = put_digits(p, ms / WHEN_MINUTE % 60, 2, ':');
	p = put_digits(p, ms / WHEN_SECOND % 60, 2, ms % 1000 ? '.' : 'Z');
	if (ms % 1000)
		p = put_digits(p, ms % 1000, 3, 'Z');
	*p = '\0';
	return text;
}

void when_date(int64_t at, int *year, int *month, int *day)
{
	date_of(floor_div(at, WHEN_DAY), year, month, day);
}

static const struct {
	const char *name;
	int64_t ms;
} units[] = {{"w", 7 * (int64_t)WHEN_DAY}, {"d", WHEN_DAY}, {"h", WHEN_HOUR}, {"m", WHEN_MINUTE},
	{"s", WHEN_SECOND}, {"ms", 1}};

static int64_t unit_of(struct str name)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (str_is(name, units[i].name))
			return units[i].ms;
	return 0;
}

int span_parse(struct str s, int64_t *ms)
{
	const int64_t limit = (int64_t)36525 * WHEN_DAY; /* a century */
	int64_t total = 0;

	if (!s.n)
		return -1;
	while (s.n) {
		int64_t value = 0, unit;
		struct str name = s;
		size_t i = 0;

		for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
			if ((value = value * 10 + (s.p[i] - '0')) > limit)
				return -1;
		if (i == 0)
			return -1;
		name.p += i;
		for (name.n = 0;
			i + name.n < s.n && s.p[i + name.n] >= 'a' && s.p[i + name.n] <= 'z';)
			name.n++;
		unit = unit_of(name);
		if (!unit || value > limit / unit || (total += value * unit) > limit)
			return -1;
		s.p += i + name.n;
		s.n -= i + name.n;
	}
	*ms = total;
	return 0;
}

char *span_format(int64_t ms, char text[48])
{
	size_t n = 0;

	text[0] = '\0';
	if (ms <= 0) {
		snprintf(text, 48, "0s");
		return text;
	}
	/* Weeks are left out: "14d" reads better than "2w". */
	for (size_t i = 1; i < sizeof units / sizeof *units; i++) {
		if (ms >= units[i].ms) {
			n += (size_t)snprintf(text + n, 48 - n, "%lld%s",
				(long long)(ms / units[i].ms), units[i].name);
			ms %= units[i].ms;
		}
	}
	return text;
}
